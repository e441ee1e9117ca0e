"""The OpenAPI document: what FastAPI describes, and what it cannot know (problems, keys, headers)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from credit.api.problems import MEDIA_TYPE
from credit.api.routes import SCOPES, SHOWN_ONCE
from credit.api.schemas.records import ListingBody, PenaltyBody
from credit.api.schemas.replies import Problem

DESCRIPTION: Final = """招标采购信用核查：登记主体、关系、处罚、名单、项目与投标，回答某主体能否参加，并逐条给出依据。

A credit registry for public procurement: parties, relations, penalties, lists, projects and bids; and whether a party
may take part, each finding with its record, rule and law. Errors are RFC 9457 problems with a stable `code`.
"""
REF: Final = "#/components/schemas/{model}"
PROBLEMS: Final[Mapping[str, str]] = {
    "401": "没有有效密钥 · no live key",
    "403": "密钥无此权限 · the key lacks the right",
    "404": "未找到 · not found",
    "408": "请求体未及时发送完毕 · the body was not sent in time",
    "409": "冲突 · another body under the same key, or an ambiguous number",
    "413": "请求过大 · more than one call may carry",
    "422": "请求不符合格式 · malformed",
    "429": "限额已用完 · the key's limit is used up",
    "503": "后端暂不可用 · a backend does not answer",
    "507": "磁盘空间不足，暂停写入 · the graph's disk is full, nothing is written",
}
IDEMPOTENCY: Final[Mapping[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "同键同请求返回原答复，同键异请求 409 · the same request again gets the same reply",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
LOCATION: Final = {"Location": {"description": "所建资源的路径 · path of what was made", "schema": {"type": "string"}}}


def describe(app: FastAPI) -> dict[str, Any]:
    """Make the whole document."""
    document = get_openapi(
        title="credit", version=app.version, summary=app.summary, description=DESCRIPTION, routes=app.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas())
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "API 密钥 · an API key: Authorization: Bearer KEY",
        }
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return document


def _schemas() -> dict[str, Any]:
    """Describe the models that no signature names."""
    models = [(PenaltyBody, "validation"), (ListingBody, "validation"), (Problem, "serialization")]
    _, definitions = models_json_schema(models, ref_template=REF)  # pyright: ignore[reportArgumentType]  # literal modes
    return definitions["$defs"]


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation the problems that it may answer and the headers that it takes and gives."""
    responses: dict[str, Any] = operation["responses"]
    for status in _problems_of(path, method, operation):
        responses[status] = {
            "description": PROBLEMS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
        }
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and not parameter["required"]:
            parameter["allowEmptyValue"] = True  # it is then one that is not given
    for status in {"201", "202"} & set(responses):
        responses[status].setdefault("headers", {}).update(LOCATION)
    if method in {"post", "put"} and SHOWN_ONCE not in operation:
        operation.setdefault("parameters", []).append(dict(IDEMPOTENCY))


def _problems_of(path: str, method: str, operation: Mapping[str, Any]) -> Iterable[str]:
    if path == "/healthz":
        return
    if SCOPES in operation:
        yield from ("401", "403", "429", "503")
    elif path == "/metrics":
        yield "403"
    elif path == "/readyz":
        yield "503"
    if SCOPES in operation and "{" in path:
        yield "404"
    if method != "get":
        yield from ("404", "408", "409", "413")
    if SCOPES in operation and method != "get":
        yield "507"
    if SCOPES in operation:
        yield "422"
    if SCOPES in operation and "{" in path and method == "get":
        yield "409"
