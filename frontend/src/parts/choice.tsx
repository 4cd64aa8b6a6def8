/** A field that completes the names of actors. */
import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { get } from "../api";
import type { ActorInfo, Page } from "../records";

const WAIT_MS = 120;

/** Offers actors while one types; `onChoose` gets the id of the chosen one, or the text as typed. */
export function Choice({ label, value, onChoose }: { label: string; value: string; onChoose: (id: string) => void }) {
  const id = useId();
  const offered = useSignal<ActorInfo[]>([]);
  const timer = useSignal(0);
  // What is being typed is kept apart from what is chosen, or a new drawing would take it away.
  const draft = useSignal(value);
  useEffect(() => { draft.value = value; }, [value]);
  const ask = async (text: string): Promise<ActorInfo[]> => {
    const answer = await get<Page<ActorInfo> | ActorInfo[]>("actors", { q: text, limit: 12 });
    return Array.isArray(answer) ? answer : answer.rows;
  };
  const typed = (text: string) => {
    draft.value = text;
    clearTimeout(timer.peek());
    if (text.length < 2) return;
    timer.value = setTimeout(() => {
      ask(text).then((found) => { offered.value = found; }, () => { offered.value = []; });
    }, WAIT_MS) as unknown as number;
  };
  const chosen = (typedText: string) => {
    const text = typedText.trim();
    const same = (actor: ActorInfo) => Boolean(actor.id) && actor.name.toLowerCase() === text.toLowerCase();
    const known = offered.peek().find(same);
    // What looks like a name but was not offered yet is asked for once more; ids ("PRK-MIL") stand as they are.
    if (known || !text || /^[A-Z][A-Z-]+$/.test(text)) onChoose(known?.id ?? text);
    else ask(text).then((found) => onChoose(found.find(same)?.id ?? text), () => onChoose(text));
  };
  return (
    <label class="field">
      <span>{label}</span>
      <input type="text" list={id} value={draft.value} autocomplete="off" spellcheck={false}
        onInput={(event) => typed(event.currentTarget.value)} onChange={(event) => chosen(event.currentTarget.value)} />
      <datalist id={id}>
        {offered.value.filter((actor) => actor.id).map((actor) => <option key={actor.id} value={actor.id}>{actor.name}</option>)}
      </datalist>
    </label>
  );
}
