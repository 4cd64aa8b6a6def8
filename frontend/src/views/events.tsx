/** All events as a table, a page at a time. */
import { address, apiFilters, linkTo, setQuery } from "../address";
import { useData } from "../api";
import { Names } from "../parts/actor";
import { Sure, Type } from "../parts/record";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead } from "../parts/viewhead";
import { type EventRecord, type Page, sentenceOf } from "../records";
import { figure, intervalWords, title } from "../words";

const PAGE = 100;

export function Events() {
  const offset = Number(address.value.query["offset"] ?? 0) || 0;
  const loaded = useData<Page<EventRecord>>(() => ({
    path: "events",
    query: { ...apiFilters(), limit: PAGE, offset: Number(address.value.query["offset"] ?? 0) || 0 },
  }));
  return (
    <>
      <ViewHead title="Events" table={false} csv={{ path: "events", query: apiFilters() }} />
      <Answer of={loaded.value}>
        {({ rows, total }) => rows.length === 0 ? <Empty>No event matches these filters. Take one away, or <a href="#/inbox">add documents</a>.</Empty> : (
          <>
            <Pager total={total} offset={offset} />
            <EventTable rows={rows} />
          </>
        )}
      </Answer>
    </>
  );
}

export function EventTable({ rows, caption = "Events" }: { rows: EventRecord[]; caption?: string }) {
  return (
    <Table stack caption={caption} rows={rows} rowKey={(row) => row.id}
      columns={[
        { head: "When", cell: (row) => <a class="date" href={linkTo("reader", row.document, { record: row.id })}>{row.time ? intervalWords(row.time) : "undated"}</a> },
        { head: "Who", cell: (row) => <Names actors={row.actors} /> },
        { head: "What", cell: (row) => <Type event={row} /> },
        { head: "To whom", cell: (row) => <Names actors={row.recipients} /> },
        { head: "How sure", cell: (row) => <Sure factuality={row.factuality} /> },
        { head: "Words", cell: (row) => <span class="sentence">{sentenceOf(row)}</span>, wide: true },
        { head: "From", cell: (row) => <span class="quiet">{row.publisher ?? title({ title: row.title ?? null, id: row.document })}</span> },
      ]} />
  );
}

export function Pager({ total, offset, size = PAGE }: { total: number; offset: number; size?: number }) {
  const go = (to: number) => setQuery({ offset: to > 0 ? String(to) : undefined });
  return (
    <p class="pager">
      <span>{figure(Math.min(offset + 1, total))}–{figure(Math.min(offset + size, total))} of {figure(total)}</span>
      <button type="button" disabled={offset === 0} onClick={() => go(offset - size)}>Before</button>
      <button type="button" disabled={offset + size >= total} onClick={() => go(offset + size)}>Next</button>
    </p>
  );
}
