/** The server's own news: progress of reading, changes made in another tab, and whether it still runs. */
import { signal } from "@preact/signals";
import { generation } from "./api";
import { kept } from "./kept";

export interface Progress { job: string | number; done: number; total: number; failed: number; finished: boolean }

export const progress = signal<Progress | null>(null);
export const connected = signal(true);

const RETRY_MS = 1500;
let stream: EventSource | null = null;
let wasLost = false;

function heard(message: MessageEvent<string>): void {
  let news: Partial<Progress> & { changed?: number };
  try {
    news = JSON.parse(message.data) as typeof news;
  } catch {
    return;
  }
  if (news.changed !== undefined) generation.value += 1;
  if (news.job !== undefined) {
    progress.value = { job: news.job, done: news.done ?? 0, total: news.total ?? 0, failed: news.failed ?? 0, finished: news.finished ?? false };
    if (news.finished) generation.value += 1;
  }
}

/** Opens the stream and keeps it: a lost one is said to be lost and asked for again until the server is back. */
export function listen(): void {
  if (kept) return;
  stream?.close();
  stream = new EventSource("/api/events-stream");
  stream.onopen = () => {
    connected.value = true;
    if (wasLost) generation.value += 1;
    wasLost = false;
  };
  stream.onmessage = heard;
  for (const name of ["changed", "progress"]) stream.addEventListener(name, heard as (event: Event) => void);
  stream.onerror = () => {
    connected.value = false;
    wasLost = true;
    stream?.close();
    setTimeout(listen, RETRY_MS);
  };
}
