"""Notices here are written by us after the platform's templates; names are invented, codes synthetic."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.errors import FieldInvalid, LayoutDrift
from credit.model.caller import Caller
from credit.model.project import BidOutcome, Domain, Lot
from credit.model.record import Source
from credit.model.statements import BidStatement, LoadRow, Outcome, ProjectStatement, SyncStatement
from credit.model.when import SHANGHAI
from importers.ggzy_notices import importer
from importers.notice_amounts import amount
from importers.rows import rows_of
from importers.run import run
from importers.snapshot import take_snapshot
from importers.source import Rejected, Row, Taken
from tests.conftest import require

IMPORTER = importer()
Make = Callable[..., str]
Record = dict[str, Any]
DATA = Path(__file__).parents[3] / "shared/data/cn_notices"


class Fake(Protocol):
    """The fake of conftest.py, as an import sees it."""

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


TENDER = """项目概况
云溪市图书馆书架采购项目 招标项目的潜在投标人应在云溪平台获取招标文件，
并于 2026年03月26日 09点30分 （北京时间）前递交投标文件。
一、项目基本情况
项目编号：YXCG-2026-007
项目名称：云溪市图书馆书架采购项目
采购方式：公开招标
预算金额：1,980,000.00元
包号
包名称
包预算（元）
包最高限价（元）
1
书架
1180000
1180000
2
桌椅
800,000.00
800000
本项目不接受联合体投标。
二、申请人的资格要求
满足《中华人民共和国政府采购法》第二十二条规定
三、对本次招标提出询问，请按以下方式联系
1.采购人信息
名 称：云溪市图书馆
统一社会信用代码：{purchaser}
地址：云溪市平安路1号
2.采购代理机构信息
名 称：青岚招标代理有限公司
统一社会信用代码：{agency}
地址：云溪市平安路2号
3.项目联系方式
项目联系人：王女士
电话：000-0000000
"""

RESULT = """一、项目编号：YXCG-2026-007
二、项目名称：云溪市图书馆书架采购项目（采购方式：公开招标）
三、中标（成交）信息
中标结果：
包号
中标（成交）金额（元）
中标供应商名称
中标供应商地址
中标供应商统一社会信用代码
评分结果
1
1,100,000.50
松涛办公设备有限公司
云溪市平安路3号
{first}
92.88
2
76万元
白鹭家具有限公司（联合体牵头人）、栖霞木业有限公司（联合体成员）
云溪市平安路4号
{second}、{third}
90.1
四、主要标的信息
详见附件
五、对本次公告内容提出询问，请按以下方式联系
1.采购人信息
名 称：云溪市图书馆
2.采购代理机构信息
名 称：青岚招标代理有限公司
3.项目联系方式
项目联系人：王女士
"""


@pytest.fixture
def tender(credit_code: Make) -> str:
    return TENDER.format(purchaser=credit_code(1, "12"), agency=credit_code(2))


@pytest.fixture
def result(credit_code: Make) -> str:
    return RESULT.format(first=credit_code(3), second=credit_code(4), third=credit_code(5))


def record(text: str, info: str = "采购/资审公告", title: str = "云溪市图书馆书架采购项目公告") -> Record:
    return {
        "title": title,
        "publish_date": "2026-03-05 17:03",
        "region": "四川省",
        "issuer": "",
        "agency": "",
        "budget": "",
        "content_text": text,
        "attachments": [],
        "project_code": "G1",
        "business_type": "政府采购",
        "info_type": info,
    }


def read(said: Record) -> Taken | Rejected:
    fields = {"publish_date": "date", "content_text": "text", "business_type": "business", "info_type": "info"}
    values = {fields.get(k, k): v for k, v in said.items() if isinstance(v, str)}
    (part,) = IMPORTER.parse([Row(1, values, values)], Source("公告"))
    return part


def load(said: Record) -> LoadRow:
    part = read(said)
    assert isinstance(part, Taken), part
    return part.load


def reason(said: Record) -> str:
    part = read(said)
    assert isinstance(part, Rejected), part
    return part.zh


def awarded(text: str, title: str = "中标公告") -> list[BidStatement]:
    return [said.bid for said in load(record(text, "中标公告", title)).bids]


def test_a_tender_notice_is_a_project_with_its_parties_deadline_and_lots(tender: str, credit_code: Make) -> None:
    (project,) = load(record(tender)).projects
    assert project == ProjectStatement(
        project_no="YXCG-2026-007",
        name="云溪市图书馆书架采购项目",
        domain=Domain.GOVERNMENT_PROCUREMENT,
        region="510000",
        purchaser=credit_code(1, "12"),
        agency=credit_code(2),
        notice_on=date(2026, 3, 5),
        deadline=datetime(2026, 3, 26, 9, 30, tzinfo=SHANGHAI),
        lots=(Lot("1", budget=Decimal("1180000.00")), Lot("2", budget=Decimal("800000.00"))),
    )


@pytest.mark.parametrize("who", ["采购人", "代理机构"])
def test_a_party_named_without_a_code_is_never_identified_by_its_name(tender: str, credit_code: Make, who: str) -> None:
    code = credit_code(1, "12") if who == "采购人" else credit_code(2)
    said = reason(record(tender.replace(f"统一社会信用代码：{code}\n", "")))
    assert who in said
    assert "候选" in said


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("2026年03月26日 09点30分", "2026年**月26日 09点30分"),
        ("2026年03月26日 09点30分", "2026年03月26日 25点30分"),
        ("2026年03月26日 09点30分", "2026年03月26日"),
        ("项目编号：YXCG-2026-007", "项目编号：A-1；B-2"),
        ("项目编号：YXCG-2026-007", "项目编号：YXCG-2026-007\n项目编号：YXCG-2026-008"),
        ("项目编号：YXCG-2026-007", "项目编号：YXCG-****-007"),
        ("800,000.00", "800,00.00"),
        ("800,000.00", "详见文件"),
        ("1180000\n1180000", "1180000"),
        ("名 称：云溪市图书馆", "名 称：云溪市**馆"),
        ("名 称：云溪市图书馆", "名 称：云溪市图?馆"),
        ("本项目不接受", "第三包另行公告。本项目不接受"),
    ],
)
def test_what_is_not_certain_keeps_the_notice_aside(tender: str, written: str, instead: str) -> None:
    assert written in tender
    assert isinstance(read(record(tender.replace(written, instead))), Rejected)


def sectioned(tender: str, *lines: str) -> str:
    told = "并于 2026年03月26日 09点30分 （北京时间）前递交投标文件。\n"
    section = "\n".join(["三、提交投标文件截止时间", *lines, "四、对本次"])
    return tender.replace(told, "").replace("三、对本次", section)


@pytest.mark.parametrize(
    "lines",
    [
        ["1、开始时间：", "2026年03月17日00点00分", "2、截止时间：", "2026年03月26日 09点30分", "(北京时间)"],
        ["2026-03-26 09:30:00（北京时间）（不得少于20日）"],
        ["截止时间：2026年3月26日9时30分（北京时间）"],
    ],
)
def test_a_deadline_is_read_from_its_own_section_too(tender: str, lines: list[str]) -> None:
    (project,) = load(record(sectioned(tender, *lines))).projects
    assert project.deadline == datetime(2026, 3, 26, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "lines",
    [
        ["1、开始时间：", "2026年03月17日00点00分", "2、截止时间：", "2026年03月26日"],
        ["时间：2026年03月17日 09:30至2026年03月26日 09:30"],
        ["时间：", "2026年03月17日 09:30", "至", "2026年03月26日 09:30"],
        ["截止时间：2026年3月26日9时30分", "投标截止时间：2026年3月27日9时30分"],
    ],
)
def test_a_period_or_a_start_is_no_deadline(tender: str, lines: list[str]) -> None:
    assert "截止时间" in reason(record(sectioned(tender, *lines)))


@pytest.mark.parametrize("title", ["资格预审公告", "采购公告（更正）", "项目延期公告"])
def test_a_title_that_says_that_nothing_is_settled_keeps_it_aside(tender: str, title: str) -> None:
    assert "定论" in reason(record(tender, title=title))


def test_a_result_is_a_bid_a_lot_and_a_consortium_is_several_members(result: str, credit_code: Make) -> None:
    first, second = awarded(result.replace("76万元", "760000"))
    assert first == BidStatement(
        lot="1",
        members=(credit_code(3),),
        lead=credit_code(3),
        price=Decimal("1100000.50"),
        result=BidOutcome.WON,
    )
    assert (second.members, second.lead) == ((credit_code(4), credit_code(5)), credit_code(4))


def test_an_amount_whose_unit_contradicts_its_heading_is_refused(result: str) -> None:
    assert "76万元" in reason(record(result, "中标公告"))


@pytest.fixture
def sound(result: str) -> str:
    return result.replace("76万元", "760,000.00元")


def test_the_price_of_a_consortium_is_read_with_its_thousands(sound: str) -> None:
    assert [bid.price for bid in awarded(sound)] == [Decimal("1100000.50"), Decimal("760000.00")]


@pytest.mark.parametrize("lead", ["（联合体牵头人）", "、"])
def test_a_consortium_without_its_lead_is_for_a_person(sound: str, lead: str) -> None:
    assert isinstance(read(record(sound.replace(lead, "", 1), "中标公告")), Rejected)


def test_a_winner_known_by_name_alone_is_kept_aside(sound: str, credit_code: Make) -> None:
    cut = sound.replace("中标供应商统一社会信用代码\n", "")
    for number in (3, 4, 5):
        cut = cut.replace(credit_code(number), "")
    assert isinstance(read(record(cut.replace("\n、\n", "\n"), "中标公告")), Rejected)


FAILED = """一、项目编号：YXCG-2026-007
二、项目名称：云溪市图书馆书架采购项目
三、采购结果信息
废标理由：有效投标人不足三家，项目废标
四、对本次公告内容提出询问，请按以下方式联系
1.采购人信息
名 称：云溪市图书馆
"""


def test_a_failed_tender_has_no_winner() -> None:
    assert load(record(FAILED, "中标公告", "图书馆书架采购项目废标公告")) == LoadRow(row=1)


def test_a_failure_and_a_winner_in_one_notice_is_for_a_person(sound: str) -> None:
    assert "废标" in reason(record(sound, "中标公告", "图书馆书架采购项目废标公告"))


def test_candidates_are_no_winners(sound: str) -> None:
    assert "候选人" in reason(record(sound, "交易结果公示", "中标候选人公示"))


OTHERS = """五、投标报价
序号
投标人名称
统一社会信用代码
投标报价（元）
1
松涛办公设备有限公司
{winner}
884500
2
栖霞木业有限公司
{loser}
900000
六、对本次公告"""


def test_the_other_bidders_are_told_with_their_codes_or_kept_aside(credit_code: Make) -> None:
    text = LABELLED.format(code=credit_code(3))
    others = text.replace("五、对本次公告", OTHERS.format(winner=credit_code(3), loser=credit_code(4)))
    assert [(bid.lead, bid.result, bid.price) for bid in awarded(others)] == [
        (credit_code(3), BidOutcome.WON, Decimal("884500.00")),
        (credit_code(4), BidOutcome.LOST, Decimal("900000.00")),
    ]
    named = others.replace("统一社会信用代码\n投标", "投标").replace(f"{credit_code(4)}\n", "")
    one = load(record(named.replace(f"限公司\n{credit_code(3)}\n", "限公司\n"), "中标公告"))
    assert len(one.bids) == 1
    assert "只有名称" in one.doubts[0][0]


def test_a_lot_that_failed_beside_one_that_was_won_has_no_winner(credit_code: Make) -> None:
    text = LABELLED.format(code=credit_code(3)).replace("供应商名称", "采购包1\n供应商名称")
    table = text.replace("四、其他", "2.废标结果：无\n四、其他")
    assert [bid.lot for bid in awarded(table)] == ["1"]


LABELLED = """一、项目编号：YXCG-2026-007
二、项目名称：云溪市图书馆书架采购项目
三、中标（成交）信息
供应商名称：松涛办公设备有限公司
统一社会信用代码：{code}
中标（成交）金额：88.45 万元（人民币）
四、其他
五、对本次公告内容提出询问，请按以下方式联系
1.采购人信息
"""


def test_a_winner_told_by_labels_is_read_with_the_lot_of_the_title(credit_code: Make) -> None:
    (bid,) = awarded(LABELLED.format(code=credit_code(3)), "书架采购项目（第二包）成交公告")
    assert (bid.lot, bid.members, bid.price) == ("2", (credit_code(3),), Decimal("884500.00"))


@pytest.mark.parametrize(
    "said", ["286.6元/工日", "97.67%", "0元 人民币", "88.45", "8,84,500元", "*8.45万元", "80万元-90万元"]
)
def test_what_is_no_certain_amount_is_refused(said: str, credit_code: Make) -> None:
    text = LABELLED.format(code=credit_code(3)).replace("88.45 万元（人民币）", said)
    assert "中标金额" in reason(record(text, "中标公告"))
    with pytest.raises(FieldInvalid):
        amount(said, "金额")


def facts(part: Taken | Rejected) -> tuple[object, ...] | None:
    return (part.load.projects, part.load.bids) if isinstance(part, Taken) else None


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.floats(0, 1), info=st.sampled_from(["采购/资审公告", "中标公告"]))
def test_cut_off_anywhere_a_notice_says_nothing_wrong(tender: str, sound: str, share: float, info: str) -> None:
    text = sound if info == "中标公告" else tender
    whole = facts(read(record(text, info)))
    assert whole
    assert facts(read(record(text[: int(len(text) * share)], info))) in (None, whole)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 500), info=st.sampled_from(["采购/资审公告", "中标公告"]))
def test_with_a_line_lost_anywhere_no_code_moves_to_another_party(
    tender: str, sound: str, credit_code: Make, at: int, info: str
) -> None:
    lines = (sound if info == "中标公告" else tender).splitlines()
    del lines[at % len(lines)]
    part = read(record("\n".join(lines), info))
    if isinstance(part, Taken):
        named = {p.id: p.name for p in part.load.parties}
        right = {
            credit_code(1, "12"): "云溪市图书馆",
            credit_code(2): "青岚招标代理有限公司",
            credit_code(3): "松涛办公设备有限公司",
            credit_code(4): "白鹭家具有限公司",
            credit_code(5): "栖霞木业有限公司",
        }
        assert named.items() <= right.items()
        assert all(bid.bid.price in {Decimal("1100000.50"), Decimal("760000.00")} for bid in part.load.bids)


def _parsed(path: Path) -> list[Taken | Rejected]:
    return list(IMPORTER.parse(rows_of(take_snapshot(path), IMPORTER.spec), Source("公告")))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.floats(0, 1))
def test_a_file_cut_at_any_byte_says_nothing_wrong(tender: str, sound: str, tmp_path: Path, share: float) -> None:
    records = [record(tender), record(sound, "中标公告")]
    raw = json.dumps({"meta": {"keyword": "图书馆"}, "items": records}, ensure_ascii=False).encode()
    path = tmp_path / "cut.json"
    path.write_bytes(raw[: int(len(raw) * share)])
    whole = [facts(read(said)) for said in records]
    found: list[Taken | Rejected] = []
    try:
        for part in IMPORTER.parse(rows_of(take_snapshot(path), IMPORTER.spec), Source("公告")):
            found.append(part)  # noqa: PERF402 - what came before the break counts
    except LayoutDrift:
        pass
    assert [facts(part) for part in found] == whole[: len(found)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_every_encoding_reads_alike(tender: str, write_json: Callable[..., Path], encoding: str) -> None:
    (part,) = _parsed(write_json([record(tender)], encoding))
    assert facts(part) == facts(read(record(tender)))


def test_text_read_in_the_wrong_encoding_names_nobody(tender: str) -> None:
    garbled = tender.encode().decode("gb18030", "replace")
    assert isinstance(read(record(garbled)), Rejected)


def test_a_key_that_the_layout_does_not_know_fails_loudly(tender: str, write_json: Callable[..., Path]) -> None:
    with pytest.raises(LayoutDrift, match="winner"):
        _parsed(write_json([{**record(tender), "winner": "x"}]))


def test_a_page_that_is_a_list_of_notices_fails_loudly(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    path.write_text("<!doctype html><html><body><ul><li>公告</li></ul></body></html>", encoding="utf-8")
    with pytest.raises(LayoutDrift, match="mycontent"):
        _parsed(path)


async def test_read_is_taken_and_unchanged_and_rejected(
    tender: str, sound: str, registry: Fake, caller: Caller, tmp_path: Path, write_json: Callable[..., Path]
) -> None:
    records = [record(tender), record(tender), record(sound, "中标公告"), record(tender[:100]), record("", "合同公告")]
    records.append(record(FAILED, "中标公告", "废标公告"))
    path = write_json(records)
    report = await run("ggzy_notices", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.read == report.taken + report.unchanged + report.rejected == 6
    assert report.rejected == 2


def real(name: str) -> Sequence[Taken | Rejected]:
    require("../shared/data", DATA.is_dir(), "the real notices do not lie beside the project")
    return _parsed(DATA / name)


def test_of_the_real_notices_only_those_with_codes_beside_the_names_are_taken() -> None:
    parts = real("ggzy_bid_data_2026-03-17_dev.json")
    assert len(parts) == 52
    taken = {p.load.row: p.load for p in parts if isinstance(p, Taken)}
    prices = {row: [said.bid.price for said in one.bids] for row, one in taken.items()}
    assert prices == {
        17: [Decimal("884500.00")],
        25: [Decimal("2630565.34")],
        38: [Decimal("3293364.76")],
        39: [Decimal("2100000.00")],
    }


def test_the_platforms_search_results_hold_no_text_and_are_kept_aside() -> None:
    assert all(isinstance(part, Rejected) for part in real("ggzy_api_sample_2026-03-17.json"))


def test_a_real_page_of_a_contract_is_kept_aside() -> None:
    (part,) = real("ggzy_detail_b_sample.html")
    assert isinstance(part, Rejected)
    assert "合同" in part.zh


def test_a_real_page_that_lists_notices_fails_loudly() -> None:
    with pytest.raises(LayoutDrift):
        real("ggzy_detail_a_sample.html")
