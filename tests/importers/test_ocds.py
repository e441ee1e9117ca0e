import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import LayoutDrift
from credit.model.caller import Caller
from credit.model.party import Role
from credit.model.project import BidOutcome
from credit.model.statements import LoadRow, Outcome, PartyStatement, SyncStatement
from importers.ocds import importer
from importers.run import run
from tests.conftest import require
from tests.importers.reading import SHARED, read_file

IMPORTER = importer()
FOLDER = SHARED / "intl_procurement"
Make = Callable[..., str]
Write = Callable[..., Path]
Json = dict[str, Any]


class Fake(Protocol):
    """The registry of ``conftest``, as far as it is used here."""

    parties: dict[str, PartyStatement]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


def organisation(number: int, **more: object) -> Json:
    identifier = {"scheme": "GB-COH", "id": f"0{number:07d}"}
    return {"id": f"GB-COH-0{number:07d}", "name": f"Alder {number} Ltd", "identifier": identifier, **more}


def reference(number: int) -> Json:
    return {"id": f"GB-COH-0{number:07d}", "name": f"Alder {number} Ltd"}


@pytest.fixture
def tender() -> Json:
    """A release of a tender in two lots with three bidders."""
    return {
        "ocid": "ocds-abc123-0001",
        "id": "0001-01",
        "date": "2024-03-01T00:00:00Z",
        "tag": ["tender"],
        "initiationType": "tender",
        "parties": [organisation(n) for n in range(1, 5)],
        "buyer": reference(1),
        "tender": {
            "id": "t1",
            "title": "Road salt",
            "status": "active",
            "procuringEntity": reference(1),
            "tenderPeriod": {"startDate": "2024-03-01T00:00:00Z", "endDate": "2024-04-01T12:00:00+01:00"},
            "lots": [
                {"id": "A", "value": {"amount": 1200000.5, "currency": "CNY"}},
                {"id": "B", "value": {"amount": 5, "currency": "GBP"}},
            ],
        },
        "bids": {
            "details": [
                {"id": "b2", "status": "valid", "tenderers": [reference(2)], "relatedLots": ["A", "B"]},
                {"id": "b3", "status": "valid", "tenderers": [reference(3)], "relatedLots": ["A"]},
                {"id": "b4", "status": "disqualified", "tenderers": [reference(4)], "relatedLots": ["B"]},
            ]
        },
    }


@pytest.fixture
def award() -> Json:
    """A later release of the same process: lot A goes to the second party, and the deadline was moved."""
    return {
        "ocid": "ocds-abc123-0001",
        "id": "0001-02",
        "date": "2024-05-01T00:00:00Z",
        "tag": ["award", "tenderAmendment"],
        "tender": {"id": "t1", "tenderPeriod": {"endDate": "2024-04-08T12:00:00+01:00"}},
        "awards": [{"id": "a1", "status": "active", "suppliers": [reference(2)], "relatedLots": ["A"]}],
    }


def results(row: LoadRow) -> Mapping[tuple[str | None, str], BidOutcome]:
    return {(b.bid.lot, b.bid.lead[-1]): b.bid.result for b in row.bids}


def test_a_process_is_a_project_with_its_lots_and_bidders(write_json: Write, tender: Json) -> None:
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender]}))
    (project,) = row.projects
    assert (project.project_no, project.name) == ("ocds-abc123-0001", "Road salt")
    assert project.purchaser == "foreign:GB:coh:00000001"
    assert project.deadline.isoformat() == "2024-04-01T12:00:00+01:00"
    assert [(lot.lot, lot.budget) for lot in project.lots] == [("A", Decimal("1200000.50")), ("B", None)]
    assert results(row) == {
        ("A", "2"): BidOutcome.PENDING,
        ("B", "2"): BidOutcome.PENDING,
        ("A", "3"): BidOutcome.PENDING,
        ("B", "4"): BidOutcome.REJECTED,
    }
    assert {p.id: p.roles for p in row.parties}["foreign:GB:coh:00000002"] == (Role.SUPPLIER,)


def test_an_award_decides_its_lot_and_an_amendment_moves_the_deadline(
    write_json: Write, tender: Json, award: Json
) -> None:
    (row,), _ = read_file(IMPORTER, write_json({"releases": [award, tender, award]}))
    assert row.projects[0].deadline.day == 8
    assert results(row)["A", "2"] is BidOutcome.WON
    assert results(row)["A", "3"] is BidOutcome.LOST
    assert results(row)["B", "2"] is BidOutcome.PENDING


def test_the_order_of_releases_does_not_matter(write_json: Write, tender: Json, award: Json) -> None:
    one = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    other = read_file(IMPORTER, write_json({"releases": [award, award, tender]}))
    assert one == other


@pytest.mark.parametrize("shape", ["package", "records", "compiled", "lines", "lines of records", "lines of packages"])
def test_every_form_of_a_process_reads_alike(
    tmp_path: Path, write_json: Write, tender: Json, award: Json, shape: str
) -> None:
    (expected,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    record = {"ocid": tender["ocid"], "releases": [tender, award]}
    period = {**tender["tender"]["tenderPeriod"], **award["tender"]["tenderPeriod"]}
    whole: Json = {**tender, "awards": award["awards"], "tender": {**tender["tender"], "tenderPeriod": period}}
    texts = {
        "package": json.dumps({"uri": "x", "releases": [tender, award], "publisher": {"name": "x"}}, indent=2),
        "records": json.dumps({"uri": "x", "records": [record]}),
        "compiled": json.dumps({"records": [{"ocid": tender["ocid"], "releases": [], "compiledRelease": whole}]}),
        "lines": "\n".join(map(json.dumps, (tender, award))),
        "lines of records": json.dumps({**record, "compiledRelease": whole}),
        "lines of packages": "\n".join(json.dumps({"releases": [r]}) for r in (tender, award)),
    }
    path = tmp_path / "ocds.jsonl"
    path.write_text(texts[shape], encoding="utf-8")
    (row,), rejected = read_file(IMPORTER, path)
    assert not rejected
    assert (row.projects, set(row.bids)) == (expected.projects, set(expected.bids))


def test_several_suppliers_of_an_award_are_a_consortium(write_json: Write, tender: Json, award: Json) -> None:
    award["awards"][0]["suppliers"] = [reference(2), reference(3)]
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    won = next(b.bid for b in row.bids if b.bid.result is BidOutcome.WON)
    assert won.members == ("foreign:GB:coh:00000002", "foreign:GB:coh:00000003")


def test_in_a_framework_agreement_each_supplier_won_for_itself(write_json: Write, tender: Json, award: Json) -> None:
    award["awards"][0]["suppliers"] = [reference(2), reference(3)]
    tender["tender"]["techniques"] = {"hasFrameworkAgreement": True}
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert [b.bid.lead[-1] for b in row.bids if b.bid.result is BidOutcome.WON] == ["2", "3"]


@pytest.mark.parametrize("status", ["unsuccessful", "cancelled"])
def test_a_failed_award_has_no_winner(write_json: Write, tender: Json, award: Json, status: str) -> None:
    award["awards"][0]["status"] = award.setdefault("tender", {})["status"] = status
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert {b.bid.result for b in row.bids} == {BidOutcome.LOST, BidOutcome.REJECTED}


def test_a_body_with_a_credit_code_or_lei_is_that_body(write_json: Write, tender: Json, credit_code: Make) -> None:
    lei = "529900T8BM49AURSDO55"
    tender["parties"][0]["identifier"] = {"scheme": "CN-USCC", "id": credit_code(1)}
    tender["parties"][1]["identifier"] = {"scheme": "XI-LEI", "id": lei}
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert row.projects[0].purchaser == credit_code(1)
    assert f"lei:{lei}" in {p.id for p in row.parties}


def test_a_body_known_by_name_alone_is_one_of_its_process(write_json: Write, tender: Json) -> None:
    tender["parties"][1] = {"id": "1", "name": "Birch", "address": {"countryName": "Kenya"}}
    tender["bids"]["details"][0]["tenderers"] = [{"id": "1", "name": "Birch"}]
    other = {**tender, "ocid": "ocds-abc123-0002"}
    taken, _ = read_file(IMPORTER, write_json({"releases": [tender, other]}))
    ids = {p.id for row in taken for p in row.parties if p.name == "Birch"}
    assert len(ids) == 2
    assert all(str(i).startswith("foreign:KE:ocds-abc123:") for i in ids)


@pytest.mark.parametrize("scheme", ["CHN-IDCARD", "MX-CURP", "PE-DNI", "CN-SFZ"])
def test_a_party_numbered_as_a_person_sets_its_process_aside_and_the_number_stays_nowhere(
    write_json: Write, tender: Json, scheme: str
) -> None:
    tender["parties"][1]["identifier"] = {"scheme": scheme, "id": "SECRET-77"}
    tender["parties"][1]["contactPoint"] = {"name": "Alder Example", "telephone": "SECRET-78"}
    taken, (reject,) = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert not taken
    assert "证件号码" in reject.zh
    assert "SECRET" not in json.dumps(reject.raw)


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize(
    "identifier",
    [{"scheme": "CN-USCC"}, {"scheme": ""}, {"scheme": "LOCAL"}, None],
    ids=lambda i: str(i and i["scheme"]),
)
def test_what_may_be_an_identity_number_is_in_no_id(
    write_json: Write, tender: Json, identity_number: Callable[[int], str], identifier: Json | None, short: bool
) -> None:
    number = identity_number(1)
    number = number[:6] + number[8:17] if short else number
    told: Json = {} if identifier is None else {"identifier": {**identifier, "id": number}}
    tender["buyer"] = {"id": "b" if told else number, "name": "Birch", **told}
    taken, rejected = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert (len(taken), len(rejected)) == (0, 1)


def test_a_scheme_that_says_so_makes_fifteen_digits_a_registration_number(
    write_json: Write, tender: Json, identity_number: Callable[[int], str]
) -> None:
    bare = identity_number(1)[:6] + identity_number(1)[8:16]
    number = bare + mod_11_10.calc_check_digit(bare)
    tender["parties"][0]["identifier"] = {"scheme": "CN-SAIC", "id": number}
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert row.projects[0].purchaser == f"reg:{number}"


def test_a_credit_code_under_another_countrys_register_is_no_credit_code(
    write_json: Write, tender: Json, credit_code: Make
) -> None:
    tender["parties"][0]["identifier"] = {"scheme": "GB-COH", "id": credit_code(1)}
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert row.projects[0].purchaser == f"foreign:GB:coh:{credit_code(1)}"


def test_instants_are_ordered_by_time_and_not_by_how_they_are_written(
    write_json: Write, tender: Json, award: Json
) -> None:
    tender["date"], award["date"] = "2024-05-01T07:30:00+08:00", "2024-05-01T00:00:00Z"
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert row.projects[0].deadline.day == 8


@pytest.mark.parametrize(
    "change",
    [
        {"id": "0001-02", "date": "2024-05-01T00:00:00Z"},
        {"date": "2024-05-01T00:00:00Z"},
        {"date": "2024-05-01T08:00:00+08:00"},
        {"date": None},
        {"date": "soon"},
        {"date": "0001-01-01T00:00:00+08:00"},
        {"date": "9999-12-31T23:59:59-08:00"},
    ],
    ids=str,
)
def test_releases_whose_order_cannot_be_told_set_their_process_aside(
    write_json: Write, tender: Json, award: Json, change: Json
) -> None:
    taken, (reject,) = read_file(IMPORTER, write_json({"releases": [{**tender, **change}, award]}))
    assert not taken
    assert "先后" in reject.zh


def test_an_award_that_names_no_lot_decides_only_a_tender_of_one(write_json: Write, tender: Json, award: Json) -> None:
    del award["awards"][0]["relatedLots"]
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert results(row)["A", "3"] is BidOutcome.PENDING
    tender["tender"]["lots"] = tender["tender"]["lots"][:1]
    tender["bids"]["details"] = [{"id": "b3", "status": "valid", "tenderers": [reference(3)]}]
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert results(row)[None, "3"] is BidOutcome.LOST


def test_an_award_of_unknown_status_rejects_and_one_without_goes_to_the_review(
    write_json: Write, tender: Json, award: Json
) -> None:
    award["awards"][0]["status"] = "perhaps"
    taken, (reject,) = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert not taken
    assert "perhaps" in reject.zh
    del award["awards"][0]["status"]
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender, award]}))
    assert len(row.doubts) == 1
    assert BidOutcome.WON not in results(row).values()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tenderPeriod": {}}, "截止"),
        ({"tenderPeriod": {"endDate": "2024-04-01T12:00:00"}}, "时区"),
        ({"tenderPeriod": {"endDate": "soon"}}, "时刻"),
        ({"tenderPeriod": {"endDate": "0001-01-01T00:00:00Z"}}, "年份"),
        ({"tenderPeriod": {"endDate": "9999-12-31T23:59:59-08:00"}}, "年份"),
        ({"title": ""}, "标题"),
    ],
)
def test_what_a_project_needs_and_a_process_lacks_sets_it_aside(
    write_json: Write, tender: Json, change: Json, said: str
) -> None:
    tender["tender"].update(change)
    taken, (reject,) = read_file(IMPORTER, write_json({"releases": [tender]}))
    assert not taken
    assert said in reject.zh


def test_an_object_without_ocid_is_rejected_and_the_others_go_in(write_json: Write, tender: Json) -> None:
    taken, rejected = read_file(IMPORTER, write_json({"releases": [tender, {"id": "x"}]}))
    assert (len(taken), len(rejected)) == (1, 1)


def test_a_file_of_something_else_fails_before_anything_is_read(write_json: Write) -> None:
    with pytest.raises(LayoutDrift, match="ocid"):
        read_file(IMPORTER, write_json([{"id": "x", "title": "no process"}]))


async def test_of_a_file_that_breaks_off_nothing_is_written_since_what_is_missing_may_change_it(
    tmp_path: Path, registry: Fake, caller: Caller, write_json: Write, tender: Json, award: Json
) -> None:
    path = write_json({"releases": [tender, award]})
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    report = await run("ocds", path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
    assert (report.read, report.taken, report.rejected) == (1, 0, 1)
    assert not registry.parties


def test_a_package_in_iso_8859_1_reads_as_its_twin_in_utf_8(write_json: Write, tender: Json) -> None:
    tender["tender"]["title"] = "Mantenimiento a máquina y año señalización"
    one = read_file(IMPORTER, write_json({"releases": [tender]}))
    other = read_file(IMPORTER, write_json({"releases": [tender]}, "iso-8859-1", "latin.json"))
    assert one == other


def test_a_package_in_gb18030_is_not_taken_for_iso_8859_1(write_json: Write, tender: Json) -> None:
    tender["tender"]["title"] = "融雪剂采购项目"
    (row,), _ = read_file(IMPORTER, write_json({"releases": [tender]}, "gb18030"))
    assert row.projects[0].name == "融雪剂采购项目"


def test_the_real_twins_read_alike() -> None:
    require("shared data", FOLDER.exists(), "../shared/data is not beside the project")
    names = ("iso-8859-1", "utf-8")
    one, other = (read_file(IMPORTER, FOLDER / f"ocdskit_release-package_encoding-{name}.json") for name in names)
    assert one[0] == other[0]
    assert (len(one[0]), len(one[1])) == (1, 0)


@pytest.mark.parametrize(
    ("name", "taken", "rejected"),
    [
        ("record-package_1.1", 0, 1),
        ("record-package_linked-releases", 2, 0),
        ("record-package_versioned", 2, 0),
        ("release-package-1", 1, 0),
        ("release-package-2", 1, 0),
    ],
)
def test_every_process_of_the_real_packages_is_taken_or_set_aside(name: str, taken: int, rejected: int) -> None:
    require("shared data", FOLDER.exists(), "../shared/data is not beside the project")
    rows, rejects = read_file(IMPORTER, FOLDER / f"ocdskit_{name}.json")
    assert (len(rows), len(rejects)) == (taken, rejected)
