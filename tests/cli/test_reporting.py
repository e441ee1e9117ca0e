"""`credit report`: what stands in it, for whom, and that the same question gives the same bytes."""

import asyncio
import re
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import Workbook, load_workbook

from credit.model.caller import Access
from credit.settings import Settings
from credit.wiring import open_services
from tests.cli.bureau import EVIL, NAMES, OTHER, PERSON, SERIAL, SHELL, Bureau

PERIOD: Final = ("--from", "2026-01-01", "--to", "2026-12-31", "--made-at", "2026-11-22T12:00:00+08:00")
SHEETS: Final = (
    "coverage", "trend", "outcomes", "ledger", "clock-counts", "clocks", "triggers", "watch", "proposals", "clusters",
    "links",
    "publishers", "publications", "corrections", "cases", "attentions", "unknown",
)  # fmt: skip


def made(ledger: Bureau, out: Path, *words: str, region: str = "510000") -> bytes:
    shown = ledger.run("report", "--region", region, *PERIOD, "--out", str(out), *words)
    assert shown.exit_code == 0, shown.stderr
    return out.read_bytes()


@pytest.fixture(scope="module")
def page(ledger: Bureau, tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(ledger, tmp_path_factory.mktemp("page") / "r.html").decode()


@pytest.fixture(scope="module")
def book(ledger: Bureau, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    out = tmp_path_factory.mktemp("book") / "r.xlsx"
    made(ledger, out)
    return load_workbook(out)


def rows(book: Workbook, section: str) -> list[tuple[Any, ...]]:
    sheet = next(sheet for sheet in book.worksheets if sheet.title.endswith(f" {section}"))
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


def test_every_section_has_its_sheet(book: Workbook) -> None:
    assert [sheet.title.split(" ")[-1] for sheet in book.worksheets] == ["summary", *SHEETS]


def test_the_ledger_has_what_was_filed_and_what_was_still_open(book: Workbook) -> None:
    numbers = [row[0] for row in rows(book, "ledger")]
    assert len(numbers) == 11
    assert "旧2号" in numbers
    assert not {"旧1号", "投1号", "别处1号"}.intersection(numbers)


def test_a_letter_told_by_two_sources_is_there_once(book: Workbook) -> None:
    (letter,) = [row for row in rows(book, "ledger") if row[0] == "投0号"]
    assert "2 处来源" in letter[8]


def test_months_count_filings_decisions_and_what_had_no_basis(book: Workbook) -> None:
    months = {row[0]: row[1:] for row in rows(book, "trend")}
    assert months["2026-02"] == (2, 0, 0)
    assert months["2026-07"] == (1, 2, 1)
    assert list(months)[-1] == "2026-11"


def test_districts_that_never_reported_come_first_and_are_named_as_unknown(book: Workbook) -> None:
    districts = rows(book, "coverage")
    assert districts[0][3] == 0
    assert ("512000", "资阳市", 8, 10) in districts
    (gap,) = [row for row in rows(book, "unknown") if "下级区划" in str(row[1])]
    assert (gap[0], "绵阳市" in gap[1], "资阳市" in gap[1]) == (19, True, False)


def test_the_statutory_count_is_nationwide_and_of_one_complainant(book: Workbook) -> None:
    (row,) = rows(book, "triggers")
    assert SERIAL in row[0]
    assert row[5:9] == (3, 3, "投0号（计入）；投1号（计入）；投2号（计入）", "山东省 1；四川省 2")
    assert not any(other in str(row) for other in (SHELL, OTHER))


def test_links_stand_beside_the_count_with_what_they_rest_on(book: Workbook) -> None:
    told = {row[0]: row for row in rows(book, "links")}
    phone = told["同一电话 same telephone"]
    assert SERIAL in phone[1]
    assert SHELL in phone[1]
    assert OTHER in told["同一单位负责人 same unit leader"][1]
    assert all(row[2] for row in told.values())


def test_a_group_has_the_number_of_each_and_none_of_all(book: Workbook) -> None:
    (group,) = rows(book, "clusters")
    told = group[0].split("\n")
    assert set(told[::2]) == {NAMES[SERIAL], NAMES[SHELL], NAMES[OTHER], "张***"}
    assert {line.split(" ")[-1] for line in told[1::2]} == {"3", "1"}
    assert {SERIAL, SHELL, OTHER} < {line.split(" ")[0] for line in told[1::2]}


def test_clocks_orders_cases_and_publications_are_there_with_their_days(book: Workbook) -> None:
    (order,) = rows(book, "corrections")
    assert (order[0], order[5], order[8]) == ("资财采改〔2026〕2号", "逾期 overdue", "资财采改〔2026〕1号")
    (case,) = rows(book, "cases")
    assert (case[0], case[6], str(case[8].date())) == ("资财采查〔2026〕1号", "资阳市公安局", "2026-06-05")
    (late,) = rows(book, "publications")
    assert (late[1], late[6]) == ("资财采罚〔2026〕1号", 7)
    assert rows(book, "publishers") == [("资阳市财政局", 2, 1, 1, 0, 0)]
    states = [row[5] for row in rows(book, "clocks")]
    assert states.count("逾期未办 overdue") == 10
    assert all("第" in row[6] for row in rows(book, "clocks"))


def test_cells_are_of_their_own_type_and_no_text_is_a_formula(book: Workbook) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {"n", "s", "d"} <= {cell.data_type for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(tuple("=+-@"))]
    assert f"'{EVIL}" in [row[0] for row in rows(book, "ledger")]


def test_headings_are_frozen_and_charts_are_the_spreadsheets_own(book: Workbook) -> None:
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    sheets: list[Any] = list(book.worksheets)
    charted = [sheet.title for sheet in sheets if sheet._charts]
    assert [title.split(" ")[-1] for title in charted] == ["trend", "outcomes"]


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_the_same_question_gives_the_same_bytes(ledger: Bureau, tmp_path: Path, form: str) -> None:
    assert made(ledger, tmp_path / f"a.{form}") == made(ledger, tmp_path / f"b.{form}")


def test_the_page_needs_nothing_else_and_runs_nothing(page: str) -> None:
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:image/svg)""", page)
    assert not re.findall(r"@import|url\(", page)
    assert "default-src 'none'" in page


def test_what_a_complainant_wrote_is_shown_and_never_run(page: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_pictures_have_words_and_tables_have_captions_and_scopes(page: str) -> None:
    assert page.count("<img ") == 3
    assert all(len(alt) > 10 for alt in re.findall(r'<img [^>]*alt="([^"]*)"', page))
    assert page.count("<table>") == page.count("<caption>")
    assert '<th scope="col">' in page
    assert '<th scope="row"' in page


def test_the_page_says_that_it_is_not_to_be_published_and_restricts_nobody(page: str) -> None:
    assert "不得对外公布" in page
    assert "不限制任何人" in page
    assert NAMES[SERIAL] in page


def test_rules_and_their_digest_are_named(page: str) -> None:
    assert re.search(r"sha256:[0-9a-f]{64}", page)


def test_a_person_is_masked_everywhere(page: str, book: Workbook) -> None:
    assert PERSON not in page
    assert "张***" in page
    assert PERSON not in str([rows(book, section) for section in SHEETS])


def test_the_page_says_that_the_watch_list_knows_those_with_several_letters_alone(page: str) -> None:
    assert "不在关注名单中" in page


def test_withdrawals_that_nobody_publishes_are_said_to_be_unknown(page: str) -> None:
    assert "Q23" in page


def test_a_city_has_its_own_letters_alone(ledger: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "c.xlsx"
    made(ledger, out, region="510100")
    assert [row[0] for row in rows(load_workbook(out), "ledger")] == ["白榆2号", "白榆1号", "白榆0号"]


def test_a_region_without_anything_has_an_empty_report(ledger: Bureau, tmp_path: Path) -> None:
    assert "无 <span" in made(ledger, tmp_path / "e.html", region="540000").decode()


def test_a_report_by_a_key_says_whose_it_is_and_holds_no_others_cases(ledger: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "k.html"
    page = made(ledger, out, "--key-file", str(ledger.keys["chengdu"])).decode()
    assert "按“成都市财政局”的密钥生成" in page
    assert "资财采查〔2026〕1号" not in page


def test_a_key_of_no_finance_office_gets_no_report(ledger: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "p.html"
    shown = ledger.run(
        "report", "--region", "510000", *PERIOD, "--out", str(out), "--key-file", str(ledger.keys["police"])
    )
    assert (shown.exit_code, out.exists()) == (2, False)


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-02-01", "--to", "2026-01-01"),
        ("--from", "2027-01-01", "--to", "2027-02-01"),
        ("--from", "gestern", "--to", "2026-02-01"),
    ],
)
def test_a_period_in_which_no_day_lies_is_refused(ledger: Bureau, tmp_path: Path, words: tuple[str, ...]) -> None:
    rest = ("--region", "510000", "--made-at", "2026-11-22", "--out", str(tmp_path / "x.html"))
    assert ledger.run("report", *words, *rest).exit_code == 2


def test_a_file_of_another_form_is_refused_before_anything_is_read(ledger: Bureau, tmp_path: Path) -> None:
    shown = ledger.run("report", "--region", "510000", *PERIOD, "--out", str(tmp_path / "x.pdf"))
    assert (shown.exit_code, ".xlsx" in shown.stderr) == (2, True)


def test_whoever_is_in_a_report_stands_in_the_access_log(ledger: Bureau, tmp_path: Path) -> None:
    made(ledger, tmp_path / "l.html")
    logged = asyncio.run(accesses(ledger, SERIAL))
    assert {"report"} <= {access.action for access in logged}


async def accesses(ledger: Bureau, party: str) -> list[Access]:
    async with open_services(Settings(data=ledger.data, graph_memory="512m")) as services:
        return [access for _, access in await services.accesses.read(party=party, before=None, limit=1000)]


def test_the_whole_country_is_split_by_provinces(ledger: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "n.xlsx"
    made(ledger, out, region="100000")
    whole = load_workbook(out)
    provinces = {row[0]: row[3] for row in rows(whole, "coverage")}
    assert (provinces["370000"], provinces["510000"], provinces["110000"]) == (1, 13, 0)
    assert "别处1号" not in [row[0] for row in rows(whole, "ledger")]
    (gap,) = [row for row in rows(whole, "unknown") if "所在地不明" in str(row[1])]
    assert gap[0] == 1
