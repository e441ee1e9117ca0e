"""Whom the text of a decision is about, besides the party that it is told of.

A penalty on a person, an affiliate or another body is none on the party (DOMAIN §3.3, R11). Nothing is guessed: a text
that speaks of anybody else, in words known here or by a name that is not the party's, is one for a person to read.
"""

import re
from collections.abc import Iterable
from typing import Final

from importers.cells import folded

LONGEST: Final = 4_000
"""Signs of a text that is searched; no real decision comes near, and what finds names takes the square of the time."""

_PEOPLE: Final = (
    r"法定代表人|法人代表|负责人|责任人|主管人员|责任人员|从业人员|工作人员|管理人员|业务人员|董事|监事|总?经理(?!部)"
    r"|股东|合伙人|投资人|出资人|控制人|(?:员工|职工)(?!的?(?:工资|劳动报酬|报酬|社保|社会保险))|雇员|家属|配偶|本人"
    r"|个人(?!所得税)|等人"
)
_AFFILIATES: Final = (
    r"实际控制|控制的|控股|参股|关联(?!交易|性)|下属|下级|所属(?!期|时期|年度|行业)|子公司|分公司|分支机构|分部|分院"
    r"|分所|分店|母公司|总公司|集团公司|项目部|联合体|牵头"
    r"|(?:其他|其它|另一|另外|[两多]家|\d+家)(?:公司|企业|单位|供应商|投标人|机构|人员|当事人|主体)"
)
_SEVERAL: Final = r"分别|各(?:自|处|罚|给予|单位|公司|当事人)|均(?:处|给予|罚|列入)|双方|二者|三者"
OTHERS: Final = re.compile(rf"{_PEOPLE}|{_AFFILIATES}|{_SEVERAL}|某")
"""Words for people and bodies around a party, for several at once, and for names that are hidden."""
MODIFIED: Final = rf"[的之]?(?:{_PEOPLE}|{_AFFILIATES})"
"""What makes the name before it that of somebody else's leader or owner, as a pattern."""

BODY: Final = re.compile(
    r"(?<![一-龥()])[一-龥()]{2,}(?:公司(?!法)|中心|集团|学校|大学|医院|工厂|事务所|合作社|委员会|办公室|(?<!财政)局|厂|经营部|商行"
    r"|超市|研究院|设计院|研究所|工作室|饭店|酒店|宾馆|幼儿园|协会|门市部|服务部|商店|药店)"
)
"""What the name of an organisation ends with, as a pattern over folded text; a finance department's is none."""
_OWN: Final = re.compile(
    r"(?:该|你|贵|本案)\(?(?:公司|单位|企业|厂|店|中心|医院|学校|机构|集团|合作社|供应商|投标人|[中成][标交]人|(?:采购)?代理机构"
    r"|个体工商户|商户)\)?|(?:(?<![一-龥])|(?<=[对令予将处由]))(?:公司|单位|企业)|(?:本案|相关)?当事人|被处罚(?:人|单位)"
    r"|行政相对人|本机关|[我本](?:局|厅|部|委|机关|单位)|你|其(?![他它中余次])"
)
# What may stand right before a name; behind another sign the name is the end of a longer one.
_BEFORE: Final = re.compile(
    r"(?:(?<![一-龥])|(?<=[对令予处将由是因给以销扣止除收])|(?<=决定)|(?<=(?:当事|处罚)人)|(?<=单位))"
)
_BEHIND: Final = re.compile(rf"(?:\([^()处罚]*\))?(?!{MODIFIED})")
_LAW: Final = re.compile(r"《[^》]*》")
_DESCRIBES: Final = re.compile(r"\((?:[^()]*(?:信用代码|以下简?称)[^()]*)?\)")
_AFTERMATH: Final = re.compile(r"逾期|不服|复议|诉讼|起诉|缴(?:纳|至|入|到|款|清)|上缴|不停止执行")
_IMPOSES: Final = re.compile(r"给予|处以|并处|责令|禁止|不得|列入|吊销|没收|警告|元")
_PENAL: Final = r"处|罚|作出|做出|给予|予以|进行|实施|警告|通报|没收|责令|列入|禁止|不予|不得|吊销|暂扣|降低"
_ADDRESSED: Final = (
    re.compile(rf"(?<![应绝相面反核派校])对(?![象应照外比账])(?P<who>[^,。;:]{{0,60}}?)(?={_PENAL}|[,。;:]|$)"),
    re.compile(r"将(?P<who>[^,。;:]{0,60}?)(?=列入|纳入|记入)"),
    re.compile(rf"给予(?P<who>[^,。;:]{{0,60}}?)(?={_PENAL})"),
    re.compile(r"责令(?P<who>[^,。;:]{0,20}?)(?=限期|立即|改正|整改)"),
)
_MANNER: Final = re.compile(
    r"依法|[以如]下|[上下前]述|下列|[此本]次|从[轻重]|减轻|行政|相应|按期|及时|自行|全面|当场|书面|口头|停止|人民币"
    r"|[\d一二三四五六七八九十]+(?:个?工作日|[日天年]|个月)内?|[于在的以之并且]"
)
_THING: Final = re.compile(
    r"(?:行为|问题|情[形况]|事实|所得|物|税|[物产商]品|材料|工具|设备|资金|款项?|证书?|执照|部分|项目|工程|事项|活动|元|额)$"
)


def other_in(text: str, *, own: Iterable[str] = (), beside: Iterable[str] = ()) -> str | None:
    """Return the words by which a text speaks of another than the party; None where it speaks of nobody else.

    ``own``: what the party is called. ``beside``: who is named without being the addressee, as the authority. The law
    that is quoted by its title, and how to pay or to appeal, do not count.

    >>> other_in("对甲公司处以罚款5000元,列入不良行为记录名单", own=["甲公司"]) is None
    True
    >>> other_in("对甲公司法定代表人处以罚款5000元", own=["甲公司"]), other_in("对张三给予警告", own=["甲公司"])
    ('法定代表人', '对张三')
    """
    rest = _LAW.sub("", folded(text))
    names = {folded(name) for name in (*own, *beside)} - {""}
    for name in sorted(names, key=len, reverse=True):
        rest = _without(rest, name)
    rest = _DESCRIBES.sub("", rest)
    rest = "".join(part for part in re.split(r"(?<=[,。;])", rest) if not _only_instructs(part))
    if found := OTHERS.search(rest):
        return found[0]
    rest = _OWN.sub("", rest)
    if found := BODY.search(rest):
        return found[0]
    whom = (found for pattern in _ADDRESSED for found in pattern.finditer(rest))
    return next((found[0] for found in whom if not _is_nobody(found["who"])), None)


def _without(text: str, name: str) -> str:
    """Leave out a name, with its brackets, where it stands for the party itself; no pattern is made for each name."""
    kept, start, at = "", 0, text.find(name)
    while at >= 0:
        behind = _BEHIND.match(text, at + len(name)) if _BEFORE.match(text, at) else None
        if behind is not None:
            kept, start = kept + text[start:at], behind.end()
        at = text.find(name, behind.end() if behind is not None else at + 1)
    return kept + text[start:]


def _only_instructs(part: str) -> bool:
    """Whether a part of a sentence tells how to pay or to appeal, and imposes nothing."""
    return bool(_AFTERMATH.search(part)) and not _IMPOSES.search(part)


def _is_nobody(who: str) -> bool:
    """Whether what stands where an addressee would is no name: nothing, a manner of acting, or a thing."""
    bare = _MANNER.sub("", who)
    return not bare or bool(_THING.search(bare))
