"""No query text of the product reads all of something: looked at in the plans and counters of both engines.

The texts are found, not named: a new one is looked at from the start, and fails for want of a sample of a parameter not
yet known.
"""

import asyncio
import importlib
import pkgutil
import re
from collections.abc import Callable, Generator
from itertools import pairwise
from typing import Final, cast

import pytest

from credit.graph import queries, schema
from credit.graph.embedded import Endpoint
from credit.names.keys import PROPERTIES
from tests.conftest import require
from tests.contract.conftest import ENGINES
from tests.contract.hubs import Hub, make_hubs
from tests.contract.plans import Engine, arcadedb_engine, neo4j_engine
from tests.services import neo4j

WHOLE: Final = frozenset({"moves", "archive", "archive_writing"})
"""Families of texts that may read all of something: an older schema's data are moved by them, or a whole archived."""
FROM, EACH = 10**6, 300
"""Where nodes are counted from, past those that are really written; how many of every label: enough that reading all
of them is not the cheapest plan."""
TEXT: Final = "'x' + (i - 1000000)"
SIZES: Final = (20, 500)
"""Of a small and a large hub."""
TIED: Final = (
    ("Identifier", "NAMES", "Party"),
    ("Name", "CALLS", "Party"),
    ("Record", "ON", "Party"),
    ("Project", "BOUGHT_BY", "Party"),
    ("Project", "RUN_BY", "Party"),
    ("Bid", "IN", "Project"),
    ("Party", "IN_BID", "Bid"),
    ("Key", "OF", "Caller"),
    ("Party", "SHOWN_FIRM", "Party"),
    ("Party", "SHOWN_BRANCH", "Party"),
    ("Trace", "REACHES", "Party"),
    ("Trace", "LEFT_IN", "Bid"),
    ("Trace", "SAID_IN", "Matter"),
    ("Party", "FILED", "Matter"),
    ("Party", "FACED", "Matter"),
    ("Party", "CONCERNS", "Matter"),
    ("Matter", "ABOUT", "Record"),
    ("Matter", "ABOUT", "Project"),
    ("Matter", "ABOUT", "Matter"),
)
KINDS: Final = ("UNIT_LEADER", "SHAREHOLDER", "CONTROLS", "MANAGES", "BRANCH_OF", "SUCCESSOR_OF", "RENAMED_FROM")
UNIQUE: Final = ("id", "natural", "number", "name")
ROW: Final = {**dict.fromkeys(("party", "source", "project", "purchaser"), "x5"), "target": "x6", "tick": 9}
NAMES: Final = ["x5", "x6"]
NAME: Final = [*range(len(PROPERTIES) - 1), None]
SAMPLES: Final[dict[str, object]] = {
    **dict.fromkeys(("id", "key", "hash", "party", "natural", "project", "project_no", "subject", "purchaser"), "x5"),
    **dict.fromkeys(("ids", "keys", "members", "agency", "first", "barred", "states", "projects", "numbers"), NAMES),
    **dict.fromkeys(("body", "event", "end", "digest", "signature", "key_id", "previous", "kind", "list", "by"), "{}"),
    **dict.fromkeys(
        (
            "question",
            "state",
            "result",
            "generation",
            "held",
            "error",
            "holder",
            "caller",
            "request",
            "outcome",
            "epoch",
        ),
        "{}",
    ),
    **dict.fromkeys(("tick", "now", "at", "facts", "sources", "syncs", "changes", "count", "version", "beat"), 9),
    "parties": NAMES,
    "ties": [{"matter": "x5", "party": "x6", "about": "x7"}],
    "least": 3,
    "roll": "x5",
    "other": "x6",
    **dict.fromkeys(("text", "undone"), "{}"),
    "office": "x5",
    "offices": [{"office": "x5", "records": ["x5", "x6"]}],
    "series": [{"series": "x5", "records": 2}],
    "feed": "x5",
    "silent": [],
    **dict.fromkeys(("finished", "number", "seen", "closed", "status", "done", "total", "taken"), 9),
    "last": FROM + 20,
    "limit": 20,
    "bans": True,
    "depth": 3,
    "each": 20,
    "bids": 20,
    "said": [["x5", ""], ["x6", "{}"]],
    "keep": "other",
    "links": [{"id": "new9", "number": 2 * FROM, "kind": "check", "subject": "new9"}],
    "records": NAMES,
    "groups": [
        {"party": "x5", "tick": 9, "bans": True, "rows": [{"nth": 1, "tick": 9, **dict.fromkeys(UNIQUE, "new9")}]}
    ],
    "rows": [
        {**ROW, **dict.fromkeys(UNIQUE, f"new{n}"), "key": f"x{n}", "names": [], "called": [NAME]} for n in range(3)
    ],
    "suffix": "~",
    "words": ["L02"],
    "asked": dict.fromkeys(PROPERTIES, NAMES),
}
"""What stands for a parameter of this name: every node's id and key is x1, x2, …."""
OF_FAMILY: Final[dict[tuple[str, str], object]] = {
    ("callers", "first"): FROM,
    ("evidence", "first"): FROM,
    ("evidence", "number"): 2 * FROM,
    ("evidence", "before"): 2 * FROM,
    ("records", "before"): [FROM + 5],
    ("ledger", "changes"): 2 * FROM,
    ("ledger", "first"): 9,
    ("ledger", "lines"): ["[]"],
    ("series", "first"): FROM,
    ("records", "number"): "x5",
    ("matters", "first"): FROM,
    ("matters", "number"): "x5",
    ("merges", "keep"): "x5",
    ("merges", "first"): FROM,
    ("merges", "before"): 2 * FROM,
    ("CREATE_MERGE", "natural"): "new9",
    ("CREATE_APART", "natural"): "new9",
    ("twins", "first"): FROM,
}
"""Where a name means something else in one family, or in one query."""


def texts() -> dict[str, str]:
    """Every query text by family and name."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(queries.__path__):
        if module.name in WHOLE:
            continue
        family = importlib.import_module(f"{queries.__name__}.{module.name}")
        for name, value in vars(family).items():
            if name.isupper() and not name.startswith("_"):
                named = cast("dict[str, str]", value if isinstance(value, dict) else {"": value}).items()
                found |= {f"{module.name}.{name}.{key}".rstrip("."): text for key, text in named}
    return found


TEXTS: Final = texts()
PARAMETER: Final = re.compile(r"\$(\w+)")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Engine]:
    if request.param == "arcadedb":
        with arcadedb_engine(tmp_path_factory.mktemp("plans")) as (arcadedb, endpoint):
            fill(arcadedb, endpoint)
            yield arcadedb
        return
    lacking = neo4j.missing()
    require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
    endpoint = request.getfixturevalue("neo4j_server")
    with neo4j_engine(endpoint) as opened:
        fill(opened, endpoint)
        opened.session.run("CALL db.prepareForReplanning(60)").consume()
        yield opened


def fill(engine: Engine, endpoint: Endpoint) -> None:
    """Make hubs, then nodes of every label that the schema knows, and ties between those of the same number."""
    session = engine.session
    session.run("MATCH (n) DETACH DELETE n").consume()
    engine.hubs.extend(asyncio.run(make_hubs(endpoint, SIZES)))
    keys: dict[str, set[str]] = {}
    for label, name in (pair for step in schema.STEPS for pair in (*step.unique, *step.indexed)):
        keys.setdefault(label, set()).add(name)
    whole = {owner for step in schema.STEPS for owner, name in step.unique if name == "number"}
    for label, names in keys.items():
        said = [f"n.{n} = {'i' if n == 'number' and label in whole else TEXT}" for n in sorted(names - {"tick"})]
        session.run(
            f"UNWIND range({FROM}, {FROM + EACH - 1}) AS i CREATE (n:{label}) "  # pyright: ignore[reportArgumentType]
            f"SET n.id = {TEXT}, {', '.join(said)}, n.tick = i, n.nth = i, n.revision = 1, n.states = ['{{}}'], "
            f"n.events = [], n.ends = [], n.parties = ['x5'], n.recorded = true, n.banned = true, n.weighs = true, "
            f"n.kind = 'check', n.source = {TEXT}, n.target = {TEXT}, n.records = 3, n.count = 3, "
            f"n.keep = {TEXT}, n.other = {TEXT}, n.undone = [], n.merges = [], n.alike = ['x5', 'x6']"
        ).consume()
    for source, kind, target in (*TIED, *(("Party", kind, "Party") for kind in KINDS)):
        one, other = (min(keys[label] - {"natural", "number", "place", "tick"}) for label in (source, target))
        session.run(
            f"UNWIND range({FROM}, {FROM + EACH - 2}) AS i MATCH (a:{source} {{{one}: {TEXT}}}) "  # pyright: ignore[reportArgumentType]
            f"WITH a, i + {int(source == target)} AS i MATCH (b:{target} {{{other}: {TEXT}}}) "
            f"CREATE (a)-[:{kind} {{id: {TEXT}, ends: []}}]->(b)"
        ).consume()


def parameters_of(name: str, text: str) -> dict[str, object]:
    """Find a sample of every parameter."""
    family, query = name.split(".")[:2]
    said = {p: [OF_FAMILY[k] for k in ((query, p), (family, p)) if k in OF_FAMILY] for p in PARAMETER.findall(text)}
    unknown = sorted(p for p, own in said.items() if not own and p not in SAMPLES)
    assert not unknown, f"{name}: say in SAMPLES what stands for {unknown}"
    return {p: own[0] if own else SAMPLES[p] for p, own in said.items()}


def test_the_texts_of_every_family_are_found() -> None:
    families = {name.partition(".")[0] for name in TEXTS}
    assert families == {m.name for m in pkgutil.iter_modules(queries.__path__)} - WHOLE
    assert all(isinstance(text, str) for text in TEXTS.values())
    assert "relations.CREATE_RELATIONSHIPS.shareholder" in TEXTS


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_query_reads_all_of_something(engine: Engine, name: str) -> None:
    text = TEXTS[name]
    assert engine.scans(text, parameters_of(name, text)) == []


PLANTED: Final = {
    "label": "MATCH (p:Party) WHERE p.name = $id RETURN p.key",
    "all": "MATCH (n) WHERE n.name = $id RETURN n.key",
    "range": "MATCH (a:Access) WHERE a.number < $before RETURN a.number ORDER BY a.number DESC LIMIT 5",
    "in a subquery": "CALL () { UNWIND $ids AS id MATCH (p:Party {name: id}) RETURN collect(p.key) AS k } RETURN k",
    "behind a seek": "MATCH (i:Identifier {key: $id})-[:NAMES]->(p) MATCH (r:Record) WHERE r.by = p.key RETURN r.id",
}


@pytest.mark.parametrize("planted", sorted(PLANTED))
def test_a_planted_query_that_scans_is_caught(engine: Engine, planted: str) -> None:
    assert engine.scans(PLANTED[planted], {"id": "x5", "ids": NAMES, "before": FROM + 9}) != []


def test_a_seek_is_no_scan(engine: Engine) -> None:
    text = "UNWIND $ids AS id MATCH (i:Identifier {key: id})-[:NAMES]->(p:Party) RETURN collect(p.id)"
    assert engine.scans(text, {"ids": NAMES}) == []
    assert engine.work(text, {"ids": NAMES}) > 0


def test_work_is_counted(engine: Engine) -> None:
    text = "UNWIND $ids AS id MATCH (i:Identifier {key: id})-[:NAMES]->(p:Party) RETURN collect(p.states)"
    few, more = ([f"x{n}" for n in range(1, count)] for count in (5, 100))
    for one, other in pairwise([few, more]):
        assert engine.work(text, {"ids": other}) > 5 * engine.work(text, {"ids": one})


PICTURE: Final[dict[str, object]] = {"limit": 8, "each": 8}
NOBODY: Final[dict[str, object]] = {"projects": [], "numbers": [], "seen": 0}
PAGE: Final[dict[str, object]] = {"limit": 5, "before": []}
GATHER, RECORDS = "facts.GATHER", "records.MATCH_RECORDS_BY_PARTY"
AROUND: Final = "parties.MATCH_NEIGHBOURHOOD_BY_IDENTIFIER"
ASKED: Final[dict[str, tuple[str, Callable[[Hub], dict[str, object]]]]] = {
    "facts of an owner": (GATHER, lambda hub: {"ids": [hub.owner], **NOBODY}),
    "facts of a head office": (GATHER, lambda hub: {"ids": [hub.head], **NOBODY}),
    "facts of a firm of both": (GATHER, lambda hub: {"ids": [hub.firm], **NOBODY}),
    "records": (RECORDS, lambda hub: {"party": hub.punished, **PAGE}),
    "more records": (RECORDS, lambda hub: {"party": hub.punished, **PAGE, "before": [hub.record]}),
    "picture of an owner": (AROUND, lambda hub: {"id": hub.owner, "depth": 3, **PICTURE}),
    "picture of a firm": (AROUND, lambda hub: {"id": hub.firm, "depth": 3, **PICTURE}),
}


@pytest.mark.parametrize("asked", sorted(ASKED))
def test_what_is_read_does_not_grow_with_a_hub(engine: Engine, asked: str) -> None:
    name, parameters = ASKED[asked]
    small, large = (engine.work(TEXTS[name], parameters(hub)) for hub in engine.hubs)
    assert large < 2 * small + 20
