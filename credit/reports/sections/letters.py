"""Sections of the ledger: coverage, months, outcomes, letters, clocks."""

from credit.model.verdict import Reason
from credit.oversight.deadlines import DeadlineState
from credit.reports import words
from credit.reports.model import ClockRow, LetterRow, Report
from credit.reports.sections.section import Row, Section, columns, law, parties, several


def coverage(report: Report) -> Section:
    """Which districts have letters, and which have none."""
    rows = report.ledger.districts
    silent = sum(not row.ever for row in rows if row.code)
    below = sum(row.code is not None for row in rows)
    return Section(
        id="coverage",
        title=Reason("报送情况", "Which districts report"),
        facts=(
            Reason(
                f"下级区划 {below} 个，其中 {silent} 个从未有投诉登记",
                f"{below} districts, of {silent} of which the registry has no complaint at all",
            ),
        ),
        columns=columns("区划代码|Code", "区划|District", "本报告投诉|Letters here", "历来登记|Letters ever"),
        rows=tuple((row.code or "本级 own offices", row.name, row.letters, row.ever) for row in rows),
    )


def trend(report: Report) -> Section:
    """What was filed and decided, month by month."""
    months = report.ledger.months
    filed, decided, bare = (sum(getattr(m, name) for m in months) for name in ("filed", "decided", "unfounded"))
    return Section(
        id="trend",
        title=Reason("逐月趋势", "By month"),
        facts=(
            Reason(
                f"提交 {filed} 件，处理决定 {decided} 件，其中查无实据 {bare} 件"
                "（按94号令第37条第1款且无疑义的，逐件计，不是法定次数）",
                f"{filed} filed, {decided} decided, of which {bare} wholly unproven (under 37¶1 and without doubt,"
                " letter by letter: no statutory count)",
            ),
        ),
        columns=columns("月份|Month", "提交|Filed", "决定|Decided", "查无实据|Wholly unproven"),
        rows=tuple((m.month, m.filed, m.decided, m.unfounded) for m in months),
    )


def outcomes(report: Report) -> Section:
    """How letters and their items ended."""
    letters, items = dict(report.ledger.mix), dict(report.ledger.item_mix)
    return Section(
        id="outcomes",
        title=Reason("处理结果构成", "Outcomes"),
        facts=(
            Reason(
                f"本期提交 {sum(letters.values())} 件，已有结果的事项 {sum(items.values())} 项",
                f"{sum(letters.values())} letters filed in the period, {sum(items.values())} items with an outcome",
            ),
        ),
        columns=columns("结果|Outcome", "投诉（件）|Letters", "事项（项）|Items"),
        rows=tuple(
            (told, letters.get(outcome, 0), items.get(outcome, 0))
            for outcome, told in words.OUTCOMES.items()
            if outcome in letters or outcome in items
        ),
    )


def ledger(report: Report) -> Section:
    """The letters themselves."""
    letters = report.ledger.letters
    filed = sum(row.belongs == "filed" for row in letters)
    return Section(
        id="ledger",
        title=Reason("投诉台账", "Ledger of complaints"),
        facts=(
            Reason(
                f"共 {len(letters)} 件：本期提交 {filed} 件，上期结转 {len(letters) - filed} 件；"
                "同一投诉由多个来源登记的只计一次",
                f"{len(letters)} letters: {filed} filed in the period, {len(letters) - filed} carried over;"
                " a letter told by several sources is counted once",
            ),
        ),
        columns=columns(
            "投诉编号|Number", "投诉人|Complainants", "项目|Project", "提交|Filed", "决定|Decided", "结果|Outcome",
            "分项结果|Items", "受理机关|Office", "备注|Remarks",
        ),
        rows=tuple(map(_letter, letters)),
    )  # fmt: skip


def _letter(row: LetterRow) -> Row:
    items = several(f"{words.OUTCOMES[outcome].zh} {count}" for outcome, count in row.items)
    remarks = [words.BELONGS[row.belongs].zh, words.LAWS[row.law].zh, *(words.DOUBTS[d].zh for d in row.doubts)]
    remarks += [f"{row.told} 处来源"] if row.told > 1 else []
    remarks += [] if row.own_ledger else ["仅见公告"]
    return (
        row.number,
        parties(row.complainants),
        row.project,
        row.filed_on,
        row.decided_on,
        words.OUTCOMES[row.outcome],
        items,
        row.office,
        "，".join(remarks),
    )


def clock_counts(report: Report) -> Section:
    """All clocks by kind and state."""
    counts, states = report.ledger.clock_counts, list(words.CLOCK_STATES)
    late = sum(n for (_, state), n in counts.items() if state in {DeadlineState.LATE, DeadlineState.OVERDUE})
    return Section(
        id="clock-counts",
        title=Reason("法定期限汇总", "Clocks, counted"),
        facts=(
            Reason(
                f"共 {sum(counts.values())} 个期限，迟延和逾期 {late} 个",
                f"{sum(counts.values())} clocks, {late} late or overdue",
            ),
        ),
        columns=(Reason("期限", "Clock"), *(words.CLOCK_STATES[state] for state in states)),
        rows=tuple(
            (told, *(counts.get((kind.value, state), 0) for state in states))
            for kind, told in words.CLOCKS.items()
            if any(counts.get((kind.value, state)) for state in states)
        ),
    )


def clocks(report: Report) -> Section:
    """The clocks that somebody must look at."""
    return Section(
        id="clocks",
        title=Reason("法定期限", "Statutory clocks"),
        facts=(
            Reason(
                "列出受理机关各期限中未办结、迟延、逾期和无法判定的，以及投诉人、采购人错过的；按期的只计数",
                "Clocks of the office that are open, late, overdue or unknown, and those that others missed;"
                " what was in time is counted above",
            ),
        ),
        columns=columns(
            "投诉编号|Number", "期限|Clock", "起算|From", "届满|Due", "完成|Met", "状态|State", "依据|Law",
            "受理机关|Office", "说明|Note",
        ),
        rows=tuple(map(_clock, report.ledger.clocks)),
    )  # fmt: skip


def _clock(row: ClockRow) -> Row:
    clock = row.clock
    return (
        row.number,
        words.CLOCKS[clock.kind],
        clock.from_,
        clock.due,
        clock.met_on,
        words.CLOCK_STATES[clock.state],
        law(clock.citations),
        row.office,
        clock.note.zh if clock.note else "",
    )
