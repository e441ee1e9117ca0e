"""Notices here are written by us after the template of 财办库〔2020〕50号; names are invented, codes synthetic."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.errors import LayoutDrift
from credit.model.caller import Caller
from credit.model.party import Role
from credit.model.record import BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import LoadRow, Outcome, SyncStatement
from credit.model.when import When
from importers.rows import rows_of
from importers.run import run
from importers.snapshot import take_snapshot
from importers.source import Rejected, Row, Taken
from importers.supervision_results import importer

IMPORTER = importer()
Make = Callable[..., str]
Parts = list[Taken | Rejected]


class Fake(Protocol):
    """The fake of conftest.py, as an import sees it."""

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


NOTICE = """云溪市财政局监督检查处理结果公告
（云财采罚〔2025〕8号）
一、项目编号：YX-2025-011、YX-2025-012
二、项目名称：云溪市图书馆设备采购项目、云溪市体育馆座椅采购项目
三、相关当事人
当事人1：青岚招标代理有限公司
统一社会信用代码：{agency}
地址：云溪市平安路1号
当事人2：松涛办公设备有限公司
统一社会信用代码：{supplier}
地址：云溪市平安路2号
当事人3：白鹭科技有限公司
统一社会信用代码：{cleared}
地址：云溪市平安路3号
四、基本情况
检查发现，青岚招标代理有限公司在图书馆项目中未依法公告中标结果。
松涛办公设备有限公司在体育馆项目中提供虚假材料谋取中标。
有举报反映白鹭科技有限公司提供虚假材料，经查没有事实依据。
五、处理依据及结果
1.根据《中华人民共和国政府采购法》第七十一条的规定，决定对青岚招标代理有限公司给予警告的行政处罚。
2.根据《中华人民共和国政府采购法》第七十七条第一款第（一）项的规定，2025年3月3日作出行政处罚决定（云财采罚〔2025〕9号），\
决定对松涛办公设备有限公司处以罚款人民币12000元，列入不良行为记录名单，在一年内禁止参加政府采购活动。
3.反映白鹭科技有限公司的问题不成立，对白鹭科技有限公司不予行政处罚。
当事人如不服本决定，可以依法申请行政复议或者提起行政诉讼。
六、其他补充事宜：无
云溪市财政局
2025年3月5日
"""


@pytest.fixture
def notice(credit_code: Make) -> str:
    return NOTICE.format(agency=credit_code(1), supplier=credit_code(2), cleared=credit_code(3))


def read(text: str, title: str = "云溪市财政局监督检查处理结果公告", **fields: str) -> Parts:
    values = {"title": title, "text": text, "date": "2025-03-06", **fields}
    return list(IMPORTER.parse([Row(1, values, values)], Source("公告")))


def loads(parts: Parts) -> list[LoadRow]:
    return [part.load for part in parts if isinstance(part, Taken)]


def penalties(parts: Parts) -> dict[str, Penalty]:
    records = [record for load in loads(parts) for record in load.records]
    return {r.party: r.content for r in records if isinstance(r.content, Penalty)}


def reasons(parts: Parts) -> str:
    return "".join(part.zh for part in parts if isinstance(part, Rejected))


def test_one_notice_with_several_parties_and_documents_is_a_record_for_each(notice: str, credit_code: Make) -> None:
    found = penalties(read(notice))
    assert found.keys() == {credit_code(1), credit_code(2)}
    assert found[credit_code(1)].doc_no == "云财采罚〔2025〕8号"
    assert found[credit_code(2)].doc_no == "云财采罚〔2025〕9号"


def test_everything_that_a_decision_says_is_in_its_record(notice: str, credit_code: Make) -> None:
    found = penalties(read(notice))[credit_code(2)]
    assert found.fine == Decimal("12000.00")
    assert found.ban is not None
    assert (found.ban.scope, found.ban.months) == (BanScope.PROCUREMENT, 12)
    assert set(found.kinds) == {PenaltyKind.FINE, PenaltyKind.BAD_CONDUCT_LISTING, PenaltyKind.BAN}
    assert found.category is Category.FALSE_MATERIALS
    assert (found.authority.name, found.legal_basis) == ("云溪市财政局", ("中华人民共和国政府采购法 77¶1",))
    assert (found.decided_on, found.published_on) == (date(2025, 3, 3), When(date(2025, 3, 6)))


def test_the_notices_own_number_was_decided_on_the_day_of_its_signature(notice: str, credit_code: Make) -> None:
    assert penalties(read(notice))[credit_code(1)].decided_on == date(2025, 3, 5)


def test_a_number_other_than_the_notices_own_needs_a_date_of_its_own(notice: str, credit_code: Make) -> None:
    parts = read(notice.replace("2025年3月3日作出", "作出"))
    assert penalties(parts).keys() == {credit_code(1)}
    assert "决定的日期" in reasons(parts)


def test_who_was_accused_and_cleared_gets_no_record_and_is_not_rejected(notice: str, credit_code: Make) -> None:
    parts = read(notice)
    assert credit_code(3) not in {party.id for load in loads(parts) for party in load.parties}
    assert not reasons(parts)


def test_a_decision_not_to_punish_leaves_nothing_to_write(credit_code: Make) -> None:
    (part,) = read(ALONE.format(code=credit_code(1), result="决定对青岚招标代理有限公司不予行政处罚。"))
    assert isinstance(part, Taken)
    assert part.load == LoadRow(row=1)


ALONE = """云溪市财政局监督检查处理结果公告
（云财采罚〔2025〕8号）
一、相关当事人名称
代理机构：青岚招标代理有限公司
统一社会信用代码：{code}
二、基本情况
检查发现未依法公告中标结果。
三、处理结果
根据《中华人民共和国政府采购法》第七十一条和《关于做好政府采购信息公开工作的通知》（财库〔2015〕135号）的规定，{result}
云溪市财政局
2025年3月5日
"""


def alone(result: str, code: str) -> Parts:
    return read(ALONE.format(code=code, result=result))


def test_clauses_that_each_name_one_party_are_read_apart(notice: str, credit_code: Make) -> None:
    both = "决定对青岚招标代理有限公司给予警告；对松涛办公设备有限公司处以罚款5000元；对白鹭科技有限公司不予行政处罚。"
    start = notice.index("1.根据")
    found = penalties(read(notice[:start] + both + "\n" + notice[notice.index("六、其他") :]))
    assert {party: (p.kinds, p.fine) for party, p in found.items()} == {
        credit_code(1): ((PenaltyKind.WARNING,), None),
        credit_code(2): ((PenaltyKind.FINE,), Decimal("5000.00")),
    }


def test_who_reported_is_not_punished(credit_code: Make) -> None:
    text = ALONE.format(code=credit_code(1), result="根据举报，决定给予警告。")
    parts = read(
        text.replace("二、基本", f"举报人：松涛办公设备有限公司\n统一社会信用代码：{credit_code(2)}\n二、基本")
    )
    assert not penalties(parts)


@pytest.mark.parametrize(
    "result",
    [
        "决定责令采购人限期改正。",
        "决定对评审专家给予警告。",
        "决定对青岚招标代理有限公司不予行政处罚，责令采购人限期改正。",
        "决定对青岚招标代理有限公司给予警告，责令采购人限期改正。",
        "决定对中标供应商处以罚款5000元。",
        "决定对青岚招标代理有限公司法定代表人张三给予警告，禁止其一年内参加政府采购活动。",
        "决定对青岚招标代理有限公司实际控制的企业给予警告，在一年内禁止参加政府采购活动。",
        "决定对青岚招标代理有限公司的关联企业给予警告。",
        "决定对青岚招标代理有限公司及其股东给予警告。",
        "决定对乐至青岚招标代理有限公司给予警告。",
        "决定对张三给予警告。",
        "决定给予张三警告。",
        "青岚招标代理有限公司法定代表人张三提供虚假材料，决定给予警告。",
    ],
)
def test_what_is_decided_on_somebody_else_is_not_put_on_the_one_who_is_named(credit_code: Make, result: str) -> None:
    parts = alone(result, credit_code(1))
    assert not penalties(parts)
    assert reasons(parts)


def test_the_only_party_may_be_spoken_of_by_its_role(credit_code: Make) -> None:
    parts = alone("决定对该代理机构给予警告，在一年内禁止其代理政府采购业务。", credit_code(1))
    ban = penalties(parts)[credit_code(1)].ban
    assert ban is not None
    assert (ban.scope, ban.months) == (BanScope.AGENCY_WORK, 12)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 60), to=st.integers(0, 60))
def test_with_a_line_doubled_or_moved_nobody_gets_anothers_decision(notice: str, at: int, to: int) -> None:
    whole = penalties(read(notice))
    lines = notice.splitlines()
    for moved in ([*lines[: to % len(lines)], lines[at % len(lines)], *lines[to % len(lines) :]],):
        for party, penalty in penalties(read("\n".join(moved))).items():
            assert (penalty.kinds, penalty.fine, penalty.ban, penalty.doc_no) == (
                whole[party].kinds,
                whole[party].fine,
                whole[party].ban,
                whole[party].doc_no,
            )


def test_a_code_that_stands_outside_the_part_on_parties_was_displaced_and_nobody_gets_the_next_one(
    notice: str, credit_code: Make
) -> None:
    code = f"统一社会信用代码：{credit_code(2)}\n"
    displaced = notice.replace(code, "").replace("三、相关当事人\n", f"{code}三、相关当事人\n")
    assert not penalties(read(displaced))
    assert "一一对应" in reasons(read(displaced))


def test_a_cited_number_is_not_that_of_the_decision(credit_code: Make) -> None:
    found = penalties(alone("决定对青岚招标代理有限公司给予警告。", credit_code(1)))[credit_code(1)]
    assert (found.doc_no, found.kinds) == ("云财采罚〔2025〕8号", (PenaltyKind.WARNING,))


def test_an_order_to_correct_is_recorded_as_that(credit_code: Make) -> None:
    parts = alone("本机关决定对青岚招标代理有限公司作出责令整改的处理。", credit_code(1))
    assert penalties(parts)[credit_code(1)].kinds == (PenaltyKind.CORRECTION_ORDER,)
    assert loads(parts)[0].parties[0].roles == (Role.AGENCY,)


@pytest.mark.parametrize(
    "result",
    [
        "决定责令青岚招标代理有限公司限期改正，不予行政处罚。",
        "拟决定对青岚招标代理有限公司给予警告。",
        "决定对青岚招标代理有限公司处以罚款****元。",
        "决定对青岚招标代理有限公司处以罚款2*000元，给予警告。",
        "决定对青岚招标代理有限公司处以罚款，给予警告。",
        "决定对青岚招标代理有限公司给予警告，对其主管人员罚款2000元。",
        "决定对青岚招标代理有限公司在一至三年内禁止代理政府采购业务。",
        "决定对青岚招标代理有限公司暂停代理业务，给予警告。",
        "决定对青岚招标代理有限公司给予警告，列入重点关注名单。",
        "决定对青岚招标代理有限公司作出行政处罚。",
        "决定对青岚招标代理有限公司处以罚款2000元，罚款3000元。",
        "决定对青岚招标代理有限公司处以罚款2000元，罚款2000元。",
        "决定对青?招标代理有限公司给予警告。",
        "决定对青岚招标代理有限公司及松涛办公设备有限公司给予警告。",
        "决定对松涛办公设备有限公司给予警告。",
        "决定对青岚招标代理有限公司云溪分公司给予警告。",
        "决定对青岚**代理有限公司给予警告。",
    ],
)
def test_what_is_not_plain_in_every_part_goes_to_a_person_with_its_text(credit_code: Make, result: str) -> None:
    parts = alone(result, credit_code(1))
    assert not penalties(parts)
    (part,) = parts
    assert isinstance(part, Rejected)
    assert result[:-1] in "".join(part.raw.values())


@pytest.mark.parametrize(
    "name", ["青岚招标代理有限公", "青岚**代理有限公司", "青?招标代理有限公司", "某某公司", "青岚招标…公司"]
)
def test_a_truncated_or_masked_name_is_matched_to_nobody(credit_code: Make, name: str) -> None:
    text = ALONE.format(code=credit_code(1), result="决定对青岚招标代理有限公司给予警告。")
    parts = read(text.replace("青岚招标代理有限公司", name))
    assert not penalties(parts)
    assert reasons(parts)


def test_a_party_known_by_name_alone_is_rejected_with_its_name(credit_code: Make, notice: str) -> None:
    parts = read(notice.replace(f"统一社会信用代码：{credit_code(2)}\n", ""))
    assert penalties(parts).keys() == {credit_code(1)}
    assert "松涛办公设备有限公司" in reasons(parts)
    assert "候选" in reasons(parts)


def test_a_short_form_counts_where_the_notice_announces_it(credit_code: Make) -> None:
    text = ALONE.format(code=credit_code(1), result="决定对青岚公司给予警告。")
    assert not penalties(read(text))
    told = text.replace("检查发现", "检查发现，青岚招标代理有限公司（以下简称“青岚公司”）")
    assert penalties(read(told)).keys() == {credit_code(1)}


def test_the_text_of_a_law_punishes_nobody(credit_code: Make) -> None:
    law = "规定，采购代理机构有下列情形之一的，责令限期改正，给予警告，可以并处罚款。"
    law += "综上，决定对青岚招标代理有限公司给予警告。"
    assert penalties(alone(law, credit_code(1)))[credit_code(1)].kinds == (PenaltyKind.WARNING,)


def test_the_broken_transliteration_is_repaired(credit_code: Make) -> None:
    text = ALONE.format(code=credit_code(1), result="決(jué)定對(duì)青嵐(lán)招標(biāo)代理有限公司給(gěi)予警告。")
    spoilt = text.replace("青岚招标", "青嵐(lán)招標(biāo)").replace("处理结果", "處(chù)理結(jié)果")
    assert penalties(read(spoilt)).keys() == {credit_code(1)}


def test_a_damaged_passage_of_the_results_keeps_the_notice_aside(notice: str) -> None:
    parts = read(notice.replace("3.反映", "3.因?qū)φ少彁阂赓|(zhì)疑，反映"))
    assert not penalties(parts)
    assert "损坏" in reasons(parts)


def test_a_damaged_passage_elsewhere_does_not_harm(notice: str, credit_code: Make) -> None:
    parts = read(notice.replace("有举报反映", "因?qū)φ少彁阂赓|(zhì)疑，有举报反映"))
    assert penalties(parts).keys() == {credit_code(1), credit_code(2)}


def test_a_page_whose_digits_are_stars_says_nothing_certain(notice: str) -> None:
    starred = "".join("*" if sign.isdigit() else sign for sign in notice)
    assert not penalties(read(starred))
    assert reasons(read(starred))


def test_a_notice_told_twice_in_one_page_is_for_a_person(notice: str) -> None:
    assert not penalties(read(notice + notice))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.floats(0, 1))
def test_cut_off_anywhere_it_says_nothing_wrong(notice: str, share: float) -> None:
    whole = penalties(read(notice))
    cut = penalties(read(notice[: int(len(notice) * share)]))
    assert cut in ({}, whole)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(range(len(NOTICE.splitlines()))))
def test_with_its_lines_shuffled_no_party_gets_anothers_decision(
    notice: str, credit_code: Make, order: list[int]
) -> None:
    whole = penalties(read(notice))
    lines = notice.splitlines()
    for party, penalty in penalties(read("\n".join(lines[n] for n in order))).items():
        assert penalty.kinds == whole[party].kinds


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(NOTICE) - 1), sign=st.sampled_from("*?\ufffd"))
def test_with_a_sign_lost_anywhere_the_amounts_and_terms_are_right_or_missing(notice: str, at: int, sign: str) -> None:
    whole = penalties(read(notice))
    for party, penalty in penalties(read(notice[:at] + sign + notice[at + 1 :])).items():
        assert (penalty.fine, penalty.ban, penalty.kinds) == (
            whole[party].fine,
            whole[party].ban,
            whole[party].kinds,
        )
        assert sign not in penalty.doc_no


PAGE = "<!DOCTYPE html><html><head><title>x</title></head><body><h2>{title}</h2>{body}</body></html>"


def page(text: str) -> str:
    title, *lines = text.splitlines()
    return PAGE.format(title=title, body="".join(f"<p>{line}</p>" for line in lines))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_reads_as_its_text_does(notice: str, credit_code: Make, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "notice.html"
    path.write_bytes(page(notice).encode(encoding))
    rows = list(_rows(path))
    assert penalties(list(IMPORTER.parse(rows, Source("公告")))).keys() == {credit_code(1), credit_code(2)}


def _rows(path: Path) -> list[Row | Rejected]:
    return list(rows_of(take_snapshot(path), IMPORTER.spec))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.floats(0, 0.999))
def test_a_page_cut_at_any_byte_says_nothing(notice: str, tmp_path: Path, share: float) -> None:
    raw = page(notice).encode()
    path = tmp_path / "cut.html"
    path.write_bytes(raw[: int(len(raw) * share)])
    try:
        rows = _rows(path)
    except LayoutDrift:
        return
    assert not penalties(list(IMPORTER.parse(rows, Source("公告"))))


def test_a_page_of_something_else_fails_loudly(tmp_path: Path) -> None:
    path = tmp_path / "news.html"
    path.write_text(PAGE.format(title="通知", body="<p>放假安排</p>"), encoding="utf-8")
    with pytest.raises(LayoutDrift, match="监督检查"):
        _rows(path)


async def test_read_is_taken_and_unchanged_and_rejected(
    notice: str, registry: Fake, caller: Caller, tmp_path: Path, write_json: Callable[..., Path]
) -> None:
    records = [
        {"title": "云溪市财政局监督检查处理结果公告", "publish_date": "2025-03-06", "content_text": text}
        for text in (notice, notice, notice[:300], "")
    ]
    path = write_json(records)
    report = await run("supervision_results", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert report.read == report.taken + report.unchanged + report.rejected
    assert (report.taken, report.unchanged, report.rejected) == (2, 2, 2)
