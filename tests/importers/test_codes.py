from collections.abc import Callable

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid, IdentifierInvalid
from importers.codes import identifier_in, is_masked_persons, is_persons, recognised
from importers.source import Row

NUMBER = "440301103097413"
# Of somebody born on 1908-01-01, in the old form, and a right registration number too.
PERSONS = next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))


def row(**codes: str) -> Row:
    return Row(1, codes, codes)


def test_the_surest_code_of_a_row_names_its_party() -> None:
    codes = {"code": "91512002MAF0000126", "organisation_code": "MAF00001-2", "registration_number": NUMBER}
    assert identifier_in(row(**codes)).id == "91512002MAF0000126"
    assert identifier_in(row(**{**codes, "code": "/"})).id == "org:MAF000012"
    assert identifier_in(row(registration_number=NUMBER, code="000000000000000")).id == f"reg:{NUMBER}"


@pytest.mark.parametrize("field", ["code", "organisation_code"])
def test_what_reads_as_a_persons_number_is_a_registration_number_in_its_own_column_alone(field: str) -> None:
    with pytest.raises(FieldInvalid, match="公民身份号码") as refused:
        identifier_in(row(**{field: PERSONS}))
    assert PERSONS[6:12] not in str(refused.value)
    assert identifier_in(row(registration_number=PERSONS)).id == f"reg:{PERSONS}"


def test_a_persons_number_whose_check_digit_as_a_registration_number_is_wrong_is_none_anywhere() -> None:
    wrong = PERSONS[:-1] + str((int(PERSONS[-1]) + 1) % 10)
    with pytest.raises(IdentifierInvalid) as refused:
        identifier_in(row(registration_number=wrong))
    assert wrong[6:12] not in str(refused.value)


def test_fifteen_digits_without_a_day_of_birth_or_a_province_are_no_persons() -> None:
    assert recognised(NUMBER).id == f"reg:{NUMBER}"
    nobodys = next(n for i in range(1000) if mod_11_10.is_valid(n := f"100000080101{i:03d}"))
    assert recognised(nobodys).id == f"reg:{nobodys}"


def test_a_registration_number_holds_no_organisation_code_to_compare() -> None:
    both = row(code=NUMBER, organisation_code="MAF00001-2")
    assert identifier_in(both).id == "org:MAF000012"
    assert identifier_in(row(code=NUMBER, organisation_code="MAF0****2")).id == f"reg:{NUMBER}"
    with pytest.raises(FieldInvalid, match="不是同一主体"):
        identifier_in(row(code="91512002MAF0000126", organisation_code="MAF000039"))


def test_codes_in_other_columns_are_read_by_the_same_rules() -> None:
    fields = ("credit_code", "organisation_code", "number")
    assert identifier_in(row(credit_code="—", number=PERSONS), fields=fields).id == f"reg:{PERSONS}"
    with pytest.raises(FieldInvalid, match="公民身份号码"):
        identifier_in(row(credit_code=PERSONS), fields=fields)


def test_a_whole_identity_number_is_told_to_be_one(identity_number: Callable[..., str]) -> None:
    number = identity_number(1)
    assert (is_persons(number), is_persons("91512002MAF0000126"), is_persons(NUMBER)) == (True, False, False)
    with pytest.raises(FieldInvalid, match="公民身份号码") as refused:
        recognised(number)
    assert number[6:14] not in str(refused.value)


@pytest.mark.parametrize("code", ["", "/", "无", "9151****0126"])
def test_without_a_whole_code_nobody_is_named(code: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        identifier_in(row(code=code))


@pytest.mark.parametrize(
    ("code", "masked"),
    [
        ("1101051908****0010", True),
        ("110105********0010", True),
        ("1101051908＊＊＊＊001X", True),
        ("110105*******01", True),
        ("110105190801010010", False),
        ("91512002MAF****126", False),
        ("9151200208****0126", False),
        ("****", False),
    ],
)
def test_a_masked_identity_number_is_known_by_its_province_and_length(code: str, masked: bool) -> None:
    assert is_masked_persons(code) is masked
