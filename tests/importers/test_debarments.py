from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from credit.errors import LayoutDrift
from credit.model.party import PartyKind
from credit.model.record import Ban, BanScope, Category, PenaltyKind
from credit.model.statements import ROW_PARTY, LoadRow
from credit.model.when import When
from importers import debarments
from importers.source import Importer, Rejected
from tests.conftest import require
from tests.importers.reading import SHARED, penalty_of, read_file

Make = Callable[..., str]
Write = Callable[..., Path]
WORLD_BANK = SHARED / "intl_debarment/worldbank_ineligible_2025-01-07.xlsx"
FIRM = ("ALDER RIVER WORKS LTD.", "*901", "1 MILL LANE, LEEDS", "United Kingdom", "2024-12-10", "2027-08-09", "Fraud")


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


def test_a_mainland_firm_whose_credit_code_stands_in_the_entry_is_that_firm(
    one: Callable[..., Any], credit_code: Make
) -> None:
    (party,) = one({1: f"(云溪建设有限公司)({credit_code(1)})*902", 3: "China"}).parties
    assert (party.id, party.kind, party.name) == (credit_code(1), PartyKind.ORGANISATION, "云溪建设有限公司")


def test_a_wrong_code_names_nobody(one: Callable[..., Any], credit_code: Make) -> None:
    code = credit_code(1)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    (party,) = one({1: f"(云溪建设有限公司)({wrong})*902"}).parties
    assert party.kind is PartyKind.FOREIGN


@pytest.mark.parametrize("name", ["MR. ALDER EXAMPLE", "Ms. Birch Example", "ENGR. CEDAR EXAMPLE"])
def test_a_person_is_an_entry_that_the_registry_numbers(one: Callable[..., Any], name: str) -> None:
    row = one({0: name})
    (party,) = row.parties
    assert (party.id, party.kind) == (None, PartyKind.PERSON)
    assert party.entry.startswith("worldbank:")
    assert row.records[0].party == ROW_PARTY


@pytest.mark.parametrize("name", ["ALDER BIRCH CEDAR", "MR. ALDER TRADING LTD."])
def test_what_may_be_a_person_or_a_firm_is_for_a_person_to_look_at(one: Callable[..., Any], name: str) -> None:
    assert "自然人" in one({0: name, 1: ""}).zh


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
    record = {
        "SUPP_ID": "70123",
        "SUPP_NAME": "Alder River Works Ltd.",
        "SUPP_ADDR": "1 Mill Lane",
        "SUPP_CITY": "Leeds",
        "COUNTRY_NAME": "United Kingdom",
        "DEBAR_FROM_DATE": "10-DEC-2024",
        "DEBAR_TO_DATE": "31-DEC-2999",
        "DEBAR_REASON": "Cross Debarment: AfDB",
    }
    (row,), _ = read_file(world_bank, write_json({"response": {"ZPROCSUPP": [record]}}))
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


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("Cross-Debarment", PenaltyKind.BAN),
        ("Letter of Reprimand", PenaltyKind.CRITICISM),
        ("Conditional Non-debarment", PenaltyKind.OTHER),
    ],
)
def test_only_a_debarment_is_a_ban(write_csv: Write, measure: str, kind: PenaltyKind) -> None:
    (row,), _ = read_file(debarments.idb(), write_csv([{**IDB, "IDB Sanction Type": measure}]))
    penalty = penalty_of(row)
    assert penalty.kinds == (kind,)
    assert (penalty.ban is not None) == (kind is PenaltyKind.BAN)


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


def test_of_the_real_list_every_row_is_taken_or_set_aside(world_bank: Importer) -> None:
    require("shared data", WORLD_BANK.exists(), "../shared/data is not beside the project")
    taken, rejected = read_file(world_bank, WORLD_BANK)
    assert len(taken) + len(rejected) == 1285
    assert len(rejected) < 130
    kinds = Counter(row.parties[0].kind for row in taken)
    assert kinds[PartyKind.ORGANISATION] > 30
    assert kinds[PartyKind.PERSON] > 150
    assert sum(penalty_of(row).violation.startswith("原文") for row in taken) < 10
    keys = [(row.parties[0].id or row.parties[0].entry, penalty_of(row).doc_no) for row in taken]
    assert len(set(keys)) == len(keys)
