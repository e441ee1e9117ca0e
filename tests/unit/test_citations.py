"""Reading what decisions, entries and documents cite."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.citations import Cited, admits, cited
from credit.rules.rows import Cite
from tests.unit.story import CATALOGUE, Story, effects

INSTRUMENTS = CATALOGUE.instruments
WAGES_48 = Cite(instrument="WAGE724", article="48")
NUMERALS = "零一二三四五六七八九"


def read(text: str) -> list[tuple[str, int | None, int | None]]:
    return [(c.instrument, c.article, c.paragraph) for c in CATALOGUE.reader.cited(text)]


def chinese(number: int) -> str:
    """Write a number below one thousand as laws do."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{NUMERALS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else NUMERALS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (NUMERALS[ones] if ones else "")


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("采购法 77", [("GPL", 77, None)]),
        ("政府采购法第七十七条", [("GPL", 77, None)]),
        ("《中华人民共和国政府采购法》第七十七条第一款", [("GPL", 77, 1)]),
        ("《中华人民共和国政府采购法》第七十七条第一款第（一）项", [("GPL", 77, 1)]),
        ("政府采购法第77条第1款", [("GPL", 77, 1)]),
        ("政府采购法 第 七十七 条", [("GPL", 77, None)]),
        ("采购法实施条例 72", [("GPR", 72, None)]),
        ("采购法实施条例 72¶2", [("GPR", 72, 2)]),
        ("中华人民共和国政府采购法实施条例第七十二条第二款", [("GPR", 72, 2)]),
        ("94号令 37¶2", [("MOF94", 37, 2)]),
        ("９４号令 ３７", [("MOF94", 37, None)]),
        ("政府采购质疑和投诉办法（财政部令第94号）第三十七条第二款", [("MOF94", 37, 2)]),
        ("招标投标法 53、54", [("BIDLAW", 53, None), ("BIDLAW", 54, None)]),
        ("招标投标法第五十三条、第五十四条", [("BIDLAW", 53, None), ("BIDLAW", 54, None)]),
        ("招标投标法实施条例 68", [("BIDREG", 68, None)]),
        ("采购法第七十七条和第七十八条", [("GPL", 77, None), ("GPL", 78, None)]),
        ("采购法 77；采购法实施条例 72", [("GPL", 77, None), ("GPR", 72, None)]),
        ("财库〔2016〕125号", [("CK125", None, None)]),
        ("财库[2016]125号", [("CK125", None, None)]),
        ("国务院令第724号", [("WAGE724", None, None)]),
        ("保障农民工工资支付条例（国务院令第724号）第四十八条", [("WAGE724", 48, None)]),
    ],
)
def test_an_instrument_is_read_with_the_articles_written_after_it(
    text: str, articles: list[tuple[str, int | None, int | None]]
) -> None:
    assert read(text) == articles


@pytest.mark.parametrize("text", ["", "条例 73", "刑法 77", "第七十七条", "产品质量法 49", "采购人自行规定"])
def test_what_the_catalogue_does_not_name_is_not_guessed(text: str) -> None:
    assert read(text) == []


def test_a_longer_name_is_not_taken_for_a_shorter_one_in_it() -> None:
    assert read("政府采购法实施条例") == [("GPR", None, None)]
    assert read("招标投标法实施条例第五十三条") == [("BIDREG", 53, None)]


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("政府采购法第二十二条第一款第五项", [("GPL", 22, 1)]),
        ("采购法 77, 一年内禁止参加政府采购活动", [("GPL", 77, None)]),
        ("采购法第七十七条，1年内禁止参加政府采购活动", [("GPL", 77, None)]),
    ],
)
def test_items_and_terms_are_not_articles(text: str, articles: list[tuple[str, int | None, int | None]]) -> None:
    assert read(text) == articles


# ---------------------------------------------------------------- what is denied, and what belongs to another document


@pytest.mark.parametrize(
    "text",
    [
        "不适用《政府采购法》第七十七条",
        "不应当适用政府采购法第七十七条",
        "未违反《政府采购法》第七十七条",
        "没有违反采购法 77",
        "不构成《政府采购法》第七十七条规定的情形",
        "不适用《政府采购法》第七十七条、第七十八条",
        "不适用采购法第七十七条，采购法实施条例第七十三条",
        "不适用政府采购法",
        "《政府采购法》第七十七条不适用于本案",
        "政府采购法第七十七条规定的情形不成立",
    ],
)
def test_what_a_text_denies_is_not_cited(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("不适用《政府采购法》第七十八条而适用第七十七条", [("GPL", 77, None)]),
        ("依据采购法第七十八条而不适用第七十七条", [("GPL", 78, None)]),
        ("未按照采购法第四十六条签订合同，依据采购法第七十七条", [("GPL", 77, None)]),
        ("依据采购法第七十七条，不适用从轻处罚", [("GPL", 77, None)]),
        ("违反《政府采购法》第二十五条，依据该法第七十七条", [("GPL", 25, None), ("GPL", 77, None)]),
    ],
)
def test_a_denial_reaches_no_further_than_what_it_is_said_of(
    text: str, articles: list[tuple[str, int | None, int | None]]
) -> None:
    assert read(text) == articles


@pytest.mark.parametrize(
    "text",
    [
        "《军队采购法》第七十七条",
        "军队采购法 77",
        "《政府采购法实施办法》第七十七条",
        "政府采购法实施办法第七十七条",
        "四川省政府采购法实施条例第七十二条",
        "军队政府采购法第七十七条",
        "《关于〈政府采购法〉适用问题的答复》第七十七条",
        "《政府采购法（修订草案征求意见稿）》第七十七条",
        "政府采购法（修订草案）第七十七条",
        "商务部第94号令第三十七条",
        "资财采〔2016〕125号",
        "采购法第七十七条之一",
    ],
)
def test_a_name_in_another_title_is_not_the_instruments(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "《政府采购法》和《四川省政府采购实施办法》第七十七条",
        "政府采购法和合同法第七十七条",
        "政府采购法，本市办法第七十七条",
        "政府采购法、招标文件第七十七条",
    ],
)
def test_an_article_behind_another_title_is_not_the_instruments(text: str) -> None:
    assert read(text) == [("GPL", None, None)]


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("《政府采购法》实施条例第七十二条", [("GPR", 72, None)]),
        ("《中华人民共和国政府采购法（2014修正）》第七十七条", [("GPL", 77, None)]),
        ("处罚依据：政府采购法第七十七条", [("GPL", 77, None)]),
        ("违反了政府采购法第七十七条的规定，应当依法处罚", [("GPL", 77, None)]),
        ("其行为属政府采购法第七十七条所列情形", [("GPL", 77, None)]),
        ("不符合《政府采购法》第二十二条规定的，投标无效", [("GPL", 22, None)]),
        ("符合采购法第二十二条规定且不存在失信记录的供应商", [("GPL", 22, None)]),
        ("依据采购法第七十七条处罚，已履行的除外", [("GPL", 77, None)]),
        ("采购法 77采购法实施条例 72", [("GPL", 77, None), ("GPR", 72, None)]),
        ("财政部第94号令第三十七条", [("MOF94", 37, None)]),
        ("根据财政部财库〔2016〕125号", [("CK125", None, None)]),
        (
            "《关于〈中华人民共和国政府采购法实施条例〉第十九条第一款“较大数额罚款”具体适用问题的意见》",
            [("CK3", None, None)],
        ),
    ],
)
def test_a_name_is_known_in_the_ways_in_which_it_is_written(
    text: str, articles: list[tuple[str, int | None, int | None]]
) -> None:
    assert read(text) == articles


@pytest.mark.parametrize("basis", ["不适用《政府采购法》第七十七条", "《军队采购法》第七十七条"])
def test_a_ban_by_an_article_that_is_not_cited_is_for_a_person(basis: str) -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, from_="2025-12-01", until="2026-11-30", decided_on="2025-11-25", legal_basis=[basis])
    assert effects(story.result(firm)) == {"GP-BAN": "review"}


def test_a_reader_without_the_words_of_denial_denies_nothing() -> None:
    assert cited("不适用政府采购法第七十七条", INSTRUMENTS) == [Cited("GPL", 77)]


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=9))
def test_chinese_and_arabic_numbers_are_read_alike(article: int, paragraph: int) -> None:
    wanted = [Cited("GPL", article, paragraph)]
    assert cited(f"采购法第{chinese(article)}条第{chinese(paragraph)}款", INSTRUMENTS) == wanted
    assert cited(f"采购法 {article}¶{paragraph}", INSTRUMENTS) == wanted


@given(st.text())
def test_no_text_breaks_the_reading_of_it(text: str) -> None:
    assert all(c.instrument in INSTRUMENTS for c in CATALOGUE.reader.cited(f"采购法{text}"))


# ---------------------------------------------------------------- does a document name the law that is wanted


@pytest.mark.parametrize(
    ("basis", "right"),
    [
        ("保障农民工工资支付条例第四十八条", True),
        ("保障农民工工资支付条例", True),
        ("保障农民工工资支付条例第四十七条", False),
        ("保障农民工工资支付条例第四十七条、第四十八条", True),
        ("采购法第四十八条", False),
        ("采购人自行规定", False),
        ("", False),
    ],
)
def test_a_basis_is_right_where_it_names_the_instrument_and_no_other_article(basis: str, right: bool) -> None:
    assert admits(WAGES_48, cited(basis, INSTRUMENTS)) is right


def test_one_right_basis_among_several_is_enough() -> None:
    assert admits(WAGES_48, [*cited("自行规定", INSTRUMENTS), *cited("724号令 48", INSTRUMENTS)])
    assert not admits(WAGES_48, [])


def test_where_no_article_is_wanted_any_will_do() -> None:
    assert admits(Cite(instrument="GPL"), cited("采购法 22", INSTRUMENTS))
