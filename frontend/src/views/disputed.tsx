/** Claims in conflict, side by side. */
import { apiFilters, linkTo } from "../address";
import { useData } from "../api";
import { Name } from "../parts/actor";
import { Sure } from "../parts/record";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead, asTable } from "../parts/viewhead";
import type { Page } from "../records";
import { dateWords } from "../words";

interface Side {
  claim: string;
  document: string;
  speaker: string | null;
  speaker_id: string | null;
  sentence: string;
  factuality: string;
  publisher: string | null;
  published: string | null;
  publishers: number;
  title: string | null;
}
interface Group { topic: string; differs?: string; sides: Side[] }

/** What the accounts differ in. */
const DIFFERS: Record<string, string> = { polarity: "whether it is so", number: "how many", certainty: "how sure it is" };

/** The matter without the word that tied it to who says so. */
function topic(group: Group): string {
  const text = group.topic.replace(/^that /, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

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

function Speaker({ side }: { side: Side }) {
  return side.speaker ? <Name id={side.speaker_id} name={side.speaker} /> : <span class="quiet">{side.publisher ?? "the text itself"}</span>;
}

function Where({ side }: { side: Side }) {
  const label = [side.publisher, side.published && dateWords(side.published)].filter(Boolean).join(", ") || side.title || "in the text";
  const more = side.publishers > 1 ? <span class="quiet"> and {side.publishers - 1} more</span> : null;
  return <><a href={linkTo("reader", side.document, { record: side.claim })}>{label}</a>{more}</>;
}

function OneGroup({ group }: { group: Group }) {
  return (
    <section class="dispute">
      <h2>{topic(group)}{group.differs && <span class="count">{DIFFERS[group.differs] ?? group.differs}</span>}</h2>
      <ul>
        {group.sides.map((side) => (
          <li key={side.claim}>
            <p class="who"><Speaker side={side} /> <Sure factuality={side.factuality} /></p>
            <blockquote class="sentence">{side.sentence}</blockquote>
            <p class="foot"><Where side={side} /></p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AsTable({ groups }: { groups: Group[] }) {
  const rows = groups.flatMap((group) => group.sides.map((side) => ({ topic: topic(group), side })));
  return <Table caption="Disputed claims" rows={rows} columns={[
    { head: "About", cell: (row) => row.topic },
    { head: "Who says so", cell: (row) => <Speaker side={row.side} /> },
    { head: "How sure", cell: (row) => <Sure factuality={row.side.factuality} /> },
    { head: "Words", wide: true, cell: (row) => <span class="sentence">{row.side.sentence}</span> },
    { head: "From", cell: (row) => <Where side={row.side} /> },
  ]} />;
}
