"""Dashboard and alert rules name metrics and labels that there are, and the handbook each alert."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from credit.model.caller import Caller, Scope
from credit.model.project import SyncOutcome
from credit.model.statements import SyncStatement
from tests.api.conftest import BEGUN, Harness

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "monitoring"
NAME = re.compile(r"\bcredit_[a-z_]+")
SELECTED = re.compile(r"\b(credit_[a-z_]+)\{([^}]*(?:\{[^}]*\}[^}]*)*)\}")
SYNC = {"finished_at": BEGUN.isoformat(), "outcome": "complete", "records": 1000}
OF_PROMETHEUS = {"job", "instance"}


def rules() -> list[dict[str, Any]]:
    return yaml.safe_load((PLACE / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]


def expressions() -> list[str]:
    panels = json.loads((PLACE / "dashboard.json").read_text("utf-8"))["panels"]
    shown = [target["expr"] for panel in panels for target in panel["targets"]]
    return shown + [rule["expr"] for rule in rules()]


@pytest.fixture
async def told(api: httpx.AsyncClient) -> str:
    await api.get("/v1/rules")
    await api.post("/v1/sources/L03/syncs", json=SYNC)
    await api.get("/readyz")
    return (await api.get("/metrics")).text


async def test_every_metric_that_is_named_is_told(told: str) -> None:
    there = set(re.findall(r"^(credit_[a-z_]+)", told, re.MULTILINE)) | set(
        re.findall(r"^# TYPE (credit_[a-z_]+)", told, re.MULTILINE)
    )
    named = {name for expression in expressions() for name in NAME.findall(expression)}
    assert named
    assert named <= there


async def test_every_metric_that_is_told_is_shown_or_explained(told: str) -> None:
    there = set(re.findall(r"^# TYPE (credit_[a-z_]+)", told, re.MULTILINE))
    handbook = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert {name for name in there if not name.endswith("_created") and f"`{name}" not in handbook} == set()


async def test_every_label_that_is_selected_by_is_one_of_its_metric(told: str) -> None:
    for expression in expressions():
        for name, selected in SELECTED.findall(expression):
            asked = set(re.findall(r"(\w+)=", selected)) - OF_PROMETHEUS
            lines = [line for line in told.splitlines() if line.startswith(f"{name}{{")]
            assert not asked or any(asked <= set(re.findall(r"(\w+)=", line)) for line in lines), (name, asked)


def test_every_alert_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in handbook] == []


def age_of(text: str, name: str) -> float:
    found = re.search(rf'^credit_source_age_seconds{{list="{name}",required="true"}} (\S+)$', text, re.MULTILINE)
    assert found, text
    return float(found[1])


async def test_a_list_is_told_with_its_age_as_the_process_knows_it(harness: Harness) -> None:
    async with harness.client() as client:
        await client.post("/v1/sources/L03/syncs", json=SYNC)
        await client.get("/readyz")
        harness.clock.offset = timedelta(hours=73)
        text = (await client.get("/metrics")).text
    assert 73 * 3600 <= age_of(text, "L03") < 73 * 3600 + 600
    assert 'credit_source_fresh{list="L03",required="true"} 0.0' in text
    assert 'credit_source_fresh{list="L05",required="false"} 0.0' in text
    assert 'credit_source_age_seconds{list="L05"' not in text


async def test_a_list_that_the_catalogue_does_not_know_is_told_too_and_is_required_for_nobody(harness: Harness) -> None:
    imported = SyncStatement(finished_at=harness.clock.now(), outcome=SyncOutcome.COMPLETE, records=400)
    importer = Caller("import", "导入", frozenset({Scope.ADMIN}))
    await harness.services.registry.synchronise(importer, "worldbank", imported)
    async with harness.client() as client:
        await client.get("/readyz")
        harness.clock.offset = timedelta(hours=73)
        text = (await client.get("/metrics")).text
    (age,) = re.findall(r'^credit_source_age_seconds{list="worldbank",required="false"} (\S+)$', text, re.MULTILINE)
    assert 73 * 3600 <= float(age) < 73 * 3600 + 600
    assert 'credit_source_fresh{list="worldbank",required="false"} 0.0' in text
    assert 'list="worldbank",required="true"' not in text


async def test_metrics_put_no_question_to_the_graph(harness: Harness) -> None:
    asked = harness.services.lists.standing

    async with harness.client() as client:
        await client.get("/readyz")
        await client.post("/v1/sources/L03/syncs", json=SYNC)
        text = (await client.get("/metrics")).text
    assert "credit_source_fresh{" not in text
    assert any(one.sync for one in await asked(ask=True))


async def test_a_late_required_list_is_named_and_the_process_stays_ready(harness: Harness) -> None:
    async with harness.client(key="") as stranger, harness.client() as client:
        for name in ("L01", "L03", "L04", "L10"):
            await client.post(f"/v1/sources/{name}/syncs", json=SYNC)
        none = await stranger.get("/readyz")
        await client.post(
            "/v1/sources/L04/syncs", json={**SYNC, "finished_at": harness.clock.now().isoformat(), "outcome": "failed"}
        )
        late = await stranger.get("/readyz")
    assert (none.status_code, none.json()["late_sources"]) == (200, [])
    assert (late.status_code, late.json()["status"]) == (200, "ready")
    assert [(one["list"], one["status"]) for one in late.json()["late_sources"]] == [("L04", "failed")]


async def test_a_proxy_asks_nothing_of_the_lists(api: httpx.AsyncClient) -> None:
    assert (await api.get("/readyz?only=process")).json()["late_sources"] is None
