/** The form that changes a field of a record. */
import { useSignal } from "@preact/signals";
import { correct } from "../corrections";
import type { ActorRef, AnyRecord } from "../records";
import { EVENT_TYPES, FACTUALITY } from "../words";
import { Dialog } from "./dialog";

interface Field { name: string; label: string; options?: readonly (readonly [string, string])[]; now: string }

const GRADES = Object.entries(FACTUALITY).map(([code, words]) => [code, `${code} ${words}`] as const);
const ACTS = ["say", "think", "ask", "deny", "expect", "intend"].map((act) => [act, act] as const);

function oneOf(actors: ActorRef[]): string {
  return actors[0]?.id ?? actors[0]?.name ?? "";
}

function fields(record: AnyRecord): Field[] {
  const factuality: Field = { name: "factuality", label: "How sure", options: GRADES, now: record.factuality };
  if (record.record === "claim") {
    return [
      factuality,
      { name: "act", label: "Act", options: ACTS, now: record.act },
      { name: "speaker", label: "Speaker", now: oneOf(record.speaker ? [record.speaker] : []) },
    ];
  }
  return [
    { name: "event_type", label: "Type", options: EVENT_TYPES.map((type) => [type, type] as const), now: record.event_type },
    factuality,
    { name: "actor", label: "Who (id or name)", now: oneOf(record.actors) },
    { name: "recipient", label: "To whom (id or name)", now: oneOf(record.recipients) },
    { name: "start", label: "From (YYYY-MM-DD)", now: record.time?.start ?? "" },
    { name: "end", label: "To (YYYY-MM-DD)", now: record.time?.end ?? "" },
    { name: "mode", label: "Mode", now: record.mode ?? "" },
    { name: "contexts", label: "Contexts (with commas)", now: record.contexts.join(", ") },
  ];
}

export function Edit({ record, onClose }: { record: AnyRecord; onClose: () => void }) {
  const known = fields(record);
  const values = useSignal<Record<string, string>>(Object.fromEntries(known.map((field) => [field.name, field.now])));
  const put = (name: string, value: string) => { values.value = { ...values.value, [name]: value }; };
  const save = async () => {
    for (const field of known) {
      const value = values.value[field.name] ?? "";
      if (value !== field.now && !(await correct({ action: "set", id: record.id, field: field.name, value }))) return;
    }
    onClose();
  };
  return (
    <Dialog title={`Change ${record.id}`} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {known.map((field) => (
          <label class="field" key={field.name}>
            <span>{field.label}</span>
            {field.options ? (
              <select value={values.value[field.name]} onChange={(event) => put(field.name, event.currentTarget.value)}>
                {field.options.map(([code, words]) => <option key={code} value={code}>{words}</option>)}
              </select>
            ) : (
              <input type="text" value={values.value[field.name]} onInput={(event) => put(field.name, event.currentTarget.value)} />
            )}
          </label>
        ))}
        <p class="row end">
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="strong">Save</button>
        </p>
      </form>
    </Dialog>
  );
}
