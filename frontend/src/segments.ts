/** Overlapping spans cut into segments, so that each piece of text knows every mark that lies on it. */
import type { AnyRecord, Reading, Span } from "./records";

export type MarkKind = "event" | "claim" | "mention";
export interface Mark { kind: MarkKind; id: string; start: number; end: number; classes: string; label: string }
export interface Segment { start: number; end: number; text: string; marks: Mark[] }
export interface Paragraph { start: number; end: number; segments: Segment[] }

/** Maps code points (what spans count) to UTF-16 units (what JavaScript strings count). */
export function unitsOf(text: string): (point: number) => number {
  // Without a surrogate pair both counts are the same, which holds for nearly every text.
  if (!/[\uD800-\uDBFF]/.test(text)) return (point) => Math.min(point, text.length);
  const starts: number[] = [];
  for (let unit = 0; unit < text.length; unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1) starts.push(unit);
  return (point) => starts[point] ?? text.length;
}

/** The span that shows a record in the text: an event's trigger, a claim's content. */
export function spanOf(record: AnyRecord): Span {
  return record.record === "event" ? record.trigger : record.content;
}

/** Paragraphs of the text, each cut where a mark begins or ends; offsets in UTF-16 units. */
export function paragraphs(text: string, marks: Mark[], edges: [number, number][]): Paragraph[] {
  const sorted = [...marks].filter((mark) => mark.end > mark.start).sort((a, b) => a.start - b.start || b.end - a.end);
  return edges.map(([from, to]) => ({ start: from, end: to, segments: segments(text, from, to, sorted) }));
}

function segments(text: string, from: number, to: number, sorted: Mark[]): Segment[] {
  const here = sorted.filter((mark) => mark.start < to && mark.end > from);
  const cuts = new Set([from, to]);
  for (const mark of here) {
    cuts.add(Math.max(mark.start, from));
    cuts.add(Math.min(mark.end, to));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const result: Segment[] = [];
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const start = edges[i] as number;
    const end = edges[i + 1] as number;
    result.push({ start, end, text: text.slice(start, end), marks: here.filter((mark) => mark.start <= start && mark.end >= end) });
  }
  return result;
}

/** The speakers of a reading in the order of their first words, with their letters: A, B, ... Z, AA. */
export function speakers(reading: Reading): Map<string, { letter: string; hue: number; name: string }> {
  const found = new Map<string, { letter: string; hue: number; name: string }>();
  const claims = [...reading.claims].sort((a, b) => a.content.start - b.content.start);
  for (const claim of claims) {
    const key = speakerKey(claim.speaker);
    if (found.has(key)) continue;
    const index = found.size;
    const letter = index < 26 ? String.fromCharCode(65 + index) : `A${String.fromCharCode(65 + (index % 26))}`;
    found.set(key, { letter, hue: index % HUES, name: claim.speaker?.name ?? "unnamed source" });
  }
  return found;
}

export const HUES = 6;

export function speakerKey(speaker: { id: string | null; name: string } | null): string {
  return speaker ? (speaker.name || speaker.id || "?") : "?";
}
