"""Sections of what offices do, and of what nobody knows."""

from credit.model.verdict import Reason
from credit.oversight.corrections import OrderState
from credit.oversight.deadlines import DeadlineState
from credit.reports import words
from credit.reports.acts import CaseRow, OrderRow
from credit.reports.model import Report
from credit.reports.sections.section import Row, Section, columns, parties, party, several


def publishers(report: Report) -> Section:
    """How each authority publishes."""
    states = list(words.PUBLISHED)
    total = sum(sum(one.counts.values()) for one in report.publishers)
    return Section(
        id="publishers",
        title=Reason("处罚公示汇总", "Publication, by authority"),
        facts=(Reason(f"本期处罚决定 {total} 件", f"{total} penalties decided in the period"),),
        columns=(Reason("机关", "Authority"), Reason("本期决定", "Decided"), *(words.PUBLISHED[s] for s in states)),
        rows=tuple(
            (one.name, sum(one.counts.values()), *(one.counts.get(state, 0) for state in states))
            for one in report.publishers
        ),
    )


def publications(report: Report) -> Section:
    """The penalties that were late."""
    rows = [(one.name, row) for one in report.publishers for row in one.rows]
    late = sum(row.state is not DeadlineState.UNKNOWN for _, row in rows)
    return Section(
        id="publications",
        title=Reason("迟公示和未公示的处罚", "Penalties published late, or not yet"),
        facts=(
            Reason(
                f"迟公示和逾期未公示 {late} 件，无法判定 {len(rows) - late} 件；迟延按工作日计",
                f"{late} late or overdue, {len(rows) - late} unknown; days late are working days",
            ),
        ),
        columns=columns(
            "机关|Authority", "文号|Number", "当事人|Party", "决定|Decided", "应公示|Due", "公示|Published",
            "迟延工作日|Days late", "状态|State", "说明|Note",
        ),
        rows=tuple(
            (
                name,
                row.number,
                party(row.party),
                row.decided_on,
                row.due,
                row.published_on,
                row.days_late,
                words.PUBLISHED.get(row.state, words.CLOCK_STATES[row.state]),
                row.note.zh if row.note else "",
            )
            for name, row in rows
        ),
    )  # fmt: skip


def orders(report: Report) -> Section:
    """Correction orders to be carried out, or repeated."""
    rows = report.orders
    overdue = sum(row.state is OrderState.OVERDUE for row in rows)
    relapses = sum(row.relapse_of is not None for row in rows)
    return Section(
        id="corrections",
        title=Reason("责令改正", "Correction orders"),
        facts=(
            Reason(
                f"本期发出 {report.orders_issued} 件；未了结和整而不改的共 {len(rows)} 件，"
                f"其中逾期 {overdue} 件，整而不改 {relapses} 件",
                f"{report.orders_issued} issued in the period; {len(rows)} open or repeated:"
                f" {overdue} overdue, {relapses} of a matter corrected before",
            ),
        ),
        columns=columns(
            "文号|Number", "当事人|Party", "机关|Authority", "发出|Issued", "届满|Due", "状态|State", "事项|Items",
            "案件|Case", "整而不改的前一件|Repeats",
        ),
        rows=tuple(map(_order, rows)),
    )  # fmt: skip


def _order(row: OrderRow) -> Row:
    return (
        row.number,
        party(row.party),
        row.authority,
        row.issued_on,
        row.due_on,
        words.ORDERS[row.state],
        several(row.items),
        row.case_no,
        row.relapse_of,
    )


def cases(report: Report) -> Section:
    """Open cases."""
    rows = report.cases
    overdue = sum(row.overdue_since is not None for row in rows)
    return Section(
        id="cases",
        title=Reason("未结案件", "Open cases"),
        facts=(
            Reason(
                f"登记案件 {report.cases_held} 件，未结 {len(rows)} 件，其中逾期 {overdue} 件",
                f"{len(rows)} of {report.cases_held} cases are open, {overdue} overdue",
            ),
        ),
        columns=columns(
            "案号|Number", "类型|Kind", "当事人|Parties", "机关|Authority", "承办|With", "立案|Opened",
            "等待反馈|Awaits", "届满|Due", "逾期起|Overdue since", "摘要|Summary",
        ),
        rows=tuple(map(_case, rows)),
    )  # fmt: skip


def _case(row: CaseRow) -> Row:
    return (
        row.number,
        words.CASES[row.kind],
        parties(row.parties),
        row.authority,
        row.holder,
        row.opened_on,
        several(row.awaiting),
        row.due_on,
        row.overdue_since,
        row.summary,
    )


def rungs(report: Report) -> Section:
    """The rungs of the ladder that stand."""
    return Section(
        id="attentions",
        title=Reason("关注、提醒、约谈", "Attention, reminder, interview"),
        facts=(
            Reason(
                f"有效的 {len(report.rungs)} 件；到期自动失效，不限制任何人",
                f"{len(report.rungs)} in force; each expires, and none restricts anybody",
            ),
        ),
        columns=columns("当事人|Party", "措施|Rung", "机关|Authority", "日期|On", "到期|Until", "理由|Reason"),
        rows=tuple(
            (party(row.party), words.RUNGS[row.rung], row.authority, row.on, row.last_day, row.reason)
            for row in report.rungs
        ),
    )


def gaps(report: Report) -> Section:
    """What the report does not know."""
    return Section(
        id="unknown",
        title=Reason("本报告所不知道的", "What this report does not know"),
        facts=(
            Reason("没有列出的不等于没有发生", "That something is not listed does not mean that it did not happen"),
        ),
        columns=columns("数量|Count", "说明|What", "英文|In English"),
        rows=tuple((gap.count, gap.words.zh, gap.words.en) for gap in report.gaps),
    )
