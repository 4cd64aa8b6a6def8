/** The signed network at a date: blocs shaded, a slider over time, and who moved. */
import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { useEffect, useMemo } from "preact/hooks";
import { address, setQuery } from "../address";
import { useData } from "../api";
import { Name, shown } from "../parts/actor";
import { useWidth } from "../parts/chart";
import { Named, named } from "../parts/named";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import { dateWords, figure } from "../words";

interface Member { id: string; name: string; bloc: number | null }
interface Tie { a: string; b: string; weight: number }
interface Move { actor: string; left: string[]; joined: string[]; ties: [string, number, number][] }
interface Body { actors: Member[]; ties: Tie[]; moved: Move[]; periods: string[]; note?: string }
interface Node extends SimulationNodeDatum { id: string; bloc: number | null }

const STEP_MS = 1300;

/** Where each actor stood last, so that it stays near there when the date moves. */
const places = new Map<string, { x: number; y: number }>();

/** The dates of the slider, kept so that it stays where a date has no network. */
const dates = signal<string[]>([]);

function position(periods: string[]): number {
  const until = address.value.query["until"];
  const found = until ? periods.findIndex((period) => period >= until) : -1;
  return found < 0 ? periods.length - 1 : found;
}

/** What is asked for: the network at the slider's date, compared with the date before it. */
function asked(): Record<string, string> {
  const { until, window, fewest } = address.value.query;
  const compare = address.value.query["compare"] ?? dates.value[position(dates.value) - 1];
  return { window: window ?? "365", fewest: fewest ?? "2", ...named(), ...(until ? { until } : {}), ...(compare ? { compare } : {}) };
}

export function Blocs() {
  const loaded = useData<Body>(() => ({ path: "blocs", query: asked() }));
  useSignalEffect(() => {
    const periods = loaded.value.data?.periods;
    if (periods && periods.join() !== dates.peek().join()) dates.value = periods;
  });
  return (
    <>
      <ViewHead title="Blocs" csv={{ path: "blocs", query: asked() }}>
        <label class="inline">over <select value={asked()["window"]} onChange={(event) => setQuery({ window: event.currentTarget.value }, true)}>
          {[["180", "half a year"], ["365", "one year"], ["730", "two years"], ["1825", "five years"]].map(([days, words]) => <option key={days} value={days}>{words}</option>)}
        </select></label>
        <label class="inline">at least <select value={asked()["fewest"]} onChange={(event) => setQuery({ fewest: event.currentTarget.value }, true)}>
          {["1", "2", "5", "20"].map((one) => <option key={one} value={one}>{one} event{one === "1" ? "" : "s"}</option>)}
        </select></label>
        <Named />
        <label class="inline">moves since <select value={address.value.query["compare"] ?? ""} onChange={(event) => setQuery({ compare: event.currentTarget.value || undefined }, true)}>
          <option value="">the date before</option>
          {dates.value.map((date) => <option key={date} value={date}>{dateWords(date)}</option>)}
        </select></label>
      </ViewHead>
      <Slider periods={dates.value} />
      <Answer of={loaded.value}>
        {(body) => (
          <>
            {body.actors.length === 0 ? <Empty>{body.note ?? "No ties in this stretch of time."} Move the slider, take a longer stretch, or ask for fewer events.</Empty> : (
              <div class="columns">
                <section>{asTable() ? <Members body={body} /> : <Network body={body} />}</section>
                <section><Side body={body} /></section>
              </div>
            )}
          </>
        )}
      </Answer>
    </>
  );
}

function Slider({ periods }: { periods: string[] }) {
  const playing = useSignal(false);
  const at = position(periods);
  const go = (index: number) => setQuery({ until: periods[index] }, true);
  useEffect(() => {
    if (!playing.value) return undefined;
    if (at >= periods.length - 1) {
      playing.value = false;
      return undefined;
    }
    const timer = setTimeout(() => go(at + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing.value, at]);
  if (periods.length === 0) return null;
  return (
    <div class="slider">
      <button type="button" aria-pressed={playing.value} onClick={() => {
        if (!playing.value && at >= periods.length - 1) go(0);
        playing.value = !playing.value;
      }}>{playing.value ? "Pause" : "Play"}</button>
      <input type="range" min={0} max={periods.length - 1} value={at} aria-label="Date" aria-valuetext={dateWords(periods[at])} onInput={(event) => go(Number(event.currentTarget.value))} />
      <output>{dateWords(periods[at])}</output>
    </div>
  );
}

function settle(body: Body, width: number, height: number): Map<string, { x: number; y: number }> {
  const blocs = [...new Set(body.actors.map((one) => one.bloc))].sort();
  const centre = (bloc: number | null) => {
    const angle = (2 * Math.PI * blocs.indexOf(bloc)) / Math.max(1, blocs.length) + Math.PI;
    return blocs.length < 2 ? { x: 0, y: 0 } : { x: Math.cos(angle) * 150, y: Math.sin(angle) * 90 };
  };
  const nodes: Node[] = [...body.actors].sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => ({ id: one.id, bloc: one.bloc, ...(places.get(one.id) ?? {}) }));
  const known = new Set(nodes.map((node) => node.id));
  const kin = body.ties.filter((tie) => tie.weight > 0 && known.has(tie.a) && known.has(tie.b)).map((tie) => ({ source: tie.a, target: tie.b, weight: tie.weight }));
  const fresh = nodes.some((node) => node.x === undefined);
  forceSimulation(nodes)
    .force("tie", forceLink<Node, { source: string; target: string; weight: number }>(kin).id((node) => node.id).distance(80).strength((tie) => Math.min(0.5, 0.08 * Math.sqrt(tie.weight))))
    .force("apart", forceManyBody().strength(-260))
    .force("room", forceCollide(34))
    .force("x", forceX<Node>((node) => centre(node.bloc).x).strength(0.16))
    .force("y", forceY<Node>((node) => centre(node.bloc).y).strength(0.2))
    .alpha(fresh ? 1 : 0.35)
    .stop()
    .tick(fresh ? 240 : 60);
  for (const node of nodes) places.set(node.id, { x: node.x ?? 0, y: node.y ?? 0 });
  // Width and height are filled each for itself: a narrow screen gives a tall network, and names find room.
  const reach = (coordinate: "x" | "y", room: number) => Math.max(60, ...nodes.map((node) => Math.abs(node[coordinate] ?? 0))) / room;
  const [rx, ry] = [reach("x", width / 2 - 64), reach("y", height / 2 - 44)];
  return new Map(nodes.map((node) => [node.id, { x: width / 2 + (node.x ?? 0) / rx, y: height / 2 + (node.y ?? 0) / ry }]));
}

function Network({ body }: { body: Body }) {
  const [box, width] = useWidth(700);
  const height = width < 500 ? 420 : 520;
  const at = useMemo(() => settle(body, width, height), [body, width]);
  const heaviest = Math.max(1, ...body.ties.map((tie) => Math.abs(tie.weight)));
  const letters = blocLetters(body.actors);
  const named = namesWithRoom(body, at);
  const moved = new Set(body.moved.map((one) => one.actor));
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={height} role="group" aria-label={`Network of ${body.actors.length} actors in ${letters.size} blocs with ${body.ties.length} ties`}>
        {[...letters.keys()].map((bloc) => <Shade key={String(bloc)} bloc={bloc} points={body.actors.filter((one) => one.bloc === bloc).flatMap((one) => at.get(one.id) ?? [])} />)}
        {body.ties.map((tie) => {
          const [a, b] = [at.get(tie.a), at.get(tie.b)];
          if (!a || !b) return null;
          return (
            <line key={`${tie.a}|${tie.b}`} class={tie.weight < 0 ? "tie conflict" : "tie coop"} x1={a.x} y1={a.y} x2={b.x} y2={b.y} stroke-width={0.8 + 3.2 * Math.sqrt(Math.abs(tie.weight) / heaviest)}>
              <title>{`${tie.a} – ${tie.b}: ${figure(tie.weight, 2)}`}</title>
            </line>
          );
        })}
        {body.actors.map((one) => {
          const place = at.get(one.id);
          if (!place) return null;
          return (
            <g key={one.id} class={`node${moved.has(one.id) ? " moved" : ""}`} transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`} role="button" tabIndex={0} aria-label={`${one.name}, bloc ${letters.get(one.bloc) ?? "none"}${moved.has(one.id) ? ", moved" : ""}`}
              onClick={() => { shown.value = one.id; }} onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); shown.value = one.id; } }}>
              <title>{one.name}</title>
              <circle r={7} />
              {named.has(one.id) && <text y={named.get(one.id)} text-anchor="middle">{short(one)}</text>}
            </g>
          );
        })}
      </svg>
      <p class="legend">
        <span><svg width="30" height="10" aria-hidden="true"><line class="tie coop" x1="0" x2="30" y1="5" y2="5" stroke-width="2" /></svg> cooperation</span>
        <span><svg width="30" height="10" aria-hidden="true"><line class="tie conflict" x1="0" x2="30" y1="5" y2="5" stroke-width="2" /></svg> conflict</span>
        <span><svg width="16" height="16" aria-hidden="true"><g class="node moved"><circle cx="8" cy="8" r="5" /></g></svg> moved between the two dates</span>
      </p>
    </div>
  );
}

function short(one: Member): string {
  return one.name.length > 22 ? one.id : one.name;
}

/** Whose names can stand without covering another's or a dot, above or below their own, those with most ties first. */
function namesWithRoom(body: Body, at: Map<string, { x: number; y: number }>): Map<string, number> {
  const ties = (id: string) => body.ties.filter((tie) => tie.a === id || tie.b === id).length;
  const taken = [...at].map(([id, place]) => ({ id, x: place.x, y: place.y, half: 9, tall: 9 }));
  const named = new Map<string, number>();
  for (const one of [...body.actors].sort((a, b) => ties(b.id) - ties(a.id) || a.id.localeCompare(b.id))) {
    const place = at.get(one.id);
    if (!place) continue;
    const half = short(one).length * 3.6;
    const free = (shift: number) => taken.every((other) => other.id === one.id || Math.abs(other.y - place.y - shift + 4) >= other.tall + 7 || Math.abs(other.x - place.x) >= other.half + half);
    const shift = [-11, 21].find(free);
    if (shift === undefined) continue;
    taken.push({ id: "", x: place.x, y: place.y + shift - 4, half, tall: 7 });
    named.set(one.id, shift);
  }
  return named;
}

function blocLetters(actors: Member[]): Map<number | null, string> {
  const blocs = [...new Set(actors.map((one) => one.bloc))].sort((a, b) => (a ?? 1e9) - (b ?? 1e9));
  return new Map(blocs.map((bloc, index) => [bloc, bloc === null ? "none" : String.fromCharCode(65 + (index % 26))]));
}

/** The shade of a bloc: wide strokes from its middle to each member, which flow into one form. */
function Shade({ bloc, points }: { bloc: number | null; points: { x: number; y: number }[] }) {
  if (bloc === null || points.length === 0) return null;
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  return (
    <g class={`shade s${bloc % 6}`}>
      <path d={points.map((point) => `M${x} ${y}L${point.x} ${point.y}`).join("")} />
    </g>
  );
}

function Members({ body }: { body: Body }) {
  const letters = blocLetters(body.actors);
  const rows = [...body.actors].sort((a, b) => (a.bloc ?? 1e9) - (b.bloc ?? 1e9) || a.name.localeCompare(b.name));
  return <Table caption="Blocs" rows={rows} rowKey={(row) => row.id} columns={[
    { head: "Actor", cell: (row) => <Name id={row.id} name={row.name} /> },
    { head: "Bloc", cell: (row) => letters.get(row.bloc) ?? "–" },
    { head: "Ties", number: true, cell: (row) => figure(body.ties.filter((tie) => tie.a === row.id || tie.b === row.id).length) },
    { head: "Sum of ties", number: true, cell: (row) => figure(body.ties.filter((tie) => tie.a === row.id || tie.b === row.id).reduce((sum, tie) => sum + tie.weight, 0), 1) },
  ]} />;
}

function Side({ body }: { body: Body }) {
  const names = new Map(body.actors.map((one) => [one.id, one.name]));
  const name = (id: string) => names.get(id) ?? id;
  const others = (members: string[], one: Move) => members.filter((id) => id !== one.actor).map(name);
  const ties = [...body.ties].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 14);
  return (
    <>
      <h2>Who moved</h2>
      {body.moved.length === 0 ? <p class="quiet">Nobody changed blocs between the two dates.</p> : (
        <ul class="plain-list">
          {body.moved.map((one) => (
            <li key={one.actor}>
              <Name id={one.actor} name={name(one.actor)} />
              {others(one.left, one).length > 0 && <> left {others(one.left, one).join(", ")}</>}
              {others(one.joined, one).length > 0 && <> to stand with {others(one.joined, one).join(", ")}</>}
              {one.ties[0] && <span class="quiet"> (tie with {name(one.ties[0][0])}: {figure(one.ties[0][1], 1)} → {figure(one.ties[0][2], 1)})</span>}
            </li>
          ))}
        </ul>
      )}
      <h2>Strongest ties</h2>
      <Table caption="Strongest ties" rows={ties} columns={[
        { head: "Between", cell: (row) => <><Name id={row.a} name={name(row.a)} /> – <Name id={row.b} name={name(row.b)} /></> },
        { head: "Weight", number: true, cell: (row) => figure(row.weight, 2) },
      ]} />
    </>
  );
}
