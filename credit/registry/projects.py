"""Projects, bids as the platform recorded them, and the freshness of sources."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace

from credit.errors import Conflict, Denied, FieldInvalid, NumberAmbiguous, Unknown
from credit.model.caller import Caller, Scope
from credit.model.naturalkey import normal
from credit.model.project import Project, RecordedBid, Signals, Sync
from credit.model.statements import BidInProject, BidStatement, Outcome, ProjectStatement, SyncStatement, Written
from credit.ports import Hasher, WriteUnit
from credit.registry.parties import PartyPlan, resolved

_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def open_project(unit: WriteUnit, plan: PartyPlan, statement: ProjectStatement) -> Outcome:
    """Record a project under its number.

    Raises: PartyUnknown, Conflict.
    """
    outcome, project = plan_project(plan, statement, await unit.projects.project(statement.project_no), unit.tick)
    if project is not None:
        await unit.projects.save_projects([(normal(statement.project_no), project)])
        unit.announce("project.opened", project.id, (project.purchaser,))
    return outcome


def plan_project(
    plan: PartyPlan, statement: ProjectStatement, known: Sequence[Project], tick: int
) -> tuple[Outcome, Project | None]:
    """Return the outcome, and what is to be written where the project is new; ``known`` bear its number.

    Raises: PartyUnknown, Conflict.
    """
    ids = {"purchaser": statement.purchaser, **({"agency": statement.agency} if statement.agency else {})}
    parties = resolved(plan, ids)
    project = Project(
        "prj_" + secrets.token_hex(12),
        statement.project_no,
        statement.name,
        statement.domain,
        statement.region,
        parties["purchaser"],
        parties.get("agency"),
        statement.notice_on,
        statement.deadline,
        statement.lots,
        tick,
    )
    for held in known:
        if _content(held, plan) == _content(project, plan):
            return Outcome(held.id), None
        raise Conflict("同一项目编号已按其他内容登记", "another project bears this number", project=held.id)
    return Outcome(project.id, Written.CREATED), project


def _content(project: Project, plan: PartyPlan) -> tuple[object, ...]:
    """Return what two statements must agree on; parties by inner key, for an id may be another one by now."""
    return (
        project.name,
        project.domain,
        project.region,
        plan.key_of(project.purchaser),
        plan.key_of(project.agency) if project.agency is not None else None,
        project.notice_on,
        project.deadline,
        project.lots,
    )


async def record_bid(
    unit: WriteUnit, plan: PartyPlan, hasher: Hasher, project_no: str, statement: BidStatement
) -> Outcome:
    """Record a bid; natural key (project, lot, lead).

    Raises: Unknown, NumberAmbiguous, PartyUnknown, FieldInvalid, Conflict.
    """
    project = only_project(await unit.projects.project(project_no), project_no)
    said = BidInProject(project=project_no, bid=statement)
    known = (await unit.projects.bids([project.id]))[project.id]
    outcome, bid = plan_bid((plan, hasher), said, project, known, tick=unit.tick)
    if bid is not None:
        await unit.projects.save_bids([(project.id, bid)])
        unit.announce("bid.recorded", bid.id, bid.members)
    return outcome


def plan_bid(
    plans: tuple[PartyPlan, Hasher],
    said: BidInProject,
    project: Project,
    known: Sequence[RecordedBid],
    *,
    tick: int,
) -> tuple[Outcome, RecordedBid | None]:
    """Return the outcome, and what is to be written where the bid is new; ``known`` are the project's.

    Raises: PartyUnknown, FieldInvalid, Conflict.
    """
    (plan, hasher), statement = plans, said.bid
    if statement.lot is not None and project.lots and statement.lot not in {x.lot for x in project.lots}:
        raise FieldInvalid(f"项目没有标包 {statement.lot}", f"the project has no lot {statement.lot}", pointer="/lot")
    members = tuple(plan.named(m, f"/members/{n}").party.id for n, m in enumerate(statement.members))
    lead = plan.named(statement.lead, "/lead").party.id
    if lead not in members or len(set(members)) < len(members):
        raise FieldInvalid(
            "牵头人须是成员, 成员不得重复", "the lead must be one of the members, each named once", pointer="/members"
        )
    signals = _hashed(hasher, statement)
    name = "bid_" + secrets.token_hex(12)
    bid = RecordedBid(name, statement.lot, members, lead, statement.price, statement.result, signals, tick)
    for held in known:
        if (held.lot, plan.key_of(held.lead)) == (bid.lot, plan.key_of(bid.lead)):
            if _told(held, plan) == _told(bid, plan):
                return Outcome(held.id), None
            raise Conflict(
                "同一标包的同一投标已按其他内容登记", "another content is recorded for this bid", bid=held.id
            )
    return Outcome(bid.id, Written.CREATED), bid


def _hashed(hasher: Hasher, statement: BidStatement) -> Signals:
    traces = (
        ("machine_code", statement.machine_code),
        ("account", statement.deposit_account),
        ("ip", statement.ip),
    )
    return Signals(*(hasher.digest(kind, value) if value is not None else None for kind, value in traces))


def _told(bid: RecordedBid, plan: PartyPlan) -> tuple[object, ...]:
    return frozenset(map(plan.key_of, bid.members)), bid.price, bid.result, bid.signals


def only_project(projects: Sequence[Project], name: str) -> Project:
    """The one project that an id or number means.

    Raises: Unknown, NumberAmbiguous.
    """
    if not projects:
        raise Unknown(f"没有项目 {name}", f"there is no project {name}")
    if len(projects) > 1:
        raise NumberAmbiguous(f"编号 {name} 对应多个项目", f"several projects bear {name}")
    return projects[0]


async def synchronise(unit: WriteUnit, caller: Caller, list_id: str, statement: SyncStatement) -> Outcome:
    """Record that a run over a source ended; natural key (list, finished_at).

    Of whom the source tells nothing (Q27), and as of when it was seen, is as it was after the run before, unless it is
    said: that a person recorded what an import had left over makes no source speak of those whom it hides, and no old
    file a new one. A list of which no run ever said when it was seen is as old as its last run.

    Raises: Denied, FieldInvalid, Conflict.
    """
    if not caller.has(Scope.ADMIN):
        raise Denied("只有管理员或导入程序可以登记数据源更新", "only admin or the importer may record a sync")
    if not _SOURCE.fullmatch(list_id):
        raise FieldInvalid("数据源名称有误", "not the name of a source", pointer="/list")
    held = await unit.projects.sync(list_id, statement.finished_at)
    if held is not None:
        if _is_told_again(held, statement):
            return Outcome(held.id)
        raise Conflict("同一时刻的更新已按其他内容登记", "another sync is recorded at this instant", sync=held.id)
    told = _as_before(statement, await unit.projects.sync_before(list_id, statement.finished_at))
    sync = Sync(
        "syn_" + secrets.token_hex(12),
        list_id,
        told.finished_at,
        told.outcome,
        told.records,
        unit.tick,
        tuple(dict.fromkeys(told.silent or ())),
        told.seen_at,
    )
    await unit.projects.save_sync(sync)
    unit.announce("source.synchronised", sync.id, ())
    return Outcome(sync.id, Written.CREATED)


def _is_told_again(held: Sync, statement: SyncStatement) -> bool:
    """Whether a statement says nothing else than what is held; what it leaves open says nothing."""
    told = _as_before(statement, held)
    return (told.outcome, told.records, told.seen_at, frozenset(told.silent or ())) == (
        held.outcome,
        held.records,
        held.seen_at,
        frozenset(held.silent),
    )


def _as_before(statement: SyncStatement, before: Sync | None) -> SyncStatement:
    """Fill what a statement leaves open with what the run before said."""
    if before is None:
        return statement
    silent = before.silent if statement.silent is None else statement.silent
    seen_at = before.seen_at if statement.seen_at is None else statement.seen_at
    return replace(statement, silent=silent, seen_at=seen_at)
