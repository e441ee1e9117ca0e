"""Amounts as notices write them, in yuan."""

from decimal import Decimal

import pytest

from importers.notice_amounts import amount


@pytest.mark.parametrize(
    ("said", "unit", "yuan"),
    [
        ("1980000.00 元", None, "1980000.00"),
        ("7,620,699.90元", None, "7620699.90"),
        ("80,000元 人民币", None, "80000.00"),
        ("88.45 万元", None, "884500.00"),
        ("480.000000（万元）", None, "4800000.00"),
        ("报价：499200（元）", None, "499200.00"),
        ("3602.5688", "万元", "36025688.00"),
        ("736320.0", "元", "736320.00"),
        ("人民币贰拾万元整", None, "200000.00"),
        ("￥１２，０００元", None, "12000.00"),
    ],
)
def test_amounts_are_read_in_every_style_in_use(said: str, unit: str | None, yuan: str) -> None:
    assert amount(said, "金额", unit=unit) == Decimal(yuan)
