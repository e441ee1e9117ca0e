"""Complaints for tests: short words for a letter, its life, and what is asked of it."""

from collections.abc import Iterable
from datetime import date
from itertools import count

from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    HeldComplaint,
    ItemOutcome,
)
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import Party, PartyId, PartyKind
from credit.model.record import Authority, Level, Source
from credit.oversight.profile import Profile, profile
from credit.oversight.signals.evidence import Evidence, Scene
from credit.oversight.signals.signal import Signal
from credit.rules.thresholds import Thresholds

RULES = Thresholds.load()
A, B, C = PartyId("91512002MAF0000126"), PartyId("91512021MAF000020H"), PartyId("91370200MAF000039X")
ZIYANG = Authority("资阳市财政局", region="512000", level=Level.CITY)
SICHUAN = Authority("四川省财政厅", region="510000", level=Level.PROVINCE)
QINGDAO = Authority("青岛市财政局", region="370200", level=Level.CITY)
HEBEI = Authority("河北省财政厅", region="130000", level=Level.PROVINCE)
NOTICE = Source("四川政府采购网", kind="notice")
UNFOUNDED = ComplaintOutcome.REJECTED_UNFOUNDED
UPHELD = ComplaintOutcome.UPHELD_EFFECT
_numbers = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def event(
    kind: str, on: str, outcome: str | None = None, items: Iterable[tuple[int, str]] = (), *, tick: int = 0
) -> ComplaintEvent:
    """One event; ``items`` are (number, outcome)."""
    said = tuple(ItemOutcome(item, ComplaintOutcome(told)) for item, told in items)
    whole = None if outcome is None else ComplaintOutcome(outcome)
    return ComplaintEvent(kind=ComplaintEventKind(kind), on=day(on), outcome=whole, items=said, tick=tick)


def letter(  # noqa: PLR0913  # a complaint has many sides
    filed: str,
    *events: ComplaintEvent,
    no: str | None = None,
    of: tuple[PartyId, ...] = (A,),
    office: Authority = ZIYANG,
    project: str | None = None,
    items: tuple[str, ...] = ("评标委员会对中标供应商业绩证明材料的认定有误",),
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT,
    source: Source | None = None,
    participated: bool | None = True,
) -> HeldComplaint:
    """A complaint with its events."""
    number = next(_numbers)
    content = Complaint(
        complaint_no=no or f"投诉{number}号",
        complainants=of,
        project_no=project,
        law=law,
        office=office,
        filed_on=day(filed),
        items=items,
        participated=participated,
        source=source,
    )
    return Matter(MatterId(f"m{number:06d}"), MatterKind.COMPLAINT, content, number, "", tuple(events))


def decided(  # noqa: PLR0913  # the same
    filed: str,
    on: str | None = None,
    outcome: ComplaintOutcome = UNFOUNDED,
    *,
    no: str | None = None,
    office: Authority = ZIYANG,
    project: str | None = None,
    items: tuple[str, ...] = ("评标委员会对中标供应商业绩证明材料的认定有误",),
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT,
    source: Source | None = None,
) -> HeldComplaint:
    """A complaint decided as a whole; without a day, on that of its filing."""
    ruling = event("decided", on or filed, outcome.value)
    return letter(filed, ruling, no=no, office=office, project=project, items=items, law=law, source=source)


def withdrawn(filed: str, on: str, *, source: Source | None = None, office: Authority = ZIYANG) -> HeldComplaint:
    return letter(filed, event("withdrawn", on), source=source, office=office)


def evidence(*complaints: HeldComplaint, established: str | None = None) -> Evidence:
    firm = Party(A, PartyKind.ORGANISATION, "云溪科技", established_on=day(established) if established else None)
    return Evidence(party=firm, complaints=complaints)


def scene(held: Evidence, as_of: str = "2026-05-20") -> Scene:
    return Scene.of(held, day(as_of), RULES)


def seen(held: Evidence, as_of: str = "2026-05-20") -> Profile:
    return profile(held, as_of=day(as_of), thresholds=RULES)


def signal(name: str, held: Evidence, as_of: str = "2026-05-20") -> Signal:
    return next(s for s in seen(held, as_of).signals if s.name == name)
