"""Who may call: keys made, known again, bound, rotated and revoked; and the log of who looked up whom.

Of a key only the SHA-256 is kept: it has 256 random bits, so that a slow hash would add nothing. A key once seen is
believed for at most ``BELIEVED`` seconds before the store is asked again; in the process that ends one, at once.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cachetools import TTLCache

from credit import ports
from credit.errors import Conflict, CreditError, FieldInvalid, Unauthenticated, Unknown
from credit.logs import logger
from credit.model.caller import Access, Caller, Scope
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.tasks import end

BELIEVED: Final = 1.0
"""Seconds for which a key is taken for good without asking the store."""
REMEMBERED: Final = 4096
FLUSH_EVERY: Final = 0.5
"""Seconds after which an access is written at the latest."""
FLUSH_AT: Final = 500
BUFFERED: Final = 10_000
"""Accesses held in memory at most; then look-ups wait for the store."""
KEY_FORM: Final = re.compile(r"[A-Za-z0-9_\-]{20,128}")
"""What any key looks like: all else is refused without asking the store."""
FIRST_ID: Final = "first"

_log = logger(__name__)


def hash_of(key: str) -> str:
    """Return the SHA-256 of a key, in hex: all that is kept of it."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerStatement:
    """What an administrator says of a new key; ``limit`` is calls a minute, None without limit."""

    name: str
    scopes: frozenset[Scope]
    authority: Authority | None = None
    party: PartyId | None = None
    limit: int | None = None
    expires_at: datetime | None = None


class Gate:
    """Knows callers by their keys, and makes, rotates and revokes these."""

    def __init__(self, store: ports.Callers, clock: ports.Clock, make_key: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._make_key = make_key
        self._known: TTLCache[str, Caller] = TTLCache(REMEMBERED, BELIEVED)
        self._asked: dict[str, asyncio.Future[Caller | None]] = {}
        self._turn = 0

    async def authenticate(self, key: str) -> Caller:
        """Return the caller whose key this is.

        Raises:
            Unauthenticated: no such key, or it has ended.
            StoreUnavailable: the store cannot tell.
        """
        hashed = hash_of(key) if KEY_FORM.fullmatch(key) else ""
        caller = self._known.get(hashed) or (await self._ask(hashed) if hashed else None)
        if caller is None or not caller.live_at(self._clock.now()):
            raise Unauthenticated(
                "API 密钥无效、已过期或已撤销，请使用有效密钥。",
                "The API key is unknown, expired or revoked. Send a live one: Authorization: Bearer KEY",
            )
        return caller

    async def make(self, statement: CallerStatement) -> tuple[Caller, str]:
        """Make a caller and its key, which is shown this once.

        Raises:
            FieldInvalid: the scopes do not fit what the key is bound to.
        """
        now = self._clock.now()
        _check_binding(statement, now)
        caller = Caller(
            id=secrets.token_hex(8),
            name=statement.name,
            scopes=statement.scopes,
            authority=statement.authority,
            party=statement.party,
            limit=statement.limit,
            created_at=now,
            expires_at=statement.expires_at,
        )
        key = self._make_key()
        await self._store.save_caller(caller, hash_of(key))
        return caller, key

    async def admit_first(self, key: str) -> Caller | None:
        """Save the key of the first start, with all scopes and no bounds, where no caller is held yet."""
        if await self._store.callers():
            return None
        caller = Caller(FIRST_ID, "first key", frozenset(Scope), created_at=self._clock.now())
        await self._store.save_caller(caller, hash_of(key))
        return caller

    async def all(self) -> Sequence[Caller]:
        """Return every caller, newest first."""
        held = await self._store.callers()
        return sorted(
            held,
            key=lambda c: (c.created_at or datetime.min.replace(tzinfo=self._clock.now().tzinfo), c.id),
            reverse=True,
        )

    async def one(self, caller_id: str) -> Caller:
        """Return one caller.

        Raises:
            Unknown: there is none of that id.
        """
        found = next((caller for caller in await self._store.callers() if caller.id == caller_id), None)
        if found is None:
            raise Unknown(f"没有编号为 {caller_id} 的调用方。", f"There is no caller {caller_id}")
        return found

    async def rotate(self, caller_id: str, *, overlap: timedelta = timedelta(0)) -> tuple[Caller, str]:
        """Give a caller a new key; the ones before end after ``overlap``.

        Raises:
            Unknown: there is none of that id.
            Conflict: it has ended.
        """
        caller = await self.one(caller_id)
        if not caller.live_at(self._clock.now()):
            raise Conflict("该密钥已过期或已撤销，请新建。", "The key has ended and cannot be rotated. Make a new one")
        key = self._make_key()
        await self._store.save_caller(caller, hash_of(key))
        await self._store.retire_hash(caller_id, hash_of(key), self._clock.now() + overlap)
        self._forget(caller_id)
        return caller, key

    async def revoke(self, caller_id: str) -> Caller:
        """End every key of a caller at once; a second time changes nothing.

        Raises:
            Unknown: there is none of that id.
        """
        caller = await self.one(caller_id)
        now = self._clock.now()
        if caller.revoked_at is not None and caller.revoked_at <= now:
            return caller
        await self._store.retire_hash(caller_id, None, now)
        self._forget(caller_id)
        return replace(caller, revoked_at=now)

    async def _ask(self, hashed: str) -> Caller | None:
        """Ask the store once for all who ask at the same time."""
        if (pending := self._asked.get(hashed)) is not None:
            return await asyncio.shield(pending)
        turn = self._turn
        asked = self._asked[hashed] = asyncio.ensure_future(self._store.caller(hashed))
        try:
            caller = await asyncio.shield(asked)
        finally:
            self._asked.pop(hashed, None)
        if caller is not None and turn == self._turn:
            self._known[hashed] = caller
        return caller

    def _forget(self, caller_id: str) -> None:
        """Believe nothing any more that was read of a caller, nor what is just being read."""
        self._turn += 1
        self._asked.clear()
        for hashed in [hashed for hashed, caller in self._known.items() if caller.id == caller_id]:
            self._known.pop(hashed, None)


def _check_binding(statement: CallerStatement, now: datetime) -> None:
    if Scope.SELF in statement.scopes and statement.party is None:
        raise FieldInvalid(
            "self 权限的密钥须绑定一个主体（party）。", "A key of scope self is bound to a party", pointer="/party"
        )
    if statement.expires_at is not None and statement.expires_at <= now:
        raise FieldInvalid("到期时间已过。", "The key would have expired already", pointer="/expires_at")


class AccessLog:
    """Collects who looked up whom and writes it in batches, at the latest after ``FLUSH_EVERY`` seconds."""

    def __init__(self, store: ports.Callers) -> None:
        self._store = store
        self._held: list[Access] = []
        self._writing = asyncio.Lock()
        self._full = asyncio.Event()

    async def note(self, access: Access) -> None:
        """Take one access in; its ``parties`` are ids of the registry's form, never what else a caller wrote.

        Raises:
            StoreUnavailable: as many are held as memory may, and the store does not take them.
        """
        if len(self._held) >= BUFFERED:
            await self.flush()
        self._held.append(access)
        if len(self._held) >= FLUSH_AT:
            self._full.set()

    async def flush(self) -> None:
        """Write all that is held; what could not be written stays.

        Raises:
            StoreUnavailable: the store does not take them.
        """
        async with self._writing:
            while batch := self._held[:FLUSH_AT]:
                await self._store.log_accesses(batch)
                del self._held[: len(batch)]

    async def read(self, *, party: str | None, before: int | None, limit: int) -> Sequence[tuple[int, Access]]:
        """Return accesses newest first, each with its place in their order; all noted before are in."""
        await self.flush()
        return await self._store.accesses(party=party, before=before, limit=limit)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["AccessLog"]:
        """Write in the background for a block, and the rest at its end."""
        task = asyncio.create_task(self._keep_writing())
        try:
            yield self
        finally:
            await end(task)
            try:
                await self.flush()
            except CreditError:
                _log.exception("accesses_lost", count=len(self._held))

    async def _keep_writing(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_EVERY):
                    await self._full.wait()
            self._full.clear()
            try:
                await self.flush()
            except CreditError as error:
                _log.warning("accesses_delayed", count=len(self._held), code=error.code)
            except Exception:  # noqa: BLE001  # the edge of a background task: it goes on
                _log.exception("accesses_delayed", count=len(self._held))
