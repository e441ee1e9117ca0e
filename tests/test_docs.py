"""What README and docs say must be so."""

import re
from pathlib import Path

import pytest

from credit.cli import banner
from credit.sample.city import City
from credit.sample.stories import Stories
from credit.settings import Settings, variable_of

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"\b9[1-3][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}\b")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table_with_what_it_says_of_itself(name: str) -> None:
    assert re.search(rf"^\| `{variable_of(name)}` \|.*\| {re.escape(str(Settings.model_fields[name].description))} \|$",
                     read("docs/running.md"), re.MULTILINE)  # fmt: skip


def test_every_setting_of_the_table_is_one() -> None:
    told = re.findall(r"^\| `(CREDIT_\w+)`", read("docs/running.md"), re.MULTILINE)
    assert set(told) == {variable_of(name) for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_in_a_page_is_one_of_the_sample(page: Path) -> None:
    assert set(CODE.findall(page.read_text("utf-8"))) <= {str(firm.id) for firm in City.build().firms}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()] == []


def test_the_readme_punishes_the_supplier_that_the_start_prints() -> None:
    assert Stories.load().code(banner.PUNISHED) in read("README.md")
    assert banner.PROJECT in read("README.md")
