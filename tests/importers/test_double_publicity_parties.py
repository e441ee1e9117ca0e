"""Whom a penalty in the double publicity names: persons, organisations, individual businesses, or nobody."""

import pytest
from stdnum.iso7064 import mod_11_10, mod_97_10

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.model.party import PartyKind
from credit.model.statements import ROW_PARTY
from tests.importers.publicity_rows import Cells, Make, old_row, read, row

__all__ = ["old_row", "row"]


def test_a_person_is_known_by_the_identity_number_alone(row: Cells, identity_number: Make) -> None:
    cells = {
        **row,
        "CF_XDR_LB": "自然人",
        "CF_XDR_SHXYM": "",
        "CF_XDR_ZJLX": "身份证",
        "CF_XDR_ZJHM": identity_number(1),
    }
    loaded = read({**cells, "CF_SY": f"某甲（身份证号{identity_number(1)}）伪造材料"})
    (party,) = loaded.parties
    assert (party.id, party.kind, party.identity_number) == (None, PartyKind.PERSON, identity_number(1))
    (record,) = loaded.records
    assert record.party == ROW_PARTY
    assert identity_number(1) not in repr(loaded)


def test_a_person_of_the_2015_layout_is_told_by_the_number_being_alone(old_row: Cells, identity_number: Make) -> None:
    cells = {**old_row, "CF_XDR_ZDM": "", "CF_XDR_SFZ": identity_number(2)}
    assert read(cells).parties[0].identity_number == identity_number(2)


@pytest.mark.parametrize("papers", ["护照", "军官证"])
def test_other_papers_fix_no_identity(row: Cells, identity_number: Make, papers: str) -> None:
    cells = {**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJLX": papers, "CF_XDR_ZJHM": identity_number(1)}
    with pytest.raises(FieldInvalid, match=papers):
        read(cells)


def test_a_masked_or_missing_number_of_a_person_is_for_a_person_to_match(row: Cells, identity_number: Make) -> None:
    masked = identity_number(1)[:10] + "****" + identity_number(1)[14:]
    for number in (masked, ""):
        with pytest.raises(FieldInvalid, match="请人工核对"):
            read({**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJHM": number})


def test_a_wrong_identity_number_is_not_told_in_the_reason(row: Cells, identity_number: Make) -> None:
    wrong = identity_number(1)[:17] + ("1" if identity_number(1)[17] != "1" else "2")
    with pytest.raises(IdentifierInvalid) as caught:
        read({**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJHM": wrong})
    assert wrong not in str(caught.value)


def test_an_organisation_without_any_code_is_not_guessed_by_its_name(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="仅凭名称"):
        read({**row, "CF_XDR_SHXYM": "0", "CF_XDR_ZZJG": "/"})


def test_two_codes_of_different_bodies_name_nobody(row: Cells, credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="不是同一主体"):
        read({**row, "CF_XDR_ZZJG": credit_code(2)[8:17]})


def test_an_organisation_code_that_is_the_credit_codes_own_is_no_contradiction(row: Cells, credit_code: Make) -> None:
    assert read({**row, "CF_XDR_ZZJG": credit_code(1)[8:17]}).parties[0].id == credit_code(1)


def test_an_individual_business_is_one_by_the_rows_own_word(row: Cells) -> None:
    assert read({**row, "CF_XDR_LB": "个体工商户"}).parties[0].kind is PartyKind.INDIVIDUAL_BUSINESS


@pytest.mark.parametrize("name", ["云溪建*有限公司", "云溪建设有限公…"])
def test_a_covered_or_cut_name_names_nobody(row: Cells, name: str) -> None:
    with pytest.raises(FieldInvalid, match="掩码"):
        read({**row, "CF_XDR_MC": name})


def test_fifteen_digits_that_may_be_a_citizens_are_a_registration_number_in_its_own_column_alone(row: Cells) -> None:
    number = next(n for n in (f"110105080101{k:03d}" for k in range(1000)) if mod_11_10.is_valid(n))
    with pytest.raises(FieldInvalid, match="公民身份号码") as caught:
        read({**row, "CF_XDR_SHXYM": number})
    assert number not in str(caught.value)
    assert read({**row, "CF_XDR_SHXYM": "—", "CF_XDR_GSZC": number}).parties[0].id == f"reg:{number}"


def test_an_organisation_code_names_the_party_before_a_registration_number(row: Cells, credit_code: Make) -> None:
    old = {**row, "CF_XDR_SHXYM": "440301103097413", "CF_XDR_ZZJG": credit_code(1)[8:17]}
    assert read(old).parties[0].id == f"org:{credit_code(1)[8:17]}"


def test_a_code_of_a_body_abroad_names_nobody_here(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="LEI"):
        read({**row, "CF_XDR_SHXYM": "0000TESTFIRM000001" + mod_97_10.calc_check_digits("0000TESTFIRM000001")})
