"""Which sanctions of a FollowTheMoney file are debarments from procurement, and for how long.

The topic ``debarment`` marks whoever any programme excludes, of health insurance too, and it stays on an entity when a
sanction is over. So a sanction is recorded only where it states itself that it debars from procurement, is in force by
its own status, and says when it ends or that it never does. Any other is for a person to read, with its text: a foreign
sanction that is no debarment has no place among penalties (国办发〔2020〕49号). So is a decision of the mainland's own
authorities: it is told by their own lists, and an aggregator's word restricts nobody.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from credit.errors import FieldInvalid
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind
from credit.model.when import When
from importers.debarments import UNPUBLISHED
from importers.foreign import foreign_day, must_be_nobodys, word
from importers.schemes import Schemes
from importers.shapes import is_list
from importers.source import Strict

_UNDATED: Final = "来源未公布决定日期，以期间首日登记"
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_TOLD: Final = ("program", "programId", "provisions", "reason", "summary", "description")
_Json = Mapping[str, Any]


class SanctionWords(Strict):
    """How sanctions say that they debar from procurement, that they do not, that they are in force, that they last."""

    debar: tuple[str, ...]
    other: tuple[str, ...]
    datasets: frozenset[str]
    active: frozenset[str]
    endless: frozenset[str]


def sanction_of(entity: _Json, words: SanctionWords, *, schemes: Schemes, is_person: bool) -> Penalty | tuple[str, str]:
    """Return the debarment that a sanction is; else why a person must read it, in Chinese and English.

    Raises: FieldInvalid where a day or the authority of a debarment is missing or not certain.
    """
    if (doubt := _doubt(entity, words)) is not None:
        return doubt
    start = day_of(entity, "startDate")
    if start is None:
        raise FieldInvalid("制裁没有起始日期", "the sanction has no day of beginning")
    authority = one_of(entity, "authority") or one_of(entity, "publisher")
    if not authority:
        raise FieldInvalid("制裁没有写明机关", "the sanction names no authority")
    end = _end(entity, words)
    if end is not None and end < start:
        raise FieldInvalid(f"截止日期 {end} 早于起始日期 {start}", f"the end {end} lies before the start {start}")
    number = one_of(entity, "recordId")
    must_be_nobodys(number or str(entity["id"]))
    told = [] if is_person else [*all_of(entity, "summary"), *all_of(entity, "description")]
    texts = [*all_of(entity, "reason"), *all_of(entity, "program"), *all_of(entity, "provisions"), *told]
    listed = day_of(entity, "listingDate")
    ban = Ban(BanScope.PROCUREMENT, from_=When(start), until=end, indefinite=end is None)
    return Penalty(
        doc_no=number or str(entity["id"]),
        authority=Authority(name=schemes.paperless(authority)),
        decided_on=start,
        published_on=When(listed) if listed else None,
        violation=schemes.paperless("；".join([*dict.fromkeys(texts), _UNDATED if number else UNPUBLISHED])),
        category=Category.OTHER,
        kinds=(PenaltyKind.BAN,),
        legal_basis=tuple(map(schemes.paperless, all_of(entity, "provisions"))),
        ban=ban,
    )


def all_of(entity: _Json, name: str) -> list[str]:
    """Return the texts of a property."""
    values = entity["properties"].get(name)
    return [v for v in values if isinstance(v, str)] if is_list(values) else []


def first_of(entity: _Json, name: str) -> str:
    """Return the first text of a property, empty where there is none."""
    return next(iter(all_of(entity, name)), "")


def one_of(entity: _Json, name: str) -> str:
    """Return the one text of a property, empty where there is none.

    Raises: FieldInvalid of several, of which nobody can tell the right one.
    """
    told = dict.fromkeys(all_of(entity, name))
    if len(told) > 1:
        raise FieldInvalid(
            f"{name} 有不止一个值，请人工核对", f"there are several values of {name}: a person must look"
        )
    return next(iter(told), "")


def day_of(entity: _Json, name: str) -> date | None:
    """Return the day of a property; None where there is none.

    Raises: FieldInvalid of several, of less than a day, and of what is none.
    """
    return foreign_day(one_of(entity, name), name)


def _doubt(entity: _Json, words: SanctionWords) -> tuple[str, str] | None:
    """Say why a sanction is not surely a debarment in force; None where it is."""
    texts = [t for name in _TOLD for t in all_of(entity, name)]
    named = [*all_of(entity, "authority"), *all_of(entity, "publisher")]
    if any(_HAN.search(text) for text in named):
        zh = "境内机关的决定以其自己公布的名单为准，不从汇总数据登记，请人工核对"
        return zh, "a mainland authority's decision is told by its own lists: a person must look"
    datasets: object = entity.get("datasets")
    listed = bool(words.datasets & {str(d) for d in datasets}) if is_list(datasets) else False
    other = re.compile("|".join(words.other), re.IGNORECASE)
    debars = listed or any(re.search(pattern, text, re.IGNORECASE) for pattern in words.debar for text in texts)
    if not debars or any(other.search(text) for text in texts):
        zh = "制裁没有写明是政府采购的禁入（实体的 debarment 标记不足以认定），未登记，请人工核对"
        return zh, "the sanction does not state that it debars from procurement: not recorded, a person must look"
    statuses = all_of(entity, "status")
    if any(word(status) not in words.active for status in statuses):
        zh = f"制裁状态“{'、'.join(statuses)}”不是有效，可能已解除、暂停或到期，未登记，请人工核对"
        return (
            zh,
            f"the sanction's status {', '.join(statuses)!r} is not one of force: not recorded, a person must look",
        )
    return None


def _end(entity: _Json, words: SanctionWords) -> date | None:
    """Return the last day of a debarment, None of one without end.

    Raises: FieldInvalid where it says neither.
    """
    told = [t for name in ("endDate", "duration") for t in all_of(entity, name)]
    endless = [t for t in told if word(t) in words.endless]
    ends = [t for t in all_of(entity, "endDate") if word(t) not in words.endless]
    if endless and not ends:
        return None
    end = day_of(entity, "endDate")
    if end is None:
        raise FieldInvalid(
            "没有截止日期，也没有写明永久，请人工核对",
            "neither an end nor a word that there is none: a person must look",
        )
    return end
