"""Dashboard and alert rules name metrics and labels that there are, and the handbook each alert."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "monitoring"
NAME = re.compile(r"\bcredit_[a-z_]+")
SELECTED = re.compile(r"\b(credit_[a-z_]+)\{([^}]*(?:\{[^}]*\}[^}]*)*)\}")
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
