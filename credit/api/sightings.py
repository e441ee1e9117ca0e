"""``/v1/records/{id}/sightings``: sites that still show what was repaired, annulled or removed."""

from typing import Final

from fastapi import APIRouter

from credit.api.deps import Ask, IdPath, NumberPath
from credit.api.records import one_record, shown
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.replies import Page
from credit.api.schemas.sightings import Shown, SightingBody, SightingOut
from credit.errors import Unknown
from credit.model.caller import Scope
from credit.model.matter import MatterKind
from credit.registry.matters import Opening

router = APIRouter(route_class=Route, tags=["records"])
NONE: Final = ("该记录没有此项。", "The record has no such sighting")


@router.post(
    "/v1/records/{record}/sightings",
    summary="登记仍在公示的网站 · record a site that still shows a record",
    status_code=201,
    responses={200: {"model": SightingOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_sighting(ask: Ask, record: NumberPath, body: SightingBody) -> SightingOut:
    """Record a sighting of what was repaired, annulled or removed by that day; it makes a request to the site."""
    held = await one_record(ask, record)
    said = Opening(kind=MatterKind.SIGHTING, content=body.content(held), about=(held.id,))
    outcome = await ask.services.handling.open(ask.caller, said)
    sighting = ask.made(outcome, f"/v1/records/{held.id}/sightings/{{id}}")
    return _sighting(await shown(ask, await one_record(ask, held.id)), sighting)


@router.get(
    "/v1/records/{record}/sightings",
    summary="仍在公示的网站 · sites that still show a record",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_sightings(ask: Ask, record: NumberPath) -> Page[SightingOut]:
    """Show every sighting of a record with its request, newest first."""
    held = await one_record(ask, record)
    ask.allow_self(held.party, *READERS)
    await ask.note("record", [held.party])
    return Page(items=(await shown(ask, held)).out().correction_requests, next=None)


@router.get(
    "/v1/records/{record}/sightings/{sighting}",
    summary="仍在公示的网站 · a site that still shows a record",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_sighting(ask: Ask, record: NumberPath, sighting: IdPath) -> SightingOut:
    """Show a sighting with its request."""
    held = await one_record(ask, record)
    ask.allow_self(held.party, *READERS)
    await ask.note("record", [held.party])
    return _sighting(await shown(ask, held), sighting)


def _sighting(record: Shown, sighting: str) -> SightingOut:
    found = next((held for held in record.sightings if held.id == sighting), None)
    if found is None:
        raise Unknown(*NONE)
    return SightingOut.of(found, record)
