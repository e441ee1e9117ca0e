"""The export is checked by FollowTheMoney's own validator where it is installed, and always by the rules it applies.

``ftm_schema.json`` holds, of the schemata that we write, which properties are required and of what type each is.
"""

import importlib.util
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from credit.model.party import Contact, Party, PartyId, PartyKind, Relation, RelationKind
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Category,
    Event,
    EventKind,
    Listing,
    Penalty,
    PenaltyKind,
    Record,
    RecordId,
    Source,
)
from credit.model.when import When
from importers.export_ftm import entities, entity_id, party_entity, sanction_entity, write_entities
from importers.followthemoney import importer
from tests.importers.reading import read_file

Make = Callable[..., str]
Json = Mapping[str, Any]
SCHEMATA = json.loads((Path(__file__).parent / "ftm_schema.json").read_text(encoding="utf-8"))
TYPES = {
    "entity": re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "country": re.compile(r"[a-z]{2}"),
    "url": re.compile(r"https?://\S+"),
}
FOREIGN = PartyId("foreign:GB:coh:06292597")
PERSON = PartyId("person:0a1b2c")


@pytest.fixture
def parties(credit_code: Make) -> list[Party]:
    """A company, a public body, an association, an individual business, a foreign firm, an LEI, a person."""
    names = {"91": "云溪科技有限公司", "11": "某某县财政局", "51": "某某协会", "92": "云溪副食店"}
    kinds = dict.fromkeys(names, PartyKind.ORGANISATION) | {"92": PartyKind.INDIVIDUAL_BUSINESS}
    chinese = [Party(PartyId(credit_code(n, prefix=p)), kinds[p], name) for n, (p, name) in enumerate(names.items(), 1)]
    foreign = Party(FOREIGN, PartyKind.FOREIGN, "Alder Ltd", contacts=(Contact("address", "1 Mill Lane, Leeds"),))
    lei = Party(PartyId("lei:529900T8BM49AURSDO55"), PartyKind.FOREIGN, "Birch AG")
    first = replace(chinese[0], former_names=("云溪软件有限公司",), established_on=date(2015, 3, 1))
    return [first, *chinese[1:], foreign, lei, Party(PERSON, PartyKind.PERSON, "某甲乙")]


@pytest.fixture
def relations(parties: list[Party]) -> list[Relation]:
    """One of each kind."""
    target = parties[0].id
    share = {RelationKind.SHAREHOLDER: Decimal("0.5100")}
    return [
        Relation(f"rel_{n}", kind, FOREIGN, target, share.get(kind), date(2020, 1, 1))
        for n, kind in enumerate(RelationKind)
    ]


@pytest.fixture
def records(parties: list[Party]) -> list[Record]:
    """A penalty with a ban, and an entry on a list."""
    penalty = Penalty(
        doc_no="云财采罚〔2024〕7号",
        authority=Authority("云溪市财政局"),
        decided_on=date(2024, 1, 5),
        violation="提供虚假材料谋取中标",
        category=Category.FALSE_MATERIALS,
        kinds=(PenaltyKind.FINE, PenaltyKind.BAN),
        fine=Decimal("5000.00"),
        legal_basis=("采购法 77",),
        ban=Ban(BanScope.PROCUREMENT, from_=When(date(2024, 1, 10)), until=date(2025, 1, 9)),
    )
    listing = Listing(list="L03", listed_on=date(2024, 3, 1), ground="违反财产报告制度", doc_no="（2024）某1号")
    source = Source("来源", "https://www.example.org/list")
    return [
        Record(RecordId("pen_1"), parties[0].id, penalty, source, 1, "key"),
        Record(RecordId("lst_1"), FOREIGN, listing, source, 2, "key"),
    ]


@pytest.fixture
def told(parties: list[Party], relations: list[Relation], records: list[Record]) -> list[Json]:
    return [dict(e) for e in entities(parties, relations, records)]


def test_every_entity_keeps_the_rules_of_its_schema(told: list[Json]) -> None:
    assert {e["schema"] for e in told} == set(SCHEMATA)
    for entity in told:
        schema = SCHEMATA[entity["schema"]]
        assert TYPES["entity"].fullmatch(entity["id"])
        assert set(schema["required"]) <= set(entity["properties"])
        for name, values in entity["properties"].items():
            form = TYPES.get(schema["properties"][name])
            assert values
            assert all(isinstance(v, str) and v and (form is None or form.fullmatch(v)) for v in values), name


if importlib.util.find_spec("followthemoney"):  # it needs ICU and has no wheel; the test above always runs

    def test_its_own_validator_accepts_every_entity(told: list[Json]) -> None:
        model: Any = import_module("followthemoney").model
        for entity in told:
            schema = model.get(entity["schema"])
            assert set(entity["properties"]) <= set(schema.properties)
            schema.validate(entity)
            proxy = model.get_proxy(dict(entity), cleaned=False)
            assert {k: sorted(v) for k, v in proxy.to_dict()["properties"].items()} == {
                k: sorted(v) for k, v in entity["properties"].items()
            }


def test_the_number_of_a_party_is_a_property(told: list[Json], credit_code: Make) -> None:
    assert told[0]["properties"]["uscCode"] == [credit_code(1, prefix="91")]
    assert told[4]["properties"]["jurisdiction"] == ["gb"]
    assert told[4]["id"] == "foreign.GB.coh.06292597"
    assert told[5]["properties"]["leiCode"] == ["529900T8BM49AURSDO55"]


def test_a_persons_name_is_masked_unless_asked_for(parties: list[Party]) -> None:
    assert party_entity(parties[-1])["properties"] == {"name": ["某**"]}
    assert party_entity(parties[-1], persons=True)["properties"] == {"name": ["某甲乙"]}


def test_an_identity_number_in_a_text_is_masked(records: list[Record], identity_number: Make) -> None:
    penalty = records[0].content
    assert isinstance(penalty, Penalty)
    record = replace(records[0], content=replace(penalty, violation=f"某甲（{identity_number(1)}）提供虚假材料"))
    assert identity_number(1) not in json.dumps(sanction_entity(record), ensure_ascii=False)


@pytest.mark.parametrize("kind", [EventKind.ANNULLED, EventKind.REPAIRED, EventKind.ENTERED_IN_ERROR])
def test_a_withdrawn_record_stays_here(records: list[Record], kind: EventKind) -> None:
    gone = replace(records[0], events=(Event("evt_1", kind, When(date(2024, 6, 1))),))
    assert not list(entities((), (), [gone]))


def test_a_suspension_is_told_as_its_status(records: list[Record]) -> None:
    record = replace(records[0], events=(Event("evt_1", EventKind.SUSPENDED, When(date(2024, 6, 1))),))
    properties: Any = sanction_entity(record)["properties"]
    assert properties["status"] == ["Suspended 停止执行"]


def test_the_dates_of_a_ban_are_those_of_the_sanction(told: list[Json]) -> None:
    sanction = next(e for e in told if e["schema"] == "Sanction")["properties"]
    assert (sanction["listingDate"], sanction["startDate"]) == (["2024-01-05"], ["2024-01-10"])
    assert sanction["endDate"] == ["2025-01-09"]


def test_two_ids_with_odd_signs_never_meet() -> None:
    assert entity_id("foreign:MX:rfc:a/b") != entity_id("foreign:MX:rfc:a-b")


def test_entities_are_written_one_a_line(told: list[Json]) -> None:
    out = io.StringIO()
    assert write_entities(out, iter(told)) == len(told)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == told


def test_what_is_written_is_read_back_to_the_same_parties_and_relations(
    tmp_path: Path, told: list[Json], parties: list[Party], relations: list[Relation]
) -> None:
    path = tmp_path / "entities.ftm.json"
    with path.open("w", encoding="utf-8") as out:
        write_entities(out, told)
    taken, rejected = read_file(importer(), path)
    assert not rejected
    assert not any(row.records for row in taken)  # decisions of the mainland's authorities are told by their own lists
    assert [row.parties[0].id for row in taken[:6]] == [p.id for p in parties[:6]]
    read = [r for row in taken for r in row.relations]
    assert [(r.kind, r.source, r.target, r.share, r.since) for r in read] == [
        (r.kind, r.source, r.target, r.share, r.since) for r in relations
    ]
