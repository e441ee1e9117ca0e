"""Parties and relations through the registry: one body under every identifier, corrections appended."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from stdnum.cn import uscc

from credit.errors import (
    Conflict,
    FieldInvalid,
    IdentifierInvalid,
    IdentityConflict,
    PartyUnknown,
    Unknown,
)
from credit.model.party import Contact, Party, PartyId, PartyKind, PartyStatus, RelationKind, Role
from credit.model.statements import PartyStatement, Written
from credit.registry import Registry
from tests.contract.makers import (
    ADMIN,
    City,
    Sha,
    Twice,
    code,
    done,
    firm,
    identity_number,
    org,
    penalty,
    person,
    tie,
    written,
)

A, B, C = (PartyId(code(n)) for n in (1, 2, 3))


async def held(city: City, party: str) -> Party:
    found = await city.store.browser.party(party)
    assert found is not None
    return found.party


async def test_a_party_is_read_as_it_was_registered(city: City) -> None:
    said = firm(
        1,
        former_names=("资阳一号经营部",),
        region="512002",
        established_on=date(2019, 3, 1),
        contacts=(Contact("phone", "028-12345678"),),
    )
    assert await city.register(said) == [A]
    assert await held(city, A) == Party(
        A,
        PartyKind.ORGANISATION,
        "资阳1号商贸有限公司",
        ("资阳一号经营部",),
        (Role.SUPPLIER,),
        "512002",
        PartyStatus.ACTIVE,
        date(2019, 3, 1),
        (Contact("phone", "028-12345678"),),
    )


async def test_the_same_statement_again_changes_nothing(city: City) -> None:
    said = firm(1, contacts=(Contact("account", "6222 0000"),))
    first = await city.registry.register(ADMIN, [said])
    before = await city.store.browser.party(A)
    again = await city.registry.register(ADMIN, [said])
    assert written(*first, *again) == [Written.CREATED, Written.UNCHANGED]
    assert again[0].id == first[0].id
    assert await city.store.browser.party(A) == before


async def test_a_correction_keeps_what_it_does_not_name(city: City) -> None:
    await city.register(firm(1, region="512002"))
    outcomes = await city.registry.register(ADMIN, [PartyStatement(id=A, name="资阳新名商贸有限公司")])
    assert written(*outcomes) == [Written.CORRECTED]
    party = await held(city, A)
    assert (party.name, party.region) == ("资阳新名商贸有限公司", "512002")


async def test_a_value_given_as_null_is_a_correction(city: City) -> None:
    await city.register(firm(1, region="512002"))
    await city.register(PartyStatement(id=A, region=None))
    assert (await held(city, A)).region is None


async def test_a_party_is_found_by_its_organisation_code(city: City) -> None:
    await city.firms(1)
    assert (await held(city, org(1))).id == A


async def test_registering_the_organisation_code_of_a_known_credit_code_is_no_new_party(city: City) -> None:
    await city.firms(1)
    assert await city.register(firm(1, id=org(1))) == [A]


async def test_a_credit_code_learnt_later_takes_records_and_relations_along(city: City) -> None:
    await city.register(firm(1, id=org(1)), firm(2))
    (record,) = await city.record(penalty(org(1)))
    (relation,) = await city.relate(tie(RelationKind.SHAREHOLDER, org(1), B, share=Decimal("0.6")))
    outcomes = await city.registry.register(ADMIN, [firm(1)])
    assert written(*outcomes) == [Written.CORRECTED]
    assert (await held(city, org(1))).id == A
    assert [r.id for r in await city.store.browser.records((await held(city, A)).id, before=None, limit=9)] == [record]
    tied = await city.store.browser.relation(relation)
    assert tied is not None
    assert tied.source == A


async def test_a_credit_code_whose_organisation_code_is_held_under_another_one_is_refused(city: City) -> None:
    await city.firms(1)
    other = "12" + A[2:17]
    (outcome,) = await city.registry.register(ADMIN, [firm(1, id=other + uscc.calc_check_digit(other))])
    assert isinstance(outcome.error, IdentityConflict)


@pytest.mark.parametrize("wrong", [A[:17] + ("0" if A[17] != "0" else "1"), A.lower(), f" {A}", "org:MAF000013"])
async def test_an_identifier_with_a_wrong_check_digit_or_form_is_refused(city: City, wrong: str) -> None:
    (outcome,) = await city.registry.register(ADMIN, [firm(1, id=wrong)])
    assert isinstance(outcome.error, IdentifierInvalid)


async def test_a_new_party_needs_a_name(city: City) -> None:
    (outcome,) = await city.registry.register(ADMIN, [PartyStatement(id=A, kind=PartyKind.ORGANISATION)])
    assert isinstance(outcome.error, FieldInvalid)


async def test_of_several_statements_each_stands_for_itself(city: City) -> None:
    good, bad, other = await city.registry.register(ADMIN, [firm(1), firm(2, id="91"), firm(3)])
    assert written(good, other) == [Written.CREATED, Written.CREATED]
    assert isinstance(bad.error, IdentifierInvalid)
    assert await city.store.browser.party(C) is not None


async def test_two_statements_on_one_party_behave_as_one_after_the_other(city: City) -> None:
    outcomes = await city.registry.register(ADMIN, [firm(1), firm(1), firm(1, name="资阳改名商贸有限公司")])
    assert written(*outcomes) == [Written.CREATED, Written.UNCHANGED, Written.CORRECTED]
    assert (await held(city, A)).name == "资阳改名商贸有限公司"


async def test_an_importers_mention_leaves_a_held_party_as_it_is(city: City) -> None:
    await city.firms(1)
    outcomes = await city.registry.register(ADMIN, [firm(1, name="写错的名称", only_if_new=True)])
    assert written(*outcomes) == [Written.UNCHANGED]
    assert (await held(city, A)).name == "资阳1号商贸有限公司"


async def test_a_person_is_given_an_opaque_id(city: City) -> None:
    (person_id,) = await city.register(person(identity_number=identity_number(1)))
    assert person_id.startswith("person:")
    assert identity_number(1) not in person_id


async def test_a_person_known_by_identity_number_has_the_same_id(city: City) -> None:
    said = person(identity_number=identity_number(1))
    first = await city.registry.register(ADMIN, [said])
    again = await city.registry.register(ADMIN, [said])
    assert written(*first, *again) == [Written.CREATED, Written.UNCHANGED]
    assert first[0].id == again[0].id


async def test_the_same_number_under_another_name_is_a_conflict_that_does_not_echo_it(city: City) -> None:
    await city.register(person("王某某", identity_number=identity_number(1)))
    (outcome,) = await city.registry.register(ADMIN, [person("李某某", identity_number=identity_number(1))])
    assert isinstance(outcome.error, IdentityConflict)
    assert identity_number(1) not in str(outcome.error)


async def test_two_persons_without_a_number_are_two(city: City) -> None:
    one, other = await city.register(person("王某某"), person("王某某"))
    assert one != other


async def test_a_person_without_a_number_is_registered_once_though_the_write_runs_again(city: City) -> None:
    """As after a commit whose reply was lost; told in another call, it is another person."""
    registry = Registry(Twice(city.store.writes), Sha())
    for persons in (1, 2):
        done(*await registry.register(ADMIN, [person("王某某")]))
        assert await city.store.bolt.fetch("MATCH (p:Party) RETURN count(p)") == [[persons]]


async def test_an_identity_number_is_kept_as_a_hash_and_a_mask(city: City) -> None:
    (person_id,) = await city.register(person(identity_number=identity_number(1)))
    number = identity_number(1)
    assert (await held(city, person_id)).identity_masked == f"{number[:10]}****{number[-4:]}"
    texts = await city.store.bolt.fetch("MATCH (p:Party) RETURN p.states")
    names = await city.store.bolt.fetch("MATCH (i:Identifier) RETURN collect(i.key)")
    changes = await city.store.bolt.fetch("MATCH (c:Change) RETURN c.lines")
    assert number not in f"{texts}{names}{changes}"


async def test_a_corrected_identity_number_frees_the_wrong_one(city: City) -> None:
    (first,) = await city.register(person(identity_number=identity_number(1)))
    await city.register(PartyStatement(id=first, identity_number=identity_number(2)))
    (other,) = await city.register(person("赵某某", identity_number=identity_number(1)))
    assert other != first
    assert (await city.register(person(identity_number=identity_number(2)))) == [first]


async def test_a_null_identity_number_erases_nothing(city: City) -> None:
    (first,) = await city.register(person(identity_number=identity_number(1)))
    await city.register(PartyStatement(id=first, identity_number=None))
    assert await city.register(person(identity_number=identity_number(1))) == [first]


async def test_a_person_that_the_registry_did_not_name_is_unknown(city: City) -> None:
    (outcome,) = await city.registry.register(ADMIN, [person(id="person:abc")])
    assert isinstance(outcome.error, PartyUnknown)


async def test_devices_and_accounts_are_kept_as_hashes(city: City) -> None:
    await city.register(firm(1, contacts=(Contact("account", "6222000011112222"), Contact("device", "00-1A-2B"))))
    contacts = (await held(city, A)).contacts
    assert [c.kind for c in contacts] == ["account", "device"]
    assert all(len(c.value) == 64 for c in contacts)


# ── relations ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", list(RelationKind))
async def test_a_relation_of_every_kind_is_read_as_it_was_recorded(city: City, kind: RelationKind) -> None:
    source, _ = await city.register(person() if kind is RelationKind.UNIT_LEADER else firm(1), firm(2))
    share = Decimal("0.51") if kind is RelationKind.SHAREHOLDER else None
    said = tie(kind, source, B, share=share, since=date(2020, 1, 1), until=date(2025, 1, 1))
    (relation_id,) = await city.relate(said)
    found = await city.store.browser.relation(relation_id)
    assert found is not None
    assert (found.kind, found.source, found.target, found.share) == (kind, source, B, share)
    assert (found.since, found.until, found.ends) == (date(2020, 1, 1), date(2025, 1, 1), ())


async def test_the_same_relation_again_changes_nothing(city: City) -> None:
    await city.firms(1, 2)
    said = tie(RelationKind.SHAREHOLDER, A, B, share=Decimal("0.51"))
    first = await city.registry.relate(ADMIN, [said])
    again = await city.registry.relate(ADMIN, [replace(said, share=Decimal("0.510")), said])
    assert written(*first, *again) == [Written.CREATED, Written.UNCHANGED, Written.UNCHANGED]
    assert {o.id for o in again} == {first[0].id}


async def test_another_share_under_the_same_key_is_a_conflict(city: City) -> None:
    await city.firms(1, 2)
    await city.relate(tie(RelationKind.SHAREHOLDER, A, B, share=Decimal("0.51")))
    (outcome,) = await city.registry.relate(ADMIN, [tie(RelationKind.SHAREHOLDER, A, B, share=Decimal("0.52"))])
    assert isinstance(outcome.error, Conflict)


async def test_a_relation_since_another_day_is_another_relation(city: City) -> None:
    await city.firms(1, 2)
    one = await city.relate(tie(RelationKind.CONTROLS, A, B, since=date(2020, 1, 1)))
    assert one != await city.relate(tie(RelationKind.CONTROLS, A, B, since=date(2021, 1, 1)))


async def test_a_relation_of_an_unregistered_party_is_refused(city: City) -> None:
    await city.firms(1)
    (outcome,) = await city.registry.relate(ADMIN, [tie(RelationKind.CONTROLS, A, B)])
    assert isinstance(outcome.error, PartyUnknown)


async def test_ends_of_a_relation_are_appended_and_the_newest_holds(city: City) -> None:
    await city.firms(1, 2)
    (relation_id,) = await city.relate(tie(RelationKind.CONTROLS, A, B))
    for until in (date(2026, 1, 1), date(2026, 3, 1)):
        done(await city.registry.end_relation(ADMIN, relation_id, until=until, reason="股权转让"))
    found = await city.store.browser.relation(relation_id)
    assert found is not None
    assert ([e.until for e in found.ends], found.ends_on()) == ([date(2026, 1, 1), date(2026, 3, 1)], date(2026, 3, 1))


async def test_the_same_end_again_changes_nothing(city: City) -> None:
    await city.firms(1, 2)
    (relation_id,) = await city.relate(tie(RelationKind.CONTROLS, A, B))
    outcomes = [
        await city.registry.end_relation(ADMIN, relation_id, until=date(2026, 1, 1), reason="转让") for _ in range(2)
    ]
    assert written(*outcomes) == [Written.CORRECTED, Written.UNCHANGED]


async def test_an_unknown_relation_cannot_be_ended(city: City) -> None:
    outcome = await city.registry.end_relation(ADMIN, "rel_none", until=date(2026, 1, 1), reason=None)
    assert isinstance(outcome.error, Unknown)


async def test_a_relation_bumps_both_parties(city: City) -> None:
    await city.firms(1, 2)
    await city.relate(tie(RelationKind.CONTROLS, A, B))
    revisions = [found.revision for p in (A, B) if (found := await city.store.browser.party(p)) is not None]
    assert revisions == [await city.known()] * 2
