"""Tables of what officers handle, laid out from the answers of the API."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from rich.markup import escape
from rich.table import Table

from credit.model.matters import CaseKind, ProposalKind, ProposalState, Rung
from credit.oversight.corrections import OrderState
from credit.oversight.deadlines import DeadlineState
from credit.oversight.trigger import By, TriggerState
from credit.reports import words

Item = Mapping[str, Any]
Columns = tuple[str, tuple[tuple[str, Callable[[Item], str]], ...]]
"""A table's title, and of each column its heading and what stands in it."""


def _field(name: str) -> Callable[[Item], str]:
    return lambda item: _text(item.get(name))


def _office(name: str) -> Callable[[Item], str]:
    return lambda item: _named(item.get(name))


def _named(office: Item | None) -> str:
    return "" if office is None else _text(office.get("name"))


def _note(item: Item) -> str:
    note: Item | None = item["note"]
    return "" if note is None else _text(note["zh"])


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _gain(benefit: Item) -> str:
    """Write how many of the projects that letters opened somebody won, marked where that is conspicuous."""
    mark = "（突出 conspicuous）" if benefit["conspicuous"] else ""
    return f"{benefit['party']} {len(benefit['projects'])}/{benefit['of']}{mark}"


def trigger_told(item: Item) -> str:
    """Write what the statutory count of a profile comes to, with the open questions."""
    return " ".join((words.both(words.TRIGGERS[TriggerState(item["trigger"])]), *item["questions"]))


def proposal_told(item: Item) -> str:
    """Write what a profile or a proposal proposes, nothing where it does not."""
    kind: str | None = item.get("proposal", item.get("kind"))
    return "" if kind is None else words.both(words.PROPOSALS[ProposalKind(kind)])


def window_told(item: Item) -> str:
    """Write the window of a profile, nothing where no letter counts."""
    window: Item | None = item["window"]
    if window is None:
        return ""
    return f"{window['from']} – {window['to']} {words.both(words.COUNTED_BY[By(window['by'])])}"


COMPLAINANTS: Final[Columns] = (
    "投诉人 · complainants",
    (
        ("主体 Party", _field("id")),
        ("名称 Name", _field("name")),
        ("法定次数 Trigger", trigger_told),
        ("按提交日 By filing", _field("by_filing")),
        ("按决定日 By decision", _field("by_decision")),
        ("窗口 Window", window_told),
        ("关注至 Watch until", lambda item: _text(item["watch_until"] or "关注 watch") if item["watch"] else ""),
        ("信号 Signals", lambda item: " ".join(x["name"] for x in item["signals"] if x["points_to_watch"])),
        ("关联 Linked", lambda item: str(len(item["linked"]))),
        ("建议 Proposal", proposal_told),
    ),
)
CLUSTERS: Final[Columns] = (
    "关联的投诉人（件数从不合并，Q3） · linked complainants, never summed",
    (
        (
            "投诉人及件数 Complainants, letters of each",
            lambda item: "\n".join(f"{x['name'] or x['id']} {item['complaints'][x['id']]}" for x in item["members"]),
        ),
        ("关联 Linked by", lambda item: "\n".join(dict.fromkeys(words.link(x["kind"]) for x in item["links"]))),
        ("交集项目 Projects in common", lambda item: "\n".join(x["project_no"] for x in item["together"])),
        ("获益供应商 Who gains", lambda item: "\n".join(map(_gain, item["benefits"]))),
        ("读全 Read whole", lambda item: "是 yes" if item["whole"] else "否 no"),
    ),
)
CASES: Final[Columns] = (
    "案件 · cases",
    (
        ("案号 Number", _field("case_no")),
        ("类型 Kind", lambda item: words.both(words.CASES[CaseKind(item["kind"])])),
        ("当事人 Parties", lambda item: "\n".join(item["parties"])),
        ("机关 Authority", _office("authority")),
        ("承办 With", _office("holder")),
        ("立案 Opened", _field("opened_on")),
        ("状态 State", lambda item: "未结 open" if item["state"] == "open" else "已结 closed"),
        ("等待反馈 Awaits", lambda item: "\n".join(_named(event["to"]) for event in item["awaiting"])),
        ("届满 Due", _field("due_on")),
        ("逾期起 Overdue since", _field("overdue_since")),
    ),
)
PROPOSALS: Final[Columns] = (
    "处理建议（不是决定） · proposals, no decisions",
    (
        ("编号 Id", _field("id")),
        ("当事人 Party", _field("party")),
        ("建议 Proposed", proposal_told),
        ("规则 Rule", _field("rule")),
        ("投诉 Letters", lambda item: str(len(item["facts"]))),
        ("生成 Made on", _field("made_on")),
        ("承办机关 Office", _office("office")),
        ("状态 State", lambda item: words.both(words.PROPOSAL_STATES[ProposalState(item["state"])])),
    ),
)
CORRECTIONS: Final[Columns] = (
    "责令改正 · correction orders",
    (
        ("文号 Number", _field("order_no")),
        ("当事人 Party", _field("party")),
        ("机关 Authority", _office("authority")),
        ("发出 Issued", _field("issued_on")),
        ("届满 Due", lambda item: _text(item["extended_to"] or item["due_on"])),
        ("状态 State", lambda item: words.both(words.ORDERS[OrderState(item["state"])])),
        ("事项 Items", lambda item: "\n".join(item["items"])),
        ("案件 Case", _field("case_no")),
        ("整而不改的前一件 Repeats", _field("relapse_of")),
    ),
)
RUNGS: Final[Columns] = (
    "关注、提醒、约谈（不限制任何人） · the ladder, it restricts nobody",
    (
        ("编号 Id", _field("id")),
        ("当事人 Party", _field("party")),
        ("措施 Rung", lambda item: words.both(words.RUNGS[Rung(item["rung"])])),
        ("机关 Authority", _office("authority")),
        ("日期 On", _field("on")),
        ("到期 Expires", _field("expires_on")),
        ("状态 State", _field("state")),
        ("理由 Reason", _field("reason")),
    ),
)
PUBLICATIONS: Final[Columns] = (
    "处罚公示 · publication of penalties",
    (
        ("文号 Number", lambda item: _text(item["doc_no"] or item["record"])),
        ("当事人 Party", _field("party")),
        ("机关 Authority", _field("authority")),
        ("决定 Decided", _field("decided_on")),
        ("应公示 Due", _field("due")),
        ("公示 Published", _field("published_on")),
        ("迟延工作日 Days late", _field("days_late")),
        ("状态 State", lambda item: words.both(words.PUBLISHED[DeadlineState(item["state"])])),
        ("说明 Note", _note),
    ),
)


def docket(columns: Columns, items: Sequence[Item]) -> Table:
    """Lay out items, one a line."""
    title, told = columns
    table = Table(title=title, title_justify="left", show_lines=True)
    for heading, _ in told:
        table.add_column(heading, overflow="fold")
    for item in items:
        table.add_row(*(escape(cell(item)) for _, cell in told))
    return table


def sheet(item: Item) -> Table:
    """Lay out one item with all its fields, by the names that the API gives them."""
    table = Table(show_lines=True)
    for heading in ("项 Field", "值 Value"):
        table.add_column(heading, overflow="fold")
    for name, value in item.items():
        if value not in (None, [], {}):
            table.add_row(name, escape(_plain(value)))
    return table


def _plain(value: Any) -> str:  # noqa: ANN401  # JSON
    """Write plain data so that a person can read it."""
    if isinstance(value, list):
        return "\n".join(map(_plain, cast("list[Any]", value)))
    if not isinstance(value, dict):
        return _text(value)
    fields = cast("Item", value)
    if set(fields) == {"zh", "en"}:
        return f"{fields['zh']}\n{fields['en']}"
    return ", ".join(f"{name} {_plain(of)}" for name, of in fields.items() if of is not None)
