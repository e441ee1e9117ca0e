r"""The fields that bodies share, each exactly of the contract's form, and the two kinds of models made of them.

Values arrive as parsed JSON, so every type says by itself how strict it is: a number is never read from a string, a
day never from an instant. Patterns name ASCII digits, for ``\d`` would take full-width ones too.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StringConstraints
from pydantic import WithJsonSchema as JsonSchema

from credit.errors import IdentifierInvalid
from credit.identifiers import parse
from credit.model.when import SHANGHAI, When

CONTROL: Final = r"\x00-\x1f\x7f-\x9f"
LINE: Final = rf"^[^{CONTROL}]*[^{CONTROL}\s][^{CONTROL}]*$"
"""One line of text with something in it."""
PARAGRAPHS: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
DAY_SCHEMA: Final = {"type": "string", "format": "date", "examples": ["2026-06-10"]}
INSTANT_SCHEMA: Final = {"type": "string", "format": "date-time", "examples": ["2026-06-10T09:30:00+08:00"]}
WHEN_SCHEMA: Final = {"anyOf": [DAY_SCHEMA, INSTANT_SCHEMA]}
MONEY: Final = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
MONEY_SCHEMA: Final = {"type": "string", "pattern": MONEY, "examples": ["2000000.00"]}
SHARE: Final = r"^(0(\.[0-9]{1,9})?|1(\.0{1,9})?)$"
SHARE_SCHEMA: Final = {"type": "string", "pattern": SHARE, "examples": ["0.51"]}
SCORE: Final = r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$"
MOST_SCORE: Final = 1_000_000_000
SCORE_SCHEMA: Final = {
    "anyOf": [
        {"type": "number", "minimum": -MOST_SCORE, "maximum": MOST_SCORE},
        {"type": "string", "pattern": SCORE},
    ]
}


class In(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Out(BaseModel):
    """What a caller is shown: every field stands there, null or not."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_day(value: object) -> date:
    """Read ``YYYY-MM-DD`` and nothing else."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("日期应为 YYYY-MM-DD · expected a day, YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("没有这一天 · there is no such day") from None


def read_instant(value: object) -> datetime:
    """Read an RFC 3339 instant with its offset."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError("时刻应为带时区偏移的 RFC 3339 格式 · expected an RFC 3339 instant with offset")
    try:
        at = datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError("没有这一时刻 · there is no such instant") from None
    try:
        _ = at.astimezone(UTC), at.astimezone(SHANGHAI)
    except OverflowError as error:
        raise ValueError("时刻超出可表示的范围 · the instant is out of range") from error
    return at


def read_when(value: object) -> When:
    """Read a day, or an instant where the hour matters."""
    return When.of(
        read_day(value) if isinstance(value, str) and len(value) == len("2026-06-10") else read_instant(value)
    )


def read_whole(value: object) -> object:
    """Take ``5.0`` for 5, as JSON does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_money(value: object) -> Decimal:
    """Read yuan, with two places at most."""
    if not isinstance(value, str) or not _fits(MONEY, value):
        raise ValueError('金额应为十进制字符串（元），如 "2000000.00" · expected yuan as a decimal string')
    return Decimal(value)


def read_share(value: object) -> Decimal:
    """Read a share of 0–1."""
    if not isinstance(value, str) or not _fits(SHARE, value):
        raise ValueError('比例应为 0–1 的十进制字符串，如 "0.51" · expected a share of 0–1 as a decimal string')
    return Decimal(value)


def read_score(value: object) -> Decimal:
    """Read a score as lists publish it: a number, or a decimal string."""
    if isinstance(value, str) and _fits(SCORE, value):
        return Decimal(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MOST_SCORE:
        return Decimal(str(value))
    raise ValueError("评分应为数字或十进制字符串 · expected a number or a decimal string")


def party_id(text: str, pointer: str) -> str:
    """Return a party's id if it is of a right form; ``pointer`` is its place in the body.

    Raises:
        IdentifierInvalid: it is not.
    """
    try:
        return parse(text).id
    except IdentifierInvalid as error:
        raise IdentifierInvalid(error.zh, error.en, pointer=pointer) from None


def _fits(pattern: str, text: str) -> bool:
    """Tell whether a text matches to its very end; ``$`` alone would let a line break pass."""
    return re.fullmatch(pattern.removeprefix("^").removesuffix("$"), text) is not None


def money(value: Decimal | None) -> str | None:
    """Write yuan as a decimal string with two places."""
    return None if value is None else f"{value:.2f}"


def plain(value: Decimal | None) -> str | None:
    """Write a decimal as it is, never with an exponent."""
    return None if value is None else f"{value:f}"


Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
"""A name, a number of a document: one line, at most 200 signs."""
LongLine = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=LINE)]
Paragraphs = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=PARAGRAPHS)]
"""Running text with line breaks, at most 8,000 signs."""
PartyRef = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=LINE), Field(examples=["91512002MAF0000126"])
]
"""A party by any of its ids; ``party_id`` says whether it is of a right form."""
AnyRef = Annotated[str, StringConstraints(max_length=200), Field(examples=["91512002MAF0000126"])]
"""A party as a question names it: a malformed id is an answer there, no error."""
Region = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$"), Field(examples=["510000"])]
"""A division by GB/T 2260."""
ListId = Annotated[str, StringConstraints(pattern=r"^L(0[1-9]|1[0-9]|2[0-8])$"), Field(examples=["L03"])]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
Count = Annotated[StrictInt, Field(ge=0, le=10**12), BeforeValidator(read_whole)]
Months = Annotated[StrictInt, Field(ge=1, le=1200), BeforeValidator(read_whole)]
Money = Annotated[Decimal, BeforeValidator(read_money), JsonSchema(MONEY_SCHEMA)]
"""Yuan as a decimal string."""
Share = Annotated[Decimal, BeforeValidator(read_share), JsonSchema(SHARE_SCHEMA)]
"""A share of 0–1 as a decimal string."""
Score = Annotated[Decimal, BeforeValidator(read_score), JsonSchema(SCORE_SCHEMA)]
Day = Annotated[date, BeforeValidator(read_day), JsonSchema(DAY_SCHEMA)]
Instant = Annotated[datetime, BeforeValidator(read_instant), JsonSchema(INSTANT_SCHEMA)]
DayOrInstant = Annotated[When, BeforeValidator(read_when), JsonSchema(WHEN_SCHEMA)]
WhenText = Annotated[str, JsonSchema(WHEN_SCHEMA)]
"""A day or an instant, as it is shown."""
