import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credit.errors import LayoutDrift
from credit.model.party import PartyKind, RelationKind
from credit.model.statements import ROW_PARTY, RelationStatement
from importers.bods import importer
from tests.conftest import require
from tests.importers.reading import SHARED, read_file

IMPORTER = importer()
FOLDER = SHARED / "ownership/bods_examples"
Make = Callable[..., str]
Write = Callable[..., Path]
Json = dict[str, Any]
FIRM = "foreign:GB:coh:01234567"


def statement(kind: str, record: str, details: Json, **more: object) -> Json:
    """A statement of version 0.4."""
    return {
        "statementId": f"statement-{kind}-{record}-{more.get('statementDate', '')}-{more.get('recordStatus', '')}",
        "declarationSubject": "firm",
        "statementDate": "2024-01-01",
        "publicationDetails": {"bodsVersion": "0.4", "publisher": {"name": "A Register"}},
        "recordId": record,
        "recordStatus": "new",
        "recordType": kind,
        "recordDetails": details,
        **more,
    }


def entity(record: str, name: str, *identifiers: Json, **more: object) -> Json:
    details = {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": name, **more}
    return statement("entity", record, {**details, "identifiers": list(identifiers)})


def owning(*interests: Json, holder: object = "person", **more: object) -> Json:
    return statement(
        "relationship", "r1", {"subject": "firm", "interestedParty": holder, "interests": list(interests)}, **more
    )


@pytest.fixture
def firm() -> Json:
    return entity("firm", "Alder Works Ltd", {"scheme": "GB-COH", "id": "01234567"})


@pytest.fixture
def someone() -> Json:
    names = [{"type": "legal", "fullName": "Alder Example"}]
    details = {"personType": "knownPerson", "names": names, "birthDate": "1908-01-01"}
    return statement("person", "person", {**details, "identifiers": [{"scheme": "GBR-X", "id": "SECRET-1"}]})


@pytest.fixture
def relations(write_json: Write, firm: Json, someone: Json) -> Callable[..., tuple[RelationStatement, ...]]:
    """Read the relations that interests in the firm come to."""

    def read(*interests: Json, **more: object) -> tuple[RelationStatement, ...]:
        taken, _ = read_file(IMPORTER, write_json([firm, someone, owning(*interests, **more)]))
        return tuple(r for row in taken for r in row.relations)

    return read


SHARE = {"type": "shareholding", "directOrIndirect": "direct", "startDate": "2020-05-01", "share": {"exact": 76.5}}


def test_an_exact_direct_share_is_a_shareholders(relations: Callable[..., Any]) -> None:
    (relation,) = relations(SHARE)
    assert relation == RelationStatement(
        kind=RelationKind.SHAREHOLDER,
        source=ROW_PARTY,
        target=FIRM,
        share=Decimal("0.765"),
        since=date(2020, 5, 1),
    )


@pytest.mark.parametrize(
    ("share", "kinds"),
    [
        ({"minimum": 75, "exclusiveMaximum": 100}, {RelationKind.SHAREHOLDER, RelationKind.CONTROLS}),
        ({"exclusiveMinimum": 50, "maximum": 75}, {RelationKind.SHAREHOLDER, RelationKind.CONTROLS}),
        ({"minimum": 50, "maximum": 75}, {RelationKind.SHAREHOLDER}),
        ({"minimum": 50, "exclusiveMinimum": True}, {RelationKind.SHAREHOLDER, RelationKind.CONTROLS}),
        ({}, {RelationKind.SHAREHOLDER}),
    ],
)
def test_a_range_has_no_share_but_more_than_half_is_control(
    relations: Callable[..., Any], share: Json, kinds: set[RelationKind]
) -> None:
    found = relations({**SHARE, "share": share})
    assert {r.kind for r in found} == kinds
    assert {r.share for r in found} == {None}


@pytest.mark.parametrize(
    ("interest", "kind"),
    [
        ({**SHARE, "directOrIndirect": "indirect"}, RelationKind.CONTROLS),
        ({"type": "votingRights", "share": {"exact": 51}}, RelationKind.CONTROLS),
        ({"type": "appointmentOfBoard"}, RelationKind.CONTROLS),
        ({"type": "controlByLegalFramework"}, RelationKind.CONTROLS),
        ({"type": "boardMember"}, RelationKind.MANAGES),
    ],
)
def test_control_and_management_are_told_by_the_interest(
    relations: Callable[..., Any], interest: Json, kind: RelationKind
) -> None:
    assert [r.kind for r in relations(interest)] == [kind]


@pytest.fixture
def owner_firm() -> Json:
    return entity("holder", "Birch Ltd", {"scheme": "GB-COH", "id": "07654321"})


@pytest.mark.parametrize(
    ("interest", "kinds"),
    [
        ({**SHARE, "directOrIndirect": "direct"}, [RelationKind.SHAREHOLDER]),
        ({**SHARE, "directOrIndirect": "indirect"}, []),
        ({**SHARE, "directOrIndirect": "unknown"}, []),
        ({"type": "votingRights", "share": {"exact": 51}}, []),
        ({"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 51}}, [RelationKind.CONTROLS]),
        ({"type": "appointmentOfBoard"}, []),
    ],
)
def test_a_body_controls_only_directly_and_else_a_person_reads(
    write_json: Write, firm: Json, owner_firm: Json, interest: Json, kinds: list[RelationKind]
) -> None:
    taken, rejected = read_file(IMPORTER, write_json([firm, owner_firm, owning(interest, holder="holder")]))
    assert not rejected
    assert [r.kind for r in taken[2].relations] == kinds
    assert len(taken[2].doubts) == (0 if kinds else 1)


@pytest.mark.parametrize("kind", ["otherInfluenceOrControl", "influence-or-control"])
def test_influence_that_need_not_be_control_goes_to_the_review(
    write_json: Write, firm: Json, someone: Json, kind: str
) -> None:
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, owning({"type": kind}, SHARE)]))
    assert not rejected
    assert [r.kind for r in taken[2].relations] == [RelationKind.SHAREHOLDER]
    assert "Q18" in taken[2].doubts[0][0]


@pytest.mark.parametrize(
    "interest",
    [
        {**SHARE, "share": {"exact": 30, "minimum": 40}},
        {**SHARE, "share": {"exact": 30, "exclusiveMaximum": 25}},
        {**SHARE, "share": {"minimum": 60, "maximum": 40}},
        {**SHARE, "share": {"exact": 0}},
        {**SHARE, "directOrIndirect": "indirect", "share": {"exact": 50}},
        {"type": "votingRights", "share": {"exact": 50}},
        {"type": "settlor"},
        {"directOrIndirect": "unknown"},
        {"type": "handshake"},
        {**SHARE, "share": {"exact": 101}},
        {**SHARE, "share": {"exact": "half"}},
        {**SHARE, "share": {"exact": "NaN"}},
        {**SHARE, "endDate": "2019-01-01"},
    ],
)
def test_an_interest_that_is_no_relation_or_no_right_one_rejects_the_statement_alone(
    write_json: Write, firm: Json, someone: Json, interest: Json
) -> None:
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, owning(interest)]))
    assert (len(taken), [r.row for r in rejected]) == (2, [3])


def test_a_person_is_an_entry_of_the_publisher_by_name_alone(write_json: Write, someone: Json) -> None:
    (row,), _ = read_file(IMPORTER, write_json([someone]))
    (party,) = row.parties
    assert (party.id, party.kind, party.name) == (None, PartyKind.PERSON, "Alder Example")
    assert str(party.entry).startswith("bods:")
    assert not isinstance(party.identity_number, str)


def test_nothing_of_a_person_goes_to_the_rejects(write_json: Write, someone: Json) -> None:
    someone["recordDetails"]["personType"] = "unknownPerson"
    _, (reject,) = read_file(IMPORTER, write_json([someone]))
    assert not {"SECRET-1", "1908-01-01", "Alder Example"} & set(json.dumps(reject.raw).split('"'))


def test_the_order_of_statements_does_not_matter(write_json: Write, firm: Json, someone: Json) -> None:
    one, _ = read_file(IMPORTER, write_json([firm, someone, owning(SHARE)]))
    other, _ = read_file(IMPORTER, write_json([owning(SHARE), someone, firm]))
    assert one[2].relations == other[0].relations
    assert one[2].parties == other[0].parties


def test_of_several_statements_of_a_record_the_last_speaks(write_json: Write, firm: Json, someone: Json) -> None:
    updated = owning({**SHARE, "share": {"exact": 20}}, recordStatus="updated", statementDate="2024-06-01")
    taken, _ = read_file(IMPORTER, write_json([updated, firm, someone, owning(SHARE)]))
    assert [r.share for row in taken for r in row.relations] == [Decimal("0.2")]


def test_a_closed_record_ends_its_relation(write_json: Write, firm: Json, someone: Json) -> None:
    closed = owning(SHARE, recordStatus="closed", statementDate="2024-06-01")
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, closed, owning(SHARE)]))
    assert not rejected
    (relation,) = [r for row in taken for r in row.relations]
    assert relation.until == date(2024, 6, 1)


def test_a_closed_record_without_a_day_is_rejected(write_json: Write, firm: Json, someone: Json) -> None:
    closed = owning(SHARE, recordStatus="closed", statementDate="")
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, closed]))
    assert (len(taken), len(rejected)) == (2, 1)


def test_a_statement_told_twice_is_one_and_two_that_differ_under_one_id_are_none(
    write_json: Write, firm: Json, someone: Json
) -> None:
    told = owning(SHARE)
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, told, told]))
    assert not rejected
    assert len({r for row in taken for r in row.relations}) == 1
    other = {**told, "recordDetails": {**told["recordDetails"], "interests": [{**SHARE, "share": {"exact": 9}}]}}
    taken, rejected = read_file(IMPORTER, write_json([firm, someone, told, other]))
    assert not any(row.relations for row in taken)
    assert [r.row for r in rejected] == [3, 4]


def test_a_number_that_two_publishers_give_names_nobody(write_json: Write, firm: Json, someone: Json) -> None:
    other = {**firm, "statementId": "x", "publicationDetails": {"publisher": {"name": "Another Register"}}}
    taken, rejected = read_file(IMPORTER, write_json([firm, other, someone, owning(SHARE)]))
    assert not any(row.relations for row in taken)
    assert 4 in [r.row for r in rejected]


def test_an_entity_numbered_as_a_person_is_rejected(write_json: Write, identity_number: Callable[[int], str]) -> None:
    old = identity_number(1)[:6] + identity_number(1)[8:17]
    rows = [entity(old, "Birch"), entity("e-1", "Birch", {"scheme": "GBR-PASSPORT", "id": "SECRET-1"})]
    taken, rejected = read_file(IMPORTER, write_json(rows))
    assert (len(taken), len(rejected)) == (0, 2)
    assert "SECRET-1" not in str([r.raw for r in rejected])


def test_a_replaced_statement_of_0_2_is_not_told_beside_its_successor(write_json: Write, older: list[Json]) -> None:
    share = older[3]["interests"][0]
    newer = {
        **older[3],
        "statementID": "share-2",
        "statementDate": "2022-01-01",
        "replacesStatements": ["share-1"],
        "interests": [{**share, "startDate": "2022-01-01", "share": {"exact": 60}}],
    }
    taken, rejected = read_file(IMPORTER, write_json([*older, newer]))
    assert not rejected
    assert [r.share for row in taken for r in row.relations] == [Decimal("0.6")]


def test_a_body_without_a_known_register_is_an_entry_of_the_publisher(write_json: Write) -> None:
    told = entity("e-1", "Birch Oy", {"schemeName": "Some register", "id": "1"}, jurisdiction={"code": "FI"})
    (row,), _ = read_file(IMPORTER, write_json([told]))
    assert str(row.parties[0].id).startswith("foreign:FI:bods-")
    assert str(row.parties[0].id).endswith(":e-1")


def test_a_mainland_body_is_named_by_its_credit_code(write_json: Write, credit_code: Make) -> None:
    told = entity("e-1", "云溪科技有限公司", {"scheme": "CN-SAIC", "id": credit_code(1)}, jurisdiction={"code": "CN"})
    (row,), _ = read_file(IMPORTER, write_json([told]))
    assert row.parties[0].id == credit_code(1)


@pytest.mark.parametrize(
    "change",
    [
        {"statementId": None},
        {"recordType": "rumour"},
        {"recordStatus": "perhaps"},
        {"recordDetails": None},
        {"recordDetails": {"entityType": {"type": "registeredEntity"}}},
        {"recordDetails": {"name": "Birch"}},
        {"recordDetails": {"entityType": {"type": "anonymousEntity"}, "name": "Birch"}},
        {"statementDate": "yesterday"},
    ],
)
def test_an_invalid_statement_is_rejected_and_the_others_go_in(write_json: Write, firm: Json, change: Json) -> None:
    wrong = {**entity("other", "Birch"), **change}
    taken, rejected = read_file(IMPORTER, write_json([firm, wrong]))
    assert (len(taken), [r.row for r in rejected]) == (1, [2])


@pytest.mark.parametrize("holder", ["nobody", {"reason": "subjectExemptFromDisclosure"}])
def test_an_owner_that_the_file_does_not_describe_rejects_the_statement(
    write_json: Write, firm: Json, holder: object
) -> None:
    _, (reject,) = read_file(IMPORTER, write_json([firm, owning(SHARE, holder=holder)]))
    assert "权益人" in reject.zh


@pytest.fixture
def older() -> list[Json]:
    """Statements of version 0.2: the firm told anew, and a share of it."""
    publication = {"publicationDetails": {"bodsVersion": "0.2", "publisher": {"name": "A Register"}}}
    body = {"statementType": "entityStatement", "entityType": "registeredEntity", "statementDate": "2020-01-01"}
    return [
        {**body, **publication, "statementID": "firm-1", "name": "Alder Works"},
        {**body, **publication, "statementID": "firm-2", "name": "Alder Works Ltd", "replacesStatements": ["firm-1"]},
        {**body, **publication, "statementID": "owner-1", "name": "Birch Ltd"},
        {
            **publication,
            "statementID": "share-1",
            "statementType": "ownershipOrControlStatement",
            "statementDate": "2020-01-01",
            "subject": {"describedByEntityStatement": "firm-1"},
            "interestedParty": {"describedByEntityStatement": "owner-1"},
            "interests": [{"type": "shareholding", "interestLevel": "direct", "share": {"exact": 40}}],
        },
    ]


def test_statements_of_0_2_read_as_those_of_0_4(write_json: Write, older: list[Json]) -> None:
    taken, rejected = read_file(IMPORTER, write_json(older))
    assert not rejected
    (relation,) = taken[3].relations
    assert relation.share == Decimal("0.4")
    assert relation.target == taken[0].parties[0].id == taken[1].parties[0].id
    assert {row.parties[0].name for row in taken[:2]} == {"Alder Works Ltd"}


def test_json_lines_read_as_an_array(tmp_path: Path, write_json: Write, older: list[Json]) -> None:
    path = tmp_path / "bods.jsonl"
    path.write_text("\n".join(map(json.dumps, older)), encoding="utf-8")
    assert read_file(IMPORTER, path) == read_file(IMPORTER, write_json(older))


def test_a_file_that_breaks_off_gives_nothing(write_json: Write, firm: Json, someone: Json) -> None:
    path = write_json([firm, someone, owning(SHARE)])
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    with pytest.raises(LayoutDrift, match="完整"):
        read_file(IMPORTER, path)


def test_a_file_of_something_else_fails(write_json: Write) -> None:
    with pytest.raises(LayoutDrift, match="声明"):
        read_file(IMPORTER, write_json([{"id": "1", "type": "entity"}]))


def test_every_real_statement_is_taken_or_rejected_for_itself() -> None:
    require("shared data", FOLDER.exists(), "../shared/data is not beside the project")
    read = [read_file(IMPORTER, path) for path in sorted(FOLDER.iterdir())]
    taken = [row for rows, _ in read for row in rows]
    assert len(taken) + sum(len(rejected) for _, rejected in read) == 119
    assert sum(len(rejected) for _, rejected in read) == 16
    assert sum(len(row.relations) for row in taken) > 30
