/** The filters, which stay while one moves between views. */
import { FILTERS, type FilterName, filters, setQuery } from "../address";
import { EVENT_TYPES, FACTUALITY } from "../words";
import { Choice } from "./choice";

const LABELS: Record<FilterName, string> = {
  actor: "Who", recipient: "To whom", since: "Since", until: "Until", type: "Type", factuality: "How sure", publisher: "Publisher",
  place: "Place", speaker: "Speaker", story: "Story",
};

/** Filters that are set by following a link, shown only while they hold. */
const FOLLOWED: readonly FilterName[] = ["place", "speaker", "story"];

export function Filters({ publishers }: { publishers: string[] }) {
  const now = filters.value;
  const put = (name: FilterName, value: string) => setQuery({ [name]: value || undefined, offset: undefined });
  const set = FILTERS.filter((name) => now[name]);
  return (
    <details class="filters" open={set.length > 0 || innerWidth > 900}>
      <summary>Filters{set.length > 0 && <span class="count">{set.length}</span>}</summary>
      <form class="filter-row" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
        <Choice label={LABELS.actor} value={now["actor"] ?? ""} onChoose={(id) => put("actor", id)} />
        <Choice label={LABELS.recipient} value={now["recipient"] ?? ""} onChoose={(id) => put("recipient", id)} />
        <Day label={LABELS.since} value={now["since"] ?? ""} onChange={(value) => put("since", value)} />
        <Day label={LABELS.until} value={now["until"] ?? ""} onChange={(value) => put("until", value)} />
        <Select label={LABELS.type} value={now["type"] ?? ""} options={EVENT_TYPES.map((type) => [type, type])} onChange={(value) => put("type", value)} />
        <Select label={LABELS.factuality} value={now["factuality"] ?? ""} options={Object.entries(FACTUALITY)} onChange={(value) => put("factuality", value)} />
        <Select label={LABELS.publisher} value={now["publisher"] ?? ""} options={publishers.map((one) => [one, one])} onChange={(value) => put("publisher", value)} />
        {FOLLOWED.filter((name) => now[name]).map((name) => (
          <button type="button" key={name} onClick={() => put(name, "")} aria-label={`Take away ${LABELS[name]}: ${now[name]}`}>{LABELS[name]}: {now[name]} ✕</button>
        ))}
        {set.length > 0 && <button type="button" onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>Clear</button>}
      </form>
    </details>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return <label class="field"><span>{label}</span><input type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} /></label>;
}

function Select({ label, value, options, onChange }: { label: string; value: string; options: (readonly [string, string])[]; onChange: (value: string) => void }) {
  const known = value && !options.some(([code]) => code === value) ? [...options, [value, value] as const] : options;
  return (
    <label class="field"><span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">any</option>
        {known.map(([code, words]) => <option key={code} value={code}>{words}</option>)}
      </select>
    </label>
  );
}
