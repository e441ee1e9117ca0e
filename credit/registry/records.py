"""Penalties, entries on lists, and what happens to them later.

Natural keys: penalty (authority name, doc_no, party), listing (party, list, listed_on, doc_no), event (record, kind,
on, doc_no); of events, those that imports find out by themselves stand apart from what somebody decided that day.
Records are never changed or deleted; events are appended.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from credit.errors import Conflict, FieldInvalid, NumberAmbiguous, Refusal, Unknown
from credit.model.caller import Caller
from credit.model.matters import AnyMatter
from credit.model.naturalkey import digest, normal
from credit.model.party import PartyId
from credit.model.plain import to_plain
from credit.model.record import OF_LISTS, Event, EventKind, Listing, Penalty, Record, RecordId
from credit.model.statements import EventStatement, Outcome, RecordStatement, Written
from credit.model.when import from_tick, legal_day
from credit.ports import HeldParty, WriteUnit
from credit.registry import proposals
from credit.registry.complaints import Ledger
from credit.registry.parties import PartyPlan
from credit.registry.rights import authority_of, must_be_own
from credit.rules.standing import amend, as_amended

_FIXED = frozenset({"party", "doc_no"})


def natural_key(party: HeldParty, content: Penalty | Listing) -> str:
    """Return the natural key, by the party's lasting inner key."""
    if isinstance(content, Penalty):
        return digest("penalty", party.key, normal(content.authority.name), normal(content.doc_no))
    return digest("listing", party.key, content.list, str(content.listed_on), normal(content.doc_no or ""))


def keys_of(party: HeldParty, content: Penalty | Listing) -> tuple[str, ...]:
    """Return the natural key, and the one under which the same content stands once it was found to be a mistake."""
    key = natural_key(party, content)
    return (key, key + suffix_of(content)) if party.mistaken else (key,)


def suffix_of(content: Penalty | Listing) -> str:
    """What sets a mistaken record's natural key apart: told again, it stays dead; another content may be entered."""
    said = {k: v for k, v in to_plain(as_compared(content)).items() if v not in (None, [], False)}
    return "|mistaken|" + hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def plan_record(
    caller: Caller, statement: RecordStatement, party: HeldParty, held: dict[str, Record], unit: WriteUnit
) -> tuple[Outcome, tuple[str, Record] | None]:
    """Return the outcome, and what is to be written where the record is new.

    Raises: NotYourAuthority, Conflict.
    """
    must_be_own(caller, statement.content.authority)
    keys = keys_of(party, statement.content)
    known = next((held[k] for k in keys if k in held), None)
    if known is not None:
        if known.content != statement.content and as_compared(known.content) != as_compared(statement.content):
            raise Conflict(
                "同一文号已按其他内容登记, 更正请用 amended 事件",
                "another content is recorded under this number: correct it by an amended event",
                record=known.id,
            )
        return Outcome(known.id, record=known), None
    prefix = "pen_" if isinstance(statement.content, Penalty) else "lst_"
    record = Record(
        RecordId(prefix + secrets.token_hex(12)),
        party.party.id,
        statement.content,
        statement.source,
        unit.next_tick(),
        caller.id,
    )
    held[keys[0]] = record
    return Outcome(record.id, Written.CREATED, record=record), (keys[0], record)


def as_compared(content: Penalty | Listing) -> Penalty | Listing:
    """Return a record's content with its number and authority in the form in which natural keys are compared."""
    number = normal(content.doc_no) if content.doc_no else content.doc_no
    authority = replace(content.authority, name=normal(content.authority.name)) if content.authority else None
    told = replace(content, doc_no=number, authority=authority)
    if isinstance(told, Penalty):
        return replace(told, kinds=tuple(sorted(told.kinds)), legal_basis=tuple(sorted(told.legal_basis)))
    return replace(told, products=tuple(sorted(told.products)))


async def follow_up(
    unit: WriteUnit, caller: Caller, said: tuple[str, EventStatement], ledger: Ledger | None = None
) -> Outcome:
    """Append an event to the record that an id or an unambiguous number names, and look at what is proposed anew.

    Raises: Unknown, NumberAmbiguous, NotYourAuthority, FieldInvalid, Conflict.
    """
    name, statement = said
    record = only(await unit.records.by_id_or_number(name), name)
    today = legal_day(from_tick(unit.tick))
    must_be_own(caller, authority_of(record, today))
    changes = changes_of(record, statement)
    if changes is not None:
        must_be_own(caller, amend(as_amended(record, today), changes).authority)
    if (told := told_event(record, statement, changes)) is not None:
        return Outcome(told.id, record=record)
    event = new_event(caller, statement, changes, unit.tick)
    fresh_mistake = event.kind is EventKind.ENTERED_IN_ERROR and all(e.kind is not event.kind for e in record.events)
    await unit.records.append(record.id, event, suffix=suffix_of(record.content) if fresh_mistake else "")
    unit.announce(f"record.{event.kind}", record.id, (record.party,))
    now = replace(record, events=(*record.events, event))
    if ledger is not None:
        await ledger.answer(unit, [now])
    return Outcome(event.id, Written.CREATED, record=now)


def told_event(record: Record, statement: EventStatement, changes: str | None) -> Event | None:
    """The event that a statement tells again; None where it is new.

    Raises: Conflict.
    """
    event = next((e for e in record.events if _same_key(e, statement)), None)
    if event is not None and (event.by, event.reason, event.changes) != (statement.by, statement.reason, changes):
        raise Conflict("同一事项已按其他内容登记", "another content is recorded for this event", event=event.id)
    return event


def new_event(caller: Caller, statement: EventStatement, changes: str | None, tick: int) -> Event:
    """Give a statement its id and its place in the order of writes."""
    return Event(
        "evt_" + secrets.token_hex(12),
        statement.kind,
        statement.on,
        statement.doc_no,
        statement.by,
        statement.reason,
        changes,
        tick,
        caller.id,
    )


def only(records: Sequence[Record], name: str) -> Record:
    """The one record that a name means.

    Raises: Unknown, NumberAmbiguous.
    """
    if not records:
        raise Unknown(f"没有记录 {name}", f"there is no record {name}")
    if len(records) > 1:
        raise NumberAmbiguous(f"文号 {name} 对应多条记录, 请用记录编号", f"several records bear {name}: use the id")
    return records[0]


def _same_key(event: Event, statement: EventStatement) -> bool:
    same_number = normal(event.doc_no or "") == normal(statement.doc_no or "")
    same_sort = (event.reason in OF_LISTS) == (statement.reason in OF_LISTS)
    return event.kind is statement.kind and event.on == statement.on and same_number and same_sort


def changes_of(record: Record, statement: EventStatement) -> str | None:
    """Return an amendment's changes as JSON text, tried on the record before they are written."""
    if statement.kind is not EventKind.AMENDED:
        if statement.changes:
            raise FieldInvalid("只有 amended 事件有 changes", "only an amendment has changes", pointer="/changes")
        return None
    if not statement.changes:
        raise FieldInvalid("amended 事件须有 changes", "an amendment needs changes", pointer="/changes")
    if fixed := _FIXED & set(statement.changes):
        raise FieldInvalid(
            f"不能变更 {', '.join(sorted(fixed))}", f"{', '.join(sorted(fixed))} cannot be amended", pointer="/changes"
        )
    text = json.dumps(statement.changes, ensure_ascii=False, sort_keys=True)
    try:
        amend(record.content, text)
    except ValueError as error:
        raise FieldInvalid(f"changes 有误: {error}", f"the changes do not fit: {error}", pointer="/changes") from error
    return text


async def record_all(
    unit: WriteUnit, caller: Caller, doing: tuple[PartyPlan, Ledger | None], statements: Sequence[RecordStatement]
) -> list[Outcome]:
    """Write records, each for itself: one that is refused keeps none of the others out.

    What is proposed on a party is looked at anew, by the ledger, once a decision has answered letters, or may have.
    """
    plan, ledger = doing
    about = [(plan.held[s.party], s.content) for s in statements if s.party in plan.held]
    known = [k for party, content in about if party.recorded for k in keys_of(party, content)]
    held = dict(await unit.records.by_keys(list(dict.fromkeys(known))))
    outcomes: list[Outcome] = []
    fresh: list[tuple[str, Record]] = []
    named: list[tuple[proposals.Held, Record]] = []
    for statement in statements:
        try:
            party = plan.named(statement.party, "/party")
            told = next((held[k] for k in keys_of(party, statement.content) if k in held), None)
            answers = await _answered(unit, statement, party, named) if told is None else None
            outcome, new = plan_record(caller, statement, party, held, unit)
            if told is not None and statement.proposal is not None:
                answers = await _answered_before(unit, statement.proposal, told, named, ledger=ledger)
        except Refusal as error:
            outcomes.append(Outcome(error=error))
            continue
        outcomes.append(outcome)
        fresh += [new] if new else []
        named += [(answers, outcome.record)] if answers and outcome.record else []
    await unit.records.save(fresh)
    for proposal, record in named:
        closed = await proposals.close(unit, caller, proposal, record)
        if ledger is not None:
            await ledger.follow(unit, cast("AnyMatter", proposal), cast("AnyMatter", closed))
    if ledger is not None:
        answering = {record.id for _, record in named}
        await ledger.answer(unit, [r for _, r in fresh if r.id not in answering])
    announce(unit, [r for _, r in fresh])
    return outcomes


async def _answered(
    unit: WriteUnit, statement: RecordStatement, party: HeldParty, named: Sequence[tuple[proposals.Held, Record]]
) -> proposals.Held | None:
    """The proposal that a new record names."""
    if statement.proposal is None:
        return None
    found = await proposals.accepted(unit, statement.proposal, party.party.id, statement.content)
    if any(found.id == other.id for other, _ in named):
        raise _decided(found)
    return found


async def _answered_before(
    unit: WriteUnit,
    name: str,
    told: Record,
    named: Sequence[tuple[proposals.Held, Record]],
    *,
    ledger: Ledger | None,
) -> proposals.Held | None:
    """The proposal that a record held already names only now; None where this call or an earlier one did."""
    found = await proposals.accepted_before(unit, name, told, ledger)
    if found is None:
        return None
    for other, record in named:
        if (other.id, record.id) == (found.id, told.id):
            return None
        if other.id == found.id or record.id == told.id:
            raise _decided(found)
    return found


def _decided(proposal: proposals.Held) -> Conflict:
    return Conflict("一项建议只能登记一个决定", "one decision answers a proposal", proposal=proposal.id)


def announce(unit: WriteUnit, records: Sequence[Record]) -> None:
    """Put new records into the write's change event."""
    for record in records:
        kind = "penalty.recorded" if isinstance(record.content, Penalty) else "listing.recorded"
        unit.announce(kind, record.id, (PartyId(record.party),))
