"""财政部采购不良记录 on 信用中国: a company's page and the records of the search."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid
from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.plain import to_plain
from credit.model.record import Authority, Ban, BanScope, Listing, MatchedBy, Penalty, Source
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from importers.creditchina_page import importer
from importers.run import run
from importers.source import Row, heading
from tests.conftest import require
from tests.unit.story import Story, effects

IMPORTER = importer()
REAL = (
    Path(__file__).parents[3] / "shared/data/cn_penalties/creditchina_2016_company_detail_procurement_bad_record.html"
)
NUMBER = "440301103097413"
Make = Callable[..., str]
Write = Callable[..., Path]
Cells = dict[str, str]


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]
    syncs: list[tuple[str, SyncStatement]]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


RECORD: Cells = {
    "供应商或代理机构名称": "某某仪器有限公司",
    "地址": "某市某路1号",
    "不良行为的具体情形": "与其他供应商恶意串通。",
    "处罚结果": "列入不良行为记录名单，一年内禁止参加政府采购活动；处以6万元人民币罚款。",
    "处罚依据": "《中华人民共和国政府采购法》第七十七条",
    "处罚（记录）日期": "2015/01/30 17:13:37.000",
    "执法（记录）单位": "某某市财政局",
    "处罚结束时间": "2016/01/30 00:00:00.000",
    "工商登记号": NUMBER,
    "归属地域": "某省",
}


def read(cells: Cells) -> LoadRow:
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(1, values, cells), Source("信用中国", row=1))


def page_of(*records: Cells, stated: int | None = None, label: str = "处罚结果") -> str:
    lists = "".join(
        "<ul>" + "".join(f"<li><strong>{k}：</strong>\n  {v}\n</li>" for k, v in record.items()) + "</ul>"
        for record in records
    )
    return f"""<div><header><h1>某某仪器有限公司</h1></header>
      <ul class="tags"><li><a href="#1">基础信息</a></li>
        <li><a href="#3">不良记录（{len(records) if stated is None else stated}）</a></li></ul>
      <header><h1 id="1">基础信息 <small>收起>></small></h1></header>
      <div><ul><li><strong>企业名称：</strong>某某仪器有限公司</li></ul></div>
      <header><h1 id="3">不良记录 <small>收起>></small></h1></header><div>{lists.replace("处罚结果", label)}</div>
      <header><h1 id="4">失信记录 <small>展开>></small></h1></header><p>平台未收录该企业的失信记录。</p></div>"""


@pytest.fixture
def page(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_record_is_an_entry_on_the_bad_conduct_list_whose_decision_is_for_a_person() -> None:
    """The page prints no number of the decision, and under one made up here no annulment would reach it."""
    loaded = read(RECORD)
    (listing,) = (record.content for record in loaded.records)
    assert loaded.parties[0].id == f"reg:{NUMBER}"
    assert listing == Listing(
        list="L02",
        listed_on=date(2015, 1, 30),
        until=date(2016, 1, 30),
        ground="与其他供应商恶意串通；处罚结果：列入不良行为记录名单，一年内禁止参加政府采购活动；处以6万元人民币罚款",
        doc_no=None,
        authority=Authority("某某市财政局"),
    )
    ((zh, _),) = loaded.doubts
    assert "文号" in zh
    assert "一年内禁止参加政府采购活动" in zh


def test_a_decision_whose_number_is_printed_is_recorded_under_it() -> None:
    loaded = read({**RECORD, "处罚决定书文号": "某财采罚〔2015〕3号"})
    listing, penalty = (record.content for record in loaded.records)
    assert isinstance(penalty, Penalty)
    assert isinstance(listing, Listing)
    assert penalty.fine == Decimal("60000.00")
    assert penalty.ban == Ban(scope=BanScope.PROCUREMENT, months=12, until=date(2016, 1, 30))
    assert penalty.doc_no == listing.doc_no == "某财采罚〔2015〕3号"
    assert not loaded.doubts


def test_an_end_that_contradicts_the_ban_is_left_to_a_person() -> None:
    loaded = read({**RECORD, "处罚结束时间": "2015/07/15 00:00:00.000"})
    (record,) = loaded.records
    assert isinstance(record.content, Listing)
    assert record.content.until is None
    assert "不一致" in loaded.doubts[0][0]


@pytest.mark.parametrize("result", ["在一至三年内禁止参加政府采购活动", "对法定代表人罚款1万元", "警告"])
def test_a_stated_end_is_kept_also_where_the_text_is_in_doubt(result: str) -> None:
    (record,) = read({**RECORD, "处罚结果": result}).records
    assert isinstance(record.content, Listing)
    assert record.content.until == date(2016, 1, 30)


@pytest.mark.parametrize("end", ["2016/01/29", "2016/02/15", "", "/"])
def test_an_end_that_agrees_with_the_term_is_no_doubt(end: str) -> None:
    assert not read({**RECORD, "处罚决定书文号": "某财采罚〔2015〕3号", "处罚结束时间": end}).doubts


@pytest.mark.parametrize(
    "result",
    [
        "罚款60000元；情节严重的，由工商行政管理机关吊销营业执照",
        "对法定代表人某甲一年内禁止参加政府采购活动",
        "对松涛办公设备有限公司罚款60000元",
        "罚款60000元，罚款30000元",
    ],
)
def test_what_is_quoted_or_on_somebody_else_is_no_penalty_of_the_party(result: str) -> None:
    loaded = read({**RECORD, "处罚决定书文号": "某财采罚〔2015〕3号", "处罚结果": result, "处罚结束时间": ""})
    assert [type(record.content) for record in loaded.records] == [Listing]
    assert loaded.doubts


def test_fifteen_digits_that_read_as_a_persons_number_name_nobody_but_in_their_own_column() -> None:
    number = next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))
    with pytest.raises(FieldInvalid, match="人工"):
        read({**RECORD, "统一社会信用代码或组织机构代码": number})
    assert read({**RECORD, "工商登记号": number}).parties[0].id == f"reg:{number}"


def test_a_natural_person_is_named_by_the_whole_number(identity_number: Make) -> None:
    cells = {**RECORD, "供应商或代理机构名称": "欧阳试例", "统一社会信用代码或组织机构代码": identity_number(1)}
    (party,) = read(cells).parties
    assert (party.kind, party.identity_number) == (PartyKind.PERSON, identity_number(1))


def test_an_organisation_code_names_the_party_before_a_registration_number(credit_code: Make) -> None:
    cells = {**RECORD, "统一社会信用代码或组织机构代码": NUMBER, "组织机构代码": credit_code(1)[8:17]}
    assert read(cells).parties[0].id == f"org:{credit_code(1)[8:17]}"


def test_a_remark_that_the_record_may_not_stand_rejects_it() -> None:
    with pytest.raises(FieldInvalid, match="备注"):
        read({**RECORD, "备注": "处罚已撤销"})


@pytest.mark.parametrize("remark", ["无异议", "如不服本决定，可申请复议"])
def test_a_remark_that_says_nothing_against_the_record_loses_none(remark: str) -> None:
    assert read({**RECORD, "备注": remark}) == read(RECORD)


@pytest.mark.parametrize(
    ("result", "role"),
    [("三年内禁止参加济宁市辖区内政府采购活动", "supplier"), ("禁止其一年内代理政府采购业务", "agency")],
)
def test_a_ban_in_a_records_own_words_is_asked_about(result: str, role: str) -> None:
    """As the one real record of the list words it; the importer leaves the words as they are."""
    told = {"处罚结果": result, "处罚（记录）日期": "2026/01/15", "处罚结束时间": ""}
    listing = read({**RECORD, **told}).records[0].content
    assert isinstance(listing, Listing)
    assert (listing.ground or "").endswith(f"处罚结果：{result}")
    story = Story()
    firm = story.firm(roles=[role])
    story.listing(firm, "L02", **{k: v for k, v in to_plain(listing).items() if k != "list" and v is not None})
    assert {k: str(v) for k, v in effects(story.result(firm, role=role)).items()} == {"GP-L02-BAN": "review"}


def test_the_keys_of_the_search_name_an_organisation_by_either_code(credit_code: Make) -> None:
    found = {k: v for k, v in RECORD.items() if k != "工商登记号"}
    by_credit_code = read({**found, "统一社会信用代码或组织机构代码": credit_code(1)})
    by_inner = read({**found, "统一社会信用代码或组织机构代码": credit_code(1)[8:17]})
    assert by_credit_code.parties[0].id == credit_code(1)
    assert by_inner.parties[0].id == f"org:{credit_code(1)[8:17]}"
    content = by_inner.records[0].content
    assert isinstance(content, Listing)
    assert content.matched_by is MatchedBy.ORGANISATION_CODE


@pytest.mark.parametrize(
    "change",
    [{"工商登记号": ""}, {"数据类别": "失信被执行人"}, {"处罚（记录）日期": ""}, {"处罚结束时间": "2014/01/01"}],
)
def test_what_is_not_sure_of_party_category_or_day_rejects_the_record(change: Cells) -> None:
    with pytest.raises(FieldInvalid):
        read({**RECORD, **change})


async def test_a_page_gives_its_bad_records_and_makes_no_list_complete(
    registry: Fake, caller: Caller, tmp_path: Path, page: Callable[[str], Path]
) -> None:
    second = {**RECORD, "处罚（记录）日期": "2018/03/01", "处罚结束时间": ""}
    report = await run(
        "creditchina_page", page(page_of(RECORD, second)), registry=registry, caller=caller, rejects_dir=tmp_path
    )
    assert (report.read, report.taken, report.review, report.exit_code) == (2, 2, 2, 1)
    assert not registry.syncs


async def test_the_search_answers_the_same_records(
    registry: Fake, caller: Caller, tmp_path: Path, page: Callable[[str], Path], write_json: Write
) -> None:
    found = {**RECORD, "数据类别": "财政部采购不良记录数据", "数据来源": "财政部", "最新更新日期": "2016/08/01"}
    search = write_json({"good": [], "black": [found]})
    await run("creditchina_page", page(page_of(RECORD)), registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run("creditchina_page", search, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (again.read, again.unchanged) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        page_of(RECORD, label="处理结论"),
        page_of(RECORD, stated=2),
        page_of(RECORD).replace("不良记录 <small>", "负面信息 <small>"),
        page_of(RECORD)[:-400],
    ],
    ids=["a label renamed", "a record missing", "the section renamed", "broken off"],
)
async def test_a_drifted_page_writes_nothing(
    registry: Fake, caller: Caller, tmp_path: Path, page: Callable[[str], Path], text: str
) -> None:
    report = await run("creditchina_page", page(text), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.exit_code == 2
    assert not registry.parties


async def test_the_real_page_is_an_entry_whose_term_is_left_to_a_person(
    registry: Fake, caller: Caller, tmp_path: Path
) -> None:
    require("shared data", REAL.exists(), "../shared/data is not beside the project")
    report = await run("creditchina_page", REAL, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.rejected, report.review) == (1, 1, 0, 1)
    (record,) = registry.records.values()
    assert isinstance(record.content, Listing)
    assert (record.content.list, record.content.listed_on) == ("L02", date(2015, 1, 30))
