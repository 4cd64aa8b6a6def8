/** A field that completes the names of actors. */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { get } from "../api";
import type { ActorInfo, Page } from "../records";

const WAIT_MS = 120;

async function ask(text: string): Promise<ActorInfo[]> {
  const answer = await get<Page<ActorInfo> | ActorInfo[]>("actors", { q: text, limit: 12 });
  return Array.isArray(answer) ? answer : answer.rows;
}

function named(actors: ActorInfo[], text: string): string | undefined {
  return actors.find((actor) => Boolean(actor.id) && actor.name.toLowerCase() === text.toLowerCase())?.id ?? undefined;
}

/** Whom a typed text means: ids ("PRK-MIL") stand as they are, a name becomes its id, what nobody is called stays. */
export async function resolved(typed: string): Promise<string> {
  const text = typed.trim();
  if (!text || /^[A-Z][A-Z-]+$/.test(text)) return text;
  try {
    return named(await ask(text), text) ?? text;
  } catch {
    return text;
  }
}

interface Props {
  label: string;
  value: string;
  /** Gets the id of the chosen actor, or the text as typed. */
  onChoose?: (id: string) => void;
  /** Gets what is typed, letter by letter; a form resolves it when it is sent. */
  onDraft?: (text: string) => void;
}

/** Offers actors while one types. */
export function Choice({ label, value, onChoose, onDraft }: Props) {
  const id = useId();
  const offered = useSignal<ActorInfo[]>([]);
  const timer = useRef(0);
  // What is being typed is kept apart from what is chosen, or a new drawing would take it away. It yields to another
  // choice at once, while drawing: an effect comes later and could take away what was typed meanwhile.
  const draft = useSignal(value);
  const last = useRef(value);
  if (last.current !== value) {
    last.current = value;
    draft.value = value;
  }
  const typed = (text: string) => {
    draft.value = text;
    onDraft?.(text);
    clearTimeout(timer.current);
    if (text.length < 2) return;
    timer.current = setTimeout(() => {
      ask(text).then((found) => { offered.value = found; }, () => { offered.value = []; });
    }, WAIT_MS) as unknown as number;
  };
  const chosen = (text: string) => {
    if (!onChoose) return;
    const known = named(offered.peek(), text.trim());
    if (known !== undefined) onChoose(known);
    else void resolved(text).then(onChoose);
  };
  // The offered names stand beside the label: within it they would become part of the field's own name.
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <input type="text" list={id} value={draft.value} autocomplete="off" spellcheck={false}
          onInput={(event) => typed(event.currentTarget.value)} onChange={(event) => chosen(event.currentTarget.value)} />
      </label>
      <datalist id={id}>
        {offered.value.filter((actor) => actor.id).map((actor) => <option key={actor.id} value={actor.id}>{actor.name}</option>)}
      </datalist>
    </>
  );
}
