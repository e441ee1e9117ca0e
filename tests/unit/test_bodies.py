"""Which authorities are one body."""

import pytest

from credit.model.bodies import codes_of, may_be_same, same_authority, same_place
from credit.model.record import Authority

HERE = Authority("简阳市财政局", None, "512081")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Authority("简阳市 财政局", None, "510185"), True),
        (Authority("简阳市财政局", "11510185MB0F00012D", "513902"), True),
        (Authority("简阳市财政局", None, "510181"), False),
        (Authority("简阳市财政局", None, None), False),
        (Authority("简阳市公安局", None, "512081"), False),
    ],
)
def test_a_body_is_known_by_its_name_and_its_place_under_whatever_code(other: Authority, same: bool) -> None:
    assert same_authority(HERE, other) is same
    assert same_authority(other, HERE) is same


def test_places_of_one_code_in_the_end_are_one_by_whichever_they_are_asked() -> None:
    codes = codes_of("510185")
    assert codes[0] == "510185"
    assert {"512081", "513902"} < set(codes)
    assert all(codes_of(code) == codes for code in codes)
    assert all(same_place(one, other) for one in codes for other in codes)


def test_a_town_is_not_its_county() -> None:
    assert not same_place("512002", "512002001")


def test_one_told_without_its_place_may_be_the_one_of_that_name_but_none_of_another_place() -> None:
    assert may_be_same(HERE, Authority("简阳市财政局"))
    assert not may_be_same(HERE, Authority("简阳市财政局", None, "510181"))
    assert not may_be_same(HERE, Authority("简阳市公安局"))
    assert not may_be_same(Authority("财政局", "a"), Authority("财政局", "b"))
