"""``Idempotency-Key``: the same request again gets the reply that it got; another one under the key is refused.

Only success is kept: what failed may be tried again. A key belongs to one caller. Of the request a keyed hash is kept,
for a body may hold what must not be guessed from its digest.
"""

import asyncio
import base64
import re
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from weakref import WeakValueDictionary

import orjson
from fastapi import Request, Response

from credit.errors import FieldInvalid, IdempotencyKeyReused
from credit.model.caller import Caller
from credit.wiring import Services

HEADER: Final = "Idempotency-Key"
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
PLAIN_UP_TO: Final = 4096
"""Bytes of a reply that is kept as it is; a larger one is compressed."""
REPLAYED: Final = {"Idempotent-Replayed": "true"}


class Repeats:
    """Keeps the replies to requests that carry a key; those of one process under one key wait for each other."""

    def __init__(self) -> None:
        self._turns: MutableMapping[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def serve(self, request: Request, key: str, handle: Callable[[], Awaitable[Response]]) -> Response:
        """Answer as before, else handle the request and keep the answer before it is given.

        Raises:
            FieldInvalid: the key is of no right form.
            IdempotencyKeyReused: it was used for another request.
        """
        if not KEY.fullmatch(key):
            raise FieldInvalid(
                "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
                "Idempotency-Key takes 1 to 255 visible ASCII signs",
                pointer=f"#header/{HEADER}",
            )
        caller: Caller = request.state.caller
        turn = self._turns.setdefault((caller.id, key), asyncio.Lock())
        async with turn:
            return await self._serve(request, caller, key, handle)

    async def _serve(
        self, request: Request, caller: Caller, key: str, handle: Callable[[], Awaitable[Response]]
    ) -> Response:
        services: Services = request.state.services
        digest = services.hasher.digest("request", await _text_of(request))
        kept = await services.replies.reply(caller.id, key)
        if kept is not None:
            held, status, text = kept
            if held != digest:
                raise IdempotencyKeyReused(
                    "该 Idempotency-Key 已用于另一请求，请换一个。",
                    "The Idempotency-Key was used for another request. Take a new one",
                )
            return _unpack(status, text)
        response = await handle()
        if response.status_code < 300:  # noqa: PLR2004  # success
            await services.replies.keep_reply(caller.id, key, digest, response.status_code, _pack(response))
        return response


async def _text_of(request: Request) -> str:
    """Write a request so that two are the same only if they mean the same; a body is compared as sent."""
    body = (await request.body()).decode("utf-8", "backslashreplace")
    return f"{request.method} {request.url.path}?{request.url.query}\n{body}"


def _pack(response: Response) -> str:
    body = bytes(response.body)
    kept: dict[str, Any] = {"location": response.headers.get("location")}
    if len(body) <= PLAIN_UP_TO:
        kept["body"] = body.decode()
    else:
        kept["deflated"] = base64.b64encode(zlib.compress(body, 1)).decode()
    return orjson.dumps(kept).decode()


def _unpack(status: int, text: str) -> Response:
    kept: dict[str, Any] = orjson.loads(text)
    body = zlib.decompress(base64.b64decode(kept["deflated"])) if "deflated" in kept else kept["body"].encode()
    headers = REPLAYED | ({"Location": kept["location"]} if kept["location"] else {})
    return Response(body, status, headers=headers, media_type="application/json")
