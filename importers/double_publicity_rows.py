"""A penalty of ours as the cells of a 双公示 row of 2018, in words that the importer reads for certain."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Final, Self

from credit.identifiers import IdKind, parse, redact
from credit.model.party import Party, PartyKind
from credit.model.record import Ban, BanScope, EventKind, Penalty, PenaltyKind
from importers.cells import clean
from importers.source import Strict

_LAW: Final = re.compile(r"(?P<title>[^《》]+) (?P<article>\d+)(?:之(?P<of>\d+))?(?:¶(?P<paragraph>\d+))?")
_WAN: Final = Decimal(10_000)
_CODE_FIELDS: Final = {
    IdKind.CREDIT_CODE: "credit_code",
    IdKind.ORGANISATION_CODE: "organisation_code",
    IdKind.REGISTRATION_NUMBER: "registration_number",
}
# The sums and the ban come last, each in a form of its own.
_LATER: Final = frozenset({
    PenaltyKind.FINE,
    PenaltyKind.CONFISCATION,
    PenaltyKind.BAN,
    PenaltyKind.BAD_CONDUCT_LISTING,
})  # fmt: skip


class ExportSpec(Strict):
    """The TOML of the export: columns as (heading, field), and words.

    ``kinds``: value of 处罚类别, and how the decision says it. ``reasons``: Chinese and English.
    """

    columns: tuple[tuple[str, str], ...]
    parties: Mapping[PartyKind, str]
    kinds: Mapping[PenaltyKind, tuple[str, str]]
    bans: Mapping[BanScope, str]
    standing: Mapping[EventKind, str]
    reasons: Mapping[str, tuple[str, str]]

    @classmethod
    def load(cls) -> Self:
        """Read the file that comes with the package."""
        text = files("importers").joinpath("export_double_publicity.toml").read_text(encoding="utf-8")
        return cls.model_validate(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class PenaltyCells:
    """Makes the cells of a penalty, by field."""

    spec: ExportSpec

    def of(self, penalty: Penalty, party: Party) -> Mapping[str, str]:
        """Return the cells; numbers of persons are masked, line breaks and unseen signs taken away."""
        authority = penalty.authority
        cells = {
            "name": redact(party.name),
            "kind": self.spec.parties.get(party.kind, ""),
            **_number(party),
            "doc_no": penalty.doc_no,
            "violation": redact(penalty.violation),
            "basis": redact("、".join(map(_law, penalty.legal_basis))),
            "category": ";".join(self.spec.kinds[kind][0] for kind in kinds_of(penalty)),
            "content": self._content(penalty),
            "fine": _wan(penalty.fine),
            "confiscated": _wan(penalty.confiscated),
            "decided_on": _slashed(penalty.decided_on),
            "until": _slashed(penalty.ban.until) if penalty.ban and penalty.ban.until else "",
            "authority": authority.name,
            "authority_code": authority.id if authority.id and ":" not in authority.id else "",
        }
        return {field: _seen(text) for field, text in cells.items()}

    def _content(self, penalty: Penalty) -> str:
        kinds = kinds_of(penalty)
        parts = [self.spec.kinds[kind][1] for kind in kinds if kind not in _LATER]
        sums = ((PenaltyKind.FINE, penalty.fine), (PenaltyKind.CONFISCATION, penalty.confiscated))
        parts += [self._sum(kind, amount) for kind, amount in sums if kind in kinds]
        if PenaltyKind.BAD_CONDUCT_LISTING in kinds:
            parts.append(self.spec.kinds[PenaltyKind.BAD_CONDUCT_LISTING][1])
        return "；".join([*parts, *([self._ban(penalty.ban)] if penalty.ban else [])])

    def _sum(self, kind: PenaltyKind, amount: Decimal | None) -> str:
        word = self.spec.kinds[kind][1]
        return f"{word}人民币{amount:f}元" if amount else word

    def _ban(self, ban: Ban) -> str:
        """Write a ban as decisions do; a place that it is bound to is left out: with it, it is not read back."""
        term = f"{ban.months}个月内" if ban.months else "永久" if ban.indefinite else ""
        start = f"，自{_day(ban.from_.day)}起" if ban.from_ else ""
        end = f"{'' if start else '，'}至{_day(ban.until)}止" if ban.until else ""
        return f"{term}禁止{self.spec.bans.get(ban.scope, '')}{start}{end}"


def kinds_of(penalty: Penalty) -> tuple[PenaltyKind, ...]:
    """Return the kinds stated, and those that the sums and the ban tell; other where there would be none."""
    told = [
        *penalty.kinds,
        *([PenaltyKind.FINE] if penalty.fine else []),
        *([PenaltyKind.CONFISCATION] if penalty.confiscated else []),
        *([PenaltyKind.BAN] if penalty.ban else []),
    ]
    return tuple(dict.fromkeys(told)) or (PenaltyKind.OTHER,)


def _number(party: Party) -> Mapping[str, str]:
    """Give the party's number its column; of a person the mask that is held."""
    if party.kind is PartyKind.PERSON:
        return {"document_kind": "身份证", "identity_number": party.identity_masked or ""}
    identifier = parse(party.id)
    column = _CODE_FIELDS.get(identifier.kind)
    return {column: identifier.value} if column else {}


def _law(cited: str) -> str:
    """Write a citation as laws are cited; other text stays as it is.

    >>> _law("中华人民共和国政府采购法 77¶1"), _law("采购法")
    ('《中华人民共和国政府采购法》第77条第1款', '采购法')
    """
    found = _LAW.fullmatch(cited)
    if found is None:
        return cited
    of = f"之{found['of']}" if found["of"] else ""
    paragraph = f"第{found['paragraph']}款" if found["paragraph"] else ""
    return f"《{found['title']}》第{found['article']}条{of}{paragraph}"


def _wan(amount: Decimal | None) -> str:
    """Write yuan as 万元 with six decimals.

    >>> _wan(Decimal("2000.00")), _wan(None)
    ('0.200000', '')
    """
    return f"{amount / _WAN:.6f}" if amount else ""


def _slashed(day: date) -> str:
    return day.isoformat().replace("-", "/")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _seen(text: str) -> str:
    """Leave out what a cell does not keep: line breaks, signs that are not seen."""
    return "".join(sign for sign in clean(text) if sign.isprintable())
