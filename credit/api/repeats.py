"""``Idempotency-Key``: the same request again gets the reply that it got; another one under the key is refused.

Only success is kept: what failed may be tried again. A key belongs to one caller. Of the request a keyed hash is kept,
for a body may hold what must not be guessed from its digest.
"""

import asyncio
import base64
import re
import zlib
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakValueDictionary

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit.errors import FieldInvalid, IdempotencyKeyReused
from credit.model.caller import Caller
from credit.wiring import Services

KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
PLAIN_UP_TO: Final = 4096
"""Bytes of a reply that is kept as it is; a larger one is compressed."""
WRITES: Final = frozenset({"POST", "PUT"})


@dataclass(slots=True)
class Heard:
    """A reply as it is sent, caught."""

    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        """Catch one message."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The reply's status."""
        return int(self.messages[0]["status"])

    @property
    def body(self) -> bytes:
        """The reply's body."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def location(self) -> str | None:
        """Where what was made lies."""
        return MutableHeaders(scope=self.messages[0]).get("location")


class Repeats:
    """Keeps the replies to requests that carry a key."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turns: MutableMapping[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        caller: Caller | None = scope["state"].get("caller") if scope["type"] == "http" else None
        key = Headers(scope=scope).get("idempotency-key") if caller and scope["method"] in WRITES else None
        if caller is None or key is None:
            await self.app(scope, receive, send)
            return
        if not KEY.fullmatch(key):
            raise FieldInvalid(
                "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
                "Idempotency-Key takes 1 to 255 visible ASCII signs",
                pointer="#header/Idempotency-Key",
            )
        turn = self._turns.setdefault((caller.id, key), asyncio.Lock())
        async with turn:
            await self._serve(caller, key, (scope, receive, send))

    async def _serve(self, caller: Caller, key: str, asgi: tuple[Scope, Receive, Send]) -> None:
        """Answer as before, else serve and keep the answer before it is sent."""
        scope, receive, send = asgi
        services: Services = scope["state"]["services"]
        request = services.hasher.digest("request", _text_of(scope))
        kept = await services.replies.reply(caller.id, key)
        if kept is not None:
            digest, status, envelope = kept
            if digest != request:
                raise IdempotencyKeyReused(
                    "该 Idempotency-Key 已用于另一请求，请换一个。",
                    "The Idempotency-Key was used for another request. Take a new one",
                )
            await _send_again(send, status, envelope)
            return
        heard = Heard()
        await self.app(scope, receive, heard.send)
        if heard.messages and heard.status < 300:  # noqa: PLR2004  # success
            await services.replies.keep_reply(caller.id, key, request, heard.status, _pack(heard))
        for message in heard.messages:
            await send(message)


def _text_of(scope: Scope) -> str:
    """Write a request so that two that mean the same are the same; JSON is compared as sent."""
    body: bytes = scope["state"].get("body", b"")
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['method']} {scope['path']}?{query}\n{body.decode('utf-8', 'backslashreplace')}"


def _pack(heard: Heard) -> str:
    body = heard.body
    envelope: dict[str, Any] = {"location": heard.location}
    if len(body) <= PLAIN_UP_TO:
        envelope["body"] = body.decode()
    else:
        envelope["deflated"] = base64.b64encode(zlib.compress(body, 1)).decode()
    return orjson.dumps(envelope).decode()


async def _send_again(send: Send, status: int, text: str) -> None:
    """Send a kept reply."""
    envelope: dict[str, Any] = orjson.loads(text)
    deflated: str | None = envelope.get("deflated")
    body = zlib.decompress(base64.b64decode(deflated)) if deflated else str(envelope["body"]).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), "idempotent-replayed": "true"}
    if envelope.get("location"):
        headers["location"] = envelope["location"]
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
