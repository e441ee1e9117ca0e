"""What makes two entries suspected twins, and what tells them apart."""

import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from credit.model.party import Contact, Party, PartyId, PartyKind
from credit.names.twins import suspicion

NAME = "资阳云溪科技有限公司"
FIRM, PERSON, FOREIGN = PartyKind.ORGANISATION, PartyKind.PERSON, PartyKind.FOREIGN


def code(division: str = "512002", body: str = "MAF000012") -> str:
    first = f"91{division}{body}"
    return first + uscc.calc_check_digit(first)


def party(name: str, kind: PartyKind = FIRM, said: str = NAME, **more: object) -> Party:
    return Party(PartyId(name), kind, said, **more)  # pyright: ignore[reportArgumentType]


def score(one: Party, other: Party, *firms: str) -> float:
    found = suspicion(one, other, firms=frozenset(firms))
    return found.score if found is not None else 0.0


ONE, TWO = party(code()), party(code(body="MAF000020"))


def test_two_credit_codes_under_one_name_are_suspected_and_no_more() -> None:
    found = suspicion(ONE, TWO)
    assert found is not None
    assert (found.score, found.why) == (0.4, (("名称一致", "the same name"),))


@pytest.mark.parametrize("other", ["资阳雲溪科技有限公司", "资阳云溪科技有限责任公司", "資陽云溪科技有限公司"])
def test_names_that_differ_in_writing_alone_are_like(other: str) -> None:
    assert score(ONE, party(TWO.id, said=other)) >= 0.35


@pytest.mark.parametrize("other", ["资阳云溪商贸有限公司", "资阳云溪科技有限公司乐至分公司", "资阳云汐科技有限公司"])
def test_another_name_is_no_suspicion(other: str) -> None:
    assert suspicion(ONE, party(TWO.id, said=other)) is None


def test_a_former_name_counts_less_than_a_present_one() -> None:
    renamed = party(TWO.id, said="资阳新桥商贸有限公司", former_names=(NAME,))
    assert 0 < score(ONE, renamed) < score(ONE, TWO)


def test_an_old_number_of_the_same_place_and_a_code_of_one_name_are_likelier() -> None:
    here, there = (party(f"reg:{n}{mod_11_10.calc_check_digit(n)}") for n in ("51200210309741", "44030110309741"))
    assert score(ONE, here) > score(ONE, there) > score(ONE, TWO)


def test_a_shared_telephone_and_region_raise_the_score() -> None:
    phone = (Contact("phone", "028-26110000"),)
    one, other = (party(p.id, contacts=phone, region="512002") for p in (ONE, TWO))
    found = suspicion(one, other)
    assert found is not None
    assert found.score == 0.8
    assert ("电话相同", "the same phone") in found.why


def test_foreign_bodies_of_one_name_and_country_are_suspected_of_two_countries_not() -> None:
    here, there = (party(f"foreign:US:{r}:1", FOREIGN, "Acme Ltd") for r in ("delaware", "texas"))
    assert score(here, there) > 0.5
    assert suspicion(here, party("foreign:GB:companies:1", FOREIGN, "Acme Ltd")) is None


def test_persons_need_more_than_a_name() -> None:
    one, other = (party(f"person:{n}", PERSON, "王某某") for n in ("a" * 16, "b" * 16))
    assert suspicion(one, other) is None
    assert score(one, other, code()) == 0.8
    numbered = [party(p.id, PERSON, "王某某", identity_masked=f"110***{n}") for n, p in enumerate((one, other))]
    assert suspicion(*numbered, firms=frozenset({code()})) is None
    assert score(one, numbered[1], code()) == 0.8


def test_a_person_is_no_firm() -> None:
    assert suspicion(ONE, party("person:" + "a" * 16, PERSON)) is None
