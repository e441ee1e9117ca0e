"""Facts for the quick look-up: kept in the process, and between processes where they share a Redis.

The one rule stands in `CachedFacts.current`: what was kept serves only if the table of revisions, looked at in this
very request, vouches for every party that it was gathered from and for the syncs; else the graph is read.

What lies in Redis names no natural person: persons stand there without their names and whatever else is personal, and
facts with records are kept by each process for itself, for the text of a decision may name anybody.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

import orjson
from cachetools import TTLCache

from credit.cache.reading import SOURCES, Look, Stamp, slots_of
from credit.cache.redis_table import FACTS_LIVE
from credit.cache.shared import SharedRevisions
from credit.errors import IdentifierInvalid
from credit.identifiers import mask_name, parse
from credit.model.facts import Dossier, Facts
from credit.model.party import PartyId, PartyKind, Relation
from credit.model.plain import from_plain, to_plain
from credit.ports import FactReader, Revisions

MOST_PARTIES: Final = 200
"""Parties that kept facts may rest on; those of a greater hub are gathered each time."""
MOST_RECORDS: Final = 300
"""Records that kept facts may hold."""
LONGEST: Final = 1 << 18
"""Bytes of facts in Redis."""


class Table(Revisions, Protocol):
    """The table of revisions as readers see it too."""

    @property
    def up(self) -> bool:
        """Whether it could be had when it was last asked."""
        ...

    @property
    def failures(self) -> int:
        """How often it could not be had."""
        ...

    async def read(self, slots: Sequence[int]) -> Look | None:
        """Look at some slots; None where the table must not be believed."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """Facts with their stamp and the slots of all that they rest on."""

    stamp: Stamp
    slots: tuple[int, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Told:
    """Facts as they lie in Redis: `nameless`, of parties without records or merges; syncs are asked for apart."""

    number: int
    known: int
    party: PartyId
    dossiers: tuple[Dossier, ...]
    relations: tuple[Relation, ...]
    keys: tuple[str, ...]


class CachedFacts:
    """`credit.ports.CurrentFacts`; ``counts`` says how look-ups were served: hit, shared, miss, off."""

    def __init__(self, graph: FactReader, table: Table, *, most: int) -> None:
        """Keep the facts of up to ``most`` parties in this process."""
        self._graph = graph
        self.table = table
        self._shared = table if isinstance(table, SharedRevisions) else None
        self._kept: TTLCache[str, Kept] = TTLCache(most, FACTS_LIVE)
        self._syncs: Stamp | None = None
        self.counts: Counter[str] = Counter()

    async def current(self, party: str, *, cut_off: datetime) -> Facts:
        """Return all that bears on a party now.

        Raises: StoreUnavailable.
        """
        kept = self._kept.get(party)
        now = await self._look(kept)
        if now is None:
            self.counts["off"] += 1
            return await self._graph.gather([party], project_no=None, known=None, cut_off=cut_off)
        if kept is not None and _holds(kept, now):
            return await self._serve(kept, now, cut_off, "hit")
        told = await self._fetch(party, now.generation)
        later = await self._look(told) if told is not None else None
        if told is not None and later is not None and _holds(told, later):
            self._kept[party] = told
            return await self._serve(told, later, cut_off, "shared")
        self.counts["miss"] += 1
        return await self._gather(party, now.stamp, cut_off)

    async def _look(self, kept: Kept | None) -> Look | None:
        """Look at the slot of the syncs, and at those of kept facts."""
        return await self.table.read((SOURCES, *kept.slots) if kept is not None else (SOURCES,))

    async def _serve(self, kept: Kept, now: Look, cut_off: datetime, how: str) -> Facts:
        """Return kept facts with the syncs of now; these too are asked for again once one was written."""
        self.counts[how] += 1
        known = now.vouches_for(self._syncs, now.values[:1])
        syncs = await self._graph.syncs(cut_off=cut_off, ask=not known)
        if not known:
            self._syncs = now.stamp
        return replace(kept.facts, syncs=syncs)

    async def _gather(self, party: str, stamp: Stamp, cut_off: datetime) -> Facts:
        """Gather facts and keep them under a stamp that was taken before."""
        facts = await self._graph.gather([party], project_no=None, known=None, cut_off=cut_off)
        self._syncs = stamp
        records = sum(len(dossier.records) for dossier in facts.dossiers.values())
        if party in facts.resolved and len(facts.keys) <= MOST_PARTIES and records <= MOST_RECORDS:
            kept = self._kept[party] = Kept(stamp, slots_of(facts.keys), nameless(replace(facts, syncs=())))
            if not records and not facts.same:
                await self._share(kept, party)
        return facts

    async def _share(self, kept: Kept, party: str) -> None:
        """Put facts without records or merges where other processes find them."""
        if self._shared is not None and len(text := _text_of(kept, party)) <= LONGEST:
            await self._shared.put(party, kept.stamp.generation, text)

    async def _fetch(self, party: str, generation: str) -> Kept | None:
        """Return what another process kept; only under the id of a right form, for an id is part of the key."""
        if self._shared is None or not _is_identifier(party):
            return None
        text = await self._shared.get(party, generation)
        return _kept_of(text, party, generation) if text is not None else None


def _holds(kept: Kept, now: Look) -> bool:
    """Tell whether kept facts are current, by a look at the table that asked for their slots."""
    return now.vouches_for(kept.stamp, now.values[1:])


def nameless(facts: Facts) -> Facts:
    """Return facts without what tells who a person is, and without contacts: no rule of a look-up rests on them."""
    return replace(
        facts,
        dossiers={party: _nameless(dossier) for party, dossier in facts.dossiers.items()},
        relations=tuple(map(_unexplained, facts.relations)),
    )


def _nameless(dossier: Dossier) -> Dossier:
    party = replace(dossier.party, contacts=())
    if party.kind is PartyKind.PERSON:
        blank = {"former_names": (), "identity_masked": None, "region": None, "established_on": None}
        party = replace(party, name=mask_name(party.name), **blank)
    return replace(dossier, party=party)


def _unexplained(relation: Relation) -> Relation:
    """Leave out the reasons for which a relation ended: they are free text."""
    if not relation.ends:
        return relation
    return replace(relation, ends=tuple(replace(end, reason=None) for end in relation.ends))


def _text_of(kept: Kept, party: str) -> bytes:
    facts = kept.facts
    told = _Told(
        kept.stamp.number,
        facts.known,
        facts.resolved[party],
        tuple(facts.dossiers.values()),
        facts.relations,
        facts.keys,
    )
    return orjson.dumps(to_plain(told))


def _kept_of(text: bytes, party: str, generation: str) -> Kept | None:
    """Read facts; None for what does not fit, as another version of this code may have written it."""
    try:
        told = from_plain(_Told, orjson.loads(text))
    except ValueError:
        return None
    facts = Facts(
        known=told.known,
        resolved={party: told.party},
        dossiers={d.party.id: d for d in told.dossiers},
        relations=told.relations,
        keys=told.keys,
    )
    return Kept(Stamp(generation, told.number), slots_of(told.keys), facts)


def _is_identifier(text: str) -> bool:
    try:
        parse(text)
    except IdentifierInvalid:
        return False
    return True
