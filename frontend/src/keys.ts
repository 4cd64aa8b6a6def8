/** Single-letter keys, each with a button that does the same; they can be switched off. */
import { signal } from "@preact/signals";

export interface Key { key: string; words: string; run: () => void }

const STORED = "dragoman.keys";

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

export const keysOn = signal(stored());

export function switchKeys(on: boolean): void {
  keysOn.value = on;
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

const always: Key[] = [];
export const viewKeys = signal<Key[]>([]);

export function addKeys(keys: Key[]): void {
  always.push(...keys);
}

export function allKeys(): Key[] {
  return [...viewKeys.value, ...always];
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

addEventListener("keydown", (event) => {
  if (!keysOn.value || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = allKeys().find((one) => one.key === event.key);
  if (!key) return;
  event.preventDefault();
  key.run();
});
