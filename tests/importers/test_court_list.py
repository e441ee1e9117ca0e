from collections.abc import Callable, Mapping
from datetime import date

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.model.party import PartyKind
from credit.model.record import Authority, Listing, MatchedBy, Source
from credit.model.statements import ROW_PARTY, LoadRow
from credit.model.when import When
from importers.court_list import importer
from importers.source import Row, heading

IMPORTER = importer()
Make = Callable[..., str]
Cells = Mapping[str, str]


def read(cells: Cells) -> LoadRow:
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(1, values, cells), Source("名单", row=1))


def listing(cells: Cells) -> Listing:
    (record,) = read(cells).records
    assert isinstance(record.content, Listing)
    return record.content


@pytest.fixture
def row(credit_code: Make) -> Cells:
    return {
        "iname": "某某酒店有限公司",
        "cardNum": credit_code(1),
        "businessEntity": "某甲",
        "sexy": "",
        "age": "0",
        "areaName": "四川",
        "caseCode": "（2020）川2002执729号",
        "courtName": "资阳市雁江区人民法院",
        "gistId": "（2019）川2002民初1号",
        "gistUnit": "资阳市雁江区人民法院",
        "regDate": "20200508",
        "publishDate": "2020年07月21日",
        "publishDateStamp": "1595260800",
        "duty": "支付货款",
        "performance": "全部未履行",
        "performedPart": "",
        "unperformPart": "",
        "disruptTypeName": "有履行能力而拒不履行生效法律文书确定义务",
        "partyTypeName": "1",
        "_update_time": "1595300000",
        "type": "失信被执行人名单",
    }


def test_an_organisations_record_is_an_entry_on_l03(row: Cells, credit_code: Make) -> None:
    loaded = read(row)
    (party,) = loaded.parties
    assert (party.id, party.name, party.only_if_new) == (credit_code(1), "某某酒店有限公司", True)
    assert listing(row) == Listing(
        list="L03",
        listed_on=date(2020, 7, 21),
        published_on=When(date(2020, 7, 21)),
        ground="有履行能力而拒不履行生效法律文书确定义务",
        doc_no="（2020）川2002执729号",
        authority=Authority("资阳市雁江区人民法院"),
    )


def test_the_case_was_opened_on_reg_date_but_the_entry_counts_from_publication(row: Cells) -> None:
    assert listing({**row, "regDate": "20190101"}).listed_on == date(2020, 7, 21)


def test_the_time_stamp_stands_in_for_a_missing_date_of_publication(row: Cells) -> None:
    assert listing({**row, "publishDate": ""}).listed_on == date(2020, 7, 21)


def test_without_any_date_of_publication_the_entry_is_not_dated_by_guess(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="发布时间"):
        read({**row, "publishDate": "", "publishDateStamp": ""})


def test_an_organisation_code_with_its_hyphen_is_matched_by_that_code(row: Cells, credit_code: Make) -> None:
    inner = credit_code(1)[8:17]
    cells = {**row, "cardNum": f"{inner[:8]}-{inner[8]}"}
    assert read(cells).parties[0].id == f"org:{inner}"
    assert listing(cells).matched_by is MatchedBy.ORGANISATION_CODE


def test_a_registration_number_names_an_organisation(row: Cells) -> None:
    assert read({**row, "cardNum": "440301103097413"}).parties[0].id == "reg:440301103097413"


def test_fifteen_digits_that_read_as_a_persons_number_name_no_organisation(row: Cells) -> None:
    number = next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))
    with pytest.raises(FieldInvalid, match="公民身份号码") as refused:
        read({**row, "cardNum": number})
    assert number[6:12] not in str(refused.value)


@pytest.mark.parametrize("number", ["", "6987****5", "9151200****000126"])
def test_a_masked_code_of_an_organisation_is_for_a_person_to_match(row: Cells, number: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        read({**row, "cardNum": number})


@pytest.mark.parametrize("kind", ["0", "自然人"])
def test_a_person_with_a_masked_number_is_for_a_person_to_match(row: Cells, identity_number: Make, kind: str) -> None:
    masked = identity_number(1)[:10] + "****" + identity_number(1)[14:]
    with pytest.raises(FieldInvalid, match="no identity"):
        read({**row, "cardNum": masked, "partyTypeName": kind})


def test_a_person_with_a_whole_number_is_taken(row: Cells, identity_number: Make) -> None:
    loaded = read({**row, "cardNum": identity_number(1), "partyTypeName": "0"})
    assert loaded.parties[0].kind is PartyKind.PERSON
    assert loaded.parties[0].identity_number == identity_number(1)
    assert loaded.records[0].party == ROW_PARTY


def test_without_a_kind_of_party_the_number_tells(row: Cells, credit_code: Make, identity_number: Make) -> None:
    assert read({**row, "partyTypeName": ""}).parties[0].id == credit_code(1)
    assert read({**row, "partyTypeName": "", "cardNum": identity_number(1)}).parties[0].kind is PartyKind.PERSON
    with pytest.raises(FieldInvalid, match="15"):
        read({**row, "partyTypeName": "", "cardNum": "440301103097413"})


def test_an_unknown_kind_of_party_rejects_the_record(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="失信人类型"):
        read({**row, "partyTypeName": "7"})


def test_a_wrong_code_rejects_the_record(row: Cells) -> None:
    with pytest.raises(IdentifierInvalid):
        read({**row, "cardNum": row["cardNum"][::-1]})


@pytest.mark.parametrize("key", ["iname", "caseCode", "courtName"])
def test_a_record_without_name_case_or_court_is_rejected(row: Cells, key: str) -> None:
    with pytest.raises(FieldInvalid, match="为空"):
        read({**row, key: ""})


def test_who_leads_the_organisation_is_not_written(row: Cells) -> None:
    assert len(read(row).parties) == 1
    assert not read(row).relations
