"""The catalogue: no row restricts without its law, and the digest tells rules apart (国办发〔2020〕49号)."""

import copy
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from credit.errors import CatalogueInvalid, Unknown
from credit.model.party import Role
from credit.model.project import Domain
from credit.model.verdict import Effect
from credit.rules.catalogue import Catalogue, rule_file_problems
from credit.rules.rows import RuleClass, Trigger
from tests.unit.restricting import STORIES
from tests.unit.story import CATALOGUE, DAY, LISTS, Data, Story, effects, found

Change = Callable[[Data], object]

PROVINCE = """
version = "川"

[instruments.SCX]
title = "四川省某某社会信用条例"
en = "an invented regulation of Sichuan"
kind = "local_regulation"
names = ["四川省某某社会信用条例"]
mark = "V"

[[rules]]
id = "SCX-L05"
title = { zh = "省内限制", en = "limited in the province" }
trigger = "listing"
lists = ["L05"]
region = "510000"
domains = ["government_procurement"]
roles = ["supplier"]
class = "MUST"
mark = "V"
citations = [{ instrument = "SCX", article = "30" }]
"""


def changed(change: Change) -> Data:
    """Return the catalogue's plain data with something changed."""
    data = copy.deepcopy(CATALOGUE.plain)
    change(data)
    return data


def row(data: Data, rule: str) -> Data:
    return next(r for r in data["rules"] if r["id"] == rule)


def with_row(rule: str, **fields: Any) -> Catalogue:  # noqa: ANN401 - a field of a row
    return Catalogue.of(changed(lambda data: row(data, rule).update(fields)))


def overlaid(tmp_path: Path, text: str) -> Catalogue:
    file = tmp_path / "overlay.toml"
    file.write_text(text, encoding="utf-8")
    return Catalogue.load(file)


# ---------------------------------------------------------------- no law, no restriction


def test_every_row_that_may_restrict_has_a_story_that_makes_it_bite() -> None:
    assert set(STORIES) == {r.id for r in CATALOGUE.rules if r.effect is Effect.RESTRICT}


@pytest.mark.parametrize("rule", STORIES)
def test_a_sourced_row_restricts_and_names_its_law(rule: str) -> None:
    finding = found(STORIES[rule](Story()), rule)
    assert finding.effect == "restrict"
    assert finding.citations == CATALOGUE.cite(CATALOGUE.rule(rule).citations)


@pytest.mark.parametrize("rule", STORIES)
def test_without_its_citation_a_row_is_only_for_a_person(rule: str) -> None:
    result = STORIES[rule](Story(catalogue=with_row(rule, citations=[])))
    assert effects(result)[rule] == "review"


@pytest.mark.parametrize("rule", STORIES)
def test_a_row_from_memory_is_only_for_a_person(rule: str) -> None:
    result = STORIES[rule](Story(catalogue=with_row(rule, mark="M:S1")))
    assert effects(result)[rule] == "review"


@pytest.mark.parametrize("rule", STORIES)
def test_a_row_that_is_no_longer_in_force_does_nothing(rule: str) -> None:
    result = STORIES[rule](Story(catalogue=with_row(rule, until="2026-06-10")))
    assert rule not in effects(result)
    assert rule in effects(STORIES[rule](Story(catalogue=with_row(rule, until="2026-06-11"))))


def test_a_row_knows_by_itself_that_it_may_not_restrict() -> None:
    assert CATALOGUE.rule("GP-L03").effect is Effect.RESTRICT
    assert with_row("GP-L03", citations=[]).rule("GP-L03").effect is Effect.REVIEW
    assert with_row("GP-L03", mark="M").rule("GP-L03").effect is Effect.REVIEW


def test_a_row_stripped_of_its_law_is_told_as_a_problem() -> None:
    assert list(CATALOGUE.problems()) == []
    assert [p[0] for p in with_row("GP-L03", citations=[]).problems()] == ["GP-L03"]
    assert [p[0] for p in with_row("GP-L04", mark="M").problems()] == ["GP-L04"]


# ---------------------------------------------------------------- what is in force


def ruling(rule: str, catalogue: Catalogue, day: date) -> bool:
    found_rows = catalogue.rules_for(Trigger.LISTING, Domain.GOVERNMENT_PROCUREMENT, Role.SUPPLIER, day)
    return rule in {r.id for r in found_rows}


def test_a_row_is_in_force_from_its_first_day_to_the_day_before_its_end() -> None:
    catalogue = with_row("GP-L05", **{"from": "2024-02-29", "until": "2025-03-01"})
    first, end = date(2024, 2, 29), date(2025, 3, 1)
    days = (first - DAY, first, end - DAY, end)
    assert [ruling("GP-L05", catalogue, day) for day in days] == [False, True, True, False]


def test_the_notice_on_credit_records_is_in_force_from_2016_08_01() -> None:
    assert not ruling("GP-L03", CATALOGUE, date(2016, 7, 31))
    assert ruling("GP-L03", CATALOGUE, date(2016, 8, 1))


def test_the_line_of_a_larger_fine_is_in_force_from_2022_02_08() -> None:
    assert CATALOGUE.number("fine_line", date(2022, 2, 7)) is None
    line = CATALOGUE.number("fine_line", date(2022, 2, 8))
    assert line is not None
    assert line.value == 2_000_000


def test_all_twenty_eight_lists_have_a_row() -> None:
    assert tuple(x.id for x in CATALOGUE.lists) == LISTS


def test_an_unknown_rule_is_an_error_of_its_own() -> None:
    with pytest.raises(Unknown):
        CATALOGUE.rule("NO-SUCH")


# ---------------------------------------------------------------- a second file over it


@pytest.mark.parametrize(
    ("region", "verdict"),
    [("510000", "restricted"), ("512002", "restricted"), ("370200", "eligible_with_flags"), (None, "review")],
)
def test_a_provinces_row_restricts_inside_the_province_only(tmp_path: Path, region: str | None, verdict: str) -> None:
    story = Story(catalogue=overlaid(tmp_path, PROVINCE))
    firm = story.firm()
    story.listing(firm, "L05")
    assert story.verdict(firm, region=region) == verdict


def test_an_overlay_leaves_the_other_rows_and_names_itself_in_the_version(tmp_path: Path) -> None:
    catalogue = overlaid(tmp_path, PROVINCE)
    assert {r.id for r in catalogue.rules} == {r.id for r in CATALOGUE.rules} | {"SCX-L05"}
    assert catalogue.version == f"{CATALOGUE.version}+川"
    assert catalogue.digest != CATALOGUE.digest


def test_an_overlays_row_takes_the_place_of_the_one_with_its_id(tmp_path: Path) -> None:
    catalogue = overlaid(tmp_path, PROVINCE.replace("SCX-L05", "GP-L05"))
    assert catalogue.rule("GP-L05").class_ is RuleClass.MUST
    assert len(catalogue.rules) == len(CATALOGUE.rules)


def test_an_overlay_without_its_citation_cannot_restrict_and_is_told(tmp_path: Path) -> None:
    text = PROVINCE.replace('citations = [{ instrument = "SCX", article = "30" }]', "")
    story = Story(catalogue=overlaid(tmp_path, text))
    firm = story.firm()
    story.listing(firm, "L05")
    assert story.verdict(firm) == "review"
    assert [p[0] for p in rule_file_problems(tmp_path / "overlay.toml")] == ["SCX-L05"]


def test_a_right_overlay_has_no_problems(tmp_path: Path) -> None:
    overlaid(tmp_path, PROVINCE)
    assert rule_file_problems(tmp_path / "overlay.toml") == []


@pytest.mark.parametrize("text", ["not toml [", PROVINCE.replace('mark = "V"', 'mark = "sure"'), "colour = 1"])
def test_a_file_that_cannot_be_read_is_told_in_both_languages(tmp_path: Path, text: str) -> None:
    file = tmp_path / "overlay.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueInvalid) as caught:
        Catalogue.load(file)
    assert "规则文件" in caught.value.zh
    assert "rule file" in caught.value.en
    assert len(rule_file_problems(file)) == 1


def test_a_missing_file_is_told_too(tmp_path: Path) -> None:
    assert len(rule_file_problems(tmp_path / "none.toml")) == 1


# ---------------------------------------------------------------- the digest


def test_kept_plain_data_make_the_same_catalogue_again() -> None:
    again = Catalogue.of(orjson.loads(orjson.dumps(CATALOGUE.plain)))
    assert again == CATALOGUE
    assert again.digest == CATALOGUE.digest


def test_the_order_of_keys_does_not_change_the_digest() -> None:
    backwards = dict(reversed(list(CATALOGUE.plain.items())))
    assert Catalogue.of(backwards).digest == CATALOGUE.digest


def edits() -> Iterator[tuple[str, Change]]:
    yield "a citation", lambda d: row(d, "GP-L03")["citations"].pop()
    yield "an article", lambda d: row(d, "GP-BAN")["citations"][0].update(article="78")
    yield "a mark", lambda d: row(d, "GP-L04").update(mark="M")
    yield "a word", lambda d: row(d, "GP-L02")["reason"].update(en="Another reason.")
    yield "a number", lambda d: d["numbers"]["fine_line"][0].update(value="3000000")
    yield "a day", lambda d: d["numbers"]["fine_line"][0].update({"from": "2022-02-09"})
    yield "a phrase", lambda d: d["phrases"]["grade_mild"].append("轻微失信")
    yield "a ban's term", lambda d: d["bans"][0]["articles"][0].update(max_months=48)
    yield "a required list", lambda d: d["required"][0]["lists"].pop()
    yield "an instrument", lambda d: d["instruments"]["GPL"].update(mark="V*:S1")


@pytest.mark.parametrize("change", [pytest.param(c, id=name) for name, c in edits()])
def test_any_change_of_the_rules_changes_the_digest(change: Change) -> None:
    assert Catalogue.of(changed(change)).digest != CATALOGUE.digest


def test_the_digest_does_not_change_between_loads() -> None:
    assert Catalogue.load().digest == CATALOGUE.digest
