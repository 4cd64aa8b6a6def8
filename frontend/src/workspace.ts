/** The state of the workspace, which many views show. */
import { effect, signal } from "@preact/signals";
import { generation, get, inWords } from "./api";

export interface Status {
  name: string;
  read_only: boolean;
  counts: { documents: number; events: number; claims: number; failed: number };
  sources: unknown[];
  failures: { source: string; error: string; message: string }[];
  since: string | null;
  until: string | null;
  publishers: (string | { name: string })[];
  top_actors: { id: string; name: string; events: number }[];
}

export const workspace = signal<Status | null>(null);
export const unreachable = signal<string | null>(null);

effect(() => {
  generation.value;
  get<Status>("status").then(
    (status) => {
      workspace.value = status;
      unreachable.value = null;
    },
    (error: unknown) => { unreachable.value = inWords(error); },
  );
});

export function publishers(): string[] {
  return (workspace.value?.publishers ?? []).map((one) => (typeof one === "string" ? one : one.name));
}
