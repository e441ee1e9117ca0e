"""The report without a registry: its pictures, its words, what a spreadsheet is given, what a template may not do."""

import base64
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from openpyxl import load_workbook

from credit.errors import CatalogueInvalid, TooLarge
from credit.model.complaint import ComplaintOutcome
from credit.model.matters import ProposalKind
from credit.model.party import PartyId
from credit.model.verdict import Reason
from credit.oversight.deadlines import DeadlineState
from credit.registry.complaints import RULES
from credit.reports import html, pictures, words, workbook
from credit.reports.acts import Named
from credit.reports.law import Law
from credit.reports.model import Gap, Head, Ledger, LinkRow, Month, Network, Report, Standings
from credit.reports.reading import MOST, must_fit
from credit.reports.sections import sections
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods

NOW: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)
HEAD: Final = Head(
    region="510000", region_name="四川省", first=date(2026, 1, 1), last=date(2026, 3, 31), as_of=date(2026, 3, 31),
    made_at=NOW, rules="1", digest="sha256:0", thresholds="1", periods="1",
)  # fmt: skip
LEDGER: Final = Ledger(
    letters=(), clocks=(), clock_counts={}, unknown_clocks={}, months=(Month("2026-01", 3, 2, 1), Month("2026-02")),
    mix=((ComplaintOutcome.PENDING, 2), (ComplaintOutcome.REJECTED_UNFOUNDED, 1)), item_mix=(), districts=(),
    unplaced=0,
)  # fmt: skip
REPORT: Final = Report(
    head=HEAD, ledger=LEDGER, standings=Standings(0, (), ()), network=Network((), ()), proposals=(),
    publishers=(), orders=(),
    orders_issued=0, cases=(), cases_held=0, rungs=(), gaps=(Gap(None, Reason("不知道", "unknown")),),
)  # fmt: skip


def party(number: int, name: str = "") -> Named:
    return Named(PartyId(f"P{number:03}"), name or f"青澜{number}公司")


def linked(*pairs: tuple[int, int]) -> tuple[LinkRow, ...]:
    return tuple(LinkRow("phone", (party(one), party(other)), ("x",)) for one, other in pairs)


# ── pictures ──


def test_words_of_a_picture_stay_words() -> None:
    drawn = pictures.outcomes(LEDGER.mix)
    told = "".join(ET.fromstring(drawn).itertext())  # noqa: S314  # our own
    assert "驳回（缺乏事实依据） rejected, unfounded" in told
    assert "Noto Sans CJK SC" in drawn


def test_the_same_picture_is_the_same_bytes() -> None:
    links = linked((1, 2), (2, 3), (3, 4), (4, 1), (5, 6))
    assert pictures.network(links) == pictures.network(links)
    assert pictures.trend(LEDGER.months) == pictures.trend(LEDGER.months)


def test_a_name_with_dollar_signs_and_angles_is_a_name() -> None:
    drawn = pictures.network((LinkRow("x<y", (party(1, r"$\frac{甲}$<b>&"), party(2)), ()),))
    told = [text for text in ET.fromstring(drawn).itertext() if text.strip()]  # noqa: S314
    assert r"$\frac{甲}$<b>&" in told


def test_of_a_large_network_whole_groups_are_drawn_and_the_largest_is_cut() -> None:
    star = linked(*((0, other) for other in range(1, 200)))
    drawn = pictures.network(star)
    assert len(re.findall(r"青澜\d+公司", drawn)) == pictures.MOST_DRAWN
    many = linked(*((n, n + 1) for n in range(0, 200, 2)))
    assert len(re.findall(r"青澜\d+公司", pictures.network(many))) == pictures.MOST_DRAWN


def test_what_three_have_in_common_ties_each_of_them_and_none_to_another() -> None:
    graph = pictures.graph_of([LinkRow("phone", (party(1), party(2), party(3)), ())])
    assert (len(graph.nodes), len(graph.edges)) == (4, 3)
    assert not graph.has_edge("P001", "P002")
    assert "同一电话" in pictures.network([LinkRow("phone", (party(1), party(2), party(3)), ())])


def test_two_links_of_one_pair_are_both_told() -> None:
    drawn = pictures.network((*linked((1, 2)), LinkRow("address", (party(1), party(2)), ())))
    assert "同一电话" in drawn
    assert "同一地址" in drawn


def test_many_years_have_few_marks() -> None:
    months = tuple(Month(f"{2000 + n // 12}-{n % 12 + 1:02}", 1) for n in range(240))
    assert len(re.findall(r">20\d\d-\d\d<", pictures.trend(months))) <= pictures.MOST_TICKS


def test_nothing_is_drawn_of_nothing() -> None:
    empty = replace(REPORT, ledger=replace(LEDGER, mix=()))
    assert dict(pictures.pictures(empty)) == {}


# ── the page ──


def test_pictures_lie_in_the_page_itself() -> None:
    links = replace(REPORT, network=Network((), linked((1, 2))))
    page = html.render(links).decode()
    found = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert len(found) == 2
    assert all(b"<svg" in base64.b64decode(picture) for picture, _ in found)


def test_whatever_stands_in_a_cell_is_escaped() -> None:
    evil = "\"'><img src=x onerror=alert(1)>"
    page = html.render(replace(REPORT, gaps=(Gap(1, Reason(evil, evil)),))).decode()
    assert "<img src=x" not in page
    assert "onerror=alert(1)&gt;" in page


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    with pytest.raises(UndefinedError):
        html.templates().from_string("{{ nobody.said }}").render()


def test_the_made_time_alone_makes_a_difference() -> None:
    later = replace(REPORT, head=replace(HEAD, made_at=datetime(2026, 11, 23, 4, tzinfo=UTC)))
    one, other = html.render(REPORT).decode(), html.render(later).decode()
    assert one.replace("2026-11-22 12:00:00", "") == other.replace("2026-11-23 12:00:00", "")


# ── the workbook ──


@given(st.text(max_size=60))
def test_no_text_begins_a_formula_nor_breaks_a_sheet(text: str) -> None:
    held = workbook.text_of(text)
    assert not held.lstrip(" \n").startswith(workbook.FORMULA)
    plain = workbook.ILLEGAL_CHARACTERS_RE.sub("", text)
    assert held in {plain, f"'{plain}"}


def test_a_workbook_is_the_same_bytes_whenever_it_is_written() -> None:
    assert workbook.render(REPORT) == workbook.render(REPORT)
    made: Any = load_workbook(BytesIO(workbook.render(REPORT))).properties
    assert (made.created, made.modified) == (datetime(2026, 11, 22, 12), datetime(2026, 11, 22, 12))  # noqa: DTZ001


def test_a_column_is_as_wide_as_its_text_but_not_without_end() -> None:
    report = replace(REPORT, gaps=(Gap(None, Reason("长" * 500, "x")),))
    sheet: Any = load_workbook(BytesIO(workbook.render(report))).worksheets[-1]
    assert sheet.column_dimensions["B"].width == workbook.WIDEST
    assert sheet.column_dimensions["A"].width == workbook.NARROWEST


# ── words and law ──


def test_what_nobody_would_read_is_refused_and_not_cut() -> None:
    must_fit(MOST)
    with pytest.raises(TooLarge, match="缩小"):
        must_fit(MOST + 1)


def test_every_section_has_one_heading_a_cell() -> None:
    for section in sections(REPORT):
        assert section.facts
        assert all(len(row) == len(section.columns) for row in section.rows)


TABLES: Final[dict[str, dict[Any, Reason]]] = {
    name: held for name, held in vars(words).items() if name.isupper() and isinstance(held, dict)
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_has_words_in_both_languages(name: str) -> None:
    table = TABLES[name]
    assert all(told.zh and told.en.isascii() for told in table.values())
    kinds = {type(key) for key in table if isinstance(key, StrEnum)}
    members = {member for kind in kinds for member in kind}
    assert members <= set(table) or (name == "PUBLISHED" and members - set(table) == {DeadlineState.OPEN})


@pytest.fixture(scope="module")
def periods() -> Periods:
    return Periods.load(Catalogue.load())


def test_the_law_of_every_proposal_is_quoted_and_what_is_remembered_is_marked(periods: Periods) -> None:
    law = Law.load(periods)
    assert {RULES[kind] for kind in ProposalKind} == set(law.rules)
    assert all(passage.cited(periods) for passage in (*law.rules.values(), *law.rights.values()))
    assert all(right.remembered for right in law.rights.values())


def test_a_law_that_nobody_declared_stops_it(periods: Periods) -> None:
    with pytest.raises(CatalogueInvalid, match="MOF94-37-1"):
        Law.of({"version": "1", "rules": {}, "rights": {}}, periods)
    with pytest.raises(CatalogueInvalid):
        Law.of({"version": "1", "rules": {}, "rights": {}, "more": 1}, periods)
