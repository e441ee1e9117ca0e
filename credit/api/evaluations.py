"""``/v1/evaluations``: what parties to a project think of each other, seen by office alone, and of no verdict."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, Asked, IdPath, PartyPath
from credit.api.handled import Sort
from credit.api.parties import held_party
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.evaluations import EvaluationBody, EvaluationOut, EvaluationsOut
from credit.api.schemas.fields import In
from credit.errors import Denied, NumberAmbiguous
from credit.model.caller import Caller
from credit.model.matter import MatterKind
from credit.model.matters import Capacity, Evaluation, Nothing
from credit.model.party import PartyId
from credit.registry.matters import Opening

router = APIRouter(route_class=Route, tags=["evaluations"])


class EvaluationQuery(In):
    """Which evaluations are summed up."""

    as_: Annotated[Capacity | None, Query(alias="as", description="被评价身份 · as what it was evaluated")] = None


def _shown(caller: Caller, _: Evaluation) -> bool:
    return handled.is_any_office(caller)


EVALUATIONS: Final = Sort(
    MatterKind.EVALUATION, Evaluation, Nothing, _shown, "没有此评价。", "There is no such evaluation"
)


@router.post(
    "/v1/evaluations",
    summary="登记互评 · record an evaluation",
    status_code=201,
    responses={200: {"model": EvaluationOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_evaluation(ask: Ask, body: EvaluationBody) -> EvaluationOut:
    """Record what one party to a project thinks of another; there is one for each project and pair."""
    projects = await ask.services.browser.project(body.project_no)
    if len(projects) > 1:
        raise NumberAmbiguous(
            "有多个项目使用该编号。", "Several projects bear this number. Use the id", pointer="/project_no"
        )
    content = body.content(projects[0].project_no if projects else body.project_no)
    said = Opening(kind=MatterKind.EVALUATION, content=content, likely=tuple(project.id for project in projects))
    outcome = await ask.services.handling.open(ask.caller, said)
    ask.made(outcome, "/v1/evaluations/{id}")
    return EvaluationOut.of_held(handled.written(EVALUATIONS, outcome))


@router.get("/v1/evaluations/{evaluation}", summary="评价 · an evaluation", openapi_extra=allows(*READERS))
async def get_evaluation(ask: Ask, evaluation: IdPath) -> EvaluationOut:
    """Show an evaluation to an office."""
    _must_be_office(ask)
    held = await handled.one(ask, EVALUATIONS, evaluation)
    await ask.note("evaluation", [held.content.by, held.content.of])
    return EvaluationOut.of_held(held)


@router.get(
    "/v1/parties/{party}/evaluations",
    summary="主体所得评价 · what others think of a party",
    openapi_extra=allows(*READERS),
)
async def get_evaluations(ask: Ask, party: PartyPath, query: Annotated[EvaluationQuery, Query()]) -> EvaluationsOut:
    """Show to an office how many evaluations a party has, and median and interval by criterion."""
    _must_be_office(ask)
    held = await held_party(ask, party)
    await ask.note("evaluations", [held.party.id])
    of = await evaluations_of(ask, held.party.id)
    return EvaluationsOut.of(held.party.id, [e for e in of if query.as_ in {None, e.as_}])


async def evaluations_of(ask: Asked, party: PartyId) -> list[Evaluation]:
    """Return what others think of a party."""
    held = (await ask.services.matters.concerning([party])).get(party, ())
    return [matter.content for matter in handled.of_kind(held, EVALUATIONS) if matter.content.of == party]


def _must_be_office(ask: Asked) -> None:
    if not handled.is_any_office(ask.caller):
        raise Denied("评价仅供监管机关查看。", "Evaluations are seen by offices alone")
