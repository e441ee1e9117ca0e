"""One generation of the table of revisions in Redis, and the kept facts beside it.

``credit:{GENERATION}:revisions`` is a hash of ``number``, ``floor`` and slots; ``…:doubts`` the marks not yet released,
with their time; ``…:facts:ID`` the facts of a party. A generation's name begins with the ``run_id`` of the one Redis
process that it was made in, and its connections are to that process alone. That process must be a master without
replicas: another's data could take the place of its own and leave the ``run_id`` as it was.
"""

import re
import secrets
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, cast

import redis.asyncio as aredis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from credit.cache.reading import Look
from credit.ports import Doubt

ANSWER_WITHIN: Final = 0.25
"""Seconds for one answer of Redis; a slower one counts as none."""
TABLE_LIVES: Final = 86_400
FACTS_LIVE: Final = 3_600
"""Seconds without use after which keys end."""
DEAD_AFTER: Final = 60
"""Seconds after which a mark that was not released is taken for a dead write's; only then is it worth a floor."""
_GENERATION: Final = re.compile(r"(?P<run_id>[0-9a-f]{40})\.[0-9a-f]{16}")

_DOUBT: Final = """
if redis.call('HEXISTS', KEYS[1], 'number') == 0 then return false end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
local now = tonumber(redis.call('TIME')[1])
local held, answer = redis.call('HGETALL', KEYS[2]), {number}
for i = 1, #held, 2 do
  if now - tonumber(held[i + 1]) > tonumber(ARGV[1]) then answer[#answer + 1] = tonumber(held[i]) end
end
redis.call('HSET', KEYS[2], number, now)
redis.call('EXPIRE', KEYS[2], ARGV[2])
for i = 3, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], -number) end
return answer
"""
_RELEASE: Final = """
if redis.call('HEXISTS', KEYS[1], 'number') == 0 then return 0 end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
local dead = tonumber(ARGV[2])
local mark, floor = tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'floor') or '0')
if dead > 0 and mark > floor then redis.call('HSET', KEYS[1], 'floor', mark) end
for i = 3, 2 + dead do redis.call('HDEL', KEYS[2], ARGV[i]) end
for i = 3 + dead, #ARGV do
  local held = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if held >= 0 or held == -mark then redis.call('HSET', KEYS[1], ARGV[i], number) end
end
redis.call('HDEL', KEYS[2], ARGV[1])
return number
"""
"""A slot that a later write has put in doubt stays so: that one will release it. The floor is the write's own mark: it
settles what came before the write, and nothing of a later one that is not yet committed."""


class AnotherLifeError(aredis.ConnectionError):
    """This Redis process is not the one that the table was made in."""


class NotAloneError(aredis.RedisError):
    """This Redis is a replica, or has some: what it holds may be replaced by what another held some time ago."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Redis is: ``redis://`` or ``rediss://`` with user and password, and the authority that signed its key."""

    url: str = field(repr=False)
    ca: Path | None = None

    def client(self, run_id: str | None = None) -> aredis.Redis:
        """Make a client; with ``run_id`` one that speaks to that process of Redis and no other."""

        async def connect(connection: AbstractConnection) -> None:
            await connection.on_connect()
            if run_id is not None and await _run_id_over(connection) != run_id:
                raise AnotherLifeError("another life of Redis")

        secure: dict[str, Any] = {"ssl_ca_certs": str(self.ca)} if self.ca and self.url.startswith("rediss:") else {}
        return aredis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]  # **kwargs
            self.url,
            redis_connect_func=connect,
            socket_timeout=ANSWER_WITHIN,
            socket_connect_timeout=ANSWER_WITHIN,
            retry=Retry(NoBackoff(), 0),
            client_name="credit",
            **secure,
        )

    async def new_generation(self) -> str:
        """Name a generation in the life that Redis has now.

        Raises: NotAloneError.
        """
        client = self.client()
        try:
            if not await _is_alone(client):
                raise NotAloneError("Redis is a replica or has replicas")
            info = await _info(client, "server")
        finally:
            await client.aclose()
        return f"{info['run_id']}.{secrets.token_hex(8)}"


async def _run_id_over(connection: AbstractConnection) -> str:
    await connection.send_command("INFO", "server")
    text = cast("bytes", await connection.read_response())
    found = re.search(rb"run_id:([0-9a-f]{40})", text)
    return found[1].decode() if found else ""


async def _info(client: aredis.Redis, section: str) -> dict[str, Any]:
    return cast("dict[str, Any]", await client.execute_command("INFO", section))  # pyright: ignore[reportUnknownMemberType]  # **options


async def _is_alone(client: aredis.Redis) -> bool:
    """Tell whether nobody's data can take the place of those of this Redis."""
    info = await _info(client, "replication")
    return info["role"] == "master" and int(info["connected_slaves"]) == 0


class RedisTable:
    """One generation of the table, over a client that is bound to one life of Redis."""

    def __init__(self, address: Address, generation: str) -> None:
        told = _GENERATION.fullmatch(generation)
        self.generation = generation
        self.client = address.client(told["run_id"] if told else "none")
        self.rows = f"credit:{{{generation}}}:revisions"
        self.doubts = f"credit:{{{generation}}}:doubts"
        self._doubt = self.client.register_script(_DOUBT)
        self._release = self.client.register_script(_RELEASE)
        self._asking = 0
        self._is_put_away = False

    @asynccontextmanager
    async def asked(self) -> AsyncGenerator[Self]:
        """Use it for a block, in which none of its connections is closed."""
        self._asking += 1
        try:
            yield self
        finally:
            self._asking -= 1
            await self._close_unasked()

    async def put_away(self) -> None:
        """Close its connections as soon as nobody asks it: the client would fail on one that is closed under it."""
        self._is_put_away = True
        await self._close_unasked()

    async def _close_unasked(self) -> None:
        if self._is_put_away and not self._asking:
            with suppress(aredis.RedisError, OSError):
                await self.client.aclose()

    async def make(self) -> None:
        """Make it, with nothing in it."""
        await self.client.hset(self.rows, mapping={"number": 1, "floor": 0})
        await self.client.expire(self.rows, TABLE_LIVES)

    async def read(self, slots: Sequence[int]) -> Look | None:
        """Look at it; None where it is not there any more."""
        names = ["number", "floor", *map(str, slots)]
        number, floor, *values = await cast("Awaitable[list[bytes | None]]", self.client.hmget(self.rows, names))
        if number is None or floor is None:
            return None
        return Look(self.generation, int(number), int(floor), tuple([int(v or 0) for v in values]))

    async def is_there(self) -> bool:
        """Tell whether it is there, in a Redis whose data nobody replaces, and let it live on."""
        return await _is_alone(self.client) and bool(await self.client.expire(self.rows, TABLE_LIVES))

    async def doubt(self, slots: tuple[int, ...]) -> Doubt | None:
        """Put slots in doubt; None where it is not there any more."""
        told = await self._doubt(keys=[self.rows, self.doubts], args=[DEAD_AFTER, TABLE_LIVES, *slots])
        if not told:
            return None
        number, *dead = cast("list[int]", told)
        return Doubt(self.generation, number, slots, tuple(dead))

    async def release(self, doubt: Doubt) -> None:
        """Release slots from doubt."""
        args = [doubt.number, len(doubt.dead), *doubt.dead, *doubt.slots]
        await self._release(keys=[self.rows, self.doubts], args=args)

    async def get(self, name: str) -> bytes | None:
        """Return the facts kept under a name."""
        return await cast("Awaitable[bytes | None]", self.client.get(f"credit:{{{self.generation}}}:facts:{name}"))

    async def put(self, name: str, value: bytes) -> None:
        """Keep facts under a name."""
        await self.client.set(f"credit:{{{self.generation}}}:facts:{name}", value, ex=FACTS_LIVE)
