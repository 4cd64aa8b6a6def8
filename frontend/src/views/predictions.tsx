/** The ledger of predictions, how they turned out, and how well stated chances held. */
import { scaleLinear } from "d3-scale";
import { apiFilters, linkTo } from "../address";
import { generation, inWords, post, useData } from "../api";
import { Name } from "../parts/actor";
import { say } from "../parts/notice";
import { Answer, Empty } from "../parts/states";
import { Table } from "../parts/table";
import { ViewHead } from "../parts/viewhead";
import type { Interval, Page, Probability } from "../records";
import { dateWords, figure, intervalWords } from "../words";
import { workspace } from "../workspace";

interface Row {
  id: string;
  document: string;
  speaker: string | null;
  speaker_id: string | null;
  about: string;
  sentence: string;
  horizon: Interval | null;
  chance: number | null;
  probability: Probability | null;
  published: string | null;
  outcome: string | null;
  overdue?: boolean;
  score: number | null;
}
interface Bin { low: number; high: number; n: number; mean: number | null; share: number | null }
interface Body extends Page<Row> { calibration: Bin[] }

const OUTCOMES = [["open", "open"], ["true", "came true"], ["false", "did not"]] as const;

export function Predictions() {
  const loaded = useData<Body>(() => ({ path: "predictions", query: { ...apiFilters(), limit: 200 } }));
  return (
    <>
      <ViewHead title="Predictions" table={false} csv={{ path: "predictions", query: apiFilters() }} />
      <Answer of={loaded.value}>
        {(body) => body.rows.length === 0 ? <Empty>Nobody foretells anything in these documents, or not within these filters.</Empty> : (
          <div class="ledger">
            <section><Ledger rows={body.rows} /></section>
            <section><h2>Calibration</h2><Calibration bins={body.calibration} /></section>
          </div>
        )}
      </Answer>
    </>
  );
}

async function resolve(id: string, outcome: string): Promise<void> {
  try {
    await post(`predictions/${encodeURIComponent(id)}`, { outcome });
    say("Outcome noted.");
    generation.value += 1;
  } catch (error) {
    say(inWords(error), { bad: true });
  }
}

function Ledger({ rows }: { rows: Row[] }) {
  const fixed = workspace.value?.read_only ?? false;
  return <Table stack caption="Predictions" rows={rows} rowKey={(row) => row.id} columns={[
    { head: "Made", cell: (row) => <a class="date" href={linkTo("reader", row.document, { record: row.id })}>{dateWords(row.published)}</a> },
    { head: "Who", cell: (row) => row.speaker ? <Name id={row.speaker_id} name={row.speaker} /> : <span class="quiet">the text itself</span> },
    { head: "What is foretold", wide: true, cell: (row) => <span class="sentence" title={row.sentence}>{row.about}</span> },
    { head: "By", cell: (row) => <span class="date">{intervalWords(row.horizon)}{row.overdue && !row.outcome && <strong class="overdue"> due</strong>}</span> },
    { head: "Chance", cell: (row) => row.probability ? <span class="date" title={row.probability.phrase}>{figure(row.probability.low * 100)}–{figure(row.probability.high * 100)} %</span> : row.chance === null ? <span class="quiet">not said</span> : `${figure(row.chance * 100)} %` },
    { head: "Outcome", cell: (row) => (
      <select disabled={fixed} aria-label={`Outcome of ${row.id}`} value={row.outcome ?? "open"} onChange={(event) => void resolve(row.id, event.currentTarget.value)}>
        {OUTCOMES.map(([code, words]) => <option key={code} value={code}>{words}</option>)}
      </select>
    ) },
    { head: "Brier", number: true, cell: (row) => figure(row.score, 3) },
  ]} />;
}

const SIZE = 260;

function Calibration({ bins }: { bins: Bin[] }) {
  const known = bins.filter((bin) => bin.n > 0 && bin.mean !== null && bin.share !== null);
  if (known.length === 0) return <p class="quiet">No prediction with a stated chance has an outcome yet. Set outcomes in the ledger.</p>;
  const scale = scaleLinear().domain([0, 1]).range([34, SIZE - 8]);
  const y = (value: number) => SIZE - scale(value);
  const most = Math.max(...known.map((bin) => bin.n));
  return (
    <>
      <svg width={SIZE} height={SIZE + 16} role="img" aria-label={`Calibration: ${known.map((bin) => `stated ${figure((bin.mean ?? 0) * 100)} %, came true ${figure((bin.share ?? 0) * 100)} % of ${bin.n}`).join("; ")}`}>
        {[0, 0.5, 1].map((tick) => (
          <g key={tick} class="axis">
            <line x1={scale(tick)} x2={scale(tick)} y1={y(0)} y2={y(1)} /><line x1={scale(0)} x2={scale(1)} y1={y(tick)} y2={y(tick)} />
            <text x={scale(tick)} y={SIZE - 18} text-anchor="middle">{figure(tick * 100)}</text>
            <text x={28} y={y(tick) + 4} text-anchor="end">{figure(tick * 100)}</text>
          </g>
        ))}
        <line class="diagonal" x1={scale(0)} y1={y(0)} x2={scale(1)} y2={y(1)} />
        {known.map((bin) => <circle key={bin.low} class="calibration" cx={scale(bin.mean ?? 0)} cy={y(bin.share ?? 0)} r={3 + 5 * Math.sqrt(bin.n / most)} />)}
        <text class="axis-label" x={SIZE / 2} y={SIZE + 4} text-anchor="middle">stated chance, %</text>
      </svg>
      <p class="quiet">Up: how many of a hundred came true. On the line a stated chance was right; below it, too sure.</p>
      <Table caption="Calibration" rows={known} columns={[
        { head: "Stated", cell: (row) => `${figure(row.low * 100)}–${figure(row.high * 100)} %` },
        { head: "Number", number: true, cell: (row) => figure(row.n) },
        { head: "Came true", number: true, cell: (row) => `${figure((row.share ?? 0) * 100)} %` },
      ]} />
    </>
  );
}
