"""Callers, the access log, kept replies and jobs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from credit.graph.store import Store
from credit.model.caller import Access, Caller, Scope
from credit.model.party import PartyId
from credit.ports import Job
from tests.contract.makers import FINANCE, code

NOW = datetime(2026, 6, 1, 8, 0, 0, 123, tzinfo=UTC)
BOUND = Caller(
    "c1",
    "资阳市财政局",
    frozenset({Scope.RECORD, Scope.READ}),
    FINANCE,
    PartyId(code(1)),
    600,
    NOW,
    NOW + timedelta(days=365),
)


async def test_a_caller_is_read_as_it_was_saved(store: Store) -> None:
    await store.callers.save_caller(BOUND, "hash")
    assert await store.callers.caller("hash") == BOUND
    assert await store.callers.callers() == [BOUND]


async def test_an_unknown_key_is_nobodys(store: Store) -> None:
    assert await store.callers.caller("hash") is None


async def test_the_keys_before_stay_valid_until_they_are_retired(store: Store) -> None:
    for name in ("old", "new"):
        await store.callers.save_caller(BOUND, name)
    assert await store.callers.caller("old") == await store.callers.caller("new") == BOUND
    end = NOW + timedelta(hours=1)
    await store.callers.retire_hash("c1", "new", end)
    assert await store.callers.caller("old") == replace(BOUND, expires_at=end)
    assert await store.callers.caller("new") == BOUND
    assert len(await store.callers.callers()) == 1


async def test_a_key_retired_twice_ends_at_the_earlier_instant(store: Store) -> None:
    for name in ("old", "new"):
        await store.callers.save_caller(BOUND, name)
    for hours in (1, 5):
        await store.callers.retire_hash("c1", "new", NOW + timedelta(hours=hours))
    assert await store.callers.caller("old") == replace(BOUND, expires_at=NOW + timedelta(hours=1))


async def test_retiring_every_key_revokes_the_caller(store: Store) -> None:
    await store.callers.save_caller(BOUND, "hash")
    await store.callers.retire_hash("c1", None, NOW)
    (held,) = await store.callers.callers()
    assert held.revoked_at == NOW
    by_key = await store.callers.caller("hash")
    assert by_key is not None
    assert not by_key.live_at(NOW)


def access(number: int, *parties: str) -> Access:
    return Access(NOW + timedelta(seconds=number), "c1", "check", parties, "N1", f"req-{number}")


async def test_accesses_are_read_as_they_were_logged_newest_first(store: Store) -> None:
    logged = [access(1, "a", "b"), access(2), replace(access(3, "a"), project_no=None)]
    await store.callers.log_accesses(logged)
    assert [a for _, a in await store.callers.accesses(party=None, before=None, limit=9)] == logged[::-1]


async def test_accesses_are_paged_without_gap_or_repetition(store: Store) -> None:
    for n in range(0, 10, 2):
        await store.callers.log_accesses([access(n), access(n + 1)])
    seen: list[str] = []
    before = None
    while page := await store.callers.accesses(party=None, before=before, limit=3):
        seen += [a.request_id for _, a in page]
        before = page[-1][0]
    assert seen == [f"req-{n}" for n in reversed(range(10))]


async def test_accesses_to_one_party_are_paged(store: Store) -> None:
    await store.callers.log_accesses([access(n, "a" if n % 2 else "b") for n in range(6)])
    first = await store.callers.accesses(party="a", before=None, limit=2)
    rest = await store.callers.accesses(party="a", before=first[-1][0], limit=2)
    assert [a.request_id for _, a in [*first, *rest]] == ["req-5", "req-3", "req-1"]


async def test_accesses_logged_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(*(store.callers.log_accesses([access(n), access(n)]) for n in range(10)))
    logged = await store.callers.accesses(party=None, before=None, limit=100)
    assert sorted(number for number, _ in logged) == list(range(1, 21))


async def test_no_accesses_are_no_work(store: Store) -> None:
    await store.callers.log_accesses([])
    assert await store.callers.accesses(party=None, before=None, limit=9) == []


# ── replies and jobs ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_reply_under_a_key_stands(store: Store) -> None:
    await store.replies.keep_reply("c1", "k", "digest", 201, "{}")
    await store.replies.keep_reply("c1", "k", "another", 200, "[]")
    assert await store.replies.reply("c1", "k") == ("digest", 201, "{}")


async def test_one_key_of_two_callers_is_two(store: Store) -> None:
    await store.replies.keep_reply("c1", "k", "digest", 201, "{}")
    assert await store.replies.reply("c2", "k") is None


async def test_replies_kept_at_once_are_one(store: Store) -> None:
    await asyncio.gather(*(store.replies.keep_reply("c1", "k", f"d{n}", 200, "") for n in range(8)))
    ((count,),) = await store.bolt.fetch("MATCH (r:Reply) RETURN count(r)")
    assert count == 1


async def test_of_many_claims_of_a_key_at_once_one_holds_it(store: Store) -> None:
    claims = await asyncio.gather(*(store.replies.claim("c1", "k", "digest", f"h{n}") for n in range(8)))
    assert claims.count(None) == 1
    assert [claim for claim in claims if claim is not None] == [("digest", 0, "")] * 7


async def test_a_claim_is_no_reply_until_it_is_answered(store: Store) -> None:
    assert await store.replies.claim("c1", "k", "digest", "one") is None
    assert await store.replies.reply("c1", "k") is None
    await store.replies.keep_reply("c1", "k", "digest", 201, "{}")
    assert await store.replies.claim("c1", "k", "digest", "other") == ("digest", 201, "{}")


async def test_its_holder_may_claim_again_after_an_answer_that_was_lost(store: Store) -> None:
    assert [await store.replies.claim("c1", "k", "digest", "one") for _ in range(2)] == [None, None]


async def test_a_claim_that_is_given_back_may_be_taken_by_another(store: Store) -> None:
    await store.replies.claim("c1", "k", "digest", "one")
    await store.replies.free("c1", "k", "other")
    assert await store.replies.claim("c1", "k", "digest", "other") is not None
    await store.replies.free("c1", "k", "one")
    assert await store.replies.claim("c1", "k", "another", "other") is None


async def test_giving_a_claim_back_leaves_an_answer_as_it_is(store: Store) -> None:
    await store.replies.claim("c1", "k", "digest", "one")
    await store.replies.keep_reply("c1", "k", "digest", 201, "{}")
    await store.replies.free("c1", "k", "one")
    assert await store.replies.reply("c1", "k") == ("digest", 201, "{}")


async def test_a_claim_without_a_sign_of_life_is_taken_over_by_one_of_those_that_ask(store: Store) -> None:
    await store.replies.claim("c1", "k", "digest", "dead")
    await grow_old(store)
    claims = await asyncio.gather(*(store.replies.claim("c1", "k", "digest", f"h{n}") for n in range(8)))
    assert claims.count(None) == 1


async def test_a_sign_of_life_keeps_a_claim(store: Store) -> None:
    await store.replies.claim("c1", "k", "digest", "one")
    await grow_old(store)
    await store.replies.beat("c1", "k", "one")
    assert await store.replies.claim("c1", "k", "digest", "other") is not None


async def test_the_first_answer_stands_where_a_claim_was_taken_over(store: Store) -> None:
    await store.replies.claim("c1", "k", "digest", "slow")
    await grow_old(store)
    await store.replies.claim("c1", "k", "digest", "other")
    await store.replies.keep_reply("c1", "k", "digest", 201, "of the other")
    await store.replies.keep_reply("c1", "k", "digest", 201, "of the slow one")
    assert await store.replies.reply("c1", "k") == ("digest", 201, "of the other")


async def grow_old(store: Store) -> None:
    """Let a minute pass for every claim."""
    await store.bolt.put("MATCH (r:Reply) SET r.at = r.at - 60000000")


JOB = Job("job_1", "c1", "queued", 0, 1500, '{"bids":[]}', holder="h", beat=5)


async def test_a_job_is_read_as_it_stands(store: Store) -> None:
    await store.replies.save_job(JOB)
    ended = replace(JOB, state="done", done=1500, result="/v1/checks/chk_1", beat=9)
    await store.replies.save_job(ended)
    assert await store.replies.job("job_1") == ended


async def test_an_unknown_job_is_none(store: Store) -> None:
    assert await store.replies.job("job_none") is None


async def test_only_unfinished_jobs_are_taken_up(store: Store) -> None:
    for state in ("queued", "running", "done", "failed"):
        await store.replies.save_job(replace(JOB, id=state, state=state))
    assert {j.id for j in await store.replies.unfinished_jobs()} == {"queued", "running"}
