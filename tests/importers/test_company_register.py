from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.model.party import PartyKind, PartyStatus
from credit.model.record import Source
from credit.model.statements import UNSET, PartyStatement
from importers.company_register import importer
from importers.source import Row

IMPORTER = importer()
Make = Callable[..., str]


def read(**values: str) -> PartyStatement:
    (party,) = IMPORTER.read(Row(2, values, values), Source("名录")).parties
    return party


@pytest.fixture
def row(credit_code: Make) -> Mapping[str, Any]:
    return {"code": credit_code(1), "name": "某某科技有限公司"}


def test_a_row_registers_a_party_with_what_it_says(row: Mapping[str, Any], credit_code: Make) -> None:
    party = read(
        **row,
        address="四川省资阳市雁江区某路1号",
        status="存续",
        former_names="甲公司；乙公司",
        established_on="2015/3/1",
    )
    assert party == PartyStatement(
        id=credit_code(1),
        kind=PartyKind.ORGANISATION,
        name="某某科技有限公司",
        region="512000",
        status=PartyStatus.ACTIVE,
        former_names=("甲公司", "乙公司"),
        established_on=date(2015, 3, 1),
    )


def test_what_a_row_does_not_say_is_left_as_it_is_held(row: Mapping[str, Any]) -> None:
    party = read(**row)
    assert {party.region, party.status, party.former_names, party.established_on, party.roles} == {UNSET}
    assert not party.only_if_new


def test_a_code_is_repaired(row: Mapping[str, Any], credit_code: Make) -> None:
    wide = credit_code(1).lower().replace("9", "９")
    assert read(**{**row, "code": f" {wide[:9]} {wide[9:]}\n"}).id == credit_code(1)


def test_a_code_that_begins_with_92_is_an_individual_business(row: Mapping[str, Any], credit_code: Make) -> None:
    assert read(**{**row, "code": credit_code(1, prefix="92")}).kind is PartyKind.INDIVIDUAL_BUSINESS


def test_an_older_number_names_an_organisation_too(row: Mapping[str, Any], credit_code: Make) -> None:
    inner = credit_code(1)[8:17]
    assert read(**{**row, "code": f"{inner[:8]}-{inner[8]}"}).id == f"org:{inner}"


@pytest.mark.parametrize(
    ("word", "status"), [("吊销，未注销", PartyStatus.REVOKED), ("注销", PartyStatus.DEREGISTERED)]
)
def test_the_registers_words_for_a_state_are_known(row: Mapping[str, Any], word: str, status: PartyStatus) -> None:
    assert read(**row, status=word).status is status


@pytest.mark.parametrize(
    ("given", "address", "region"),
    [
        ("512002", "陕西省西安市", "512002"),
        ("资阳市", "", "512000"),
        ("", "陕西省西安市灞桥区", "610100"),
        ("", "北京市海淀区", "110000"),
        ("", "某某路1号", UNSET),
    ],
)
def test_a_region_is_the_code_given_else_the_place_that_the_address_begins_with(
    row: Mapping[str, Any], given: str, address: str, region: object
) -> None:
    assert read(**row, region=given, address=address).region == region


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"status": "飞走"}, {"region": "某地"}, {"established_on": "去年"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_cell_that_is_not_understood_rejects_the_row(row: Mapping[str, Any], wrong: Mapping[str, str]) -> None:
    with pytest.raises(FieldInvalid):
        read(**{**row, **wrong})


def test_a_wrong_code_rejects_the_row(row: Mapping[str, Any], credit_code: Make) -> None:
    code = credit_code(1)
    with pytest.raises(IdentifierInvalid):
        read(**{**row, "code": code[:-1] + ("0" if code[-1] != "0" else "1")})
