"""The given cases that ask for a profile, told to the pure profile without a server.

They lie beside the project (``../shared/acceptance``), so on a user's machine this is skipped.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import Party, PartyId, PartyKind, Relation, RelationKind
from credit.model.plain import from_plain
from credit.oversight.profile import Profile, profile
from credit.oversight.signals.evidence import Evidence
from tests.conftest import require
from tests.oversight.lodging import RULES

CASES = Path(__file__).parents[3] / "shared" / "acceptance" / "cases" / "E.json"
OFFICE = {"name": "资阳市财政局", "id": None, "region": "512000", "level": "city"}
ITEMS = ["评标委员会对中标供应商业绩证明材料的认定有误"]


def asked() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8")) if CASES.is_file() else []
    return [case for case in cases if "/v1/complainants/" in case.get("ask", {}).get("call", "")]


def told(case: dict[str, Any]) -> Iterator[HeldComplaint]:
    """The complaints of a case with their lives, by the bodies that would be posted."""
    bodies = {g["body"]["complaint_no"]: g["body"] for g in case["given"] if g["call"] == "POST /v1/complaints"}
    for nth, (number, body) in enumerate(bodies.items(), 1):
        content = from_plain(Complaint, {"office": OFFICE, "items": ITEMS, "participated": True, **body})
        posted = [g["body"] for g in case["given"] if g["call"] == f"POST /v1/complaints/{number}/events"]
        events = tuple(from_plain(ComplaintEvent, body) for body in posted)
        yield Matter(MatterId(f"m{nth}"), MatterKind.COMPLAINT, content, nth, "", events)


def evidence(case: dict[str, Any]) -> Evidence:
    complaints = tuple(told(case))
    names = {p: Party(p, PartyKind.ORGANISATION, p) for held in complaints for p in held.content.complainants}
    leads = [g["body"] for g in case["given"] if g["call"] == "POST /v1/relations"]
    relations = [Relation("r", RelationKind(b["kind"]), PartyId(b["source"]), PartyId(b["target"])) for b in leads]
    me = PartyId("$A")
    return Evidence(
        party=names[me],
        complaints=tuple(held for held in complaints if me in held.content.complainants),
        kin={party: held for party, held in names.items() if party != me},
        complaining=frozenset(names),
        relations=tuple(replace(r, id=str(n)) for n, r in enumerate(relations)),
    )


def says(found: Profile) -> dict[str, object]:
    return {"trigger": found.trigger.state.value, "proposal": found.proposal, "watch": found.watch}


def test_the_given_profiles_are_there() -> None:
    require("../shared/acceptance", CASES.is_file(), "the given cases do not lie beside the project")
    assert len(asked()) > 10


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in asked()])
def test_a_given_case_comes_out(case: dict[str, Any]) -> None:
    as_of = date.fromisoformat(case["ask"]["call"].rsplit("=", 1)[1])
    found = profile(evidence(case), as_of=as_of, thresholds=RULES)
    said = says(found)
    assert {key: said[key] for key in case["expect"] if key in said} == {
        key: case["expect"][key] for key in case["expect"] if key in said
    }
    for text in case["expect"].get("mentions", ()):
        assert text in repr(found)
