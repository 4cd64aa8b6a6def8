/** Ways to add sources: paste, drop or choose them, or name them. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { inWords, post } from "../api";
import { type Given, base64, given, isAddress } from "../given";
import { progress } from "../live";
import { figure } from "../words";
import { say } from "./notice";

const LARGEST = 20 * 1024 * 1024; // bytes of a file
const TOGETHER = 8 * 1024 * 1024; // bytes of the files that are sent in one request

export function Add() {
  const way = useSignal<"path" | "text">("text");
  const over = useSignal(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const take = async (what: Given) => {
    if (what.files.length > 0) await sendFiles(what.files);
    else if (what.urls.length > 0) await send({ urls: what.urls });
    else if (what.text && text.current) {
      text.current.value = what.text;
      text.current.focus();
    }
  };
  // The whole view takes what is dropped or pasted; else the browser would leave the page for the dropped file.
  useEffect(() => {
    const dragged = (event: DragEvent) => { event.preventDefault(); over.value = true; };
    const left = (event: DragEvent) => { if (!event.relatedTarget) over.value = false; };
    const dropped = (event: DragEvent) => {
      event.preventDefault();
      over.value = false;
      if (!event.dataTransfer) return;
      way.value = "text";
      void given(event.dataTransfer).then(take);
    };
    const pasted = (event: ClipboardEvent) => {
      if (!event.clipboardData || event.clipboardData.files.length === 0 && isField(event.target)) return;
      event.preventDefault();
      way.value = "text";
      void given(event.clipboardData).then(take);
    };
    addEventListener("dragover", dragged);
    addEventListener("dragleave", left);
    addEventListener("drop", dropped);
    addEventListener("paste", pasted);
    return () => {
      removeEventListener("dragover", dragged);
      removeEventListener("dragleave", left);
      removeEventListener("drop", dropped);
      removeEventListener("paste", pasted);
    };
  }, []);
  return (
    <section class={over.value ? "add over" : "add"} aria-label="Add">
      <div class="row">
        <h2>Add</h2>
        <button type="button" aria-pressed={way.value === "text"} onClick={() => { way.value = "text"; }}>Paste a text</button>
        <button type="button" aria-pressed={way.value === "path"} onClick={() => { way.value = "path"; }}>Path or address</button>
        <label class="button file">Choose files<input type="file" multiple onChange={(event) => { void sendFiles([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} /></label>
        <span class="quiet">or drop or paste files, folders and addresses anywhere here</span>
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
            <label class="field"><span>Text</span><textarea name="text" rows={4} required ref={text} /></label>
          </>
        ) : (
          <label class="field"><span>Files, folders or https addresses, one a line</span><textarea name="paths" rows={3} required spellcheck={false} /></label>
        )}
        <p class="row end"><button type="submit" class="strong">Read it</button></p>
      </form>
      <Reading />
    </section>
  );
}

function Reading() {
  const now = progress.value;
  if (!now) return null;
  return (
    <p class="progress" role="status">
      <progress max={Math.max(1, now.total)} value={now.done} aria-label="Progress of reading" />
      {now.finished ? "Read" : "Reading"} {figure(now.done)} of {figure(now.total)}{now.failed > 0 && <strong>; {figure(now.failed)} failed</strong>}
    </p>
  );
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

async function send(body: unknown): Promise<boolean> {
  try {
    await post("add", body);
    say("Added; it is being read.");
    return true;
  } catch (error) {
    say(inWords(error), { bad: true });
    return false;
  }
}

/** Sends files, as many in a request as its size allows. */
async function sendFiles(files: File[]): Promise<void> {
  const large = files.filter((file) => file.size > LARGEST);
  const rest = files.filter((file) => file.size <= LARGEST);
  while (rest.length > 0) {
    const group: { name: string; base64: string }[] = [];
    for (let size = 0; rest[0] && (group.length === 0 || size + rest[0].size <= TOGETHER);) {
      const file = rest.shift() as File;
      size += file.size;
      try {
        group.push({ name: file.name, base64: await base64(file) });
      } catch (error) {
        say(`${file.name}: ${inWords(error)}`, { bad: true });
      }
    }
    if (group.length > 0 && !(await send({ files: group }))) return;
  }
  if (large.length > 0) say(`Larger than 20 MB, add by path: ${large.map((file) => file.name).join(", ")}`, { bad: true });
}

function bodyOf(way: "path" | "text", read: (name: string) => string): unknown {
  if (way === "text") return { text: read("text"), title: read("title") || null };
  const lines = read("paths").split("\n").map((line) => line.trim()).filter(Boolean);
  return { urls: lines.filter(isAddress), paths: lines.filter((line) => !isAddress(line)) };
}
