/** The document with its evidence marked. */
import { useMemo, useRef } from "preact/hooks";
import type { Reading } from "../records";
import { type Mark, type Segment, paragraphs, speakerKey, speakers, spanOf, unitsOf } from "../segments";
import { sureness } from "../words";
import { Margin, type Voice } from "./margin";

export function MarkedText({ reading, selected, onSelect }: { reading: Reading; selected: string | null; onSelect: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const pieces = useMemo(() => {
    const unit = unitsOf(reading.text);
    return paragraphs(reading.text, marksOf(reading), reading.paragraphs.map(([from, to]) => [unit(from), unit(to)]));
  }, [reading]);
  const voices = useMemo(() => voicesOf(reading), [reading]);
  const choose = (segment: Segment) => {
    const ids = [...segment.marks].filter((mark) => mark.kind !== "mention").sort((a, b) => a.end - a.start - (b.end - b.start)).map((mark) => mark.id);
    if (ids.length === 0) return;
    const at = selected ? ids.indexOf(selected) : -1;
    onSelect(ids[(at + 1) % ids.length] as string);
  };
  return (
    <div class="marked">
      <Margin text={box} voices={voices} />
      <div class="text" ref={box} lang={reading.document.language ?? "en"}>
        {pieces.map((paragraph, number) => (
          <p key={paragraph.start} class={reading.headed && number === 0 ? "headline" : undefined}>
            {paragraph.segments.map((segment) => <Piece key={segment.start} segment={segment} selected={selected} onChoose={choose} />)}
          </p>
        ))}
      </div>
    </div>
  );
}

function Piece({ segment, selected, onChoose }: { segment: Segment; selected: string | null; onChoose: (segment: Segment) => void }) {
  if (segment.marks.length === 0) return <>{segment.text}</>;
  const classes = new Set<string>();
  const claims: string[] = [];
  for (const mark of segment.marks) {
    for (const one of mark.classes.split(" ")) classes.add(one);
    if (mark.kind === "claim") claims.push(mark.id);
    if (mark.id === selected) classes.add("selected");
  }
  const events = segment.marks.filter((mark) => mark.kind === "event");
  const label = segment.marks.map((mark) => mark.label).join(" · ");
  // The same record's later pieces are not stops of their own: one stop a record for the keyboard is its card.
  return (
    <span class={[...classes].join(" ")} data-claims={claims.join(" ") || undefined} data-events={events.map((mark) => mark.id).join(" ") || undefined} title={label}
      onClick={() => onChoose(segment)}>
      {segment.text}
    </span>
  );
}

function marksOf(reading: Reading): Mark[] {
  const unit = unitsOf(reading.text);
  const marks: Mark[] = [];
  for (const record of [...reading.claims, ...reading.events]) {
    const span = spanOf(record);
    const kind = record.record;
    const classes = kind === "event" ? `m-event q${record.quad_class ?? 0} ${sureness(record.factuality)}` : "m-claim";
    const label = kind === "event" ? `${record.event_type}: ${record.factuality}` : `${record.speaker?.name ?? "unnamed source"}: ${record.factuality}`;
    marks.push({ kind, id: record.id, start: unit(span.start), end: unit(span.end), classes: `${classes}${record.review === "rejected" ? " m-rejected" : ""}`, label });
  }
  for (const mention of reading.mentions) {
    const name = mention.name ?? (mention.actor ? reading.actors[mention.actor]?.name : null) ?? mention.actor ?? "not resolved";
    marks.push({ kind: "mention", id: mention.actor ?? "", start: unit(mention.span.start), end: unit(mention.span.end), classes: mention.place ? "m-place" : "m-actor", label: name });
  }
  return marks;
}

function voicesOf(reading: Reading): Voice[] {
  const letters = speakers(reading);
  const parents = new Map(reading.claims.map((claim) => [claim.id, claim.parent]));
  return reading.claims.map((claim) => {
    const who = letters.get(speakerKey(claim.speaker));
    let depth = 0;
    for (let parent = claim.parent; parent && depth < 3; parent = parents.get(parent) ?? null) depth += 1;
    return { id: claim.id, letter: who?.letter ?? "?", hue: who?.hue ?? 0, name: who?.name ?? "?", depth };
  });
}
