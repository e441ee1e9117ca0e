"""What may be opened, and what may happen to a matter as it stands.

Asked within the write, so that two officers at once get one outcome.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from credit.errors import CaseAwaitsFeedback, CaseHasOpenOrder, Conflict, FieldInvalid, MatterClosed, NotAParticipant
from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Content, Happening, Matter, MatterKind
from credit.model.matters import (
    AnyMatter,
    Application,
    ApplicationEvent,
    Capacity,
    Case,
    CaseEvent,
    CaseEventKind,
    Correction,
    CorrectionEvent,
    CorrectionEventKind,
    Evaluation,
    Proposal,
    ProposalEvent,
    ProposalEventKind,
    Sighting,
    of_shape,
)
from credit.model.naturalkey import normal
from credit.model.party import PartyId, Role
from credit.model.project import Project
from credit.oversight.cases import CaseState, case_state, open_orders
from credit.oversight.corrections import is_open
from credit.ports import WriteUnit
from credit.registry.applications import DECISIONS, fits_record
from credit.registry.parties import PartyPlan
from credit.registry.projects import only_project

_ANSWERS = frozenset({ProposalEventKind.ACCEPTED, ProposalEventKind.DECLINED})
_ANSWERED = _ANSWERS | {ProposalEventKind.RECORDED, ProposalEventKind.LAPSED}


async def must_stand(unit: WriteUnit, plan: PartyPlan, content: Content, about: Sequence[str] = ()) -> None:
    """Let a new matter pass that can be as it is told; ``about`` are ids of what it has to do with.

    Raises: FieldInvalid, NotAParticipant, RecordOnDisplay, NumberAmbiguous, MatterClosed.
    """
    if isinstance(content, (Application, Sighting)):
        await fits_record(unit, content)
    elif isinstance(content, Correction):
        await _cases_are_open(unit, content, about)
    elif isinstance(content, Evaluation):
        await _took_part(unit, plan, content)


async def _cases_are_open(unit: WriteUnit, order: Correction, about: Sequence[str]) -> None:
    """Let an order pass unless a case that it is part of is closed: none closes while an order of it is open."""
    for name in about:
        for case in of_shape(await unit.matters.named(MatterKind.CASE, name), Case, CaseEvent):
            if case.id == name and not _last_state(case, order.issued_on).open:
                raise MatterClosed("案件已办结, 请先重启", "the case is closed: reopen it first", pointer="/case_no")


async def _took_part(unit: WriteUnit, plan: PartyPlan, evaluation: Evaluation) -> None:
    """Let an evaluation pass unless the project as recorded shows that one of the two had no part in it.

    Only those who took part in a project evaluate each other for it, each as what it was.
    A project that is not recorded, or has no recorded bids, shows nothing of its suppliers; none shows its experts.
    """
    if evaluation.by == evaluation.of:
        raise FieldInvalid("不能评价自己。", "Nobody evaluates itself", pointer="/of")
    found = await unit.projects.project(evaluation.project_no)
    if not found:
        return
    project = only_project(found, evaluation.project_no)
    bids = (await unit.projects.bids([project.id])).get(project.id, ())
    bidders = {party for bid in bids for party in bid.members}
    if not _may_be(evaluation.of, evaluation.as_, project, bidders):
        raise NotAParticipant(
            "被评价方没有以该身份参加该项目。", "The party evaluated had no such part in the project", pointer="/of"
        )
    capacities = set(Capacity)
    if Role.EXPERT not in plan.named(evaluation.by).party.roles:
        capacities.discard(Capacity.EXPERT)
    if not any(_may_be(evaluation.by, capacity, project, bidders) for capacity in capacities):
        raise NotAParticipant(
            "评价方没有参加该项目。", "The evaluating party had no part in the project", pointer="/by"
        )


def _may_be(party: PartyId, capacity: Capacity, project: Project, bidders: set[PartyId]) -> bool:
    match capacity:
        case Capacity.PURCHASER:
            return party == project.purchaser
        case Capacity.AGENCY:
            return party == project.agency
        case Capacity.SUPPLIER:
            return party in bidders or (not bidders and party not in {project.purchaser, project.agency})
        case Capacity.EXPERT:
            return party not in bidders


def told_before(matter: AnyMatter, event: Happening) -> Happening | None:
    """Return the event that a matter holds under the natural key of one told now; None where it is new.

    Raises: Conflict, where it is held with another content.
    """
    held = next((known for known in matter.events if _key(known) == _key(event)), None)
    if held is not None and replace(held, id="", tick=0, recorded_by="", doc_no=event.doc_no) != event:
        raise Conflict(
            "同一事项已按其他内容登记",
            "another content is recorded for this event",
            matter=matter.id,
            event=held.id,
        )
    return held


def _key(event: Happening) -> tuple[object, ...]:
    """Return what tells an event of a matter from its others."""
    return getattr(event, "kind", None), event.on, normal(event.doc_no or "")


async def must_fit(unit: WriteUnit, matter: AnyMatter, event: Happening) -> None:
    """Let an event pass that may happen to the matter now.

    An impossible life of a complaint is shown, never refused (the contract).

    Raises: CaseAwaitsFeedback, CaseHasOpenOrder, MatterClosed, FieldInvalid.
    """
    fits = _FITS.get(matter.kind)
    if fits is None:
        raise FieldInvalid("该事项没有后续事件", "nothing happens to such a matter", pointer="/kind")
    await fits(unit, matter, event)


async def _complaint_takes(_: WriteUnit, complaint: Matter[Complaint, ComplaintEvent], event: ComplaintEvent) -> None:
    for place, item in enumerate(event.items):
        if not 1 <= item.item <= (len(complaint.content.items) or item.item):
            raise FieldInvalid(
                f"投诉没有第 {item.item} 项", f"the complaint has no item {item.item}", pointer=f"/items/{place}/item"
            )


async def _case_takes(unit: WriteUnit, case: Matter[Case, CaseEvent], event: CaseEvent) -> None:
    if event.kind is CaseEventKind.TRANSFERRED and event.to is None:
        raise FieldInvalid("移送须写明接收机关 (to)。", "A transfer names whom it goes to", pointer="/to")
    state, last = case_state(case, event.on), _last_state(case, event.on)
    if event.kind is CaseEventKind.REOPENED:
        if state.open:
            raise MatterClosed("案件未办结, 无需重启", "the case is open")
        return
    if not last.open:
        raise MatterClosed("案件已办结, 请先重启", "the case is closed: reopen it first")
    if event.kind is not CaseEventKind.CLOSED:
        return
    if state.awaiting or last.awaiting:
        raise CaseAwaitsFeedback("移送尚未反馈, 不能办结", "a transfer awaits its feedback: the case cannot be closed")
    linked = await unit.matters.linked(case.id)
    if numbers := open_orders(of_shape(linked, Correction, CorrectionEvent), event.on):
        told = "、".join(numbers)
        raise CaseHasOpenOrder(f"整改未完成: {told}", f"orders are still to be carried out: {told}")


def _last_state(case: Matter[Case, CaseEvent], day: date) -> CaseState:
    """Read a case as it stands once all that was told of it has happened, and a day has passed."""
    return case_state(case, max([day, *(e.on for e in case.events)]))


async def _order_takes(_: WriteUnit, order: Matter[Correction, CorrectionEvent], event: CorrectionEvent) -> None:
    if not is_open(order, max([event.on, *(e.on for e in order.events)])):
        raise MatterClosed("整改通知已了结", "the order has ended")
    if event.kind is CorrectionEventKind.EXTENDED and event.due_on is None:
        raise FieldInvalid("延期须有 due_on", "an extension needs due_on", pointer="/due_on")


async def _application_takes(
    _: WriteUnit, application: Matter[Application, ApplicationEvent], __: ApplicationEvent
) -> None:
    if any(e.kind in DECISIONS for e in application.events):
        raise MatterClosed("该申请已办结", "the application has been decided")


async def _proposal_takes(_: WriteUnit, proposal: Matter[Proposal, ProposalEvent], event: ProposalEvent) -> None:
    answered = any(e.kind in _ANSWERED for e in proposal.events)
    if event.kind in _ANSWERS and answered:
        raise MatterClosed("该建议已答复", "the proposal has been answered")


_FITS: Final[Mapping[MatterKind, Callable[[WriteUnit, Any, Any], Awaitable[None]]]] = {
    MatterKind.COMPLAINT: _complaint_takes,
    MatterKind.CASE: _case_takes,
    MatterKind.CORRECTION: _order_takes,
    MatterKind.PROPOSAL: _proposal_takes,
    MatterKind.REPAIR: _application_takes,
    MatterKind.OBJECTION: _application_takes,
}
"""By kind of matter; an event is of the type that goes with it (`credit.model.matters.SHAPES`)."""
