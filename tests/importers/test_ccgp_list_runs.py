"""L01 as pages and sheets, imported: whole or a part, drifted, broken off; what goes to review and what to rejects."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.record import Listing
from importers.run import run
from tests.conftest import require
from tests.importers.ccgp_rows import Cells, Make, row
from tests.importers.conftest import FakeRegistry
from tests.importers.reading import SHARED

__all__ = ["row"]
REAL = SHARED / "cn_penalties/ccgp_cr_search_row_fixture_2026.html"
Write = Callable[..., Path]


def page_of(*rows: Cells) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row.values()) for row in rows)
    return "<table>\n" + "\n".join(f'<tr class="trShow">{line}</tr>' for line in lines) + "\n</table>"


async def test_a_page_without_a_header_and_a_sheet_give_the_same_records(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells, credit_code: Make
) -> None:
    rows = [row, {**row, "序号": "2", "统一社会信用代码": credit_code(2), "处罚日期": "2026-07-10"}]
    page = tmp_path / "page.html"
    page.write_text(page_of(*rows), encoding="gb18030")
    first = await run("ccgp_list", page, registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run("ccgp_list", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.read, first.taken, first.review) == (2, 2, 0)
    assert (again.read, again.unchanged) == (2, 2)
    assert len(registry.records) == 2


async def test_a_page_of_the_list_is_no_whole_list(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells, credit_code: Make
) -> None:
    rows = [{**row, "统一社会信用代码": credit_code(n)} for n in range(1, 301)]
    page = await run("ccgp_list", write_csv(rows[:20]), registry=registry, caller=caller, rejects_dir=tmp_path)
    whole = await run("ccgp_list", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (page.taken, page.sync) == (20, SyncOutcome.FAILED)
    assert (whole.read, whole.taken, whole.unchanged, whole.sync) == (300, 280, 20, SyncOutcome.COMPLETE)


async def test_what_is_in_doubt_goes_to_the_review_file_with_its_text(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells
) -> None:
    path = write_csv([{**row, "处罚结果": "在一至三年内禁止参加政府采购活动"}])
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
    assert (report.read, report.taken, report.rejected, report.review, report.exit_code) == (1, 1, 0, 1, 1)
    (review,) = csv.DictReader(report.reviews[0].read_text(encoding="utf-8").splitlines())
    assert review["row"] == "2"
    assert "一至三年" in review["raw"]
    assert len(registry.records) == 1


@pytest.mark.parametrize("change", ["swapped", "renamed", "added", "empty"])
async def test_a_drifted_page_writes_nothing_and_fails_the_sync(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, row: Cells, change: str
) -> None:
    swapped = {**row, "处罚日期": row["执法单位"], "执法单位": row["处罚日期"]}
    pages = {
        "swapped": page_of(swapped, swapped),
        "renamed": page_of({k: k for k in row} | {"处罚结果": "处理结论"}, row),
        "added": page_of({**row, "新列": "新"}),
        "empty": "<html><body>系统维护</body></html>",
    }
    path = tmp_path / "page.html"
    path.write_text(pages[change], encoding="utf-8")
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.exit_code, report.read) == (2, 0)
    assert not registry.parties
    assert [(list_id, sync.outcome) for list_id, sync in registry.syncs] == [("L01", SyncOutcome.FAILED)]


async def test_a_page_that_breaks_off_keeps_sure_rows_and_fails_the_sync(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, row: Cells, credit_code: Make
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page_of(row, {**row, "统一社会信用代码": credit_code(2)})[:-30], encoding="utf-8")
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.FAILED)


async def test_an_identity_number_does_not_reach_the_rejects(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells, identity_number: Make
) -> None:
    number = identity_number(1)
    path = write_csv(
        [
            {**row, "统一社会信用代码": number},
            {**row, "企业名称": "欧阳试例", "统一社会信用代码": number, "处罚日期": ""},
        ]
    )
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
    assert report.rejected == 2
    assert number[6:14] not in report.rejects[0].read_text(encoding="utf-8")


async def test_the_real_row_is_an_entry_with_a_ban_of_twelve_months(
    registry: FakeRegistry, caller: Caller, tmp_path: Path
) -> None:
    require("shared data", REAL.exists(), "../shared/data is not beside the project")
    report = await run("ccgp_list", REAL, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.review) == (1, 1, 0)
    (listing,) = (record.content for record in registry.records.values())
    assert isinstance(listing, Listing)
    assert (listing.list, listing.listed_on, listing.until) == ("L01", date(2026, 7, 21), date(2027, 7, 11))
    assert "十二个月内禁止参加政府采购活动" in (listing.ground or "")
