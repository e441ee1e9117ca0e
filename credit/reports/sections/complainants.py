"""Sections of complainants: the statutory count, attention, proposals, links."""

from credit.model.verdict import Reason
from credit.oversight.trigger import TriggerState
from credit.reports import words
from credit.reports.model import Report, TriggerRow
from credit.reports.sections.section import NOT_RESTRICTED, Row, Section, columns, parties, party, several


def triggers(report: Report) -> Section:
    """Who meets the statutory count, or may."""
    rows, of = report.standings.triggers, report.standings.looked_at
    met = sum(row.state is TriggerState.MET for row in rows)
    return Section(
        id="triggers",
        title=Reason("法定次数（94号令第37条第1款）", "The statutory count"),
        facts=(
            Reason(
                f"多次投诉的 {of} 个投诉人中，达到 {met} 个，待核 {len(rows) - met} 个；"
                "次数为全国次数，每个投诉人单独计数",
                f"of {of} complainants with several letters, {met} meet it and {len(rows) - met} are for review;"
                " nationwide, each complainant alone",
            ),
            NOT_RESTRICTED,
        ),
        columns=columns(
            "投诉人|Complainant", "状态|State", "起|From", "止|To", "口径|Window by", "按提交日次数|By filing",
            "按决定日次数|By decision", "窗口内的投诉（含存疑）|Letters in the window, doubtful too",
            "计入的分省|Counted, by province", "疑点|Question",
        ),
        rows=tuple(map(_trigger, rows)),
    )  # fmt: skip


def _trigger(row: TriggerRow) -> Row:
    return (
        party(row.party),
        words.TRIGGERS[row.state],
        row.from_,
        row.to,
        words.COUNTED_BY[row.by] if row.by else None,
        row.by_filing,
        row.by_decision,
        several(f"{number}（{words.WEIGHTS[weight].zh}）" for number, weight in row.letters),
        several(f"{name} {count}" for name, count in row.provinces),
        " ".join(row.questions),
    )


def watched(report: Report) -> Section:
    """Who is under attention, and why."""
    rows = report.standings.watched
    return Section(
        id="watch",
        title=Reason("关注名单", "Watch list"),
        facts=(
            Reason(
                f"多次投诉的 {report.standings.looked_at} 个投诉人中关注 {len(rows)} 个；"
                "关注到期自动解除，投诉多被支持的不列入",
                f"{len(rows)} of {report.standings.looked_at} complainants with several letters; attention expires, and"
                " who is often upheld is not on it",
            ),
            NOT_RESTRICTED,
        ),
        columns=columns("投诉人|Complainant", "到期|Until", "信号|Signals", "依据|Rests on"),
        rows=tuple(
            (
                party(row.party),
                row.until,
                "\n".join(f"{reason.zh}\n{reason.en}" for reason, _ in row.signals),
                several(dict.fromkeys(id_ for _, ids in row.signals for id_ in ids)),
            )
            for row in rows
        ),
    )


def proposals(report: Report) -> Section:
    """What waits for an officer."""
    rows = report.proposals
    waiting = sum(row.state == "open" for row in rows)
    return Section(
        id="proposals",
        title=Reason("处理建议", "Proposals"),
        facts=(
            Reason(
                f"待答复 {waiting} 件，已采纳待作出决定 {len(rows) - waiting} 件；当事人有权陈述、申辩",
                f"{waiting} wait for an officer, {len(rows) - waiting} were accepted and wait for a decision;"
                " the party is heard first",
            ),
        ),
        columns=columns(
            "编号|Id", "当事人|Party", "建议|Proposed", "规则|Rule", "依据的投诉|Letters", "生成|Made on",
            "承办机关|Office", "状态|State",
        ),
        rows=tuple(
            (
                row.id,
                party(row.party),
                words.PROPOSALS[row.kind],
                row.rule,
                several(row.letters),
                row.made_on,
                row.office,
                words.PROPOSAL_STATES[row.state],
            )
            for row in rows
        ),
    )  # fmt: skip


def clusters(report: Report) -> Section:
    """Which groups of complainants are linked."""
    rows = report.network.clusters
    return Section(
        id="clusters",
        title=Reason("关联网络", "Groups of linked complainants"),
        facts=(
            Reason(
                f"涉及本地区的关联网络 {len(rows)} 个；各投诉人的件数各自列出，从不合并（Q3）",
                f"groups with a complainant of the region: {len(rows)}; each has its own number, none is summed (Q3)",
            ),
            NOT_RESTRICTED,
        ),
        columns=columns(
            "投诉人及件数|Complainants, letters of each", "关联|Linked by", "交集项目|Projects in common",
            "获益供应商|Who gains",
        ),
        rows=tuple(
            (
                "\n".join(f"{party(named)} {count}" for named, count in row.members),
                "\n".join(map(words.link, row.by)),
                several(row.projects),
                "\n".join(f"{party(named)} {won}/{of}" for named, won, of in row.gains),
            )
            for row in rows
        ),
    )  # fmt: skip


def links(report: Report) -> Section:
    """What links them, and what that rests on."""
    rows = report.network.links
    return Section(
        id="links",
        title=Reason("投诉人之间的关联", "Links among complainants"),
        facts=(
            Reason(
                f"关联 {len(rows)} 处；关联只是线索，次数从不合并（Q3）",
                f"{len(rows)} links; a link is a lead, and no count is summed over it (Q3)",
            ),
        ),
        columns=columns("关联|Linked by", "投诉人|Complainants", "依据|Rests on"),
        rows=tuple((words.link(row.kind), parties(row.between), "\n".join(row.rests_on)) for row in rows),
    )
