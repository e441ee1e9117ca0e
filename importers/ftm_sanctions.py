"""Which sanctions of a FollowTheMoney file are debarments from procurement, and for how long.

The topic ``debarment`` marks whoever any programme excludes, of health insurance too, and it stays on an entity when a
sanction is over. So a sanction is recorded only where it states itself that it debars from procurement, is in force by
its own status, and says when it ends or that it never does. Any other is for a person to read, with its text: a foreign
sanction that is no debarment has no place among penalties (国办发〔2020〕49号). So is a decision of the mainland's own
authorities, in Chinese or in English: it is told by their own lists, and an aggregator's word restricts nobody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from credit.errors import FieldInvalid
from credit.model.party import PartyKind
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind
from credit.model.statements import PartyStatement
from credit.model.when import When
from importers.debarment_words import Words
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
    """How sanctions say that they debar from procurement, that they do not, that they are in force, whose they are."""

    debar: tuple[str, ...]
    other: tuple[str, ...]
    datasets: frozenset[str]
    active: frozenset[str]
    mainland: tuple[str, ...]
    country: str

    def is_over(self, status: str) -> bool:
        """Whether a status is not one of force: whatever is not known to be is taken for over."""
        return word(status) not in self.active


@dataclass(frozen=True, slots=True)
class SanctionReader:
    """What sanctions are read with: their words, those that all sources of debarments share, schemes of numbers."""

    words: SanctionWords
    shared: Words
    schemes: Schemes

    def read(self, entity: _Json, party: PartyStatement) -> Penalty | tuple[str, str]:
        """Return the debarment that a sanction of a party is; else why a person must read it, in Chinese and English.

        Raises: FieldInvalid where a day or the authority of a debarment is missing or not certain.
        """
        doubt = self._doubt(entity, party)
        return doubt if doubt is not None else self._penalty(entity, is_person=party.id is None)

    def _penalty(self, entity: _Json, *, is_person: bool) -> Penalty:
        start, end = self._period(entity)
        authority = one_of(entity, "authority") or one_of(entity, "publisher")
        if not authority:
            raise FieldInvalid("制裁没有写明机关", "the sanction names no authority")
        number = one_of(entity, "recordId")
        must_be_nobodys(number or str(entity["id"]))
        listed = day_of(entity, "listingDate")
        return Penalty(
            doc_no=number or str(entity["id"]),
            authority=Authority(name=self.schemes.paperless(authority)),
            decided_on=start,
            published_on=When(listed) if listed else None,
            violation=self._violation(entity, _UNDATED if number else UNPUBLISHED, is_person=is_person),
            category=Category.OTHER,
            kinds=(PenaltyKind.BAN,),
            legal_basis=tuple(map(self.schemes.paperless, all_of(entity, "provisions"))),
            ban=Ban(BanScope.PROCUREMENT, from_=When(start), until=end, indefinite=end is None),
        )

    def _violation(self, entity: _Json, unpublished: str, *, is_person: bool) -> str:
        """Join what is told of the grounds; a person's summary is left out."""
        names = ("reason", "program", "provisions", *(() if is_person else ("summary", "description")))
        texts = [text for name in names for text in all_of(entity, name)]
        return self.schemes.paperless("；".join([*dict.fromkeys(texts), unpublished]))

    def _period(self, entity: _Json) -> tuple[date, date | None]:
        """Return the first and the last day of a debarment, None for the last of one without end.

        Raises: FieldInvalid where it says neither.
        """
        start = day_of(entity, "startDate")
        if start is None:
            raise FieldInvalid("制裁没有起始日期", "the sanction has no day of beginning")
        told = [text for name in ("endDate", "duration") for text in all_of(entity, name)]
        ends = [text for text in all_of(entity, "endDate") if not self.shared.is_endless(text)]
        if not ends and any(map(self.shared.is_endless, told)):
            return start, None
        end = day_of(entity, "endDate")
        if end is None:
            raise FieldInvalid(
                "没有截止日期，也没有写明永久，请人工核对",
                "neither an end nor a word that there is none: a person must look",
            )
        if end < start:
            raise FieldInvalid(f"截止日期 {end} 早于起始日期 {start}", f"the end {end} lies before the start {start}")
        return start, end

    def _doubt(self, entity: _Json, party: PartyStatement) -> tuple[str, str] | None:
        """Say why a sanction is not surely a debarment in force; None where it is."""
        if self._is_of_the_mainland(entity, party):
            zh = "境内机关的决定以其自己公布的名单为准，不从汇总数据登记，请人工核对"
            return zh, "a mainland authority's decision is told by its own lists: a person must look"
        if not self._debars(entity):
            zh = "制裁没有写明是政府采购的禁入（实体的 debarment 标记不足以认定），未登记，请人工核对"
            return zh, "the sanction does not state that it debars from procurement: not recorded, a person must look"
        statuses = all_of(entity, "status")
        if any(map(self.words.is_over, statuses)):
            zh, told = "、".join(statuses), ", ".join(statuses)
            return (
                f"制裁状态“{zh}”不是有效，可能已解除、暂停或到期，未登记，请人工核对",
                f"the sanction's status {told!r} is not one of force: not recorded, a person must look",
            )
        return None

    def _is_of_the_mainland(self, entity: _Json, party: PartyStatement) -> bool:
        """Whether the mainland decided: by its authority's name, or country where the party is at home there."""
        named = [*all_of(entity, "authority"), *all_of(entity, "publisher")]
        words = re.compile(rf"\b(?:{'|'.join(self.words.mainland)})\b", re.IGNORECASE)
        if any(_HAN.search(text) or words.search(text) for text in named):
            return True
        at_home = party.kind in {PartyKind.ORGANISATION, PartyKind.INDIVIDUAL_BUSINESS}
        return at_home and self.words.country in {word(country) for country in all_of(entity, "country")}

    def _debars(self, entity: _Json) -> bool:
        texts = [text for name in _TOLD for text in all_of(entity, name)]
        datasets: object = entity.get("datasets")
        listed = bool(self.words.datasets & {str(d) for d in datasets}) if is_list(datasets) else False
        other = re.compile("|".join(self.words.other), re.IGNORECASE)
        debars = listed or any(re.search(p, text, re.IGNORECASE) for p in self.words.debar for text in texts)
        return debars and not any(other.search(text) for text in texts)


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
