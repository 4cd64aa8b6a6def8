/** The answers that the page brings along where it is one file without a server (dragoman export html). */
import type { Query } from "./api";
import type { DocumentInfo, EventRecord, Page, Reading } from "./records";

const place = document.getElementById("kept");

/** By address without "/api/", its query in the order of names; null where a server answers. */
export const kept: Record<string, unknown> | null = place?.textContent ? (JSON.parse(place.textContent) as Record<string, unknown>) : null;

const PAGED = new Set(["limit", "offset"]);
const MOST_HITS = 50;
const AROUND = 90;

/** What the file holds for a question; throws what to tell where it holds nothing. */
export function keptAnswer(path: string, query: Query): unknown {
  const asked = Object.entries(query).filter(([name, value]) => !PAGED.has(name) && value !== undefined && value !== "");
  asked.sort(([a], [b]) => (a < b ? -1 : 1));
  const key = asked.length > 0 ? `${path}?${asked.map(([name, value]) => `${name}=${String(value)}`).join("&")}` : path;
  const found = kept?.[key];
  if (found !== undefined) return found;
  if (path === "events") return eventsOf(query);
  if (path === "search") return search(String(query["q"] ?? ""));
  if (path === "actors") return [];
  if (path === "documents" || path === "corrections" || path === "disputed" || path === "predictions") return kept?.[path];
  throw new Error("This copy does not hold that. Open the workspace itself to see it: dragoman serve");
}

function eventsOf(query: Query): Page<EventRecord> {
  const all = (kept?.["events"] as Page<EventRecord> | undefined)?.rows ?? [];
  const side = (actors: EventRecord["actors"], wanted: unknown) =>
    !wanted || actors.some(({ id, name }) => id === wanted || name === wanted || id?.startsWith(`${String(wanted)}-`));
  const day = (event: EventRecord, end: "start" | "end") => event.time?.[end] ?? event.published ?? "";
  const rows = all.filter((event) =>
    side(event.actors, query["actor"]) && side(event.recipients, query["recipient"])
    && (!query["event_type"] || event.event_type === query["event_type"])
    && (!query["factuality"] || event.factuality === query["factuality"])
    && (!query["publisher"] || event.publisher === query["publisher"])
    && (!query["since"] || day(event, "end") >= String(query["since"]))
    && (!query["until"] || day(event, "start").slice(0, String(query["until"]).length) <= String(query["until"])));
  const from = Number(query["offset"] ?? 0);
  return { total: rows.length, rows: rows.slice(from, from + Number(query["limit"] ?? rows.length)) };
}

function search(words: string): Page<unknown> {
  const wanted = words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const documents = (kept?.["documents"] as Page<DocumentInfo> | undefined)?.rows ?? [];
  const rows = [];
  for (const one of documents) {
    const text = (kept?.[`documents/${one.id}`] as Reading | undefined)?.text ?? "";
    const lower = text.toLowerCase();
    if (wanted.length === 0 || !wanted.every((word) => lower.includes(word))) continue;
    const from = Math.max(0, lower.indexOf(wanted[0] as string) - AROUND);
    rows.push({ document: one.id, title: one.title, publisher: one.publisher, published: one.published, snippet: text.slice(from, from + 3 * AROUND), spans: [] });
  }
  return { total: rows.length, rows: rows.slice(0, MOST_HITS) };
}
