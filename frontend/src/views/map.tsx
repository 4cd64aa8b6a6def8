/** Places and flows on a map that is part of the page. */
import { useSignal } from "@preact/signals";
import { type GeoPermissibleObjects, type GeoProjection, geoNaturalEarth1, geoPath } from "d3-geo";
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo } from "preact/hooks";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { apiFilters, linkTo } from "../address";
import { inWords, useData } from "../api";
import { Name } from "../parts/actor";
import { ZoomButtons, useWidth, useZoom } from "../parts/chart";
import { Answer, Empty, Failed } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import { kept } from "../kept";
import { figure } from "../words";

interface Spot { id: string; name: string; lat: number; lon: number; events: number }
interface Flow { from: string; to: string; from_name: string; to_name: string; from_point: [number, number]; to_point: [number, number]; events: number; tone: number | null }
interface Body { places: Spot[]; flows: Flow[] }

type Outlines = Topology<{ countries: GeometryCollection }>;

async function outlines(): Promise<Outlines> {
  if (kept) return kept["world"] as Outlines;
  const response = await fetch("/world.json");
  if (!response.ok) throw new Error("The map's outlines are missing from this installation.");
  return (await response.json()) as Outlines;
}

let world: Promise<FeatureCollection> | undefined;

function countries(): Promise<FeatureCollection> {
  world ??= outlines().then((topology) => feature(topology, topology.objects.countries));
  return world;
}

export function WorldMap() {
  const loaded = useData<Body>(() => ({ path: "map", query: apiFilters() }));
  return (
    <>
      <ViewHead title="Map" csv={{ path: "map", query: apiFilters() }} />
      <Answer of={loaded.value}>
        {(body) => body.places.length === 0 && body.flows.length === 0
          ? <Empty>No event here has a place, or actors that stand on a map. Take filters away to see more.</Empty>
          : asTable() ? <AsTable body={body} /> : <Drawn body={body} />}
      </Answer>
    </>
  );
}

function AsTable({ body }: { body: Body }) {
  return (
    <div class="columns">
      <section>
        <h2>Places</h2>
        <Table caption="Places" rows={body.places} rowKey={(row) => row.id} columns={[
          { head: "Place", cell: (row) => row.name },
          { head: "Latitude", number: true, cell: (row) => figure(row.lat, 2) },
          { head: "Longitude", number: true, cell: (row) => figure(row.lon, 2) },
          { head: "Events", number: true, cell: (row) => figure(row.events) },
        ]} />
      </section>
      <section>
        <h2>Flows</h2>
        <Table caption="Flows" rows={body.flows} columns={[
          { head: "From", cell: (row) => <Name id={row.from} name={row.from_name} /> },
          { head: "To", cell: (row) => <Name id={row.to} name={row.to_name} /> },
          { head: "Events", number: true, cell: (row) => <a href={linkTo("events", "", { actor: row.from, recipient: row.to })}>{figure(row.events)}</a> },
          { head: "Tone", number: true, cell: (row) => figure(row.tone, 1) },
        ]} />
      </section>
    </div>
  );
}

function Drawn({ body }: { body: Body }) {
  const [box, width] = useWidth();
  const outlines = useSignal<FeatureCollection | null>(null);
  const failed = useSignal<string | null>(null);
  const height = Math.max(300, Math.min(640, Math.round(width * 0.56)));
  const zoom = useZoom(width, height, 24);
  useEffect(() => {
    countries().then((found) => { outlines.value = found; }, (error: unknown) => { failed.value = inWords(error); });
  }, []);
  const projection = useMemo(() => fitted(body, width, height), [body, width, height]);
  const paths = useMemo(() => {
    const path = geoPath(projection).digits(1);
    return (outlines.value?.features ?? []).map((one) => path(one) ?? "");
  }, [projection, outlines.value]);
  const { k, x, y } = zoom.transform.value;
  const onScreen = (point: [number, number]): [number, number] => {
    const [px, py] = projection(point) ?? [Number.NaN, Number.NaN];
    return [px * k + x, py * k + y];
  };
  const most = Math.max(1, ...body.flows.map((flow) => flow.events));
  return (
    <>
      <div class="row">
        <p class="legend">
          <span><svg width="30" height="10" aria-hidden="true"><path class="flow coop" d="M0 5h30" stroke-width="2" /></svg> cooperation</span>
          <span><svg width="30" height="10" aria-hidden="true"><path class="flow conflict" d="M0 5h30" stroke-width="2" /></svg> conflict</span>
          <span>seen from who acts, a flow bends to the right</span>
        </p>
        <span class="spring" /><ZoomButtons zoom={zoom} />
      </div>
      {failed.value && <Failed message={failed.value} />}
      <div class="chart map" ref={box}>
        <svg ref={zoom.ref} width={width} height={height} class="zoomable" role="group" tabIndex={0} aria-label={`Map of ${body.places.length} places and ${body.flows.length} flows`}>
          <g class="land" transform={`translate(${x} ${y}) scale(${k})`} aria-hidden="true">{paths.map((d, index) => <path key={index} d={d} />)}</g>
          {body.flows.map((flow) => {
            const d = arc(onScreen(flow.from_point), onScreen(flow.to_point));
            return d && (
              <a key={`${flow.from}|${flow.to}`} href={linkTo("events", "", { actor: flow.from, recipient: flow.to })} aria-label={`${flow.from_name} to ${flow.to_name}, ${flow.events} events`}>
                <title>{`${flow.from_name} → ${flow.to_name}: ${figure(flow.events)} events, tone ${figure(flow.tone, 1)}`}</title>
                <path class={`flow ${(flow.tone ?? 0) < 0 ? "conflict" : "coop"}`} d={d} stroke-width={1 + 4 * Math.sqrt(flow.events / most)} />
              </a>
            );
          })}
          <Spots places={body.places} at={onScreen} width={width} height={height} />
        </svg>
      </div>
    </>
  );
}

function fitted(body: Body, width: number, height: number): GeoProjection {
  const points = [...body.places.map((place): [number, number] => [place.lon, place.lat]), ...body.flows.flatMap((flow) => [flow.from_point, flow.to_point])];
  const wide = points.length > 1 && spread(points) > 8;
  const all: GeoPermissibleObjects = wide ? { type: "MultiPoint", coordinates: points } : { type: "Sphere" };
  const pad = wide ? Math.min(70, width / 8) : 4;
  return geoNaturalEarth1().fitExtent([[pad, pad], [width - pad, height - pad]], all);
}

function spread(points: [number, number][]): number {
  const lons = points.map((point) => point[0]);
  return Math.max(...lons) - Math.min(...lons);
}

function arc([ax, ay]: [number, number], [bx, by]: [number, number]): string | null {
  if (![ax, ay, bx, by].every(Number.isFinite)) return null;
  const [dx, dy] = [bx - ax, by - ay];
  // Bent to one side, so that both directions of a pair can be told apart.
  return `M${ax.toFixed(1)} ${ay.toFixed(1)}Q${(ax + dx / 2 - dy * 0.18).toFixed(1)} ${(ay + dy / 2 + dx * 0.18).toFixed(1)} ${bx.toFixed(1)} ${by.toFixed(1)}`;
}

interface Label { place: Spot; x: number; y: number; r: number; text: boolean; left: boolean }

/** Labels in the order of events, each only where it covers none before it. */
function labels(places: Spot[], at: (point: [number, number]) => [number, number], width: number, height: number): Label[] {
  const most = Math.max(1, ...places.map((place) => place.events));
  const taken: [number, number, number, number][] = [];
  const radius = (place: Spot) => 3 + 7 * Math.sqrt(place.events / most);
  const dots = places.map((place) => ({ id: place.id, at: at([place.lon, place.lat]), r: radius(place), events: place.events }));
  const result: Label[] = [];
  for (const place of [...places].sort((a, b) => b.events - a.events || a.name.localeCompare(b.name))) {
    const [x, y] = at([place.lon, place.lat]);
    if (!(x > -20 && x < width + 20 && y > -20 && y < height + 20)) continue;
    const r = radius(place);
    const long = place.name.length * 6.6 + 4;
    const free = (box: [number, number, number, number]) => box[0] >= 0 && box[2] <= width && taken.every((one) => box[2] < one[0] || box[0] > one[2] || box[3] < one[1] || box[1] > one[3])
      && dots.every((dot) => dot.id === place.id || dot.events < place.events || dot.at[0] + dot.r < box[0] || dot.at[0] - dot.r > box[2] || dot.at[1] + dot.r < box[1] || dot.at[1] - dot.r > box[3]);
    const right: [number, number, number, number] = [x + r, y - 8, x + r + long, y + 8];
    const left: [number, number, number, number] = [x - r - long, y - 8, x - r, y + 8];
    const box = free(right) ? right : free(left) ? left : null;
    if (box) taken.push(box);
    result.push({ place, x, y, r, text: box !== null, left: box === left });
  }
  return result;
}

function Spots({ places, at, width, height }: { places: Spot[]; at: (point: [number, number]) => [number, number]; width: number; height: number }) {
  return (
    <>
      {labels(places, at, width, height).map(({ place, x, y, r, text, left }) => (
        <a key={place.id} class="spot" href={linkTo("events", "", { place: place.name })} aria-label={`${place.name}, ${place.events} events`}>
          <title>{`${place.name}: ${figure(place.events)} events`}</title>
          <circle cx={x} cy={y} r={r} />
          {text && <text x={left ? x - r - 4 : x + r + 4} y={y + 4} text-anchor={left ? "end" : "start"}>{place.name}</text>}
        </a>
      ))}
    </>
  );
}
