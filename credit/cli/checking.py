"""`credit check` and `credit party`: may these bidders take part, and what is held on one?"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from rich.console import Group
from rich.table import Table

from credit.cli.bidders import Bidder, identifier_of
from credit.errors import FieldInvalid, PartyUnknown, Unknown
from credit.identifiers import mask_name
from credit.model.caller import Access, Caller, Scope
from credit.model.party import Party, PartyKind, Role
from credit.model.project import Domain, Project
from credit.model.question import Activity, Bid, Member, Question
from credit.model.record import Penalty, Record
from credit.model.verdict import Verdict
from credit.model.when import SHANGHAI, day_end, legal_day
from credit.wiring import Services

CALLER: Final = Caller("cli", "命令行 · command line", frozenset(Scope))
NOT_ELIGIBLE: Final = frozenset({Verdict.RESTRICTED, Verdict.REVIEW})
SHOWN: Final = 100
"""Records of a party that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the options of `credit check` say; what is left out comes from the project, else from today."""

    domain: Domain | None = None
    role: Role = Role.SUPPLIER
    region: str | None = None
    deadline: str | None = None
    cut_off: str | None = None
    project_no: str | None = None
    lot: str | None = None
    silent: bool = False


async def check(services: Services, asking: Asking, bidders: Sequence[Bidder]) -> dict[str, Any]:
    """Answer for bidders and keep the answer as evidence.

    Raises:
        Unknown: there is no such project.
        FieldInvalid: an instant is of no right form, or nobody is asked about.
    """
    if not bidders:
        raise FieldInvalid("没有要核查的投标人。", "There is no bidder to check")
    project = await _project(services, asking.project_no)
    now = services.clock.now()
    question = Question(activity_of(asking, project, now), bids_of(bidders, asking.role), now)
    reply = await services.eligibility.check(CALLER, question, known_at=None)
    await _note(services, "cli.check", [bidder.id for bidder in bidders], asking.project_no)
    return reply


async def _project(services: Services, number: str | None) -> Project | None:
    if number is None:
        return None
    found = await services.browser.project(number)
    if len(found) != 1:
        raise Unknown(f"没有编号为 {number} 的项目，或编号不唯一。", f"There is no one project of the number {number}")
    return found[0]


def activity_of(asking: Asking, project: Project | None, now: datetime) -> Activity:
    """Say what the bidders want to take part in.

    Without a deadline it is the project's, else the end of today; without a cut-off it is the end of the deadline's
    day, as in a quick look-up, unless the document is said to be silent.

    Raises:
        FieldInvalid: an instant is of no right form.
    """
    told = instant(asking.deadline, "--deadline") if asking.deadline else None
    deadline = told or (project.deadline if project else day_end(legal_day(now)))
    cut_off = instant(asking.cut_off, "--cut-off") if asking.cut_off else day_end(legal_day(deadline))
    return Activity(
        domain=asking.domain or (project.domain if project else Domain.GOVERNMENT_PROCUREMENT),
        deadline=deadline,
        cut_off=None if asking.silent else cut_off,
        region=asking.region or (project.region if project else None),
        project_no=asking.project_no,
        lot=asking.lot,
        notice_on=project.notice_on if project else None,
    )


def instant(text: str, option: str) -> datetime:
    """Read an instant; one without an offset is Shanghai's time, a day alone its end.

    >>> instant("2026-06-10T09:30", "--deadline").isoformat()
    '2026-06-10T09:30:00+08:00'

    Raises:
        FieldInvalid: it is none.
    """
    try:
        if len(text) == len("2026-06-10"):
            return day_end(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise FieldInvalid(
            f"{option} 应写作 2026-06-10 或 2026-06-10T09:30。", f"{option} is written 2026-06-10 or 2026-06-10T09:30"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def bids_of(bidders: Sequence[Bidder], role: Role) -> tuple[Bid, ...]:
    """Make bids: rows that share a bid's mark and lot are a consortium, any other row stands for itself.

    >>> [b.ref for b in bids_of([Bidder("a"), Bidder("b", ref="联"), Bidder("c", ref="联")], Role.SUPPLIER)]
    ['1', '联']
    """
    grouped: dict[tuple[str, str | None], list[Bidder]] = {}
    for place, bidder in enumerate(bidders, start=1):
        grouped.setdefault((bidder.ref or f"#{place}", bidder.lot), []).append(bidder)
    refs: dict[str, int] = {}
    bids: list[Bid] = []
    for (ref, lot), rows in grouped.items():
        name = ref.removeprefix("#")
        refs[name] = refs.get(name, 0) + 1
        unique = name if refs[name] == 1 else f"{name}/{lot or refs[name]}"
        bids.append(Bid(unique, role, tuple(Member(row.id, row.name) for row in rows), lot))
    return tuple(bids)


def code_of(reply: Mapping[str, Any]) -> int:
    """Return the exit code: 0 all may take part, 1 somebody may not or must be looked at, 2 it cannot be told."""
    verdicts = {Verdict(result["verdict"]) for result in reply["results"]}
    if verdicts & NOT_ELIGIBLE:
        return 1
    return 2 if Verdict.UNKNOWN in verdicts else 0


def as_json(value: object) -> str:
    """Write an answer as JSON, two spaces to a level."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()


# ── what is held on a party ──


async def party(services: Services, text: str) -> Group:
    """Lay out what is held on a party: itself, what it is tied to, its records.

    Raises:
        PartyUnknown: it is not registered.
    """
    name = identifier_of(text)
    held = await services.browser.party(name)
    if held is None:
        raise PartyUnknown(f"未登记主体 {name}。", f"The party {name} is not registered")
    records = await services.browser.records(held.party.id, before=None, limit=SHOWN)
    parties, relations, _ = await services.browser.neighbourhood(held.party.id, depth=1, limit=SHOWN)
    names = {other.id: shown_name(other) for other in parties}
    await _note(services, "cli.party", [held.party.id], None)
    ties = _table("关联 Relations", ("关系 Kind", "自 From", "至 To", "比例 Share", "起 Since", "止 Until"))
    for tie in relations:
        ends = (f"{names.get(end, '')} {end}".strip() for end in (tie.source, tie.target))
        ties.add_row(tie.kind, *ends, _text(tie.share), _text(tie.since), _text(tie.ends_on()))
    held_records = _table("记录 Records", ("编号 Id", "类别 Type", "文号 No", "日期 On", "内容 Content", "后续 Later"))
    for record in records:
        held_records.add_row(*_record_row(record))
    return Group(_facts(held.party), ties, held_records)


def shown_name(party: Party) -> str:
    """Return a party's name, a person's masked."""
    return mask_name(party.name) if party.kind is PartyKind.PERSON else party.name


def _facts(party: Party) -> Table:
    table = _table(f"{shown_name(party)} · {party.id}", ("项 Item", "值 Value"))
    table.add_row("类型 Kind", party.kind)
    table.add_row("角色 Roles", " ".join(party.roles))
    table.add_row("曾用名 Former names", "、".join(party.former_names))
    table.add_row("地区 Region", party.region or "")
    table.add_row("状态 Status", party.status)
    table.add_row("成立 Established", _text(party.established_on))
    return table


def _record_row(record: Record) -> tuple[str, ...]:
    content = record.content
    later = "\n".join(f"{event.on} {event.kind}" for event in record.events)
    if isinstance(content, Penalty):
        fine = f" {content.fine} 元" if content.fine is not None else ""
        return (
            record.id,
            "处罚 penalty",
            content.doc_no,
            _text(content.decided_on),
            " ".join(content.kinds) + fine,
            later,
        )
    what = f"{content.list} {content.ground or ''}".strip()
    return record.id, "名单 listing", content.doc_no or "", _text(content.listed_on), what, later


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _text(value: object) -> str:
    return "" if value is None else str(value)


async def _note(services: Services, action: str, parties: Sequence[str], project_no: str | None) -> None:
    """Write down who was looked up, as the API does; what is no identifier is not written."""
    known = tuple(party for party in parties if identifier_of(party) == party and " " not in party)
    request = f"cli-{secrets.token_hex(8)}"
    await services.accesses.note(Access(services.clock.now(), CALLER.id, action, known, project_no, request))
    await services.accesses.flush()
