"""Writing a batch of import rows in one transaction: each row whole or not at all, a handful of round trips for all.

Rows that say what is held word for word are done with at once (`credit.registry.wording`). What the others may meet is
read; then they are planned one after the other, as if each were a call of its own, and a row that is refused takes back
what it had planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from credit.errors import Conflict, Refusal
from credit.model.caller import Caller
from credit.model.party import Relation
from credit.model.record import Record, RecordId
from credit.model.statements import ROW_PARTY, LoadRow, Outcome, RecordStatement, RelationStatement, Written
from credit.ports import Hasher, HeldParty, WriteUnit
from credit.registry import absences, docket, tenders
from credit.registry.aftermath import EventPlan
from credit.registry.complaints import Ledger
from credit.registry.parties import PartyPlan, ids_of
from credit.registry.records import announce, keys_of, plan_record
from credit.registry.relations import ends_of, plan_relation, relation_key, told_end
from credit.registry.retold import amendment, is_retold
from credit.registry.rights import must_be_own
from credit.registry.wording import Wording, Words, told_before

_RANK = {Written.UNCHANGED: 0, Written.CORRECTED: 1, Written.CREATED: 2}


async def load(
    unit: WriteUnit,
    caller: Caller,
    doing: tuple[Hasher, Ledger | None],
    rows: Sequence["Ready"],
    *,
    retold: bool = True,
) -> list[Outcome]:
    """Plan every row against what is held and what the rows before it add, then write it all.

    ``retold``: the rows are a source's, which tells what it told before as it has become since. Without a ledger, which
    says what follows from complaints, a row that tells of one is refused.
    """
    done = await _told_before(unit, rows) if retold else {}
    rest = [(place, row) for place, row in enumerate(rows) if place not in done]
    if rest:
        planned = await _plan(unit, caller, doing, [row for _, row in rest], retold=retold)
        done |= {place: outcome for (place, _), outcome in zip(rest, planned, strict=True)}
    return [done[place] for place in range(len(rows))]


async def _told_before(unit: WriteUnit, rows: Sequence["Ready"]) -> dict[int, Outcome]:
    """Return the outcomes of rows that say what is held, unless another row says something else of the same party."""
    same = await told_before(unit.parties, [row.wording for row in rows])
    others = {name for place, row in enumerate(rows) if place not in same for name in row.ids}
    return {place: outcome for place, outcome in same.items() if others.isdisjoint(rows[place].ids)}


async def _plan(
    unit: WriteUnit, caller: Caller, doing: tuple[Hasher, Ledger | None], rows: Sequence["Ready"], *, retold: bool
) -> list[Outcome]:
    hasher, ledger = doing
    plan = await PartyPlan.open(unit.parties, hasher, (name for row in rows for name in row.ids))
    await plan.look_through(unit.merges, (said for row in rows for said in row.row.parties))
    batch = _Batch(
        unit,
        caller,
        plan,
        tenders.TenderPlan(unit, plan, hasher),
        EventPlan(unit, caller),
        docket.Docket(unit, caller, plan, ledger),
        retold=retold,
    )
    await batch.read([row.row for row in rows])
    outcomes = [await batch.take(row) for row in rows]
    await batch.write()
    return outcomes


@dataclass(frozen=True, slots=True)
class Ready:
    """A row with all that is known of it before its write begins, so that no other writer waits for that.

    ``ids`` are all identifiers that it names, ``wording`` the digests of what it says, where they tell all of it.
    """

    row: LoadRow
    ids: frozenset[str]
    wording: Wording | None

    @classmethod
    def of(cls, row: LoadRow, words: Words) -> Self:
        """Read a row's identifiers."""
        ids = [*ids_of(row.parties, words.hasher), *(r.party for r in row.records)]
        ids += [x for r in row.relations for x in (r.source, r.target)]
        return cls(row, frozenset((*ids, *tenders.ids_in(row), *docket.ids_in(row))) - {ROW_PARTY}, words.of(row))


@dataclass(slots=True)
class _Batch:
    """Rows being planned: what is held under their natural keys, and what they add to it."""

    unit: WriteUnit
    caller: Caller
    plan: PartyPlan
    tenders: "tenders.TenderPlan"
    events: EventPlan
    docket: "docket.Docket"
    retold: bool
    relations: dict[str, Relation] = field(default_factory=dict[str, Relation])
    records: dict[str, Record] = field(default_factory=dict[str, Record])
    new_relations: list[tuple[str, Relation]] = field(default_factory=list[tuple[str, Relation]])
    new_records: list[tuple[str, Record]] = field(default_factory=list[tuple[str, Record]])
    entries: set[RecordId] = field(default_factory=set[RecordId])
    ended: list[tuple[str, Relation]] = field(default_factory=list[tuple[str, Relation]])
    same: dict[str, str] = field(default_factory=dict[str, str])
    told: dict[RecordId, str] = field(default_factory=dict[RecordId, str])

    async def read(self, rows: Sequence[LoadRow]) -> None:
        """Read what is held under the rows' natural keys; a party not held yet has nothing, one may have no record."""
        relations: dict[str, None] = {}
        records: dict[str, None] = {}
        for row in rows:
            first = self._held_first(row)
            for relation in row.relations:
                source, target = self._held(relation.source, first), self._held(relation.target, first)
                if source is not None and target is not None:
                    relations[relation_key(relation, source, target)] = None
            for record in row.records:
                party = self._held(record.party, first)
                if party is not None and party.recorded:
                    records |= dict.fromkeys(keys_of(party, record.content))
        self.relations = dict(await self.unit.parties.relations(list(relations)))
        self.records = dict(await self.unit.records.by_keys(list(records)))
        await self.tenders.read(rows)
        await self.docket.read(rows)

    def _held(self, party: str, first: HeldParty | None) -> HeldParty | None:
        return first if party == ROW_PARTY else self.plan.held_as(party)

    def _held_first(self, row: LoadRow) -> HeldParty | None:
        """The row's first party where it is held already."""
        names = ids_of(row.parties[:1], self.plan.hasher) if _says_first(row) else ()
        return next((self.plan.held[n] for n in names if n in self.plan.held), None)

    async def take(self, row: Ready) -> Outcome:
        """Plan one row; a refused one takes back what it had planned."""
        mark, relations, records = self.plan.mark(), len(self.new_relations), len(self.new_records)
        tenders_mark, events, letters = self.tenders.mark(), len(self.events.new), self.docket.mark()
        ended = len(self.ended)
        try:
            return await self._plan(row)
        except Refusal as error:
            self.plan.back_to(mark)
            self.tenders.back_to(tenders_mark)
            self.docket.back_to(letters)
            self.events.back_to(events)
            self.relations |= dict(reversed(self.ended[ended:]))
            for key, _ in self.new_relations[relations:]:
                del self.relations[key]
            for key, _ in self.new_records[records:]:
                del self.records[key]
            del self.new_relations[relations:], self.new_records[records:], self.ended[ended:]
            return Outcome(error=error)

    async def _plan(self, ready: Ready) -> Outcome:
        row, wording = ready.row, ready.wording
        self.docket.must_be_named(row)
        outcomes = [self.plan.state(statement, (wording and wording.party) or None) for statement in row.parties]
        first = outcomes[0].id if outcomes else ""
        outcomes += [self._relate(statement, first) for statement in row.relations]
        outcomes += (recorded := [self._record(statement, first) for statement in row.records])
        if wording is not None:
            self._keep(wording, outcomes[0], recorded)
        outcomes += self.tenders.take(row)
        outcomes += [await self.docket.take(said) for said in row.complaints]
        written = max((o.written for o in outcomes), key=_RANK.__getitem__, default=Written.UNCHANGED)
        told = tuple(o.record.id for o in recorded if o.record is not None)
        return Outcome(outcomes[-1].id if outcomes else "", written, records=told)

    def _keep(self, wording: Wording, party: Outcome, recorded: Sequence[Outcome]) -> None:
        """Keep with new records, and with what is held just so, the digests of the row's words.

        A record to which something happened has none: what comes of its being told again hangs on the day of the file.
        """
        if wording.party and party.written is Written.UNCHANGED:
            self.same[self.plan.named(party.id).key] = wording.party
        for outcome, said in zip(recorded, wording.records, strict=True):
            if outcome.record is not None and not outcome.record.events:
                self.told[outcome.record.id] = said

    def _relate(self, said: RelationStatement, first: str) -> Outcome:
        if ROW_PARTY in {said.source, said.target}:
            said = replace(said, source=_named(said.source, first), target=_named(said.target, first))
        source, target = ends_of(said, self.plan)
        key = relation_key(said, source, target)
        before = self.relations.get(key)
        if self.retold and (ended := told_end(said, (key, source, target), self.relations, self.unit.tick)) is not None:
            if before is None or ended == before:
                return Outcome(ended.id)
            self.ended.append((key, before))
            return Outcome(ended.id, Written.CORRECTED)
        outcome, new = plan_relation(said, (key, source, target), self.relations, self.unit.tick)
        self.new_relations += [new] if new else []
        return outcome

    def _record(self, said: RecordStatement, first: str) -> Outcome:
        party = self.plan.named(_named(said.party, first), "/party")
        known = next((self.records[k] for k in keys_of(party, said.content) if k in self.records), None)
        if self.retold and known is not None and is_retold(known, said):
            return self._amend(known, said)
        outcome, new = plan_record(self.caller, said, party, self.records, self.unit)
        self.new_records += [new] if new else []
        return outcome if outcome.record is None else self._befell(outcome, outcome.record, said)

    def _amend(self, known: Record, said: RecordStatement) -> Outcome:
        """Take an entry of a list of debarments for what the list tells of it now."""
        must_be_own(self.caller, said.content.authority)
        changed = amendment(self.events.seen(known), said)
        if changed is not None and known.id in self.entries:
            raise Conflict(
                "名单对同一条目所载内容互相矛盾", "the list contradicts itself on one entry", record=known.id
            )
        self.entries.add(known.id)
        written = Written.UNCHANGED if changed is None else self.events.add(known, changed).written
        return self._befell(Outcome(known.id, written, record=known), known, said)

    def _befell(self, outcome: Outcome, record: Record, said: RecordStatement) -> Outcome:
        back = absences.put_back(record, said.source)
        befell = [e.written for e in self.events.take(record, (*back, *said.events))]
        return replace(outcome, written=max((outcome.written, *befell), key=_RANK.__getitem__))

    async def write(self) -> None:
        """Write what the sound rows add."""
        await self.plan.save(self.unit.parties)
        await self.unit.parties.relate(self.new_relations)
        for key, _ in self.ended:
            await self.unit.parties.end_relation(self.relations[key])
        await self.unit.records.save(self.new_records, self.told)
        new = {record.id for _, record in self.new_records}
        await self.unit.parties.tell(
            {key: told for key, told in self.same.items() if key not in self.plan.staged},
            {record: told for record, told in self.told.items() if record not in new},
        )
        await self.events.save()
        await self.tenders.save()
        await self.docket.save()
        await self._answer()
        for held in self.plan.staged.values():
            self.unit.announce("party.stated", held.party.id, (held.party.id,))
        for _, relation in self.new_relations:
            self.unit.announce("relation.recorded", relation.id, (relation.source, relation.target))
        for relation in (self.relations[key] for key, _ in self.ended):
            self.unit.announce("relation.ended", relation.id, (relation.source, relation.target))
        announce(self.unit, [record for _, record in self.new_records])
        self.events.announce()
        self.tenders.announce()
        self.docket.announce()

    async def _answer(self) -> None:
        """Look at what is proposed on parties of which a record came in, or to one of which something happened."""
        if self.docket.ledger is None:
            return
        changed = {record.id: record for _, record in self.new_records} | {r.id: r for r, _ in self.events.new}
        await self.docket.ledger.answer(self.unit, [self.events.seen(record) for record in changed.values()])


def _says_first(row: LoadRow) -> bool:
    ends = [x for r in row.relations for x in (r.source, r.target)]
    return ROW_PARTY in ends or any(r.party == ROW_PARTY for r in row.records)


def _named(party: str, first: str) -> str:
    """The id that the row's first party has now where the row could only say ``ROW_PARTY``."""
    return first if party == ROW_PARTY else party
