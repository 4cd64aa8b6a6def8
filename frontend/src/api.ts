/** Requests to the page's own server; nothing else is ever asked. */
import { type ReadonlySignal, signal, useSignal, useSignalEffect } from "@preact/signals";

import { kept, keptAnswer } from "./kept";

export type Query = Record<string, string | number | undefined>;

export class ApiError extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** Counts the changes of the workspace: whatever reads it is asked again when it grows. */
export const generation = signal(0);

export function apiAddress(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, String(value));
  const text = search.toString();
  return `/api/${path}${text ? `?${text}` : ""}`;
}

async function answer<Body>(response: Response): Promise<Body> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    throw new ApiError(`The server sent something that is no JSON (${response.status}).`, response.status);
  }
  if (!response.ok) {
    const message = (body as { error?: string }).error;
    throw new ApiError(message ?? `The server refused (${response.status}).`, response.status);
  }
  return body as Body;
}

export async function get<Body>(path: string, query: Query = {}, stop?: AbortSignal): Promise<Body> {
  if (kept) return keptAnswer(path, query) as Body;
  const init: RequestInit = { headers: { Accept: "application/json" } };
  if (stop) init.signal = stop;
  return answer<Body>(await fetch(apiAddress(path, query), init));
}

export async function post<Body>(path: string, body: unknown): Promise<Body> {
  if (kept) throw new ApiError("This page is a copy. Open the workspace itself to change it: dragoman serve", 403);
  return answer<Body>(
    await fetch(apiAddress(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Dragoman": "1" },
      body: JSON.stringify(body),
    }),
  );
}

export interface Loaded<Body> { data: Body | undefined; error: string | undefined; busy: boolean }

/**
 * Asks for `ask()` whenever a signal that it reads, or the workspace, changes.
 * What was shown stays until the new answer is there; an overtaken request is given up. `null` asks nothing.
 */
export function useData<Body>(ask: () => { path: string; query?: Query } | null): ReadonlySignal<Loaded<Body>> {
  const loaded = useSignal<Loaded<Body>>({ data: undefined, error: undefined, busy: true });
  useSignalEffect(() => {
    generation.value;
    const wanted = ask();
    if (!wanted) {
      loaded.value = { data: undefined, error: undefined, busy: false };
      return;
    }
    const stop = new AbortController();
    loaded.value = { ...loaded.peek(), busy: true };
    get<Body>(wanted.path, wanted.query ?? {}, stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) loaded.value = { data, error: undefined, busy: false };
      },
      (error: unknown) => {
        if (!stop.signal.aborted) loaded.value = { data: undefined, error: inWords(error), busy: false };
      },
    );
    return () => stop.abort();
  });
  return loaded;
}

export function inWords(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof TypeError) return "The server does not answer. Start it again: dragoman serve";
  return error instanceof Error ? error.message : String(error);
}
