"""Projects, bids and syncs through the registry."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from credit.errors import Conflict, Denied, FieldInvalid, PartyUnknown, Unknown
from credit.model.party import PartyId, PartyKind
from credit.model.project import BidOutcome, Domain, Lot, Project, RecordedBid, Sync, SyncOutcome
from credit.model.statements import Written
from tests.contract.makers import ADMIN, DEADLINE, OFFICER, City, bid, code, firm, org, project, sync, written

A, B, C, BUYER, AGENCY = (PartyId(code(n)) for n in (1, 2, 3, 8, 9))
NUMBER = "N5120012026000001"
EIGHT = datetime(2026, 6, 10, 0, 0, tzinfo=UTC)


async def test_a_project_is_read_as_it_was_said(city: City) -> None:
    await city.firms(8, 9)
    project_id = await city.open_project(project(BUYER, agency=AGENCY))
    lots = (Lot("1", None, Decimal("1800000.00")),)
    said = project(BUYER)
    assert await city.store.browser.project(NUMBER) == [
        Project(
            project_id,
            NUMBER,
            said.name,
            Domain.GOVERNMENT_PROCUREMENT,
            "510000",
            BUYER,
            AGENCY,
            said.notice_on,
            DEADLINE,
            lots,
            await city.known(),
        )
    ]


async def test_a_project_is_found_by_its_id_and_by_its_number_however_written(city: City) -> None:
    await city.firms(8)
    project_id = await city.open_project(project(BUYER, "资采〔2026〕1号"))
    for name in (project_id, "资采（2026） 1号"):
        assert [p.id for p in await city.store.browser.project(name)] == [project_id]


async def test_the_same_project_again_changes_nothing(city: City) -> None:
    await city.firms(8)
    outcomes = [await city.registry.open_project(ADMIN, project(BUYER)) for _ in range(2)]
    assert written(*outcomes) == [Written.CREATED, Written.UNCHANGED]
    assert outcomes[0].id == outcomes[1].id


async def test_another_content_under_the_same_number_is_a_conflict(city: City) -> None:
    await city.firms(8)
    await city.open_project(project(BUYER))
    outcome = await city.registry.open_project(ADMIN, project(BUYER, name="另一项目"))
    assert isinstance(outcome.error, Conflict)


async def test_a_project_of_an_unregistered_purchaser_is_refused(city: City) -> None:
    assert isinstance((await city.registry.open_project(ADMIN, project(BUYER))).error, PartyUnknown)


async def test_the_purchaser_of_a_project_follows_its_party_to_a_new_id(city: City) -> None:
    await city.register(firm(8, id=org(8)))
    project_id = await city.open_project(project(org(8)))
    await city.firms(8)
    (found,) = await city.store.browser.project(project_id)
    assert found.purchaser == BUYER


async def test_a_bid_is_read_as_it_was_said_with_its_traces_hashed(city: City) -> None:
    await city.firms(1, 2, 8)
    project_id = await city.open_project(project(BUYER))
    bid_id = await city.bid(NUMBER, bid(B, A, lead=A, price=Decimal("99.50"), ip="10.0.0.7", result=BidOutcome.WON))
    (found,) = await city.store.browser.bids(project_id)
    assert found == RecordedBid(
        bid_id, "1", (B, A), A, Decimal("99.50"), BidOutcome.WON, found.signals, await city.known()
    )
    assert found.signals.machine_code is None
    assert found.signals.ip is not None
    assert "10.0.0.7" not in found.signals.ip


async def test_the_same_bid_again_changes_nothing_and_another_content_is_a_conflict(city: City) -> None:
    await city.firms(1, 8)
    await city.open_project(project(BUYER))
    outcomes = [await city.registry.bid(ADMIN, NUMBER, bid(A)) for _ in range(2)]
    assert written(*outcomes) == [Written.CREATED, Written.UNCHANGED]
    assert isinstance((await city.registry.bid(ADMIN, NUMBER, bid(A, price=Decimal(1)))).error, Conflict)


async def test_a_bid_of_one_lead_in_two_lots_is_two(city: City) -> None:
    await city.firms(1, 8)
    project_id = await city.open_project(project(BUYER, lots=(Lot("1"), Lot("2"))))
    one, other = [await city.bid(project_id, bid(A, lot=lot)) for lot in ("1", "2")]
    assert {b.id for b in await city.store.browser.bids(project_id)} == {one, other}


async def test_a_bid_led_by_a_stranger_is_refused(city: City) -> None:
    await city.firms(1, 2, 8)
    await city.open_project(project(BUYER))
    assert isinstance((await city.registry.bid(ADMIN, NUMBER, bid(A, lead=B))).error, FieldInvalid)


async def test_a_bid_in_an_unknown_project_is_refused(city: City) -> None:
    await city.firms(1)
    assert isinstance((await city.registry.bid(ADMIN, "none", bid(A))).error, Unknown)


async def test_a_bid_touches_its_members(city: City) -> None:
    await city.firms(1, 8)
    await city.open_project(project(BUYER))
    await city.bid(NUMBER, bid(A))
    held = await city.store.browser.party(A)
    assert held is not None
    assert held.revision == await city.known()


# ── syncs ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_sync_is_read_as_it_was_said(city: City) -> None:
    (sync_id,) = await city.synchronise("L03", sync(EIGHT, SyncOutcome.FAILED, 12))
    expected = Sync(sync_id, "L03", EIGHT, SyncOutcome.FAILED, 12, await city.known())
    assert await city.store.browser.sync(sync_id) == expected
    assert await city.store.facts.last_syncs() == [expected]


async def test_a_sync_names_whom_its_source_hides(city: City) -> None:
    await city.synchronise("L03", replace(sync(EIGHT), silent=(PartyKind.PERSON,)))
    (held,) = await city.store.facts.last_syncs()
    assert held.silent == (PartyKind.PERSON,)


async def test_a_sync_is_as_old_as_the_file_that_it_ran_over(city: City) -> None:
    seen_at = EIGHT - timedelta(days=30)
    (sync_id,) = await city.synchronise("L03", replace(sync(EIGHT), seen_at=seen_at))
    held = await city.store.browser.sync(sync_id)
    assert held is not None
    assert (held.finished_at, held.seen_at, held.as_of) == (EIGHT, seen_at, seen_at)
    assert (await city.gather()).syncs == (held,)


async def test_what_is_recorded_by_hand_after_an_import_makes_no_old_file_new(city: City) -> None:
    january, hour = EIGHT - timedelta(days=150), timedelta(hours=1)
    imported = replace(sync(EIGHT, SyncOutcome.FAILED), seen_at=january)
    unread = sync(EIGHT + hour, SyncOutcome.FAILED, 0)
    *_, by_hand = await city.synchronise("L03", imported, unread, sync(EIGHT + 2 * hour))
    held = await city.store.browser.sync(by_hand)
    assert held is not None
    assert (held.outcome, held.as_of) == (SyncOutcome.COMPLETE, january)
    assert written(await city.registry.synchronise(ADMIN, "L03", sync(EIGHT + 2 * hour))) == [Written.UNCHANGED]


async def test_a_sync_after_an_import_may_say_as_of_when_it_saw_its_list(city: City) -> None:
    later = EIGHT + timedelta(days=30)
    imported = replace(sync(EIGHT), seen_at=EIGHT - timedelta(days=150))
    _, last = await city.synchronise("L03", imported, replace(sync(later), seen_at=later))
    held = await city.store.browser.sync(last)
    assert held is not None
    assert held.as_of == later


async def test_a_list_of_which_no_run_said_when_it_was_seen_is_as_old_as_its_last_run(city: City) -> None:
    later = EIGHT + timedelta(days=30)
    await city.synchronise("L04", replace(sync(EIGHT), seen_at=EIGHT - timedelta(days=150)))
    _, last = await city.synchronise("L03", sync(EIGHT, SyncOutcome.FAILED), sync(later))
    held = await city.store.browser.sync(last)
    assert held is not None
    assert (held.seen_at, held.as_of) == (None, later)


async def test_whom_a_source_hides_stays_as_the_run_before_said(city: City) -> None:
    hidden = replace(sync(EIGHT, SyncOutcome.FAILED), silent=(PartyKind.PERSON,))
    await city.synchronise("L03", hidden, sync(EIGHT + timedelta(hours=1)), sync(EIGHT - timedelta(hours=1)))
    await city.synchronise("L04", sync(EIGHT))
    shown = {(s.list, s.finished_at): s.silent for s in await city.store.facts.last_syncs()}
    assert shown == {
        ("L03", EIGHT + timedelta(hours=1)): (PartyKind.PERSON,),
        ("L03", EIGHT): (PartyKind.PERSON,),
        ("L04", EIGHT): (),
    }


async def test_what_is_recorded_of_an_earlier_run_meanwhile_hides_and_shows_nobody_later(city: City) -> None:
    open_ = replace(sync(EIGHT - timedelta(days=1)), silent=())
    hidden = replace(sync(EIGHT), silent=(PartyKind.PERSON,))
    *_, last = await city.synchronise("L03", hidden, open_, sync(EIGHT + timedelta(hours=1)))
    held = await city.store.browser.sync(last)
    assert held is not None
    assert held.silent == (PartyKind.PERSON,)


async def test_whoever_says_that_a_source_hides_nobody_is_believed(city: City) -> None:
    hidden = replace(sync(EIGHT), silent=(PartyKind.PERSON,))
    _, last = await city.synchronise("L03", hidden, replace(sync(EIGHT + timedelta(hours=1)), silent=()))
    held = await city.store.browser.sync(last)
    assert held is not None
    assert held.silent == ()


@pytest.mark.parametrize("other", [{"silent": ()}, {"seen_at": EIGHT - timedelta(days=1)}])
async def test_a_sync_that_says_something_else_of_whom_or_when_is_a_conflict(
    city: City, other: Mapping[str, object]
) -> None:
    said = replace(sync(EIGHT), silent=(PartyKind.PERSON,))
    await city.synchronise("L03", replace(said, seen_at=EIGHT))
    assert written(await city.registry.synchronise(ADMIN, "L03", sync(EIGHT))) == [Written.UNCHANGED]
    told = replace(said, **{"seen_at": EIGHT, **other})
    assert isinstance((await city.registry.synchronise(ADMIN, "L03", told)).error, Conflict)


async def test_the_same_sync_again_changes_nothing_and_another_content_is_a_conflict(city: City) -> None:
    first, again = [await city.registry.synchronise(ADMIN, "L03", sync(EIGHT)) for _ in range(2)]
    assert written(first, again) == [Written.CREATED, Written.UNCHANGED]
    assert isinstance((await city.registry.synchronise(ADMIN, "L03", sync(EIGHT, records=11))).error, Conflict)


async def test_only_an_administrator_records_a_sync(city: City) -> None:
    assert isinstance((await city.registry.synchronise(OFFICER, "L03", sync(EIGHT))).error, Denied)


async def test_the_last_two_syncs_of_every_list_are_shown_by_when_they_finished(city: City) -> None:
    late, early, middle = await city.synchronise("L03", *(sync(EIGHT + timedelta(hours=h)) for h in (9, 1, 5)))
    (other,) = await city.synchronise("L01", sync(EIGHT))
    shown = [s.id for s in await city.store.facts.last_syncs()]
    assert set(shown) == {late, middle, other}
    assert early not in shown


@pytest.mark.parametrize("name", ["", "L 3", "../x"])
async def test_a_source_needs_a_plain_name(city: City, name: str) -> None:
    assert isinstance((await city.registry.synchronise(ADMIN, name, sync(EIGHT))).error, FieldInvalid)
