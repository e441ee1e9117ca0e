"""``/v1/parties``: registering, correcting and showing parties, and the graph around one."""

from typing import Annotated

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Asked, Pages, PartyPath, only
from credit.api.records import one_page
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.fields import In
from credit.api.schemas.parties import EdgeOut, GraphOut, NewPartyBody, NodeOut, PartyBody, PartyOut
from credit.api.schemas.recorded import ListingOut, PenaltyOut
from credit.api.schemas.replies import Page
from credit.errors import PartyUnknown
from credit.identifiers import parse
from credit.model.caller import Scope
from credit.model.statements import PartyStatement
from credit.ports import HeldParty

MOST_NODES = 2000
router = APIRouter(route_class=Route, tags=["parties"])


class Depth(In):
    """How far to look."""

    depth: Annotated[int, Query(ge=1, le=3, description="步数 · steps from the party")] = 1


@router.put(
    "/v1/parties/{party}",
    summary="登记或更正主体 · register or correct a party",
    responses={201: {"model": PartyOut}},
    openapi_extra=allows(*RECORDERS),
)
async def put_party(ask: Ask, party: PartyPath, body: PartyBody) -> PartyOut:
    """Register a party under its id, or correct it: a key left out keeps what is held."""
    return await _register(ask, body.statement(parse(party).id))


@router.post(
    "/v1/parties",
    summary="登记由系统编号的主体（自然人）· register a person, whose id the registry gives",
    status_code=201,
    responses={200: {"model": PartyOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_party(ask: Ask, body: NewPartyBody) -> PartyOut:
    """Register a party; a person whose identity number is known answers with the id that it has."""
    return await _register(ask, body.statement(None))


@router.get("/v1/parties/{party}", summary="主体 · a party", openapi_extra=allows(*READERS, Scope.SELF))
async def get_party(ask: Ask, party: PartyPath) -> PartyOut:
    """Show a party as held now."""
    held = await held_party(ask, party)
    await ask.note("party", [held.party.id])
    return await shown_party(ask, held, full=ask.sees_names_of(held.party.id))


@router.get(
    "/v1/parties/{party}/graph",
    summary="主体周围的关系图 · the graph around a party",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_graph(ask: Ask, party: PartyPath, query: Annotated[Depth, Query()]) -> GraphOut:
    """Show parties and relations within some steps."""
    held = await held_party(ask, party)
    parties, relations, truncated = await ask.services.browser.neighbourhood(
        held.party.id, depth=query.depth, limit=MOST_NODES
    )
    await ask.note("graph", [held.party.id])
    return GraphOut(
        nodes=tuple(NodeOut.of(node, full=ask.sees_names_of(node.id)) for node in parties),
        edges=tuple(EdgeOut.of(relation) for relation in relations),
        truncated=truncated,
    )


@router.get(
    "/v1/parties/{party}/records",
    summary="主体的处罚与名单记录 · records on a party",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_records(ask: Ask, party: PartyPath, page: Pages) -> Page[PenaltyOut | ListingOut]:
    """Show the records on a party that the reader may see, newest first."""
    held = await held_party(ask, party)
    await ask.note("records", [held.party.id])
    return await one_page(ask, held.party.id, page)


async def held_party(ask: Asked, party: str) -> HeldParty:
    """Return a party that the caller may look at.

    Raises:
        IdentifierInvalid: the id is of no right form.
        PartyUnknown: it is not registered.
        Denied: the key is bound to another party.
    """
    held = await ask.services.browser.party(parse(party).id)
    ask.allow_self(held.party.id if held else "", *READERS)
    if held is None:
        raise PartyUnknown("主体未登记，请先登记。", "The party is not registered. Register it first")
    return held


async def _register(ask: Asked, statement: PartyStatement) -> PartyOut:
    outcomes = await ask.services.registry.register(ask.caller, [statement])
    party = ask.made(only(outcomes), "/v1/parties/{id}")
    return await shown_party(ask, await held_party(ask, party), full=True)


async def shown_party(ask: Asked, held: HeldParty, *, full: bool) -> PartyOut:
    """Show a party with the entries that are the same by merges."""
    if not held.merged:
        return PartyOut.of(held, full=full)
    one = await ask.services.browser.alike([held.party.id])
    return PartyOut.of(held, one.get(held.party.id), full=full)
