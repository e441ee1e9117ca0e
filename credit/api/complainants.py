"""``/v1/complainants``: who complains across the country, how it ended, and what the law makes of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Asked, Paging, PartyPath
from credit.api.handled import today
from credit.api.replies import Json, read_cursor, write_cursor
from credit.api.routes import READERS, Route, allows
from credit.api.schemas.complainants import ClusterOut, ProfileOut, cluster_out, named_in, profile_out
from credit.api.schemas.fields import In, Region
from credit.api.schemas.handled import AsOf
from credit.api.schemas.replies import Page
from credit.errors import Denied, PartyUnknown
from credit.identifiers import parse
from credit.model.caller import Scope
from credit.model.party import PartyId
from credit.oversight.trigger import TriggerState
from credit.supervision import Wanted


class ComplainantQuery(Paging):
    """Which complainants, as of a day."""

    trigger: Annotated[TriggerState | None, Query(description="法定次数 · the statutory count")] = None
    watch: Annotated[bool | None, Query(description="是否关注 · on the watch list")] = None
    region: Annotated[Region | None, Query(description="行政区划 · offices in this division")] = None
    as_of: AsOf = None


router = APIRouter(route_class=Route, tags=["complaints"])


class ClusterQuery(Paging):
    """Clusters as of a day."""

    as_of: AsOf = None


class ProfileQuery(In):
    """A profile as of a day."""

    as_of: AsOf = None


@router.get(
    "/v1/complainants/clusters",
    summary="投诉人关联网络 · clusters of linked complainants",
    response_model=Page[ClusterOut],
    openapi_extra=allows(*READERS),
)
async def get_clusters(ask: Ask, query: Annotated[ClusterQuery, Query()]) -> Json:
    """Page the clusters of linked complainants with the links that make them; nothing is summed, nobody restricted."""
    _must_see(ask, None)
    before = read_cursor(query.after) if query.after else None
    day = query.as_of or today(ask)
    found, after = await ask.services.supervision.clusters(day, before=before, limit=query.limit)
    await ask.note("complainant_clusters", dict.fromkeys(party for one in found for party in named_in(one)))
    return Json({"items": [cluster_out(one) for one in found], "next": write_cursor(after) if after else None})


@router.get(
    "/v1/complainants/{party}",
    summary="投诉人画像 · profile of a complainant",
    response_model=ProfileOut,
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_complainant(ask: Ask, party: PartyPath, query: Annotated[ProfileQuery, Query()]) -> Json:
    """Show a complainant's profile to a finance authority, ``admin``, or the party itself; it restricts nobody.

    The party itself is told how it is linked and who gains by kinds and numbers, not who the others are.
    """
    name = parse(party).id
    held = await ask.services.browser.party(name)
    _must_see(ask, held.party.id if held else PartyId(name))
    if held is None:
        raise PartyUnknown(f"主体 {name} 未登记。", f"The party {name} is not registered")
    supervision, day = ask.services.supervision, query.as_of or today(ask)
    await ask.note("complainant", [held.party.id])
    of_others = supervision.may_see_profile(ask.caller, None)
    return Json(profile_out(await supervision.profile(held.party, day), of_others=of_others))


@router.get(
    "/v1/complainants",
    summary="投诉人名单 · complainants",
    response_model=Page[ProfileOut],
    openapi_extra=allows(*READERS),
)
async def get_complainants(ask: Ask, query: Annotated[ComplainantQuery, Query()]) -> Json:
    """Page the profiles of those with several complaints; a page may be short and still have a next one."""
    _must_see(ask, None)
    before = read_cursor(query.after) if query.after else None
    wanted = Wanted(trigger=query.trigger, watch=query.watch, region=query.region)
    day = query.as_of or today(ask)
    found, after = await ask.services.supervision.profiles(wanted, day, before=before, limit=query.limit)
    await ask.note("complainants", [one.id for one in found])
    return Json({"items": [profile_out(one) for one in found], "next": write_cursor(after) if after else None})


def _must_see(ask: Asked, party: PartyId | None) -> None:
    """Let pass who may see a profile; nobody is named before a decision.

    Raises:
        Denied: neither a finance authority, nor ``admin``, nor the party itself.
    """
    if not ask.services.supervision.may_see_profile(ask.caller, party):
        raise Denied(
            "投诉人画像仅限财政部门、管理员和本人查看。",
            "A complainant's profile is for finance authorities, admin and the party itself",
        )
