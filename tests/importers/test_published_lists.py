"""Lists of one shape: tax (L04), market regulation (L05, L06), wages (L07), safety (L08)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final, Protocol

import pytest
from stdnum.iso7064 import mod_11_10

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import IdKind, recognise
from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.record import Authority, Basis, EventKind, Listing, MatchedBy, Source
from credit.model.statements import EventStatement, LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from credit.model.when import When
from importers import sources as module
from importers.run import run
from importers.set_aside import SetAside
from importers.source import Importer, Row, heading
from importers.sources import importer_of

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


# A row of each source as it is published, but for the code, and the entry that it makes.
ROWS: Final[Mapping[str, Cells]] = {
    "tax_violations": {
        "纳税人名称": "某某贸易有限公司",
        "纳税人识别号": "",
        "注册地址": "某市某路1号",
        "法定代表人或者负责人姓名": "某甲",
        "案件性质": "虚开增值税专用发票或者虚开用于骗取出口退税、抵扣税款的其他发票",
        "主要违法事实": "对外虚开增值税专用发票100份",
        "相关法律依据及税务处理处罚情况": "依照税收征收管理法，罚款50万元",
        "公布日期": "2024-03-12",
        "公布机关": "国家税务总局某某市税务局",
    },
    "abnormal_operations": {
        "序号": "1",
        "企业名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "列入经营异常名录原因": "未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告",
        "列入日期": "2024年7月8日",
        "作出决定机关(列入)": "某某区市场监督管理局",
        "移出经营异常名录原因": "",
        "移出日期": "",
        "作出决定机关(移出)": "",
    },
    "serious_violations": {
        "当事人名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "类别": "食品安全",
        "列入原因": "生产经营不符合食品安全标准的食品",
        "列入日期": "2024-05-06",
        "列入决定机关": "某某市市场监督管理局",
        "移出原因": "",
        "移出日期": "",
        "移出决定机关": "",
    },
    "wage_arrears": {
        "用人单位名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "法定代表人": "某甲",
        "列入事由": "拖欠农民工工资达到认定拒不支付劳动报酬罪数额标准",
        "列入日期": "2024.6.1",
        "列入决定书文号": "某人社列字〔2024〕第3号",
        "列入决定机关": "某某市人力资源和社会保障局",
        "惩戒截止日期": "2027-06-01",
    },
    "safety_list": {
        "单位名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "主要负责人": "某甲",
        "列入原因": "发生较大生产安全责任事故",
        "失信行为简况": "2023年11月发生一起中毒和窒息事故",
        "列入日期": "20240109",
        "列入部门": "某某省应急管理厅",
    },
}
LISTS: Final = {
    "tax_violations": "L04",
    "serious_violations": "L05",
    "abnormal_operations": "L06",
    "wage_arrears": "L07",
    "safety_list": "L08",
}
LISTED_ON: Final = {
    "tax_violations": date(2024, 3, 12),
    "serious_violations": date(2024, 5, 6),
    "abnormal_operations": date(2024, 7, 8),
    "wage_arrears": date(2024, 6, 1),
    "safety_list": date(2024, 1, 9),
}
ALL: Final = sorted(ROWS)
PERSONS: Final = ["tax_violations", "serious_violations", "wage_arrears", "safety_list"]
AUTHORITIES: Final = {"公布机关", "作出决定机关(列入)", "列入决定机关", "列入部门"}
NUMBER: Final = "440301103097413"


def old_identity_number() -> str:
    """A synthetic number of 15 digits of somebody born on 1908-01-01 that is a right registration number, too."""
    return next(n for i in range(1000) if mod_11_10.is_valid(n := f"110105080101{i:03d}"))


def cells_of(source: str, code: str, **changes: str) -> Cells:
    row = ROWS[source]
    field = "纳税人识别号" if "纳税人识别号" in row else "统一社会信用代码"
    return {**row, field: code, **changes}


def read(source: str, cells: Cells) -> LoadRow:
    importer = importer_of(source)
    fields = importer.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return importer.read(Row(1, values, cells), Source("名单", row=1))


def entry(source: str, cells: Cells) -> Listing:
    (record,) = read(source, cells).records
    assert isinstance(record.content, Listing)
    return record.content


@pytest.mark.parametrize("source", ALL)
def test_a_row_is_an_entry_on_the_sources_list(credit_code: Make, source: str) -> None:
    cells = cells_of(source, credit_code(1))
    (party,) = read(source, cells).parties
    listing = entry(source, cells)
    assert (party.id, party.kind, party.name) == (credit_code(1), PartyKind.ORGANISATION, "某某贸易有限公司")
    assert (listing.list, listing.listed_on) == (LISTS[source], LISTED_ON[source])
    assert listing.basis is not None
    assert listing.ground
    assert listing.authority


def test_a_tax_entry_keeps_nature_and_facts_and_counts_from_publication(credit_code: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 确定日期="2024-02-20")
    assert entry("tax_violations", cells) == Listing(
        list="L04",
        listed_on=date(2024, 3, 12),
        published_on=When(date(2024, 3, 12)),
        ground=f"{cells['案件性质']}；{cells['主要违法事实']}",
        basis=Basis("重大税收违法失信主体信息公布管理办法"),
        authority=Authority("国家税务总局某某市税务局"),
    )


def test_a_stated_end_and_number_are_kept(credit_code: Make) -> None:
    listing = entry("wage_arrears", cells_of("wage_arrears", credit_code(1)))
    assert (listing.until, listing.doc_no) == (date(2027, 6, 1), "某人社列字〔2024〕第3号")


def test_a_permanent_end_is_none(credit_code: Make) -> None:
    assert entry("wage_arrears", cells_of("wage_arrears", credit_code(1), 惩戒截止日期="2099/12/31")).until is None


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


OVER: Final = ["已撤销", "2025-03-01已移出", "信用修复完成", "列入决定暂停执行"]
OPEN: Final = ["行政复议中", "当事人已提起诉讼", "列入原因更正", "异议处理中"]


@pytest.mark.parametrize(("source", "remark"), [(source, remark) for source in ALL for remark in OVER])
def test_a_remark_that_the_entry_may_be_over_rejects_the_row(credit_code: Make, source: str, remark: str) -> None:
    """An entry may bar, by law or by the document; a gap in a list that verdicts wait for lets nobody pass."""
    with pytest.raises(FieldInvalid, match="备注"):
        read(source, cells_of(source, credit_code(1), 备注=remark))


@pytest.mark.parametrize(("source", "remark"), [(source, remark) for source in ALL for remark in OPEN])
def test_a_remark_in_doubt_is_told_to_a_person_and_the_firm_stays_listed(
    credit_code: Make, source: str, remark: str
) -> None:
    loaded = read(source, cells_of(source, credit_code(1), 备注=remark))
    assert [type(record.content) for record in loaded.records] == [Listing]
    assert ["备注" in zh and "remark" in en for zh, en in loaded.doubts] == [True]


HARMLESS: Final = [
    "首次列入",
    "无变更",
    "无异议",
    "法定代表人变更",
    "未提起行政复议和诉讼",
    "当事人未在法定期限内申请行政复议或者提起行政诉讼",
    "逾期不申请行政复议，也不提起行政诉讼",
    "如不服本决定，可申请复议",
    "本决定可在60日内申请行政复议，也可以在六个月内依法直接向人民法院提起行政诉讼。",
    "行政复议或者行政诉讼期间，本决定不停止执行",
    "公示期满自动撤下",
]


@pytest.mark.parametrize("source", ["tax_violations", "wage_arrears"])
@pytest.mark.parametrize("remark", HARMLESS)
def test_a_remark_that_says_the_opposite_or_what_one_may_do_leaves_no_doubt(
    credit_code: Make, source: str, remark: str
) -> None:
    loaded = read(source, cells_of(source, credit_code(1), 备注=remark))
    assert (len(loaded.records), loaded.doubts) == (1, ())


@pytest.mark.parametrize(
    "remark",
    [
        "未缴款已提起诉讼",
        "未作出复议决定",
        "不服复议决定",
        "许可证变更，当事人申请复议",
        "如不服本决定，可在60日内申请行政复议，当事人已提起诉讼",
        "可在线查询，当事人提起诉讼",
        "法定代表人变更，列入决定变更",
        "当事人申请行政复议期间",
    ],
)
def test_a_doubt_beside_harmless_words_is_seen(credit_code: Make, remark: str) -> None:
    assert read("wage_arrears", cells_of("wage_arrears", credit_code(1), 备注=remark)).doubts


@pytest.mark.parametrize("remark", ["无效异议成立", "如不服可申请复议。已撤销", "无异议后撤销", "公示期满已撤下"])
def test_that_an_entry_may_be_over_is_seen_beside_harmless_words(credit_code: Make, remark: str) -> None:
    with pytest.raises(FieldInvalid, match="备注"):
        read("wage_arrears", cells_of("wage_arrears", credit_code(1), 备注=remark))


def test_a_remark_that_repeats_a_removal_that_the_row_dates_is_no_doubt(credit_code: Make) -> None:
    cells = cells_of("wage_arrears", credit_code(1), 移出日期="2025-03-01", 备注="2025-03-01已移出")
    assert read("wage_arrears", cells).records[0].events
    for change in ({"备注": "移出决定已撤销"}, {"状态": "有效"}):
        with pytest.raises(FieldInvalid, match="备注"):
            read("wage_arrears", {**cells, **change})


def test_a_natural_person_who_is_told_in_full_is_a_gap_for_a_person(identity_number: Make) -> None:
    with pytest.raises(FieldInvalid, match="完整号码") as caught:
        read("wage_arrears", cells_of("wage_arrears", identity_number(1), 主体类别="自然人"))
    assert not isinstance(caught.value, SetAside)


def test_what_calls_itself_an_individual_business_is_one(credit_code: Make) -> None:
    (party,) = read("safety_list", cells_of("safety_list", credit_code(1), 主体类别="个体工商户")).parties
    assert party.kind is PartyKind.INDIVIDUAL_BUSINESS


OLD_PERSONS: Final = old_identity_number()


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


@pytest.mark.parametrize("source", ALL)
def test_an_entry_whose_authority_is_missing_is_taken_without_one_and_told_to_a_person(
    credit_code: Make, source: str
) -> None:
    cells = cells_of(source, credit_code(1))
    field = next(head for head in cells if head in AUTHORITIES)
    loaded = read(source, {**cells, field: ""})
    assert entry(source, {**cells, field: "/"}).authority is None
    assert ["机关" in zh for zh, _ in loaded.doubts] == [True]


@pytest.mark.parametrize("source", ALL)
def test_the_name_of_an_authority_that_was_cut_off_rejects_the_row(credit_code: Make, source: str) -> None:
    cells = cells_of(source, credit_code(1))
    field = next(head for head in cells if head in AUTHORITIES)
    with pytest.raises(FieldInvalid, match="截断"):
        read(source, {**cells, field: cells[field][:-1]})


@pytest.mark.parametrize("text", ["/", "—", "无"])
def test_a_sign_for_nothing_is_no_number_day_or_reason(credit_code: Make, text: str) -> None:
    cells = cells_of("wage_arrears", credit_code(1), 列入决定书文号=text, 惩戒截止日期=text, 移出日期=text, 状态=text)
    listing = entry("wage_arrears", cells)
    assert (listing.doc_no, listing.until) == (None, None)
    assert not read("wage_arrears", cells).records[0].events


def test_a_name_with_lost_bytes_rejects_the_row(credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="损坏"):
        read("tax_violations", cells_of("tax_violations", credit_code(1), 纳税人名称="某?贸易有限公司"))


@pytest.mark.parametrize("source", ALL)
def test_an_unknown_kind_of_party_rejects_the_row(credit_code: Make, source: str) -> None:
    with pytest.raises(FieldInvalid, match="类别"):
        read(source, cells_of(source, credit_code(1), 主体类别="其他未知"))


@pytest.mark.parametrize("source", ALL)
def test_a_row_without_its_day_is_not_dated_by_guess(credit_code: Make, source: str) -> None:
    day = "公布日期" if source == "tax_violations" else "列入日期"
    with pytest.raises(FieldInvalid, match="日期"):
        read(source, cells_of(source, credit_code(1), **{day: ""}))


def test_two_codes_that_contradict_each_other_name_nobody(credit_code: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 组织机构代码=credit_code(2)[8:17])
    with pytest.raises(FieldInvalid, match="不是同一主体"):
        read("tax_violations", cells)


def test_what_was_taken_off_is_an_event_on_the_entry(credit_code: Make) -> None:
    cells = cells_of("abnormal_operations", credit_code(1))
    removed = {
        **cells,
        "移出经营异常名录原因": "已补报年度报告",
        "移出日期": "2024-09-01",
        "作出决定机关(移出)": "某某区市场监督管理局",
    }
    (record,) = read("abnormal_operations", removed).records
    assert record.content == entry("abnormal_operations", cells)
    assert record.events == (
        EventStatement(
            kind=EventKind.REMOVED, on=When(date(2024, 9, 1)), by="某某区市场监督管理局", reason="已补报年度报告"
        ),
    )


def test_an_entry_taken_off_before_it_was_made_rejects_the_row(credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="早于"):
        read("abnormal_operations", cells_of("abnormal_operations", credit_code(1), 移出日期="2024-07-07"))


@pytest.mark.parametrize("change", [{}, {"移出日期": "/"}, {"移出日期": "2024-09-01", "状态": "异议中"}])
@pytest.mark.parametrize("source", ["abnormal_operations", "serious_violations", "safety_list"])
def test_a_state_not_known_or_over_without_its_day_rejects_the_row(
    credit_code: Make, source: str, change: Cells
) -> None:
    with pytest.raises(FieldInvalid, match="移出日期"):
        read(source, cells_of(source, credit_code(1), **{"状态": "已移出", **change}))


def test_an_entry_in_force_that_was_taken_off_stands_and_is_told_to_a_person(credit_code: Make) -> None:
    cells = cells_of("abnormal_operations", credit_code(1), 状态="列入", 移出日期="2024-09-01")
    loaded = read("abnormal_operations", cells)
    assert not loaded.records[0].events
    assert "移出" in loaded.doubts[0][0]
    over = read("abnormal_operations", {**cells, "状态": "已移出"})
    assert [event.kind for event in over.records[0].events] == [EventKind.REMOVED]


def test_persons_beside_the_firm_are_not_written(credit_code: Make, identity_number: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 法定代表人或者负责人证件号码=identity_number(1))
    loaded = read("tax_violations", cells)
    assert len(loaded.parties) == 1
    assert not loaded.relations


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three rows be a whole list."""

    def small(source: str) -> Callable[[], Importer]:
        made = importer_of(source)
        return lambda: replace(made, spec=made.spec.model_copy(update={"min_rows": 3}))

    monkeypatch.setattr(module, "SOURCES", {source: small(source) for source in ALL})


@pytest.mark.parametrize("source", ALL)
async def test_a_cut_out_of_a_list_is_taken_but_makes_no_list_complete(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    path = write_csv([cells_of(source, credit_code(n)) for n in range(1, 21)])
    report = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.exit_code, report.sync) == (20, 1, SyncOutcome.FAILED)


@pytest.mark.usefixtures("few_rows")
@pytest.mark.parametrize("source", ALL)
async def test_a_whole_run_synchronises_the_list_and_a_second_changes_nothing(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    path = write_csv([cells_of(source, credit_code(n)) for n in range(1, 4)], "gb18030")
    first = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.read, first.taken, again.unchanged, first.exit_code) == (3, 3, 3, 0)
    assert [(name, sync.outcome) for name, sync in registry.syncs] == [(LISTS[source], SyncOutcome.COMPLETE)] * 2


@pytest.mark.parametrize("source", ALL)
async def test_a_page_with_the_same_columns_gives_the_same_rows(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make, source: str
) -> None:
    rows = [cells_of(source, credit_code(n)) for n in range(1, 4)]
    lines = ("".join(f"<td>{cell}</td>" for cell in line) for line in (rows[0], *(row.values() for row in rows)))
    page = tmp_path / "page.html"
    page.write_text("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>", encoding="utf-8")
    await run(source, write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    report = await run(source, page, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.unchanged) == (3, 3)


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("drift", [{"新增列": "1"}, {"列入日期": None, "公布日期": None}], ids=["added", "missing"])
async def test_a_drifted_sheet_writes_nothing_and_fails_the_sync(
    registry: Fake, caller: Caller, write_csv: Write, source: str, drift: Mapping[str, str | None]
) -> None:
    row = {k: v for k, v in {**ROWS[source], **drift}.items() if v is not None}
    path = write_csv([row])
    report = await run(source, path, registry=registry, caller=caller, rejects_dir=path.parent)
    assert (report.exit_code, report.read) == (2, 0)
    assert not registry.parties
    assert [(name, sync.outcome) for name, sync in registry.syncs] == [(LISTS[source], SyncOutcome.FAILED)]


async def test_no_identity_number_reaches_the_rejects(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, identity_number: Make
) -> None:
    number = identity_number(1)
    rows = [cells_of("tax_violations", code, 法定代表人或者负责人证件号码=number) for code in (number, number + "00")]
    report = await run("tax_violations", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.rejected == 2
    assert number[6:14] not in report.rejects[0].read_text(encoding="utf-8")


async def test_two_entries_of_one_party_and_day_are_told_apart_by_their_numbers_alone(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, credit_code: Make
) -> None:
    """Without numbers they have one natural key: the second is for a person, and the list is not whole."""
    reasons = ("通过登记的住所无法联系", "未按期公示年度报告")
    numbered = [
        cells_of(
            "abnormal_operations", credit_code(1), 列入经营异常名录原因=reason, 列入决定书文号=f"某列〔2024〕{n}号"
        )
        for n, reason in enumerate(reasons)
    ]
    bare = [{**row, "统一社会信用代码": credit_code(2), "列入决定书文号": ""} for row in numbered]
    path = write_csv([*numbered, *numbered, *bare])
    report = await run("abnormal_operations", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.unchanged, report.rejected) == (6, 3, 2, 1)
    assert (len(registry.records), report.sync) == (3, SyncOutcome.FAILED)
