"""Mistakes put in on purpose must be noticed: an edited check, a failed source, a rule without its law."""

import json
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from typer.testing import CliRunner

from credit.cli.commands import app
from tests.api import bodies
from tests.faults.running import Api, code, register, serving

BAN = "GP-BAN"
MORNING, ELEVEN, NOON = "2026-06-10T08:00:00+08:00", "2026-06-10T11:00:00+08:00", "2026-06-10T12:00:00+08:00"


@pytest.fixture(scope="module")
def fresh(api: Api) -> Iterator[httpx.Client]:
    """A client of the API, whose lists were synchronised on the morning of the deadline."""
    with api.client() as client:
        for number in range(1, 29):
            synchronise(client, f"L{number:02d}", MORNING, "complete")
        yield client


def synchronise(client: httpx.Client, name: str, finished_at: str, outcome: str) -> None:
    body = {"finished_at": finished_at, "outcome": outcome, "records": 1}
    client.post(f"/v1/sources/{name}/syncs", json=body).raise_for_status()


def verdict(client: httpx.Client, party: str, cut_off: str = ELEVEN) -> str:
    kept = client.post("/v1/checks", json=bodies.check(party, cut_off=cut_off)).raise_for_status().json()
    (result,) = kept["results"]
    return str(result["verdict"])


@pytest.fixture(scope="module")
def certificate(fresh: httpx.Client) -> dict[str, Any]:
    """Of a check that restricts."""
    register(fresh, code(41))
    fresh.post("/v1/penalties", json=bodies.penalty(party=code(41))).raise_for_status()
    kept = fresh.post("/v1/checks", json=bodies.check(code(41))).raise_for_status().json()
    return dict(fresh.get(f"/v1/checks/{kept['id']}/certificate.json").raise_for_status().json())


def verified(api: Api, path: Path, certificate: dict[str, Any]) -> int:
    path.write_text(json.dumps(certificate))
    return CliRunner().invoke(app, ["verify", str(path), "--data", str(api.data)]).exit_code


def acquit(certificate: dict[str, Any]) -> None:
    certificate["check"]["results"][0]["verdict"] = "eligible"


def backdate(certificate: dict[str, Any]) -> None:
    certificate["check"]["checked_at"] = "2026-01-01T00:00:00+00:00"


def relink(certificate: dict[str, Any]) -> None:
    certificate["check"]["chain"]["previous"] = certificate["proof"]["previous"] = "sha256:" + "0" * 64


def resign(certificate: dict[str, Any]) -> None:
    signature = certificate["proof"]["signature"]
    certificate["proof"]["signature"] = ("A" if signature[0] != "A" else "B") + signature[1:]


def test_a_certificate_as_it_was_given_verifies(api: Api, certificate: dict[str, Any], tmp_path: Path) -> None:
    assert verified(api, tmp_path / "certificate.json", certificate) == 0


@pytest.mark.parametrize("edit", [acquit, backdate, relink, resign])
def test_an_edited_certificate_ends_verify_with_1(
    api: Api, certificate: dict[str, Any], tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    edited = json.loads(json.dumps(certificate))
    edit(edited)
    assert verified(api, tmp_path / "certificate.json", edited) == 1


def test_a_failed_sync_turns_eligible_into_unknown(fresh: httpx.Client) -> None:
    register(fresh, code(42))
    assert verdict(fresh, code(42), cut_off=NOON) == "eligible"
    synchronise(fresh, "L03", NOON, "failed")
    assert verdict(fresh, code(42), cut_off=NOON) == "unknown"
    assert verdict(fresh, code(42), cut_off=ELEVEN) == "eligible"


def overlay_without_law(path: Path, rule_id: str) -> Path:
    """Write one row of the catalogue again, its citations left out."""
    text = (resources.files("credit.rules") / "catalogue.toml").read_text(encoding="utf-8")
    row = next(rule for rule in tomllib.loads(text)["rules"] if rule["id"] == rule_id)
    lines = [f"{key} = {inline(value)}" for key, value in row.items() if key != "citations"]
    path.write_text("\n".join(["[[rules]]", *lines, ""]), encoding="utf-8")
    return path


def inline(value: object) -> str:
    """Write a value as TOML, an object in one line."""
    if isinstance(value, dict):
        held = cast("dict[str, object]", value)
        return "{ " + ", ".join(f"{key} = {inline(part)}" for key, part in held.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, cast("list[object]", value))) + "]"
    return json.dumps(value, ensure_ascii=False)


def test_a_rule_whose_citations_are_taken_away_no_longer_restricts(api: Api, fresh: httpx.Client) -> None:
    register(fresh, code(43))
    banned = bodies.penalty(party=code(43), kinds=["ban"], fine=None)
    fresh.post("/v1/penalties", json=banned).raise_for_status()
    assert verdict(fresh, code(43)) == "restricted"
    overlay = overlay_without_law(api.data / "overlay.toml", BAN)
    with serving(api.data, CREDIT_RULES=str(overlay)) as lawless, lawless.client() as client:
        assert verdict(client, code(43)) == "review"
    assert verdict(fresh, code(43)) == "restricted"
