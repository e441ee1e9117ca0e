"""`credit sources`: how every list stands, and what one that is not fresh does to verdicts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from credit.cli.feeds import Feed
from credit.cli.frame import EXIT_BAD
from credit.cli.scheduled import COLOURS as ENDED_COLOURS
from credit.cli.scheduled import ENDED
from credit.cli.showing import EFFECTS
from credit.lists import Lists, Standing
from credit.model.party import Role
from credit.model.project import Domain, SyncOutcome
from credit.model.verdict import Effect, Freshness, SourceState
from credit.model.when import SHANGHAI
from credit.rules.findings import effect_of
from credit.rules.sources import source_bites
from credit.rules.words import STATES
from importers.last_runs import Counts, LastRun, last_run
from importers.sources import SOURCES, importer_of

HEADINGS: Final = (
    "名单\nList",
    "公布者\nPublisher",
    "上次更新(北京时间)\nLast sync (Shanghai)",
    "时龄/允许(时)\nAge/allowed (h)",
    "行数\nRows",
    "上次导入: 读取/退回\nLast import: read/rejected",
    "状态\nState",
    "不是最新时\nWhere not fresh",
)
FEED_HEADINGS: Final = (
    "来源 Source",
    "名称 Title",
    "上次导入(北京时间)\nLast import (Shanghai)",
    "结果\nOutcome",
    "读取\nRead",
    "写入\nTaken",
    "未变\nUnchanged",
    "退回\nRejected",
    "待核对\nTo review",
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
OUTSIDE: Final = "目录外名单，无规则查验：不影响结论\nno rule asks it: changes no verdict"
ASIDE: Final = (
    "其中 {rows} 行按来源本身不能登记，名单对其所指主体不作结论\n{rows} set aside: it says nothing of whom they name"
)


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


def feeds_of(data: Path) -> tuple[Feed, ...]:
    """Read how the last run over every source ended; of runs of this data directory alone."""
    specs = [importer_of(source).spec for source in SOURCES]
    return tuple(
        Feed(
            source=spec.id,
            title=spec.title,
            title_en=spec.title_en,
            publisher=spec.publisher,
            publisher_en=spec.publisher_en,
            list=spec.list,
            last=last_run(data, spec.id),
        )
        for spec in specs
    )


def as_answer(lists: Lists, standings: Sequence[Standing], at: datetime, feeds: Sequence[Feed] = ()) -> dict[str, Any]:
    """Say how the lists stand as JSON-ready data; instants in Shanghai's time, ages in seconds."""
    others = _others(standings, feeds)
    return {
        "asked_at": _local(at),
        "allowed_age_seconds": int(lists.rules.allowed_age.total_seconds()),
        "late": [one.row.id for one in standings if one.late],
        "late_others": [
            feed.source
            for feed in others
            if feed.list and feed.status(at, lists.rules.allowed_age) is not Freshness.FRESH
        ],
        "items": [
            {
                **_item(one, consequences(lists, one.row.id, at)),
                "imports": [_import(feed) for feed in feeds if feed.list == one.row.id],
            }
            for one in standings
        ],
        "other_sources": [{**_import(feed), **_stands(feed, at, lists.rules.allowed_age)} for feed in others],
    }


def _others(standings: Sequence[Standing], feeds: Sequence[Feed]) -> list[Feed]:
    """Return the sources that are no list, or a list of which the catalogue knows nothing."""
    known = {one.row.id for one in standings}
    return [feed for feed in feeds if feed.list not in known]


def _stands(feed: Feed, at: datetime, allowed: timedelta) -> dict[str, Any]:
    """Say how a list that the catalogue does not know stands; of what is no list, nothing."""
    age = feed.age(at) if feed.list else None
    return {
        "list": feed.list,
        "age_seconds": int(age.total_seconds()) if age is not None else None,
        "status": feed.status(at, allowed).value if feed.list else None,
    }


def _import(feed: Feed) -> dict[str, Any]:
    last = feed.last
    counts = last and last.counts
    figures = dict.fromkeys(field.name for field in fields(Counts)) if counts is None else asdict(counts)
    return {
        "source": feed.source,
        "title": {"zh": feed.title, "en": feed.title_en},
        "finished_at": _local(last.at) if last else None,
        "ended": last.ended.value if last else None,
        "from": last.place if last else None,
        **figures,
        "set_aside": feed.aside if feed.list and last else None,
        "error": {"zh": last.why_zh, "en": last.why_en} if last and last.why_zh else None,
    }


def _item(one: Standing, told: Iterable[Consequence]) -> dict[str, Any]:
    return {
        "list": one.row.id,
        "name": one.row.name.model_dump(),
        "keeper": one.row.keeper.model_dump(),
        "synced_at": _local(one.sync.finished_at) if one.sync else None,
        "seen_at": _local(one.sync.seen_at) if one.sync and one.sync.seen_at else None,
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


def source_table(lists: Lists, standings: Sequence[Standing], at: datetime, feeds: Sequence[Feed] = ()) -> Table:
    """Lay out how the lists stand, in the order of their ids."""
    table = Table(title="名单更新情况 · how the lists stand", title_justify="left", show_lines=True)
    table.caption = "无法判定：不能认定任何人合格 · unknown: nobody can be called eligible"
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for one in standings:
        state, row = STATES[one.state.status], one.row
        table.add_row(
            escape(f"{row.id} {row.name.zh}\n{row.name.en}"),
            escape(f"{row.keeper.zh}\n{row.keeper.en}"),
            _last(one),
            f"{_hours(one.age)} / {_hours(lists.rules.allowed_age)}",
            str(one.sync.records) if one.sync else "—",
            "\n".join(_told(feed) for feed in feeds if feed.list == row.id) or "—",
            f"[{COLOURS[one.state.status]}]{state.zh}[/]\n{one.state.status.value}",
            words_of(consequences(lists, row.id, at)),
        )
    for feed in _others(standings, feeds):
        if feed.list:
            table.add_row(*_other(feed, at, lists.rules.allowed_age))
    return table


def _other(feed: Feed, at: datetime, allowed: timedelta) -> tuple[str, ...]:
    """Lay out a list that the catalogue does not know, by its last run here."""
    last, age, status = feed.last, feed.age(at), feed.status(at, allowed)
    counts = last and last.counts
    return (
        escape(f"{feed.list} {feed.title}\n{feed.title_en}"),
        escape(f"{feed.publisher}\n{feed.publisher_en}"),
        f"{last.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}\n{ENDED[last.ended]}" if last else "—",
        f"{_hours(age)} / {_hours(allowed)}",
        str(counts.taken + counts.unchanged) if counts else "—",
        _told(feed),
        f"[{COLOURS[status]}]{STATES[status].zh}[/]\n{status.value}",
        OUTSIDE,
    )


def _hours(span: timedelta | None) -> str:
    return "—" if span is None else f"{round(span.total_seconds() / SECONDS_AN_HOUR, 1):g}"


def feed_table(feeds: Sequence[Feed]) -> Table:
    """Lay out how the last run over every source ended, of those too that are no list."""
    table = Table(title="来源导入情况 · how the imports ended", title_justify="left", show_lines=True)
    for heading in FEED_HEADINGS:
        table.add_column(heading, overflow="fold")
    for feed in feeds:
        figures = asdict(feed.last.counts).values() if feed.last and feed.last.counts else ("—",) * len(fields(Counts))
        table.add_row(
            feed.source,
            escape(f"{feed.title}\n{feed.title_en}"),
            f"{feed.last.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if feed.last else "—",
            _ended(feed.last) if feed.last else "从未导入 never",
            *map(str, figures),
        )
    return table


def _ended(last: LastRun) -> str:
    return f"[{ENDED_COLOURS[last.ended]}]{ENDED[last.ended]}[/]" + (f"\n{escape(last.why_zh)}" if last.why_zh else "")


def _told(feed: Feed) -> str:
    if feed.last is None:
        return f"{feed.source}\n—"
    counts = feed.last.counts
    aside = f"\n{ASIDE.format(rows=feed.aside)}" if feed.aside else ""
    return f"{feed.source}\n{f'{counts.read} / {counts.rejected}' if counts else ENDED[feed.last.ended]}{aside}"


def _last(one: Standing) -> str:
    if one.sync is None:
        return "—"
    seen = one.sync.seen_at
    told = f"\n名单截至 as of {seen.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if seen is not None else ""
    return f"{one.sync.finished_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}\n{OUTCOMES[one.sync.outcome]}{told}"


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
