"""Penalties, entries on lists, and what happens to them, through the registry."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from credit.errors import (
    Conflict,
    FieldInvalid,
    NotYourAuthority,
    NumberAmbiguous,
    PartyUnknown,
    Unknown,
)
from credit.model.caller import Caller, Scope
from credit.model.party import PartyId
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Basis,
    Category,
    EventKind,
    Level,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    Record,
    SectorLine,
    Source,
)
from credit.model.statements import RecordStatement, Written
from credit.model.when import When
from tests.contract.makers import (
    ADMIN,
    MARKET,
    OFFICER,
    City,
    ban,
    code,
    done,
    event,
    listing,
    org,
    penalty,
    written,
)

A, B = code(1), code(2)

FULL = Penalty(
    "资财采罚〔2026〕9号",
    Authority("资阳市财政局", "11512000008600000X", "512000", Level.CITY),
    date(2026, 1, 5),
    "提供虚假材料谋取中标、成交",
    Category.FALSE_MATERIALS,
    (PenaltyKind.FINE, PenaltyKind.BAN),
    When.parse("2026-01-06T10:00:00+08:00"),
    When.parse("2026-01-12"),
    Decimal("2000000.00"),
    Decimal("0.10"),
    "制造业",
    SectorLine(date(2026, 6, 1), Decimal("5000000.00")),
    ("采购法 77", "条例 73"),
    in_business=False,
    ban=Ban(BanScope.PROCUREMENT, When.parse("2026-01-10"), date(2027, 1, 9), 12, "512000", indefinite=False),
)
ENTRY = Listing(
    "L10",
    date(2026, 2, 1),
    When.parse("2026-02-02"),
    date(2028, 2, 1),
    "严重失信",
    "（2026）川20执1号",
    "510000",
    Basis("医保发〔2020〕34号", "第五条"),
    "严重",
    Decimal("61.5"),
    ("注射用某某",),
    MARKET,
    MatchedBy.MASKED_IDENTIFIER,
)


async def one(city: City, name: str) -> Record:
    (found,) = await city.store.browser.record(name)
    return found


@pytest.mark.parametrize("content", [FULL, ENTRY], ids=["penalty", "listing"])
async def test_a_record_is_read_as_it_was_said(city: City, content: Penalty | Listing) -> None:
    await city.firms(1)
    source = Source("信用中国", "https://www.creditchina.gov.cn", "2026-03-01T00:00:00+08:00", "feed", "sha256:0", 7)
    (record_id,) = await city.record(RecordStatement(party=A, content=content, source=source))
    found = await one(city, record_id)
    assert found == Record(found.id, PartyId(A), content, source, await city.known(), ADMIN.id)


async def test_the_same_record_again_changes_nothing(city: City) -> None:
    await city.firms(1)
    first = await city.registry.record(ADMIN, [penalty(A)])
    before = await city.known()
    again = await city.registry.record(ADMIN, [penalty(A)])
    assert written(*first, *again) == [Written.CREATED, Written.UNCHANGED]
    assert (first[0].id, await city.known()) == (again[0].id, before)


async def test_the_same_record_under_another_id_of_its_party_is_the_same(city: City) -> None:
    await city.firms(1)
    assert await city.record(penalty(A)) == await city.record(penalty(org(1)))


async def test_brackets_spaces_and_width_do_not_tell_numbers_apart(city: City) -> None:
    await city.firms(1)
    (first,) = await city.record(penalty(A, "资财采罚〔2026〕1号"))
    assert await city.record(penalty(A, "资财采罚（2026） １号"), penalty(A, "资财采罚[2026]1号")) == [first, first]


async def test_another_content_under_the_same_key_is_a_conflict(city: City) -> None:
    await city.firms(1)
    await city.record(penalty(A))
    (outcome,) = await city.registry.record(ADMIN, [penalty(A, fine=Decimal(30000))])
    assert isinstance(outcome.error, Conflict)


async def test_one_number_of_two_parties_or_two_authorities_is_several_records(city: City) -> None:
    await city.firms(1, 2)
    ids = await city.record(penalty(A), penalty(B), penalty(A, authority=MARKET))
    assert len(set(ids)) == 3


async def test_two_rows_of_one_call_with_one_key_behave_as_one_after_the_other(city: City) -> None:
    await city.firms(1)
    outcomes = await city.registry.record(ADMIN, [penalty(A), penalty(A), penalty(A, fine=Decimal(1))])
    assert written(*outcomes[:2]) == [Written.CREATED, Written.UNCHANGED]
    assert outcomes[0].id == outcomes[1].id
    assert isinstance(outcomes[2].error, Conflict)


async def test_a_record_on_an_unregistered_party_is_refused_and_keeps_none_of_the_others_out(city: City) -> None:
    await city.firms(1)
    unknown, good = await city.registry.record(ADMIN, [penalty(B), penalty(A)])
    assert isinstance(unknown.error, PartyUnknown)
    assert written(good) == [Written.CREATED]


async def test_records_of_one_call_each_have_a_place_of_their_own(city: City) -> None:
    await city.firms(1)
    ids = await city.record(*(penalty(A, f"{n}号") for n in range(5)))
    ticks = [(await one(city, i)).tick for i in ids]
    assert ticks == sorted(set(ticks))
    assert await city.known() >= ticks[-1]


# ── whose record it is ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_key_records_what_its_own_authority_decided(city: City) -> None:
    await city.firms(1)
    outcomes = await city.registry.record(OFFICER, [penalty(A)])
    assert written(*outcomes) == [Written.CREATED]


async def test_a_key_records_nothing_of_another_authority(city: City) -> None:
    await city.firms(1)
    (outcome,) = await city.registry.record(OFFICER, [penalty(A, authority=MARKET)])
    assert isinstance(outcome.error, NotYourAuthority)


async def test_a_key_bound_to_nobody_records_nothing(city: City) -> None:
    await city.firms(1)
    (outcome,) = await city.registry.record(Caller("x", "x", frozenset({Scope.RECORD})), [penalty(A)])
    assert isinstance(outcome.error, NotYourAuthority)


async def test_an_authority_is_told_by_its_id_where_that_is_stated_and_by_its_name(city: City) -> None:
    """The catalogue asks what a body is called: whoever may use another's name may ban in its place."""
    await city.firms(1)
    bound = Caller("x", "x", frozenset({Scope.RECORD}), authority=Authority("资阳市财政局", "id-1", "512000"))
    same = Authority("资阳市 财政局", "id-1", "510000")
    others = [Authority("资阳市财政局", "id-2", "512000"), Authority("资阳市住房和城乡建设局", "id-1", "512000")]
    good, *bad = await city.registry.record(bound, [penalty(A, authority=one) for one in (same, *others)])
    assert written(good) == [Written.CREATED]
    assert [type(one.error) for one in bad] == [NotYourAuthority] * 2


async def test_an_authority_of_the_same_name_elsewhere_is_another(city: City) -> None:
    await city.firms(1)
    (outcome,) = await city.registry.record(OFFICER, [penalty(A, authority=Authority("资阳市财政局", None, "510000"))])
    assert isinstance(outcome.error, NotYourAuthority)


async def test_only_an_administrator_records_an_entry_without_authority(city: City) -> None:
    await city.firms(1)
    (refused,) = await city.registry.record(OFFICER, [listing(A, authority=None)])
    assert isinstance(refused.error, NotYourAuthority)
    assert written(*await city.registry.record(ADMIN, [listing(A, authority=None)])) == [Written.CREATED]


async def test_an_event_needs_the_authority_of_its_record(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A, authority=MARKET))
    outcome = await city.registry.follow_up(OFFICER, record_id, event())
    assert isinstance(outcome.error, NotYourAuthority)


async def test_an_amendment_gives_a_record_to_no_other_authority(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    handed = event(EventKind.AMENDED, changes={"authority": {"name": MARKET.name, "region": MARKET.region}})
    assert isinstance((await city.registry.follow_up(OFFICER, record_id, handed)).error, NotYourAuthority)
    assert written(await city.registry.follow_up(ADMIN, record_id, handed)) == [Written.CREATED]


# ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [k for k in EventKind if k is not EventKind.AMENDED])
async def test_an_event_of_every_kind_is_read_as_it_was_said(city: City, kind: EventKind) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    said = event(kind, date(2026, 3, 1), doc_no="3号", by="某法院", reason="某事由")
    event_id = await city.follow_up(record_id, said)
    (found,) = (await one(city, record_id)).events
    assert (found.id, found.kind, found.on, found.doc_no, found.by) == (event_id, kind, said.on, "3号", "某法院")
    assert (found.reason, found.tick, found.recorded_by) == ("某事由", await city.known(), ADMIN.id)


async def test_the_same_event_again_changes_nothing(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    outcomes = [await city.registry.follow_up(ADMIN, record_id, event(doc_no=n)) for n in ("〔3〕", "[3]")]
    assert written(*outcomes) == [Written.CREATED, Written.UNCHANGED]
    assert outcomes[0].id == outcomes[1].id


async def test_another_content_of_the_same_event_is_a_conflict(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    await city.follow_up(record_id, event())
    outcome = await city.registry.follow_up(ADMIN, record_id, event(reason="另一事由"))
    assert isinstance(outcome.error, Conflict)


async def test_a_record_is_followed_up_by_its_number(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    await city.follow_up("资财采罚(2026)1号", event())
    assert len((await one(city, record_id)).events) == 1


async def test_a_number_that_several_records_bear_names_none(city: City) -> None:
    await city.firms(1, 2)
    await city.record(penalty(A), penalty(B))
    outcome = await city.registry.follow_up(ADMIN, "资财采罚〔2026〕1号", event())
    assert isinstance(outcome.error, NumberAmbiguous)


async def test_nothing_happens_to_an_unknown_record(city: City) -> None:
    outcome = await city.registry.follow_up(ADMIN, "pen_none", event())
    assert isinstance(outcome.error, Unknown)


async def test_an_event_touches_the_party(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    await city.follow_up(record_id, event(EventKind.ENTERED_IN_ERROR))
    held = await city.store.browser.party(A)
    assert held is not None
    assert held.revision == await city.known()


@pytest.mark.parametrize("changes", [{"fine": "30000.00"}, {"ban": {"scope": "procurement", "months": 6}}])
async def test_an_amendment_may_change_the_fields_of_its_record(city: City, changes: dict[str, object]) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    outcome = await city.registry.follow_up(ADMIN, record_id, event(EventKind.AMENDED, changes=changes))
    assert written(outcome) == [Written.CREATED]


@pytest.mark.parametrize("changes", [{"party": B}, {"doc_no": "x"}, {"nonsense": 1}, {"fine": "much"}, {}, None])
async def test_an_amendment_of_what_is_fixed_or_not_there_is_refused(
    city: City, changes: dict[str, object] | None
) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    outcome = await city.registry.follow_up(ADMIN, record_id, event(EventKind.AMENDED, changes=changes))
    assert isinstance(outcome.error, FieldInvalid)


# ── what is shown ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_records_of_a_party_are_paged_newest_first(city: City) -> None:
    await city.firms(1)
    ids = await city.record(*(penalty(A, f"{n}号") for n in range(5)))
    ids += await city.record(ban(A), listing(A))
    seen: list[str] = []
    before = None
    while page := await city.store.browser.records(PartyId(A), before=before, limit=3):
        seen += [r.id for r in page]
        before = page[-1].tick
    assert seen == ids[::-1]


async def test_a_number_shows_every_record_that_bears_it(city: City) -> None:
    await city.firms(1, 2)
    ids = await city.record(penalty(A), penalty(B))
    assert {r.id for r in await city.store.browser.record("资财采罚（2026）1号")} == set(ids)


async def test_an_unknown_name_shows_nothing(city: City) -> None:
    assert await city.store.browser.record("none") == []


async def test_many_records_are_taken_in_one_call(city: City) -> None:
    await city.firms(1)
    outcomes = await city.registry.record(ADMIN, [penalty(A, f"{n}号") for n in range(200)])
    assert len({o.id for o in done(*outcomes)}) == 200


async def test_a_record_entered_by_mistake_stays_dead_and_another_content_may_take_its_number(city: City) -> None:
    await city.firms(1)
    (wrong,) = await city.record(penalty(A, violation="录入有误"))
    await city.follow_up(wrong, event(EventKind.ENTERED_IN_ERROR))
    (same,) = await city.record(penalty(A, violation="录入有误"))
    (right,) = await city.record(penalty(A, violation="应有的内容"))
    (again,) = await city.record(penalty(A, violation="应有的内容"))
    assert same == wrong
    assert right == again != wrong


# ── what the registry hands back without reading it again ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [penalty, ban, listing])
async def test_the_outcome_of_a_record_holds_it_as_it_is_read(
    city: City, make: Callable[[str], RecordStatement]
) -> None:
    await city.firms(1)
    for _ in range(2):
        (outcome,) = await city.registry.record(ADMIN, [make(A)])
        assert [outcome.record] == list(await city.store.browser.record(outcome.id))


async def test_the_outcome_of_an_event_holds_the_record_with_all_its_events(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    for said in (event(), event(EventKind.AMENDED, changes={"fine": "1.00"}), event()):
        outcome = await city.registry.follow_up(ADMIN, record_id, said)
        assert [outcome.record] == list(await city.store.browser.record(record_id))
