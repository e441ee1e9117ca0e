"""The graph around one party."""

from datetime import date

from credit.model.party import PartyId, RelationKind
from tests.contract.makers import City, code, org, person, tie

A, B, C, D = (PartyId(code(n)) for n in range(1, 5))
HOLDS = RelationKind.SHAREHOLDER


async def test_parties_within_some_steps_come_with_the_relations_between_them(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    await city.relate(tie(HOLDS, A, B), tie(HOLDS, B, C), tie(HOLDS, C, D))
    for depth, expected in ((1, {A, B}), (2, {A, B, C}), (3, {A, B, C, D})):
        parties, relations, truncated = await city.store.browser.neighbourhood(A, depth=depth, limit=100)
        assert ({p.id for p in parties}, truncated) == (expected, False)
        assert len(relations) == depth


async def test_relations_among_the_outermost_parties_are_shown_too(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(HOLDS, A, B), tie(HOLDS, A, C), tie(HOLDS, B, C))
    _, relations, _ = await city.store.browser.neighbourhood(A, depth=1, limit=100)
    assert {(r.source, r.target) for r in relations} == {(A, B), (A, C), (B, C)}


async def test_relations_of_every_kind_and_either_way_are_followed(city: City) -> None:
    await city.firms(1, 2, 3)
    (leader,) = await city.register(person())
    await city.relate(
        tie(RelationKind.UNIT_LEADER, leader, A, until=date(2020, 1, 1)),
        tie(RelationKind.BRANCH_OF, A, B),
        tie(RelationKind.SUCCESSOR_OF, C, A),
    )
    parties, relations, _ = await city.store.browser.neighbourhood(A, depth=1, limit=100)
    assert {p.id for p in parties} == {A, B, C, leader}
    assert {r.kind for r in relations} == {
        RelationKind.UNIT_LEADER,
        RelationKind.BRANCH_OF,
        RelationKind.SUCCESSOR_OF,
    }


async def test_more_parties_than_the_limit_are_cut_off_and_said_to_be(city: City) -> None:
    await city.firms(*range(1, 12))
    await city.relate(*(tie(HOLDS, A, code(n)) for n in range(2, 12)))
    parties, relations, truncated = await city.store.browser.neighbourhood(A, depth=1, limit=5)
    assert (len(parties), parties[0].id, truncated) == (5, A, True)
    assert len(relations) == 4


async def test_exactly_the_limit_is_not_cut_off(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(HOLDS, A, B), tie(HOLDS, A, C))
    parties, _, truncated = await city.store.browser.neighbourhood(A, depth=1, limit=3)
    assert (len(parties), truncated) == (3, False)


async def test_a_party_alone_is_its_own_neighbourhood(city: City) -> None:
    await city.firms(1)
    parties, relations, truncated = await city.store.browser.neighbourhood(PartyId(org(1)), depth=3, limit=9)
    assert ([p.id for p in parties], list(relations), truncated) == ([A], [], False)


async def test_around_an_unknown_party_there_is_nothing(city: City) -> None:
    assert await city.store.browser.neighbourhood(A, depth=1, limit=9) == ([], [], False)
