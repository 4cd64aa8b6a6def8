/** What was added, read and failed, and what was corrected. */
import { linkTo } from "../address";
import { useData } from "../api";
import { undo } from "../corrections";
import { Name } from "../parts/actor";
import { Add } from "../parts/add";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import type { Correction, DocumentInfo, Page } from "../records";
import { workspace } from "../workspace";
import { dateWords, figure, title } from "../words";

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
          <Table stack caption="Documents" rows={rows} rowKey={(row) => row.id}
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
