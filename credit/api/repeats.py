"""``Idempotency-Key``: the same request again gets the reply that it got; another one under the key is refused.

Only success is kept: what failed may be tried again. A key belongs to one caller. Of the request a keyed hash is kept,
for a body may hold what must not be guessed from its digest.

A request claims its key before it is handled, so that of several processes one serves it and the others wait for its
answer: a little, and in nobody's place, for one that hangs must not hold up other writes. Then they are told to come
again. The claim of a process that died between is taken over after a while, and the request handled again.
"""

import asyncio
import base64
import re
import secrets
import time
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from weakref import WeakValueDictionary

import orjson
from fastapi import Request, Response

from credit.api.door import overloaded
from credit.api.lanes import Place
from credit.api.metrics import Metrics
from credit.errors import FieldInvalid, IdempotencyKeyReused, Unavailable, WriteContended
from credit.model.caller import Caller
from credit.ports import KeptReplies
from credit.tasks import end
from credit.wiring import Services

HEADER: Final = "Idempotency-Key"
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
PLAIN_UP_TO: Final = 4096
"""Bytes of a reply that is kept as it is; a larger one is compressed."""
REPLAYED: Final = {"Idempotent-Replayed": "true"}
BEAT: Final = 10.0
"""Seconds between two signs of life of a request that is being handled."""
PATIENCE: Final = 5.0
"""Seconds that a request waits for another under its key, in this process or in another one."""
FIRST_PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.5


class Repeats:
    """Keeps the replies to requests that carry a key; those of one process under one key wait for each other."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._turns: MutableMapping[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @property
    def under_way(self) -> int:
        """How many keys requests are being served under, or wait."""
        return len(self._turns)

    async def serve(self, request: Request, key: str, handle: Callable[[], Awaitable[Response]]) -> Response:
        """Answer as before, else handle the request and keep the answer before it is given.

        Raises:
            FieldInvalid: the key is of no right form.
            IdempotencyKeyReused: it was used for another request.
            WriteContended: another request under the key is at it all the while.
            Overloaded: there was no place any more once the key was free.
        """
        if not KEY.fullmatch(key):
            raise FieldInvalid(
                "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
                "Idempotency-Key takes 1 to 255 visible ASCII signs",
                pointer=f"#header/{HEADER}",
            )
        caller: Caller = request.state.caller
        turn = self._turns.setdefault((caller.id, key), asyncio.Lock())
        if turn.locked():
            place: Place = request.state.place
            place.leave()
        try:
            async with asyncio.timeout(self._patience):
                await turn.acquire()
        except TimeoutError:
            raise _in_hand() from None
        try:
            return await self._serve(request, caller, key, handle)
        finally:
            turn.release()

    async def _serve(
        self, request: Request, caller: Caller, key: str, handle: Callable[[], Awaitable[Response]]
    ) -> Response:
        services: Services = request.state.services
        digest = services.hasher.digest("request", await _text_of(request))
        claim = _Claim(services.replies, caller.id, key, request.state.place)
        kept = await claim.take(digest, self._patience)
        if kept is None:
            async with claim.held():
                await _return_to(request.state.place, request.app.state.metrics)
                response = await handle()
                if response.status_code < 300:  # noqa: PLR2004  # success
                    await services.replies.keep_reply(caller.id, key, digest, response.status_code, _pack(response))
                else:
                    await claim.free()
            return response
        held, status, text = kept
        if held != digest:
            raise IdempotencyKeyReused(
                "该 Idempotency-Key 已用于另一请求，请换一个。",
                "The Idempotency-Key was used for another request. Take a new one",
            )
        return _unpack(status, text)


class _Claim:
    """One request's hold on its key."""

    def __init__(self, replies: KeptReplies, caller: str, key: str, place: Place) -> None:
        self._replies = replies
        self._place = place
        self._name = (caller, key)
        self._holder = secrets.token_hex(12)

    async def take(self, request: str, patience: float) -> tuple[str, int, str] | None:
        """Take the key, or leave the place and wait for what another holder answers; None: it is taken.

        Raises:
            WriteContended: no answer came.
        """
        pause, until = FIRST_PAUSE, time.monotonic() + patience
        while (kept := await self._replies.claim(*self._name, request, self._holder)) is not None:
            if kept[1]:
                return kept
            if time.monotonic() > until:  # looked at between two claims: one that is broken off may have been granted
                raise _in_hand()
            self._place.leave()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return None

    @asynccontextmanager
    async def held(self) -> AsyncGenerator[None]:
        """Give signs of life during a block; an error in it frees the key."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        except BaseException:
            await self.free()
            raise
        finally:
            await end(beating)

    async def free(self) -> None:
        """Give the key back; where the store does not answer, it is taken over later."""
        with suppress(Unavailable):
            await self._replies.free(*self._name, self._holder)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            with suppress(Unavailable):
                await self._replies.beat(*self._name, self._holder)


async def _return_to(place: Place, metrics: Metrics) -> None:
    """Hold a place again that may have been left.

    Raises:
        Overloaded: none is free, and none will be soon.
    """
    if not await place.take():
        metrics.shed[place.lane.name].inc()
        raise overloaded()


def _in_hand() -> WriteContended:
    return WriteContended(
        "使用同一 Idempotency-Key 的请求仍在处理中，请稍后重试。",
        "Another request with this Idempotency-Key is still being handled. Try again later",
    )


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
