from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import FieldInvalid
from importers.cells import clean, day, numeral, shown, stamp_day, yuan_of_wan


@pytest.mark.parametrize(
    "text",
    [
        "2024-08-01",
        "2024/8/1",
        "2024.08.01",
        "20240801",
        "2024年08月01日",
        "2024 年 8 月 1 日",
        "２０２４－０８－０１",
        "2024-08-01 00:00:00",
        "2024/8/1 10:00",
        "2024-08-01T09:30:00.000",
        "2024-08-01T00:00:00+08:00",
        " 2024-08-01\n",
    ],
)
def test_a_day_is_read_in_every_way_that_sources_write_it(text: str) -> None:
    assert day(text, "决定日期") == date(2024, 8, 1)


@pytest.mark.parametrize(
    "text", ["2024-13-01", "2023-02-29", "昨天", "2024-08", "45505", "01/08/2024", "2024-08-01 起"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalid, match="决定日期"):
        day(text, "决定日期")


def test_an_empty_cell_is_no_day() -> None:
    assert day("  ", "决定日期") is None
    assert stamp_day("", "时间戳") is None


def test_a_time_stamp_is_the_day_in_shanghai() -> None:
    assert stamp_day("1595260800", "时间戳") == date(2020, 7, 21)
    assert stamp_day("1595260799", "时间戳") == date(2020, 7, 20)
    assert stamp_day("1595260800000", "时间戳") == date(2020, 7, 21)


def test_what_is_no_time_stamp_is_refused() -> None:
    with pytest.raises(FieldInvalid):
        stamp_day("2020-07-21", "时间戳")


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("0.2", "2000.00"),
        ("200.000000", "2000000.00"),
        ("199.999999", "1999999.99"),
        ("２００", "2000000.00"),
        ("1,000", "10000000.00"),
        ("20万元", "200000.00"),
        ("0", "0.00"),
    ],
)
def test_an_amount_in_wan_is_exact_in_yuan(text: str, yuan: str) -> None:
    assert yuan_of_wan(text, "罚款金额") == Decimal(yuan)


@given(st.decimals(min_value=0, max_value=10**8, places=6))
def test_no_amount_loses_a_fen(amount: Decimal) -> None:
    assert yuan_of_wan(str(amount), "罚款金额") == amount * 10_000


@pytest.mark.parametrize("text", ["-1", "200元", "1e3", "0.1234567", "约20", "1.2.3"])
def test_what_is_no_amount_in_wan_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalid, match="罚款金额"):
        yuan_of_wan(text, "罚款金额")


def test_an_empty_cell_is_no_amount() -> None:
    assert yuan_of_wan(" ", "罚款金额") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2, "0.2"),
        (0.1 + 0.2, "0.3"),
        (440301103097413.0, "440301103097413"),
        (200, "200"),
        (datetime(2024, 8, 1), "2024-08-01"),  # noqa: DTZ001 - as a spreadsheet holds it
        (datetime(2024, 8, 1, 9, 30), "2024-08-01 09:30:00"),  # noqa: DTZ001
        (None, ""),
    ],
)
def test_a_cell_reads_as_the_spreadsheet_shows_it(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("有限责任公\n司", "有限责任公司"),
        ("Acme \r\n Ltd", "Acme Ltd"),
        ("\ufeff甲\u200b公司\u3000", "甲公司"),
        ("甲（1）", "甲（1）"),
    ],
)
def test_cleaning_takes_breaks_and_invisible_signs_away(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("壹佰贰拾万伍仟", 1205000),
        ("二〇二四", 2024),
        ("两", 2),
        ("x", None),
        ("", None),
    ],
)
def test_numerals_are_read(text: str, number: int | None) -> None:
    assert numeral(text) == number
