"""The model's types as plain data: nothing is lost on the way there and back, and what does not fit is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.facts import Facts
from credit.model.party import Contact, Party, PartyId, PartyKind, Relation, RelationEnd, RelationKind, Role
from credit.model.plain import from_plain, to_plain
from credit.model.project import Lot, Project, RecordedBid, Signals, Sync
from credit.model.question import Activity, Bid, Document, Member, Question
from credit.model.record import (
    Authority,
    Ban,
    Basis,
    Event,
    Listing,
    Penalty,
    Record,
    SectorLine,
    Source,
)
from credit.model.verdict import Answer
from credit.model.when import When
from tests.unit.story import Data, Story

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5, minutes=-30))])
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones)  # noqa: DTZ001 - zones are drawn
whens = st.builds(When.of, days | instants)
sums = st.decimals(0, 10**12, places=2)
texts = st.text(max_size=8)
ids = st.builds(PartyId, texts)
counts = st.integers(0, 2**53)


def few(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, max_size=3).map(tuple)


def maybe(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | inner


authorities = st.builds(Authority, name=texts)
bans = st.builds(Ban, from_=maybe(whens), until=maybe(days), months=maybe(st.integers(1, 60)))
penalties = st.builds(
    Penalty,
    authority=authorities,
    decided_on=days,
    served_on=maybe(whens),
    published_on=maybe(whens),
    fine=maybe(sums),
    confiscated=maybe(sums),
    sector_line=maybe(st.builds(SectorLine, checked_on=days, amount=maybe(sums))),
    ban=maybe(bans),
)
listings = st.builds(
    Listing,
    listed_on=days,
    published_on=maybe(whens),
    until=maybe(days),
    basis=maybe(st.builds(Basis)),
    score=maybe(sums),
    products=few(texts),
    authority=maybe(authorities),
)
events = st.builds(Event, on=whens, tick=counts)
sources = st.builds(Source, row=maybe(counts))
records = st.builds(Record, content=penalties | listings, source=sources, tick=counts, events=few(events), party=ids)
parties = st.builds(Party, id=ids, established_on=maybe(days), contacts=few(st.builds(Contact)))
ends = st.builds(RelationEnd, until=days, tick=counts)
relations = st.builds(Relation, share=maybe(sums), since=maybe(days), until=maybe(days), tick=counts, ends=few(ends))
projects = st.builds(
    Project, notice_on=maybe(days), deadline=instants, lots=few(st.builds(Lot, budget=maybe(sums))), tick=counts
)
recorded_bids = st.builds(RecordedBid, members=few(ids), price=maybe(sums), signals=st.builds(Signals), tick=counts)
syncs = st.builds(Sync, finished_at=instants, records=counts, tick=counts)
activities = st.builds(Activity, deadline=instants, cut_off=maybe(instants), notice_on=maybe(days))
questions = st.builds(
    Question, activity=activities, bids=few(st.builds(Bid, members=few(st.builds(Member)))), asked_at=instants
)
everything = st.one_of(penalties, listings, events, records, parties, relations, projects, recorded_bids, syncs,
                       activities, questions)  # fmt: skip


@given(everything)
def test_every_type_comes_back_as_it_went(value: object) -> None:
    assert from_plain(type(value), to_plain(value)) == value


@given(everything)
def test_it_comes_back_through_json_too(value: object) -> None:
    assert from_plain(type(value), orjson.loads(orjson.dumps(to_plain(value)))) == value


@given(records)
def test_a_penalty_is_never_read_as_an_entry_nor_an_entry_as_a_penalty(record: Record) -> None:
    again = from_plain(Record, to_plain(record))
    assert type(again.content) is type(record.content)


def test_an_answer_comes_back_too() -> None:
    story = Story()
    firm = story.firm()
    story.fine(firm, "2500000")
    answer = story.ask(firm, cut_off=None)
    assert from_plain(Answer, to_plain(answer)) == answer


def test_facts_are_written_with_their_keys() -> None:
    story = Story()
    firm = story.firm()
    written = to_plain(story.facts())
    assert written["dossiers"][firm]["party"]["id"] == firm
    assert set(written) == set(Facts.__dataclass_fields__)


# ---------------------------------------------------------------- how things are written


def test_days_sums_and_kinds_are_written_as_the_contract_has_them() -> None:
    ban = from_plain(Ban, {"scope": "procurement", "from": "2026-01-16", "months": 12})
    assert to_plain(ban) == {
        "scope": "procurement",
        "from": "2026-01-16",
        "until": None,
        "months": 12,
        "region": None,
        "indefinite": False,
    }


@pytest.mark.parametrize(
    ("amount", "text"),
    [("2000000.00", "2000000.00"), ("1E+3", "1000"), ("0.10", "0.10"), ("1E-7", "0.0000001")],
)
def test_sums_keep_their_places_and_are_never_written_with_an_exponent(amount: str, text: str) -> None:
    assert to_plain(Lot("1", budget=Decimal(amount)))["budget"] == text


def test_what_is_left_out_takes_its_default() -> None:
    party = from_plain(Party, {"id": "x", "kind": "person", "name": "试例"})
    assert party == Party(PartyId("x"), PartyKind.PERSON, "试例")


# ---------------------------------------------------------------- what is refused

PENALTY: Data = {
    "doc_no": "1",
    "authority": {"name": "a"},
    "decided_on": "2025-01-01",
    "violation": "v",
    "category": "other",
    "kinds": ["fine"],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"decided_on": "2025-02-30"},
        {"decided_on": 20250101},
        {"decided_on": None},
        {"doc_no": 1},
        {"kinds": "fine"},
        {"kinds": ["frown"]},
        {"kinds": [["fine"]]},
        {"fine": 2000000},
        {"fine": 2000000.0},
        {"fine": "much"},
        {"fine": ""},
        {"in_business": "true"},
        {"in_business": 1},
        {"authority": "a"},
        {"authority": {}},
        {"authority": {"name": "a", "rank": 1}},
        {"served_on": "2025-01-01T10:00:00"},
        {"ban": {"scope": "procurement", "months": "12"}},
        {"ban": {"scope": "procurement", "months": True}},
        {"ban": {"scope": "procurement", "from_": "2025-01-01"}},
        {"category": "unknown"},
    ],
    ids=str,
)
def test_data_that_do_not_fit_are_refused(wrong: Data) -> None:
    assert from_plain(Penalty, PENALTY).doc_no == "1"
    with pytest.raises(ValueError, match=r".+"):
        from_plain(Penalty, {**PENALTY, **wrong})


@pytest.mark.parametrize("left_out", sorted(PENALTY))
def test_a_needed_field_left_out_is_refused_and_named(left_out: str) -> None:
    with pytest.raises(ValueError, match=left_out):
        from_plain(Penalty, {k: v for k, v in PENALTY.items() if k != left_out})


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="object"):
        from_plain(Penalty, data)


def test_content_that_is_neither_a_penalty_nor_an_entry_is_refused() -> None:
    body = {"id": "r", "party": "p", "source": {"name": "s"}, "tick": 1, "recorded_by": "k", "content": {"list": "L03"}}
    with pytest.raises(ValueError, match="fits none"):
        from_plain(Record, body)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1_000"])
def test_a_sum_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_plain(Penalty, {**PENALTY, "fine": text})


def test_kinds_of_relations_and_roles_are_read_by_their_words() -> None:
    relation = from_plain(Relation, {"id": "r", "kind": "branch_of", "source": "a", "target": "b"})
    assert relation.kind is RelationKind.BRANCH_OF
    assert from_plain(Party, {"id": "x", "kind": "foreign", "name": "n", "roles": ["agency"]}).roles == (Role.AGENCY,)


def test_a_document_left_out_is_the_standard_one() -> None:
    said = {"domain": "land", "deadline": "2026-06-10T09:30:00+08:00", "cut_off": None}
    assert from_plain(Activity, said).document == Document()
