/** The records as the server sends them (see docs on records); spans are in code points. */

export interface Span { start: number; end: number; quote: string }
export interface ActorRef { id: string | null; name: string; span: Span | null; wikidata: string | null; via: string | null }
export interface Interval { start: string | null; end: string | null; granularity: string | null; approximate: boolean; basis: string; quote: string | null }
export interface Place { name: string; lat: number | null; lon: number | null; country: string | null; span: Span | null }
export interface Probability { low: number; high: number; phrase: string }
export interface Quantity { value: number | null; low: number | null; high: number | null; unit: string | null; span: Span }

export interface DocumentInfo {
  id: string;
  title: string | null;
  /** How its text begins. */
  beginning?: string | null;
  publisher: string | null;
  author?: string | null;
  url?: string | null;
  published: string | null;
  language?: string | null;
  events?: number;
  claims?: number;
}

/** What a list adds to a record: where it stands and the words that carry it. */
interface Standing {
  title?: string | null;
  publisher?: string | null;
  published?: string | null;
  review?: "accepted" | "rejected" | null;
}

export interface EventRecord extends Standing {
  record: "event";
  id: string;
  document: string;
  sentence: Span | string;
  trigger: Span;
  actors: ActorRef[];
  recipients: ActorRef[];
  event_type: string;
  mode: string | null;
  contexts: string[];
  time: Interval | null;
  place: Place | null;
  quantities: Quantity[];
  factuality: string;
  claims: string[];
  quad_class: number | null;
  intensity: number | null;
  why: string | null;
}

export interface Prediction { about?: string | null; horizon: Interval | null; condition: Span | null; checkable: boolean; events: string[] }

export interface ClaimRecord extends Standing {
  record: "claim";
  id: string;
  document: string;
  sentence: Span | string;
  source: Span | null;
  cue: Span | null;
  content: Span;
  speaker: ActorRef | null;
  kind: string;
  act: string;
  factuality: string;
  probability: Probability | null;
  parent: string | null;
  prediction: Prediction | null;
  why: string | null;
}

export type AnyRecord = EventRecord | ClaimRecord;

export interface Mention { actor: string | null; name?: string; span: Span; place: boolean }
export interface ActorInfo { id: string; name: string; kind?: string | null; country?: string | null }
export interface Reading {
  document: DocumentInfo;
  text: string;
  events: EventRecord[];
  claims: ClaimRecord[];
  /** Start and end of each paragraph as it is shown, in code points. */
  paragraphs: [number, number][];
  /** Whether the first paragraph is the text's own title. */
  headed: boolean;
  mentions: Mention[];
  actors: Record<string, ActorInfo>;
  notes?: string[];
}

export interface Correction { id: number; kind: string; subject: string; field?: string | null; value?: string | null; user?: string | null; made?: string; active?: boolean }

export interface Page<Row> { total: number; rows: Row[] }

/** The sentence of a record, whether the list sends its words or its span. */
export function sentenceOf(record: AnyRecord): string {
  return typeof record.sentence === "string" ? record.sentence : record.sentence.quote;
}
