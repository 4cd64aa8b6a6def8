/** One record as a card: the reader's right-hand side. */
import type { AnyRecord, ClaimRecord, EventRecord } from "../records";
import { ACTS, BASIS, FACTUALITY, RESTS, QUAD, figure, intervalWords, sureness } from "../words";
import { Name, Names } from "./actor";

export function Sure({ factuality }: { factuality: string }) {
  return <span class={`sure ${sureness(factuality)}`} title={`factuality ${factuality}`}>{FACTUALITY[factuality] ?? factuality}</span>;
}

export function Type({ event }: { event: { event_type: string; quad_class: number | null; mode?: string | null } }) {
  return (
    <span class={`type q${event.quad_class ?? 0}`} title={event.quad_class ? QUAD[event.quad_class] : undefined}>
      {event.event_type}{event.mode ? <span class="mode"> {event.mode}</span> : null}
    </span>
  );
}

export function RecordCard({ record, selected, letter, onSelect }: { record: AnyRecord; selected: boolean; letter?: { letter: string; hue: number }; onSelect: () => void }) {
  const review = record.review ? ` ${record.review}` : "";
  return (
    <li id={`card-${record.id}`} class={`record ${record.record}${selected ? " selected" : ""}${review}`} aria-current={selected ? "true" : undefined} onClick={onSelect}>
      {record.record === "event" ? <EventLines event={record} /> : <ClaimLines claim={record} {...(letter ? { letter } : {})} />}
      <p class="foot">
        <button type="button" class="plain id" onClick={onSelect} aria-label={`Show ${record.id} in the text`}>{record.id.split(".").pop()}</button>
        {record.review && <strong class="review">{record.review}</strong>}
        {record.why && <span class="why" title={record.why}>{record.why}</span>}
      </p>
    </li>
  );
}

function EventLines({ event }: { event: EventRecord }) {
  return (
    <>
      <p class="who"><Names actors={event.actors} /> <Type event={event} /> <Names actors={event.recipients} /></p>
      <dl class="facts">
        <dt>When</dt><dd>{intervalWords(event.time)}{event.time && <span class="quiet" title={BASIS[event.time.basis]}> {RESTS[event.time.basis] ?? event.time.basis}</span>}</dd>
        {event.place && <><dt>Where</dt><dd>{event.place.name}</dd></>}
        {event.quantities.length > 0 && <><dt>How much</dt><dd>{event.quantities.map((one) => one.span.quote).join("; ")}</dd></>}
        <dt>How sure</dt><dd><Sure factuality={event.factuality} />{event.claims.length > 0 && <span class="quiet"> as {event.claims.length > 1 ? "sources say" : "a source says"}</span>}</dd>
        {event.contexts.length > 0 && <><dt>About</dt><dd>{event.contexts.join(", ")}</dd></>}
      </dl>
    </>
  );
}

function ClaimLines({ claim, letter }: { claim: ClaimRecord; letter?: { letter: string; hue: number } }) {
  return (
    <>
      <p class="who">
        {letter && <span class={`letter s${letter.hue}`} aria-hidden="true">{letter.letter}</span>}{" "}
        {claim.speaker ? <Name id={claim.speaker.id} name={claim.speaker.name} /> : <span class="quiet">unnamed source</span>}{" "}
        <span class="act">{claim.cue?.quote ?? ACTS[claim.act] ?? claim.act}</span>
      </p>
      <p class="content">{claim.content.quote}</p>
      <dl class="facts">
        <dt>How sure</dt>
        <dd><Sure factuality={claim.factuality} />{claim.probability && <span class="quiet"> “{claim.probability.phrase}”, {figure(claim.probability.low * 100)}–{figure(claim.probability.high * 100)} %</span>}</dd>
        {claim.prediction && <><dt>Foretells</dt><dd>{intervalWords(claim.prediction.horizon)}</dd></>}
      </dl>
    </>
  );
}
