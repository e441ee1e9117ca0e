"""``/v1/relations``: who leads, owns, controls or continues whom."""

from fastapi import APIRouter

from credit.api.deps import Ask, Asked, IdPath, only
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.relations import EndBody, RelationBody, RelationOut
from credit.errors import Unknown
from credit.model.party import Relation

router = APIRouter(route_class=Route, tags=["relations"])


@router.post(
    "/v1/relations",
    summary="登记关系 · record a relation",
    status_code=201,
    responses={200: {"model": RelationOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_relation(ask: Ask, body: RelationBody) -> RelationOut:
    """Record a relation between two registered parties."""
    outcomes = await ask.services.registry.relate(ask.caller, [body.statement()])
    return RelationOut.of(await _relation(ask, ask.made(only(outcomes), "/v1/relations/{id}")))


@router.get("/v1/relations/{relation}", summary="关系 · a relation", openapi_extra=allows(*READERS))
async def get_relation(ask: Ask, relation: IdPath) -> RelationOut:
    """Show a relation with what was said of its end."""
    found = await _relation(ask, relation)
    await ask.note("relation", [found.source, found.target])
    return RelationOut.of(found)


@router.post(
    "/v1/relations/{relation}/end",
    summary="终止关系或更正终止日 · end a relation, or correct its end",
    openapi_extra=allows(*RECORDERS),
)
async def end_relation(ask: Ask, relation: IdPath, body: EndBody) -> RelationOut:
    """Say from which day on a relation holds no more."""
    outcome = await ask.services.registry.end_relation(ask.caller, relation, until=body.until, reason=body.reason)
    ask.made(outcome, f"/v1/relations/{relation}")
    return RelationOut.of(await _relation(ask, relation))


async def _relation(ask: Asked, relation: str) -> Relation:
    found = await ask.services.browser.relation(relation)
    if found is None:
        raise Unknown("没有此关系。", "There is no such relation")
    return found
