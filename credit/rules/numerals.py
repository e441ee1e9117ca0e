"""Numbers as laws and decisions write them: Arabic, Chinese, and the capital forms of sums (壹, 贰, 拾)."""

from typing import Final

SIGNS: Final = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
"""The Chinese signs of a number."""
NUMBER: Final = rf"(?:\d+|[{SIGNS}]+)"
"""A number, as a pattern."""
DIGITS: Final = dict(
    zip("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
UNITS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}


def number_in(text: str) -> int:
    """Read a whole number that `NUMBER` fits; digits in a row are read by their places.

    >>> [number_in(n) for n in ("一百二十三", "十", "77", "壹", "贰拾肆", "二〇二一")]
    [123, 10, 77, 1, 24, 2021]
    """
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) > 1 and not any(sign in UNITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit
