"""``/v1/checks`` and ``/v1/jobs``: may these bids take part, kept as evidence."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request

from credit.api.deps import Ask, IdPath, Paging
from credit.api.replies import Json, read_cursor, write_cursor
from credit.api.routes import ANSWERED, CHECKERS, Route, allows
from credit.api.schemas.answers import CheckOut, DecisionOut, JobOut, ReplayOut
from credit.api.schemas.checks import MOST_PARTIES, CheckBody, DecisionBody
from credit.api.schemas.fields import In
from credit.api.schemas.replies import Page
from credit.errors import NumberAmbiguous, TooLarge, Unknown
from credit.model.caller import Caller, Scope
from credit.model.project import Project
from credit.model.when import to_tick
from credit.ports import Job
from credit.wiring import Services

router = APIRouter(route_class=Route, tags=["checks"])


class Mode(In):
    """Whether to answer at once or as a job."""

    mode: Annotated[Literal["job"] | None, Query(description="job：异步 · job: answer later")] = None


class ChecksQuery(Paging):
    """Which kept checks."""

    project_no: Annotated[str | None, Query(max_length=200, description="项目编号 · number of a project")] = None


@router.post(
    "/v1/checks",
    summary="核查（留存为证据）· check bids, kept as evidence",
    status_code=201,
    response_model=CheckOut,
    responses={202: {"model": JobOut, "description": "已受理为任务 · taken as a job"}},
    openapi_extra=allows(*CHECKERS),
)
async def post_check(ask: Ask, request: Request, query: Annotated[Mode, Query()], body: CheckBody) -> Json:
    """Answer whether bids may take part; the answer is kept, chained and signed before it is given."""
    services = ask.services
    project = await _project(services, body)
    question = body.question(project, services.clock.now())
    members = dict.fromkeys(member.id for bid in body.bids for member in bid.members)
    await ask.note("check", members, body.activity.project_no)
    if query.mode == "job":
        job = await services.jobs.submit(ask.caller, (await request.body()).decode(), body.parties)
        return Json(JobOut.of(job).model_dump(), 202, headers={"Location": f"/v1/jobs/{job.id}"})
    if body.parties > MOST_PARTIES:
        raise TooLarge(
            f"一次至多核查 {MOST_PARTIES} 个主体，更多请用 ?mode=job。",
            f"One call checks at most {MOST_PARTIES} parties. Send more with ?mode=job",
        )
    kept = await services.eligibility.check(ask.caller, question, known_at=body.known_at)
    return Json(kept, 201, headers={"Location": f"/v1/checks/{kept['id']}"})


@router.get(
    "/v1/checks",
    summary="已留存的核查 · kept checks",
    response_model=Page[CheckOut],
    openapi_extra=allows(*ANSWERED),
)
async def get_checks(ask: Ask, query: Annotated[ChecksQuery, Query()]) -> Json:
    """Show kept checks, of one project or all, newest first."""
    before = read_cursor(query.after) if query.after else None
    items, after = await ask.services.eligibility.of_project(query.project_no, before=before, limit=query.limit)
    await ask.note("checks", (), query.project_no)
    return Json({"items": items, "next": None if after is None else write_cursor(after)})


@router.get(
    "/v1/checks/{check}", summary="一次核查 · a kept check", response_model=CheckOut, openapi_extra=allows(*ANSWERED)
)
async def get_check(ask: Ask, check: IdPath) -> Json:
    """Show a check as it was answered, with what happened since as ``annotations``."""
    kept = await ask.services.eligibility.kept(check)
    await ask.note("check_read", members_of(kept))
    return Json(kept)


@router.get(
    "/v1/checks/{check}/certificate.json",
    summary="可离线验证的证书 · a certificate to be verified offline",
    response_model=dict[str, Any],
    openapi_extra=allows(*ANSWERED),
)
async def get_certificate(ask: Ask, check: IdPath) -> Json:
    """Give all that ``credit verify`` needs besides the public key."""
    certificate = await ask.services.eligibility.certificate(check)
    await ask.note("certificate", ())
    return Json(certificate, headers={"Content-Disposition": f'attachment; filename="check-{check}.json"'})


@router.post(
    "/v1/checks/{check}/replay",
    summary="重放 · ask again, as of then and now",
    response_model=ReplayOut,
    openapi_extra=allows(*CHECKERS),
)
async def post_replay(ask: Ask, check: IdPath) -> Json:
    """Answer the question of a kept check by what was known then, beside today's answer."""
    replayed = await ask.services.eligibility.replay(check)
    await ask.note("replay", members_of(replayed))
    return Json(replayed)


@router.post(
    "/v1/checks/{check}/decisions",
    summary="登记对 review 的决定 · record the officer's decision",
    status_code=201,
    response_model=DecisionOut,
    responses={200: {"model": DecisionOut}},
    openapi_extra=allows(*CHECKERS),
)
async def post_decision(ask: Ask, check: IdPath, body: DecisionBody) -> Json:
    """Record what the officer decided; chained and signed as checks are."""
    eligibility = ask.services.eligibility
    before = {held["id"] for held in (await eligibility.kept(check))["decisions"]}
    made = await eligibility.decide(
        ask.caller, check, ref=body.ref, decision=body.decision, by=body.by, reason=body.reason
    )
    return Json(
        made, 200 if made["id"] in before else 201, headers={"Location": f"/v1/checks/{check}/decisions/{made['id']}"}
    )


@router.get(
    "/v1/checks/{check}/decisions/{decision}",
    summary="决定 · a decision",
    response_model=DecisionOut,
    openapi_extra=allows(*ANSWERED),
)
async def get_decision(ask: Ask, check: IdPath, decision: IdPath) -> Json:
    """Show a decision as kept."""
    kept = await ask.services.eligibility.kept(check)
    found = next((held for held in kept["decisions"] if held["id"] == decision), None)
    if found is None:
        raise Unknown("该核查没有此决定。", "The check has no such decision")
    return Json(found)


@router.get("/v1/jobs/{job}", summary="任务进度 · how far a job is", openapi_extra=allows(*ANSWERED), tags=["jobs"])
async def get_job(ask: Ask, job: IdPath) -> JobOut:
    """Show a long check's progress, and where its answer lies."""
    found = await ask.services.jobs.job(job)
    if found.caller != ask.caller.id and not ask.caller.has(Scope.ADMIN):
        raise Unknown("没有此任务。", "There is no such job")
    return JobOut.of(found)


def answer_jobs(services: Services) -> Callable[[Job, Callable[[int], None]], Awaitable[str]]:
    """Make what does a job's work: the same as ``post_check`` does at once."""

    async def answer(job: Job, report: Callable[[int], None]) -> str:
        body = CheckBody.model_validate(orjson.loads(job.question))
        question = body.question(await _project(services, body), services.clock.now())
        caller = Caller(job.caller, job.caller, frozenset({Scope.CHECK}))
        kept = await services.eligibility.check(caller, question, known_at=body.known_at, progress=report)
        return f"/v1/checks/{kept['id']}"

    return answer


def members_of(answer: Mapping[str, Any]) -> list[str]:
    """Name every party of an answer."""
    return [member["id"] for result in answer.get("results", ()) for member in result.get("members", ())]


async def _project(services: Services, body: CheckBody) -> Project | None:
    """Return the project that an activity names, if it is held."""
    if body.activity.project_no is None:
        return None
    found = await services.browser.project(body.activity.project_no)
    if body.known_at is not None:
        found = [p for p in found if p.tick <= to_tick(body.known_at)]
    if len(found) > 1:
        raise NumberAmbiguous(
            "有多个项目使用该编号。", "Several projects bear this number", pointer="/activity/project_no"
        )
    return found[0] if found else None
