"""``dragoman lexicon``: what a name would become, and a user's own lexicons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.cli.app import app
from dragoman.errors import KnowledgeError, UsageError

if TYPE_CHECKING:
    from dragoman.knowledge.actor_lookup import Meaning
    from dragoman.knowledge.actors import DatedRole
    from dragoman.knowledge.place_names import Site
    from dragoman.knowledge.territories import Territory

lexicon_app = typer.Typer(help="What the reader knows: look names up, check and extend your own lexicons.")
app.add_typer(lexicon_app, name="lexicon")

_PLACES_SHOWN = 5
_PARTS = ("actors", "codings", "commitment", "cues", "dates", "frames", "gazetteer", "topics")
"""What a folder of one's own lies over."""


@lexicon_app.command()
def lookup(
    name: Annotated[str, typer.Argument(help="A name as a text would have it.")],
    on: Annotated[
        Optional[str],  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
        typer.Option("--on", metavar="DATE", help="The text's date, which decides offices."),
    ] = None,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own lexicon, over the shipped one."),
    ] = None,
) -> None:
    """Show what a name would become on a date, and why."""
    from dragoman import knowledge
    from dragoman.intake.document import iso_date
    from dragoman.knowledge.actor_lookup import look_up

    day = iso_date(on) if on else None
    found = look_up(knowledge.load(lexicon), name, day)
    if not (found.meanings or found.shared or found.territories or found.places):
        raise KnowledgeError(f"'{name}' is in no lexicon; 'dragoman lexicon add' writes an entry")
    if found.shared:
        rest = f"else {found.default}" if found.default else "else it stays open"
        typer.echo(f"shared: one of {', '.join(found.shared)} by what the text names, {rest}")
    for meaning in found.meanings:
        _show(meaning, day)
    for territory in found.territories:
        typer.echo(_described(territory))
    for site in found.places[:_PLACES_SHOWN]:
        typer.echo(_placed(site))
    if len(found.places) > _PLACES_SHOWN:
        typer.echo(f"    and {len(found.places) - _PLACES_SHOWN} smaller places of this name")


def _show(meaning: Meaning, day: str | None) -> None:
    entry = meaning.entry
    typer.echo(f"{meaning.id or '-'}  {entry.name} ({entry.kind}), by {meaning.via}; entry {entry.key}")
    for role in entry.roles:
        held = " <- on this date" if day and role.holds(day) else ""
        typer.echo(f"    {role.id}  {role.title or '-'}  {_period(role)}{held}")
    when = f"on {day}" if day else "at any time"
    for said, memberships in (("member of", meaning.member_of), ("members", meaning.members)):
        if memberships:
            typer.echo(f"    {said} ({when}): {', '.join(_membership(m) for m in memberships)}")


def _membership(membership: DatedRole) -> str:
    dated = membership.start or membership.end
    return f"{membership.id} {_period(membership)}" if dated else membership.id


def _period(role: DatedRole) -> str:
    return f"{role.start or '..'} to {role.end or '..'}"


def _placed(site: Site) -> str:
    """One line of what is known of a place."""
    facts = ["in " + ", ".join(site.countries) if site.countries else "in no country"]
    facts.append(f"{site.lat:.2f}, {site.lon:.2f}" if site.lat is not None and site.lon is not None else "")
    facts.append(f"{site.population:,} inhabitants" if site.population else "")
    facts.append(f"GeoNames {site.geonames_id}" if site.geonames_id else "")
    return f"place  {site.name} ({site.feature}): {'; '.join(fact for fact in facts if fact)}"


def _described(territory: Territory) -> str:
    """One line of what is known of a territory."""
    facts = [f"part of {territory.part_of}" if territory.part_of else "", "former" if territory.former else ""]
    facts.append(f"acts as {territory.id}" if territory.id else "")
    facts += [f"{label} {value}" for label, value in (("COW", territory.cow), ("G-W", territory.gw)) if value]
    facts.append(territory.wikidata or "")
    facts.append(f"succeeded by {', '.join(territory.successors)}" if territory.successors else "")
    facts.append(f"claimed by {', '.join(territory.claimed_by)}" if territory.claimed_by else "")
    facts += [f"{dated.name} {dated.start or '..'} to {dated.end or '..'}" for dated in territory.names]
    return f"territory {territory.code}  {territory.name}: {'; '.join(fact for fact in facts if fact)}"


@lexicon_app.command()
def check(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of lexicons.")]) -> None:
    """Check a folder of lexicons: every entry is read as the reader would."""
    from dragoman.knowledge.actor_lexicons import compile_folder as compile_actors
    from dragoman.knowledge.actor_lexicons import countries_of
    from dragoman.knowledge.actors import ActorData
    from dragoman.knowledge.base import Knowledge
    from dragoman.knowledge.frames import compile_folder as compile_events
    from dragoman.knowledge.places import read_places
    from dragoman.knowledge.store import read_compiled

    if not folder.is_dir():
        raise KnowledgeError(f"{folder}: there is no such folder of lexicons")
    known = countries_of(read_compiled("actors", ActorData))
    actors = compile_actors([folder / "actors" if (folder / "actors").is_dir() else folder], known)
    frames = compile_events(folder / "events")
    places = read_places(folder / "places")
    laid_over = Knowledge(folder)
    for part in _PARTS:
        getattr(laid_over, part)
    typer.echo(
        f"{folder}: {len(actors.actors)} actors with {len(actors.forms)} names, {len(frames.frames)} frames, "
        f"{len(places.sites)} places; all well"
    )


@lexicon_app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Your folder of lexicons; it is made when missing.")],
    name: Annotated[str, typer.Option(help="The actor's name.")],
    actor_id: Annotated[str, typer.Option("--id", help="Its id: PRK, PRK-MIL, IGO-NATO, NSA-HAMAS.")],
    origin: Annotated[str, typer.Option(help="Where you have it from.")],
    kind: Annotated[str, typer.Option(help="state, person, organisation, igo, armed_group or group.")] = "organisation",
    alias: Annotated[
        Optional[list[str]],  # noqa: UP045 (as above)
        typer.Option(help="Another name; may be given more than once."),
    ] = None,
) -> None:
    """Add an actor to your own lexicon."""
    import yaml

    from dragoman.knowledge.actor_lexicons import compile_folder, countries_of
    from dragoman.knowledge.actors import ActorData
    from dragoman.knowledge.store import read_compiled, read_lexicon

    path = folder / "actors" / "own.yml"
    content = read_lexicon(path) if path.exists() else {"entries": []}
    entry: dict[str, object] = {"id": actor_id, "name": name, "kind": kind, "origin": origin}
    if alias:
        entry["aliases"] = list(alias)
    content["entries"].append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    try:
        compile_folder([path.parent], countries_of(read_compiled("actors", ActorData)))
    except KnowledgeError as error:
        # Nothing half-right is left behind.
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
        raise UsageError(str(error)) from error
    typer.echo(f"{path}: added {name}")


@lexicon_app.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Your folder of lexicons; it is made when missing.")],
    source: Annotated[
        Path, typer.Option("--from", metavar="FILE", help="Wikidata's JSON, one item a line; .gz, .bz2.")
    ],
) -> None:
    """Turn your own Wikidata extract into a lexicon over the shipped one: DIR/actors/wikidata.yml."""
    from dragoman import knowledge
    from dragoman.knowledge.wikidata import convert

    known = knowledge.load()
    territories = known.territories.by_alpha3.values()
    countries = {t.wikidata: t.id for t in territories if t.wikidata and t.id}
    actors = {a.wikidata: a.id for a in known.actors.actors if a.wikidata and a.id and a.kind != "person"}
    out = folder / "actors" / "wikidata.yml"
    done = convert(source, out, countries, actors)
    typer.echo(f"{out}: {done.entries} entries of {done.items} items; {done.unreadable} lines were no item", err=True)
