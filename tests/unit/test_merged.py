"""Entries that a merge lets be one party: judged as one, with the merge as a step of the path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.facts import Facts
from credit.model.merge import Tie, as_one, kept_by, merged_picture
from credit.model.party import PartyId, PartyStatus
from credit.model.question import Member
from credit.model.verdict import Answer, Step, Verdict
from tests.unit.story import Story, found

BAN = {"scope": "procurement", "from": "2026-01-10", "until": "2027-01-09"}


def asked(story: Story, same: dict[str, str], *bids: str) -> Answer:
    """Ask with entries merged: each key is the party of its value."""
    return story.answer(story.question(*bids), merged(story, same))


def merged(story: Story, same: dict[str, str]) -> Facts:
    return as_one(story.facts(), {PartyId(other): PartyId(kept) for other, kept in same.items()})


def step(source: str, relation: str, target: str) -> Step:
    return Step(PartyId(source), relation, PartyId(target))


def bans(answer: Answer, bid: int = 0) -> list[tuple[Step, ...]]:
    return [f.path for f in answer.results[bid].findings if f.effect == "restrict"]


def two() -> tuple[Story, str, str]:
    story = Story()
    return story, story.firm(), story.firm()


def test_a_ban_on_the_other_entry_restricts_and_the_path_names_the_merge() -> None:
    story, kept, other = two()
    story.ban(other)
    assert story.verdict(kept) == Verdict.ELIGIBLE
    answer = asked(story, {other: kept}, kept)
    assert answer.results[0].verdict == Verdict.RESTRICTED
    assert bans(answer) == [(step(kept, "same_as", other),)]


def test_asked_by_the_other_id_its_own_ban_needs_no_step_and_that_of_the_kept_one_does() -> None:
    story, kept, other = two()
    story.ban(other)
    assert bans(asked(story, {other: kept}, other)) == [()]
    story = Story()
    kept, other = story.firm(), story.firm()
    story.ban(kept)
    answer = asked(story, {other: kept}, other)
    assert bans(answer) == [(step(other, "same_as", kept),)]
    assert [m.id for m in answer.results[0].members] == [other]


def test_a_name_of_either_is_a_name_of_the_party() -> None:
    story = Story()
    kept, other = story.firm(name="资阳甲商贸有限公司"), story.firm(name="资阳乙商贸有限公司")
    facts = merged(story, {other: kept})
    for name, told in (("资阳乙商贸有限公司", False), ("资阳甲商贸有限公司", False), ("资阳丙商贸有限公司", True)):
        answer = story.answer(story.question((Member(other, name),)), facts)
        assert any(f.rule == "PARTY-NAME-DIFFERS" for f in answer.results[0].findings) is told, name


def test_one_leader_under_two_ids_restricts_both_bids() -> None:
    story, one, other = two()
    here, there = story.person(), story.person()
    story.leads(here, one, since="2019-01-01")
    story.leads(there, other, since="2019-01-01")
    assert [r.verdict for r in story.ask(one, other).results] == [Verdict.ELIGIBLE, Verdict.ELIGIBLE]
    answer = asked(story, {there: here}, one, other)
    assert [r.verdict for r in answer.results] == [Verdict.RESTRICTED, Verdict.RESTRICTED]
    (path, *_) = bans(answer)
    assert set(path) == {
        step(here, "unit_leader", one),
        step(here, "same_as", there),
        step(there, "unit_leader", other),
    }


def test_a_relation_of_the_same_entry_needs_no_step() -> None:
    story, one, other = two()
    here, there = story.person(), story.person()
    story.leads(there, one, since="2019-01-01")
    story.leads(there, other, since="2019-01-01")
    (path, *_) = bans(asked(story, {there: here}, one, other))
    assert {s.relation for s in path} == {"unit_leader"}


def test_a_banned_firm_of_the_leaders_other_entry_is_hinted_at() -> None:
    story, one, other = two()
    here, there = story.person(), story.person()
    story.leads(here, one, since="2019-01-01")
    story.leads(there, other, since="2019-01-01")
    story.ban(other)
    assert not [f for f in story.result(one).findings if f.path]
    answer = asked(story, {there: here}, one)
    told = [f.path for f in answer.results[0].findings if f.path]
    assert told == [
        (step(here, "unit_leader", one), step(here, "same_as", there), step(there, "unit_leader", other)),
    ]


def test_two_bids_of_one_party_under_two_ids_are_one_bidder_twice() -> None:
    story, kept, other = two()
    answer = asked(story, {other: kept}, kept, other)
    for result in answer.results:
        (twice,) = [f for f in result.findings if f.rule == "GP-TWICE"]
        assert twice.path == (step(kept, "same_as", other),)
    assert [m.id for r in answer.results for m in r.members] == [kept, other]


def test_a_service_given_under_the_other_id_counts() -> None:
    story, kept, other = two()
    services = [{"party": other, "service": "design"}]
    question = story.question(kept, prior_services=services)
    assert story.answer(question, merged(story, {})).results[0].verdict == Verdict.ELIGIBLE
    answer = story.answer(question, merged(story, {other: kept}))
    assert answer.results[0].verdict == Verdict.RESTRICTED
    assert bans(answer) == [(step(kept, "same_as", other),)]


def test_a_predecessors_ban_is_reached_through_the_merge() -> None:
    story, kept, other = two()
    old = story.firm()
    story.relate("renamed_from", other, old)
    story.ban(old)
    assert bans(asked(story, {other: kept}, kept)) == [
        (step(kept, "same_as", other), step(other, "renamed_from", old)),
    ]


@pytest.mark.parametrize(("status", "rule"), [("revoked", "PARTY-REVOKED"), ("deregistered", "PARTY-DEREGISTERED")])
def test_what_one_register_says_of_a_firm_is_not_hidden_by_the_default_of_another(status: str, rule: str) -> None:
    story = Story()
    kept, other = story.firm(), story.firm(id="reg:440301103097413", status=status)
    assert story.verdict(kept) == Verdict.ELIGIBLE
    for asked_for in (kept, other):
        result = asked(story, {other: kept}, asked_for).results[0]
        assert result.verdict == Verdict.REVIEW
        told = found(result, rule).reason
        assert (other in told.zh, other in told.en) == (True, True)


def test_of_several_entries_the_gravest_status_speaks_whichever_is_kept() -> None:
    story = Story()
    firms = [story.firm(status=status) for status in ("revoked", "active", "deregistered")]
    for kept in firms:
        same = {str(other): str(kept) for other in firms if other != kept}
        assert {f.rule for f in asked(story, same, kept).results[0].findings} == {"PARTY-DEREGISTERED"}


def test_a_status_that_no_merge_bears_on_is_told_of_the_name_alone() -> None:
    story = Story()
    firm, *rest = story.firm(name="资阳甲商贸有限公司", status="revoked"), story.firm(), story.firm()
    result = asked(story, {rest[1]: rest[0]}, firm).results[0]
    assert found(result, "PARTY-REVOKED").reason.zh.startswith("资阳甲商贸有限公司登记状态为吊销")


def test_the_picture_shows_the_gravest_status_of_a_party() -> None:
    story = Story()
    kept, other = story.firm(), story.firm(status="revoked")
    shown, _ = merged_picture({str(p): party for p, party in story.parties.items()}, [], {other: kept}, other)
    assert [(p.id, p.status) for p in shown] == [(other, PartyStatus.REVOKED)]
    shown, _ = merged_picture({str(p): party for p, party in story.parties.items()}, [], {other: kept}, kept)
    assert [(p.id, p.status) for p in shown] == [(kept, PartyStatus.REVOKED)]


@pytest.mark.parametrize(
    ("until", "kept"), [(0, {}), (1, {"b": "a"}), (2, {"b": "c", "a": "c"}), (3, {"b": "a"}), (None, {"b": "a"})]
)
def test_what_is_in_force_is_by_the_order_of_writes(until: int | None, kept: dict[str, str]) -> None:
    assert kept_by([Tie("2", "c", "a", 2, 3), Tie("1", "a", "b", 1)], until) == kept


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()).filter(lambda t: t[0] != t[1])))
def test_whoever_is_reached_by_merges_in_force_is_one_party_and_nobody_else(said: list[tuple[int, int, bool]]) -> None:
    ties = [Tie(str(n), str(a), str(b), n, n + 1 if undone else None) for n, (a, b, undone) in enumerate(said, 1)]
    kept = kept_by(ties)
    groups = {str(n): {str(n)} for n in range(8)}
    for tie in ties:
        if tie.undone is None:
            one = groups[tie.keep] | groups[tie.other]
            groups |= dict.fromkeys(one, one)
    for entry, group in groups.items():
        assert {kept.get(other, other) for other in group} == {kept.get(entry, entry)}
        assert kept.get(entry, entry) in group
        assert kept.get(entry, entry) not in kept
