/** Search in the words of all documents. */
import { address, linkTo, setQuery } from "../address";
import { useData } from "../api";
import { Answer, Empty } from "../parts/states";
import { ViewHead } from "../parts/viewhead";
import type { DocumentInfo, Page } from "../records";
import { unitsOf } from "../segments";
import { dateWords, title } from "../words";

interface Hit { document: string | DocumentInfo; title: string | null; publisher?: string | null; published?: string | null; snippet: string; spans: { start: number; end: number }[] | [number, number][] }

export function Search() {
  const wanted = address.value.query["q"] ?? "";
  const loaded = useData<Page<Hit>>(() => {
    const q = address.value.query["q"];
    return q ? { path: "search", query: { q, limit: 50 } } : null;
  });
  return (
    <>
      <ViewHead title="Search" table={false} {...(wanted ? { csv: { path: "search", query: { q: wanted } } } : {})} />
      <form role="search" class="row search" onSubmit={(event) => {
        event.preventDefault();
        const box = event.currentTarget.elements.namedItem("q") as HTMLInputElement;
        setQuery({ q: box.value.trim() || undefined });
      }}>
        <label class="field grow"><span>Words in the documents</span><input type="search" name="q" id="search-box" defaultValue={wanted} /></label>
        <button type="submit" class="strong">Search</button>
      </form>
      {!wanted ? <Empty>Type words that stand in the documents; put quotation marks around a phrase.</Empty> : (
        <Answer of={loaded.value}>
          {({ rows }) => rows.length === 0 ? <Empty>No document has “{wanted}”. Try fewer words, or one of them alone.</Empty> : (
            <ol class="hits">
              {rows.map((hit, index) => {
                const id = typeof hit.document === "string" ? hit.document : hit.document.id;
                return (
                  <li key={index}>
                    <h2><a href={linkTo("reader", id)}>{title({ title: hit.title, id })}</a></h2>
                    <p class="quiet">{[hit.publisher, hit.published && dateWords(hit.published)].filter(Boolean).join(" · ")}</p>
                    <p class="snippet">{marked(hit)}</p>
                  </li>
                );
              })}
            </ol>
          )}
        </Answer>
      )}
    </>
  );
}

function marked(hit: Hit) {
  const unit = unitsOf(hit.snippet);
  const pieces = [];
  let at = 0;
  for (const span of hit.spans) {
    const [from, to] = Array.isArray(span) ? [unit(span[0]), unit(span[1])] : [unit(span.start), unit(span.end)];
    if (from < at) continue;
    pieces.push(hit.snippet.slice(at, from), <mark key={from}>{hit.snippet.slice(from, to)}</mark>);
    at = to;
  }
  pieces.push(hit.snippet.slice(at));
  return pieces;
}
