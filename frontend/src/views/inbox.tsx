/** What was added, read and failed, and the ways to add more. */
import { useSignal } from "@preact/signals";
import { linkTo } from "../address";
import { generation, inWords, post, useData } from "../api";
import { undo } from "../corrections";
import { progress } from "../live";
import { Name } from "../parts/actor";
import { say } from "../parts/notice";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import type { Correction, DocumentInfo, Page } from "../records";
import { workspace } from "../workspace";
import { dateWords, figure, title } from "../words";

const LARGEST = 20 * 1024 * 1024;

export function Inbox() {
  const status = workspace.value;
  if (!status) return <p class="quiet" role="status">Reading the workspace…</p>;
  const { counts } = status;
  return (
    <>
      <h1 class="unseen">Inbox</h1>
      <dl class="counts">
        <Count words="documents" value={counts.documents} href={linkTo("reader")} />
        <Count words="events" value={counts.events} href={linkTo("events")} />
        <Count words="claims" value={counts.claims} href={linkTo("disputed")} />
        <Count words="failed" value={counts.failed} href="#/inbox" />
      </dl>
      {!status.read_only && <Add />}
      <div class="columns">
        <section>
          <h2>Documents</h2>
          <Latest />
        </section>
        <section>
          <h2>Most named</h2>
          {status.top_actors.length === 0 ? <p class="quiet">No actor yet.</p> : (
            <Table caption="Most named actors" rows={status.top_actors} rowKey={(row) => row.id}
              columns={[{ head: "Actor", cell: (row) => <Name id={row.id} name={row.name} /> }, { head: "Events", number: true, cell: (row) => figure(row.events) }]} />
          )}
          <h2>What failed</h2>
          {status.failures.length === 0 ? <p class="quiet">Nothing failed.</p> : (
            <ul class="plain-list failures">
              {status.failures.map((one, index) => <li key={index}><code>{one.source}</code> {one.message ?? one.error}</li>)}
            </ul>
          )}
          <Corrections />
        </section>
      </div>
    </>
  );
}

function Count({ words, value, href }: { words: string; value: number; href: string }) {
  return <div><dt>{words}</dt><dd><a href={href} aria-label={`${figure(value)} ${words}`}>{figure(value)}</a></dd></div>;
}

function Latest() {
  const loaded = useData<Page<DocumentInfo>>(() => ({ path: "documents", query: { limit: 25 } }));
  return (
    <Answer of={loaded.value}>
      {({ rows, total }) => rows.length === 0 ? (
        <Empty>The workspace is empty. Drop a text, an HTML page or a PDF on the field above, or paste one.</Empty>
      ) : (
        <>
          <Table caption="Documents" rows={rows} rowKey={(row) => row.id}
            columns={[
              { head: "Published", cell: (row) => <span class="date">{dateWords(row.published)}</span> },
              { head: "Title", wide: true, cell: (row) => <a href={linkTo("reader", row.id)}>{title(row)}</a> },
              { head: "Publisher", cell: (row) => row.publisher ?? "–" },
            ]} />
          {total > rows.length && <p><a href={linkTo("reader")}>All {figure(total)} documents</a></p>}
        </>
      )}
    </Answer>
  );
}

function Add() {
  const way = useSignal<"path" | "text">("text");
  const over = useSignal(false);
  const now = progress.value;
  const send = async (body: unknown) => {
    try {
      await post("add", body);
      say("Added; it is being read.");
      return true;
    } catch (error) {
      say(inWords(error), { bad: true });
      return false;
    }
  };
  const drop = async (files: FileList) => {
    for (const file of files) {
      if (file.size > LARGEST) say(`${file.name} is larger than 20 MB; add it by its path.`, { bad: true });
      else await send({ name: file.name, base64: await base64(file) });
    }
    generation.value += 1;
  };
  return (
    <section class={over.value ? "add over" : "add"} aria-label="Add"
      onDragOver={(event) => { event.preventDefault(); over.value = true; }}
      onDragLeave={() => { over.value = false; }}
      onDrop={(event) => { event.preventDefault(); over.value = false; if (event.dataTransfer) void drop(event.dataTransfer.files); }}>
      <div class="row">
        <h2>Add</h2>
        <button type="button" aria-pressed={way.value === "text"} onClick={() => { way.value = "text"; }}>Paste a text</button>
        <button type="button" aria-pressed={way.value === "path"} onClick={() => { way.value = "path"; }}>Path or address</button>
        <label class="button file">Choose files<input type="file" multiple onChange={(event) => { if (event.currentTarget.files) void drop(event.currentTarget.files); }} /></label>
        <span class="quiet">or drop files here</span>
      </div>
      <form onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const read = (name: string) => (form.elements.namedItem(name) as HTMLInputElement | null)?.value.trim() ?? "";
        void send(bodyOf(way.value, read)).then((done) => { if (done) form.reset(); });
      }}>
        {way.value === "text" ? (
          <>
            <label class="field"><span>Title (may be empty)</span><input type="text" name="title" /></label>
            <label class="field"><span>Text</span><textarea name="text" rows={4} required /></label>
          </>
        ) : (
          <label class="field"><span>Files, folders or https addresses, one a line</span><textarea name="paths" rows={3} required spellcheck={false} /></label>
        )}
        <p class="row end"><button type="submit" class="strong">Read it</button></p>
      </form>
      {now && (
        <p class="progress" role="status">
          <progress max={Math.max(1, now.total)} value={now.done} aria-label="Progress of reading" />
          {now.finished ? "Read" : "Reading"} {figure(now.done)} of {figure(now.total)}{now.failed > 0 && <strong>; {figure(now.failed)} failed</strong>}
        </p>
      )}
    </section>
  );
}

function bodyOf(way: "path" | "text", read: (name: string) => string): unknown {
  if (way === "text") return { text: read("text"), title: read("title") || null };
  const lines = read("paths").split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.every((line) => /^https?:\/\//.test(line)) ? { urls: lines } : { paths: lines };
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(file);
  });
}

function Corrections() {
  const loaded = useData<Page<Correction>>(() => ({ path: "corrections", query: { limit: 200 } }));
  const rows = loaded.value.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <>
      <h2>Corrections</h2>
      <ul class="plain-list">
        {[...rows].sort((a, b) => b.id - a.id).slice(0, 12).map((one) => (
          <li key={one.id} class={one.active === false ? "withdrawn" : ""}>
            {one.kind} <code>{one.subject}</code> {one.field && `${one.field} = `}{one.value ?? ""}{" "}
            <span class="quiet">{one.user}</span>{" "}
            {one.active !== false && one.kind !== "undo" && <button type="button" class="link" onClick={() => void undo(one.id)} aria-label={`Undo correction ${one.id}`}>undo</button>}
          </li>
        ))}
      </ul>
    </>
  );
}
