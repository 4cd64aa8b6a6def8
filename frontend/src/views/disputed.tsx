/** Claims in conflict, side by side. */
import { apiFilters, linkTo } from "../address";
import { useData } from "../api";
import { Name } from "../parts/actor";
import { Sure } from "../parts/record";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import type { ActorRef, Page, Span } from "../records";
import { dateWords } from "../words";

interface Side { id?: string; document?: string; speaker: ActorRef | string | null; sentence: string | Span; content?: Span | null; factuality: string; publisher?: string | null; published?: string | null; title?: string | null }
interface Group { topic: string; kind?: string; sides: Side[] }

export function Disputed() {
  const loaded = useData<Page<Group> | Group[]>(() => ({ path: "disputed", query: { ...apiFilters(), limit: 100 } }));
  return (
    <>
      <ViewHead title="Disputed" csv={{ path: "disputed", query: apiFilters() }} />
      <Answer of={loaded.value}>
        {(body) => {
          const groups = Array.isArray(body) ? body : body.rows;
          if (groups.length === 0) return <Empty>No two sources contradict each other here. More documents on one story make disputes visible.</Empty>;
          return asTable() ? <AsTable groups={groups} /> : <>{groups.map((group, index) => <OneGroup key={index} group={group} />)}</>;
        }}
      </Answer>
    </>
  );
}

function words(side: Side): string {
  return typeof side.sentence === "string" ? side.sentence : side.sentence.quote;
}

function Speaker({ side }: { side: Side }) {
  if (!side.speaker) return <span class="quiet">{side.publisher ?? "the text itself"}</span>;
  return typeof side.speaker === "string" ? <span class="actor">{side.speaker}</span> : <Name id={side.speaker.id} name={side.speaker.name} />;
}

function Where({ side }: { side: Side }) {
  const label = [side.publisher, side.published && dateWords(side.published)].filter(Boolean).join(", ") || side.title || "in the text";
  return side.document ? <a href={linkTo("reader", side.document, side.id ? { record: side.id } : {})}>{label}</a> : <span class="quiet">{label}</span>;
}

function OneGroup({ group }: { group: Group }) {
  return (
    <section class="dispute">
      <h2>{group.topic}</h2>
      <ul>
        {group.sides.map((side, index) => (
          <li key={side.id ?? index}>
            <p class="who"><Speaker side={side} /> <Sure factuality={side.factuality} /></p>
            <blockquote class="sentence">{words(side)}</blockquote>
            <p class="foot"><Where side={side} /></p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AsTable({ groups }: { groups: Group[] }) {
  const rows = groups.flatMap((group) => group.sides.map((side) => ({ topic: group.topic, side })));
  return <Table caption="Disputed claims" rows={rows} columns={[
    { head: "About", cell: (row) => row.topic },
    { head: "Who says so", cell: (row) => <Speaker side={row.side} /> },
    { head: "How sure", cell: (row) => <Sure factuality={row.side.factuality} /> },
    { head: "Words", wide: true, cell: (row) => <span class="sentence">{words(row.side)}</span> },
    { head: "From", cell: (row) => <Where side={row.side} /> },
  ]} />;
}
