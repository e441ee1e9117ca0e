import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import openpyxl
import pytest

from credit.errors import LayoutDrift
from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.record import Ban, BanScope, Category, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, Outcome, SyncStatement
from credit.model.when import When
from credit.rules.catalogue import Catalogue
from importers import debarments
from importers.rows import rows_of
from importers.run import run
from importers.set_aside import Why
from importers.snapshot import take_snapshot
from importers.source import Importer, Rejected, Taken
from importers.sources import importer_of
from tests.conftest import require
from tests.importers.reading import SHARED, penalty_of, read_file

Make = Callable[..., str]
Write = Callable[..., Path]
WORLD_BANK = SHARED / "intl_debarment/worldbank_ineligible_2025-01-07.xlsx"
JSON = {
    "SUPP_ID": "70123",
    "SUPP_NAME": "Alder River Works Ltd.",
    "SUPP_ADDR": "1 Mill Lane",
    "SUPP_CITY": "Leeds",
    "COUNTRY_NAME": "United Kingdom",
    "DEBAR_FROM_DATE": "10-DEC-2024",
    "DEBAR_TO_DATE": "31-DEC-2999",
    "DEBAR_REASON": "Cross Debarment: AfDB",
}
FIRM = ("ALDER RIVER WORKS LTD.", "*901", "1 MILL LANE, LEEDS", "United Kingdom", "2024-12-10", "2027-08-09", "Fraud")


class Fake(Protocol):
    """The fake of conftest.py."""

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


def workbook(path: Path, rows: Sequence[Sequence[str | None]], grounds: str = "Grounds") -> Path:
    """Write a sheet in the Bank's layout: a line of title, then a header of two merged rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Downloaded on: 07/01/2025 10:37"])
    sheet.append(["Firm Name", "Additional Firm Info", "Address", "Country", "Ineligibility Period", None, grounds])
    sheet.append([None, None, None, None, "From Date", "To Date", None])
    for merged in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:G3"):
        sheet.merge_cells(merged)
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def world_bank() -> Importer:
    return debarments.worldbank()


@pytest.fixture
def one(tmp_path: Path, world_bank: Importer) -> Callable[..., Any]:
    """Read the one row of a sheet, changed from the usual one by position."""

    def read(changes: Mapping[int, str | None]) -> LoadRow | Rejected:
        row = [changes.get(n, cell) for n, cell in enumerate(FIRM)]
        taken, rejected = read_file(world_bank, workbook(tmp_path / "wb.xlsx", [row]))
        return taken[0] if taken else rejected[0]

    return read


def test_a_firm_is_an_entry_of_the_bank_with_a_ban_for_the_stated_period(one: Callable[..., Any]) -> None:
    row = one({})
    (party,) = row.parties
    penalty = penalty_of(row)
    assert (party.kind, party.name) == (PartyKind.FOREIGN, "ALDER RIVER WORKS LTD.")
    assert party.id.startswith("foreign:US:worldbank:")
    assert penalty.ban == Ban(BanScope.PROCUREMENT, from_=When(date(2024, 12, 10)), until=date(2027, 8, 9))
    assert "World Bank" in penalty.authority.name
    assert penalty.decided_on == date(2024, 12, 10)


@pytest.mark.parametrize("end", ["2999-12-31", "Permanent", "Ongoing"])
def test_an_end_that_never_comes_is_a_ban_without_end(one: Callable[..., Any], end: str) -> None:
    ban = penalty_of(one({5: end})).ban
    assert ban is not None
    assert (ban.until, ban.indefinite) == (None, True)


@pytest.mark.parametrize("wrong", [{4: ""}, {5: ""}, {5: "soon"}, {4: "2028-01-01"}, {0: ""}])
def test_a_row_without_a_sure_name_or_period_is_rejected(one: Callable[..., Any], wrong: Mapping[int, str]) -> None:
    assert one(wrong).zh


@pytest.mark.parametrize(
    ("grounds", "said", "category"),
    [
        ("Fraudulent Practices", "欺诈行为；", Category.OTHER),
        ("Collusive & Obstructive Practice", "串通行为；妨碍行为；", Category.COLLUSION),
        ("Procurement Guidelines, 1.16(a)(ii)-(iii)-(iv)", "欺诈行为；串通行为；胁迫行为；", Category.COLLUSION),
        ("Consultant Guidelines 1.25(a)(i) & (ii)", "腐败行为；欺诈行为；", Category.OTHER),
        ("2016 Procurement Regulations, sub-paragraph 2.2 a(ii) of Annex IV", "欺诈行为；", Category.OTHER),
        (
            "2004 PG, 1.14(a)i, ii, & iii; 2006 PG, 1.14(a)(v)(bb)",
            "腐败行为；欺诈行为；串通行为；妨碍",
            Category.COLLUSION,
        ),
        ("Cross Debrament: ADB", "交叉制裁（亚洲开发银行）；", Category.OTHER),
        ("Cross-debarment:  EBRD", "交叉制裁（欧洲复兴开发银行）；", Category.OTHER),
        ("IFC Anti-Corruption Guidelines", "原文：IFC", Category.OTHER),
        ("Controlled Affiliate of a Sanctioned Entity.", "受制裁方的关联方；", Category.OTHER),
    ],
)
def test_grounds_are_told_in_chinese_beside_their_wording(
    one: Callable[..., Any], grounds: str, said: str, category: Category
) -> None:
    penalty = penalty_of(one({6: grounds}))
    assert penalty.violation.startswith(said)
    assert grounds in penalty.violation
    assert penalty.legal_basis == (grounds,)
    assert penalty.category is category


def test_a_credit_code_in_free_text_identifies_nobody_and_goes_to_the_review(
    one: Callable[..., Any], credit_code: Make
) -> None:
    row = one({1: f"(云溪建设有限公司之子公司)({credit_code(1)})*902", 3: "China"})
    (party,) = row.parties
    assert (party.kind, party.name) == (PartyKind.FOREIGN, "ALDER RIVER WORKS LTD.")
    assert party.id.startswith("foreign:US:worldbank:")
    assert "统一社会信用代码" in row.doubts[0][0]


def test_what_merely_looks_like_a_code_is_no_doubt(one: Callable[..., Any], credit_code: Make) -> None:
    code = credit_code(1)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert one({1: f"(云溪建设有限公司)({wrong})*902"}).doubts == ()


def test_every_record_says_that_number_and_day_of_the_decision_are_not_published(one: Callable[..., Any]) -> None:
    assert penalty_of(one({})).violation.endswith(debarments.UNPUBLISHED)


@pytest.mark.parametrize("paper", ["(ID No. 202461617902)*647", "(ID No: 2024616179)*647", "passport AB1234567"])
def test_the_number_of_a_persons_paper_is_kept_nowhere(one: Callable[..., Any], paper: str) -> None:
    number = max(re.findall(r"[A-Z]*\d{5,}", paper), key=len)
    for name in ("MR. ALDER EXAMPLE", f"MR. ALDER EXAMPLE {paper}", "MR. ALDER TRADING LTD."):
        row = one({0: name, 1: paper})
        told = str(row.raw) if isinstance(row, Rejected) else f"{penalty_of(row)} {row.parties[0].name}"
        assert number not in told


def test_an_entry_whose_number_may_be_an_identity_number_is_rejected(
    world_bank: Importer, write_json: Write, identity_number: Callable[[int], str]
) -> None:
    new = identity_number(1)
    rows = [{**JSON, "SUPP_ID": number} for number in (new, new[:6] + new[8:17])]
    taken, rejected = read_file(world_bank, write_json(rows))
    assert not taken
    assert all("证件号码" in reject.zh for reject in rejected)


@pytest.mark.parametrize(
    ("grounds", "said"),
    [
        ("Cross-Debarment", "交叉制裁（来源未写明随哪家银行）"),
        ("Cross debarment pursuant to the Agreement", "交叉制裁（来源未写明随哪家银行）"),
        ("Asian Development Bank cross debarment", "交叉制裁（亚洲开发银行）"),
        ("Cross Debarment: EIB", "交叉制裁（欧洲投资银行）"),
    ],
)
def test_a_cross_debarment_names_the_bank_only_where_the_list_does(
    one: Callable[..., Any], grounds: str, said: str
) -> None:
    assert said in penalty_of(one({6: grounds})).violation


def test_a_practice_of_whom_the_entry_follows_is_not_its_own_category(one: Callable[..., Any]) -> None:
    penalty = penalty_of(one({6: "Controlled Affiliate of an entity sanctioned for Collusive Practice"}))
    assert penalty.category is Category.OTHER


@pytest.mark.parametrize("bank", ["worldbank", "idb", "ebrd", "adb", "afdb"])
def test_the_catalogue_admits_no_ban_of_a_bank(bank: str) -> None:
    spec = debarments.importer_of(bank).spec
    assert isinstance(spec, debarments.DebarmentSpec)
    admitted = [a for scope in BanScope for terms in Catalogue.load().ban_terms(scope) for a in terms.authorities]
    assert admitted
    assert not any(phrase in spec.authority for phrase in admitted)


def test_a_short_file_is_no_whole_list_and_neither_is_an_endless_one(world_bank: Importer) -> None:
    assert not world_bank.spec.is_whole(400, 0)
    assert world_bank.spec.is_whole(1200, 0)
    assert not world_bank.spec.is_whole(50_000, 0)


@pytest.mark.parametrize("name", ["MR. ALDER EXAMPLE", "Ms. Birch Example", "ENGR. CEDAR EXAMPLE"])
def test_a_person_is_an_entry_that_the_registry_numbers(one: Callable[..., Any], name: str) -> None:
    row = one({0: name})
    (party,) = row.parties
    assert (party.id, party.kind) == (None, PartyKind.PERSON)
    assert party.entry.startswith("worldbank:")
    assert row.records[0].party == ROW_PARTY


@pytest.mark.parametrize("name", ["ALDER BIRCH CEDAR", "MR. ALDER TRADING LTD."])
def test_what_may_be_a_person_or_a_firm_is_for_a_person_to_look_at(one: Callable[..., Any], name: str) -> None:
    reject = one({0: name, 1: ""})
    assert "自然人" in reject.zh
    assert reject.why is Why.KIND_NOT_TOLD


@pytest.mark.parametrize(
    ("bank", "expected"), [("worldbank", True), ("adb", True), ("idb", False), ("us_exclusions", False)]
)
def test_a_list_without_a_column_for_it_is_whole_without_rows_whose_kind_is_not_told(bank: str, expected: bool) -> None:
    assert (Why.KIND_NOT_TOLD in importer_of(bank).spec.expected_rejects) is expected


def test_of_a_row_with_a_doubt_the_number_of_a_paper_is_shown_to_nobody(
    world_bank: Importer, tmp_path: Path, credit_code: Make
) -> None:
    row = [FIRM[0], f"({credit_code(1)}) passport AB1234567", *FIRM[2:]]
    snapshot = take_snapshot(workbook(tmp_path / "wb.xlsx", [row]), latin=True)
    (taken,) = world_bank.parse(rows_of(snapshot, world_bank.spec), Source("x"))
    assert isinstance(taken, Taken)
    assert taken.doubts
    assert "AB1234567" not in str((taken.raw, taken.doubts))


def test_a_controlled_affiliate_is_no_person(one: Callable[..., Any]) -> None:
    row = one({0: "ALDER BIRCH CEDAR", 6: "Controlled Affiliate of a Sanctioned Individual"})
    assert row.parties[0].kind is PartyKind.FOREIGN


def test_the_same_entry_told_twice_is_one_and_another_address_is_another(tmp_path: Path, world_bank: Importer) -> None:
    rows = [FIRM, ("Alder River Works Ltd", *FIRM[1:]), (*FIRM[:2], "2 OTHER ROAD, YORK", *FIRM[3:])]
    taken, _ = read_file(world_bank, workbook(tmp_path / "wb.xlsx", rows))
    assert len({row.parties[0].id for row in taken}) == 2


def test_another_heading_fails_the_whole_file(tmp_path: Path, world_bank: Importer) -> None:
    with pytest.raises(LayoutDrift, match="Reason of the decision"):
        read_file(world_bank, workbook(tmp_path / "wb.xlsx", [FIRM], grounds="Reason of the decision"))


def test_the_json_of_the_banks_page_names_an_entry_by_its_number(world_bank: Importer, write_json: Write) -> None:
    (row,), _ = read_file(world_bank, write_json({"response": {"ZPROCSUPP": [JSON]}}))
    assert row.parties[0].id == "foreign:US:worldbank:70123"
    ban = penalty_of(row).ban
    assert ban is not None
    assert ban.indefinite


IDB = {
    "Title": "Alder River Works S.A.",
    "Entity": "Firm",
    "Nationality": "Panama",
    "Country": "Panama",
    "Grounds": "Fraudulent Practice",
    "Source": "IDB",
    "IDB Sanction Type": "Debarment",
    "IDB Sanction Source": "IDB Sanctions Committee",
    "Other Name": "",
    "From": "2024-01-01",
    "To": "Ongoing",
}


@pytest.mark.parametrize("bank", ["idb", "adb"])
@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("Cross-Debarment", PenaltyKind.BAN),
        ("Permanent Debarment", PenaltyKind.BAN),
        ("Debarment with Conditional Release", PenaltyKind.BAN),
        ("Suspension", PenaltyKind.BAN),
        ("Caution", PenaltyKind.CRITICISM),
        ("Other Sanctions", PenaltyKind.OTHER),
        ("Letter of Reprimand", PenaltyKind.CRITICISM),
        ("Conditional Non-debarment", PenaltyKind.OTHER),
    ],
)
def test_only_a_debarment_is_a_ban_and_every_bank_knows_the_same_measures(
    write_csv: Write, bank: str, measure: str, kind: PenaltyKind
) -> None:
    importer, cells = OTHERS[bank]
    column = "IDB Sanction Type" if bank == "idb" else "Sanction Type"
    (row,), _ = read_file(importer(), write_csv([{**cells, column: measure}]))
    penalty = penalty_of(row)
    assert penalty.kinds == (kind,)
    assert (penalty.ban is not None) == (kind is PenaltyKind.BAN)


def test_of_a_sanction_that_is_no_ban_the_period_is_told(write_csv: Write) -> None:
    reprimand = {**IDB, "IDB Sanction Type": "Letter of Reprimand", "To": "2026-12-31"}
    (row,), _ = read_file(debarments.idb(), write_csv([reprimand]))
    assert "期间：2024-01-01 起，至 2026-12-31" in penalty_of(row).violation


def test_a_person_called_a_firm_is_for_a_person_to_look_at(write_csv: Write) -> None:
    _, (reject,) = read_file(debarments.idb(), write_csv([{**IDB, "Title": "MR. ALDER EXAMPLE"}]))
    assert "自然人" in reject.zh


def test_a_source_that_is_no_known_bank_is_told_in_its_own_words(write_csv: Write) -> None:
    (row,), _ = read_file(debarments.idb(), write_csv([{**IDB, "Source": "Some Agency"}]))
    assert "交叉制裁（来源原文：Some Agency）" in penalty_of(row).violation


def test_a_sanction_of_another_bank_is_told_as_one_that_is_followed(write_csv: Write) -> None:
    (row,), _ = read_file(debarments.idb(), write_csv([{**IDB, "Source": "World Bank Group"}]))
    assert "交叉制裁（世界银行）" in penalty_of(row).violation


@pytest.mark.parametrize("wrong", [{"IDB Sanction Type": "Handshake"}, {"Entity": "Vessel"}])
def test_a_word_that_is_not_known_rejects_the_row(write_csv: Write, wrong: Mapping[str, str]) -> None:
    taken, (reject,) = read_file(debarments.idb(), write_csv([{**IDB, **wrong}]))
    assert not taken
    assert "无法识别" in reject.zh


OTHERS: Mapping[str, tuple[Callable[[], Importer], Mapping[str, str]]] = {
    "idb": (debarments.idb, IDB),
    "ebrd": (
        debarments.ebrd,
        {
            "title": "Alder River Works Ltd.",
            "address": "1 Mill Lane$Leeds",
            "nationality": "United Kingdom",
            "projectNoticeType": "Entity",
            "prohibitedPractice": "Collusive Practice",
            "originatingInstitution": "EBRD",
            "jurisdictionOfJudgement": "",
            "ineligibleFromDate": "01 Mar 2024",
            "ineligibleUntilDate": "28 Feb 2027",
            "dateNoticeEffectiveAtEBRD": "01 Mar 2024",
        },
    ),
    "adb": (
        debarments.adb,
        {
            "Name": "Alder River Works Ltd.",
            "Address": "1 Mill Lane, Leeds",
            "Sanction Type": "Cross Debarred",
            "Other Name": "",
            "Nationality": "United Kingdom",
            "Effect Date": "2024-03-01",
            "Lapse Date": "2027-02-28",
            "Grounds": "World Bank cross debarment",
        },
    ),
    "afdb": (
        debarments.afdb,
        {
            "Type": "Firm",
            "Name": "Alder River Works Ltd.",
            "Nationality": "Kenya",
            "Basis": "Fraudulent Practice",
            "From": "1-Mar-2024",
            "To": "28-Feb-2027",
        },
    ),
}


@pytest.mark.parametrize("bank", sorted(OTHERS))
def test_each_bank_has_its_register_and_its_layout(write_csv: Write, bank: str) -> None:
    importer, cells = OTHERS[bank]
    (row,), _ = read_file(importer(), write_csv([cells]))
    assert f":{bank}:" in str(row.parties[0].id)
    assert penalty_of(row).kinds == (PenaltyKind.BAN,)


@pytest.mark.parametrize("bank", sorted(OTHERS))
def test_a_bank_that_changes_its_columns_is_looked_at_by_a_person(write_json: Write, bank: str) -> None:
    importer, cells = OTHERS[bank]
    drifted = {f"New {key}": text for key, text in cells.items()}
    with pytest.raises(LayoutDrift):
        read_file(importer(), write_json([drifted]))


def test_a_table_in_iso_8859_1_keeps_its_accents(write_csv: Write) -> None:
    name = "Construcción y Cía. S.A."
    (row,), _ = read_file(debarments.idb(), write_csv([{**IDB, "Title": name}], "iso-8859-1"))
    assert row.parties[0].name == name


async def test_the_real_list_is_whole_without_the_rows_that_do_not_say_whom_they_name(
    registry: Fake, caller: Caller, tmp_path: Path
) -> None:
    require("shared data", WORLD_BANK.exists(), "../shared/data is not beside the project")
    report = await run("worldbank", WORLD_BANK, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.sync) == (1285, SyncOutcome.COMPLETE)
    assert 100 < report.rejected < 130


def test_of_the_real_list_every_row_is_taken_or_set_aside(world_bank: Importer) -> None:
    require("shared data", WORLD_BANK.exists(), "../shared/data is not beside the project")
    taken, rejected = read_file(world_bank, WORLD_BANK)
    assert len(taken) + len(rejected) == 1285
    assert len(rejected) < 130
    assert {reject.why for reject in rejected} == {Why.KIND_NOT_TOLD}
    kinds = Counter(row.parties[0].kind for row in taken)
    assert set(kinds) == {PartyKind.FOREIGN, PartyKind.PERSON}
    assert kinds[PartyKind.PERSON] > 150
    assert sum(bool(row.doubts) for row in taken) > 30
    assert sum(penalty_of(row).violation.startswith("原文") for row in taken) < 10
    assert not any("ID No. 1" in penalty_of(row).violation for row in taken)
    keys = [(row.parties[0].id or row.parties[0].entry, penalty_of(row).doc_no) for row in taken]
    assert len(set(keys)) == len(keys)
