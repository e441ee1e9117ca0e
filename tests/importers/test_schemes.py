from collections.abc import Callable

import pytest

from credit.errors import FieldInvalid
from importers.foreign import in_register
from importers.schemes import Schemes
from importers.sound_objects import sound

Make = Callable[[int], str]


@pytest.fixture(scope="module")
def schemes() -> Schemes:
    return Schemes.load()


@pytest.mark.parametrize(
    ("scheme", "number"),
    [
        ("CHN-IDCARD", "1"),
        ("GBR-PASSPORT", "1"),
        ("passport", "1"),
        ("CO-CC", "1"),
        ("MX-RFC", "ABCD800101XX1"),
        ("PE-RUC", "10123456789"),
        ("AR-CUIT", "20-12345678-3"),
        ("EC-RUC", "0912345678001"),
    ],
)
def test_a_number_under_a_scheme_or_in_the_form_of_persons_names_nobody(
    schemes: Schemes, scheme: str, number: str
) -> None:
    with pytest.raises(FieldInvalid, match="证件号码"):
        schemes.id_of(scheme, number)


@pytest.mark.parametrize(
    ("scheme", "number", "party"),
    [
        ("MX-RFC", "ABC800101XX1", "foreign:MX:rfc:ABC800101XX1"),
        ("PE-RUC", "20123456789", "foreign:PE:ruc:20123456789"),
        ("RU-OGRN", "304500116000157", "foreign:RU:ogrn:304500116000157"),
        ("CN-SAIC", "440301103097413", "reg:440301103097413"),
        ("CN-ORG", "MAF00001-2", "org:MAF000012"),
        ("CN-USCC", "91512002 MAF0000126", "91512002MAF0000126"),
        ("", "91512002MAF0000126", "91512002MAF0000126"),
        ("CN-WHATEVER", "440301103097413", None),
        ("", "440301103097413", None),
        ("XI-LEI", "529900T8BM49AURSDO55", "lei:529900T8BM49AURSDO55"),
        ("ACME", "1", None),
        ("ID", "1", None),
    ],
)
def test_a_register_names_its_bodies(schemes: Schemes, scheme: str, number: str, party: str | None) -> None:
    assert schemes.id_of(scheme, number) == party


def test_an_identity_number_is_in_no_id_whatever_the_register(identity_number: Make) -> None:
    new = identity_number(1)
    with pytest.raises(FieldInvalid) as refused:
        in_register("GB", "coh", new, told=True)
    assert new not in str(refused.value)
    with pytest.raises(FieldInvalid):
        in_register("US", "list", new[:6] + new[8:17])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ALDER (ID No. 202461617902)", "ALDER (ID No. ****)"),
        ("Passport AB1234567 (Elbonia)", "Passport **** (Elbonia)"),
        ("passport (Elbonia) K12345678", "passport (Elbonia) ****"),
        ("DNI 44556677", "DNI ****"),
        ("身份证号码：A1234567", "身份证****"),
        ("ID Systems 2000 Ltd", "ID Systems 2000 Ltd"),
        ("Reg. No. 2024616", "Reg. No. 2024616"),
        ("NIC 2000 Ltd", "NIC 2000 Ltd"),
    ],
)
def test_the_number_behind_the_word_for_a_paper_is_masked(schemes: Schemes, text: str, masked: str) -> None:
    assert schemes.paperless(text) == masked


def test_half_of_a_pair_of_surrogates_stops_no_import() -> None:
    assert sound({"a": ["x" + chr(0xD800)], "n": 1}) == {"a": ["x?"], "n": 1}
