/** The head of a view: its name, the switch to its table, and its data as CSV. */
import type { ComponentChildren } from "preact";
import { address, setQuery } from "../address";
import { type Query, apiAddress } from "../api";
import { kept } from "../kept";

/** Whether the view is shown as a table; it is part of the address. */
export function asTable(): boolean {
  return address.value.query["as"] === "table";
}

export function ViewHead({ title, csv, table = true, children }: { title: string; csv?: { path: string; query: Query }; table?: boolean; children?: ComponentChildren }) {
  return (
    <header class="view-head">
      <h1>{title}</h1>
      {children}
      <span class="spring" />
      {table && (
        <button type="button" aria-pressed={asTable()} onClick={() => setQuery({ as: asTable() ? undefined : "table" })}>As table</button>
      )}
      {csv && !kept && <a class="button" href={apiAddress(csv.path, { ...csv.query, format: "csv" })} download={`${csv.path.split("/").join("-")}.csv`}>CSV</a>}
    </header>
  );
}
