import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credit.errors import LayoutDrift
from credit.model.party import PartyKind, RelationKind
from credit.model.record import PenaltyKind
from credit.model.statements import ROW_PARTY
from credit.model.when import When
from importers.followthemoney import importer
from tests.importers.reading import penalty_of, read_file

IMPORTER = importer()
Make = Callable[..., str]
Json = dict[str, Any]


def entity(entity_id: str, schema: str, **properties: object) -> Json:
    return {"id": entity_id, "caption": "x", "schema": schema, "properties": properties, "datasets": ["test"]}


FIRM = entity("NK-alder", "Company", name=["Alder Works Ltd"], previousName=["Alder & Co"], topics=["debarment"])
OWNER = entity("NK-owner", "Person", name=["Birch Example"], idNumber=["SECRET-1"], birthDate=["1908-01-01"])
SANCTION = entity(
    "NK-s1",
    "Sanction",
    entity=["NK-alder"],
    authority=["Bank of Alders"],
    program=["Debarment from contracts that the Bank finances"],
    reason=["Fraudulent Practice"],
    startDate=["2024-01-05"],
    endDate=["2026-01-04"],
)


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    def write(*entities: Mapping[str, object]) -> Path:
        path = tmp_path / "entities.ftm.json"
        path.write_text("\n".join(json.dumps(e, ensure_ascii=False) for e in entities), encoding="utf-8")
        return path

    return write


def test_a_body_is_an_entry_of_the_source_unless_a_register_names_it(
    lines: Callable[..., Path], credit_code: Make
) -> None:
    lei = "529900T8BM49AURSDO55"
    chinese = entity("NK-c", "Company", name=["云溪科技有限公司"], uscCode=[credit_code(1)])
    taken, _ = read_file(IMPORTER, lines(FIRM, chinese, entity("NK-l", "Company", name=["L"], leiCode=[lei])))
    assert [row.parties[0].id for row in taken] == ["foreign:DE:ftm:NK-alder", credit_code(1), f"lei:{lei}"]
    assert taken[0].parties[0].former_names == ("Alder & Co",)


def test_a_person_is_an_entry_by_name_alone(lines: Callable[..., Path]) -> None:
    (row,), _ = read_file(IMPORTER, lines(OWNER))
    (party,) = row.parties
    assert (party.id, party.kind, party.name, party.entry) == (None, PartyKind.PERSON, "Birch Example", "ftm:NK-owner")


@pytest.mark.parametrize("name", ["Dr. Zhang", "MS Informatica"])
def test_a_body_that_a_register_names_is_one_however_its_name_reads(
    lines: Callable[..., Path], credit_code: Make, name: str
) -> None:
    told = entity("NK-1", "LegalEntity", name=[name], uscCode=[credit_code(1)])
    (row,), _ = read_file(IMPORTER, lines(told))
    assert (row.parties[0].id, row.parties[0].kind) == (credit_code(1), PartyKind.ORGANISATION)


@pytest.mark.parametrize(
    ("name", "kind"), [("Alder Works Ltd", PartyKind.FOREIGN), ("Mr. Birch Example", PartyKind.PERSON)]
)
def test_of_a_legal_entity_the_name_tells_what_it_is(lines: Callable[..., Path], name: str, kind: PartyKind) -> None:
    (row,), _ = read_file(IMPORTER, lines(entity("NK-1", "LegalEntity", name=[name])))
    assert row.parties[0].kind is kind


@pytest.mark.parametrize(("country", "records"), [(["cn"], 0), (["de"], 1), ([], 1)])
def test_a_decision_on_a_mainland_body_by_an_authority_of_its_country_is_for_a_person(
    lines: Callable[..., Path], credit_code: Make, country: list[str], records: int
) -> None:
    chinese = entity("NK-c", "Company", name=["云溪科技有限公司"], uscCode=[credit_code(1)])
    told = sanction(entity=["NK-c"], authority=["Ministry of Finance"], country=country)
    taken, _ = read_file(IMPORTER, lines(chinese, told))
    assert (len(taken[1].records), len(taken[1].doubts)) == (records, 1 - records)


def sanction(**properties: object) -> Json:
    return {**SANCTION, "properties": {**SANCTION["properties"], **properties}}


def test_a_sanction_that_says_it_debars_is_a_ban(lines: Callable[..., Path]) -> None:
    taken, _ = read_file(IMPORTER, lines(SANCTION, FIRM))
    penalty = penalty_of(taken[0])
    assert (penalty.authority.name, penalty.decided_on) == ("Bank of Alders", date(2024, 1, 5))
    assert penalty.kinds == (PenaltyKind.BAN,)
    assert penalty.ban is not None
    assert penalty.ban.until == date(2026, 1, 4)
    assert taken[0].records[0].party == "foreign:DE:ftm:NK-alder"


def test_a_dataset_of_debarments_alone_says_so_of_each(lines: Callable[..., Path]) -> None:
    told = {**sanction(program=[]), "datasets": ["worldbank_debarred"]}
    taken, _ = read_file(IMPORTER, lines(told, FIRM))
    assert penalty_of(taken[0]).kinds == (PenaltyKind.BAN,)


@pytest.mark.parametrize(
    "said",
    [
        {"program": []},
        {"program": ["Exclusion from the health insurance programme"]},
        {"program": ["Conditional non-debarment"]},
        {"program": ["Export control: denied person"], "summary": ["debarred"]},
        {"provisions": ["Voluntary Exclusion"]},
        {"summary": ["The debarment was lifted on 2024-05-01"]},
        {"status": ["Inactive"]},
        {"status": ["Lifted"]},
        {"status": ["Expired"]},
        {"status": ["Suspended"]},
        {"status": ["Suspended 停止执行"]},
        {"status": ["Active", "Inactive"]},
        {"status": ["perhaps"]},
        {"authority": ["云溪市财政局"], "provisions": ["政府采购法第七十七条"]},
        {"authority": ["Ministry of Finance of the PRC"]},
        {"authority": ["Ministry of Finance of the P.R.C."]},
        {"publisher": ["Government Procurement Network of China"]},
    ],
    ids=lambda said: "/".join(map(str, next(iter(said.values())))) or "topic alone",
)
def test_what_is_no_debarment_in_force_goes_to_the_review_and_is_no_record(
    lines: Callable[..., Path], said: Json
) -> None:
    taken, rejected = read_file(IMPORTER, lines(sanction(**said), FIRM))
    assert not rejected
    assert taken[0].records == ()
    assert len(taken[0].doubts) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"startDate": ["2024"]},
        {"startDate": []},
        {"startDate": ["2024-01-01", "2024-02-01"]},
        {"endDate": []},
        {"endDate": ["2025-01-01", "2026-01-01"]},
        {"endDate": ["2023-01-01"]},
        {"authority": []},
        {"authority": ["Bank of Alders", "Bank of Birches"]},
        {"entity": ["NK-alder", "NK-owner"]},
    ],
    ids=str,
)
def test_a_debarment_without_sure_days_authority_or_party_is_rejected(lines: Callable[..., Path], said: Json) -> None:
    taken, rejected = read_file(IMPORTER, lines(FIRM, OWNER, sanction(**said)))
    assert (len(taken), [r.row for r in rejected]) == (2, [3])


@pytest.mark.parametrize(
    "said",
    [
        {"endDate": ["2999-12-31"]},
        {"endDate": ["2999-12-31T00:00:00"]},
        {"endDate": ["2099-12-31"]},
        {"endDate": [], "duration": ["Indefinite"]},
    ],
    ids=str,
)
def test_a_debarment_that_says_so_has_no_end(lines: Callable[..., Path], said: Json) -> None:
    taken, _ = read_file(IMPORTER, lines(FIRM, sanction(**said)))
    ban = penalty_of(taken[1]).ban
    assert ban is not None
    assert (ban.until, ban.indefinite) == (None, True)


def test_a_day_of_listing_is_that_of_publication_and_never_of_beginning(lines: Callable[..., Path]) -> None:
    taken, rejected = read_file(IMPORTER, lines(FIRM, sanction(listingDate=["2024-01-09"]), sanction(startDate=[])))
    assert penalty_of(taken[1]).published_on == When(date(2024, 1, 9))
    assert len(rejected) == 1


def test_a_nested_file_tells_of_what_lies_within_an_entity(lines: Callable[..., Path]) -> None:
    inner = {k: v for k, v in SANCTION.items() if k != "datasets"}
    owning = entity("NK-o", "Ownership", owner=[OWNER], asset=["NK-alder"], percentage=["60"])
    nested = {**FIRM, "properties": {**FIRM["properties"], "sanctions": [inner], "ownershipAsset": [owning]}}
    taken, rejected = read_file(IMPORTER, lines(nested))
    assert not rejected
    assert [row.row for row in taken] == [1, 1, 1]
    assert [len(row.records) for row in taken] == [0, 1, 0]
    assert taken[2].relations[0].share == Decimal("0.6")


def test_a_body_of_two_credit_codes_is_neither(lines: Callable[..., Path], credit_code: Make) -> None:
    told = entity("NK-c", "Company", name=["云溪科技有限公司"], uscCode=[credit_code(1), credit_code(2)])
    (row,), _ = read_file(IMPORTER, lines(told))
    assert row.parties[0].id == "foreign:DE:ftm:NK-c"


def test_a_code_in_free_text_names_nobody(lines: Callable[..., Path], credit_code: Make) -> None:
    told = entity("NK-c", "Company", name=["Alder Ltd"], registrationNumber=[f"子公司 {credit_code(1)}"])
    (row,), _ = read_file(IMPORTER, lines(told))
    assert row.parties[0].id == "foreign:DE:ftm:NK-c"


def test_an_entity_id_that_may_be_an_identity_number_is_rejected(
    lines: Callable[..., Path], identity_number: Callable[[int], str]
) -> None:
    old = identity_number(1)[:6] + identity_number(1)[8:17]
    taken, rejected = read_file(IMPORTER, lines(entity(old, "Company", name=["Alder Ltd"])))
    assert (len(taken), len(rejected)) == (0, 1)


@pytest.mark.parametrize(
    "said",
    [
        {"role": ["former director"]},
        *(
            {"status": [s]}
            for s in ("inactive", "dissolved", "historic", "cancelled", "withdrawn", "expired", "已注销")
        ),
        {"status": ["Active", "closed"]},
        {"role": ["unit_leader", "controls"]},
    ],
    ids=str,
)
def test_a_link_that_is_over_or_says_two_things_is_set_aside(lines: Callable[..., Path], said: Json) -> None:
    link = entity("NK-d", "Directorship", director=["NK-owner"], organization=["NK-alder"], **said)
    taken, rejected = read_file(IMPORTER, lines(FIRM, OWNER, link))
    assert (len(taken), len(rejected)) == (2, 1)


@pytest.mark.parametrize(
    "said", [{}, {"status": ["Active"]}, {"status": ["dissolved"], "endDate": ["2024-05-01"]}], ids=str
)
def test_a_link_in_force_or_with_its_end_is_a_relation(lines: Callable[..., Path], said: Json) -> None:
    link = entity("NK-d", "Directorship", director=["NK-owner"], organization=["NK-alder"], **said)
    taken, _ = read_file(IMPORTER, lines(FIRM, OWNER, link))
    assert taken[2].relations[0].until == (date(2024, 5, 1) if "endDate" in said else None)


@pytest.mark.parametrize("said", [{"ownershipType": ["indirect"]}, {"percentage": ["40", "60"]}], ids=str)
def test_an_indirect_holding_or_two_shares_make_no_shareholder(lines: Callable[..., Path], said: Json) -> None:
    owning = entity("NK-o", "Ownership", owner=["NK-owner"], asset=["NK-alder"], **said)
    _, rejected = read_file(IMPORTER, lines(FIRM, OWNER, owning))
    assert len(rejected) == 1


@pytest.mark.parametrize(
    ("properties", "share"),
    [({"percentage": ["51.5 %"]}, Decimal("0.515")), ({"percentage": ["7"]}, Decimal("0.07")), ({}, None)],
)
def test_an_ownership_is_a_shareholding(lines: Callable[..., Path], properties: Json, share: Decimal | None) -> None:
    owning = entity("NK-o", "Ownership", owner=["NK-owner"], asset=["NK-alder"], **properties)
    taken, _ = read_file(IMPORTER, lines(owning, FIRM, OWNER))
    (relation,) = taken[0].relations
    assert (relation.kind, relation.source, relation.share) == (RelationKind.SHAREHOLDER, ROW_PARTY, share)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("法定代表人", RelationKind.UNIT_LEADER),
        ("Legal Representative", RelationKind.UNIT_LEADER),
        ("treasurer", RelationKind.MANAGES),
    ],
)
def test_a_directorship_is_told_by_its_role(lines: Callable[..., Path], role: str, kind: RelationKind) -> None:
    directing = entity("NK-d", "Directorship", director=["NK-owner"], organization=["NK-alder"], role=[role])
    taken, _ = read_file(IMPORTER, lines(FIRM, OWNER, directing))
    assert taken[2].relations[0].kind is kind


@pytest.mark.parametrize(
    "wrong",
    [
        entity("NK-1", "Vessel", name=["Alder"]),
        entity("NK-1", "Company"),
        entity("NK-1", "LegalEntity", name=["Alder Birch"]),
        entity("NK-1", "Ownership", owner=["NK-nobody"], asset=["NK-alder"]),
        entity("NK-1", "Ownership", owner=["NK-owner"], asset=["NK-alder"], percentage=["most"]),
        entity("NK-1", "Ownership", owner=["NK-alder"], asset=["NK-owner"]),
        entity("NK-1", "UnknownLink", subject=["NK-owner"], object=["NK-alder"], role=["friend"]),
    ],
)
def test_what_is_not_certain_is_set_aside_alone(lines: Callable[..., Path], wrong: Json) -> None:
    wrong = {**wrong, "caption": ""} if wrong["schema"] == "Company" else wrong
    taken, rejected = read_file(IMPORTER, lines(FIRM, OWNER, wrong))
    assert (len(taken), [r.row for r in rejected]) == (2, [3])


def test_of_a_persons_papers_nothing_goes_to_the_rejects(lines: Callable[..., Path]) -> None:
    passport = entity("NK-p", "Passport", holder=["NK-owner"], number=["SECRET-1"])
    _, (reject,) = read_file(IMPORTER, lines(OWNER, {**passport, "caption": "SECRET-1"}))
    assert "SECRET-1" not in json.dumps(reject.raw)


def test_a_file_of_something_else_fails(lines: Callable[..., Path]) -> None:
    with pytest.raises(LayoutDrift, match="schema"):
        read_file(IMPORTER, lines({"id": "NK-1", "name": "Alder"}))
