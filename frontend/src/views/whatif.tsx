/** What may follow: acts that are supposed, the expected events of each pair with their bands, and precedents. */
import { useSignal } from "@preact/signals";
import { scaleLinear } from "d3-scale";
import { address, setQuery } from "../address";
import { inWords, post } from "../api";
import { Name } from "../parts/actor";
import { Choice, resolved } from "../parts/choice";
import { say } from "../parts/notice";
import { Failed } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead } from "../parts/viewhead";
import type { EventRecord } from "../records";
import { EVENT_TYPES, figure } from "../words";
import { workspace } from "../workspace";
import { EventTable } from "./events";

interface Expected {
  actor: string;
  actor_name: string;
  recipient: string;
  recipient_name: string;
  tone: string;
  /** Events without the acts, and the band of the draws. */
  expected: number;
  expected_low: number | null;
  expected_high: number | null;
  /** Events more or fewer with them; null where nothing can be said. */
  change: number | null;
  change_low: number | null;
  change_high: number | null;
  basis: string | null;
}
type Row = Record<string, unknown>;
type Precedent = EventRecord | Row;
interface Body { pairs: Expected[]; precedents: Precedent[]; caveats: string[] }

const SEPARATOR = ";";

/** Pairs that are shown before one asks for all. */
const FIRST = 14;

/** The acts stand in the address, so that a scenario can be shared. */
function acts(): string[] {
  return (address.value.query["acts"] ?? "").split(SEPARATOR).map((act) => act.trim()).filter(Boolean);
}

export function WhatIf() {
  const answer = useSignal<Body | null>(null);
  const failed = useSignal<string | null>(null);
  const busy = useSignal(false);
  const now = address.value.query;
  const at = now["at"] ?? workspace.value?.until?.slice(0, 10) ?? "";
  const horizon = now["horizon"] ?? "180";
  const run = async () => {
    busy.value = true;
    failed.value = null;
    try {
      answer.value = await post<Body>("whatif", { acts: acts(), at: at || null, horizon: Number(horizon), draws: 500 });
    } catch (error) {
      answer.value = null;
      failed.value = inWords(error);
    }
    busy.value = false;
  };
  return (
    <>
      <ViewHead title="What if" table={false}>
        {answer.value && <button type="button" onClick={() => answer.value && save(answer.value.pairs)}>CSV</button>}
      </ViewHead>
      <p class="quiet">Suppose acts and see how the events between the pairs would be expected to change, from what the workspace holds. It is a projection of past reactions, not knowledge.</p>
      <Compose />
      <ol class="acts">
        {acts().map((act, index) => (
          <li key={index}>{act} <button type="button" class="link" aria-label={`Take away ${act}`} onClick={() => setQuery({ acts: acts().filter((_, other) => other !== index).join(SEPARATOR) || undefined }, true)}>take away</button></li>
        ))}
      </ol>
      <form class="row" onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label class="field"><span>From</span><input type="date" value={at} onChange={(event) => setQuery({ at: event.currentTarget.value || undefined }, true)} /></label>
        <label class="field"><span>For</span>
          <select value={horizon} onChange={(event) => setQuery({ horizon: event.currentTarget.value }, true)}>
            {[["30", "30 days"], ["90", "90 days"], ["180", "180 days"], ["365", "one year"]].map(([days, words]) => <option key={days} value={days}>{words}</option>)}
          </select>
        </label>
        <button type="submit" class="strong" disabled={busy.value || acts().length === 0}>{busy.value ? "Drawing futures…" : "Show what may follow"}</button>
      </form>
      {failed.value && <Failed message={failed.value} />}
      {answer.value && <Outcome body={answer.value} />}
    </>
  );
}

/** Saves the expected events, which no address of the server gives: a scenario is sent, not asked for. */
function save(pairs: Expected[]): void {
  const heads = Object.keys(pairs[0] ?? {}) as (keyof Expected)[];
  // A cell that a spreadsheet would take for a formula is shown as text.
  const cell = (value: unknown) => {
    const text = typeof value === "string" ? value.replace(/^(?=[=+\-@\t\r])/, "'") : String(value ?? "");
    return `"${text.replaceAll('"', '""')}"`;
  };
  const lines = [heads.join(","), ...pairs.map((pair) => heads.map((head) => cell(pair[head])).join(","))];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
  link.download = "what-if.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

function Compose() {
  const actor = useSignal("");
  const type = useSignal<string>("MOBILIZE");
  const recipient = useSignal("");
  const suppose = async () => {
    const [who, whom] = [await resolved(actor.value), await resolved(recipient.value)];
    if (who && whom) setQuery({ acts: [...acts(), `${who} ${type.value} ${whom}`].join(SEPARATOR) }, true);
    else say("An act needs both: who, and to whom.", { bad: true });
  };
  return (
    <form class="row compose" aria-label="An act" onSubmit={(event) => { event.preventDefault(); void suppose(); }}>
      <Choice label="Who" value="" onDraft={(text) => { actor.value = text; }} />
      <label class="field"><span>Does what</span>
        <select value={type.value} onChange={(event) => { type.value = event.currentTarget.value; }}>{EVENT_TYPES.map((one) => <option key={one} value={one}>{one}</option>)}</select>
      </label>
      <Choice label="To whom" value="" onDraft={(text) => { recipient.value = text; }} />
      <button type="submit">Suppose it</button>
    </form>
  );
}

function Outcome({ body }: { body: Body }) {
  const top = Math.max(1, ...body.pairs.map((pair) => Math.max(pair.expected_high ?? 0, withActs(pair).high)));
  const x = scaleLinear().domain([0, top]).range([2, 178]);
  const all = useSignal(false);
  const sorted = [...body.pairs].sort((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0) || b.expected - a.expected);
  const pairs = all.value ? sorted : sorted.slice(0, FIRST);
  const texts = body.precedents.filter(isEvent);
  const others = body.precedents.filter((one): one is Row => !isEvent(one));
  return (
    <>
      {body.caveats.length > 0 && <ul class="caveats">{body.caveats.map((one) => <li key={one}>{one}</li>)}</ul>}
      <h2>Expected events of each pair</h2>
      <p class="quiet">Grey: without the acts, with the spread of the draws. Coloured: with them, with what the fit leaves open.</p>
      {pairs.length === 0 ? <p class="quiet">Too few events between these actors to say anything.</p> : (
        <Table stack caption="Expected events of each pair" rows={pairs} columns={[
          { head: "Pair", cell: (row) => <><Name id={row.actor} name={row.actor_name} /> → <Name id={row.recipient} name={row.recipient_name} /></> },
          { head: "Kind", cell: (row) => row.tone },
          { head: "Without", number: true, cell: (row) => figure(row.expected, 1) },
          { head: "Change", number: true, cell: (row) => `${(row.change ?? 0) > 0 ? "+" : ""}${figure(row.change, 2)}` },
          { head: "Range", number: true, cell: (row) => row.change === null ? <span class="quiet">no model of answers</span> : <span class="date">{figure(row.change_low, 2)} to {figure(row.change_high, 2)}</span> },
          { head: "Band", cell: (row) => (
            <svg width="180" height="18" role="img" aria-label={`without between ${figure(row.expected_low, 1)} and ${figure(row.expected_high, 1)}, with them ${figure(withActs(row).at, 1)}`}>
              <rect class="bar" x={x(row.expected_low ?? 0)} width={Math.max(1, x(row.expected_high ?? 0) - x(row.expected_low ?? 0))} y={11} height={4} />
              <line class="base" x1={x(row.expected)} x2={x(row.expected)} y1={9} y2={17} />
              <rect class="band" x={x(withActs(row).low)} width={Math.max(1, x(withActs(row).high) - x(withActs(row).low))} y={2} height={7} />
              <circle class="dot" cx={x(withActs(row).at)} cy={5.5} r={3.5} />
            </svg>
          ) },
        ]} />
      )}
      {sorted.length > pairs.length && <p><button type="button" onClick={() => { all.value = true; }}>All {figure(sorted.length)}</button></p>}
      <h2>Precedents</h2>
      {body.precedents.length === 0 && <p class="quiet">Nothing like it stands in the workspace.</p>}
      {texts.length > 0 && <EventTable rows={texts} caption="Precedents" />}
      {others.length > 0 && <Others rows={others} />}
    </>
  );
}

function isEvent(one: Precedent): one is EventRecord {
  return one.record === "event" && one.trigger !== undefined;
}

/** The events with the acts: those without them and the change, with what the fit leaves open. */
function withActs(pair: Expected): { at: number; low: number; high: number } {
  const add = (change: number | null) => Math.max(0, pair.expected + (change ?? 0));
  return { at: add(pair.change), low: add(pair.change_low ?? pair.change), high: add(pair.change_high ?? pair.change) };
}

/** Precedents from imported events have no sentence: shown by the fields that they have. */
function Others({ rows }: { rows: Row[] }) {
  const heads = Object.keys(rows[0] ?? {}).filter((head) => rows.some((row) => ["string", "number"].includes(typeof row[head])));
  return <Table caption="Precedents" rows={rows} columns={heads.map((head) => ({
    head: head.replaceAll("_", " "),
    cell: (row: Row) => (typeof row[head] === "number" ? figure(row[head] as number, Number.isInteger(row[head]) ? 0 : 2) : String(row[head] ?? "–")),
    number: typeof rows[0]?.[head] === "number",
  }))} />;
}
