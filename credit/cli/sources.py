"""`credit sources`: how every list stands, and what one that is not fresh does to verdicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from credit.cli.frame import EXIT_BAD
from credit.cli.showing import EFFECTS
from credit.lists import Lists, Standing
from credit.model.party import Role
from credit.model.project import Domain, SyncOutcome
from credit.model.verdict import Effect, Freshness, SourceState
from credit.model.when import SHANGHAI
from credit.rules.findings import effect_of
from credit.rules.sources import source_bites
from credit.rules.words import STATES

HEADINGS: Final = (
    "名单\nList",
    "公布者\nPublisher",
    "上次更新(北京时间)\nLast sync (Shanghai)",
    "时龄/允许(时)\nAge/allowed (h)",
    "行数\nRows",
    "状态\nState",
    "不是最新时\nWhere not fresh",
)
OUTCOMES: Final = {SyncOutcome.COMPLETE: "完成 complete", SyncOutcome.FAILED: "失败 failed"}
COLOURS: Final = {
    Freshness.FRESH: "green",
    Freshness.STALE: "yellow",
    Freshness.FAILED: "red",
    Freshness.NEVER: "magenta",
}
DOMAINS: Final = {
    Domain.GOVERNMENT_PROCUREMENT: "政府采购",
    Domain.STATUTORY_TENDER: "依法必须招标",
    Domain.LAND: "土地",
    Domain.MINING: "矿业权",
    Domain.STATE_ASSETS: "国有资产",
    Domain.MEDICAL_PLATFORM: "医药集采平台",
    Domain.MILITARY_PROCUREMENT: "军队采购",
    Domain.OTHER: "其他",
}
SECONDS_AN_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a rule does, wherever it does it, while one list alone is not fresh."""

    rule: str
    effect: Effect
    applies: tuple[tuple[Domain, tuple[Role, ...]], ...]


def consequences(lists: Lists, list_id: str, at: datetime) -> tuple[Consequence, ...]:
    """Ask the rule on sources itself, in every domain and for every role; the strictest effect comes first."""
    fresh = {row.id: SourceState(row.id, at, Freshness.FRESH) for row in lists.rules.catalogue.lists}
    states = {**fresh, list_id: replace(fresh[list_id], status=Freshness.STALE)}
    found: dict[tuple[str, Effect], dict[Domain, list[Role]]] = {}
    for domain in Domain:
        world = lists.world(domain, at)
        for role in Role:
            for bite in source_bites(world, states, role):
                found.setdefault((bite.rule.id, effect_of(bite)), {}).setdefault(domain, []).append(role)
    ordered = sorted(found.items(), key=lambda item: list(Effect).index(item[0][1]), reverse=True)
    return tuple(
        Consequence(rule, effect, tuple((domain, tuple(roles)) for domain, roles in where.items()))
        for (rule, effect), where in ordered
    )


def as_answer(lists: Lists, standings: Sequence[Standing], at: datetime) -> dict[str, Any]:
    """Say how the lists stand as JSON-ready data; instants in Shanghai's time, ages in seconds."""
    return {
        "asked_at": _local(at),
        "allowed_age_seconds": int(lists.rules.allowed_age.total_seconds()),
        "late": [one.row.id for one in standings if one.late],
        "items": [_item(one, consequences(lists, one.row.id, at)) for one in standings],
    }


def _item(one: Standing, told: Iterable[Consequence]) -> dict[str, Any]:
    return {
        "list": one.row.id,
        "name": one.row.name.model_dump(),
        "keeper": one.row.keeper.model_dump(),
        "synced_at": _local(one.sync.finished_at) if one.sync else None,
        "outcome": one.sync.outcome.value if one.sync else None,
        "records": one.sync.records if one.sync else None,
        "age_seconds": int(one.age.total_seconds()) if one.age is not None else None,
        "status": one.state.status.value,
        "required": one.required,
        "when_not_fresh": [
            {
                "rule": each.rule,
                "effect": each.effect.value,
                "applies": [{"domain": domain.value, "roles": [*roles]} for domain, roles in each.applies],
            }
            for each in told
        ],
    }


def source_table(lists: Lists, standings: Sequence[Standing], at: datetime) -> Table:
    """Lay out how the lists stand, in the order of their ids."""
    table = Table(title="名单更新情况 · how the lists stand", title_justify="left", show_lines=True)
    table.caption = "无法判定：不能认定任何人合格 · unknown: nobody can be called eligible"
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    allowed = lists.rules.allowed_age.total_seconds() / SECONDS_AN_HOUR
    for one in standings:
        state, row = STATES[one.state.status], one.row
        age = "—" if one.age is None else f"{one.age.total_seconds() / SECONDS_AN_HOUR:.1f}"
        table.add_row(
            escape(f"{row.id} {row.name.zh}\n{row.name.en}"),
            escape(f"{row.keeper.zh}\n{row.keeper.en}"),
            _last(one),
            f"{age} / {allowed:g}",
            str(one.sync.records) if one.sync else "—",
            f"[{COLOURS[one.state.status]}]{state.zh}[/]\n{one.state.status.value}",
            words_of(consequences(lists, row.id, at)),
        )
    return table


def _last(one: Standing) -> str:
    if one.sync is None:
        return "—"
    return f"{one.sync.finished_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}\n{OUTCOMES[one.sync.outcome]}"


def words_of(told: Sequence[Consequence]) -> str:
    """Say where which effect follows; the mildest stands for all the rest where together they leave out no domain."""
    everywhere = {domain for each in told for domain, _ in each.applies} == set(Domain)
    lines = [f"{EFFECTS[each.effect]}：\n{_where(each)}" for each in told]
    if told and everywhere:
        lines[-1] = f"{'其余 elsewhere' if len(told) > 1 else '各领域 everywhere'}：{EFFECTS[told[-1].effect]}"
    return "\n".join(lines) or "—"


def _where(each: Consequence) -> str:
    return "；\n".join(f"{DOMAINS[domain]} {domain.value} ({', '.join(roles)})" for domain, roles in each.applies)


def code_of(standings: Sequence[Standing]) -> int:
    """Tell the exit code: 0 where every required list is fresh."""
    return EXIT_BAD if any(one.late for one in standings) else 0


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()
