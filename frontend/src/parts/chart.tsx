/** What the charts share: their width, their axis of time and their zoom. */
import { type Signal, useSignal } from "@preact/signals";
import { scaleUtc } from "d3-scale";
import { select } from "d3-selection";
import { type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { dateWords } from "../words";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** The width of the element that holds a chart, measured again when it changes. */
export function useWidth(fallback = 800): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(fallback);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => { width.value = Math.max(240, Math.floor(element.clientWidth)); };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return [box, width.value];
}

export function day(date: string): Date {
  return new Date(`${date.slice(0, 10)}T00:00:00Z`);
}

export type TimeScale = ReturnType<typeof scaleUtc<number, number>>;

export function timeScale(domain: [Date, Date], range: [number, number]): TimeScale {
  // One date alone still needs a stretch of time to stand in.
  const [from, to] = domain;
  const pad = from.getTime() === to.getTime() ? 90 * 864e5 : 0;
  return scaleUtc<number, number>().domain([new Date(from.getTime() - pad), new Date(to.getTime() + pad)]).range(range);
}

export function TimeAxis({ scale, top, height }: { scale: TimeScale; top: number; height: number }) {
  const [from = 0, to = 0] = scale.range();
  const ticks = scale.ticks(Math.max(2, Math.floor((to - from) / 90)));
  const format = (tick: Date, index: number) => tickWords(tick, ticks, index);
  return (
    <g class="axis" aria-hidden="true">
      {ticks.map((tick, index) => (
        <g key={tick.getTime()}>
          <line x1={scale(tick)} x2={scale(tick)} y1={top} y2={top + height} />
          <text x={scale(tick)} y={top + height + 14} text-anchor="middle">{format(tick, index)}</text>
        </g>
      ))}
    </g>
  );
}

/** A year alone where years are marked; else month or day, with the year at the first mark and where it changes. */
function tickWords(tick: Date, ticks: Date[], index: number): string {
  const iso = tick.toISOString().slice(0, 10);
  const [before, after] = [ticks[index - 1], ticks[index + 1] ?? ticks[index - 1]];
  const step = after ? Math.abs(after.getTime() - tick.getTime()) / 864e5 : 365;
  if (step > 300) return iso.slice(0, 4);
  const words = dateWords(step > 25 ? iso.slice(0, 7) : iso);
  const year = iso.slice(0, 4);
  return before && before.toISOString().slice(0, 4) === year ? words.slice(0, -5) : step > 25 && iso.slice(5, 7) === "01" ? year : words;
}

export interface Zoom {
  ref: RefObject<SVGSVGElement | null>;
  transform: Signal<ZoomTransform>;
  by: (factor: number) => void;
  reset: () => void;
  /** Shows the stretch between two places across, in the room right of `left`. */
  show: (from: number, to: number, left: number) => void;
}

/** Zoom by wheel, pinch and drag, and by buttons for the keyboard. */
export function useZoom(width: number, height: number, most: number): Zoom {
  const ref = useRef<SVGSVGElement>(null);
  const transform = useSignal<ZoomTransform>(zoomIdentity);
  const behaviour = useRef(zoom<SVGSVGElement, unknown>());
  useEffect(() => {
    if (!ref.current) return;
    behaviour.current
      .scaleExtent([1, most])
      .extent([[0, 0], [width, height]])
      .translateExtent([[0, 0], [width, height]])
      .filter((event: Event) => !(event instanceof WheelEvent) || event.ctrlKey || event.shiftKey || document.activeElement === ref.current || transform.peek().k > 1)
      .on("zoom", (event: { transform: ZoomTransform }) => { transform.value = event.transform; });
    select(ref.current).call(behaviour.current).on("dblclick.zoom", null);
  }, [width, height]);
  const on = (act: (at: ReturnType<typeof select<SVGSVGElement, unknown>>) => void) => { if (ref.current) act(select<SVGSVGElement, unknown>(ref.current)); };
  return {
    ref,
    transform,
    by: (factor) => on((at) => behaviour.current.scaleBy(at, factor)),
    reset: () => on((at) => behaviour.current.transform(at, zoomIdentity)),
    show: (from, to, left) => on((at) => {
      const k = Math.max(1, Math.min(most, (width - left) / Math.max(1, to - from)));
      behaviour.current.transform(at, zoomIdentity.translate(left - k * from, 0).scale(k));
    }),
  };
}

export function ZoomButtons({ zoom: by }: { zoom: Zoom }) {
  return (
    <span class="zoom-buttons" role="group" aria-label="Zoom">
      <button type="button" onClick={() => by.by(1.6)} aria-label="Zoom in">+</button>
      <button type="button" onClick={() => by.by(1 / 1.6)} aria-label="Zoom out">−</button>
      <button type="button" onClick={by.reset}>All</button>
    </span>
  );
}

/** The four quad classes told apart by form as well as colour: open is verbal, filled is material; round is cooperation, a diamond conflict. */
export function QuadMark({ x, y, size, quad }: { x: number; y: number; size: number; quad: number }) {
  const kind = `mark quad${quad}`;
  if (quad === 3 || quad === 4) {
    return <path class={kind} d={`M${x} ${y - size * 1.2}l${size * 1.2} ${size * 1.2}l${-size * 1.2} ${size * 1.2}l${-size * 1.2} ${-size * 1.2}z`} />;
  }
  return <circle class={kind} cx={x} cy={y} r={size} />;
}

export function QuadLegend() {
  return (
    <p class="legend">
      {["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"].map((words, index) => (
        <span key={words}><svg width="14" height="14" aria-hidden="true"><QuadMark x={7} y={7} size={4.5} quad={index + 1} /></svg> {words}</span>
      ))}
    </p>
  );
}
