/** Names of actors: each opens the card of who that is. */
import { signal } from "@preact/signals";
import { linkTo } from "../address";
import { apiAddress, useData } from "../api";
import { kept } from "../kept";
import { correct } from "../corrections";
import type { EventRecord } from "../records";
import { dateWords, figure, intervalWords, names } from "../words";
import { workspace } from "../workspace";
import { Dialog } from "./dialog";
import { Choice, resolved } from "./choice";
import { say } from "./notice";
import { Answer } from "./states";
import { useSignal } from "@preact/signals";

interface Card {
  id: string;
  name: string;
  kind?: string | null;
  country?: string | null;
  roles: { role?: string; title?: string; of?: string | null; since?: string | null; until?: string | null }[];
  relations: { id: string; name: string; events: number; tone: number | null }[];
  latest: EventRecord[];
}

/** The actor whose card is open. */
export const shown = signal<string | null>(null);

/** Who is not resolved has a card by name. */
export function Name({ id, name }: { id: string | null | undefined; name: string }) {
  return (
    <button type="button" class={id ? "actor" : "actor unresolved"} title={id ?? "named in the text, not resolved"} onClick={(event) => { event.stopPropagation(); shown.value = id || name; }}>
      {name}
    </button>
  );
}

export function Names({ actors }: { actors: { id: string | null; name: string }[] }) {
  if (actors.length === 0) return <span class="quiet">–</span>;
  return (
    <>
      {actors.map((actor, index) => (
        <span key={index}>{index > 0 && ", "}<Name id={actor.id} name={actor.name} /></span>
      ))}
    </>
  );
}

export function ActorCard() {
  const id = shown.value;
  if (!id) return null;
  return <Open key={id} id={id} />;
}

function Open({ id }: { id: string }) {
  const loaded = useData<Card>(() => ({ path: `actors/${encodeURIComponent(id)}` }));
  const merging = useSignal(false);
  const close = () => { shown.value = null; };
  return (
    <Dialog title={loaded.value.data?.name ?? id} onClose={close} side>
      <Answer of={loaded.value}>
        {(card) => (
          <>
            <p class="quiet"><code>{card.id}</code>{card.kind && ` · ${card.kind}`}{card.country && ` · ${card.country}`}</p>
            <nav class="row" aria-label="Views of this actor">
              <a class="button" href={linkTo("timeline", "", { actor: card.id, recipient: "" })} onClick={close}>Timeline</a>
              <a class="button" href={linkTo("events", "", { actor: card.id, recipient: "" })} onClick={close}>Events</a>
              {!kept && !workspace.value?.read_only && (
                <>
                  <button type="button" onClick={() => { merging.value = !merging.value; }}>Merge…</button>
                  <button type="button" onClick={() => void correct({ action: "split", a: card.id })}>Split</button>
                </>
              )}
            </nav>
            {merging.value && <Merge a={card.id} onDone={close} />}
            <h3>Roles</h3>
            {card.roles.length === 0 ? <p class="quiet">None known.</p> : (
              <ul class="plain-list">
                {card.roles.map((role, index) => (
                  <li key={index}>{role.role ?? role.title}{role.of ? `, ${role.of}` : ""} <span class="quiet">{intervalWords({ start: role.since ?? null, end: role.until ?? null, approximate: false })}</span></li>
                ))}
              </ul>
            )}
            <h3>Relations</h3>
            {card.relations.length === 0 ? <p class="quiet">No event with another actor yet.</p> : (
              <table>
                <thead><tr><th scope="col">With</th><th scope="col" class="number">Events</th><th scope="col" class="number">Tone</th><th scope="col"><span class="unseen">Series</span></th></tr></thead>
                <tbody>
                  {card.relations.map((one) => (
                    <tr key={one.id}>
                      <td><Name id={one.id} name={one.name} /></td>
                      <td class="number">{figure(one.events)}</td>
                      <td class="number">{figure(one.tone, 1)}</td>
                      <td><a href={linkTo("relations", "", { actor: card.id, recipient: one.id })} onClick={close}>series<span class="unseen"> with {one.name}</span></a></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            <h3>Latest</h3>
            <ul class="plain-list">
              {card.latest.map((event) => (
                <li key={event.id}>
                  <a href={linkTo("reader", event.document, { record: event.id })} onClick={close}>{names(event.actors) || "–"} {event.event_type} {names(event.recipients)}</a>{" "}
                  <span class="quiet">{dateWords(event.time?.start ?? event.published)}</span>
                </li>
              ))}
            </ul>
            {!kept && <p><a href={apiAddress("events", { actor: card.id, format: "csv" })} download={`${card.id}.csv`}>Events as CSV</a></p>}
          </>
        )}
      </Answer>
    </Dialog>
  );
}

/** Chooses the actor with whom another is one. */
export function Merge({ a, onDone }: { a: string; onDone: () => void }) {
  const into = useSignal("");
  const merge = async () => {
    const b = await resolved(into.value);
    if (!b) say("Say with whom: type a name or an id.", { bad: true });
    else if (await correct({ action: "merge", a, b })) onDone();
  };
  return (
    <form class="row" onSubmit={(event) => { event.preventDefault(); void merge(); }}>
      <Choice label={`Merge ${a} into`} value="" onDraft={(text) => { into.value = text; }} />
      <button type="submit" class="strong">Merge</button>
    </form>
  );
}
