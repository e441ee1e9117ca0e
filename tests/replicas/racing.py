"""Readers and writers that race: who looks up after a restriction was acknowledged must be told of it."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import orjson

from bench.client import Connection
from tests.api import bodies
from tests.faults.running import Api, code

HOST: Final = "127.0.0.1"
PAUSE: Final = 0.05
READERS: Final = 3
"""Connections that read, to each process."""
ANSWER_WITHIN: Final = 60.0


@dataclass(slots=True)
class Standing:
    """What a party must be told to be, and since when that was acknowledged; None while a write is under way."""

    restricted: bool | None = False
    since: float = 0.0

    def settle(self, *, restricted: bool) -> None:
        self.restricted, self.since = restricted, time.monotonic()


@dataclass
class Race:
    """Two processes, parties that are banned and freed in turn, and what readers were told."""

    apis: Sequence[Api]
    seed: int
    parties: dict[str, Standing] = field(default_factory=dict[str, Standing])
    verdicts: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    acknowledged: int = 0
    over: bool = False

    @property
    def answers(self) -> int:
        return self.verdicts.total()

    async def run(
        self,
        answers: int,
        writers: Sequence[Sequence[str]],
        *beside: Callable[[], Any],
        enough: Callable[[], bool] = lambda: True,
    ) -> None:
        """Race until so many answers were given and it was ``enough``.

        ``beside`` are disturbances, which end when the race is over.
        """
        self.parties |= {party: Standing() for group in writers for party in group}
        async with asyncio.TaskGroup() as group:
            for number, parties in enumerate(writers):
                group.create_task(self._write(random.Random(self.seed + number), parties))
            for number in range(READERS * len(self.apis)):
                group.create_task(self._read(random.Random(-self.seed - number), self.apis[number % len(self.apis)]))
            for disturb in beside:
                group.create_task(disturb())
            while (self.answers < answers or not enough()) and not self.wrong:  # noqa: ASYNC110  # readers tell nobody of an answer
                await asyncio.sleep(PAUSE)
            self.over = True

    async def _write(self, chance: random.Random, parties: Sequence[str]) -> None:
        """Ban and free parties of its own, by whichever process, until each write is acknowledged."""
        number = 0
        while not self.over:
            number += 1
            party = chance.choice(parties)
            standing = self.parties[party]
            standing.restricted = None
            record = await self._post(chance, "/v1/penalties", bodies.penalty(party=party, doc_no=f"race-{number}"))
            if record is None:
                return
            standing.settle(restricted=True)
            await asyncio.sleep(chance.random() * PAUSE)
            standing.restricted = None
            annulled = {"kind": "annulled", "on": "2026-06-09", "by": "法院", "reason": "撤销"}
            if await self._post(chance, f"/v1/records/{record}/events", annulled) is None:
                return
            standing.settle(restricted=False)
            await asyncio.sleep(chance.random() * PAUSE)

    async def _post(self, chance: random.Random, path: str, body: object) -> str | None:
        """Send until it is acknowledged; None where the race ended before."""
        while True:
            async with chance.choice(self.apis).async_client() as client:
                try:
                    reply = await client.post(path, json=body)
                except httpx.TransportError:
                    reply = None
            if reply is not None and reply.is_success:
                self.acknowledged += 1
                return str(reply.json()["id"])
            assert reply is None or reply.status_code in {429, 503}, reply.text
            if self.over:
                return None
            await asyncio.sleep(PAUSE)

    async def _read(self, chance: random.Random, api: Api) -> None:
        loop = asyncio.get_running_loop()
        port, key = int(api.base.rpartition(":")[2]), api.headers["Authorization"]
        query = "&".join(f"{name}={value}" for name, value in bodies.LOOK_UP.items())
        end = f"?{query} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: {key}\r\n\r\n"
        _, connection = await loop.create_connection(Connection, HOST, port)
        try:
            while not self.over:
                party = chance.choice(list(self.parties))
                standing = self.parties[party]
                must, since = standing.restricted, standing.since
                async with asyncio.timeout(ANSWER_WITHIN):
                    status, answer = await connection.ask(f"GET /v1/parties/{party}/eligibility{end}".encode())
                if status == 503:
                    await asyncio.sleep(PAUSE)
                    continue
                assert status == 200, answer
                verdict = orjson.loads(answer)["verdict"]
                self.verdicts[verdict] += 1
                held = must is not None and (standing.restricted, standing.since) == (must, since)
                if held and (verdict == "restricted") is not must:
                    self.wrong.append(f"{party} was told {verdict} by {api.base}; restricted: {must}")
        finally:
            connection.close()


def groups(first: int, count: int, size: int) -> list[list[str]]:
    """Name parties in groups, one for each writer."""
    return [[code(first + number * size + n) for n in range(size)] for number in range(count)]


async def make_ready(api: Api, parties: Sequence[str]) -> None:
    """Register parties, and have every required list fresh, so that who has no record is eligible."""
    async with api.async_client() as client:
        for name in ("L01", "L03", "L04"):
            synced = {"finished_at": bodies.LOOK_UP["on"] + "T01:00:00+08:00", "outcome": "complete", "records": 0}
            await _insist(client, "POST", f"/v1/sources/{name}/syncs", synced)
        for party in parties:
            await _insist(client, "PUT", f"/v1/parties/{party}", bodies.organisation())


async def _insist(client: httpx.AsyncClient, method: str, path: str, body: object) -> None:
    """Send until it is taken: a busy machine may be told to come again."""
    async with asyncio.timeout(ANSWER_WITHIN):
        while (reply := await client.request(method, path, json=body)).status_code == 503:  # noqa: ASYNC110  # it says when
            await asyncio.sleep(PAUSE)
    reply.raise_for_status()
