"""监督检查处理结果公告: penalties that finance departments publish after an inspection (财办库〔2020〕50号, format 12).

One notice may speak of several projects, parties and documents; each party is taken or rejected for itself. A decision
not to punish (不予行政处罚) is no penalty, and who was accused and cleared gets no record. Notices hardly ever print a
credit code: a party that was punished and is known by name alone goes to the rejects, so does one whose name is masked,
shortened or damaged. What a sentence decides must be plain in every part: whom, what, under which number, on which day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import recognise
from credit.model.naturalkey import normal
from credit.model.party import Role
from credit.model.record import Authority, Category, Penalty, Source
from credit.model.statements import UNSET, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.cells import folded
from importers.company_register import kind_of
from importers.damaged_text import Repaired, is_damaged, repaired
from importers.decisions import citations_in
from importers.double_publicity import PenaltySpec
from importers.notice_dates import day
from importers.notice_text import credit_code, is_name, lines_of
from importers.sanctions import sanction_of
from importers.source import Importer, Rejected, Row, SourceSpec, Strict, describe
from importers.supervision_decisions import (
    Decision,
    decided_on,
    decisions_in,
    grounds_of,
    must_be_plain,
    number_of,
    violation_of,
)
from importers.supervision_notice import Accused, Notice, notice_of

_HEAD: Final = 40
_TITLE: Final = re.compile(r"监督检查|处理处罚|行政处罚|检查处理")


class Beside(Strict):
    """Labels that stand beside a party's name and are left out."""

    labels: frozenset[str]


class SupervisionSpec(SourceSpec):
    """The TOML of this source: with the words for roles, and what is left out beside a name."""

    roles: dict[str, Role]
    beside: Beside


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: SupervisionSpec
    conduct: tuple[tuple[Category, re.Pattern[str]], ...]

    def one(self, row: Row, source: Source) -> LoadRow:
        """Read a notice that is about one party at most; see `all`."""
        (part, *_) = self.all(row, source)
        if isinstance(part, Rejected):
            raise FieldInvalid(part.zh, part.en)
        return part

    def all(self, row: Row, source: Source) -> Sequence[LoadRow | Rejected]:
        """Read a notice: what it says of each party that something was decided on; an empty row where nothing was."""
        text = repaired(row["text"])
        notice = self._notice(row, text)
        decisions = decisions_in(notice)
        struck = [a for a in notice.accused if any(a in d.parties for d in decisions)]
        parts = [self._part(row, source, notice, accused, decisions) for accused in struck]
        return parts or [LoadRow(row=row.number)]

    def _notice(self, row: Row, text: Repaired) -> Notice:
        lines = lines_of(text.text)
        if not lines:
            raise FieldInvalid("公告没有正文", "the notice has no text")
        if row["broken"]:
            raise FieldInvalid("页面不完整，不从中读取", "the page is cut off: nothing is read from it")
        title = repaired(row["title"]).text
        if not _TITLE.search(title) and not any(_TITLE.search(line) for line in lines[:_HEAD]):
            raise FieldInvalid("不是监督检查处理结果公告", "no notice on the result of an inspection")
        return notice_of(lines, self.spec.roles, self.spec.beside.labels)

    def _part(
        self, row: Row, source: Source, notice: Notice, accused: Accused, decisions: Sequence[Decision]
    ) -> LoadRow | Rejected:
        own = [d for d in decisions if accused in d.parties]
        raw = {**row.raw, "当事人": accused.name, "决定": "\n".join(d.sentence for d in own)}
        try:
            party = _party(accused)
            published = day(row["date"], "发布时间") if row["date"] else None
            penalties = self._penalties(notice, accused, own, published)
        except Malformed as error:
            return Rejected(row.number, raw, error.zh, error.en)
        records = tuple(RecordStatement(party=party.id or "", content=p, source=source) for p in penalties)
        return LoadRow(row=row.number, parties=(party,), records=records)

    def _penalties(
        self, notice: Notice, accused: Accused, decisions: Sequence[Decision], published: date | None
    ) -> list[Penalty]:
        """One penalty for each document; sentences under one number belong together."""
        by_number: dict[str, list[Decision]] = {}
        numbers: dict[str, str] = {}
        for decision in decisions:
            must_be_plain(decision)
            number = number_of(decision.sentence, notice)
            numbers[normal(number)] = number
            by_number.setdefault(normal(number), []).append(decision)
        violation = violation_of(notice, accused)
        return [
            self._penalty(notice, told, numbers[key], violation, published=published) for key, told in by_number.items()
        ]

    def _penalty(
        self, notice: Notice, told: Sequence[Decision], number: str, violation: str, *, published: date | None
    ) -> Penalty:
        sanction = sanction_of("；".join(d.text for d in told))
        return Penalty(
            doc_no=number,
            authority=Authority(name=notice.authority),
            decided_on=decided_on(told, number, notice),
            violation=violation,
            category=self._category(violation),
            kinds=sanction.kinds,
            published_on=When(published) if published else None,
            fine=sanction.fine,
            confiscated=sanction.confiscated,
            legal_basis=citations_in(grounds_of(told)),
            ban=sanction.ban,
        )

    def _category(self, text: str) -> Category:
        plain = folded(text)
        return next((category for category, words in self.conduct if words.search(plain)), Category.OTHER)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("supervision_results", SupervisionSpec)
    conduct = describe("double_publicity", PenaltySpec).conduct
    words = tuple((row.category, re.compile("|".join(map(re.escape, row.words)))) for row in conduct)
    reader = _Reader(spec, words)
    return Importer(spec, reader.one, reader.all)


def _party(accused: Accused) -> PartyStatement:
    """Name a party by the code beside its name.

    Raises: FieldInvalid where there is none, or the name is masked, shortened or damaged.
    """
    if not is_name(accused.name) or is_damaged(accused.name):
        raise FieldInvalid(
            f"当事人名称“{accused.name}”有掩码、不完整或有损坏，不与任何主体匹配，请人工核对",
            f"the name {accused.name!r} is masked, cut or damaged: it is matched to nobody, a person must look",
        )
    if not accused.code:
        raise FieldInvalid(
            f"当事人“{accused.name}”只有名称，没有统一社会信用代码；仅凭名称不能确定身份，请人工核对候选主体",
            f"the party {accused.name!r} has a name alone, which is no identification: a person must choose",
        )
    code = credit_code(accused.code)
    if code is None:
        raise FieldInvalid(f"当事人“{accused.name}”的代码“{accused.code}”有误", f"the code {accused.code!r} is wrong")
    roles = (accused.role,) if accused.role else UNSET
    return PartyStatement(id=code, kind=kind_of(recognise(code)), name=accused.name, roles=roles, only_if_new=True)
