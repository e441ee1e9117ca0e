"""``/v1/proposals``: what the registry proposes to an officer, and the officer's answer. It never decides."""

from typing import Annotated

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Asked, IdPath, Paging
from credit.api.handled import Sort, one, walk, written
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.answers import ReasonOut
from credit.api.schemas.complainants import AnswerBody, ProposalOut, state_of
from credit.api.schemas.replies import Page
from credit.model.caller import Scope
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalState


class ProposalQuery(Paging):
    """Which proposals."""

    state: Annotated[ProposalState | None, Query(description="状态 · state")] = None


router = APIRouter(route_class=Route, tags=["complaints"])


@router.get("/v1/proposals", summary="处理建议 · proposals", openapi_extra=allows(*READERS, Scope.SELF))
async def get_proposals(ask: Ask, query: Annotated[ProposalQuery, Query()]) -> Page[ProposalOut]:
    """Show the proposals that the caller may see, newest first: an office its own, a party those on itself."""
    found, after = await walk(ask, sort_of(ask), query, lambda held: query.state in {None, state_of(held)})
    await ask.note("proposals", {one.content.party for one in found})
    return Page(items=tuple(shown(ask, held) for held in found), next=after)


@router.get("/v1/proposals/{proposal}", summary="一项建议 · a proposal", openapi_extra=allows(*READERS, Scope.SELF))
async def get_proposal(ask: Ask, proposal: IdPath) -> ProposalOut:
    """Show a proposal to its office, to finance authorities and to the party, who has the right to be heard."""
    held = await one(ask, sort_of(ask), proposal)
    await ask.note("proposal", [held.content.party])
    return shown(ask, held)


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
    held = written(sort_of(ask), outcome)
    await ask.note("proposal", [held.content.party])
    return shown(ask, held)


def sort_of(ask: Asked) -> Sort[Proposal, ProposalEvent]:
    """Return proposals as routes know them."""
    return Sort(
        MatterKind.PROPOSAL,
        Proposal,
        ProposalEvent,
        ask.services.supervision.may_see_proposal,
        "没有此建议。",
        "There is no such proposal",
    )


def shown(ask: Asked, held: Matter[Proposal, ProposalEvent]) -> ProposalOut:
    """Show a proposal with the right to be heard that goes before its answer."""
    hearing = ask.services.supervision.practice.thresholds.reason("hearing")
    return ProposalOut.of(held, ReasonOut(zh=hearing.zh, en=hearing.en))
