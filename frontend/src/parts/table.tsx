/** A table of rows; on a narrow screen it scrolls in its own box, or its rows stand stacked. */
import type { ComponentChildren } from "preact";

export interface Column<Row> { head: string; cell: (row: Row) => ComponentChildren; number?: boolean; wide?: boolean }

export function Table<Row>({ caption, columns, rows, rowKey, stack = false }: { caption: string; stack?: boolean; columns: Column<Row>[]; rows: Row[]; rowKey?: (row: Row, index: number) => string | number }) {
  return (
    <div class="wide-table" role="region" aria-label={caption} tabIndex={0}>
      <table class={stack ? "stack" : ""}>
        <caption class="unseen">{caption}</caption>
        <thead><tr>{columns.map((column) => <th key={column.head} scope="col" class={column.number ? "number" : ""}>{column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey ? rowKey(row, index) : index}>
              {columns.map((column) => <td key={column.head} class={`${column.number ? "number" : ""}${column.wide ? " wide" : ""}`}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
