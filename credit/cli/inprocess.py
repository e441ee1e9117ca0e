"""Answers a command by the API's own routes, in this process: the same rights, checks, refusals and access log.

No server is asked, no framework either: a route's function is called with what its signature names.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, get_type_hints

import orjson
from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.routing import Match

from credit.api.deps import Asked
from credit.api.routes import SCOPES
from credit.cli.bearer import asking, officer_of, reader_of
from credit.errors import Denied, FieldInvalid, Unknown
from credit.model.caller import Scope
from credit.model.when import legal_day
from credit.settings import Settings
from credit.wiring import open_services

MODULES: Final = (
    "complaints",
    "complainants",
    "proposals",
    "cases",
    "corrections",
    "attentions",
    "evaluations",
    "applications",
    "publications",
    "sightings",
    "records",
)
"""The modules of the API whose routes answer commands; loaded when one asks, for all commands would wait for them."""
MOST_FAULTS: Final = 5


async def read(settings: Settings, path: str, told: Mapping[str, Any], key: str | None) -> Any:  # noqa: ANN401  # JSON
    """Answer ``GET`` of a path to a key's holder, or to the operator.

    Raises:
        CreditError: as `answer`, and where the key is none.
    """
    async with open_services(settings) as services:
        return await answer(asking(services, await reader_of(services, key)), "GET", path, told)


async def read_list(
    settings: Settings, asked: tuple[str, Mapping[str, Any]], limit: int, key: str | None
) -> tuple[list[Any], bool]:
    """Gather the items of a list, by its path and parameters, to a limit; the last says whether there are more.

    Raises:
        CreditError: as `read`.
    """
    async with open_services(settings) as services:
        return await answer_list(asking(services, await reader_of(services, key)), asked, limit)


async def answer_list(ask: Asked, asked: tuple[str, Mapping[str, Any]], limit: int) -> tuple[list[Any], bool]:
    """Gather the items of a list as `read_list` does, for whoever asks.

    Raises:
        CreditError: as `answer`.
    """
    path, told = asked
    found, after = list[Any](), None
    while True:
        page = await answer(ask, "GET", path, {**told, "limit": limit - len(found), "after": after})
        found += page["items"]
        after = page["next"]
        if after is None or len(found) >= limit:
            return found, after is not None


async def act(settings: Settings, path: str, body: dict[str, Any], key: str | None) -> Any:  # noqa: ANN401  # JSON
    """Answer ``POST`` of a path to a key's holder; a body whose day ``on`` is None is of today.

    Raises:
        Unauthenticated: there is no key, or none that is live.
        CreditError: as `answer`.
    """
    async with open_services(settings) as services:
        ask = asking(services, await officer_of(services, key))
        today = {"on": str(legal_day(services.clock.now()))} if body.get("on", "") is None else {}
        return await answer(ask, "POST", path, {**body, **today})


async def answer(ask: Asked, method: str, path: str, told: Mapping[str, Any]) -> Any:  # noqa: ANN401  # JSON
    """Answer ``GET`` or ``POST`` of a path below ``/v1/`` as plain data; ``told`` are its parameters, or its body.

    Raises:
        Unknown: there is no such path, or nothing of that name.
        Denied: the caller lacks the right.
        FieldInvalid: a parameter or the body is malformed.
        CreditError: whatever else the registry refuses.
    """
    route, named = _route(method, path)
    _must_be_allowed(ask, route)
    hints = get_type_hints(route.endpoint)
    wanted = {name: hint for name, hint in hints.items() if name in {"query", "body"}}
    given = {name: _read(hint, told, method) for name, hint in wanted.items()}
    try:
        reply = await route.endpoint(ask, **named, **given)
    except RequestValidationError as error:
        raise _malformed(error.errors()) from None
    await ask.services.accesses.flush()
    if isinstance(reply, BaseModel):
        return reply.model_dump(mode="json", by_alias=True)
    return orjson.loads(reply.body) if isinstance(reply, Response) else reply


def _route(method: str, path: str) -> tuple[APIRoute, Mapping[str, str]]:
    """Find the route of a path, and what its places hold."""
    asked = f"/v1/{path.strip('/')}"
    scope: dict[str, Any] = {"type": "http", "method": method, "path": asked, "root_path": "", "headers": []}
    for route in _routes():
        match, found = route.matches({**scope, "fastapi": {}})
        if match is Match.FULL:
            return route, found["path_params"]
    raise Unknown(f"没有 {method} {path}。", f"There is no {method} {path}")


def _routes() -> Iterator[APIRoute]:
    for name in MODULES:
        router: APIRouter = import_module(f"credit.api.{name}").router
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def _must_be_allowed(ask: Asked, route: APIRoute) -> None:
    needed: list[str] = (route.openapi_extra or {}).get(SCOPES, [])
    if needed and not any(ask.caller.has(Scope(scope)) for scope in needed):
        raise Denied(
            f"该密钥没有所需权限：{' / '.join(needed)}。", f"The key has none of the scopes {', '.join(needed)}"
        )


def _read(hint: Any, told: Mapping[str, Any], method: str) -> Any:  # noqa: ANN401  # a body of whatever type
    """Read parameters or a body as the API does; a value is never repeated in an error."""
    given = {name: value for name, value in told.items() if value is not None} if method == "GET" else told
    try:
        return TypeAdapter(hint).validate_python(given)
    except ValidationError as error:
        raise _malformed(error.errors(include_url=False)) from None


def _malformed(faults: Sequence[Any]) -> FieldInvalid:
    said = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:MOST_FAULTS])
    return FieldInvalid(f"格式有误：{said}", f"malformed: {said}")
