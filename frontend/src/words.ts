/** The names that the page shows for the codes of the records. */

export const EVENT_TYPES = [
  "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
  "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
] as const;

export const FACTUALITY: Record<string, string> = {
  "CT+": "certain",
  "PR+": "probable",
  "PS+": "possible",
  "CT-": "certainly not",
  "PR-": "probably not",
  "PS-": "possibly not",
  CTu: "open whether",
  Uu: "uncommitted",
};

/** What a speaker does, where the text has no word for it. */
export const ACTS: Record<string, string> = { say: "says", think: "thinks", ask: "asks", deny: "denies", expect: "expects", intend: "intends" };

export const QUAD: Record<number, string> = {
  1: "verbal cooperation",
  2: "material cooperation",
  3: "verbal conflict",
  4: "material conflict",
};

/** What a date rests on, in a word or two. */
export const RESTS: Record<string, string> = { explicit: "as dated", relative: "reckoned", anchored: "by another event", document: "by publication" };

export const BASIS: Record<string, string> = {
  explicit: "date in the text",
  relative: "counted from the date of publication",
  anchored: "counted from another event",
  document: "nothing said; the date of publication bounds it",
};

/** The CSS class that draws how sure a record is: by the style of a line, never by colour alone. */
export function sureness(factuality: string): string {
  const grade = factuality.startsWith("CT") && factuality !== "CTu" ? "ct" : factuality.startsWith("PR") ? "pr" : factuality.startsWith("PS") ? "ps" : "uu";
  return factuality.endsWith("-") ? `f-${grade} f-not` : `f-${grade}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An ISO date as "3 May 2024"; what is unknown is a dash. */
export function dateWords(date: string | null | undefined): string {
  if (!date) return "–";
  const parts = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(date);
  if (!parts) return date;
  const month = parts[2] ? `${MONTHS[Number(parts[2]) - 1] ?? parts[2]} ` : "";
  const day = parts[3] ? `${Number(parts[3])} ` : "";
  return `${day}${month}${parts[1]}`;
}

export function intervalWords(time: { start: string | null; end: string | null; approximate: boolean } | null): string {
  if (!time || (!time.start && !time.end)) return "–";
  const about = time.approximate ? "about " : "";
  if (time.start === time.end) return about + dateWords(time.start);
  if (!time.start) return `until ${about}${dateWords(time.end)}`;
  if (!time.end) return `from ${about}${dateWords(time.start)}`;
  return about + (wholePeriod(time.start, time.end) ?? `${dateWords(time.start)} – ${dateWords(time.end)}`);
}

/** A whole year or month by its name alone. */
function wholePeriod(start: string, end: string): string | null {
  const [year = "", month = ""] = start.split("-");
  if (start === `${year}-01-01` && end === `${year}-12-31`) return year;
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
  return start === `${year}-${month}-01` && end === last ? dateWords(`${year}-${month}`) : null;
}

/** From one date to another; one alone where they are the same. */
export function spanWords(from: string | null | undefined, to: string | null | undefined): string {
  return from === to ? dateWords(from) : `${dateWords(from)} – ${dateWords(to)}`;
}

export function names(actors: { name: string }[]): string {
  return actors.map((actor) => actor.name).join(", ");
}

export function figure(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

/** A document's title, or how its text begins. */
export function title(document: { title?: string | null; beginning?: string | null; id?: string | null }): string {
  const begins = document.beginning?.replace(/\s+/g, " ").trim();
  return document.title || (begins ? `${begins}…` : `Untitled ${document.id ? document.id.slice(0, 12) : "document"}`);
}
