"""The quick look-ups of other systems, not kept as evidence."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from credit.api.deps import Ask, PartyPath
from credit.api.queries import described, read
from credit.api.replies import MOST, Json
from credit.api.routes import READERS, Route, allows
from credit.api.schemas.answers import LookUpOut, LookUpsOut
from credit.api.schemas.checks import LookUpBody, LookUpQuery
from credit.errors import TooLarge
from credit.model.caller import Scope
from credit.model.party import Role

router = APIRouter(route_class=Route, tags=["eligibility"])


async def look_up_query(request: Request) -> LookUpQuery:
    """Read the query of a look-up."""
    return read(LookUpQuery, request)


Asking = Annotated[LookUpQuery, Depends(look_up_query)]


@router.get(
    "/v1/parties/{party}/eligibility",
    summary="快速查询 · may this party take part",
    response_model=LookUpOut,
    openapi_extra=allows(*READERS, Scope.SELF) | described(LookUpQuery),
)
async def get_eligibility(ask: Ask, party: PartyPath, query: Asking) -> Json:
    """Answer for one party; one that is not registered is ``unknown``, no error."""
    ask.allow_self(party, *READERS)
    answers = await ask.services.eligibility.look_up(
        [party], domain=query.domain, role=Role(query.role), on=query.on, region=query.region
    )
    await ask.note("eligibility", [party])
    return Json(answers[0])


@router.post(
    "/v1/eligibility",
    summary="批量快速查询 · may these parties take part",
    response_model=LookUpsOut,
    openapi_extra=allows(*READERS),
)
async def post_eligibility(ask: Ask, body: LookUpBody) -> Json:
    """Answer for up to 1,000 parties, in the order asked."""
    if len(body.parties) > MOST:
        raise TooLarge(f"一次至多查询 {MOST} 个主体。", f"One call looks up at most {MOST} parties", pointer="/parties")
    answers = await ask.services.eligibility.look_up(
        body.parties, domain=body.domain, role=Role(body.role), on=body.on, region=body.region
    )
    await ask.note("eligibility", dict.fromkeys(body.parties))
    return Json({"results": answers})
