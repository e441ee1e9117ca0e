"""Callers and their keys, answers that are kept, long jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from credit.model.caller import Access, Caller


class Callers(Protocol):
    """Keys and the access log."""

    async def caller(self, key_hash: str) -> Caller | None: ...

    async def save_caller(self, caller: Caller, key_hash: str) -> None:
        """Write a caller under its key's hash; the hashes it had before stay valid until ``retire_hash``."""
        ...

    async def retire_hash(self, caller_id: str, keep: str | None, at: datetime) -> None:
        """End every key of a caller but ``keep`` at an instant."""
        ...

    async def callers(self) -> Sequence[Caller]: ...

    async def log_accesses(self, accesses: Sequence[Access]) -> None: ...

    async def accesses(self, *, party: str | None, before: int | None, limit: int) -> Sequence[tuple[int, Access]]: ...


class KeptReplies(Protocol):
    """What an ``Idempotency-Key`` was answered, and long jobs."""

    async def reply(self, caller: str, key: str) -> tuple[str, int, str] | None:
        """(digest of the request, status, body) answered before under this key."""
        ...

    async def claim(self, caller: str, key: str, request: str, holder: str) -> tuple[str, int, str] | None:
        """Take a key for a request in hand: None where it is the holder's now, else what stands there.

        That is (digest of the request, status, body); status 0: another holder is at it. One that has given no sign of
        life for some while loses the key to whoever claims it.
        """
        ...

    async def beat(self, caller: str, key: str, holder: str) -> None:
        """Give a sign of life for a claim."""
        ...

    async def free(self, caller: str, key: str, holder: str) -> None:
        """Give back a claim that came to nothing; what is answered stays."""
        ...

    async def keep_reply(self, caller: str, key: str, request: str, status: int, body: str) -> None:
        """Write the answer under a key, claimed or not; the first one stands."""
        ...

    async def save_job(self, job: "Job") -> None: ...

    async def job(self, job_id: str) -> "Job | None": ...

    async def unfinished_jobs(self) -> Sequence["Job"]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A long check: ``question`` is the request body as JSON text, ``holder`` the process that runs it.

    ``beat`` is its last sign of life (tick).
    """

    id: str
    caller: str
    state: str
    done: int
    total: int
    question: str
    result: str | None = None
    error: str | None = None
    holder: str = ""
    beat: int = 0
