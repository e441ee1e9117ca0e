import csv
import json
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from credit.errors import StoreUnavailable, Unknown
from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from importers import sources as module
from importers.run import Report, run
from importers.source import Importer
from importers.sources import SOURCES, importer_of
from tests.conftest import require

Make = Callable[..., str]
Write = Callable[..., Path]
SHAANXI = Path(__file__).parents[3] / "shared/data/cn_registry/shaanxi_tech_sme_list.xlsx"
BATCH = 1000


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]
    syncs: list[tuple[str, SyncStatement]]
    loads: int
    fails_at: int | None

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


@pytest.fixture
def companies(credit_code: Make) -> list[dict[str, str]]:
    """Three right rows, one of them twice, one in need of repair, and one that is wrong."""
    wide = credit_code(3).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return [
        {"name": "某某有限责任公\n司", "code": credit_code(1)},
        {"name": "第二有限公司", "code": credit_code(2)},
        {"name": "第二有限公司", "code": credit_code(2)},
        {"name": "第三有限公司", "code": wide},
        {"name": "错码有限公司", "code": credit_code(4)[:-1] + "I"},
    ]


@pytest.fixture
def debtors(credit_code: Make, identity_number: Make) -> list[dict[str, str]]:
    """An organisation's entry, and a person's with a masked number."""
    common = {"courtName": "某某人民法院", "publishDate": "2020年07月21日", "disruptTypeName": "违反财产报告制度"}
    masked = identity_number(1)[:10] + "****" + identity_number(1)[14:]
    return [
        {
            **common,
            "iname": "某某有限公司",
            "cardNum": credit_code(1),
            "caseCode": "（2020）某1号",
            "partyTypeName": "1",
        },
        {**common, "iname": "某甲", "cardNum": masked, "caseCode": "（2020）某2号", "partyTypeName": "0"},
    ]


def rejects(report: Report) -> list[dict[str, str]]:
    (path,) = report.rejects
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
async def test_every_row_is_taken_unchanged_or_rejected(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, companies: list[dict[str, str]], encoding: str
) -> None:
    report = await run(
        "company_register",
        write_csv(companies, encoding),
        registry=registry,
        caller=caller,
        rejects_dir=tmp_path / "out",
    )
    assert (report.read, report.taken, report.unchanged, report.rejected) == (5, 3, 1, 1)
    assert report.repaired == 1
    assert report.exit_code == 1
    assert registry.parties[companies[0]["code"]].name == "某某有限责任公司"


async def test_a_reject_names_row_reason_and_raw_text(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, companies: list[dict[str, str]]
) -> None:
    report = await run(
        "company_register", write_csv(companies), registry=registry, caller=caller, rejects_dir=tmp_path / "out"
    )
    (reject,) = rejects(report)
    assert reject["row"] == "6"
    assert companies[4]["code"] in reject["reason_zh"]
    assert "Invalid identifier" in reject["reason_en"]
    assert json.loads(reject["raw"]) == companies[4]
    assert stat.S_IMODE(report.rejects[0].stat().st_mode) == 0o600


async def test_a_second_run_changes_nothing(
    registry: Fake, caller: Caller, tmp_path: Path, write_xlsx: Write, companies: list[dict[str, str]]
) -> None:
    path = write_xlsx(companies[:4])
    first = await run("company_register", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    second = await run("company_register", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.taken, second.taken, second.unchanged) == (3, 0, 4)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert not second.rejects


async def test_a_drifted_header_writes_nothing_and_fails_the_sync(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    path = write_json([{**row, "newKey": "1"} for row in debtors])
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.exit_code == 2
    assert report.drift is not None
    assert "newKey" in report.drift.zh
    assert report.read == registry.loads == 0
    ((list_id, sync),) = registry.syncs
    assert (list_id, sync.outcome, sync.records) == ("L03", SyncOutcome.FAILED, 0)
    assert sync.silent == (PartyKind.PERSON,)


async def test_a_file_without_a_header_shows_no_identity_number_in_its_fault(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, identity_number: Make
) -> None:
    path = write_csv([{"某甲": "某甲", identity_number(1): identity_number(2)}])
    report = await run("double_publicity", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.drift is not None
    assert "某甲" in report.drift.zh
    assert identity_number(1) not in report.drift.zh + report.drift.en


@pytest.mark.parametrize("source", ["company_register", "double_publicity"])
async def test_a_drifted_table_writes_nothing(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    path = write_csv([{"企业名": "某某有限公司", "代码": credit_code(1)}])
    report = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.exit_code == 2
    assert not registry.parties
    assert not registry.syncs


async def test_one_drifted_file_of_a_folder_stops_the_others(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, companies: list[dict[str, str]]
) -> None:
    write_csv(companies, name="a.csv")
    write_csv([{"x": "1"}], name="b.csv")
    report = await run("company_register", tmp_path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.exit_code == 2
    assert not registry.parties


async def test_a_folder_is_all_files_in_it_but_earlier_rejects(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, companies: list[dict[str, str]]
) -> None:
    write_csv(companies[:2], name="a.csv")
    write_csv(companies[2:], "gb18030", name="b.csv")
    first = await run("company_register", tmp_path, registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run("company_register", tmp_path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.read, first.taken, first.unchanged, first.rejected) == (5, 3, 1, 1)
    assert (again.read, again.unchanged, again.rejected) == (5, 4, 1)
    assert again.rejects == first.rejects


async def test_a_whole_run_of_the_court_list_synchronises_it(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    report = await run(
        "court_list", write_json({"data": debtors}), registry=registry, caller=caller, rejects_dir=tmp_path
    )
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.COMPLETE)
    ((list_id, sync),) = registry.syncs
    assert (list_id, sync.outcome, sync.records) == ("L03", SyncOutcome.COMPLETE, 1)
    assert abs(datetime.now(UTC) - sync.finished_at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cardNum": "6987****5"},
        {"cardNum": "91512002MAF0000999"},
        {"cardNum": "1101051908****0012", "partyTypeName": ""},
        {"publishDate": ""},
        {"partyTypeName": "7"},
        {"partyTypeName": "0"},
        {"partyTypeName": "0", "cardNum": "6987****5"},
        {"newKey": "1"},
    ],
)
async def test_a_list_of_which_an_organisations_row_is_rejected_is_not_complete(
    registry: Fake,
    caller: Caller,
    tmp_path: Path,
    write_json: Write,
    debtors: list[dict[str, str]],
    wrong: dict[str, str],
) -> None:
    other = {**debtors[0], "cardNum": "440301103097413", "caseCode": "（2020）某3号"}
    path = write_json([*debtors, {**other, **wrong}])
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 2, SyncOutcome.FAILED)
    assert [sync.outcome for _, sync in registry.syncs] == [SyncOutcome.FAILED]


async def test_a_list_of_which_the_registry_refuses_a_row_is_not_complete(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    path = write_json([debtors[0], {**debtors[0], "disruptTypeName": "违反限制消费令"}])
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.sync is SyncOutcome.FAILED


@pytest.mark.parametrize(
    "rest", [{"publishDate": ""}, {"cardNum": ""}, {"cardNum": "110105190808010011"}], ids=["day", "none", "wrong"]
)
async def test_what_is_wrong_with_a_persons_row_says_nothing_of_organisations(
    registry: Fake,
    caller: Caller,
    tmp_path: Path,
    write_json: Write,
    debtors: list[dict[str, str]],
    rest: dict[str, str],
) -> None:
    path = write_json([debtors[0], {**debtors[1], **rest}])
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.COMPLETE)


async def test_a_list_that_expects_no_rejects_is_not_complete_without_a_persons_row(
    registry: Fake,
    caller: Caller,
    tmp_path: Path,
    write_json: Write,
    debtors: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importer_of("court_list")
    strict = replace(found, spec=found.spec.model_copy(update={"expected_rejects": frozenset()}))
    monkeypatch.setattr(module, "SOURCES", {"court_list": lambda: strict})
    report = await run("court_list", write_json(debtors), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.FAILED)


async def test_a_run_below_its_bounds_is_a_failed_sync(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write
) -> None:
    report = await run("court_list", write_json([]), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.sync) == (0, SyncOutcome.FAILED)
    assert [sync.outcome for _, sync in registry.syncs] == [SyncOutcome.FAILED]


async def test_a_file_of_which_every_row_is_rejected_is_no_complete_list(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    report = await run("court_list", write_json(debtors[1:]), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (0, 1, SyncOutcome.FAILED)


async def test_a_file_that_breaks_off_keeps_its_rows_rejects_the_rest_and_fails_the_sync(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    path = write_json(debtors)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.rejected) == (2, 1, 1)
    assert (report.exit_code, report.sync) == (1, SyncOutcome.FAILED)
    assert "完整" in rejects(report)[0]["reason_zh"]


async def test_what_a_failing_store_left_out_goes_in_by_the_next_run(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, credit_code: Make, debtors: list[dict[str, str]]
) -> None:
    rows = [{**debtors[0], "cardNum": credit_code(n), "caseCode": f"（2020）某{n}号"} for n in range(BATCH + 5)]
    path = write_json(rows)
    registry.fails_at = 2
    with pytest.raises(StoreUnavailable):
        await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert [sync.outcome for _, sync in registry.syncs] == [SyncOutcome.FAILED]
    registry.fails_at = None
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.unchanged, report.taken, report.rejected) == (BATCH, 5, 0)
    assert registry.syncs[-1][1].outcome is SyncOutcome.COMPLETE


async def test_what_the_registry_refuses_is_rejected_with_its_reason_and_row(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    path = write_json([debtors[0], {**debtors[0], "disruptTypeName": "违反限制消费令"}])
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected) == (1, 1)
    (reject,) = rejects(report)
    assert (reject["row"], reject["reason_zh"]) == ("2", "同一文号已有不同内容")


async def test_every_fact_names_its_source_its_files_digest_and_its_row(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, debtors: list[dict[str, str]]
) -> None:
    await run("court_list", write_json(debtors), registry=registry, caller=caller, rejects_dir=tmp_path)
    (record,) = registry.records.values()
    source = record.source
    assert (source.name, source.kind, source.row) == ("失信被执行人名单", "feed", 1)
    assert source.snapshot is not None
    assert source.snapshot.startswith("sha256:")
    assert source.url
    assert source.fetched_at


async def test_no_identity_number_reaches_the_rejects_file(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, identity_number: Make
) -> None:
    number = identity_number(1)
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    row = dict.fromkeys(["CF_XDR_SHXYM", "CF_NR_FK", "CF_JDRQ", "CF_CFJG", "CF_WSH", "CF_CFLB"], "")
    row |= {"CF_XDR_MC": "某甲", "CF_XDR_LB": "自然人", "CF_NR": f"对某甲（{number}）罚款", "CF_FR_ZJHM": number}
    path = write_csv([{**row, "CF_XDR_ZJHM": n} for n in (wrong, number, f"{number[:16]}O{number[17]}", number[:14])])
    report = await run("double_publicity", path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
    assert report.rejected == 4
    text = report.rejects[0].read_text(encoding="utf-8")
    assert number[6:14] not in text
    assert f"{number[:10]}****{number[14:]}" in text


async def test_progress_is_told_after_each_batch(
    registry: Fake, caller: Caller, tmp_path: Path, write_json: Write, credit_code: Make, debtors: list[dict[str, str]]
) -> None:
    told: list[int] = []
    rows = [{**debtors[0], "cardNum": credit_code(n), "caseCode": f"（2020）某{n}号"} for n in range(2 * BATCH + 1)]
    await run(
        "court_list",
        write_json(rows),
        registry=registry,
        caller=caller,
        rejects_dir=tmp_path,
        progress=lambda report, _about: told.append(report.read),
    )
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 1]


async def test_an_unknown_source_is_told_with_the_known_ones(registry: Fake, caller: Caller, tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="company_register"):
        await run("nowhere", tmp_path, registry=registry, caller=caller, rejects_dir=tmp_path)


async def test_an_empty_folder_is_no_import(registry: Fake, caller: Caller, tmp_path: Path) -> None:
    report = await run("company_register", tmp_path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.exit_code == 2


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_source_states_publisher_licence_address_and_bounds(source: str) -> None:
    importer: Importer = importer_of(source)
    spec = importer.spec
    assert spec.id == source
    assert all((spec.publisher, spec.publisher_en, spec.licence, spec.title_en))
    assert spec.url.startswith("https://")
    assert 0 < spec.min_rows < spec.max_rows


async def test_the_real_list_of_shaanxi_goes_in_but_for_its_four_wrong_codes(
    registry: Fake, caller: Caller, tmp_path: Path
) -> None:
    require("shared data", SHAANXI.exists(), "../shared/data is not beside the project")
    report = await run("company_register", SHAANXI, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.rejected) == (4382, 4)
    assert report.taken + report.unchanged == 4378
    assert [row["row"] for row in rejects(report)] == ["567", "591", "1125", "1725"]
