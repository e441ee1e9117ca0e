"""Rows of L01 that name nobody, contradict themselves or may no longer stand are rejected; whom the others name."""

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.model.party import PartyKind
from credit.model.record import MatchedBy
from credit.model.statements import ROW_PARTY
from tests.importers.ccgp_rows import Cells, Make, entry, read, row

__all__ = ["row"]


def test_fifteen_digits_that_read_as_a_persons_number_name_nobody(row: Cells) -> None:
    number = next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))
    with pytest.raises(FieldInvalid, match="人工") as refused:
        read({**row, "统一社会信用代码": number})
    assert number[6:12] not in str(refused.value)


def test_a_natural_person_is_named_by_the_whole_number_and_never_shown(row: Cells, identity_number: Make) -> None:
    loaded = read({**row, "企业名称": "欧阳试例", "统一社会信用代码": identity_number(1)})
    (party,) = loaded.parties
    assert (party.id, party.kind, party.identity_number) == (None, PartyKind.PERSON, identity_number(1))
    assert [record.party for record in loaded.records] == [ROW_PARTY]
    assert identity_number(1) not in repr(loaded)


def test_an_identity_number_that_is_hidden_or_beside_no_persons_name_is_told_as_what_it_is(
    row: Cells, identity_number: Make
) -> None:
    number = identity_number(1)
    for name, code in (
        ("欧阳试例", f"{number[:10]}****{number[14:]}"),
        ("老王烧烤", number),
        ("好再来", number),
    ):
        with pytest.raises(FieldInvalid, match="公民身份号码") as refused:
            read({**row, "企业名称": name, "统一社会信用代码": code})
        assert number[6:14] not in str(refused.value)


def test_an_organisation_code_is_matched_by_that_code(row: Cells, credit_code: Make) -> None:
    inner = credit_code(1)[8:17]
    cells = {**row, "统一社会信用代码": f"{inner[:8]}-{inner[8]}"}
    assert read(cells).parties[0].id == f"org:{inner}"
    assert entry(cells).matched_by is MatchedBy.ORGANISATION_CODE


@pytest.mark.parametrize("code", ["", "无", "9151****0126"])
def test_a_name_without_a_whole_code_is_no_identity(row: Cells, code: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        read({**row, "统一社会信用代码": code})


def test_a_wrong_code_rejects_the_row(row: Cells) -> None:
    with pytest.raises(IdentifierInvalid):
        read({**row, "统一社会信用代码": row["统一社会信用代码"][::-1]})


@pytest.mark.parametrize("remark", ["已撤销", "该处罚决定已被复议撤销", "名单移出"])
def test_a_remark_that_the_entry_may_not_stand_rejects_the_row(row: Cells, remark: str) -> None:
    with pytest.raises(FieldInvalid, match="备注"):
        read({**row, "备注": remark})


@pytest.mark.parametrize("remark", ["无异议", "未提起行政复议和诉讼", "如不服本决定，可申请复议", "公示期满自动撤下"])
def test_a_remark_that_says_the_opposite_or_what_one_may_do_is_no_gap(row: Cells, remark: str) -> None:
    assert read({**row, "备注": remark}) == read(row)


@pytest.mark.parametrize(
    "change",
    [{"公布日期": "2026-07-11"}, {"处罚日期": ""}, {"公布日期": ""}, {"执法单位": ""}, {"执法单位": "某某市财"}],
)
def test_days_that_contradict_each_other_or_are_missing_reject_the_row(row: Cells, change: Cells) -> None:
    with pytest.raises(FieldInvalid):
        read({**row, **change})


def test_a_result_too_long_to_be_searched_rejects_the_row(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="4000"):
        read({**row, "处罚结果": "罚款50000元。" + "试" * 4_000})
