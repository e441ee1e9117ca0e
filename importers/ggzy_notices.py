"""Notices of public-resource trading (ggzy): projects from tender notices, winning and other bids from results.

Most notices print names alone, and a name is no identification: such a notice is kept aside with its text, naming whose
code is missing. What is written rests on credit codes that stand beside the names: a project with its purchaser,
agency, deadline and lots; a bid with its members, lot, price and result, on a project that is registered. A notice is
taken as a whole or not at all. One that was cut off, has damaged passages, or says two things of one matter is for a
person.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from credit.errors import FieldInvalid
from credit.model.project import Domain
from credit.model.record import Source
from credit.model.statements import LoadRow, ProjectStatement
from credit.regions import Regions
from importers.cells import folded
from importers.damaged_text import repaired
from importers.notice_awards import awards_in, bids_of, names_others
from importers.notice_dates import day
from importers.notice_tenders import agency_of, deadline_of, lots_of, name_of, number_of, purchaser_of
from importers.notice_text import lines_of
from importers.places import Places
from importers.source import Importer, Row, SourceSpec, Strict, describe

_METHOD: Final = re.compile(r"\s*[(（]采购方式[:：][^()（）]*[)）]$")
_NAMED_ONLY: Final = (
    (
        "公告还列有其他供应商，只有名称，没有统一社会信用代码，未登记其投标，请人工核对候选主体",
        "other bidders are listed by name alone: their bids were not recorded, a person must choose among candidates",
    ),
)
_UNSETTLED: Final = re.compile(r"更正|澄清|答疑|变更|暂停|延期|补遗|资格预审|意向|候选人|作废|撤销")


class NoticeKind(StrEnum):
    """What a notice is about."""

    TENDER = "tender"
    RESULT = "result"
    CONTRACT = "contract"
    CHANGE = "change"
    OPENING = "opening"


class TitleWords(Strict):
    """Words of a title that tell what a notice is."""

    words: tuple[str, ...]
    kind: NoticeKind


class NoticeSpec(SourceSpec):
    """The TOML of ggzy: with the words for kinds of notices and trades, and for where a whole notice ends."""

    ends: tuple[str, ...]
    result_ends: tuple[str, ...]
    kinds: dict[str, NoticeKind]
    titles: tuple[TitleWords, ...]
    domains: dict[str, Domain]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: NoticeSpec
    places: Places

    def __call__(self, row: Row, source: Source) -> LoadRow:  # noqa: ARG002 - projects and bids carry no source
        """Read a notice by what it is about."""
        kind = self._kind(row)
        if kind is NoticeKind.TENDER:
            return self._tender(row, self._lines(row, self.spec.ends))
        if kind is NoticeKind.RESULT:
            return self._result(row, self._lines(row, self.spec.result_ends))
        what = {NoticeKind.CONTRACT: "合同", NoticeKind.CHANGE: "更正或澄清"}.get(kind, "开标记录")
        raise FieldInvalid(
            f"这是{what}公告，不自动改动已登记的项目和投标，请人工核对",
            f"a notice of a {kind}: it changes no project or bid by machine, a person must look",
        )

    def _kind(self, row: Row) -> NoticeKind:
        kind = self.spec.kinds.get(folded(row["info"]))
        if not row["info"]:
            kind = next((t.kind for t in self.spec.titles if any(w in row["title"] for w in t.words)), None)
        if kind is None:
            raise FieldInvalid(
                f"公告类型“{row['info'] or row['title']}”无法识别",
                f"the kind of notice {row['info'] or row['title']!r} is not known",
            )
        if kind in {NoticeKind.TENDER, NoticeKind.RESULT} and (found := _UNSETTLED.search(row["title"])):
            raise FieldInvalid(
                f"标题含“{found[0]}”，内容不是定论，请人工核对",
                f"the title says {found[0]!r}: nothing final, a person must look",
            )
        return kind

    def _lines(self, row: Row, ends: tuple[str, ...]) -> list[str]:
        """The lines of a whole and undamaged text, which does not stop before one of the ``ends``."""
        text = repaired(row["text"])
        lines = lines_of(text.text)
        if not lines:
            raise FieldInvalid("公告没有正文", "the notice has no text")
        if text.damaged:
            raise FieldInvalid(
                f"正文有损坏的段落，不从中读取：{text.damaged[0]}",
                f"a passage is damaged and not read: {text.damaged[0]}",
            )
        ended = any(end in folded(line) for line in lines[:-1] for end in ends)
        if row["broken"] or not ended:
            raise FieldInvalid(
                "公告不完整（没有读到结尾部分），不从中读取", "the notice is cut off: nothing is read from it"
            )
        return lines

    def _tender(self, row: Row, lines: list[str]) -> LoadRow:
        published = day(row["date"], "发布时间")
        deadline = deadline_of(lines)
        if deadline.date() < published:
            raise FieldInvalid("截止时间早于公告发布", "the deadline is before the notice")
        purchaser = purchaser_of(lines, row["purchaser"])
        agency = agency_of(lines, row["agency"])
        project = ProjectStatement(
            project_no=number_of(lines),
            name=name_of(lines),
            domain=self._domain(row),
            region=self._region(row),
            purchaser=purchaser.id or "",
            agency=agency.id if agency else None,
            notice_on=published,
            deadline=deadline,
            lots=lots_of(lines),
        )
        return LoadRow(row=row.number, parties=(purchaser, *filter(None, [agency])), projects=(project,))

    def _result(self, row: Row, lines: list[str]) -> LoadRow:
        """Read the bids of a result; a tender that failed has no winner, and there is nothing to write."""
        awards = awards_in(lines, row["title"])
        if not awards:
            return LoadRow(row=row.number)
        name = _METHOD.sub("", name_of(lines))
        parties, bids = bids_of(awards, number_of(lines), name)
        doubts = _NAMED_ONLY if names_others(lines) else ()
        return LoadRow(row=row.number, parties=parties, bids=bids, doubts=doubts)

    def _domain(self, row: Row) -> Domain:
        domain = self.spec.domains.get(folded(row["business"]))
        if domain is None:
            raise FieldInvalid(f"业务类型“{row['business']}”无法识别", f"the trade {row['business']!r} is not known")
        return domain

    def _region(self, row: Row) -> str | None:
        given = folded(row["region"])
        found = next(filter(None, (self.places.code_of(given + tail) for tail in ("", "市", "省"))), None)
        if given and found is None:
            raise FieldInvalid(f"地区“{row['region']}”无法识别", f"region {row['region']!r} is not recognised")
        return found


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("ggzy_notices", NoticeSpec)
    return Importer(spec, _Reader(spec, Places.of(Regions.load())))
