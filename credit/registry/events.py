"""What may happen to a matter as it stands; asked within the write, so that two officers at once get one outcome."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from credit.errors import CaseAwaitsFeedback, CaseHasOpenOrder, FieldInvalid, MatterClosed
from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Happening, Matter, MatterKind
from credit.model.matters import (
    AnyMatter,
    Application,
    ApplicationEvent,
    ApplicationEventKind,
    Case,
    CaseEvent,
    CaseEventKind,
    Correction,
    CorrectionEvent,
    CorrectionEventKind,
    Proposal,
    ProposalEvent,
    ProposalEventKind,
    of_shape,
)
from credit.oversight.cases import case_state, open_orders
from credit.oversight.corrections import is_open
from credit.ports import WriteUnit

_ENDS = frozenset({ApplicationEventKind.GRANTED, ApplicationEventKind.REFUSED})
_ANSWERS = frozenset({ProposalEventKind.ACCEPTED, ProposalEventKind.DECLINED})


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
        if not 1 <= item.item <= max(len(complaint.content.items), 1):
            raise FieldInvalid(
                f"投诉没有第 {item.item} 项", f"the complaint has no item {item.item}", pointer=f"/items/{place}/item"
            )


async def _case_takes(unit: WriteUnit, case: Matter[Case, CaseEvent], event: CaseEvent) -> None:
    state = case_state(case, event.on)
    if event.kind is CaseEventKind.REOPENED:
        if state.open:
            raise MatterClosed("案件未办结, 无需重启", "the case is open")
        return
    if not case_state(case, max([event.on, *(e.on for e in case.events)])).open:
        raise MatterClosed("案件已办结, 请先重启", "the case is closed: reopen it first")
    if event.kind is not CaseEventKind.CLOSED:
        return
    if state.awaiting:
        raise CaseAwaitsFeedback("移送尚未反馈, 不能办结", "a transfer awaits its feedback: the case cannot be closed")
    linked = await unit.matters.linked(case.id)
    if numbers := open_orders(of_shape(linked, Correction, CorrectionEvent), event.on):
        told = "、".join(numbers)
        raise CaseHasOpenOrder(f"整改未完成: {told}", f"orders are still to be carried out: {told}")


async def _order_takes(_: WriteUnit, order: Matter[Correction, CorrectionEvent], event: CorrectionEvent) -> None:
    if not is_open(order, max([event.on, *(e.on for e in order.events)])):
        raise MatterClosed("整改通知已了结", "the order has ended")
    if event.kind is CorrectionEventKind.EXTENDED and event.due_on is None:
        raise FieldInvalid("延期须有 due_on", "an extension needs due_on", pointer="/due_on")


async def _application_takes(
    _: WriteUnit, application: Matter[Application, ApplicationEvent], __: ApplicationEvent
) -> None:
    if any(e.kind in _ENDS for e in application.events):
        raise MatterClosed("该申请已办结", "the application has been decided")


async def _proposal_takes(_: WriteUnit, proposal: Matter[Proposal, ProposalEvent], event: ProposalEvent) -> None:
    answered = any(e.kind in _ANSWERS for e in proposal.events)
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
