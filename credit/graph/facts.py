"""Facts for the eligibility of parties, in one round trip."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from credit.errors import NumberAmbiguous
from credit.graph import mapping
from credit.graph.bolt import Bolt, Row
from credit.graph.queries import facts, projects
from credit.model.facts import Dossier, Facts
from credit.model.merge import as_one, kept_by
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Record
from credit.model.when import to_tick

_ALL: Final = 1 << 63
"""A place after every write."""
_REMEMBERED: Final = 256
"""Cut-offs whose last syncs are remembered."""


@dataclass(slots=True)
class Syncs:
    """The syncs seen so far: they are numbered without gaps and never change, so only later ones need be asked for."""

    epoch: str = ""
    seen: int = 0
    _latest: dict[tuple[int, datetime | None], tuple[Sync, ...]] = field(
        default_factory=dict[tuple[int, datetime | None], tuple[Sync, ...]]
    )
    _by_list: dict[str, list[tuple[int, int, Sync]]] = field(
        default_factory=lambda: defaultdict[str, list[tuple[int, int, Sync]]](list)
    )

    def add(self, rows: Sequence[Row]) -> None:
        """Take in syncs in the order of their numbers; those that another reader brought meanwhile are known."""
        for row in rows:
            sync = mapping.sync_of(row)
            insort(self._by_list[sync.list], (to_tick(sync.finished_at), sync.tick, sync))
        self.seen += len(rows)
        self._latest.clear()

    def latest(self, *, known: int, cut_off: datetime | None) -> tuple[Sync, ...]:
        """Return the last sync of every list by when it finished, at or before the cut-off and known then."""
        asked = (known, cut_off)
        if asked not in self._latest:
            if len(self._latest) >= _REMEMBERED:
                self._latest.clear()
            found = (self._last(held, known, cut_off) for held in self._by_list.values())
            self._latest[asked] = tuple(sync for sync in found if sync is not None)
        return self._latest[asked]

    def _last(self, held: list[tuple[int, int, Sync]], known: int, cut_off: datetime | None) -> Sync | None:
        end = len(held) if cut_off is None else bisect_right(held, to_tick(cut_off), key=lambda entry: entry[0])
        return next((sync for _, tick, sync in reversed(held[:end]) if tick <= known), None)

    def last_two(self) -> list[Sync]:
        """Return the last two syncs of every list by when they finished, newest first."""
        return [sync for held in self._by_list.values() for _, _, sync in reversed(held[-2:])]


class GraphFacts:
    """`credit.ports.FactReader`."""

    def __init__(self, bolt: Bolt) -> None:
        """Begin with no syncs seen."""
        self._bolt = bolt
        self._syncs = Syncs()

    async def gather(
        self, ids: Sequence[str], *, project_no: str | None, known: int | None, cut_off: datetime | None
    ) -> Facts:
        """Gather all that bears on these parties; see ``queries.facts.GATHER``.

        Raises: StoreUnavailable, NumberAmbiguous.
        """
        names = [] if project_no is None else [project_no]
        syncs = self._syncs
        seen = syncs.seen
        (row,) = await self._bolt.fetch_latest(
            facts.GATHER, ids=list(ids), projects=names, numbers=[normal(n) for n in names], seen=seen
        )
        horizon, epoch, new, *found = row
        if not self._take(syncs, epoch, seen, new):
            return await self.gather(ids, project_no=project_no, known=known, cut_off=cut_off)
        until = horizon if known is None else min(known, horizon)
        return _assemble(found, until, project_no, self._syncs.latest(known=until, cut_off=cut_off))

    async def syncs(self, *, cut_off: datetime, ask: bool) -> tuple[Sync, ...]:
        """Return the last sync of each list at or before the cut-off.

        Raises: StoreUnavailable.
        """
        if ask:
            await self.last_syncs()
        return self._syncs.latest(known=_ALL, cut_off=cut_off)

    async def last_syncs(self) -> Sequence[Sync]:
        """Return the last two syncs of every list."""
        while True:
            syncs = self._syncs
            seen = syncs.seen
            ((_, epoch, new),) = await self._bolt.fetch_latest(projects.MATCH_SYNCS_AFTER, seen=seen)
            if self._take(syncs, epoch, seen, new):
                return syncs.last_two()

    def _take(self, syncs: Syncs, epoch: str, seen: int, new: Sequence[Row]) -> bool:
        """Take in new syncs; False where they are another database's, and all must be asked for again."""
        if syncs.epoch not in {"", epoch}:
            if self._syncs is syncs:
                self._syncs = Syncs()
            return False
        syncs.epoch = epoch
        syncs.add(new[syncs.seen - seen :])
        return True


def _assemble(found: Sequence[list[Row]], until: int, project_no: str | None, syncs: tuple[Sync, ...]) -> Facts:
    resolved, parties, records, relations, opened, bids = found
    states = {row[0]: party for row in parties if (party := mapping.party_of(row[0], row[2], until)) is not None}
    if renamed := {now: party.id for now, party in states.items() if now != party.id}:
        _name_as_then(renamed, records, relations, opened, bids)
    dossiers = _dossiers(states, {row[0]: row[1] for row in parties}, records, until)
    facts = Facts(
        known=until,
        resolved={name: states[party].id for name, party, tick in resolved if party in states and tick <= until},
        dossiers=dossiers,
        relations=_relations(relations, until),
        syncs=syncs,
        keys=tuple(row[3] for row in parties),
        project=_project(opened, until, project_no),
        recorded_bids=_bids(bids, until),
    )
    return as_one(facts, _same(states, parties, until))


def _same(states: Mapping[str, Party], parties: Sequence[Row], until: int) -> dict[PartyId, PartyId]:
    """Return for every entry that by then was told to be the same party as another one which that is."""
    ties = [tie for *_, key, merges in parties if merges for tie in mapping.ties_of(key, merges)]
    if not ties:
        return {}
    ids = {row[3]: states[row[0]].id for row in parties if row[0] in states}
    return {ids[key]: ids[kept] for key, kept in kept_by(ties, until).items()}


def _name_as_then(renamed: Mapping[str, PartyId], *tables: Sequence[Row]) -> None:
    """Put the ids that parties had then where rows have those of now: a code learnt later was not known."""
    records, relations, opened, bids = tables
    for rows, places in ((records, (0,)), (relations, (2, 3)), (opened, (0, 1))):
        for row in rows:
            for place in places:
                row[place] = renamed.get(row[place], row[place])
    for row in bids:
        row[3] = [[key, renamed.get(now, now)] for key, now in row[3]]


def _dossiers(
    states: Mapping[str, Party], revisions: Mapping[str, int], records: Sequence[Row], until: int
) -> dict[PartyId, Dossier]:
    held: dict[str, dict[str, Record]] = defaultdict(dict)
    for row in records:
        record = mapping.record_of(row, until)
        if record is not None:
            held[record.party][record.id] = record
    dossiers: dict[PartyId, Dossier] = {}
    for now, party in states.items():
        own = sorted(held[party.id].values(), key=lambda r: (r.tick, r.id)) if party.id in held else ()
        # A write not yet wholly visible is left out; then the revision differs, so that a kept check asks again.
        dossiers[party.id] = Dossier(party, tuple(own), min(revisions[now], until))
    return dossiers


def _relations(rows: Sequence[Row], until: int) -> tuple[Relation, ...]:
    once = {row[1]: row for row in rows}
    return tuple(mapping.present(mapping.relation_of(row, until) for row in once.values()))


def _project(opened: Sequence[Row], until: int, project_no: str | None) -> Project | None:
    found = {p.id: p for p in map(mapping.project_of, opened) if p.tick <= until}
    if len(found) > 1:
        raise NumberAmbiguous(
            f"项目编号 {project_no} 对应多个项目，请改用项目 id。",
            f"Several projects have the number {project_no}. Name the project by its id",
        )
    return next(iter(found.values()), None)


def _bids(rows: Sequence[Row], until: int) -> tuple[RecordedBid, ...]:
    return tuple(b for b in sorted(map(mapping.bid_of, rows), key=lambda b: (b.tick, b.id)) if b.tick <= until)
