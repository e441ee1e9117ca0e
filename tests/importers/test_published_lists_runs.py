"""Lists of one shape, tax (L04) to safety (L08), imported as sheets and pages: whole, cut out, drifted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from importers import sources as module
from importers.run import run
from importers.source import Importer
from importers.sources import importer_of
from tests.importers.conftest import FakeRegistry
from tests.importers.list_rows import ALL, LISTS, ROWS, Make, cells_of

Write = Callable[..., Path]


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three rows be a whole list."""

    def small(source: str) -> Callable[[], Importer]:
        made = importer_of(source)
        return lambda: replace(made, spec=made.spec.model_copy(update={"min_rows": 3}))

    monkeypatch.setattr(module, "SOURCES", {source: small(source) for source in ALL})


@pytest.mark.parametrize("source", ALL)
async def test_a_cut_out_of_a_list_is_taken_but_makes_no_list_complete(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    path = write_csv([cells_of(source, credit_code(n)) for n in range(1, 21)])
    report = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.exit_code, report.sync) == (20, 1, SyncOutcome.FAILED)


@pytest.mark.usefixtures("few_rows")
@pytest.mark.parametrize("source", ALL)
async def test_a_whole_run_synchronises_the_list_and_a_second_changes_nothing(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    path = write_csv([cells_of(source, credit_code(n)) for n in range(1, 4)], "gb18030")
    first = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.read, first.taken, again.unchanged, first.exit_code) == (3, 3, 3, 0)
    assert [(name, sync.outcome) for name, sync in registry.syncs] == [(LISTS[source], SyncOutcome.COMPLETE)] * 2


@pytest.mark.parametrize("source", ALL)
async def test_a_page_with_the_same_columns_gives_the_same_rows(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    rows = [cells_of(source, credit_code(n)) for n in range(1, 4)]
    lines = ("".join(f"<td>{cell}</td>" for cell in line) for line in (rows[0], *(row.values() for row in rows)))
    page = tmp_path / "page.html"
    page.write_text("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>", encoding="utf-8")
    await run(source, write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    report = await run(source, page, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.unchanged) == (3, 3)


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("drift", [{"新增列": "1"}, {"列入日期": None, "公布日期": None}], ids=["added", "missing"])
async def test_a_drifted_sheet_writes_nothing_and_fails_the_sync(
    registry: FakeRegistry, caller: Caller, write_csv: Write, source: str, drift: Mapping[str, str | None]
) -> None:
    row = {k: v for k, v in {**ROWS[source], **drift}.items() if v is not None}
    path = write_csv([row])
    report = await run(source, path, registry=registry, caller=caller, rejects_dir=path.parent)
    assert (report.exit_code, report.read) == (2, 0)
    assert not registry.parties
    assert [(name, sync.outcome) for name, sync in registry.syncs] == [(LISTS[source], SyncOutcome.FAILED)]


async def test_no_identity_number_reaches_the_rejects(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, identity_number: Make
) -> None:
    number = identity_number(1)
    rows = [cells_of("tax_violations", code, 法定代表人或者负责人证件号码=number) for code in (number, number + "00")]
    report = await run("tax_violations", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.rejected == 2
    assert number[6:14] not in report.rejects[0].read_text(encoding="utf-8")


async def test_two_entries_of_one_party_and_day_are_told_apart_by_their_numbers_alone(
    registry: FakeRegistry, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make
) -> None:
    """Without numbers they have one natural key: the second is for a person, and the list is not whole."""
    reasons = ("通过登记的住所无法联系", "未按期公示年度报告")
    numbered = [
        cells_of(
            "abnormal_operations", credit_code(1), 列入经营异常名录原因=reason, 列入决定书文号=f"某列〔2024〕{n}号"
        )
        for n, reason in enumerate(reasons)
    ]
    bare = [{**row, "统一社会信用代码": credit_code(2), "列入决定书文号": ""} for row in numbered]
    path = write_csv([*numbered, *numbered, *bare])
    report = await run("abnormal_operations", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.unchanged, report.rejected) == (6, 3, 2, 1)
    assert (len(registry.records), report.sync) == (3, SyncOutcome.FAILED)
