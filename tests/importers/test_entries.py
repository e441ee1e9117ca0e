"""A party without an id is found again by the key that its source gave the entry."""

import pytest

from credit.errors import FieldInvalid
from credit.model.party import PartyKind
from credit.model.statements import PartyStatement, Written
from credit.registry.parties import PartyPlan, ids_of
from importers.foreign import entry_key, person


class PlainHasher:
    """Says what it would hash, so that a test sees it."""

    def digest(self, kind: str, value: str) -> str:
        return f"{kind}/{value}"


@pytest.fixture
def plan() -> PartyPlan:
    return PartyPlan(PlainHasher(), {})


def test_the_same_entry_told_twice_is_one_person(plan: PartyPlan) -> None:
    first = plan.state(person("list:1", "Alder Example"))
    second = plan.state(person("list:1", "Alder Example"))
    assert (first.written, second.written) == (Written.CREATED, Written.UNCHANGED)
    assert first.id == second.id
    assert first.id.startswith("person:")


def test_two_entries_of_one_name_are_two_persons(plan: PartyPlan) -> None:
    assert plan.state(person("list:1", "Alder")).id != plan.state(person("list:2", "Alder")).id


def test_a_person_without_an_entry_is_a_new_one_each_time(plan: PartyPlan) -> None:
    said = PartyStatement(id=None, kind=PartyKind.PERSON, name="Alder")
    assert plan.state(said).id != plan.state(said).id


def test_an_entry_is_held_under_a_keyed_hash_alone() -> None:
    assert ids_of([person("list:1", "Alder")], PlainHasher()) == ["entry:entry/list:1"]


def test_only_a_person_has_no_id_of_its_own(plan: PartyPlan) -> None:
    said = PartyStatement(id=None, kind=PartyKind.FOREIGN, name="Alder Ltd", entry="list:1")
    with pytest.raises(FieldInvalid, match="自然人"):
        plan.state(said)


def test_a_key_tells_words_apart_but_not_how_they_are_written() -> None:
    assert entry_key("ALDER  Works, Ltd.") == entry_key("Alder works LTD")
    assert entry_key("Alder Works Ltd") != entry_key("Alderworks Ltd")


def test_no_key_of_an_entry_reads_as_an_identity_number() -> None:
    assert all(entry_key(str(number)).isalpha() for number in range(1000))
