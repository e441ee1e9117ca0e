"""What the text of a 双公示 penalty (处罚内容) says, beside the columns that say it too.

A text and a column that differ, a text that breaks off, and one that speaks of a bar or of a heavy kind not told for
certain set the row aside: a ban overlooked would pass a banned firm, one read too much would bar an honest one.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.record import Ban, PenaltyKind
from importers.addressees import LONGEST, other_in
from importers.cells import folded, yuan_of_wan
from importers.decisions import ban_in, confiscated_in, fines_in
from importers.sanctions import HEAVY
from importers.source import Row, heading

_LISTED: Final = re.compile(r"(?<!不予)(?<!不)列入(?:政府采购)?不良行为记录名单")
_NO_PENALTY: Final = re.compile(r"不予(?:行政)?处罚|免[予于除](?:行政)?(?:处罚|罚款)|不再(?:给予)?处罚")
_CUT_OFF: Final = re.compile(r"(?:…|\.{3,}|政府采购(?:活动的评?|评)?)$")
_CUT_BAN: Final = re.compile(r"(?:禁止|不得|取消)[^,。;!]{0,14}$")
_BARS: Final = re.compile(
    r"(?:暂停|限制|不[准再]|不允许|不得|禁止|取消|剥夺|停止|退出|清除?出|月内不|年内不)[^。;,]{0,14}"
    r"(?:政府采购|采购活动|招标|投标|评审|交易|采购代理)|禁入|黑名单"
)
_FORBIDS: Final = re.compile(r"禁止|不得|取消")
# A ban in these words is read above, or its row refused.
_OF_A_BAN: Final = re.compile(r"取消(?=[^,。;]{0,20}依法必须(?:进行)?招标)")
_WITHOUT_END: Final = re.compile(r"永久|永远|终身|无限期|长期")
_HEAVY: Final = frozenset({
    PenaltyKind.PERMIT_WITHHELD,
    PenaltyKind.DOWNGRADED,
    PenaltyKind.PERMIT_REVOKED,
    PenaltyKind.LICENCE_REVOKED,
    PenaltyKind.OPERATIONS_RESTRICTED,
    PenaltyKind.PRODUCTION_STOPPED,
    PenaltyKind.CLOSURE,
    PenaltyKind.PRACTICE_RESTRICTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measures:
    """What texts call the kinds of penalties: ``words`` as the categories do, ``worded`` as patterns of heavy ones."""

    words: Mapping[str, PenaltyKind]
    worded: Mapping[PenaltyKind, str]

    def untold_in(self, text: str, told: Container[PenaltyKind]) -> str | None:
        """Return the words of a heavy measure whose kind is not told; None where there is none.

        The longest words are looked at first: of 暂扣许可证件 the end is no 许可证 by itself.
        """
        for word in sorted(self.words, key=len, reverse=True):
            if word in text and self.words[word] in _HEAVY and self.words[word] not in told:
                return word
            text = text.replace(word, "") if self.words[word] in told else text
        for kind, pattern in self.worded.items():
            text = re.sub(pattern, "", text) if kind in told else text
        found = HEAVY.search(_OF_A_BAN.sub("", text))
        return found[0] if found else None


def must_be_plain(row: Row) -> None:
    """Refuse a text that is too long or breaks off, that imposes nothing, or that speaks of another.

    Law: a fine or a ban on another is none on the party (DOMAIN §3.3, R11).

    Raises: FieldInvalid.
    """
    if len(row["content"]) > LONGEST:
        raise FieldInvalid(
            f"处罚内容超过 {LONGEST} 字，请人工录入",
            f"the decision has more than {LONGEST} signs: a person must enter it",
        )
    if _CUT_OFF.search(folded(row["content"])):
        raise FieldInvalid("处罚内容似乎不完整，请人工核对", "the decision seems to break off: a person must look")
    if _NO_PENALTY.search(folded(row["content"])):
        raise FieldInvalid(
            "处罚内容写明不予处罚或免予处罚，请人工核对",
            "the decision says that there is no penalty: a person must look",
        )
    if found := other_in(row["content"], own=(row["name"],), beside=(row["authority"],)):
        raise FieldInvalid(
            f"处罚内容还涉及他人（“{redact(found)}”），不能确定各项处罚是对谁作出的，请人工录入",
            f"the decision speaks of somebody else ({redact(found)!r}): on whom its parts are, a person must say",
        )


def ban_of(row: Row) -> Ban | None:
    """Read the ban; what speaks of a bar in other words, or of one without end that has one, leaves a doubt.

    Raises: FieldInvalid.
    """
    text = folded(row["content"])
    ban = ban_in(text)
    if ban is None:
        if _BARS.search(text) or _CUT_BAN.search(text):
            raise _doubtful_ban()
        return None
    if not any(_FORBIDS.search(clause) and _WITHOUT_END.search(clause) for clause in re.split(r"[。;]", text)):
        return ban
    if ban.months or ban.until:
        raise _doubtful_ban()
    return replace(ban, indefinite=True)


def kinds_beside(row: Row, told: Iterable[PenaltyKind], measures: Measures) -> tuple[PenaltyKind, ...]:
    """Return the kinds that the text tells and the category does not: an entry on the list, a confiscation.

    Raises: FieldInvalid where it is a heavy one in whatever words, which the text may only quote from the law.
    """
    text = folded(row["content"])
    if found := measures.untold_in(text, frozenset(told)):
        raise FieldInvalid(
            f"处罚内容写有“{found}”，处罚类别没有列出，请人工核对",
            f"the decision speaks of {found!r}, which the kind of penalty does not tell: a person must look",
        )
    listed = [PenaltyKind.BAD_CONDUCT_LISTING] if _LISTED.search(text) else []
    return (*listed, *([PenaltyKind.CONFISCATION] if "没收" in text else []))


def fine_of(row: Row, confirmed_from: Decimal) -> Decimal | None:
    """Return the fine in yuan: the field is in 万元, and must agree with the one sum that the text states.

    Sums are never added up, and one that is told twice is one only where the field says so. A field of
    ``confirmed_from`` yuan or more is none without the text: one who took it for 元 would bar an honest firm.

    Raises: FieldInvalid.
    """
    field = yuan_of_wan(row["fine"], "罚款金额")
    stated = fines_in(row["content"])
    if field and not stated and (field >= confirmed_from or not _is_in_wan(row)):
        raise FieldInvalid(
            f"处罚内容没有写明罚款金额，罚款金额一栏为 {row['fine']}，请人工核对单位",
            f"the decision states no sum, and the fine field is {row['fine']}: a person must look at its unit",
        )
    if len(set(stated)) > 1 or (field is None and len(stated) > 1):
        raise FieldInvalid(
            "处罚内容写有多项罚款，无法确定金额，请人工录入",
            "the decision states several fines: a person must enter it",
        )
    _must_agree("罚款金额", row["fine"], field, stated[0] if stated else None)
    return field or next(iter(stated), None)


def confiscated_of(row: Row) -> Decimal | None:
    """Return what was confiscated in yuan, which must agree with a single sum that the text states.

    Raises: FieldInvalid.
    """
    field, stated = yuan_of_wan(row["confiscated"], "没收金额"), confiscated_in(row["content"])
    _must_agree("没收金额", row["confiscated"], field, stated)
    return field or stated or None


def _must_agree(name: str, cell: str, field: Decimal | None, stated: Decimal | None) -> None:
    if field is not None and stated is not None and field != stated:
        raise FieldInvalid(
            f"{name}（万元）字段 {cell} 即 {field} 元，与处罚内容所写 {stated} 元不一致，请人工核对单位",
            f"the field {name} {cell} (万元) is {field} yuan, the decision says {stated}: a person must look",
        )


def _doubtful_ban() -> FieldInvalid:
    return FieldInvalid(
        "处罚内容涉及禁止或限制参加活动，但期限、范围或起止日期无法确定，请人工录入",
        "the decision speaks of a bar whose term, scope or days are not certain: a person must enter it",
    )


def _is_in_wan(row: Row) -> bool:
    """Whether the heading of the fine, or the cell, says 万元; the code CF_NR_FK is defined in it (DOMAIN §6.3)."""
    cells = {heading(head): text for head, text in row.raw.items()}
    told = next((h for h in cells if h == "CF_NR_FK" or h.startswith("罚款")), "")
    return told == "CF_NR_FK" or "万" in told + cells.get(told, "")
