from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from credit.errors import LayoutDrift
from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.record import Ban, BanScope
from credit.model.statements import LoadRow, Outcome, SyncStatement
from credit.model.when import When
from importers.run import run
from importers.source import describe
from importers.us_exclusions import ExclusionSpec, importer
from tests.importers.reading import penalty_of, read_file

IMPORTER = importer()
Write = Callable[..., Path]
# fmt: off
HEADINGS = [
    "Classification", "Name", "Prefix", "First", "Middle", "Last", "Suffix", "Address 1", "Address 2", "Address 3",
    "Address 4", "City", "State / Province", "Country", "Zip Code", "Open Data Flag", "Blank (Deprecated)",
    "Unique Entity ID", "Exclusion Program", "Excluding Agency", "CT Code", "Exclusion Type", "Additional Comments",
    "Active Date", "Termination Date", "Record Status", "Cross-Reference", "SAM Number", "CAGE", "NPI",
    "Creation_Date",
]
# fmt: on
FIRM = {
    **dict.fromkeys(HEADINGS, ""),
    "Classification": "Firm",
    "Name": "ALDER RIVER WORKS LLC",
    "Address 1": "1 MILL LANE",
    "City": "SPRINGFIELD",
    "Country": "USA",
    "Unique Entity ID": "AB1CD2EF3GH4",
    "Exclusion Program": "Reciprocal",
    "Excluding Agency": "GSA",
    "CT Code": "R",
    "Exclusion Type": "Ineligible (Proceedings Completed)",
    "Active Date": "12/13/2019",
    "Termination Date": "12/12/2022",
    "Record Status": "Active",
    "SAM Number": "S4TEST001",
    "Creation_Date": "2019-12-13",
}
PERSON = {
    **FIRM,
    "Classification": "Individual",
    "Name": "",
    "First": "ALDER",
    "Last": "EXAMPLE",
    "Unique Entity ID": "",
}


class Fake(Protocol):
    """The fake of conftest.py."""

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


def test_a_firm_is_named_by_its_unique_entity_id(write_csv: Write) -> None:
    (row,), _ = read_file(IMPORTER, write_csv([FIRM]))
    assert row.parties[0].id == "foreign:US:sam-uei:AB1CD2EF3GH4"
    penalty = penalty_of(row)
    assert penalty.ban == Ban(BanScope.PROCUREMENT, from_=When(date(2019, 12, 13)), until=date(2022, 12, 12))
    assert penalty.authority.name == "美国联邦机构 GSA"
    assert penalty.violation.startswith("程序终结后不合格")


def test_without_one_its_cage_code_or_the_exclusion_names_it(write_csv: Write) -> None:
    bare = {**FIRM, "Unique Entity ID": "null"}
    taken, _ = read_file(IMPORTER, write_csv([{**bare, "CAGE": "1ABC2"}, bare]))
    assert [row.parties[0].id for row in taken] == ["foreign:US:cage:1ABC2", "foreign:US:sam-exclusion:S4TEST001"]


@pytest.mark.parametrize("end", ["Indefinite", "12/31/2999"])
def test_an_indefinite_exclusion_has_no_end(write_csv: Write, end: str) -> None:
    (row,), _ = read_file(IMPORTER, write_csv([{**FIRM, "Termination Date": end}]))
    ban = penalty_of(row).ban
    assert ban is not None
    assert ban.indefinite


def test_a_person_is_an_entry_by_the_number_of_the_exclusion(write_csv: Write) -> None:
    (row,), _ = read_file(IMPORTER, write_csv([PERSON]))
    (party,) = row.parties
    assert (party.kind, party.name, party.entry) == (PartyKind.PERSON, "ALDER EXAMPLE", "us_exclusions:S4TEST001")
    assert not isinstance(party.identity_number, str)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Classification": "Vessel"},
        {"Exclusion Type": "Handshake"},
        {"Exclusion Program": "Lunch"},
        {"Active Date": "13/13/2019"},
        {"Termination Date": ""},
        {"Record Status": "Inactive"},
        {"Name": ""},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_is_not_certain_is_set_aside(write_csv: Write, wrong: Mapping[str, str]) -> None:
    taken, rejected = read_file(IMPORTER, write_csv([{**FIRM, **wrong}]))
    assert not taken
    assert len(rejected) == 1


def test_a_number_that_may_be_an_identity_number_is_set_aside(
    write_csv: Write, identity_number: Callable[[int], str]
) -> None:
    old = identity_number(1)[:6] + identity_number(1)[8:17]
    rows = [{**FIRM, "Unique Entity ID": old}, {**FIRM, "SAM Number": old}]
    taken, rejected = read_file(IMPORTER, write_csv(rows))
    assert (len(taken), len(rejected)) == (0, 2)


@pytest.mark.parametrize(
    "other",
    [
        {"Exclusion Program": "NonProcurement"},
        {"Exclusion Program": "Non-Procurement"},
        {"Exclusion Type": "Prohibition/Restriction"},
        {"Exclusion Type": "Voluntary Exclusion"},
    ],
    ids=lambda other: next(iter(other.values())),
)
def test_what_bars_from_no_procurement_is_set_aside_with_the_law(write_csv: Write, other: Mapping[str, str]) -> None:
    taken, (reject,) = read_file(IMPORTER, write_csv([{**FIRM, **other}]))
    assert not taken
    assert reject.why in IMPORTER.spec.expected_rejects
    assert "不是政府采购的排除" in reject.zh
    assert "CFR" in reject.zh


def test_of_a_person_no_number_and_no_comment_is_kept(write_csv: Write) -> None:
    papers = {**PERSON, "Additional Comments": "Passport AB1234567 (Elbonia); SSN 078-05-1120"}
    (row,), (reject,) = read_file(IMPORTER, write_csv([papers, {**papers, "Exclusion Type": "Handshake"}]))
    for told in (str(row), str(penalty_of(row)), str(reject.raw)):
        assert "AB1234567" not in told
        assert "078-05" not in told


async def test_a_list_with_exclusions_of_other_programmes_is_whole(
    registry: Fake, caller: Caller, write_csv: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.us_exclusions.describe", small)
    rows = [FIRM, {**FIRM, "Unique Entity ID": "UEI2", "Exclusion Type": "Voluntary Exclusion"}]
    report = await run("us_exclusions", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.COMPLETE)


def small(module: str, spec: type[ExclusionSpec]) -> ExclusionSpec:
    """Describe a source of which one row is a whole."""
    return describe(module, spec).model_copy(update={"min_rows": 1})


def test_every_word_of_the_extract_has_its_law() -> None:
    spec = IMPORTER.spec
    assert isinstance(spec, ExclusionSpec)
    assert all(term.source and term.mark for term in (*spec.measures.values(), *spec.programs.values()))


def test_a_column_that_is_not_known_fails_the_file(write_csv: Write) -> None:
    with pytest.raises(LayoutDrift, match="Mood"):
        read_file(IMPORTER, write_csv([{**FIRM, "Mood": "good"}]))
