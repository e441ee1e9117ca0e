"""Writing a batch of import rows in one transaction: each row whole or not at all, a handful of round trips for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from credit.errors import CreditError, Refusal
from credit.model.caller import Caller
from credit.model.party import Relation
from credit.model.record import Record
from credit.model.statements import ROW_PARTY, LoadRow, Outcome, Written
from credit.ports import Hasher, WriteUnit
from credit.registry.parties import PartyPlan, ids_of
from credit.registry.records import announce, natural_key, plan_record
from credit.registry.relations import plan_relation, relation_key

_RANK = {Written.UNCHANGED: 0, Written.CORRECTED: 1, Written.CREATED: 2}


@dataclass(slots=True)
class _Row:
    """One row being planned: the parties it needs, what it adds, what came of each part."""

    row: LoadRow
    parties: set[str] = field(default_factory=set[str])
    relations: list[tuple[str, Relation]] = field(default_factory=list[tuple[str, Relation]])
    records: list[tuple[str, Record]] = field(default_factory=list[tuple[str, Record]])
    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    error: CreditError | None = None

    def outcome(self) -> Outcome:
        """What the row came to: its error, else the strongest of its parts, by the last part's id."""
        if self.error is not None:
            return Outcome(error=self.error)
        written = max((o.written for o in self.outcomes), key=_RANK.__getitem__, default=Written.UNCHANGED)
        return Outcome(self.outcomes[-1].id if self.outcomes else "", written)


async def load(unit: WriteUnit, caller: Caller, hasher: Hasher, rows: Sequence[LoadRow]) -> list[Outcome]:
    """Plan every row against what is held, then write what the sound ones add."""
    plan = await PartyPlan.open(unit.parties, hasher, _ids(rows, hasher))
    planned = [_parties(plan, row) for row in rows]
    await _relations(unit, plan, planned)
    await _records(unit, caller, plan, planned)
    sound = [p for p in planned if p.error is None]
    await plan.save(unit.parties, {k for p in sound for k in p.parties})
    await unit.parties.relate([r for p in sound for r in p.relations])
    fresh = [r for p in sound for r in p.records]
    await unit.records.save(fresh)
    announce(unit, [r for _, r in fresh])
    _announce_rest(unit, plan, sound)
    return [p.outcome() for p in planned]


def _announce_rest(unit: WriteUnit, plan: PartyPlan, sound: Iterable[_Row]) -> None:
    for key in sorted({k for p in sound for k in p.parties} & plan.staged.keys()):
        unit.announce("party.stated", plan.staged[key].party.id, (plan.staged[key].party.id,))
    for _, relation in (r for p in sound for r in p.relations):
        unit.announce("relation.recorded", relation.id, (relation.source, relation.target))


def _ids(rows: Iterable[LoadRow], hasher: Hasher) -> list[str]:
    ids: list[str] = []
    for row in rows:
        ids += ids_of(row.parties, hasher)
        ids += [r.party for r in row.records]
        ids += [x for r in row.relations for x in (r.source, r.target)]
    return ids


def _parties(plan: PartyPlan, row: LoadRow) -> _Row:
    planned = _Row(row)
    try:
        for statement in row.parties:
            outcome = plan.state(statement)
            planned.outcomes.append(outcome)
            planned.parties.add(plan.named(outcome.id).key)
    except Refusal as error:
        planned.error = error
        return planned
    return replace(planned, row=_settled(row, planned.outcomes[0].id)) if planned.outcomes else planned


def _settled(row: LoadRow, first: str) -> LoadRow:
    """Put the id that the row's first party has now where the row could only say ``ROW_PARTY``."""

    def named(party: str) -> str:
        return first if party == ROW_PARTY else party

    return replace(
        row,
        relations=tuple(replace(r, source=named(r.source), target=named(r.target)) for r in row.relations),
        records=tuple(replace(r, party=named(r.party)) for r in row.records),
    )


async def _relations(unit: WriteUnit, plan: PartyPlan, planned: Sequence[_Row]) -> None:
    keys: dict[int, list[str]] = {}
    for n, p in enumerate(planned):
        if p.error is None and p.row.relations:
            try:
                keys[n] = [relation_key(r, plan) for r in p.row.relations]
            except Refusal as error:
                p.error = error
    if not keys:
        return
    held = dict(await unit.parties.relations(list(dict.fromkeys(k for ks in keys.values() for k in ks))))
    for n, of_row in keys.items():
        p = planned[n]
        try:
            for statement, key in zip(p.row.relations, of_row, strict=True):
                outcome, new = plan_relation(statement, key, held, plan, unit.tick)
                p.outcomes.append(outcome)
                p.parties |= {plan.named(statement.source).key, plan.named(statement.target).key}
                p.relations += [new] if new else []
        except Refusal as error:
            p.error = error


async def _records(unit: WriteUnit, caller: Caller, plan: PartyPlan, planned: Sequence[_Row]) -> None:
    todo = [p for p in planned if p.error is None and p.row.records]
    keys = [natural_key(plan.named(s.party), s.content) for p in todo for s in p.row.records if s.party in plan.held]
    if not todo:
        return
    held = dict(await unit.records.by_keys(list(dict.fromkeys(keys))))
    for p in todo:
        try:
            for statement in p.row.records:
                party = plan.named(statement.party, "/party")
                outcome, new = plan_record(caller, statement, party, held, unit)
                p.outcomes.append(outcome)
                p.parties.add(party.key)
                p.records += [new] if new else []
        except Refusal as error:
            p.error = error
