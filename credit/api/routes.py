"""Routes that ask for rights before they read a body, and say in OpenAPI which."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Scope as Asgi

from credit.api.repeats import HEADER, Repeats
from credit.errors import Denied, FieldInvalid, Unauthenticated
from credit.model.caller import Caller, Scope

SCOPES: Final = "x-scopes"
"""Where an operation names the scopes of which one is enough; without it, it is open to all."""
READERS: Final = (Scope.READ, Scope.RECORD, Scope.ADMIN)
"""Who may look at parties, records and projects."""
CHECKERS: Final = (Scope.CHECK,)
ANSWERED: Final = (Scope.READ, Scope.CHECK, Scope.ADMIN)
"""Who may look at kept checks and jobs."""
RECORDERS: Final = (Scope.RECORD, Scope.ADMIN)
"""Who may write; the registry asks further whose authority it is."""
ADMINS: Final = (Scope.ADMIN,)

WRITES: Final = frozenset({"POST", "PUT"})

SHOWN_ONCE: Final = "x-shown-once"
"""Marks an operation whose reply holds a key: it is never kept, so an ``Idempotency-Key`` has no effect on it."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def allows(*scopes: Scope) -> dict[str, Any]:
    """Say which scopes an operation takes, as its ``openapi_extra``; none: any live key."""
    return {SCOPES: [str(scope) for scope in scopes], "security": [{"bearer": []}]}


def check_rights(request: Request, scopes: Iterable[str]) -> None:
    """Let a caller pass that has one of the scopes.

    Raises:
        Unauthenticated: no key, or none that is live.
        Denied: the key has none of the scopes.
    """
    caller: Caller | None = request.state.caller
    if caller is None:
        raise request.state.refusal or Unauthenticated(
            "请求缺少 API 密钥。", "No API key was sent. Send: Authorization: Bearer KEY"
        )
    needed = list(scopes)
    if needed and not any(scope in caller.scopes for scope in needed):
        raise Denied(
            f"该密钥没有所需权限：{' / '.join(needed)}。", f"The key has none of the scopes {', '.join(needed)}"
        )


def check_query(request: Request) -> None:
    """Let a query pass that names each parameter once.

    Raises:
        FieldInvalid: one is repeated, and either could be meant.
    """
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items() if request.url.query else ():
        if name in seen:
            raise FieldInvalid("查询参数重复。", "A parameter is repeated", pointer=f"#query/{name}")
        seen.add(name)


def optional_of(dependant: Dependant) -> frozenset[str]:
    """Name the parameters of a query that may be left out, those of a model that is read as a whole too."""
    names: set[str] = set()
    for one in dependant.query_params:
        model = one.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            names.update(field.alias or name for name, field in model.model_fields.items() if not field.is_required())
        elif not one.field_info.is_required():
            names.add(one.alias)
    return frozenset(names)


def without_empty(scope: Asgi, optional: frozenset[str]) -> Asgi:
    """Take ``?authority=`` for a filter that is not given: clients write out all they know, filled in or not."""
    query = scope["query_string"] if optional else b""
    if not query:
        return scope
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if value or name not in optional]
    return scope if len(kept) == len(pairs) else {**scope, "query_string": urlencode(kept).encode("ascii")}


def check_media_type(request: Request) -> None:
    """Let a body pass that is said to be JSON, or not said to be anything.

    Raises:
        FieldInvalid: it is said to be something else.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.scope["state"].get("body") and said and said != "application/json" and not said.endswith("+json"):
        raise FieldInvalid(
            "请求体应为 JSON（Content-Type: application/json）。",
            "The body must be JSON. Send: Content-Type: application/json",
            pointer="#header/Content-Type",
        )


class BodyRequest(Request):
    """A request whose body is read by orjson: strict UTF-8, no NaN."""

    async def json(self) -> Any:  # noqa: ANN401  # whatever the body holds
        """Parse the body."""
        return orjson.loads(await self.body())


class Route(APIRoute):
    """Asks for rights first, so that a stranger learns nothing from what is wrong in a body."""

    def get_route_handler(self) -> Handler:
        """Wrap the framework's handler."""
        handle = super().get_route_handler()
        extra = self.openapi_extra or {}
        scopes: list[str] | None = extra.get(SCOPES)
        kept = scopes is not None and SHOWN_ONCE not in extra
        optional = optional_of(self.dependant)

        async def handler(request: Request) -> Response:
            if scopes is not None:
                check_rights(request, scopes)
            check_query(request)
            body_request = BodyRequest(without_empty(request.scope, optional), request.receive)
            check_media_type(request)
            key = request.headers.get(HEADER) if kept and request.method in WRITES else None
            if key is None:
                return await handle(body_request)
            repeats: Repeats = request.app.state.repeats
            return await repeats.serve(body_request, key, lambda: handle(body_request))

        return handler
