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


@pytest.mark.parametrize(
    ("name", "kind"), [("Alder Works Ltd", PartyKind.FOREIGN), ("Mr. Birch Example", PartyKind.PERSON)]
)
def test_of_a_legal_entity_the_name_tells_what_it_is(lines: Callable[..., Path], name: str, kind: PartyKind) -> None:
    (row,), _ = read_file(IMPORTER, lines(entity("NK-1", "LegalEntity", name=[name])))
    assert row.parties[0].kind is kind


def test_a_sanction_on_a_debarred_entity_is_a_ban(lines: Callable[..., Path]) -> None:
    taken, _ = read_file(IMPORTER, lines(SANCTION, FIRM))
    penalty = penalty_of(taken[0])
    assert (penalty.authority.name, penalty.decided_on) == ("Bank of Alders", date(2024, 1, 5))
    assert penalty.kinds == (PenaltyKind.BAN,)
    assert penalty.ban is not None
    assert penalty.ban.until == date(2026, 1, 4)
    assert taken[0].records[0].party == "foreign:DE:ftm:NK-alder"


def test_another_sanction_is_no_ban(lines: Callable[..., Path]) -> None:
    firm = {**FIRM, "properties": {**FIRM["properties"], "topics": ["sanction"]}}
    taken, _ = read_file(IMPORTER, lines(firm, SANCTION))
    assert penalty_of(taken[1]).kinds == (PenaltyKind.OTHER,)
    assert penalty_of(taken[1]).ban is None


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
        entity("NK-1", "Sanction", entity=["NK-alder"], authority=["Bank of Alders"], startDate=["2024"]),
        entity("NK-1", "Sanction", entity=["NK-alder"], startDate=["2024-01-01"]),
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
