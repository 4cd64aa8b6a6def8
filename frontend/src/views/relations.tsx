/** The series of a pair with its uncertainty and its change points, and small multiples for the pairs with most events. */
import { extent, max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { address, apiFilters, filters, linkTo, setQuery } from "../address";
import { useData } from "../api";
import { Name } from "../parts/actor";
import { TimeAxis, day, timeScale, useWidth } from "../parts/chart";
import { Named, named } from "../parts/named";
import { Answer, Empty, Failed } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import type { EventRecord, Page } from "../records";
import { dateWords, figure, spanWords } from "../words";
import { EventTable } from "./events";

interface Point {
  period: string;
  value: number | null;
  count: number;
  low: number | null;
  high: number | null;
  tone?: number | null;
  tone_low?: number | null;
  tone_high?: number | null;
  hostility?: number | null;
  cooperation?: number | null;
}
interface Change { period: string; grade: string | number | null; before: number | null; after: number | null; survival: number | null }
interface Body { series: Point[]; changes: Change[]; notes?: string[]; measure?: string; names?: [string, string] }
interface Pair { actor: string; recipient: string; actor_name?: string; recipient_name?: string; series: Point[] }

const HEIGHT = 280;

const MEASURES: Record<string, string> = {
  tone: "mean intensity of the events of a period (Goldstein’s scale, −10 conflict to 10 cooperation), with its uncertainty",
  hostility: "sum of hostile intensity in a period",
  cooperation: "sum of cooperative intensity in a period",
  events: "number of events in a period, with its uncertainty",
};

function measured(): string {
  const asked = address.value.query["measure"] ?? "tone";
  return asked in MEASURES ? asked : "tone";
}

/** A series by one measure, as value, low and high. */
function byMeasure(series: Point[], measure: string): Point[] {
  return series.map((point) => {
    switch (measure) {
      case "events": return { ...point, value: point.count };
      case "hostility": return { ...point, value: point.hostility ?? null, low: null, high: null };
      case "cooperation": return { ...point, value: point.cooperation ?? null, low: null, high: null };
      default: return point.tone === undefined ? point : { ...point, value: point.tone, low: point.tone_low ?? null, high: point.tone_high ?? null };
    }
  });
}

export function Relations() {
  const { actor, recipient } = filters.value;
  return actor && recipient ? <OnePair actor={actor} recipient={recipient} /> : <Pairs />;
}

/** What is asked for beside the filters: the length of a period, and whether only one way counts. */
function asked(): Record<string, string> {
  const { by, way } = address.value.query;
  return { by: by ?? "month", ...(way === "one" ? { way } : {}) };
}

function OnePair({ actor, recipient }: { actor: string; recipient: string }) {
  const { by, way } = asked();
  const loaded = useData<Body>(() => ({ path: "relations", query: { ...apiFilters(), ...asked() } }));
  const change = address.value.query["change"];
  const [who = actor, whom = recipient] = loaded.value.data?.names ?? [];
  return (
    <>
      <ViewHead title={`${who} ${way ? "→" : "–"} ${whom}`} csv={{ path: "relations", query: { ...apiFilters(), ...asked() } }}>
        <label class="inline">count <select value={way ?? ""} onChange={(event) => setQuery({ way: event.currentTarget.value || undefined, change: undefined })}>
          <option value="">both ways</option>
          <option value="one">{who} → {whom} only</option>
        </select></label>
        <label class="inline">by <select value={by} onChange={(event) => setQuery({ by: event.currentTarget.value })}>
          {["month", "quarter", "year"].map((one) => <option key={one} value={one}>{one}</option>)}
        </select></label>
        <label class="inline">show <select value={measured()} onChange={(event) => setQuery({ measure: event.currentTarget.value })}>
          {Object.keys(MEASURES).map((one) => <option key={one} value={one}>{one}</option>)}
        </select></label>
        {way && <button type="button" onClick={() => setQuery({ actor: recipient, recipient: actor, change: undefined })}>Turn round</button>}
        <a class="button" href={linkTo("relations", "", { actor: "", recipient: "" })}>All pairs</a>
      </ViewHead>
      <p class="quiet">{way ? "What " : "Between "}<Name id={actor} name={who} />{way ? " does to " : " and "}<Name id={recipient} name={whom} />: {MEASURES[measured()]}. The bars count the events.</p>
      <Answer of={loaded.value}>
        {(body) => body.series.length === 0 ? (
          <Empty>{body.notes?.[0] ?? "Nothing is known of these two."} Take filters away, or <a href={linkTo("relations", "", { actor: "", recipient: "" })}>choose another pair</a>.</Empty>
        ) : (
          <>
            {asTable() ? <SeriesTable series={byMeasure(body.series, measured())} /> : <Series body={{ ...body, series: byMeasure(body.series, measured()) }} chosen={change} />}
            <Changes changes={body.changes} chosen={change} measure={body.measure} />
            {(body.notes ?? []).map((note) => <p class="quiet" key={note}>{note}</p>)}
          </>
        )}
      </Answer>
      {change && <Sentences key={change} change={change} />}
    </>
  );
}

function SeriesTable({ series }: { series: Point[] }) {
  return <Table caption="Series" rows={series} columns={[
    { head: "Period", cell: (row) => <span class="date">{dateWords(row.period)}</span> },
    { head: "Events", number: true, cell: (row) => figure(row.count) },
    { head: "Value", number: true, cell: (row) => figure(row.value, 2) },
    { head: "Low", number: true, cell: (row) => figure(row.low, 2) },
    { head: "High", number: true, cell: (row) => figure(row.high, 2) },
  ]} />;
}

function vertical(series: Point[], top: number, bottom: number) {
  const values = series.flatMap((point) => [point.value, point.low, point.high]).filter((value): value is number => value !== null && Number.isFinite(value));
  const [low = -1, high = 1] = extent(values);
  return scaleLinear().domain([Math.min(low, -1), Math.max(high, 1)]).nice().range([bottom, top]);
}

function Series({ body, chosen }: { body: Body; chosen: string | undefined }) {
  const [box, width] = useWidth();
  const { series, changes } = body;
  const x = timeScale(extent(series.map((point) => day(point.period))) as [Date, Date], [36, width - 24]);
  const y = vertical(series, 12, HEIGHT - 60);
  const bars = scaleLinear().domain([0, max(series, (point) => point.count) ?? 1]).range([0, 28]);
  const at = (point: Point) => x(day(point.period));
  const band = area<Point>().defined((p) => p.low !== null && p.high !== null).x(at).y0((p) => y(p.low ?? 0)).y1((p) => y(p.high ?? 0));
  const path = line<Point>().defined((p) => p.value !== null).x(at).y((p) => y(p.value ?? 0));
  const valued = series.filter((point) => point.value !== null && (point.count > 0 || measured() !== "tone"));
  // Where periods with events are rare, a line between neighbours is not there to see: points with whiskers are.
  const few = valued.length < 60;
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={HEIGHT} role="group" aria-label={`Series of ${series.length} periods with ${changes.length} change points`}>
        <TimeAxis scale={x} top={8} height={HEIGHT - 32} />
        {y.ticks(5).map((tick) => <text key={tick} class="axis-label" x={30} y={y(tick) + 4} text-anchor="end">{figure(tick)}</text>)}
        <line class="zero" x1={36} x2={width - 24} y1={y(0)} y2={y(0)} />
        <path class="band" d={band(series) ?? ""} />
        <path class="line" d={path(series) ?? ""} />
        {few && valued.filter((point) => point.low !== null && point.high !== null).map((point) => (
          <line key={point.period} class="whisker" x1={at(point)} x2={at(point)} y1={y(point.low ?? 0)} y2={y(point.high ?? 0)} />
        ))}
        {valued.map((point) => (
          <circle key={point.period} class={(point.value ?? 0) < 0 ? "dot conflict" : "dot coop"} cx={at(point)} cy={y(point.value ?? 0)} r={few ? 4 : 2}>
            <title>{`${dateWords(point.period)}: ${figure(point.value, 1)} from ${point.count} events`}</title>
          </circle>
        ))}
        {series.map((point) => <rect key={point.period} class="bar" x={at(point) - 1.5} y={HEIGHT - 24 - bars(point.count)} width={3} height={bars(point.count)} />)}
        {changes.map((one) => {
          const place = x(day(one.period));
          return (
            <a key={one.period} href={linkTo("relations", "", { ...kept(), change: one.period })} class={one.period === chosen ? "change chosen" : "change"} aria-label={`Change at ${dateWords(one.period)}, from ${figure(one.before, 1)} to ${figure(one.after, 1)}`}>
              <line x1={place} x2={place} y1={8} y2={HEIGHT - 24} />
              <rect class="hit" x={place - 9} y={0} width={18} height={HEIGHT - 24} />
              <path d={`M${place - 6} 2h12l-6 9z`} />
            </a>
          );
        })}
      </svg>
    </div>
  );
}

function kept(): Record<string, string> {
  const { by, way, as, measure } = address.value.query;
  return { ...(by ? { by } : {}), ...(way ? { way } : {}), ...(as ? { as } : {}), ...(measure ? { measure } : {}) };
}

function Changes({ changes, chosen, measure }: { changes: Change[]; chosen: string | undefined; measure: string | undefined }) {
  if (changes.length === 0) return <p class="quiet">No change point stands out from chance in this series.</p>;
  return (
    <>
      <h2>Changes{measure ? ` in ${measure}` : ""}</h2>
      <Table caption="Change points" rows={changes} rowKey={(row) => row.period} columns={[
        { head: "At", cell: (row) => <a aria-current={row.period === chosen ? "true" : undefined} href={linkTo("relations", "", { ...kept(), change: row.period })}>{dateWords(row.period)}</a> },
        { head: "Before", number: true, cell: (row) => figure(row.before, 2) },
        { head: "After", number: true, cell: (row) => figure(row.after, 2) },
        { head: "Grade", cell: (row) => row.grade ?? "–" },
        { head: "Survives", number: true, cell: (row) => (row.survival === null ? "–" : `${figure(row.survival * 100)} %`) },
      ]} />
    </>
  );
}

function Sentences({ change }: { change: string }) {
  const loaded = useData<Partial<Page<EventRecord>> & { events?: Page<EventRecord> | EventRecord[] }>(() => ({
    path: "relations/change",
    query: { ...apiFilters(), ...asked(), period: change },
  }));
  if (loaded.value.error) return <Failed message={loaded.value.error} />;
  const body = loaded.value.data;
  const rows = body?.rows ?? (Array.isArray(body?.events) ? body.events : body?.events?.rows) ?? [];
  return (
    <section aria-label="What made the change">
      <h2>What made the change of {dateWords(change)}</h2>
      {rows.length === 0 && !loaded.value.busy ? <p class="quiet">No text of this workspace stands behind it; the events were imported.</p> : <EventTable rows={rows} caption="Sentences behind the change" />}
    </section>
  );
}

function Pairs() {
  const query = () => ({ ...apiFilters(), ...named() });
  const loaded = useData<Page<Pair> | Pair[]>(() => ({ path: "relations/pairs", query: query() }));
  return (
    <>
      <ViewHead title="Relations" csv={{ path: "relations/pairs", query: query() }}><Named /></ViewHead>
      <p class="quiet">The pairs with most events. Choose one, or set who and to whom above.</p>
      <Answer of={loaded.value}>
        {(body) => {
          const pairs = Array.isArray(body) ? body : body.rows;
          if (pairs.length === 0) return <Empty>No event with both an actor and a recipient matches. Take filters away or <a href="#/inbox">add documents</a>.</Empty>;
          if (asTable()) return <Table caption="Pairs" rows={pairs} columns={[
            { head: "Pair", cell: (row) => <PairLink pair={row} /> },
            { head: "Events", number: true, cell: (row) => figure(row.series.reduce((sum, point) => sum + point.count, 0)) },
            { head: "Periods", number: true, cell: (row) => figure(row.series.length) },
          ]} />;
          const reach = max(pairs.flatMap((pair) => pair.series.map((point) => Math.abs(point.value ?? 0)))) ?? 1;
          return <ul class="multiples">{pairs.map((pair) => <li key={`${pair.actor}|${pair.recipient}`}><Small pair={pair} reach={Math.max(1, reach)} /></li>)}</ul>;
        }}
      </Answer>
    </>
  );
}

function PairLink({ pair }: { pair: Pair }) {
  return <a href={linkTo("relations", "", { actor: pair.actor, recipient: pair.recipient })}>{pair.actor_name ?? pair.actor} – {pair.recipient_name ?? pair.recipient}</a>;
}

/** Bars up for cooperation and down for conflict; all pairs stand on one scale. */
function Small({ pair, reach }: { pair: Pair; reach: number }) {
  const [width, height] = [220, 64];
  const points = pair.series.filter((point) => point.count > 0 && point.value !== null);
  const dates = extent(pair.series.map((point) => day(point.period)));
  const x = timeScale((dates[0] ? dates : [new Date(0), new Date(1)]) as [Date, Date], [4, width - 4]);
  const y = scaleLinear().domain([-reach, reach]).range([height - 2, 2]);
  const [first, last] = [pair.series[0]?.period, pair.series.at(-1)?.period];
  return (
    <>
      <h2><PairLink pair={pair} /> <span class="count">{figure(pair.series.reduce((sum, point) => sum + point.count, 0))}</span></h2>
      <svg width="100%" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <line class="zero" x1={0} x2={width} y1={y(0)} y2={y(0)} />
        {points.map((point) => {
          const at = x(day(point.period));
          return <line key={point.period} class={(point.value ?? 0) < 0 ? "stem conflict" : "stem coop"} x1={at} x2={at} y1={y(0)} y2={y(point.value ?? 0)} />;
        })}
      </svg>
      <p class="quiet span">{spanWords(first?.slice(0, 7), last?.slice(0, 7))}</p>
    </>
  );
}
