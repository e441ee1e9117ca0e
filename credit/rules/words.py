"""What kinds of penalty, bans and services are called in reasons: terms of 处罚法 9; nothing here decides."""

from collections.abc import Mapping
from typing import Final

from credit.model.record import BanScope, PenaltyKind
from credit.model.verdict import Freshness, Reason

KINDS: Final[Mapping[PenaltyKind, Reason]] = {
    PenaltyKind.WARNING: Reason("警告", "warning"),
    PenaltyKind.CRITICISM: Reason("通报批评", "public criticism"),
    PenaltyKind.FINE: Reason("罚款", "fine"),
    PenaltyKind.CONFISCATION: Reason("没收", "confiscation"),
    PenaltyKind.PERMIT_WITHHELD: Reason("暂扣许可证件", "permit withheld"),
    PenaltyKind.DOWNGRADED: Reason("降低资质等级", "qualification grade lowered"),
    PenaltyKind.PERMIT_REVOKED: Reason("吊销许可证件", "permit revoked"),
    PenaltyKind.LICENCE_REVOKED: Reason("吊销营业执照", "business licence revoked"),
    PenaltyKind.OPERATIONS_RESTRICTED: Reason("限制开展生产经营活动", "operations restricted"),
    PenaltyKind.PRODUCTION_STOPPED: Reason("责令停产停业", "order to stop production or business"),
    PenaltyKind.CLOSURE: Reason("责令关闭", "order to close"),
    PenaltyKind.PRACTICE_RESTRICTED: Reason("限制从业", "practice restricted"),
    PenaltyKind.DETENTION: Reason("行政拘留", "detention"),
    PenaltyKind.BAN: Reason("禁止参加", "ban"),
    PenaltyKind.CRIMINAL: Reason("刑事处罚", "criminal punishment"),
    PenaltyKind.CORRECTION_ORDER: Reason("责令改正", "order to correct"),
    PenaltyKind.BAD_CONDUCT_LISTING: Reason("列入不良行为记录名单", "entry in the bad-conduct list"),
    PenaltyKind.OTHER: Reason("其他处罚", "another penalty"),
}

SCOPES: Final[Mapping[BanScope, Reason]] = {
    BanScope.PROCUREMENT: Reason("参加政府采购活动", "government procurement"),
    BanScope.AGENCY_WORK: Reason("代理政府采购业务", "agency work"),
    BanScope.REVIEW_WORK: Reason("参加政府采购评审活动", "review work"),
    BanScope.STATUTORY_TENDERS: Reason("参加依法必须进行招标的项目", "statutory tenders"),
    BanScope.MILITARY_PROCUREMENT: Reason("参加军队采购活动", "military procurement"),
}

SERVICES: Final[Mapping[str, Reason]] = {
    "design": Reason("整体设计", "overall design"),
    "specification": Reason("规范编制", "drafting of specifications"),
    "management": Reason("项目管理", "project management"),
    "supervision": Reason("监理", "supervision"),
    "testing": Reason("检测", "testing"),
}

STATES: Final[Mapping[Freshness, Reason]] = {
    Freshness.FRESH: Reason("有效", "fresh"),
    Freshness.STALE: Reason("超过允许时限", "stale"),
    Freshness.FAILED: Reason("更新失败", "failed"),
    Freshness.NEVER: Reason("从未更新", "never synchronised"),
}
