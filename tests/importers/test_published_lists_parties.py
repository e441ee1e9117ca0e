"""Lists of one shape, tax (L04) to safety (L08): whom a row names, who is set aside, and what is left to a person."""

from typing import Final

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import IdKind, recognise
from credit.model.party import PartyKind
from credit.model.record import MatchedBy
from importers.set_aside import SetAside
from importers.sources import importer_of
from tests.importers.list_rows import ALL, ROWS, Make, cells_of, entry, read

PERSONS: Final = ["tax_violations", "serious_violations", "wage_arrears", "safety_list"]
NUMBER: Final = "440301103097413"


def old_identity_number() -> str:
    """A synthetic number of 15 digits of somebody born on 1908-01-01 that is a right registration number, too."""
    return next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))


OLD_PERSONS: Final = old_identity_number()


def test_an_old_taxpayers_number_names_the_organisation_whose_code_it_holds(credit_code: Make) -> None:
    inner = credit_code(1)[8:17]
    cells = cells_of("tax_violations", f"512002{inner}")
    assert read("tax_violations", cells).parties[0].id == f"org:{inner}"
    assert entry("tax_violations", cells).matched_by is MatchedBy.ORGANISATION_CODE


@pytest.mark.parametrize("suffix", ["", "00"])
def test_a_taxpayers_number_that_may_be_a_persons_is_left_to_a_person(identity_number: Make, suffix: str) -> None:
    with pytest.raises(FieldInvalid, match="人工") as refused:
        read("tax_violations", cells_of("tax_violations", identity_number(1) + suffix))
    assert identity_number(1)[6:14] not in str(refused.value)


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("code", ["", "/", "9151****0126"])
def test_a_name_without_a_whole_code_is_no_identity(source: str, code: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        read(source, cells_of(source, code))


@pytest.mark.parametrize("source", ALL)
def test_a_wrong_code_rejects_the_row(credit_code: Make, source: str) -> None:
    with pytest.raises(IdentifierInvalid):
        read(source, cells_of(source, credit_code(1)[::-1]))


@pytest.mark.parametrize("source", PERSONS)
@pytest.mark.parametrize("code", ["", "/", "1101051908****0010"])
def test_a_natural_person_whose_number_is_hidden_is_set_aside_and_leaves_no_gap(source: str, code: str) -> None:
    with pytest.raises(SetAside, match="自然人") as caught:
        read(source, cells_of(source, code, 主体类别="自然人"))
    assert caught.value.why in importer_of(source).spec.expected_rejects


@pytest.mark.parametrize("source", PERSONS)
def test_a_masked_identity_number_beside_no_firms_name_is_a_natural_persons(source: str) -> None:
    cells = cells_of(source, "1101051908****0010")
    with pytest.raises(SetAside):
        read(source, {field: "某甲" if text == "某某贸易有限公司" else text for field, text in cells.items()})
    with pytest.raises(FieldInvalid) as firms:
        read(
            source, {field: "云溪贸易有限公司" if text == "某某贸易有限公司" else text for field, text in cells.items()}
        )
    assert not isinstance(firms.value, SetAside)


SHOPS: Final = [
    *("好再来", "美宜佳", "老百姓", "蓝天", "麦香", "红蜻蜓", "东方红", "东方明珠"),
    *("金太阳", "金鼎", "周大福", "王老吉", "马大姐", "王牌", "张记"),
]


@pytest.mark.parametrize("source", PERSONS)
@pytest.mark.parametrize(
    "name", ["老王烧烤", "锦江区美丽美发", "成都丰源农资经销", "百姓药房", "天天向上", "某某面馆", *SHOPS]
)
def test_an_individual_business_under_its_operators_hidden_number_is_a_gap(source: str, name: str) -> None:
    """The entry is under its own code, in which it would pass for clean."""
    field = next(field for field, text in ROWS[source].items() if text == "某某贸易有限公司")
    with pytest.raises(FieldInvalid) as caught:
        read(source, cells_of(source, "51010519080101****", **{field: name}))
    assert not isinstance(caught.value, SetAside)


@pytest.mark.parametrize(
    "name", ["张某", "李*", "欧阳某某", "王试例", "李试", "金试例", "司马试", "欧阳试例", "蓝*", "买买提·试例"]
)
def test_a_persons_name_beside_a_hidden_number_is_set_aside(name: str) -> None:
    with pytest.raises(SetAside):
        read("tax_violations", cells_of("tax_violations", "51010519080101****", 纳税人名称=name))


def test_a_natural_person_who_is_told_in_full_is_a_gap_for_a_person(identity_number: Make) -> None:
    with pytest.raises(FieldInvalid, match="完整号码") as caught:
        read("wage_arrears", cells_of("wage_arrears", identity_number(1), 主体类别="自然人"))
    assert not isinstance(caught.value, SetAside)


def test_what_calls_itself_an_individual_business_is_one(credit_code: Make) -> None:
    (party,) = read("safety_list", cells_of("safety_list", credit_code(1), 主体类别="个体工商户")).parties
    assert party.kind is PartyKind.INDIVIDUAL_BUSINESS


@pytest.mark.parametrize("source", ALL)
def test_fifteen_digits_that_read_as_a_persons_number_name_nobody_in_a_column_of_codes(source: str) -> None:
    assert recognise(OLD_PERSONS).kind is IdKind.REGISTRATION_NUMBER
    with pytest.raises(FieldInvalid, match="人工") as refused:
        read(source, cells_of(source, OLD_PERSONS))
    assert OLD_PERSONS[6:12] not in str(refused.value)


def test_fifteen_digits_in_the_column_of_registration_numbers_are_one() -> None:
    cells = cells_of("abnormal_operations", "", 注册号=OLD_PERSONS)
    assert read("abnormal_operations", cells).parties[0].id == f"reg:{OLD_PERSONS}"
    assert read("abnormal_operations", cells_of("abnormal_operations", NUMBER)).parties[0].id == f"reg:{NUMBER}"


def test_a_name_with_lost_bytes_rejects_the_row(credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="损坏"):
        read("tax_violations", cells_of("tax_violations", credit_code(1), 纳税人名称="某?贸易有限公司"))


@pytest.mark.parametrize("source", ALL)
def test_an_unknown_kind_of_party_rejects_the_row(credit_code: Make, source: str) -> None:
    with pytest.raises(FieldInvalid, match="类别"):
        read(source, cells_of(source, credit_code(1), 主体类别="其他未知"))


def test_two_codes_that_contradict_each_other_name_nobody(credit_code: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 组织机构代码=credit_code(2)[8:17])
    with pytest.raises(FieldInvalid, match="不是同一主体"):
        read("tax_violations", cells)


def test_persons_beside_the_firm_are_not_written(credit_code: Make, identity_number: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 法定代表人或者负责人证件号码=identity_number(1))
    loaded = read("tax_violations", cells)
    assert len(loaded.parties) == 1
    assert not loaded.relations
