"""Applications about a record and sightings of it: who may hand them in, who decides them, what they do to the record.

An application and what it does to its record are one fact, written in one transaction: an objection handed in is the
record's event ``objection_opened``, one decided ``objection_closed``; a repair granted is the event ``repaired``. Where
the record's authority has told the same event before, it stands as it was told.

Law: 信用修复管理办法 (谁认定、谁修复); 处罚法 48; DOMAIN §§5.1, 5.3, 5.4.
"""

from datetime import date
from typing import Final

from credit.errors import Denied, FieldInvalid, RecordOnDisplay
from credit.model.caller import Caller, Scope
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import Application, ApplicationEvent, ApplicationEventKind, Sighting, of_shape
from credit.model.naturalkey import normal
from credit.model.objections import is_of_another
from credit.model.record import EventKind, Record, without_put_back
from credit.model.statements import EventStatement
from credit.model.when import When
from credit.ports import WriteUnit
from credit.registry.records import new_event, only
from credit.registry.rights import authority_of, is_one_party, must_be_own

DECISIONS: Final = frozenset({ApplicationEventKind.GRANTED, ApplicationEventKind.REFUSED})
"""What ends an application."""
_OFF_DISPLAY: Final = frozenset({EventKind.REPAIRED, EventKind.ANNULLED, EventKind.REMOVED})


async def record_of(unit: WriteUnit, content: Application | Sighting) -> Record:
    """Return the record that an application or a sighting is about.

    Raises: Unknown, NumberAmbiguous.
    """
    return only(await unit.records.by_id_or_number(content.record), content.record)


def may_apply(caller: Caller, record: Record, today: date) -> None:
    """Let the party itself apply, or the record's authority or ``admin`` for it.

    Raises: Denied, NotYourAuthority.
    """
    if not (caller.has(Scope.SELF) and caller.is_party(record.party)):
        may_decide(caller, record, today)


def may_decide(caller: Caller, record: Record, today: date) -> None:
    """Let only the record's authority of today, or ``admin``, go on: who found it, repairs it.

    Raises: Denied, NotYourAuthority.
    """
    if not (caller.has(Scope.RECORD) or caller.has(Scope.ADMIN)):
        raise Denied("只有记录的认定机关可以办理。", "Only the authority of the record may do so")
    must_be_own(caller, authority_of(record, today))


async def fits_record(unit: WriteUnit, content: Application | Sighting) -> None:
    """Let what is said of a record pass that its party, by whichever entry, and its life allow.

    Raises: FieldInvalid, RecordOnDisplay, Unknown, NumberAmbiguous.
    """
    record = await record_of(unit, content)
    if not await is_one_party(unit, content.party, record.party):
        raise FieldInvalid("该记录不属于此主体。", "The record is not on this party", pointer="/party")
    if isinstance(content, Sighting) and not _is_off_display(record, content.seen_on):
        raise RecordOnDisplay(
            "截至该日, 该记录未被修复、撤销或者移出, 可以继续公示。",
            "By that day the record was neither repaired, annulled nor removed: it may be shown",
            pointer="/seen_on",
            record=record.id,
        )


def _is_off_display(record: Record, day: date) -> bool:
    lasting = without_put_back(record.events, lambda on: on.day <= day)
    return any(event.kind in _OFF_DISPLAY and event.on.day <= day for event in lasting)


async def tell_opened(unit: WriteUnit, caller: Caller, matter: Matter[Application, ApplicationEvent]) -> None:
    """Write on the record that an objection was handed in; an application for repair changes nothing yet."""
    if matter.kind is MatterKind.OBJECTION:
        on = matter.content.applied_on
        await _tell(unit, caller, matter, _statement(EventKind.OBJECTION_OPENED, on, None, matter.id))


async def tell_decided(
    unit: WriteUnit, caller: Caller, matter: Matter[Application, ApplicationEvent], event: ApplicationEvent
) -> None:
    """Write on the record what a decision on an application does to it; other events do nothing.

    An objection is closed there with the last that is open on the record.
    """
    if event.kind not in DECISIONS:
        return
    if matter.kind is MatterKind.REPAIR:
        kind = EventKind.REPAIRED if event.kind is ApplicationEventKind.GRANTED else None
    else:
        kind = None if await _others_open(unit, matter) else EventKind.OBJECTION_CLOSED
    if kind is not None:
        await _tell(unit, caller, matter, _statement(kind, event.on, event.doc_no, matter.id))


async def _others_open(unit: WriteUnit, matter: Matter[Application, ApplicationEvent]) -> bool:
    about = of_shape(await unit.matters.about_record(matter.content.record), Application, ApplicationEvent)
    return any(
        other.id != matter.id and other.kind is matter.kind and not any(e.kind in DECISIONS for e in other.events)
        for other in about
    )


def _statement(kind: EventKind, on: date, doc_no: str | None, matter: MatterId) -> EventStatement:
    return EventStatement(kind=kind, on=When.of(on), doc_no=doc_no, reason=matter)


async def _tell(
    unit: WriteUnit, caller: Caller, matter: Matter[Application, ApplicationEvent], said: EventStatement
) -> None:
    """Append the event to the record unless it stands there already, whoever told it and in what words.

    What stands there of another application says nothing of this one's objection.
    """
    record = await record_of(unit, matter.content)
    key = said.kind, said.on, normal(said.doc_no or "")
    told = [e for e in record.events if (e.kind, e.on, normal(e.doc_no or "")) == key]
    if matter.kind is MatterKind.OBJECTION:
        told = [e for e in told if not is_of_another(e, matter.id)]
    if told:
        return
    await unit.records.append(record.id, new_event(caller, said, None, unit.next_tick()))
    unit.announce(f"record.{said.kind}", record.id, (record.party,))
