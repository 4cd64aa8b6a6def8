"""Who an actor of another data set is here: its codes, names, countries and sectors to our ids."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from dragoman.knowledge.base import Knowledge

_PLACE_IN_NAME = re.compile(r"\s*\((?P<place>[^()]*)\)\s*$")
_ACLED_STATE = re.compile(r"^(?:Military|Police|Government) (?:Forces )?of (?:the )?(?P<state>[^()]+?)\s*\(")
_SECTOR = re.compile(r"(?!UNK|UNS)[A-Z]{3}$")
_BODIES = ("IGO-", "NSA-", "NGO-")


class ActorCodes:
    """Look-ups from other data sets to ids (ISO3, ISO3-SECTOR, IGO-..., NSA-...); None where there is no id.

    Each answer is kept, for a file names the same actors again and again.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._codings = knowledge.codings
        self.of_cameo = functools.cache(self._of_cameo)
        self.country = functools.cache(self._country)
        self.of_fips = self._codings.countries["fips"].get
        self.body = functools.cache(self._body)

    def _of_cameo(self, code: str) -> str | None:
        """The actor of a CAMEO actor code such as ``USAGOV``, ``IGOEUREEC`` or ``PALINSHMS``."""
        parts = [code[start : start + 3] for start in range(0, len(code), 3)]
        group = next((self._codings.groups[part] for part in parts if part in self._codings.groups), None)
        if group is not None:
            return group
        country = self._cameo_country(parts[0])
        return None if country is None else _with_sector(country, self._sector("cameo", parts[1:]))

    def _cameo_country(self, code: str) -> str | None:
        countries = self._codings.countries["cameo"]
        if code in countries:
            return countries[code]
        territory = self._knowledge.territories.by_alpha3.get(code)
        return territory.id if territory is not None else None

    def _country(self, name: str) -> str | None:
        """The country of a name or an ISO 3166 alpha-3 code, as a column of countries gives it."""
        bare = name.strip()
        named = self._codings.countries["name"]
        if bare in named:
            return named[bare]
        if (territory := self._knowledge.territories.by_alpha3.get(bare)) is not None:
            return territory.id
        ids = {found.id for found in self._knowledge.territories.named(bare) if not found.former}
        if len(ids) != 1:
            index = self._knowledge.actors
            entries = [index.actors[form.actor] for form in index.lookup(bare) if form.via in ("name", "alias")]
            ids = {entry.id for entry in entries if entry.kind == "state"}
        return ids.pop() if len(ids) == 1 else None

    def _body(self, name: str) -> str | None:
        """The organisation or armed group of a name; None where the name means anything else too."""
        index = self._knowledge.actors
        ids = {index.actors[form.actor].id for form in index.lookup(_PLACE_IN_NAME.sub("", name))}
        found = ids.pop() if len(ids) == 1 else None
        return found if found is not None and found.startswith(_BODIES) else None

    def of_icews(self, name: str | None, country: str | None, sectors: str | None) -> str | None:
        """The actor of ICEWS' three columns; sectors are separated by commas."""
        body = self.body(name) if name else None
        if body is not None:
            return body
        state = self.country(country) if country else None
        if state is None:
            return None
        named_itself = name is not None and self.country(name) == state
        # sectors' names hold no comma, ", " stands only between them
        listed = [] if named_itself or not sectors else [part.strip() for part in sectors.split(",")]
        return _with_sector(state, self._sector("icews", listed))

    def of_acled(self, name: str | None, kind: str | None) -> str | None:
        """The actor of ACLED: a state's forces, a known group, or people of the country that the name names."""
        if name is None:
            return None
        forces = _ACLED_STATE.match(name)
        sector = self._sector("acled", [kind] if kind else [])
        if forces:
            state = self.country(forces["state"])
            sector = "COP" if name.startswith("Police") else "GOV" if name.startswith("Government") else "MIL"
            return None if state is None else _with_sector(state, sector)
        body = self.body(name) or self.body(name.split(":")[0])
        if body is not None:
            return body
        place = _PLACE_IN_NAME.search(name)
        state = self.country(place["place"]) if place else None
        return None if state is None or not sector else _with_sector(state, sector)

    def of_polecat(self, name: str | None, country: str | None, sector: str | None) -> str | None:
        """The actor of POLECAT, whose sectors are PLOVER's."""
        body = self.body(name) if name else None
        if body is not None:
            return body
        state = self.country(country) if country else None
        return None if state is None else _with_sector(state, sector if sector and _SECTOR.match(sector) else "")

    def _sector(self, scheme: str, codes: Iterable[str]) -> str:
        known = self._codings.sectors[scheme]
        found = [known[code] for code in codes if code in known]
        return min(found, key=lambda sector: sector.rank).sector if found else ""


def _with_sector(country: str, sector: str) -> str:
    return f"{country}-{sector}" if sector else country
