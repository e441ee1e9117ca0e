"""What holds of every story: nothing but a relief is milder, order never matters, a failed source is never a pass."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.model.facts import Facts
from credit.model.plain import from_plain, to_plain
from credit.model.question import Question
from credit.model.record import Record
from credit.model.verdict import VERDICT_OF, Answer, Effect, Result, Verdict
from tests.unit.story import DAY, P0, Data, Story
from tests.unit.tales import HARMLESS, Ask, Tale, add, asking, enter, listings, penalties, relations, tales

T = TypeVar("T")
RANK = {v: n for n, v in enumerate(Verdict)}
slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
CAUSES: dict[str, Callable[[Story, str], object]] = {
    "a larger fine": lambda story, firm: story.fine(firm, "2500000.00"),
    "a revoked licence": lambda story, firm: story.penalty(firm, "licence_revoked"),
    "a ban": lambda story, firm: story.ban(firm, from_="2026-01-16", until="2027-01-15"),
    "an entry of the courts": lambda story, firm: story.listing(firm, "L03"),
    "an entry of the tax office": lambda story, firm: story.listing(firm, "L04"),
}


def mixed(values: tuple[T, ...], random: Random) -> tuple[T, ...]:
    return tuple(random.sample(values, len(values)))


def shuffled(facts: Facts, random: Random) -> Facts:
    """Return the same facts in another order, events and all."""

    def again(records: tuple[Record, ...]) -> tuple[Record, ...]:
        return mixed(tuple(replace(r, events=mixed(r.events, random)) for r in records), random)

    dossiers = mixed(tuple(facts.dossiers.items()), random)
    return replace(
        facts,
        dossiers={party: replace(held, records=again(held.records)) for party, held in dossiers},
        relations=mixed(facts.relations, random),
        syncs=mixed(facts.syncs, random),
        recorded_bids=mixed(facts.recorded_bids, random),
    )


def said(answer: Answer) -> object:
    """Return everything an answer says, whatever order it says it in."""
    results = [(r.ref, r.verdict, r.until, r.members, frozenset(r.findings)) for r in answer.results]
    return results, answer.sources, frozenset(answer.alerts)


def ranks(story: Story, question: Question) -> list[int]:
    return [RANK[r.verdict] for r in story.answer(question, story.facts()).results]


# ---------------------------------------------------------------- order, and being pure


@slow
@given(tales(), asking(), st.randoms(use_true_random=False))
def test_the_order_of_facts_never_changes_what_is_said(tale: Tale, ask: Ask, random: Random) -> None:
    story = tale.tell()
    question, facts = ask(story), story.facts()
    assert said(story.answer(question, shuffled(facts, random))) == said(story.answer(question, facts))


@slow
@given(tales(), asking())
def test_the_same_question_on_the_same_facts_has_the_same_answer(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    question, facts = ask(story), story.facts()
    before = to_plain(facts)
    assert story.answer(question, facts) == story.answer(question, facts)
    assert to_plain(facts) == before


def test_the_order_of_records_does_not_change_the_order_of_findings() -> None:
    story = Story()
    firm = story.firm()
    for list_id in ("L05", "L06", "L08"):
        story.listing(firm, list_id)
    forth = story.result(firm)
    story.records = dict(reversed(story.records.items()))
    assert story.result(firm) == forth


LINKED = """
from tests.unit.story import Story
story = Story()
one, other, leader = story.firm(), story.firm(), story.person()
story.leads(leader, other)
for _ in range(4):
    former = story.firm()
    story.relate("renamed_from", one, former)
    story.leads(leader, former)
print(story.ask(one, other))
"""


def test_another_process_gives_the_same_answer() -> None:
    def told(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.run([sys.executable, "-c", LINKED], env=environment, capture_output=True, check=True).stdout

    assert len({told(seed) for seed in ("1", "2", "3")}) == 1


# ---------------------------------------------------------------- nothing but a relief is milder


@slow
@given(tales(), st.sampled_from(sorted(CAUSES)), st.lists(st.sampled_from(HARMLESS), max_size=2))
def test_whatever_else_is_recorded_a_sure_restriction_stands(tale: Tale, cause: str, harmless: list[str]) -> None:
    story = tale.tell()
    firm = next(iter(story.parties))
    CAUSES[cause](story, firm)
    record = list(story.records)[-1]
    for kind in harmless:
        story.happens(record, kind, "2026-05-11")
    assert story.verdict(firm) == "restricted"


@slow
@given(tales(), asking(), penalties() | listings())
def test_one_more_record_makes_no_answer_milder(tale: Tale, ask: Ask, more: Data) -> None:
    story = tale.tell()
    before = ranks(story, ask(story))
    firm = next(iter(story.parties))
    _ = enter(story, firm, more) if "list_id" in more else add(story, firm, more)
    assert all(now >= then for now, then in zip(ranks(story, ask(story)), before, strict=True))


@slow
@given(tales(), asking(), relations)
def test_one_more_relation_makes_no_answer_milder(tale: Tale, ask: Ask, more: tuple[str, int, int, Data]) -> None:
    story = tale.tell()
    before = ranks(story, ask(story))
    parties = list(story.parties)
    story.relate(more[0], parties[more[1]], parties[more[2]], **more[3])
    assert all(now >= then for now, then in zip(ranks(story, ask(story)), before, strict=True))


@slow
@given(tales(), asking(), st.sampled_from(["L01", "L03", "L04", "L10"]))
def test_a_source_that_failed_makes_no_answer_milder_and_eligible_never_stays(
    tale: Tale, ask: Ask, list_id: str
) -> None:
    story = tale.tell()
    question = ask(story)
    before = ranks(story, question)
    story.sync(list_id, "2026-06-10T09:29", "failed")
    facts = replace(story.facts(), syncs=story.facts(fresh=None).syncs[-1:])
    after = story.answer(question, facts).results
    assert all(RANK[r.verdict] >= then for r, then in zip(after, before, strict=True))
    assert Verdict.ELIGIBLE not in {r.verdict for r in after}


@slow
@given(tales(), asking())
def test_a_consortium_is_at_least_as_strict_as_each_member_alone(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    question = ask(story)
    together = question.bids[2]
    alone = tuple(replace(together, ref=m.id, members=(m,)) for m in together.members)
    whole = story.answer(replace(question, bids=(together,)), story.facts()).results[0]
    each = [story.answer(replace(question, bids=(bid,)), story.facts()).results[0] for bid in alone]
    assert RANK[whole.verdict] >= max(RANK[r.verdict] for r in each)


@given(st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.integers(360, 1000))
def test_a_ban_restricts_to_its_last_day_and_not_a_day_longer(first: date, length: int) -> None:
    story = Story()
    firm = story.firm()
    last = first + length * DAY
    story.ban(firm, decided_on=first, from_=first, until=last)
    assert [story.verdict(firm, on=d) for d in (first, last - DAY, last, last + DAY)] == [
        *["restricted"] * 3,
        "eligible",
    ]


@slow
@given(tales(), asking())
def test_names_do_not_decide(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    question = ask(story)
    before = [r.verdict for r in story.answer(question, story.facts()).results]
    for n, party in enumerate(story.parties):
        story.correct(party, name=f"另名{n}有限公司")
    assert [r.verdict for r in story.answer(question, story.facts()).results] == before


# ---------------------------------------------------------------- what every answer is made of


def well_made(result: Result) -> None:
    worst = max((f.effect for f in result.findings), key=lambda e: e.rank, default=None)
    assert result.verdict == (VERDICT_OF[worst] if worst else Verdict.ELIGIBLE)
    restricting = [f for f in result.findings if f.effect is Effect.RESTRICT]
    assert all(f.citations for f in restricting)
    assert all(f.until is None for f in result.findings if f not in restricting)
    assert result.until is None or restricting
    for finding in result.findings:
        for text in (finding.reason.zh, finding.reason.en):
            assert text
            assert "{" not in text
            assert "}" not in text
        assert not finding.reason.zh.isascii()
        assert finding.member is None or finding.member in {m.id for m in result.members}


@slow
@given(tales(), asking())
def test_every_finding_is_worded_in_both_languages_and_every_restriction_names_its_law(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    answer = story.answer(ask(story), story.facts())
    for result in answer.results:
        well_made(result)
    assert all("{" not in a.reason.zh + a.reason.en for a in answer.alerts)


@slow
@given(tales(), asking())
def test_every_result_names_only_records_that_were_told_and_steps_that_are_there(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    steps = {(r.source, r.kind.value, r.target) for r in story.relations}
    for finding in (f for r in story.answer(ask(story), story.facts()).results for f in r.findings):
        assert set(finding.records) <= set(story.records)
        assert {(s.from_, s.relation, s.to) for s in finding.path} <= steps


@slow
@given(tales(), asking())
def test_an_answer_and_its_question_come_back_from_what_is_kept(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    question = ask(story)
    answer = story.answer(question, story.facts())
    assert from_plain(Answer, orjson.loads(orjson.dumps(to_plain(answer)))) == answer
    assert from_plain(Question, orjson.loads(orjson.dumps(to_plain(question)))) == question


@slow
@given(tales(), asking())
def test_the_name_of_a_person_is_never_written_out(tale: Tale, ask: Ask) -> None:
    story = tale.tell()
    assert "欧阳试例" not in str(to_plain(story.answer(ask(story), story.facts())))


@pytest.mark.parametrize(
    ("list_id", "changes"),
    [
        (None, {"fine": "NaN"}),
        (None, {"confiscated": "sNaN"}),
        ("L03", {"list": "L99"}),
        ("L03", {"list": ""}),
    ],
    ids=str,
)
def test_an_amendment_that_fits_its_record_never_breaks_an_answer(list_id: str | None, changes: Data) -> None:
    story = Story()
    firm = story.firm()
    record = story.listing(firm, list_id) if list_id else story.fine(firm, "2500000")
    try:
        story.happens(record, "amended", str(P0 - DAY), changes=changes)
        story.verdict(firm)
    except ValueError:
        return
