/** The frame around every view: navigation, filters, keys and what the page says. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type View, address, linkTo } from "./address";
import { addKeys, allKeys, keysOn, switchKeys } from "./keys";
import { kept } from "./kept";
import { connected } from "./live";
import { ActorCard } from "./parts/actor";
import { Dialog } from "./parts/dialog";
import { Filters } from "./parts/filters";
import { NoticeLine } from "./parts/notice";
import { Failed } from "./parts/states";
import { Blocs } from "./views/blocs";
import { Disputed } from "./views/disputed";
import { Events } from "./views/events";
import { Inbox } from "./views/inbox";
import { WorldMap } from "./views/map";
import { Predictions } from "./views/predictions";
import { Reader } from "./views/reader";
import { Relations } from "./views/relations";
import { Search } from "./views/search";
import { Timeline } from "./views/timeline";
import { WhatIf } from "./views/whatif";
import { publishers, unreachable, workspace } from "./workspace";

const TITLES: Record<View, string> = {
  inbox: "Inbox", reader: "Reader", events: "Events", timeline: "Timeline", relations: "Relations", blocs: "Blocs",
  map: "Map", disputed: "Disputed", predictions: "Predictions", whatif: "What if", search: "Search",
};

/** Views that the filters do not narrow; they keep them in the address all the same. */
const UNFILTERED: ReadonlySet<View> = new Set(["inbox", "search", "whatif", "blocs", "disputed", "predictions"]);

function Main({ view }: { view: View }) {
  switch (view) {
    case "inbox": return <Inbox />;
    case "reader": return <Reader />;
    case "events": return <Events />;
    case "search": return <Search />;
    case "timeline": return <Timeline />;
    case "relations": return <Relations />;
    case "blocs": return <Blocs />;
    case "map": return <WorldMap />;
    case "disputed": return <Disputed />;
    case "predictions": return <Predictions />;
    case "whatif": return <WhatIf />;
  }
}

export function Shell() {
  const help = useSignal(false);
  const { view, subject } = address.value;
  useEffect(() => {
    addKeys([
      { key: "/", words: "Search", run: () => { location.hash = linkTo("search"); setTimeout(() => document.getElementById("search-box")?.focus(), 60); } },
      { key: "?", words: "Help", run: () => { help.value = true; } },
    ]);
  }, []);
  useEffect(() => {
    document.title = `${TITLES[view]} · dragoman`;
    document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [view]);
  return (
    <>
      <header class="top">
        <a class="skip" href={location.hash} onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to the view</a>
        <a class="brand" href="#/inbox">dragoman</a>
        {workspace.value && <span class="workspace-name">{workspace.value.name}{workspace.value.read_only && <em> read only</em>}</span>}
        <nav aria-label="Views">
          <ul>
            {(Object.keys(TITLES) as View[]).map((one) => (
              <li key={one}><a href={linkTo(one)} aria-current={one === view ? "page" : undefined}>{TITLES[one]}</a></li>
            ))}
          </ul>
        </nav>
        <button type="button" class="plain help" onClick={() => { help.value = true; }}>Keys <kbd>?</kbd></button>
      </header>
      {!connected.value && <p class="lost" role="alert">The server has stopped; start it again: <code>dragoman serve</code></p>}
      {!(kept && view !== "events") && !UNFILTERED.has(view) && !(view === "reader" && subject) && <Filters publishers={publishers()} />}
      <main id="main" tabIndex={-1} class={`view-${view}`}>
        {unreachable.value && !workspace.value && connected.value ? <Failed message={unreachable.value} /> : <Main view={view} />}
      </main>
      <footer class="origins">Place names: GeoNames (CC BY 4.0); names of actors after OEDA Phoenix, Archigos, REIGN and rigour; map: Natural Earth.</footer>
      <ActorCard />
      {help.value && <Help onClose={() => { help.value = false; }} />}
      <NoticeLine />
    </>
  );
}

function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {allKeys().map((key) => <div key={key.key}><dt><kbd>{key.key}</kbd></dt><dd>{key.words}</dd></div>)}
      </dl>
      {allKeys().length <= 2 && <p class="quiet">An open document has more keys: j, k, a, x, e, m, u.</p>}
      <label class="check"><input type="checkbox" checked={keysOn.value} onChange={(event) => switchKeys(event.currentTarget.checked)} /> Single-letter keys are on</label>
    </Dialog>
  );
}
