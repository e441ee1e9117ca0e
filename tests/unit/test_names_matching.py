"""How like two names are: writing does not matter, what tells firms apart does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.names.keys import PROPERTIES, asked_for, keys_of
from credit.names.matching import SURE, best, likeness, reasons
from credit.names.parts import parts_of

written = st.text(
    "资阳四川北京第一二三建筑工程腾飞达科技云溪集团有限责任公司分（）()股份abc AB12", min_size=1, max_size=24
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臺北騰達科技有限公司", "台北腾达科技有限公司"),
        ("云溪（四川）科技有限公司", "云溪(四川)科技有限公司"),
        ("云溪（北京）科技有限公司", "北京云溪科技有限公司"),
        ("四川省云溪科技有限公司", "四川云溪科技有限责任公司"),
        ("四川省成都市云溪科技有限公司", "成都云溪科技有限公司"),
        ("资阳第１建筑有限公司", "资阳第一建筑有限公司"),
        ("北京城建集团有限责任公司第一分公司", "北京城建集团有限责任公司一分公司"),
        ("ACME GOODS LIMITED", "Acme Goods Ltd."),
    ],
)
def test_names_that_differ_in_writing_alone_are_sure(one: str, other: str) -> None:
    assert likeness(one, other).score >= SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("资阳第一建筑有限公司", "资阳第二建筑有限公司"),
        ("资阳第一建筑有限公司", "资阳建筑有限公司"),
        ("四川腾达科技有限公司", "四川腾飞科技有限公司"),
        ("北京城建集团有限责任公司一分公司", "北京城建集团有限责任公司二分公司"),
        ("北京城建集团有限责任公司一分公司", "北京城建集团有限责任公司"),
        ("北京城建集团有限责任公司资阳分公司", "北京城建集团有限责任公司绵阳分公司"),
        ("四川云溪科技有限公司", "陕西云溪科技有限公司"),
        ("四川云溪科技有限公司", "云溪科技有限公司"),
        ("四川云溪科技有限公司", "四川云溪科技股份有限公司"),
        ("四川云溪科技有限公司", "四川云溪贸易有限公司"),
        ("四川云溪科技有限公司", "四川云溪科技集团有限公司"),
        ("成都宏达商贸有限公司", "成都市武侯区宏达商贸有限公司"),
        ("中建三局", "中国建筑第二工程局有限公司"),
        ("Acme Goods Ltd.", "Acme Goods Inc."),
        ("Acme Goods Ltd.", "Acne Goods Ltd."),
    ],
)
def test_near_twins_are_never_sure(one: str, other: str) -> None:
    assert likeness(one, other).score < SURE
    assert likeness(other, one).score < SURE


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("中建三局", "中国建筑第三工程局有限公司"),
        ("中交二航局", "中交第二航务工程局有限公司"),
        ("水电七局", "中国水利水电第七工程局有限公司"),
        ("四川五建", "四川省第五建筑工程有限公司"),
        ("瑞航科技", "陕西瑞航智能科技有限公司"),
        ("中铁十二局", "中铁十二局集团有限公司"),
    ],
)
def test_a_usual_short_form_is_likely_but_not_sure(short: str, whole: str) -> None:
    assert 0.8 <= likeness(short, whole).score < SURE
    asked, held = asked_for(short), keys_of(whole)
    assert any(held[what] in asked[what] for what in held)


def test_a_number_tells_firms_apart_more_than_a_character() -> None:
    numbered = likeness("资阳第一建筑有限公司", "资阳第二建筑有限公司").score
    assert numbered < likeness("资阳腾达建筑有限公司", "资阳腾飞建筑有限公司").score < SURE


def test_a_former_name_is_named_and_counts_a_little_less() -> None:
    found = best("资阳旧名商贸有限公司", "资阳新号商贸有限公司", ["资阳旧名商贸有限公司"])
    assert found.score == 0.98
    assert found.why[0][0] == "曾用名：资阳旧名商贸有限公司"


def test_the_last_reason_says_that_a_name_identifies_nobody() -> None:
    assert "不能确认身份" in list(reasons(likeness("云溪", "云溪")))[-1]


def test_a_place_in_brackets_is_set_apart_from_the_trade_name() -> None:
    parts = parts_of("云溪（北京）智能科技有限公司")
    assert (parts.places, parts.trade, parts.industry) == (("北京",), "云溪", "智能科技")


@given(written, written)
def test_a_score_lies_between_nothing_and_one_both_ways(one: str, other: str) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert 0 <= there.score <= 1
    assert there.score == pytest.approx(back.score)


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_and_is_met_by_its_own_keys(name: str) -> None:
    asked, held = asked_for(name), keys_of(name)
    assert set(asked) == set(PROPERTIES)
    assert held["core"] in asked["core"]
    assert likeness(name, name).score == 1.0


@given(st.sampled_from(("陕西瑞航智能科技有限公司", "云溪（四川）环保工程有限公司")), st.integers(0, 7))
def test_one_wrong_or_missing_character_of_the_core_is_met(name: str, place: int) -> None:
    core = parts_of(name).core
    at = name.index(core[0]) if core in name else 0
    spot = [i for i, sign in enumerate(name) if sign in core][place % len(core)]
    for written_so in (name[:spot] + "某" + name[spot + 1 :], name[:spot] + name[spot + 1 :]):
        asked, held = asked_for(written_so), keys_of(name)
        assert any(held[what] in asked[what] for what in held), (written_so, at)
