"""Errors as RFC 9457 problems: one table from class to status, one place that writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from credit import errors
from credit.api.messages import faults_of
from credit.api.replies import orjson_of
from credit.api.schemas.replies import Fault, Problem
from credit.identifiers import redact
from credit.logs import logger

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:credit:problem:"
RETRY_AFTER: Final = "2"
"""Seconds after which a backend that did not answer may be asked again."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a class of errors is answered."""

    status: HTTPStatus
    title: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, status: HTTPStatus, title: str, **headers: str) -> "Kind":
        """Name a kind; headers with underscores for hyphens."""
        return cls(status, title, {name.replace("_", "-"): value for name, value in headers.items()})


KINDS: Final[Mapping[type[errors.CreditError], Kind]] = {
    errors.Malformed: Kind.of(HTTPStatus.UNPROCESSABLE_ENTITY, "请求不符合格式 · Malformed request"),
    errors.Unauthenticated: Kind.of(
        HTTPStatus.UNAUTHORIZED, "未认证 · Not authenticated", WWW_Authenticate='Bearer realm="credit"'
    ),
    errors.Denied: Kind.of(HTTPStatus.FORBIDDEN, "无权限 · Not allowed"),
    errors.Unknown: Kind.of(HTTPStatus.NOT_FOUND, "未找到 · Not found"),
    errors.Conflict: Kind.of(HTTPStatus.CONFLICT, "冲突 · Conflict"),
    errors.TooLarge: Kind.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "请求过大 · Too large"),
    errors.TooMany: Kind.of(HTTPStatus.TOO_MANY_REQUESTS, "请求过于频繁 · Too many requests"),
    errors.TooSlow: Kind.of(HTTPStatus.REQUEST_TIMEOUT, "发送过慢 · Too slow", Connection="close"),
    errors.EvidenceBroken: Kind.of(HTTPStatus.INTERNAL_SERVER_ERROR, "证据校验失败 · Evidence broken"),
    errors.Overloaded: Kind.of(HTTPStatus.SERVICE_UNAVAILABLE, "过载 · Overloaded", Retry_After="1"),
    errors.StorageFull: Kind.of(HTTPStatus.INSUFFICIENT_STORAGE, "存储空间不足 · Storage full", Retry_After="60"),
    errors.Unavailable: Kind.of(HTTPStatus.SERVICE_UNAVAILABLE, "暂时不可用 · Unavailable", Retry_After=RETRY_AFTER),
}
INTERNAL: Final = Kind.of(HTTPStatus.INTERNAL_SERVER_ERROR, "内部错误 · Internal error")
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH")
HTTP_CODES: Final[Mapping[int, tuple[str, str, str, str]]] = {
    400: ("bad_request", "请求有误 · Bad request", "请求无法读取。", "The request cannot be read"),
    404: ("path_unknown", "未找到 · Not found", "没有这个路径。", "There is no such path"),
    405: (
        "method_not_allowed",
        "方法不允许 · Method not allowed",
        "此路径不支持该方法。",
        "This path does not take the method",
    ),
}


def kind_of(error: Exception) -> Kind:
    """Find how an error is answered, by the nearest class that the table names."""
    found = (KINDS[cls] for cls in type(error).__mro__ if issubclass(cls, errors.CreditError) and cls in KINDS)
    return next(found, INTERNAL)


def problem_of(error: Exception, request_id: str) -> tuple[Problem, Mapping[str, str]]:
    """Turn any error into a problem and the headers that go with it; an identity number that was sent is masked."""
    if isinstance(error, RequestValidationError):
        kind = KINDS[errors.Malformed]
        told = ("请求不符合格式，见 errors。", "The request is malformed, see errors")
        return _problem(kind.status, kind.title, "malformed", told, request_id, faults_of(error)), {}
    if isinstance(error, HTTPException):
        return _http_problem(error, request_id), dict(error.headers or {})
    kind = kind_of(error)
    if kind is INTERNAL or not isinstance(error, errors.CreditError):
        told = (
            "服务内部错误，已记录。请将 request_id 告知管理员。",
            "An internal error, which was logged. Tell the administrator the request_id",
        )
        return _problem(INTERNAL.status, INTERNAL.title, "internal_error", told, request_id), {}
    faults = (Fault(pointer=error.pointer, message=f"{error.zh} · {error.en}"),) if error.pointer else ()
    return _problem(kind.status, kind.title, error.code, (error.zh, error.en), request_id, faults), _headers(
        kind, error
    )


def respond(error: Exception, request_id: str) -> Response:
    """Answer an error; an unexpected one is logged, and hidden from the caller."""
    problem, headers = problem_of(error, request_id)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request_failed", exc_info=error)
    return Response(orjson_of(problem.model_dump()), problem.status, headers=dict(headers), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error that a route or the router raises be answered by ``respond``."""

    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            error = HTTPException(error.status_code, headers={"Allow": ", ".join(allowed(app, request.scope))})
        return respond(error, str(request.scope["state"]["request_id"]))

    for expected in (errors.CreditError, RequestValidationError, HTTPException):
        app.add_exception_handler(expected, handle)


def allowed(app: FastAPI, scope: Scope) -> Sequence[str]:
    """Name the methods that a path takes: one that is described by itself those, else whichever route takes them."""
    described = app.openapi()["paths"].get(scope["path"])
    if described is not None:
        return [method for method in METHODS if method.lower() in described]
    return [method for method in METHODS if any(_takes(route, scope, method) for route in app.routes)]


def _takes(route: BaseRoute, scope: Scope, method: str) -> bool:
    tried = {**scope, "method": method, "fastapi": dict(scope.get("fastapi", {}))}
    return route.matches(tried)[0] is Match.FULL


def _headers(kind: Kind, error: errors.CreditError) -> Mapping[str, str]:
    wait = error.fields.get("retry_after")
    return {**kind.headers, "Retry-After": str(wait)} if wait is not None else kind.headers


def _http_problem(error: HTTPException, request_id: str) -> Problem:
    """Answer what the framework itself refuses."""
    status = HTTPStatus(error.status_code)
    code, title, zh, en = HTTP_CODES.get(
        status, (status.name.lower(), f"{status.phrase}", "请求被拒绝。", f"The request was refused: {status.phrase}")
    )
    return _problem(status, title, code, (zh, en), request_id)


def _problem(
    status: HTTPStatus,
    title: str,
    code: str,
    told: tuple[str, str],
    request_id: str,
    faults: tuple[Fault, ...] = (),
) -> Problem:
    zh, en = map(redact, told)
    detail = zh if zh == en else f"{zh} {en}"
    return Problem(
        type=TYPE + code,
        title=title,
        status=status,
        detail=detail,
        code=code,
        errors=tuple(Fault(pointer=redact(one.pointer), message=redact(one.message)) for one in faults),
        request_id=request_id,
    )
