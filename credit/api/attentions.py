"""``/v1/attentions``: the ladder 关注 → 提醒 → 约谈. None of its rungs restricts, and each expires."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, IdPath, Paging
from credit.api.handled import Sort
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.attentions import AttentionBody, AttentionOut
from credit.api.schemas.handled import AsOf, AuthorityName, PartyName
from credit.api.schemas.replies import Page
from credit.model.caller import Caller, Scope
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Attention, Nothing
from credit.oversight.ladder import RungState, standing
from credit.registry.matters import Opening

router = APIRouter(route_class=Route, tags=["attentions"])


class AttentionQuery(Paging):
    """Which rungs; ``as_of`` leaves out those given later."""

    party: PartyName = None
    authority: AuthorityName = None
    state: Annotated[RungState | None, Query(description="状态 · state")] = None
    as_of: AsOf = None


def _shown(caller: Caller, attention: Attention) -> bool:
    """An authority sees its own, the party those on itself."""
    return handled.is_office(caller, attention.authority) or caller.is_party(attention.party)


ATTENTIONS: Final = Sort(
    MatterKind.ATTENTION, Attention, Nothing, _shown, "没有此监管关注。", "There is no such attention"
)


@router.post(
    "/v1/attentions",
    summary="登记关注、提醒、约谈 · record a rung of the ladder",
    status_code=201,
    responses={200: {"model": AttentionOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_attention(ask: Ask, body: AttentionBody) -> AttentionOut:
    """Record a rung; it restricts nobody, whatever rungs came before, and expires by itself."""
    content = body.content(await handled.about(ask, body.about))
    said = Opening(kind=MatterKind.ATTENTION, content=content, about=content.about)
    outcome = await ask.services.handling.open(ask.caller, said)
    ask.made(outcome, "/v1/attentions/{id}")
    held = handled.written(ATTENTIONS, outcome)
    return AttentionOut.of(held, handled.periods(ask), handled.today(ask))


@router.get("/v1/attentions", summary="关注、提醒、约谈 · the ladder", openapi_extra=allows(*READERS, Scope.SELF))
async def get_attentions(ask: Ask, query: Annotated[AttentionQuery, Query()]) -> Page[AttentionOut]:
    """Show the rungs that the reader may see, newest first; expired ones are marked so."""
    day, in_force = query.as_of or handled.today(ask), handled.periods(ask)

    def fits(held: Matter[Attention, Nothing]) -> bool:
        content = held.content
        if query.as_of is not None and content.on > query.as_of:
            return False
        if query.state is not None and standing(in_force, content, day).state is not query.state:
            return False
        return handled.names_authority(content.authority, query.authority)

    wanted = query.party or (None if handled.is_any_office(ask.caller) else ask.caller.party)
    if wanted is None:
        found, after = await handled.walk(ask, ATTENTIONS, query, fits)
    else:
        party = await handled.named(ask, wanted)
        found, after = await handled.of_party(ask, ATTENTIONS, party, query, fits) if party else ([], None)
    await ask.note("attentions", {held.content.party for held in found})
    return Page(items=tuple(AttentionOut.of(held, in_force, day) for held in found), next=after)


@router.get(
    "/v1/attentions/{attention}",
    summary="关注、提醒或约谈 · a rung of the ladder",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_attention(ask: Ask, attention: IdPath) -> AttentionOut:
    """Show a rung to its authority, ``admin`` and the party itself."""
    held = await handled.one(ask, ATTENTIONS, attention)
    await ask.note("attention", [held.content.party])
    return AttentionOut.of(held, handled.periods(ask), handled.today(ask))
