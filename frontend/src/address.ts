/** The page's address: a view, its subject and the filters, all in the hash so that it can be shared. */
import { computed, signal } from "@preact/signals";

export const VIEWS = ["inbox", "reader", "events", "timeline", "relations", "blocs", "map", "disputed", "predictions", "whatif", "search"] as const;
export type View = (typeof VIEWS)[number];

/** Filters that stay while one moves between views. */
export const FILTERS = ["actor", "recipient", "since", "until", "type", "factuality", "publisher", "place", "speaker", "story"] as const;
export type FilterName = (typeof FILTERS)[number];

export interface Address { view: View; subject: string; query: Record<string, string> }

export function parseHash(hash: string): Address {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...rest] = path.split("/");
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) if (value) query[name] = value;
  const known = (VIEWS as readonly string[]).includes(view) ? (view as View) : "inbox";
  let subject = rest.join("/");
  try {
    subject = decodeURIComponent(subject);
  } catch {
    // A broken escape in a shared address names nothing; the text as it stands will find nothing either.
  }
  return { view: known, subject, query };
}

export function formatHash(address: { view: View; subject?: string; query?: Record<string, string | undefined> }): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(address.query ?? {})) if (value) search.set(name, value);
  const path = address.subject ? `/${encodeURIComponent(address.subject)}` : "";
  const text = search.toString();
  return `#/${address.view}${path}${text ? `?${text}` : ""}`;
}

export const address = signal<Address>(parseHash(location.hash));
addEventListener("hashchange", () => {
  address.value = parseHash(location.hash);
});

export const filters = computed<Record<string, string>>(() => {
  const kept: Record<string, string> = {};
  for (const name of FILTERS) {
    const value = address.value.query[name];
    if (value) kept[name] = value;
  }
  return kept;
});

/** The hash of another view that keeps the filters; `query` adds to them or, with "", takes one away. */
export function linkTo(view: View, subject = "", query: Record<string, string> = {}): string {
  return formatHash({ view, subject, query: { ...filters.value, ...query } });
}

/** Changes parts of the query in place; `replace` leaves no step in the history. */
export function setQuery(changes: Record<string, string | undefined>, replace = false): void {
  const query: Record<string, string | undefined> = { ...address.value.query, ...changes };
  const hash = formatHash({ ...address.value, query });
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, "", hash);
    address.value = parseHash(hash);
  } else {
    location.hash = hash;
  }
}

/** The filters as the API names them. */
export function apiFilters(): Record<string, string> {
  const { type, ...rest } = filters.value;
  return type ? { ...rest, event_type: type } : rest;
}
