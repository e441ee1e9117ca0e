"""What is wrong in a body, in Chinese and then English: pydantic's error types in the registry's words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from credit.api.schemas.replies import Fault

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少此字段", "this field is missing"),
    "extra_forbidden": ("没有此字段", "there is no such field"),
    "json_invalid": ("不是有效的 JSON", "not valid JSON"),
    "string_type": ("应为字符串", "expected a string"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} signs"),
    "string_too_long": ("至多 {max_length} 个字符", "at most {max_length} signs"),
    "string_pattern_mismatch": ("格式不符，应匹配 {pattern}", "not of the form {pattern}"),
    "int_type": ("应为整数", "expected an integer"),
    "int_parsing": ("应为整数", "expected an integer"),
    "int_from_float": ("应为整数", "expected an integer"),
    "bool_type": ("应为 true 或 false", "expected true or false"),
    "bool_parsing": ("应为 true 或 false", "expected true or false"),
    "enum": ("应为 {expected}", "expected {expected}"),
    "literal_error": ("应为 {expected}", "expected {expected}"),
    "tuple_type": ("应为数组", "expected an array"),
    "list_type": ("应为数组", "expected an array"),
    "dict_type": ("应为对象", "expected an object"),
    "model_type": ("应为对象", "expected an object"),
    "model_attributes_type": ("应为对象", "expected an object"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} items"),
    "too_long": ("至多 {max_length} 项", "at most {max_length} items"),
    "greater_than_equal": ("不得小于 {ge}", "not less than {ge}"),
    "less_than_equal": ("不得大于 {le}", "not more than {le}"),
}
MOST: Final = 100
"""Faults shown of one body."""


def faults_of(error: RequestValidationError) -> tuple[Fault, ...]:
    """Name what is wrong, never repeating what was sent."""
    return tuple(fault_of(one) for one in _distinct(error.errors()[:MOST]))


def fault_of(one: Mapping[str, Any]) -> Fault:
    """Turn one error of pydantic's into a fault; the pointer of a parameter is its name after ``#``."""
    place, *path = one["loc"] or ("body",)
    if one["type"] == "json_invalid":
        path = []
    joined = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    return Fault(pointer=joined if place == "body" else f"#{place}{joined}", message=words_of(one))


def words_of(one: Mapping[str, Any]) -> str:
    """Say one error of pydantic's in both languages."""
    known = WORDS.get(one["type"])
    if known is None:
        return str(one["msg"]).removeprefix("Value error, ")
    zh, en = known
    fields = dict(one.get("ctx") or {})
    return f"{zh.format_map(fields)} · {en.format_map(fields)}"


def _distinct(errors: Sequence[Any]) -> Sequence[Any]:
    """Leave out what says the same of the same place, as the branches of a union do."""
    seen: dict[tuple[object, ...], Any] = {}
    for one in errors:
        seen.setdefault((*one["loc"], one["type"]), one)
    return list(seen.values())
