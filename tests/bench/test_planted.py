"""The planted country is the same for a seed, and what it says of its complainants is so."""

from collections import Counter

from bench.planted import AS_OF, Country
from bench.planted_kinds import HONEST, Kind
from credit.model.complaint import ComplaintOutcome
from credit.rules.thresholds import Thresholds

COUNTRY = Country(1)


def test_a_seed_makes_one_country_and_another_seed_another() -> None:
    assert Country(1).rows == COUNTRY.rows
    assert Country(2).rows != COUNTRY.rows


def test_every_kind_is_planted_and_the_honest_are_most() -> None:
    counts = Counter(COUNTRY.kinds.values())
    assert set(counts) == set(Kind)
    assert sum(counts[kind] for kind in HONEST) > sum(counts.values()) / 2


def test_only_the_serial_have_letters_enough_wholly_unproven_for_the_law() -> None:
    need, unfounded = Thresholds.load().whole("trigger_count"), Counter[str]()
    for told in (told for row in COUNTRY.rows for told in row.complaints):
        assert told.content.filed_on <= AS_OF
        whole = [event.outcome for event in told.events]
        unfounded[told.content.complainants[0]] += ComplaintOutcome.REJECTED_UNFOUNDED in whole
    over = {COUNTRY.kinds[party] for party in COUNTRY.kinds if unfounded[party] >= need}
    assert over == {Kind.SERIAL}
