"""What the free text of a penalty decision says for certain: fines, bans, the law it rests on.

Nothing is guessed. A text that speaks of a ban in words not known here, with a range of terms, a place, or a negation,
rejects its row, so that a person reads it: a ban overlooked would pass the party as eligible.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid
from credit.model.record import Ban, BanScope
from credit.model.when import When
from credit.rules.terms import add_months, moved
from importers.cells import NUMERAL, day, folded, numeral

_NUMBER: Final = rf"(?:\d[\d,]*(?:\.\d+)?|{NUMERAL})"
_AMOUNT: Final = rf"(?P<number>{_NUMBER})(?P<unit>亿|万|千|百)?元"
_LEAD: Final = r"(?:,|:|\(|金额|人民币|大写|共?计|合计|即|为|¥)*"
_FINES: Final = (
    re.compile(rf"罚款{_LEAD}{_AMOUNT}(?!以上|以下|至|-|~)"),
    re.compile(rf"(?<!以上)(?<!至)(?<!-)(?<!~){_AMOUNT}整?(?:\)|人民币|的)*罚款"),
)
_CONFISCATED: Final = re.compile(rf"没收(?:其)?(?:违法所得|非法所得|非法财物|所得)?{_LEAD}{_AMOUNT}")
_SCALE: Final = {"亿": 10**8, "万": 10**4, "千": 10**3, "百": 10**2, None: 1}

# Not the end of a longer number: of 1.5年 and 一点五年 the last sign is no term.
_TERM: Final = rf"(?<![\d.点])(?<!{NUMERAL.removesuffix('+')})(?P<term>\d+|{NUMERAL})(?P<span>年|个月)"
_WHOM: Final = r"(?:其|该公司|该单位|该供应商|该代理机构|你公司|你单位|你|当事人)?"
_WORDS: Final = {
    BanScope.PROCUREMENT: r"参加(?:全国|全国范围内的?)?政府采购(?!(?:活动)?的?评审)(?:活动)?",
    BanScope.AGENCY_WORK: r"(?:代理|从事)政府采购(?:代理)?业务",
    BanScope.REVIEW_WORK: r"参加政府采购(?:活动的?)?评审(?:活动)?",
    BanScope.STATUTORY_TENDERS: r"参加依法必须(?:进行)?招标的?项目的?投标",
}
_FORBID: Final = rf"(?:禁止|不得){_WHOM}"
_RANGE: Final = re.compile(rf"{_NUMBER}年?(?:以上|至|到|-|~|—){_NUMBER}年|{_NUMBER}年以[上下]")
_DOUBT: Final = re.compile(r"不予|免予|免于|撤销|解除|建议|拟|曾|可以|是否|提前")
_PLACE: Final = re.compile(
    r"[本我该全](?:省|市|县|区|自治区|州|地区)|辖区|行政区域|(?:省|市|县|区|州)(?:范围)?内|在[^,]{1,10}(?:省|市|县|区|州)"
)
_TALK_OF_BAN: Final = re.compile(
    r"(?:禁止|(?:年|月)内?,?不得)[^。;]{0,30}(?:政府采购|招标)|政府采购[^。;]{0,10}禁入|取消[^。;]{0,20}依法必须(?:进行)?招标"
)
_ANY_TERM: Final = re.compile(_TERM)
_NAMED: Final = r"(?:行政)?(?:辖区|区域|范围)?(?:以?内)?的?"
_NAMED_PLACES: Final = (
    re.compile(rf"(?:(?<=参加)|(?<=代理)|(?<=从事))(?P<place>[一-龥]{{2,12}}?){_NAMED}(?=政府采购)"),
    re.compile(rf"在(?P<place>[一-龥]{{2,10}}?(?:省|市|州|区|县|盟)){_NAMED},?"),
)
_FORBIDS: Final = re.compile(r"禁止|不得|取消")
_A_DAY: Final = r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})(?:日|(?!\d))"
_FROM_DAY: Final = re.compile(rf"[自从]{_A_DAY}(?:起|开始)?")
_TO_DAY: Final = re.compile(rf"[至到]{_A_DAY}")
_BETWEEN_DAYS: Final = r"\((?:自|从)?\d{4}年\d{1,2}月\d{1,2}日(?:起|开始)?至\d{4}年\d{1,2}月\d{1,2}日止?\)"
_WRITTEN_DAY: Final = re.compile(_A_DAY)
_UNREAD_SPAN: Final = re.compile(rf"半个?[年月]|(?:\d|{NUMERAL})个?(?:半|年|季|月|周|星期|(?:工作|自然)?日|天)")
"""A span that no pattern here reads, where whole days are taken out."""
_SHORT_DAY: Final = re.compile(r"月\d{1,2}日")
_MONTHS_IN: Final = {"年": 12, "个月": 1}

_CITED: Final = re.compile(
    rf"《(?P<title>[^》]+)》(?:\([^)]*\))?(?P<articles>(?:[,、和及]?第(?:\d+|{NUMERAL})条(?:之(?:\d+|{NUMERAL}))?"
    rf"(?:[,、和及]?第?(?:\d+|{NUMERAL})款|[,、和及]?第?\(?(?:\d+|{NUMERAL})\)?项)*)+)"
)
_DENIED: Final = re.compile(r"(?:不|未|无|没有|不存在|拒绝)(?:予|应|应当|能|再|直接)?(?:适用|违反|触犯|构成|属于)")
"""Such a text is told whole: who judges it reads what it denies."""
_ARTICLE: Final = re.compile(rf"第(\d+|{NUMERAL})条(?:之(\d+|{NUMERAL}))?(?:第(\d+|{NUMERAL})款)?")


def fines_in(text: str) -> tuple[Decimal, ...]:
    """Return the fines a text states, in yuan; ranges that only quote the law are none.

    >>> fines_in("处以罚款人民币贰拾万元整"), fines_in("罚款200元"), fines_in("处二万元以上五万元以下罚款")
    ((Decimal('200000.00'),), (Decimal('200.00'),), ())
    """
    plain = folded(text)
    places = {found.start("number"): found for pattern in _FINES for found in pattern.finditer(plain)}
    amounts = (_yuan(found["number"], found["unit"]) for _, found in sorted(places.items()))
    return tuple(amount for amount in amounts if amount is not None)


def ban_in(text: str) -> Ban | None:
    """Return the ban a text states; None where it speaks of none.

    >>> ban_in("罚款5000元，列入不良行为记录名单，在一年内禁止参加政府采购活动").months
    12

    Raises: FieldInvalid where it speaks of a ban but not plainly.
    """
    clauses = [c for c in re.split(r"[。;]", folded(text)) if _TALK_OF_BAN.search(c)]
    if not clauses:
        return None
    found = _ban_of(clauses[0]) if len(clauses) == 1 else None
    if found is None or _days_in(text) - {found.from_.day if found.from_ else None, found.until}:
        raise FieldInvalid(
            "处罚内容涉及禁止参加活动，但期限、范围或地域无法确定，请人工录入",
            "the decision speaks of a ban whose term, scope or place is not certain: a person must enter it",
        )
    return found


def placed_ban_in(text: str, codes: Mapping[str, str]) -> Ban | None:
    """Return the ban a text states, with the place that it is bound to where the text names one of ``codes``.

    Law: 财库〔2015〕150号 ¶2 has bans hold everywhere; whether a place binds one all the same is for the rules to say.

    >>> placed_ban_in("三年内禁止参加济宁市辖区内政府采购活动", {"济宁市": "370800"}).region
    '370800'

    Raises: FieldInvalid where it speaks of a ban but not plainly, or of a place not known.
    """
    plain = folded(text)
    places = [found for pattern in _NAMED_PLACES for found in pattern.finditer(plain) if found["place"] in codes]
    if len(places) != 1:
        return ban_in(text)
    ban = ban_in(plain[: places[0].start()] + plain[places[0].end() :])
    return replace(ban, region=codes[places[0]["place"]]) if ban is not None else None


def confiscated_in(text: str) -> Decimal | None:
    """Return the sum that a text confiscates, in yuan; None where it states none, or several.

    >>> confiscated_in("没收违法所得3000元，罚款5000元")
    Decimal('3000.00')
    """
    amounts = {_yuan(found["number"], found["unit"]) for found in _CONFISCATED.finditer(folded(text))}
    return amounts.pop() if len(amounts) == 1 else None


def citations_in(text: str) -> tuple[str, ...]:
    """Return the law a text cites as title, article and paragraph; the text itself where none is sure.

    >>> citations_in("依据《中华人民共和国政府采购法》第七十七条第一款第（一）项、第七十八条")
    ('中华人民共和国政府采购法 77¶1', '中华人民共和国政府采购法 78')
    """
    plain = folded(text)
    cited = (
        f"{found['title']} {_article(article)}"
        for found in _CITED.finditer(plain)
        for article in _ARTICLE.finditer(found["articles"])
    )
    sure = () if _DENIED.search(plain) else tuple(dict.fromkeys(cited))
    return sure or ((text.strip(),) if text.strip() else ())


def _ban_of(clause: str) -> Ban | None:
    """Read a clause that speaks of a ban; None where any of its words leaves a doubt."""
    if _DOUBT.search(clause) or _RANGE.search(clause) or _PLACE.search(clause):
        return None
    scopes = [scope for scope, words in _WORDS.items() if re.search(words, clause)]
    if len(scopes) != 1:
        return None
    months = _months(clause, _WORDS[scopes[0]])
    start, end = _day(_FROM_DAY, clause), _day(_TO_DAY, clause)
    undated = _WRITTEN_DAY.sub("", clause)
    stated = len(_ANY_TERM.findall(undated))
    if _SHORT_DAY.search(undated) or (start and end and months and not _agree(start, end, months)):
        return None
    if stated != (months is not None) or (months is None and _UNREAD_SPAN.search(undated)):
        return None
    if months is None and not re.search(_FORBID + _WORDS[scopes[0]], clause):
        return None
    return Ban(scope=scopes[0], from_=When(start) if start else None, until=end, months=months)


def _agree(start: date, end: date, months: int) -> bool:
    """Whether a ban of so many months from its first day ends on its last, or the day after (DOMAIN §9 Q5)."""
    corresponding = add_months(start, months)
    return end in {corresponding, moved(corresponding, -1)}


def _months(clause: str, words: str) -> int | None:
    """Return the term of a ban where it stands right beside the words that forbid."""
    patterns = (
        rf"{_TERM}(?:之)?内?(?:{_BETWEEN_DAYS})?,?{_FORBID}{words}",
        rf"{_FORBID}(?:在)?{_TERM}(?:之)?内?{words}",
        rf"{_FORBID}{words}(?:,|:|\(|的?期限|时间|为)*{_TERM}",
        rf"取消{_WHOM}(?:在)?{_TERM}(?:之)?内?{words}",
    )
    found = next((f for p in patterns if (f := re.search(p, clause))), None)
    number = numeral(found["term"]) if found else None
    return number * _MONTHS_IN[found["span"]] if found and number else None


def _days_in(text: str) -> set[date | None]:
    """Return every day that is written in a sentence that forbids: each must be the first or the last of the ban."""
    told = (clause for clause in re.split(r"[。;]", folded(text)) if _FORBIDS.search(clause))
    return {_date(found) for clause in told for found in _WRITTEN_DAY.finditer(clause)}


def _day(pattern: re.Pattern[str], clause: str) -> date | None:
    found = pattern.search(clause)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> date | None:
    return day("-".join(found.groups()), "禁止期限的日期")


def _yuan(number: str, unit: str | None) -> Decimal | None:
    plain = number.replace(",", "")
    whole = numeral(plain)
    value = Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else Decimal(whole) if whole is not None else None
    return None if value is None else (value * _SCALE[unit]).quantize(Decimal("0.01"))


def _article(found: re.Match[str]) -> str:
    number, of, paragraph = found.groups()
    tail = f"¶{numeral(paragraph)}" if paragraph else ""
    return f"{numeral(number)}{f'之{of}' if of else ''}{tail}"
