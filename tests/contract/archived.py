"""A town with one of everything in it, and all that a graph holds, told so that two graphs may be compared."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from credit.archives.container import reading
from credit.archives.moving import restore
from credit.cache.shared import NoRevisions
from credit.cli.bidders import Bidder
from credit.cli.checking import Asking, check
from credit.evidence import verify_chain
from credit.graph import schema
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.model.caller import Access, Caller
from credit.model.complaint import Complaint
from credit.model.matter import MatterKind
from credit.model.merge import MergeStatement
from credit.model.party import PartyId, RelationKind, Role
from credit.model.project import Domain
from credit.model.record import EventKind
from credit.ports import Job
from credit.registry.matters import Opening
from credit.settings import Settings
from credit.wiring import Services, rules_of, services_over
from tests.contract.conftest import wipe
from tests.contract.makers import (
    ADMIN,
    FINANCE,
    City,
    ban,
    bid,
    code,
    done,
    event,
    firm,
    identity_number,
    listing,
    org,
    penalty,
    person,
    project,
    sync,
    tie,
)
from tests.contract.test_callers import BOUND

FIRMS: Final = tuple(PartyId(code(n)) for n in range(1, 13))
A, B, C, D, E, F, G, H, BUYER, AGENCY, X, Y = FIRMS
NOW: Final = datetime.now(UTC)
FOUND: Final = date(2026, 5, 6)
MARK: Final = "0" * 16
"""Of a hash key."""
OLD: Final = NOW - timedelta(hours=2)
"""Before the moment, whatever the clock."""


@dataclass(frozen=True, slots=True)
class Town:
    """A registry with its services, asked and told."""

    city: City
    services: Services

    @classmethod
    def over(cls, store: Store, data: Path) -> "Town":
        settings = Settings(data=data)
        services = services_over(store, settings, rules=rules_of(settings))
        return cls(City(store, services.registry), services)

    async def build(self) -> None:
        """Let there be one of everything."""
        await self.parties()
        await self.records()
        await self.matters()
        await self.merges()
        await self.checks()
        await self.callers()

    async def parties(self) -> None:
        city = self.city
        await city.firms(*range(1, 13))
        (leader,) = await city.register(person("李某某", identity_number=identity_number(1)))
        await city.register(firm(3, name="资阳新三号商贸有限公司", former_names=("资阳3号商贸有限公司",)))
        kinds = [kind for kind in RelationKind if kind is not RelationKind.UNIT_LEADER]
        held = await city.relate(
            tie(RelationKind.UNIT_LEADER, leader, A, since=date(2020, 1, 1)),
            *(tie(kind, FIRMS[n], FIRMS[n + 1]) for n, kind in enumerate(kinds)),
        )
        done(await city.registry.end_relation(ADMIN, held[1], until=date(2026, 2, 1), reason="转让"))

    async def records(self) -> None:
        city = self.city
        first, wrong, *_ = await city.record(penalty(A), penalty(A, "资财采罚〔2026〕9号"), ban(B), listing(C))
        await city.follow_up(first, event())
        await city.follow_up(wrong, event(EventKind.ENTERED_IN_ERROR))
        await city.synchronise("L03", sync(OLD), sync(NOW))
        opened = await city.open_project(project(BUYER, agency=AGENCY))
        await city.bid(opened, bid(A, B, machine_code="M-1", deposit_account="6222"))
        await city.bid(opened, bid(D))

    async def matters(self) -> None:
        await self.letters(1, 5)

    async def letters(self, first: int, end: int) -> None:
        for nth in range(first, end):
            content = Complaint(
                complaint_no=f"投诉〔2026〕{nth}号",
                complainants=(D,),
                office=FINANCE,
                filed_on=date(2026, 3, nth),
                items=("中标结果不公，评标委员会未按评标办法打分", "检测报告不符"),
                respondents=(BUYER,),
            )
            done(await self.services.handling.open(ADMIN, Opening(kind=MatterKind.COMPLAINT, content=content)))

    async def merges(self) -> None:
        for other in (X, Y):
            said = MergeStatement(G, other, FOUND, "经查为同一主体")
            held = done(await self.city.registry.merge(ADMIN, said))[0]
        done(await self.city.registry.undo_merge(ADMIN, held.id, reason="查明为两家"))

    async def checks(self) -> None:
        await check(self.services, Asking(region="510000"), [Bidder(A), Bidder(B), Bidder(org(4))])

    async def callers(self) -> None:
        store = self.city.store
        await store.callers.save_caller(BOUND, "hash-1")
        await store.callers.save_caller(BOUND, "hash-2")
        await store.callers.retire_hash(BOUND.id, "hash-2", NOW)
        await store.callers.log_accesses([Access(NOW, BOUND.id, "look_up", (A, B), None, f"r{n}") for n in range(3)])
        await store.replies.keep_reply(BOUND.id, "key", "digest", 201, '{"id":"pen_1"}')
        await store.bolt.put("MATCH (r:Reply) SET r.at = r.at - 7200000000")
        await store.replies.save_job(Job("job_1", BOUND.id, "queued", 0, 9, '{"bids":[]}', holder="h", beat=5))
        await store.replies.save_job(
            Job("job_2", BOUND.id, "done", 9, 9, "", result="/v1/checks/x", holder="h", beat=5)
        )

    async def later(self) -> None:
        """Let things happen that have no place in the order of writes, or are counted."""
        await self.letters(5, 7)
        await self.checks()
        await self.city.store.callers.log_accesses([Access(NOW, BOUND.id, "look_up", (A,), None, "later")])
        await self.services.replies.keep_reply(BOUND.id, "later", "digest", 201, "{}")
        await self.city.store.replies.save_job(Job("job_3", BOUND.id, "queued", 0, 9, "{}", holder="h", beat=5))

    @staticmethod
    def caller() -> Caller:
        """Return whoever has a key."""
        return BOUND

    # ---------------------------------------------------------------- what it answers

    async def answers(self) -> dict[str, Any]:
        """Ask what is asked of a registry."""
        services = self.services
        chain = await self.city.store.evidence.chain(after=0, limit=1000)
        checks = [link.id for link in chain if link.kind == "check"]
        looked_up = await services.eligibility.look_up(
            FIRMS, domain=Domain.GOVERNMENT_PROCUREMENT, role=Role.SUPPLIER, on=NOW.date(), region="510000"
        )
        return {
            "look-ups": looked_up,
            "facts": [await self.city.gather(name) for name in FIRMS],
            "chain": chain,
            "problems": verify_chain(chain, services.signer.public_keys()),
            "replays": [_undated(await services.eligibility.replay(name)) for name in checks],
            "certificates": [await services.eligibility.certificate(name) for name in checks],
            "found by name": await services.search.search("资阳新三号商贸", region=None, limit=5),
            "found by former name": await services.search.search("资阳3号商贸有限公司", region=None, limit=5),
            "complainants": await services.matters.complainants(before=None, limit=9),
            "complaints": await services.matters.page(MatterKind.COMPLAINT, before=None, limit=9),
            "penalties": await services.publications.page(FINANCE.name, before=None, limit=9),
            "callers": await services.gate.all(),
            "accesses": await self.city.store.callers.accesses(party=None, before=None, limit=99),
            "reply": await services.replies.reply(BOUND.id, "key"),
            "jobs": [await services.replies.job(name) for name in ("job_1", "job_2")],
        }


def _undated(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "replayed_at"}


async def go_on(town: Town) -> None:
    """Change whatever can be changed."""
    city = town.city
    records = [record.id for name in (A, B, C) for record in (await city.gather(name)).dossiers[name].records]
    await city.register(firm(1, name="资阳改名商贸有限公司", former_names=("资阳1号商贸有限公司",)), firm(40))
    await city.register(person("赵某某"))
    held = await city.relate(tie(RelationKind.SHAREHOLDER, D, E), tie(RelationKind.BRANCH_OF, F, A))
    done(await city.registry.end_relation(ADMIN, held[0], until=NOW.date(), reason="转让"))
    made = await city.record(
        penalty(D, "新1号"), ban(E, "新2号"), listing(F), ban(A, "新3号"), penalty(code(40), "新4号")
    )
    await city.follow_up(made[0], event())
    for record in records[:1]:
        await city.follow_up(record, event(EventKind.ENTERED_IN_ERROR))
    opened = done(await city.registry.merge(ADMIN, MergeStatement(C, F, FOUND, "同一主体")))[0]
    done(await city.registry.undo_merge(ADMIN, opened.id, reason="有误"))
    done(await city.registry.merge(ADMIN, MergeStatement(A, D, FOUND, "同一主体")))
    await town.later()


def ordered(endpoint: Endpoint) -> bool:
    return endpoint.home is None


@asynccontextmanager
async def opened(endpoint: Endpoint, home: Path) -> AsyncGenerator[Store]:
    async with open_store(endpoint, revisions=NoRevisions(), lock=home / "write.lock") as store:
        yield store


async def emptied(endpoint: Endpoint) -> None:
    """Leave a graph as a first start leaves it, whatever half of an archive it held."""
    async with Bolt(endpoint) as bolt:
        await schema.migrate(bolt)
        await wipe(bolt)
        await bolt.put("MATCH (n:Schema) SET n = {id: 'schema', version: $v, writers: $v}", v=schema.VERSION)


async def restored(endpoint: Endpoint, path: Path) -> None:
    """Restore an archive into the graph, whatever it holds."""
    await emptied(endpoint)
    async with Bolt(endpoint) as bolt:
        with reading(path) as archive:
            await restore(bolt, archive, MARK)


# ── all that a graph holds ─────────────────────────────────────────────────────────────────────────────────────────

NODES: Final = "MATCH (n) RETURN labels(n)[0], properties(n)"
TIES: Final = """
MATCH (a)-[r]->(b)
RETURN labels(a)[0], properties(a), type(r), properties(r), labels(b)[0], properties(b)
"""
OF_THIS_GRAPH: Final = {"Ledger": {"tick", "taken"}, "Horizon": {"epoch", "taken", "generation", "closed"}}
"""What is of a graph itself, and need not be another's."""
Picture = dict[str, list[str]]


async def picture(store: Store) -> Picture:
    """Return every node and relationship in words."""
    nodes = [_text(label, told) for label, told in await store.bolt.fetch(NODES) if label != "Schema"]
    ties = [
        " ".join([_text(start, of), _text(kind, told), _text(end, to)])
        for start, of, kind, told, end, to in await store.bolt.fetch(TIES)
    ]
    return {"nodes": sorted(nodes), "relationships": sorted(ties)}


def _text(label: str, told: dict[str, Any]) -> str:
    own = OF_THIS_GRAPH.get(label, set[str]())
    kept = {name: value for name, value in told.items() if value is not None and name not in own}
    return label + orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
