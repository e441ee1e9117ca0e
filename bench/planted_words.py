"""What planted complainants write: stock phrases that strangers share, and items that hardly anybody else writes."""

from random import Random
from typing import Final

STOCK: Final = (
    "评标委员会对中标供应商业绩证明材料的认定有误",
    "中标供应商的投标文件未实质性响应招标文件要求",
    "评标委员会对我公司技术部分评分明显偏低且未说明理由",
    "中标供应商提供的检测报告不符合招标文件的要求",
)
"""Sentences that strangers write alike."""
SUBJECTS: Final = (
    "服务器", "核磁共振设备", "物业服务", "校园监控", "道路清扫车", "课桌椅", "疫苗冷链箱", "水质监测仪", "消防车辆",
    "信息系统运维", "食堂食材配送", "测绘服务", "绿化养护", "实验台柜", "电梯维保", "档案数字化",
)  # fmt: skip
FLAWS: Final = (
    "检测报告的编号在出具机构网站查询不到", "拟派项目负责人的社保缴纳记录与投标文件所载单位不一致",
    "类似业绩合同的签订日期晚于招标公告要求的截止时间", "投标产品的型号已经停产而无法满足交付期限",
    "制造商授权书的签章与官方公布的样式不同", "节能产品认证证书在投标截止时已经失效",
    "报价明细中人工费用低于当地最低工资标准", "投标文件中的样本参数与厂家公开的彩页相互矛盾",
    "评分表中售后服务一项的得分与评分细则不符", "联合体协议没有写明各方承担的工作和责任",
)  # fmt: skip

PROOFS: Final = (
    "我公司于开标当日已向代理机构书面提出", "有厂家出具的书面说明为证", "质疑答复对此没有作出任何解释",
    "该情况可在全国认证认可信息公共服务平台查询", "同类项目中其他供应商曾因此被否决投标", "附件二为网页截图和公证书",
    "采购代理机构以商业秘密为由拒绝提供", "现场监督人员当时也表示异议", "评审专家未按规定写明理由",
)  # fmt: skip
CLAIMS: Final = (
    "请求认定中标结果无效", "请求责令重新开展采购活动", "请求依法组织复核评分", "请求调取原始评审资料核对",
    "请求暂停签订采购合同", "请求对相关责任人作出处理", "请求公开该供应商的响应内容",
)  # fmt: skip


def wording(random: Random) -> str:
    """Make an item as one complainant writes it and hardly anybody else."""
    subject, flaw, proof, claim = (random.choice(words) for words in (SUBJECTS, FLAWS, PROOFS, CLAIMS))
    firm, brand = (_signs(random, count) for count in (12, 14))
    page = random.randrange(2, 400)
    return f"{subject}{random.randrange(100, 999)}号包{firm}公司所投{brand}牌第{page}页{flaw}，{proof}，{claim}"


def _signs(random: Random, count: int) -> str:
    """Make a name of common signs."""
    return "".join(chr(random.randrange(0x4E00, 0x5200)) for _ in range(count))
