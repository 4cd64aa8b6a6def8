/** Events on a lane for each actor, claims and predictions on lanes of their own, zoomable over years. */
import { extent, quantileSorted } from "d3-array";
import { useEffect, useMemo } from "preact/hooks";
import { address, apiFilters, linkTo, setQuery } from "../address";
import { useData } from "../api";
import { shown } from "../parts/actor";
import { QuadLegend, QuadMark, TimeAxis, type TimeScale, ZoomButtons, day, timeScale, useWidth, useZoom } from "../parts/chart";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import type { ClaimRecord, EventRecord } from "../records";
import { QUAD, dateWords, figure } from "../words";
import { EventTable } from "./events";

interface Point { date: string; count: number; quad: number | null }
interface Body { total?: number; lanes: { id: string; name: string; points: Point[] }[]; events: EventRecord[]; claims: ClaimRecord[]; claims_total: number; predictions: ClaimRecord[]; predictions_total: number }

const ROW = 30;
const MOST_LANES = 14;

export function Timeline() {
  const loaded = useData<Body>(() => ({ path: "timeline", query: { ...apiFilters(), by: address.value.query["by"] ?? "month" } }));
  return (
    <>
      <ViewHead title="Timeline" csv={{ path: "events", query: apiFilters() }}>
        <label class="inline">by <select value={address.value.query["by"] ?? "month"} onChange={(event) => setQuery({ by: event.currentTarget.value })}>
          {["day", "week", "month", "year"].map((one) => <option key={one} value={one}>{one}</option>)}
        </select></label>
      </ViewHead>
      <Answer of={loaded.value}>
        {(body) => body.lanes.length === 0 && body.claims.length === 0
          ? <Empty>No dated event matches these filters. Take one away to see more.</Empty>
          : asTable() ? <AsTable body={body} /> : <Lanes body={body} />}
      </Answer>
    </>
  );
}

function AsTable({ body }: { body: Body }) {
  const rows = body.lanes.flatMap((lane) => lane.points.map((point) => ({ lane: lane.name, ...point })));
  return <Table caption="Events on each lane" rows={rows} columns={[
    { head: "Lane", cell: (row) => row.lane },
    { head: "From", cell: (row) => <span class="date">{dateWords(row.date)}</span> },
    { head: "Class", cell: (row) => (row.quad ? QUAD[row.quad] : "–") },
    { head: "Events", number: true, cell: (row) => figure(row.count) },
  ]} />;
}

interface Dated { id: string; document: string; date: string; words: string }

function dated(claims: ClaimRecord[], when: (claim: ClaimRecord) => string | null | undefined): Dated[] {
  return claims.flatMap((claim) => {
    const date = when(claim);
    return date ? [{ id: claim.id, document: claim.document, date, words: `${claim.speaker?.name ?? "A source"}: ${claim.content.quote}` }] : [];
  });
}

function Lanes({ body }: { body: Body }) {
  const [box, width] = useWidth();
  const claims = useMemo(() => dated(body.claims, (claim) => claim.published), [body]);
  const foretold = useMemo(() => dated(body.predictions, (claim) => claim.prediction?.horizon?.end ?? claim.prediction?.horizon?.start), [body]);
  const left = width < 600 ? 92 : 170;
  const rows = Math.min(body.lanes.length, MOST_LANES) + 2;
  const height = rows * ROW + 34;
  const zoom = useZoom(width, height, 60);
  const dates = useMemo(() => [...body.lanes.slice(0, MOST_LANES).flatMap((lane) => lane.points.map((point) => point.date)), ...claims.map((one) => one.date), ...foretold.map((one) => one.date)].map(day).sort((a, b) => a.getTime() - b.getTime()), [body]);
  const [from, to] = extent(dates);
  useEffect(() => {
    const part = usual(dates);
    if (!part || !from || !to) return;
    const at = timeScale([from, to], [left + 12, width - 14]);
    zoom.show(at(part[0]), at(part[1]), left + 12);
  }, [dates, width]);
  const whole = timeScale([from ?? new Date(0), to ?? new Date(0)], [left + 12, width - 14]);
  const scale = zoom.transform.value.rescaleX(whole);
  const unit = coarseness(scale);
  const lanes = useMemo(() => body.lanes.slice(0, MOST_LANES).map((lane) => ({ ...lane, points: together(lane.points, unit) })), [body, unit]);
  const dense = lanes.some((lane) => lane.points.filter((point) => onScreen(scale, point.date)).length > CROWD);
  if (!from || !to) return <Empty>Nothing here has a date.</Empty>;
  const [first, last] = scale.domain() as [Date, Date];
  const inside = body.events.filter((event) => {
    const at = event.time?.start ?? event.time?.end ?? event.published;
    return !at || (day(at) >= first && day(at) <= last);
  });
  return (
    <>
      <div class="row">{dense ? <p class="legend">Up: cooperation. Down: conflict. Filled: material. Pale: verbal. Each lane has a scale of its own.</p> : <QuadLegend />}<span class="spring" /><ZoomButtons zoom={zoom} /></div>
      <div class="chart" ref={box}>
        <svg ref={zoom.ref} width={width} height={height} class="zoomable" role="group" aria-label={`Timeline of ${lanes.length} lanes from ${dateWords(first.toISOString())} to ${dateWords(last.toISOString())}`} tabIndex={0}>
          <clipPath id="lanes-clip"><rect x={left} y={0} width={Math.max(0, width - left)} height={height} /></clipPath>
          <g clip-path="url(#lanes-clip)"><TimeAxis scale={scale} top={4} height={rows * ROW} /></g>
          {lanes.map((lane, index) => dense
            ? <DenseLane key={lane.name} lane={lane} index={index} scale={scale} left={left} width={width} unit={unit} />
            : <Lane key={lane.name} lane={lane} index={index} scale={scale} left={left} width={width} />)}
          <Ticks name="Claims" kind="claim" items={claims} index={lanes.length} scale={scale} left={left} width={width} />
          <Ticks name="Predictions" kind="prediction" items={foretold} index={lanes.length + 1} scale={scale} left={left} width={width} />
        </svg>
      </div>
      {body.claims_total + body.predictions_total > body.claims.length + body.predictions.length && (
        <p class="quiet">Marked: {figure(body.claims.length)} of {figure(body.claims_total)} claims and {figure(body.predictions.length)} of {figure(body.predictions_total)} predictions, spread over the months.</p>
      )}
      {body.lanes.length > MOST_LANES && <p class="quiet">The {MOST_LANES} lanes with the most events of {figure(body.lanes.length)}; filter by who to see others.</p>}
      <h2>Events in this stretch of time <span class="count">{figure(inside.length)}</span></h2>
      {(body.total ?? 0) > body.events.length && <p class="quiet">Of the latest {figure(body.events.length)}; all {figure(body.total)} are in <a href={linkTo("events")}>Events</a>.</p>}
      {inside.length === 0 ? <p class="quiet">None between {dateWords(first.toISOString())} and {dateWords(last.toISOString())}.</p> : <EventTable rows={inside.slice(0, 100)} />}
    </>
  );
}

/** The stretch where nearly all stands, where a few far dates would press it together; null where all can be shown. */
function usual(dates: Date[]): [Date, Date] | null {
  const times = dates.map((date) => date.getTime());
  const [low, high] = [quantileSorted(times, 0.03), quantileSorted(times, 0.97)];
  const whole = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (low === undefined || high === undefined || high - low > 0.4 * whole || high === low) return null;
  const pad = (high - low) * 0.1;
  return [new Date(low - pad), new Date(high + pad)];
}

type Unit = "month" | "quarter" | "year";

const CLOSEST = 9; // pixels between two marks of a lane

/** How coarse the marks must be to stand apart at a scale. */
function coarseness(scale: TimeScale): Unit {
  const month = Math.abs(scale(new Date(Date.UTC(2000, 1, 1))) - scale(new Date(Date.UTC(2000, 0, 1))));
  return month >= CLOSEST ? "month" : month * 3 >= CLOSEST ? "quarter" : "year";
}

/** Points of one unit and class added up; months and what is finer stay as the server sent them. */
function together(points: Point[], unit: Unit): Point[] {
  // A few points stand apart well enough wherever they are.
  if (unit === "month" || points.length < 60) return points;
  const sums = new Map<string, Point>();
  for (const point of points) {
    const month = unit === "year" ? "01" : String(Math.floor((Number(point.date.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, "0");
    const date = `${point.date.slice(0, 4)}-${month}-01`;
    const key = `${date}|${point.quad}`;
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, count: sum.count + point.count } : { ...point, date });
  }
  return [...sums.values()];
}

/** What makes a text of a drawing open the card of an actor. */
function opens(id: string, name: string) {
  const open = () => { shown.value = id; };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  };
  return { role: "button" as const, tabIndex: 0, "aria-label": name, onClick: open, onKeyDown: key };
}

function LaneName({ name, id, index, left, width }: { name: string; id?: string; index: number; left: number; width: number }) {
  const y = index * ROW + ROW / 2 + 4;
  const most = left < 100 ? 12 : 24;
  return (
    <>
      <text class={id ? "lane-name opens" : "lane-name"} x={0} y={y + 4} {...(id ? opens(id, name) : {})}><title>{name}</title>{name.length > most ? `${name.slice(0, most - 1)}…` : name}</text>
      <line class="lane-rule" x1={left} x2={width} y1={y} y2={y} />
    </>
  );
}

function Lane({ lane, index, scale, left, width }: { lane: Body["lanes"][number]; index: number; scale: TimeScale; left: number; width: number }) {
  const y = index * ROW + ROW / 2 + 4;
  return (
    <g>
      <LaneName name={lane.name} id={lane.id} index={index} left={left} width={width} />
      <g clip-path="url(#lanes-clip)">
        {lane.points.filter((point) => onScreen(scale, point.date)).map((point, at) => (
          <g key={at}>
            <title>{`${dateWords(point.date)}: ${point.count} ${point.quad ? QUAD[point.quad] : ""}`}</title>
            <QuadMark x={scale(day(point.date))} y={y + ((point.quad ?? 0) > 2 ? 3 : -3)} size={Math.min(11, 3.2 + 1.6 * Math.sqrt(point.count))} quad={point.quad ?? 0} />
          </g>
        ))}
      </g>
    </g>
  );
}

function onScreen(scale: TimeScale, date: string): boolean {
  const [from = 0, to = 0] = scale.range();
  const x = scale(day(date));
  return x > from - 30 && x < to + 30;
}

const CROWD = 60; // marks of a lane on the screen that can still be told apart

interface Stack { date: string; counts: [number, number, number, number, number] }

/** The points of each date together: how many of each class. */
function stacks(points: Point[]): Stack[] {
  const found = new Map<string, Stack>();
  for (const point of points) {
    const stack = found.get(point.date) ?? { date: point.date, counts: [0, 0, 0, 0, 0] };
    stack.counts[(point.quad ?? 0) as 0] += point.count;
    found.set(point.date, stack);
  }
  return [...found.values()];
}

/** A lane with too many events for marks: bars up for cooperation and down for conflict. */
function DenseLane({ lane, index, scale, left, width, unit }: { lane: Body["lanes"][number]; index: number; scale: TimeScale; left: number; width: number; unit: Unit }) {
  const y = index * ROW + ROW / 2 + 4;
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  const step = Math.abs(scale(new Date(Date.UTC(2000, months, 1))) - scale(new Date(Date.UTC(2000, 0, 1))));
  const wide = Math.max(1, Math.min(14, step - 1));
  const shown = stacks(lane.points);
  const tallest = Math.max(1, ...shown.map(({ counts }) => Math.max(counts[1] + counts[2], counts[3] + counts[4])));
  const tall = (count: number) => (count / tallest) * (ROW / 2 - 1);
  return (
    <g>
      <LaneName name={lane.name} id={lane.id} index={index} left={left} width={width} />
      <g clip-path="url(#lanes-clip)">
        {shown.filter((stack) => onScreen(scale, stack.date)).map(({ date, counts }) => {
          const x = scale(day(date)) - wide / 2;
          const [up, down] = [tall(counts[2]), tall(counts[4])];
          return (
            <g key={date}>
              <title>{`${dateWords(date)}: ${counts.slice(1).map((count, at) => `${count} ${QUAD[at + 1]}`).join(", ")}`}</title>
              <rect class="mark quad2" x={x} width={wide} y={y - up} height={up} />
              <rect class="mark pale quad1" x={x} width={wide} y={y - up - tall(counts[1])} height={tall(counts[1])} />
              <rect class="mark quad4" x={x} width={wide} y={y} height={down} />
              <rect class="mark pale quad3" x={x} width={wide} y={y + down} height={tall(counts[3])} />
            </g>
          );
        })}
      </g>
    </g>
  );
}

function Ticks({ name, kind, items, index, scale, left, width }: { name: string; kind: string; items: Dated[]; index: number; scale: TimeScale; left: number; width: number }) {
  const y = index * ROW + ROW / 2 + 4;
  return (
    <g>
      <LaneName name={name} index={index} left={left} width={width} />
      <g clip-path="url(#lanes-clip)">
        {items.map((item) => {
          const x = scale(day(item.date));
          return (
            <a key={item.id} href={linkTo("reader", item.document, { record: item.id })} aria-label={`${name.slice(0, -1)}, ${dateWords(item.date)}: ${item.words}`}>
              <title>{`${dateWords(item.date)}: ${item.words}`}</title>
              {kind === "claim" ? <rect class="tick-claim" x={x - 2} y={y - 7} width={4} height={14} rx={1} /> : <path class="tick-prediction" d={`M${x - 6} ${y - 6}L${x + 6} ${y}L${x - 6} ${y + 6}z`} />}
            </a>
          );
        })}
      </g>
    </g>
  );
}
