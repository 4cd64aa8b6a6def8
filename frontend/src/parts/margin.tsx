/** The margin that says who speaks: a bar with a letter beside the lines of each claim. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

export interface Voice { id: string; letter: string; hue: number; name: string; depth: number }
interface Bar extends Voice { top: number; bottom: number }

const LANE = 14;

/** Measures where the marked text of each voice stands and draws its bars there; nested claims stand further right. */
export function Margin({ text, voices }: { text: RefObject<HTMLDivElement | null>; voices: Voice[] }) {
  const [bars, setBars] = useState<Bar[]>([]);
  const [height, setHeight] = useState(0);
  const seen = useRef("");
  useLayoutEffect(() => {
    const box = text.current;
    if (!box) return undefined;
    const measure = () => {
      const found = lanes(voices.map((voice) => barOf(box, voice)).filter((bar): bar is Bar => bar !== null));
      const key = JSON.stringify([found, box.scrollHeight]);
      if (key === seen.current) return;
      seen.current = key;
      setBars(found);
      setHeight(box.scrollHeight);
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(box);
    return () => watcher.disconnect();
  }, [voices]);
  return (
    <svg class="margin" width={LANE * 3} height={height} aria-hidden="true">
      {bars.map((bar) => {
        const x = Math.min(bar.depth, 2) * LANE;
        return (
          <g key={bar.id} class={`voice s${bar.hue}`}>
            <title>{bar.name}</title>
            <rect x={x + 9} y={bar.top + 1} width={3} height={Math.max(4, bar.bottom - bar.top - 2)} rx={1} />
            <text x={x} y={bar.top + 12}>{bar.letter}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** Moves a bar to the right where one before it already stands at the same height. */
function lanes(bars: Bar[]): Bar[] {
  const placed: Bar[] = [];
  for (const bar of [...bars].sort((a, b) => a.top - b.top || b.bottom - a.bottom)) {
    let depth = bar.depth;
    while (depth < 2 && placed.some((other) => other.depth === depth && other.top < bar.bottom - 8 && bar.top < other.bottom - 8)) depth += 1;
    placed.push({ ...bar, depth });
  }
  return placed;
}

function barOf(box: HTMLElement, voice: Voice): Bar | null {
  const origin = box.getBoundingClientRect().top;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const piece of box.querySelectorAll<HTMLElement>(`[data-claims~="${CSS.escape(voice.id)}"]`)) {
    const rect = piece.getBoundingClientRect();
    top = Math.min(top, rect.top - origin);
    bottom = Math.max(bottom, rect.bottom - origin);
  }
  return bottom > top ? { ...voice, top: Math.round(top), bottom: Math.round(bottom) } : null;
}
