"""``GET /v1/publications``: whether an authority published its penalties in time (双公示)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, Asked, Paging, is_identifier
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import READERS, Route, allows
from credit.api.schemas.handled import AsOf, AuthorityName
from credit.api.schemas.publications import PublicationOut
from credit.api.schemas.replies import Page
from credit.api.visibility import may_see
from credit.errors import FieldInvalid
from credit.model.bodies import may_be_same
from credit.model.record import Authority, Record
from credit.oversight.publications import publications

router = APIRouter(route_class=Route, tags=["publications"])


class PublicationQuery(Paging):
    """Which penalties; ``as_of`` leaves out those decided later."""

    authority: AuthorityName = None
    late: Annotated[bool, Query(description="仅列迟公示、未公示的 · only those published too late, or not yet")] = False
    as_of: AsOf = None


@router.get("/v1/publications", summary="处罚公示是否及时 · publication of penalties", openapi_extra=allows(*READERS))
async def get_publications(ask: Ask, query: Annotated[PublicationQuery, Query()]) -> Page[PublicationOut]:
    """Show the penalties of an authority, the key's own by default, with their publication, newest first."""
    authority = await _authority(ask, query.authority)
    before = read_cursor(query.after) if query.after else None
    found: list[tuple[int, PublicationOut]] = []
    for _ in range(handled.STRIDES):
        rows = await ask.services.publications.page(authority.name, before=before, limit=handled.STRIDE)
        found += _told(ask, [row for row in rows if _may_be_of(authority, row[1])], query)
        if len(found) > query.limit:
            return await _page(ask, found[: query.limit], found[query.limit - 1][0])
        if len(rows) < handled.STRIDE:
            return await _page(ask, found, None)
        before = rows[-1][0]
    return await _page(ask, found, before)


def _may_be_of(authority: Authority, record: Record) -> bool:
    """Tell whether a penalty may be the authority's: nothing says that it is a namesake's."""
    decided = record.content.authority
    return decided is not None and may_be_same(authority, decided)


def _told(ask: Asked, rows: Sequence[tuple[int, Record]], query: PublicationQuery) -> list[tuple[int, PublicationOut]]:
    """Answer the penalties that the caller may see."""
    today = handled.today(ask)
    day, in_force = query.as_of or today, handled.periods(ask)
    told: list[tuple[int, PublicationOut]] = []
    for nth, record in rows:
        if may_see(ask.caller, record, today):
            found = publications(in_force, [record], day, late_only=query.late)
            told += [(nth, PublicationOut.of(record, x)) for x in found if query.as_of is None or x.decided_on <= day]
    return told


async def _page(ask: Asked, found: Sequence[tuple[int, PublicationOut]], after: int | None) -> Page[PublicationOut]:
    await ask.note("publications", {told.party for _, told in found})
    return Page(items=tuple(told for _, told in found), next=None if after is None else write_cursor(after))


async def _authority(ask: Asked, asked: str | None) -> Authority:
    """Return the authority asked for, by id or by whoever bears a name; the key's own where none is.

    Raises:
        FieldInvalid: none is asked for, and the key has none.
    """
    if asked is None and ask.caller.authority is not None:
        return ask.caller.authority
    if asked is None:
        raise FieldInvalid("请指明机关 (authority)。", "Name the authority", pointer="#query/authority")
    held = await ask.services.browser.party(asked) if is_identifier(asked) else None
    return Authority(held.party.name, held.party.id) if held else Authority(asked)
