"""What the benchmark of names asks, and of whom: the same every time, and truly other names."""

import sys
from datetime import date
from pathlib import Path

import pytest

from bench.country import Hubs
from bench.name_changes import TWINS, WRITTEN, changed
from bench.name_scores import scored
from bench.name_timing import NamedCountry, names_like, questions_of

LISTED = [
    f"{place}{trade}{industry}有限公司"
    for place in ("西安", "宝鸡")
    for trade in ("云溪", "瑞航", "腾达", "晟坤")
    for industry in ("智能科技", "建筑工程", "商贸")
]


def test_made_names_differ_and_those_of_fewer_are_the_first_of_those_of_more() -> None:
    fewer, more = names_like(LISTED, 20), names_like(LISTED, 60)
    assert more[:20] == fewer
    assert len(set(more)) == 60


@pytest.mark.parametrize("kind", [*WRITTEN, *TWINS])
def test_no_name_asked_for_is_one_of_the_list(kind: str) -> None:
    pairs = list(changed(LISTED, {**WRITTEN, **TWINS}[kind], 10))
    assert not {asked for _, asked in pairs} & set(LISTED)
    assert pairs == list(changed(LISTED, {**WRITTEN, **TWINS}[kind], 10))


def test_kinds_of_questions_take_turns() -> None:
    asked = questions_of(LISTED, 2)
    kinds = [question.kind for question in asked]
    assert kinds == [*dict.fromkeys(kinds), *dict.fromkeys(kinds)]


def test_every_party_of_the_country_has_a_name_and_nothing_else(named: NamedCountry) -> None:
    said = [row.parties[0].name for row in named.organisations()]
    assert said == list(named.names)
    assert [*named.leaders(), *named.ties(), *named.records(), *named.projects()] == []


@pytest.fixture
def named() -> NamedCountry:
    return NamedCountry(len(LISTED), date(2026, 1, 1), Hubs(), LISTED)


def test_scores_come_in_the_order_of_the_pairs(tmp_path: Path) -> None:
    program = tmp_path / "lengths.py"
    program.write_text("import json, sys\nfor line in sys.stdin: print(len(json.loads(line)[1]))\n")
    assert scored(Path(sys.executable), program, [("云溪", "云"), ("云溪", "云溪科技")]) == [1.0, 4.0]


def test_an_interpreter_that_fails_is_told_of(tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text("raise SystemExit('no logic-v2 here')\n")
    with pytest.raises(RuntimeError, match="no logic-v2 here"):
        scored(Path(sys.executable), program, [("云溪", "云")])
