"""Names and numbers are compared in one form each; a name is never an identification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.naturalkey import normal
from credit.names import name_key, same_name

written = st.text("资财采罚云溪公司号ABCabcＡｂ019９〔〕[]()（）【】{} \t\u3000·.．•-")


@pytest.mark.parametrize(
    "other",
    [
        "云溪(四川)科技有限公司",
        "云溪〔四川〕科技有限公司",
        "云溪[四川]科技有限公司",
        "云溪【四川】科技有限公司",
        " 云溪（四川） 科技有限公司 ",
        "云溪（四川）科技\u3000有限公司",
        "云溪（四川）科技有限公司\u200b",
        "云溪（四川）·科技有限公司",
    ],
)
def test_brackets_blanks_and_dots_do_not_tell_names_apart(other: str) -> None:
    assert same_name("云溪（四川）科技有限公司", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云溪（四川）科技有限公司", "云溪四川科技有限公司"),
        ("云溪科技有限公司", "云溪科技有限责任公司"),
        ("云溪科技有限公司", "云溪科技有限公司资阳分公司"),
        ("张三", "张三丰"),
    ],
)
def test_names_of_other_words_are_told_apart(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_latin_names_are_compared_without_case_and_width() -> None:
    assert same_name("Acme Ｇｏｏｄｓ Ltd.", "ACME GOODS LTD")


@given(st.text())
def test_a_name_is_its_own_namesake_and_its_key_is_lasting(name: str) -> None:
    assert same_name(name, name)
    assert same_name(f" {name} ", name)


@given(written)
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


# ---------------------------------------------------------------- numbers of decisions


@pytest.mark.parametrize(
    "other",
    [
        "资财采罚(2025)7号",
        "资财采罚（2025）7号",
        "资财采罚[2025]7号",
        "资财采罚〔２０２５〕７号",
        " 资财采罚 〔2025〕\t7 号",
    ],
)
def test_numbers_are_compared_without_regard_to_brackets_width_and_blanks(other: str) -> None:
    assert normal(other) == normal("资财采罚〔2025〕7号")


@pytest.mark.parametrize("other", ["资财采罚〔2025〕8号", "资财采罚〔2024〕7号", "资财采罚〔2025〕77号"])
def test_other_numbers_stay_other(other: str) -> None:
    assert normal(other) != normal("资财采罚〔2025〕7号")


@given(written)
def test_the_comparable_form_is_lasting(text: str) -> None:
    assert normal(normal(text)) == normal(text)
