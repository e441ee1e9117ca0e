"""The description of the API: complete, and changed only on purpose.

After a wanted change write the snapshot anew: ``CREDIT_WRITE_SNAPSHOT=1 scripts/test tests/api/test_openapi.py``.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from credit.api.app import create_app
from credit.api.schemas.applications import ApplicationBody, ApplicationEventBody
from credit.api.schemas.attentions import AttentionBody
from credit.api.schemas.callers import CallerBody
from credit.api.schemas.cases import CaseBody, CaseEventBody
from credit.api.schemas.checks import CheckBody, DecisionBody, LookUpBody
from credit.api.schemas.complainants import AnswerBody
from credit.api.schemas.complaints import AskedBody, ComplaintBody, ComplaintEventBody
from credit.api.schemas.corrections import CorrectionBody, CorrectionEventBody
from credit.api.schemas.evaluations import EvaluationBody
from credit.api.schemas.fields import In
from credit.api.schemas.merges import MergeBody, UndoBody
from credit.api.schemas.parties import NewPartyBody, PartyBody
from credit.api.schemas.projects import BidBody, ProjectBody
from credit.api.schemas.records import EventBody, ListingBody, PenaltyBody
from credit.api.schemas.relations import RelationBody
from credit.api.schemas.search import SearchBody
from credit.api.schemas.sightings import SightingBody
from credit.api.schemas.sources import SyncBody
from credit.api.schemas.twins import ApartBody
from credit.identifiers import parse
from credit.wiring import Services

SNAPSHOT = Path(__file__).parent / "openapi.json"
OPEN = {("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"), ("get", "/v1/keys")}
LATER = ("changes", "subscriptions", "certificate.pdf")
BODIES = [AnswerBody, ApartBody, ApplicationBody, ApplicationEventBody, AskedBody, AttentionBody, BidBody, CallerBody,
          CaseBody, CaseEventBody, CheckBody, ComplaintBody, ComplaintEventBody, CorrectionBody, CorrectionEventBody,
          DecisionBody, EvaluationBody, EventBody, ListingBody, LookUpBody, MergeBody,
          NewPartyBody, PartyBody, PenaltyBody, ProjectBody, RelationBody, SearchBody, SightingBody, UndoBody,
          SyncBody]  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(never_opened).openapi()


def never_opened() -> AbstractAsyncContextManager[Services]:
    raise AssertionError("describing the API opens nothing")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_it_is_as_it_was(document: dict[str, Any]) -> None:
    described = document | {"info": document["info"] | {"version": "0"}}
    text = orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    if os.environ.get("CREDIT_WRITE_SNAPSHOT"):
        SNAPSHOT.write_bytes(text)
    assert text == SNAPSHOT.read_bytes(), "the API's description changed: see this file's docstring"


def test_every_operation_but_the_open_ones_asks_for_a_key(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    bare = {(method, path) for method, path, operation in operations(document) if "security" not in operation}
    assert bare == OPEN


def test_every_operation_says_what_it_does_in_two_languages(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert any(ord(sign) > 0x4E00 for sign in operation["summary"]), (method, path)
        assert operation["description"], (method, path)


def test_every_problem_has_the_one_shape(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for status, reply in operation["responses"].items():
            if int(status) >= 400:
                schema = reply["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}


def test_every_reference_is_held(document: dict[str, Any]) -> None:
    held = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in held


def references(node: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    return (value for key, value in leaves(node) if key == "$ref")


def leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401  # any JSON
    """Yield every text with the name of the field that it stands in."""
    if isinstance(node, dict):
        for name, value in cast("dict[str, Any]", node).items():
            yield from leaves(value, name)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            yield from leaves(value, key)
    elif isinstance(node, str):
        yield key, node


def test_what_comes_later_is_not_named(document: dict[str, Any]) -> None:
    assert [path for path in document["paths"] for word in LATER if word in path] == []


@pytest.mark.parametrize("model", BODIES)
def test_the_example_of_a_body_is_right(model: type[In]) -> None:
    for example in model.model_json_schema()["examples"]:
        model.model_validate(example)
        for code in codes_in(example):
            parse(code)


def codes_in(node: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    return (text for _, text in leaves(node) if len(text) == 18 and text.isalnum() and text.isascii())
