"""What states, outcomes and kinds are called in reports, Chinese first; nothing here decides."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from credit.model.complaint import ComplaintLaw, ComplaintOutcome
from credit.model.matters import CaseKind, ProposalKind, ProposalState, Rung
from credit.model.verdict import Reason
from credit.oversight.corrections import OrderState
from credit.oversight.deadlines import DeadlineKind, DeadlineState
from credit.oversight.outcomes import Doubt
from credit.oversight.trigger import By, TriggerState, Weight
from credit.reports.model import Belongs

OUTCOMES: Final[Mapping[ComplaintOutcome, Reason]] = {
    ComplaintOutcome.PENDING: Reason("办理中", "pending"),
    ComplaintOutcome.NOT_ACCEPTED: Reason("不予受理", "not accepted"),
    ComplaintOutcome.TRANSFERRED: Reason("转送", "transferred"),
    ComplaintOutcome.CORRECTION_DUE: Reason("待补正", "to be corrected"),
    ComplaintOutcome.REJECTED_INADMISSIBLE: Reason("驳回（不符合受理条件）", "rejected, inadmissible"),
    ComplaintOutcome.REJECTED_UNFOUNDED: Reason("驳回（缺乏事实依据）", "rejected, unfounded"),
    ComplaintOutcome.REJECTED_FABRICATED: Reason("驳回（捏造事实或虚假材料）", "rejected, fabricated"),
    ComplaintOutcome.REJECTED_UNLAWFUL_PROOF: Reason("驳回（非法取证）", "rejected, unlawful proof"),
    ComplaintOutcome.UPHELD_NO_EFFECT: Reason("成立（未影响结果）", "upheld, no effect"),
    ComplaintOutcome.UPHELD_EFFECT: Reason("成立（影响结果）", "upheld, with effect"),
    ComplaintOutcome.PARTLY_UPHELD: Reason("部分成立", "partly upheld"),
    ComplaintOutcome.TERMINATED_WITHDRAWN: Reason("撤回终止", "withdrawn"),
    ComplaintOutcome.REVERSED_ON_REVIEW: Reason("经复议或诉讼撤销", "reversed on review"),
}
LAWS: Final[Mapping[ComplaintLaw, Reason]] = {
    ComplaintLaw.PROCUREMENT: Reason("政府采购", "procurement"),
    ComplaintLaw.BIDDING: Reason("招标投标", "bidding"),
}
DOUBTS: Final[Mapping[Doubt, Reason]] = {
    Doubt.CONTRADICTION: Reason("前后矛盾", "contradictory"),
    Doubt.MIXED: Reason("各项不一", "mixed"),
    Doubt.INCOMPLETE: Reason("不完整", "incomplete"),
    Doubt.IMPOSSIBLE: Reason("经过不可能", "impossible course"),
    Doubt.TOLD_TWICE: Reason("可能与公告所载为同一件", "may be the letter of a notice"),
}
BELONGS: Final[Mapping[Belongs, Reason]] = {
    Belongs.FILED: Reason("本期提交", "filed in the period"),
    Belongs.CARRIED: Reason("上期结转", "carried over"),
}
CLOCKS: Final[Mapping[DeadlineKind, Reason]] = {
    DeadlineKind.QUESTION: Reason("质疑", "challenge"),
    DeadlineKind.REPLY: Reason("质疑答复", "reply"),
    DeadlineKind.COMPLAINT: Reason("投诉", "complaint"),
    DeadlineKind.CORRECTION: Reason("补正", "correction"),
    DeadlineKind.ACCEPTANCE: Reason("受理审查", "acceptance"),
    DeadlineKind.DECISION: Reason("处理决定", "decision"),
    DeadlineKind.PAUSE: Reason("暂停", "pause"),
}
CLOCK_STATES: Final[Mapping[DeadlineState, Reason]] = {
    DeadlineState.OPEN: Reason("期限内", "open"),
    DeadlineState.IN_TIME: Reason("按期", "in time"),
    DeadlineState.LATE: Reason("迟延办结", "late"),
    DeadlineState.OVERDUE: Reason("逾期未办", "overdue"),
    DeadlineState.UNKNOWN: Reason("无法判定", "unknown"),
}
PUBLISHED: Final[Mapping[DeadlineState, Reason]] = {
    DeadlineState.IN_TIME: Reason("按期或期限内", "in time"),
    DeadlineState.LATE: Reason("迟公示", "late"),
    DeadlineState.OVERDUE: Reason("逾期未公示", "overdue"),
    DeadlineState.UNKNOWN: Reason("无法判定", "unknown"),
}
TRIGGERS: Final[Mapping[TriggerState, Reason]] = {
    TriggerState.MET: Reason("达到", "met"),
    TriggerState.REVIEW: Reason("待核", "review"),
    TriggerState.NOT_MET: Reason("未达到", "not met"),
}
COUNTED_BY: Final[Mapping[By, Reason]] = {
    By.FILING: Reason("按提交日", "by filing"),
    By.DECISION: Reason("按决定日", "by decision"),
}
WEIGHTS: Final[Mapping[Weight, Reason]] = {
    Weight.COUNTED: Reason("计入", "counted"),
    Weight.DOUBTFUL: Reason("存疑", "doubtful"),
    Weight.REPEATED: Reason("重复", "repeated"),
    Weight.LEFT_OUT: Reason("不计", "left out"),
}
PROPOSALS: Final[Mapping[ProposalKind, Reason]] = {
    ProposalKind.LIST: Reason("列入不良行为记录名单", "list as bad conduct"),
    ProposalKind.BAN: Reason("列入名单并禁止参加政府采购活动", "list, and ban from procurement"),
}
PROPOSAL_STATES: Final[Mapping[ProposalState, Reason]] = {
    ProposalState.OPEN: Reason("待答复", "open"),
    ProposalState.ACCEPTED: Reason("已采纳待决定", "accepted, to be decided"),
    ProposalState.DECLINED: Reason("未采纳", "declined"),
    ProposalState.RECORDED: Reason("已作出决定", "recorded"),
    ProposalState.LAPSED: Reason("已失效", "lapsed"),
}
LINKS: Final[Mapping[str, Reason]] = {
    "unit_leader": Reason("同一单位负责人", "same unit leader"),
    "owner": Reason("同一控股人", "same owner"),
    "holding": Reason("负责、持股或控制关系", "tied by leading, holding or controlling"),
    "agent": Reason("同一代理人", "same agent"),
    "text": Reason("投诉文字雷同", "letters worded alike"),
    "phone": Reason("同一电话", "same telephone"),
    "email": Reason("同一邮箱", "same e-mail"),
    "address": Reason("同一地址", "same address"),
    "device": Reason("同一设备", "same device"),
    "account": Reason("同一账户", "same account"),
}
ORDERS: Final[Mapping[OrderState, Reason]] = {
    OrderState.OPEN: Reason("整改中", "open"),
    OrderState.OVERDUE: Reason("逾期", "overdue"),
    OrderState.DONE: Reason("已整改", "done"),
    OrderState.WITHDRAWN: Reason("已撤回", "withdrawn"),
}
CASES: Final[Mapping[CaseKind, Reason]] = {
    CaseKind.LEAD: Reason("线索", "lead"),
    CaseKind.INVESTIGATION: Reason("调查", "investigation"),
    CaseKind.LOOK_BACK: Reason("倒查", "look-back"),
}
RUNGS: Final[Mapping[Rung, Reason]] = {
    Rung.ATTENTION: Reason("关注", "attention"),
    Rung.REMINDER: Reason("提醒", "reminder"),
    Rung.INTERVIEW: Reason("约谈", "interview"),
}


def both(words: Reason) -> str:
    """Say words in both languages, Chinese first.

    >>> both(Reason("关注", "attention"))
    '关注 attention'
    """
    return f"{words.zh} {words.en}"


def link(kind: str) -> str:
    """Say what links two parties; a kind of contact that has no name here stands as it is."""
    return both(LINKS[kind]) if kind in LINKS else kind


def article(told: str) -> str:
    """Say which article, as Chinese documents do.

    >>> article("37¶1"), article("63, 64")
    ('第37条第1款', '第63条、第64条')
    """
    return "、".join(_one_article(one.strip()) for one in told.split(",") if one.strip())


def _one_article(told: str) -> str:
    number, _, paragraph = told.partition("¶")
    return f"第{number}条" + (f"第{paragraph}款" if paragraph else "")


Cell = str | int | Decimal | date | Reason | None
"""What a cell of a table holds; a ``Reason`` is words in both languages."""


def cell_text(value: Cell) -> str:
    """Write a cell as text.

    >>> cell_text(date(2026, 3, 9)), cell_text(None), cell_text(3)
    ('2026-03-09', '', '3')
    """
    if isinstance(value, Reason):
        return both(value)
    return "" if value is None else str(value)
