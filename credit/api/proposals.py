"""``/v1/proposals``: what the registry proposes to an officer, and the officer's answer. It never decides."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Asked, IdPath, Paging
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.answers import ReasonOut
from credit.api.schemas.complainants import AnswerBody, ProposalOut
from credit.api.schemas.replies import Page
from credit.errors import Denied, Unknown
from credit.model.caller import Scope
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, of_shape

State = Literal["open", "accepted", "declined", "recorded"]


class ProposalQuery(Paging):
    """Which proposals."""

    state: Annotated[State | None, Query(description="状态 · state")] = None


router = APIRouter(route_class=Route, tags=["complaints"])


@router.get("/v1/proposals", summary="处理建议 · proposals", openapi_extra=allows(*READERS))
async def get_proposals(ask: Ask, query: Annotated[ProposalQuery, Query()]) -> Page[ProposalOut]:
    """Show the proposals that the caller may see, newest first."""
    if not (ask.caller.has(Scope.ADMIN) or ask.services.supervision.is_finance(ask.caller)):
        raise Denied("处理建议仅限财政部门和管理员查看。", "Proposals are for finance authorities and admin")
    found, after = await _walked(ask, query)
    await ask.note("proposals", {one.party for one in found})
    return Page(items=tuple(found), next=after)


@router.get("/v1/proposals/{proposal}", summary="一项建议 · a proposal", openapi_extra=allows(*READERS, Scope.SELF))
async def get_proposal(ask: Ask, proposal: IdPath) -> ProposalOut:
    """Show a proposal to its office, to finance authorities and to the party, who has the right to be heard."""
    found = of_shape(await ask.services.matters.named(MatterKind.PROPOSAL, proposal), Proposal, ProposalEvent)
    seen = [held for held in found if ask.services.supervision.may_see_profile(ask.caller, held.content.party)]
    if not seen:
        raise Unknown("没有此建议。", "There is no such proposal")
    await ask.note("proposal", [seen[0].content.party])
    return _out(ask, seen[0])


@router.post(
    "/v1/proposals/{proposal}/answer",
    summary="答复建议 · answer a proposal",
    status_code=201,
    responses={200: {"model": ProposalOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_answer(ask: Ask, proposal: IdPath, body: AnswerBody) -> ProposalOut:
    """Accept or decline with a reason, as an officer of its office; nothing is recorded on the party by this."""
    outcome = await ask.services.handling.follow_up(ask.caller, MatterKind.PROPOSAL, proposal, body.event())
    ask.made(outcome, f"/v1/proposals/{proposal}")
    (held,) = of_shape([outcome.matter] if outcome.matter else [], Proposal, ProposalEvent)
    await ask.note("proposal", [held.content.party])
    return _out(ask, held)


def _out(ask: Asked, held: Matter[Proposal, ProposalEvent]) -> ProposalOut:
    hearing = ask.services.supervision.practice.thresholds.reason("hearing")
    return ProposalOut.of(held, ReasonOut(zh=hearing.zh, en=hearing.en))


async def _walked(ask: Asked, page: ProposalQuery) -> tuple[list[ProposalOut], str | None]:
    """Go back through the proposals until a page is full, and tell where the next one begins."""
    found = list[ProposalOut]()
    before = read_cursor(page.after) if page.after else None
    while True:
        rows = of_shape(
            await ask.services.matters.page(MatterKind.PROPOSAL, before=before, limit=page.limit),
            Proposal,
            ProposalEvent,
        )
        for held in rows:
            shown = _out(ask, held)
            if page.state is None or shown.state == page.state:
                found.append(shown)
                if len(found) == page.limit:
                    return found, write_cursor(held.nth) if held.nth > 1 else None
        if len(rows) < page.limit:
            return found, None
        before = rows[-1].nth
