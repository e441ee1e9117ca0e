"""A writer beside the API, as importers are: run as ``python -m tests.replicas.loading FIRST LAST [DIE_AT]``.

Bans one party after another through the registry and prints each code once the write is acknowledged. With DIE_AT it
kills itself at that write, after the commit and before the parties are released from doubt.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field

from credit.model.caller import Caller, Scope
from credit.model.plain import from_plain
from credit.model.record import Penalty, Source
from credit.model.statements import RecordStatement
from credit.ports import Doubt, Revisions
from credit.settings import Settings
from credit.wiring import Services, open_graph, rules_of, services_over
from tests.api import bodies
from tests.faults.running import code

CALLER = Caller("loader", "loader", frozenset({Scope.RECORD, Scope.ADMIN}))


@dataclass
class Mortal:
    """A table of revisions whose process dies at one of its releases."""

    table: Revisions
    die_at: int
    releases: int = field(default=0)

    async def release(self, doubt: Doubt) -> None:
        self.releases += 1
        if self.releases == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        await self.table.release(doubt)

    def __getattr__(self, name: str) -> object:
        return getattr(self.table, name)


def ban(number: int) -> RecordStatement:
    said = bodies.penalty(party=code(number), doc_no=f"loaded-{number}")
    party = said.pop("party")
    return RecordStatement(party=party, content=from_plain(Penalty, said), source=Source("loader"))


async def load(services: Services, first: int, last: int) -> None:
    for number in range(first, last):
        (outcome,) = await services.registry.record(CALLER, [ban(number)])
        assert outcome.error is None, outcome.error
        print(code(number), flush=True)  # noqa: T201  # that is how it acknowledges


async def main(first: int, last: int, die_at: int) -> None:
    settings = Settings.from_env(os.environ)
    async with open_graph(settings) as (store, table):
        door = store.writes
        object.__setattr__(door, "_revisions", Mortal(table, die_at))
        await load(services_over(store, settings, rules=rules_of(settings), table=table), first, last)


if __name__ == "__main__":
    asyncio.run(main(*[int(word) for word in [*sys.argv[1:], "0"][:3]]))
