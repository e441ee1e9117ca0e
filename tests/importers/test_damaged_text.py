import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.damaged_text import is_damaged, repaired


@pytest.mark.parametrize(
    ("spoilt", "right"),
    [
        ("關(guān)于區(qū)級", "关于区级"),
        ("處(chù)理結(jié)果", "处理结果"),
        ("女（nǚ）士與（yǔ）綠(lǜ)地", "女士与绿地"),
        ("數字證書(CA)辦理，關(guān)于", "数字证书(CA)办理，关于"),
    ],
)
def test_traditional_signs_with_their_sound_become_simplified(spoilt: str, right: str) -> None:
    assert repaired(spoilt).text == right
    assert not repaired(spoilt).damaged


@pytest.mark.parametrize("text", ["数字证书(CA)", "乾县人民政府", "某项目(a)标段", "附件(pdf)", "是否接受联合体？否"])
def test_text_without_the_fault_is_left_as_it_is(text: str) -> None:
    assert repaired(text).text == text
    assert not repaired(text).damaged


@pytest.mark.parametrize(
    "passage", ["因?qū)φ少彁阂赓|(zhì)疑", "松涛办公?备有限公司", "罚款\ufffd元", "锟斤拷公司", "云溪市??局", "zhì)疑"]
)
def test_lost_bytes_mark_the_whole_passage(passage: str) -> None:
    assert repaired(f"前一句。{passage}。后一句。").damaged == (f"{passage}。",)


def test_the_query_of_an_address_is_no_damage() -> None:
    assert not is_damaged("详见http://example.gov.cn/index.html?city=shi&name=市级")


@given(st.lists(st.sampled_from(["關(guān)", "區(qū)", "処(chù)", "数字证书(CA)", "级", "。", "，"])))
def test_every_sound_goes_and_everything_else_stays(pieces: list[str]) -> None:
    found = repaired("".join(pieces))
    assert found.text.count("(") == pieces.count("数字证书(CA)")
    assert len(found.text) == sum(8 if "CA" in piece else 1 for piece in pieces)
    assert not found.damaged
