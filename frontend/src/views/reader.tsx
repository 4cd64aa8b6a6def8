/** The reader: the text with its evidence at the left, the records at the right, linked both ways. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { address, apiFilters, linkTo, setQuery } from "../address";
import { apiAddress, useData } from "../api";
import { correct, undo } from "../corrections";
import { kept } from "../kept";
import { type Key, viewKeys } from "../keys";
import { Merge, shown } from "../parts/actor";
import { Dialog } from "../parts/dialog";
import { Edit } from "../parts/edit";
import { say } from "../parts/notice";
import { RecordCard } from "../parts/record";
import { Answer, Empty } from "../parts/states";
import { MarkedText } from "../parts/text";
import type { AnyRecord, DocumentInfo, Page, Reading } from "../records";
import { spanOf, speakerKey, speakers } from "../segments";
import { dateWords, title } from "../words";
import { workspace } from "../workspace";

export function Reader() {
  const subject = address.value.subject;
  return subject ? <OneDocument key={subject} id={subject} /> : <Documents />;
}

function Documents() {
  const loaded = useData<Page<DocumentInfo>>(() => ({ path: "documents", query: { ...apiFilters(), limit: 200 } }));
  return (
    <Answer of={loaded.value}>
      {({ rows, total }) =>
        rows.length === 0 ? (
          <Empty>No document matches. <a href="#/inbox">Add one in the inbox</a>, or take filters away.</Empty>
        ) : (
          <>
            <h1>Documents <span class="count">{total}</span></h1>
            <div class="wide-table">
              <table>
                <thead><tr><th scope="col">Published</th><th scope="col">Title</th><th scope="col">Publisher</th></tr></thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td class="date">{dateWords(row.published)}</td>
                      <td><a href={linkTo("reader", row.id)}>{title(row)}</a></td>
                      <td>{row.publisher ?? "–"}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )
      }
    </Answer>
  );
}

function OneDocument({ id }: { id: string }) {
  const loaded = useData<Reading>(() => ({ path: `documents/${encodeURIComponent(id)}` }));
  return <Answer of={loaded.value}>{(reading) => <Both reading={reading} />}</Answer>;
}

type Show = "all" | "event" | "claim";

function Both({ reading }: { reading: Reading }) {
  const show = useSignal<Show>("all");
  const editing = useSignal(false);
  const merging = useSignal(false);
  const letters = useMemo(() => speakers(reading), [reading]);
  const records = useMemo(() => {
    const all: AnyRecord[] = [...reading.claims, ...reading.events];
    return all.sort((a, b) => spanOf(a).start - spanOf(b).start || spanOf(b).end - spanOf(a).end);
  }, [reading]);
  const visible = records.filter((record) => show.value === "all" || record.record === show.value);
  const selected = address.value.query["record"] ?? null;
  const current = records.find((record) => record.id === selected);
  const select = (record: string) => setQuery({ record }, true);

  // Keys may follow each other faster than the page is drawn: what is chosen is asked of the address, not of this drawing.
  const now = () => address.peek().query["record"] ?? null;
  const step = (by: number) => {
    const at = visible.findIndex((record) => record.id === now());
    const next = visible[Math.max(0, Math.min(visible.length - 1, at < 0 ? 0 : at + by))];
    if (next) select(next.id);
  };
  const onCurrent = (act: (record: AnyRecord) => void) => () => {
    const record = records.find((one) => one.id === now());
    if (record) act(record);
    else say("Choose a record first: j and k move through them.");
  };
  // A rejected record goes from the list: what comes after it is chosen, so that one can read on.
  const reject = async (record: AnyRecord) => {
    const at = visible.indexOf(record);
    const next = visible[at + 1] ?? visible[at - 1];
    if ((await correct({ action: "reject", id: record.id })) && next) select(next.id);
  };
  const moving: Key[] = [
    { key: "j", words: "Next record", run: () => step(1) },
    { key: "k", words: "Record before", run: () => step(-1) },
  ];
  const changing: Key[] = [
    { key: "a", words: "Accept", run: onCurrent((record) => void correct({ action: "accept", id: record.id })) },
    { key: "x", words: "Reject", run: onCurrent((record) => void reject(record)) },
    { key: "e", words: "Edit", run: onCurrent(() => { editing.value = true; }) },
    { key: "m", words: "Merge actor", run: onCurrent(() => { merging.value = true; }) },
    { key: "u", words: "Undo", run: () => void undo() },
  ];
  // Where nothing may be changed, nothing offers to.
  const keys = kept || workspace.value?.read_only ? moving : [...moving, ...changing];
  useEffect(() => {
    viewKeys.value = keys;
  });
  useEffect(() => () => { viewKeys.value = []; }, []);
  useEffect(() => {
    if (!selected) return;
    document.getElementById(`card-${selected}`)?.scrollIntoView({ block: "nearest" });
    document.querySelector(".text .selected")?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  return (
    <article class="reader">
      <header class="reader-head">
        <h1 class={reading.headed ? "unseen" : undefined}>{title({ ...reading.document, beginning: reading.text.slice(0, 80) })}</h1>
        <p class="quiet">
          {[reading.document.publisher, reading.document.author].filter(Boolean).join(", ") || "publisher unknown"} · {reading.document.published ? dateWords(reading.document.published) : "no date of publication"}
          {!kept && <>{" · "}<a href={apiAddress("events", { document: reading.document.id, format: "csv" })} download="events.csv">Events as CSV</a>
          {" · "}<a href={apiAddress("claims", { document: reading.document.id, format: "csv" })} download="claims.csv">Claims as CSV</a></>}
        </p>
        {(reading.notes ?? []).map((note) => <p class="quiet" key={note}>{note}</p>)}
        <Voices letters={letters} />
      </header>
      <section class="reader-text" aria-label="Text"><MarkedText reading={reading} selected={selected} onSelect={select} /></section>
      <section class="reader-records" aria-label="Records">
        <div class="toolbar" role="toolbar" aria-label="Records">
          {keys.map((key) => <button type="button" key={key.key} onClick={key.run} title={`Key ${key.key}`}>{key.words} <kbd>{key.key}</kbd></button>)}
          <select aria-label="Show" value={show.value} onChange={(event) => { show.value = event.currentTarget.value as Show; }}>
            <option value="all">All {records.length}</option>
            <option value="event">Events {reading.events.length}</option>
            <option value="claim">Claims {reading.claims.length}</option>
          </select>
        </div>
        {visible.length === 0 ? <Empty>Nothing was read from this text: no one does anything to anyone in it, or not in words that the lexicons know.</Empty> : (
          <ol class="records">
            {visible.map((record) => (
              <RecordCard key={record.id} record={record} selected={record.id === selected} onSelect={() => select(record.id)}
                {...(record.record === "claim" ? { letter: letters.get(speakerKey(record.speaker)) ?? { letter: "?", hue: 0 } } : {})} />
            ))}
          </ol>
        )}
      </section>
      {editing.value && current && <Edit record={current} onClose={() => { editing.value = false; }} />}
      {merging.value && current && <MergeOne record={current} onClose={() => { merging.value = false; }} />}
    </article>
  );
}

function Voices({ letters }: { letters: ReturnType<typeof speakers> }) {
  return (
    <div class="legend">
      {[...letters.values()].map((who) => <span key={who.letter}><span class={`letter s${who.hue}`}>{who.letter}</span> {who.name}</span>)}
      <span class="legend-lines">
        <span class="f-ct">certain</span> <span class="f-pr">probable</span> <span class="f-ps">possible</span> <span class="f-uu">open</span> <span class="f-ct f-not">not</span>
      </span>
    </div>
  );
}

function MergeOne({ record, onClose }: { record: AnyRecord; onClose: () => void }) {
  const known = record.record === "event" ? [...record.actors, ...record.recipients] : record.speaker ? [record.speaker] : [];
  const choices = [...new Map(known.map((one) => [one.id ?? one.name, one])).entries()];
  const chosen = useSignal(choices[0]?.[0] ?? "");
  return (
    <Dialog title="Merge an actor" onClose={onClose}>
      {choices.length === 0 ? <p>This record names no actor.</p> : (
        <>
          <label class="field"><span>Actor</span>
            <select value={chosen.value} onChange={(event) => { chosen.value = event.currentTarget.value; }}>
              {choices.map(([key, one]) => <option key={key} value={key}>{one.name}</option>)}
            </select>
          </label>
          <Merge a={chosen.value} onDone={onClose} />
          <p class="quiet">A merge is a decision of its own; it can be taken back. {choices.some(([, one]) => one.id) && (
            <button type="button" class="link" onClick={() => { onClose(); shown.value = chosen.value; }}>Open the card</button>
          )}</p>
        </>
      )}
    </Dialog>
  );
}
