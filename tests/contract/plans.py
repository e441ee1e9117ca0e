"""How each engine goes about a query: what it scans, and how much it reads.

Neo4j tells its plan (``EXPLAIN``) and what it touched (``PROFILE``). ArcadeDB's plan is silent about subqueries, but
its database counts every run over a type or a bucket and every record read: asked over HTTP before and after a query.
"""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, LiteralString, Protocol, cast

import httpx
from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity, Session
from neo4j.exceptions import DriverError, Neo4jError

from credit.graph.embedded import USER, Endpoint
from credit.graph.home import Home
from credit.graph.java import DATABASE, HOST, java_command
from credit.graph.keeper import prepare
from tests.contract.hubs import Hub
from tests.services.neo4j import free_port

SEEKS: Final = frozenset(
    {"Argument", "EmptyRow", "Unwind", "Create", "NodeUniqueIndexSeek", "NodeUniqueIndexSeek(Locking)", "NodeIndexSeek"}
    | {"AssertingMultiNodeIndexSeek", "MultiNodeIndexSeek", "AssertingMultiNodeIndexSeek(Locking)"}
)
"""Neo4j's ways to begin that cost what they find; any other leaf of a plan reads more, or is not known to us."""
RUNS: Final = ("iterateType", "iterateBucket", "scanType", "scanBucket")
"""ArcadeDB's counters of runs over all of something."""
Plan = Mapping[str, Any]
START_WITHIN: Final = 90
MEMORY: Final = "512m"


class Engine(Protocol):
    """One of the two, filled; whatever a query writes is undone."""

    @property
    def session(self) -> Session: ...

    @property
    def hubs(self) -> list[Hub]: ...

    def scans(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """Name what the query runs over as a whole."""
        ...

    def work(self, query: str, parameters: Mapping[str, object]) -> int:
        """Count what the query reads."""
        ...


@dataclass(frozen=True, slots=True)
class Neo4j:
    """Its plans are planned anew each time: those of an emptier graph must not be shown."""

    session: Session
    hubs: list[Hub] = field(default_factory=list[Hub])

    def scans(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """Return the leaves of the plan that are no seeks."""
        told = self.session.run(_as_query(f"CYPHER replan=force EXPLAIN {query}"), dict(parameters)).consume()
        plan = cast("Plan | None", told.plan)
        assert plan is not None
        return [leaf for leaf in _leaves(plan) if leaf.partition("@")[0] not in SEEKS]

    def work(self, query: str, parameters: Mapping[str, object]) -> int:
        """Return the database hits."""
        with self.session.begin_transaction() as tx:
            told = tx.run(_as_query(f"PROFILE {query}"), dict(parameters)).consume()
            tx.rollback()
        profile = cast("Plan | None", told.profile)
        assert profile is not None
        return _hits(profile)


@dataclass(frozen=True, slots=True)
class ArcadeDB:
    """``counters`` is where it tells what its database has done."""

    session: Session
    counters: httpx.Client
    hubs: list[Hub] = field(default_factory=list[Hub])

    def scans(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """Return the counters of whole runs that the query moved."""
        moved = self._moved(query, parameters)
        return [name for name in RUNS if moved[name]]

    def work(self, query: str, parameters: Mapping[str, object]) -> int:
        """Return the records read."""
        return self._moved(query, parameters)["readRecord"]

    def _moved(self, query: str, parameters: Mapping[str, object]) -> dict[str, int]:
        before = self._counted()
        with self.session.begin_transaction() as tx:
            tx.run(_as_query(query), dict(parameters)).consume()
            tx.rollback()
        return {name: number - before[name] for name, number in self._counted().items()}

    def _counted(self) -> dict[str, int]:
        asked = {"language": "sql", "command": "SELECT FROM schema:stats"}
        answer = self.counters.post(f"/api/v1/query/{DATABASE}", json=asked).raise_for_status().json()
        return {name: n for name, n in answer["result"][0].items() if isinstance(n, int)}


@contextmanager
def neo4j_engine(endpoint: Endpoint) -> Generator[Neo4j]:
    """Speak to a running Neo4j for a block."""
    with _driver(endpoint) as driver, _session(driver, endpoint.database) as session:
        yield Neo4j(session)


@contextmanager
def arcadedb_engine(home: Path) -> Generator[tuple[ArcadeDB, Endpoint]]:
    """Run an ArcadeDB as credit does, but with HTTP where it can be found, for a block."""
    place, bolt, http = Home.of(home), free_port(), free_port()
    prepare(place)
    command = [re.sub(r"(httpIncomingPort)=0$", rf"\1={http}", word) for word in _command(place, bolt)]
    endpoint = Endpoint(f"bolt://{HOST}:{bolt}", USER, place.password.read_text().strip(), DATABASE)
    with (place.logs / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env={"PATH": os.defpath}
        )
    try:
        with _driver(endpoint) as driver:
            _await_answer(driver, server)
            with (
                _session(driver, DATABASE) as session,
                httpx.Client(
                    base_url=f"http://{HOST}:{http}", auth=(USER, endpoint.password), trust_env=False, timeout=30
                ) as counters,
            ):
                yield ArcadeDB(session, counters), endpoint
    finally:
        server.terminate()
        server.wait()


def _command(place: Home, bolt: int) -> list[str]:
    return java_command(place, port=bolt, memory=MEMORY)


def _driver(endpoint: Endpoint) -> Driver:
    return GraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]  # **config
        endpoint.uri,
        auth=(endpoint.user, endpoint.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        user_agent=f"plans-{secrets.token_hex(2)}",
    )


def _session(driver: Driver, database: str) -> Session:
    return driver.session(database=database)  # pyright: ignore[reportUnknownMemberType]  # **config


def _await_answer(driver: Driver, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while server.poll() is None and time.monotonic() < until:
        try:
            driver.execute_query("RETURN 1", database_=DATABASE)
        except (DriverError, Neo4jError, OSError):
            time.sleep(0.1)
        else:
            return
    message = "ArcadeDB does not answer"
    raise RuntimeError(message)


def _as_query(text: str) -> LiteralString:
    return cast("LiteralString", text)


def _leaves(plan: Plan) -> list[str]:
    children = plan.get("children")
    return [leaf for child in children for leaf in _leaves(child)] if children else [plan["operatorType"]]


def _hits(profile: Plan) -> int:
    return profile.get("dbHits", 0) + sum(_hits(child) for child in profile.get("children", ()))
