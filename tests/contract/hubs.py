"""Hubs of the invented city: an owner, a head office, a punished firm and a project, each with so many of its own."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from credit.cache.shared import NoRevisions
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.model.party import PartyId, RelationKind
from credit.model.statements import LoadRow
from credit.ports import Entry, WriteUnit
from tests.contract.makers import ADMIN, City, code, done, firm, penalty, tie


@dataclass(frozen=True, slots=True)
class Hub:
    """Ids: of one that owns many firms, a head office of them all, one of them, and one with as many records.

    ``record`` is the tick of one of its records, ``link`` the chain number of one of the project's checks.
    """

    owner: str
    head: str
    firm: str
    punished: str
    record: int
    project_no: str
    link: int


async def make_hubs(endpoint: Endpoint, sizes: Sequence[int]) -> list[Hub]:
    """Write hubs of these sizes, the schema first."""
    with tempfile.TemporaryDirectory() as home:
        async with open_store(endpoint, revisions=NoRevisions(), lock=Path(home) / "write.lock") as store:
            return [await _make(store, 1000 * place, size) for place, size in enumerate(sizes, 1)]


async def _make(store: Store, first: int, size: int) -> Hub:
    city = City.over(store)
    owner, head, punished, *firms = [code(first + n) for n in range(size + 3)]
    rows = [LoadRow(row=n, parties=(firm(first + n),)) for n in range(size + 3)]
    rows += [LoadRow(row=0, relations=(tie(RelationKind.SHAREHOLDER, owner, f),)) for f in firms]
    rows += [LoadRow(row=0, relations=(tie(RelationKind.BRANCH_OF, f, head),)) for f in firms]
    rows += [LoadRow(row=0, records=(penalty(punished, f"资财采罚〔{first}〕{n}号"),)) for n in range(size)]
    done(*await city.registry.load(ADMIN, rows))
    project_no = f"N{first}"
    links = await store.writes.write(lambda unit: _keep(unit, project_no, size))
    newest = await store.browser.records(PartyId(punished), before=None, limit=9)
    return Hub(owner, head, firms[3], punished, newest[-1].tick, project_no, links[size // 2])


async def _keep(unit: WriteUnit, project_no: str, count: int) -> list[int]:
    """Append checks of a project to the chain."""
    numbers: list[int] = []
    for _ in range(count):
        number, previous = await unit.evidence.head()
        name = f"chk_{project_no}_{number + 1}"
        entry = Entry(name, "check", "{}", name, "s", "k", previous, number + 1, unit.tick, name, project_no)
        await unit.evidence.append(entry)
        numbers.append(number + 1)
    return numbers
