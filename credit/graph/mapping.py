"""Rows of the graph to domain types and back; the only place that knows what stands in a row.

Texts that hold JSON have the form of `credit.model.plain`, which reads them. Reading is strict: a row that does not fit
its type raises `RowUnreadable` and names where it stands; it never passes for another.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

import orjson

from credit.graph.bolt import Row
from credit.model.caller import Access, Caller
from credit.model.merge import Merge, Tie
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, PartyKind, Relation, RelationEnd, RelationKind
from credit.model.plain import from_plain, to_plain
from credit.model.project import Project, RecordedBid, Sync, SyncOutcome
from credit.model.record import Event, Listing, Penalty, Record, RecordId, Source
from credit.model.when import When, from_tick, to_tick
from credit.ports import Entry, HeldParty, Job

T = TypeVar("T")

_BARRING_LISTS: Final = frozenset({"L01", "L11"})
"""Entries that bar like a ban: what is looked for among the other firms of a leader or owner (DOMAIN R11, Q19)."""


class RowUnreadable(ValueError):
    """What stands in the graph does not fit its type."""


def present(found: Iterable[T | None]) -> list[T]:
    """Leave out what was not known."""
    return [x for x in found if x is not None]


def json_text(value: object) -> str:
    """Write model values, alone or in lists and dicts, as the JSON text of their `to_plain` form."""
    return orjson.dumps(value, _plain, orjson.OPT_PASSTHROUGH_DATACLASS).decode()


def _plain(value: object) -> object:
    """Turn what orjson does not know into what it knows, one layer at a time; dates and enumerations it knows."""
    if isinstance(value, When):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[str]", value))
    outer, values = _shape(type(value))
    return dict(zip(outer, values(value), strict=True))


@cache
def _shape(kind: type) -> tuple[list[str], Callable[[object], tuple[object, ...]]]:
    names = [f.name for f in fields(kind)]
    return [name.removesuffix("_") for name in names], attrgetter(*names)


def load(text: object, what: str, name: object) -> dict[str, Any]:
    """Read a JSON object. Raises: RowUnreadable, which names ``what`` it is of."""
    try:
        data = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError as error:
        raise RowUnreadable(f"{what} {name}: {error}") from error
    if not isinstance(data, dict):
        raise RowUnreadable(f"{what} {name}: no JSON object")
    return cast("dict[str, Any]", data)


def read(kind: type[T], data: object, what: str, name: object) -> T:
    """Read plain data as a model type. Raises: RowUnreadable."""
    try:
        return from_plain(kind, data)
    except ValueError as error:
        raise RowUnreadable(f"{what} {name}: {error}") from error


# ── parties ────────────────────────────────────────────────────────────────────────────────────────────────────────


def state_text(party: Party, tick: int) -> str:
    """Write one state of a party."""
    return json_text({"tick": tick, "party": party})


def party_of(party_id: str, states: Sequence[str], known: int | None = None) -> Party | None:
    """Read a party as of a place in the order of writes, under its id of then; None: not registered then."""
    for text in reversed(states):
        state = load(text, "party", party_id)
        if known is None or _whole(state.get("tick"), "party", party_id) <= known:
            party = state.get("party")
            if not isinstance(party, dict):
                raise RowUnreadable(f"party {party_id}: no party in its state")
            return read(Party, cast("dict[str, Any]", party), "party", party_id)
    return None


def held_party(row: Row) -> HeldParty:
    """Read [key, id, revision, newest state, whether a record of it was a mistake, it has records, was ever merged]."""
    key, party_id, revision, state, mistaken, recorded, merged = row
    party = party_of(party_id, [state])
    if party is None:
        raise RowUnreadable(f"party {party_id}: no state")
    return HeldParty(key, party, _whole(revision, "party", party_id), mistaken, recorded, merged)


# ── merges ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def tie_text(tie: Tie) -> str:
    """Write a merge as its parties hold it."""
    return json_text({"id": tie.id, "keep": tie.keep, "other": tie.other, "tick": tie.tick})


def undone_text(merge_id: str, tick: int) -> str:
    """Write that a merge was undone, as its parties hold it."""
    return json_text({"id": merge_id, "undone": tick})


def ties_of(key: str, texts: Iterable[str]) -> list[Tie]:
    """Read the merges that a party holds, in the order in which they were made."""
    told: dict[str, dict[str, Any]] = {}
    for text in texts:
        said = load(text, "merges of party", key)
        told.setdefault(str(said.get("id")), {}).update(said)
    return [read(Tie, said, "merges of party", key) for said in told.values()]


def merge_of(row: Row) -> Merge:
    """Read [id, id of the kept party, id of the other, tick, nth, body, list of no or one undoing]."""
    merge_id, keep, same_as, tick, nth, body, undone = row
    data = load(body, "merge", merge_id)
    outside = {"id": merge_id, "keep": keep, "same_as": same_as, "tick": tick, "nth": nth}
    said = [load(text, "merge", merge_id) for text in undone]
    return read(Merge, {**data, **outside, "undone": said[-1] if said else None}, "merge", merge_id)


def merge_text(merge: Merge) -> str:
    """Write what never changes of a merge; its id, parties and numbers stand beside it."""
    return json_text({"on": merge.on, "reason": merge.reason, "recorded_by": merge.recorded_by})


# ── relations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def relation_row(natural: str, relation: Relation, ends: tuple[str, str]) -> dict[str, object]:
    """Write a relation between two parties given by key."""
    return {
        "id": relation.id,
        "natural": natural,
        "kind": relation.kind.value,
        "source": ends[0],
        "target": ends[1],
        "share": None if relation.share is None else format(relation.share, "f"),
        "since": None if relation.since is None else relation.since.isoformat(),
        "until": None if relation.until is None else relation.until.isoformat(),
        "tick": relation.tick,
    }


def relation_of(row: Row, known: int | None = None) -> Relation | None:
    """Read [kind, id, source id, target id, share, since, until, tick, ends]; None: not known then."""
    kind, relation_id, source, target, share, since, until, tick, ends = row
    if known is not None and tick > known:
        return None
    try:
        return Relation(
            relation_id,
            _KINDS[kind],
            source,
            target,
            None if share is None else Decimal(share),
            None if since is None else date.fromisoformat(since),
            None if until is None else date.fromisoformat(until),
            _whole(tick, "relation", relation_id),
            tuple(_ends(relation_id, ends, known)) if ends else (),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise RowUnreadable(f"relation {relation_id}: {error!r}") from error


_KINDS: Final[Mapping[str, RelationKind]] = {name: kind for kind in RelationKind for name in (kind.value, kind.name)}


def end_text(end: RelationEnd) -> str:
    """Write one end of a relation."""
    return json_text(end)


def _ends(relation_id: str, ends: Iterable[str], known: int | None) -> Iterable[RelationEnd]:
    for text in ends:
        end = read(RelationEnd, load(text, "relation", relation_id), "relation", relation_id)
        if known is None or end.tick <= known:
            yield end


# ── records ────────────────────────────────────────────────────────────────────────────────────────────────────────


def record_text(record: Record) -> str:
    """Write what never changes of a record; id, party and tick stand beside it."""
    kind = "penalty" if isinstance(record.content, Penalty) else "listing"
    return json_text(
        {
            kind: record.content,
            "source": record.source,
            "by": record.recorded_by,
        }
    )


def record_row(nth: int, natural: str, record: Record, office: str | None) -> dict[str, object]:
    """Write the ``nth`` record of a party within one write, with its number in a series."""
    return {
        "nth": nth,
        "id": record.id,
        "natural": natural,
        "number": normal(record.content.doc_no) if record.content.doc_no else None,
        "tick": record.tick,
        "body": record_text(record),
        "weighs": weighs(record.content),
        "office": office,
    }


def record_of(row: Row, known: int | None = None) -> Record | None:
    """Read [party id, id, tick, body, events]; None: not known then."""
    party, record_id, tick, body, events = row
    if known is not None and tick > known:
        return None
    data = load(body, "record", record_id)
    try:
        by, source = data.pop("by"), data.pop("source")
        ((kind, content),) = data.items()
        shape = _CONTENT[kind]
    except (KeyError, ValueError) as error:
        raise RowUnreadable(f"record {record_id}: {error!r}") from error
    return Record(
        RecordId(record_id),
        PartyId(party),
        read(shape, content, "record", record_id),
        read(Source, source, "record", record_id),
        _whole(tick, "record", record_id),
        read(str, by, "record", record_id),
        tuple(events_of(record_id, events, known)) if events else (),
    )


_CONTENT: Final[Mapping[str, type[Penalty] | type[Listing]]] = {"penalty": Penalty, "listing": Listing}


def event_text(event: Event) -> str:
    """Write what happened to a record."""
    return json_text(event)


def events_of(record_id: str, events: Iterable[str], known: int | None = None) -> list[Event]:
    """Read what happened to a record by a place in the order of writes."""
    found = [read(Event, load(text, "record", record_id), "event of record", record_id) for text in events]
    return [e for e in found if known is None or e.tick <= known]


def bars(content: Penalty | Listing) -> bool:
    """Whether it is a ban, or an entry on a list of the banned."""
    if isinstance(content, Penalty):
        return content.ban is not None
    return content.list in _BARRING_LISTS


def weighs(content: Penalty | Listing) -> bool:
    """Whether it may bear on others than the party itself: a ban or any entry on a list."""
    return isinstance(content, Listing) or content.ban is not None


def amends_to_ban(event: Event) -> bool:
    """Whether an amendment gives a ban, or a list of the banned, where there may have been none; compare `bars`."""
    if event.changes is None:
        return False
    changes = load(event.changes, "event", event.id)
    return changes.get("ban") is not None or changes.get("list") in _BARRING_LISTS


# ── projects ───────────────────────────────────────────────────────────────────────────────────────────────────────


def project_text(project: Project) -> str:
    """Write a project; its parties stand in the graph."""
    plain = to_plain(project)
    return json_text({k: plain[k] for k in plain if k not in _PROJECT_OUTSIDE})


_PROJECT_OUTSIDE: Final = frozenset({"id", "purchaser", "agency", "tick"})


def project_of(row: Row) -> Project:
    """Read [purchaser id, agency id, id, tick, body]."""
    purchaser, agency, project_id, tick, body = row
    data = load(body, "project", project_id)
    outside = {"id": project_id, "purchaser": purchaser, "agency": agency, "tick": tick}
    return read(Project, {**data, **outside}, "project", project_id)


def bid_text(bid: RecordedBid, keys: Mapping[PartyId, str]) -> str:
    """Write a bid, its parties by inner key."""
    named = replace(bid, members=tuple(PartyId(keys[m]) for m in bid.members), lead=PartyId(keys[bid.lead]))
    plain = to_plain(named)
    return json_text({k: plain[k] for k in plain if k not in {"id", "tick"}})


def bid_of(row: Row) -> RecordedBid:
    """Read [id, tick, body, list of [key, id] of its members]."""
    bid_id, tick, body, members = row
    data = {**load(body, "bid", bid_id), "id": bid_id, "tick": tick}
    bid, ids = read(RecordedBid, data, "bid", bid_id), dict(members)
    try:
        return replace(bid, members=tuple(ids[m] for m in bid.members), lead=ids[bid.lead])
    except KeyError as error:
        raise RowUnreadable(f"bid {bid_id}: no party {error}") from error


def sync_of(row: Row) -> Sync:
    """Read [id, list, finished, outcome, records, tick, silent, seen]."""
    sync_id, list_id, finished, outcome, records, tick, silent, seen = row
    kinds = (PartyKind(kind) for kind in silent or ())
    try:
        seen_at = from_tick(seen) if seen is not None else None
        return Sync(sync_id, list_id, from_tick(finished), SyncOutcome(outcome), records, tick, tuple(kinds), seen_at)
    except (TypeError, ValueError, OverflowError) as error:
        raise RowUnreadable(f"sync {sync_id}: {error}") from error


# ── evidence ───────────────────────────────────────────────────────────────────────────────────────────────────────


def entry_of(row: Row) -> Entry:
    """Read the fields of a link."""
    entry = Entry(*row)
    return replace(entry, records=tuple(entry.records))


# ── callers, accesses, replies, jobs ───────────────────────────────────────────────────────────────────────────────


def caller_text(caller: Caller) -> str:
    """Write a caller."""
    return json_text(caller)


def caller_of(row: Row) -> Caller:
    """Read [body, revoked, end of the key it came by]: the key may end before the caller does."""
    body, revoked, ends = row
    caller = read(Caller, load(body, "caller", ""), "caller", "")
    stops = [at for at in (caller.revoked_at, None if revoked is None else from_tick(revoked)) if at is not None]
    over = [at for at in (caller.expires_at, None if ends is None else from_tick(ends)) if at is not None]
    return replace(caller, revoked_at=min(stops, default=None), expires_at=min(over, default=None))


def access_row(number: int, access: Access) -> dict[str, object]:
    """Write one line of the access log."""
    return {
        "number": number,
        "at": to_tick(access.at),
        "caller": access.caller,
        "action": access.action,
        "parties": list(access.parties),
        "project_no": access.project_no,
        "request_id": access.request_id,
    }


def access_of(row: Row) -> tuple[int, Access]:
    """Read [number, at, caller, action, parties, project_no, request_id]."""
    number, at, caller, action, parties, project_no, request_id = row
    return number, Access(from_tick(at), caller, action, tuple(parties), project_no, request_id)


def job_of(row: Row) -> Job:
    """Read the fields of a job."""
    return Job(*row)


def _whole(value: object, what: str, name: object) -> int:
    if type(value) is not int:
        raise RowUnreadable(f"{what} {name}: {value!r} is no whole number")
    return value
