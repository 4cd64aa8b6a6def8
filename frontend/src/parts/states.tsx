/** What a view shows while there is nothing, an error, or nothing yet. */
import type { ComponentChildren } from "preact";
import type { Loaded } from "../api";

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

export function Failed({ message }: { message: string }) {
  return (
    <div class="failed" role="alert">
      <strong>This could not be shown.</strong> {message}
    </div>
  );
}

/** Shows the answer of a request, or what stands in its place; the last answer stays while a new one is fetched. */
export function Answer<Body>({ of, children }: { of: Loaded<Body>; children: (body: Body) => ComponentChildren }) {
  if (of.error) return <Failed message={of.error} />;
  if (of.data === undefined) return of.busy ? <p class="quiet" role="status">Reading the workspace…</p> : null;
  return <div class={of.busy ? "answer busy" : "answer"} aria-busy={of.busy}>{children(of.data)}</div>;
}
