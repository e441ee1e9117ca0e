"""Mistakes in a rule file stop start-up; none waits until somebody is judged by it."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from credit.errors import CatalogueInvalid
from credit.rules.catalogue import Catalogue
from tests.unit.story import CATALOGUE, Data

Change = Callable[[Data], object]
NOWHERE: Data = {"instrument": "NOWHERE"}
UNKNOWN: Data = {"zh": "某某{nowhere}", "en": "{nowhere}"}


def row(data: Data, rule: str) -> Data:
    return next(r for r in data["rules"] if r["id"] == rule)


def refused(change: Change) -> str:
    """Return what is said of the catalogue with a mistake made in it."""
    data = copy.deepcopy(CATALOGUE.plain)
    change(data)
    with pytest.raises(CatalogueInvalid) as caught:
        Catalogue.of(data)
    assert caught.value.zh
    assert caught.value.zh != caught.value.en
    return caught.value.en


def at_row(**fields: Any) -> Change:  # noqa: ANN401 - a field of a row
    return lambda data: row(data, "GP-L03").update(fields)


def mistakes() -> Iterator[tuple[str, Change, str]]:
    yield "an unknown key of a row", at_row(colour="red"), "colour"
    yield "an unknown key of the file", lambda d: d.update(colour="red"), "colour"
    yield "an unknown key of an instrument", lambda d: d["instruments"]["GPL"].update(colour=1), "colour"
    yield "an unknown key of a ban's article", lambda d: d["bans"][0]["articles"][0].update(years=1), "years"
    yield "a row citing an unknown instrument", at_row(citations=[NOWHERE]), "NOWHERE"
    yield "a row adopted by an unknown instrument", at_row(adopted_by=[NOWHERE]), "NOWHERE"
    yield "a doubt citing an unknown instrument", lambda d: d["doubts"]["place"].update(citations=[NOWHERE]), "NOWHERE"
    yield "a reason naming what no finding fills", at_row(reason=UNKNOWN), "nowhere"
    yield "a reason naming a place by number", at_row(reason={"zh": "{}", "en": "{0}"}), "unknown {"
    yield "a reason naming a part of a value", at_row(reason={"zh": "{party.name}", "en": "-"}), "party.name"
    yield "a reason with an open brace", at_row(reason={"zh": "{party", "en": "-"}), "GP-L03"
    yield "a doubt naming what no finding fills", lambda d: d["doubts"]["place"].update(words=UNKNOWN), "nowhere"
    yield "a reason in one language", at_row(reason={"zh": "某某"}), "en"
    yield "an empty reason", at_row(reason={"zh": " ", "en": "x"}), "zh"
    yield "a row without a reason or a default", lambda d: d["defaults"].pop("listing.CONSIDER"), "no reason"
    yield "two rows of one id", lambda d: d["rules"].append(copy.deepcopy(d["rules"][0])), "twice"
    yield "a list that there is not", at_row(lists=["L29"]), "lists"
    yield "an unknown mark", at_row(mark="S1"), "mark"
    yield "an unknown class", at_row(**{"class": "SHALL"}), "class"
    yield "an unknown kind of penalty", lambda d: row(d, "GP-LIGHT").update(kinds=["frown"]), "kinds"
    yield "an unknown domain", at_row(domains=["space"]), "domains"
    yield "a row without a domain", lambda d: row(d, "GP-L03").pop("domains"), "domains"
    yield "a row without a mark", lambda d: row(d, "GP-L03").pop("mark"), "mark"
    yield "a scope of bans left out", lambda d: d["bans"].pop(), "no ban terms"
    yield "a list that rows name left out", lambda d: d["lists"].pop(2), "L03"
    yield "a number that is none", lambda d: d["numbers"]["fine_line"][0].update(value="much"), "value"
    yield "a day that is none", lambda d: d["numbers"]["fine_line"][0].update({"from": "2022-02-30"}), "from"


@pytest.mark.parametrize(("change", "told"), [pytest.param(c, t, id=name) for name, c, t in mistakes()])
def test_a_mistake_in_the_rules_is_refused_and_named(change: Change, told: str) -> None:
    assert told in refused(change)


def unseen() -> Iterator[tuple[str, Change]]:
    yield "a note naming what no finding fills", lambda d: d["notes"]["later"].update(UNKNOWN)
    yield "a default naming what no finding fills", lambda d: d["defaults"]["listing.MUST"].update(UNKNOWN)
    yield "a reason that formats a text as a number", at_row(reason={"zh": "{party:d}", "en": "-"})
    yield "a required list citing an unknown instrument", lambda d: d["required"][0].update(citations=[NOWHERE])
    yield "a number citing an unknown instrument", lambda d: d["numbers"]["fine_line"][0].update(citations=[NOWHERE])
    yield "a list citing an unknown instrument", lambda d: d["lists"][0].update(citations=[NOWHERE])
    yield "a ban by an unknown instrument", lambda d: d["bans"][0]["articles"][0].update(NOWHERE)
    yield "a ban by an article that is no number", lambda d: d["bans"][0]["articles"][0].update(article="77¶1")
    yield "a doubt that the rules name left out", lambda d: d["doubts"].pop("three_year_edge")
    yield "a note that the rules name left out", lambda d: d["notes"].pop("objection")
    yield "a number that the rules name left out", lambda d: d["numbers"].pop("fine_line")
    yield "phrases that the rules name left out", lambda d: d["phrases"].pop("grade_worst")


@pytest.mark.parametrize("change", [pytest.param(c, id=name) for name, c in unseen()])
def test_a_mistake_beside_the_rows_is_refused_too(change: Change) -> None:
    refused(change)
