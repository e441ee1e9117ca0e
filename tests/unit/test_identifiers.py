import string
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from credit.errors import IdentifierInvalid
from credit.identifiers import (
    Identifier,
    IdKind,
    check_identity_number,
    mask_identity_number,
    mask_name,
    names_of,
    new_person,
    organisation_code_of,
    parse,
    recognise,
    redact,
    repair,
)

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# Public examples and the standard's own (DOMAIN §1.1), then codes made up for tests.
PUBLIC = [
    "91350100M000100Y43",
    "91440300708461136T",
    "9144030071526726XG",
    "914403001922038216",
    "91330100799655058B",
    "91110108551385082Q",
    "91110000802100433B",
    "91320594088140947F",
    "12100000400000624D",
    "11230500001755309F",
    "91230500MA1B3N1N2M",
    "9111000071093123XX",
]
SYNTHETIC = [
    "91512002MAF0000126",
    "91512021MAF000020H",
    "91370200MAF000039X",
    "91420500MAF000047A",
    "91620702MAF000055R",
    "11512000MB0F00012D",
    "12512000MB0F000205",
    "92512002MAF000063B",
    "51512000MJF0000157",
    "93512021MAF000071K",
]


def gb11714(first8: str) -> str:
    """The check sign by the standard's own words, apart from the code under test."""
    left = 11 - sum(int(c, 36) * w for c, w in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def credit_code(prefix: str, region: str, body: str) -> str:
    first17 = prefix + region + body + gb11714(body)
    return first17 + uscc.calc_check_digit(first17)


def identity_number(birth: str = "19080101", sequence: str = "001", region: str = "110105") -> str:
    bare = region + birth + sequence
    return bare + mod_11_2.calc_check_digit(bare)


codes = st.builds(
    credit_code,
    st.builds(str.__add__, st.sampled_from("123456789AGNY"), st.sampled_from("123456789")),
    st.text(string.digits, min_size=6, max_size=6),
    st.text(SIGNS, min_size=8, max_size=8),
)
organisation_codes = st.text(string.digits + string.ascii_uppercase, min_size=8, max_size=8).map(
    lambda b: b + gb11714(b)
)
registration_numbers = st.text(string.digits, min_size=14, max_size=14).map(lambda b: b + mod_11_10.calc_check_digit(b))
foreign = st.builds(
    "foreign:{}:{}:{}".format,
    st.sampled_from(["US", "DE", "HK", "TW", "GB"]),
    st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=40),
    st.text(string.ascii_letters + string.digits + "./-", min_size=1, max_size=40),
)
identifiers = st.one_of(
    codes,
    organisation_codes.map("org:{}".format),
    registration_numbers.map("reg:{}".format),
    foreign,
    st.text(string.ascii_letters + "_-", min_size=1, max_size=64).map("person:{}".format),
    st.just("lei:5493000IBP32UQZ0KL24"),
)


@pytest.mark.parametrize("code", PUBLIC + SYNTHETIC)
def test_a_right_credit_code_is_its_own_id(code: str) -> None:
    assert parse(code) == Identifier(IdKind.CREDIT_CODE, code)
    assert parse(code).id == code


@pytest.mark.parametrize("department", "123456789AGNY")
def test_every_department_of_the_standard_is_taken(department: str) -> None:
    code = credit_code(department + "1", "512000", "MAF00001")
    assert parse(code).id == code


@pytest.mark.parametrize(
    "number", ["440301103097413", "440301103448669", "330100400015575", "110108002734659", "110108012660422"]
)
def test_a_known_registration_number_is_taken(number: str) -> None:
    assert parse(f"reg:{number}") == Identifier(IdKind.REGISTRATION_NUMBER, number)


def test_the_sample_of_the_organisation_code_standard_is_taken() -> None:
    assert parse("org:D2143569X").kind is IdKind.ORGANISATION_CODE


@given(identifiers)
def test_an_identifier_comes_back_as_it_was_written(text: str) -> None:
    assert parse(text).id == text
    assert parse(str(parse(text))) == parse(text)


@given(codes, st.integers(0, 17), st.sampled_from(SIGNS))
def test_any_one_changed_sign_of_a_credit_code_is_refused(code: str, at: int, sign: str) -> None:
    assume(code[at] != sign)
    with pytest.raises(IdentifierInvalid):
        parse(code[:at] + sign + code[at + 1 :])


@given(codes, st.integers(0, 16))
def test_any_swap_of_neighbours_in_a_credit_code_is_refused(code: str, at: int) -> None:
    assume(code[at] != code[at + 1])
    with pytest.raises(IdentifierInvalid):
        parse(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def test_a_wrong_organisation_code_inside_a_credit_code_is_refused_though_its_own_check_is_right() -> None:
    body = "91512002MAF000013"
    with pytest.raises(IdentifierInvalid, match="organisation code in the credit code"):
        parse(body + uscc.calc_check_digit(body))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "91512002MAF000012",  # 17 signs
        "91512002MAF00001260",  # 19 signs
        "91512002maf0000126",  # lower case
        "９1512002MAF0000126",  # a full-width sign
        "91512002MAF0000١26",  # another script's digit
        " 91512002MAF0000126",
        "91512002MAF0000126 ",
        "91512002MAF0000126\n",
        "91512002 MAF0000126",
        "91512002MAFO000126",  # O for 0
        "01512002MAF0000126",  # no such department
        "9111000071093123X",  # one X dropped
        "org:MAF000013",
        "org:MAF00001-2",
        "org:maf000012",
        "org:",
        "ORG:MAF000012",
        "reg:440301103097414",
        "reg:44030110309741",
        "person:",
        "person:a b",
        "person:" + "a" * 65,
        "lei:5493000IBP32UQZ0KL25",
        "lei:5493000ibp32uqz0kl24",
        "foreign:US:delaware:",
        "foreign:us:delaware:1",
        "foreign:US:Delaware:1",
        "foreign:ZZ:register:1",
        "foreign:US:delaware:1 2",
        "foreign:US:delaware",
        "foreign:US:delaware:" + "1" * 41,
        "duns:123456789",
    ],
)
def test_what_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(IdentifierInvalid):
        parse(text)


def test_a_body_of_the_mainland_is_not_foreign() -> None:
    with pytest.raises(IdentifierInvalid, match="credit code"):
        parse("foreign:CN:samr:1")


@given(st.text(max_size=30))
def test_no_text_makes_parsing_fail_otherwise(text: str) -> None:
    with suppress(IdentifierInvalid):
        assert parse(text).id == text


def test_a_credit_code_also_names_its_organisation_code() -> None:
    assert names_of(parse("91512002MAF0000126")) == ("91512002MAF0000126", "org:MAF000012")
    assert organisation_code_of("91512002MAF0000126") == "MAF000012"


@given(codes)
def test_the_organisation_code_inside_is_itself_a_right_one(code: str) -> None:
    assert parse(names_of(parse(code))[1]).value == code[8:17]


def test_any_other_identifier_names_only_itself() -> None:
    assert names_of(parse("org:MAF000012")) == ("org:MAF000012",)
    assert names_of(parse("foreign:US:delaware:1234567")) == ("foreign:US:delaware:1234567",)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91512002MAF0000126", IdKind.CREDIT_CODE),
        ("MAF000012", IdKind.ORGANISATION_CODE),
        ("440301103097413", IdKind.REGISTRATION_NUMBER),
        ("5493000IBP32UQZ0KL24", IdKind.LEI),
    ],
)
def test_a_bare_code_is_told_by_its_length(code: str, kind: IdKind) -> None:
    assert recognise(code) == Identifier(kind, code)


def test_a_bare_code_of_another_length_is_refused() -> None:
    with pytest.raises(IdentifierInvalid):
        recognise("12345")


@pytest.mark.parametrize(
    "text",
    [
        "91512002MAF0000126",
        "９１５１２００２ＭＡＦ００００１２６",
        "91512002maf0000126",
        " 91512002 MAF000012-6\n",
        "\ufeff91512002\u200bMAF00001–2\u30006\u00ad",
    ],
)
def test_repair_undoes_what_sources_do_to_a_code(text: str) -> None:
    assert repair(text) == "91512002MAF0000126"


@given(codes)
def test_repair_leaves_a_right_code_alone(code: str) -> None:
    assert repair(code) == code


def test_a_small_x_at_the_end_of_an_identity_number_is_written_large() -> None:
    number = next(n for n in (identity_number(sequence=f"{i:03d}") for i in range(100)) if n.endswith("X"))
    assert check_identity_number(number.lower()) == number


def test_an_old_identity_number_names_the_same_person_as_its_new_form() -> None:
    number = identity_number("19080101", "001")
    assert check_identity_number(number[:6] + number[8:17]) == number


def test_an_old_number_kept_for_those_born_before_1900_keeps_its_century() -> None:
    assert check_identity_number("110105" + "980101" + "998")[6:10] == "1898"


def other_check(number: str) -> str:
    return number[:17] + ("1" if number[17] != "1" else "2")


@pytest.mark.parametrize(
    "wrong",
    [
        other_check(identity_number()),
        identity_number("19080230"),
        identity_number("19081301"),
        identity_number("00000101"),
        identity_number()[:17],
        identity_number() + "0",
        identity_number()[:6] + "080230" + "001",
        "",
    ],
)
def test_a_wrong_identity_number_is_refused_without_being_told(wrong: str) -> None:
    with pytest.raises(IdentifierInvalid) as caught:
        check_identity_number(wrong)
    assert not wrong or wrong not in str(caught.value)


@given(st.dates(date(1908, 1, 1), date(1911, 12, 31)), st.integers(0, 999))
def test_a_right_identity_number_is_canonical(birth: date, sequence: int) -> None:
    number = identity_number(birth.strftime("%Y%m%d"), f"{sequence:03d}")
    assert check_identity_number(number) == number


@pytest.mark.parametrize("prefix", ["", "person:", "org:", "lei:", "someone:"])
@pytest.mark.parametrize("cut", [0, 2], ids=["new", "old"])
def test_no_error_holds_an_identity_number(prefix: str, cut: int) -> None:
    number = identity_number("19090808", "012")
    text = number if not cut else number[:6] + number[8:17]
    with pytest.raises(IdentifierInvalid) as caught:
        parse(prefix + text)
    assert text not in str(caught.value)


def test_the_mask_of_an_identity_number_hides_month_and_day() -> None:
    assert mask_identity_number(identity_number("19080911")) == "1101051908****" + identity_number("19080911")[-4:]


@given(st.text(string.digits, max_size=20))
def test_a_mask_keeps_the_length_and_hides_at_least_four_of_any_long_number(number: str) -> None:
    masked = mask_identity_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= min(4, max(len(number) - 6, 0))


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("张三丰", "张**"), ("欧阳某某", "欧***"), ("张", "*"), ("", "*")]
)
def test_a_name_keeps_its_first_sign(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_redaction_masks_identity_numbers_in_running_text() -> None:
    number = identity_number("19100615", "013")
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    old = number[:6] + number[8:17]
    shown = redact(f"甲{number}，乙（{wide}）丙:{spaced};{old}。")
    assert shown.count("*") == 4 + 4 + 4 + 9
    assert not any(form in shown for form in (number, wide, spaced, old))


@pytest.mark.parametrize("text", ["罚款2000000元", "914403001922038216", "440301103097413", "(2020)鲁1323执729号", ""])
def test_redaction_leaves_other_numbers(text: str) -> None:
    assert redact(text) == text


def test_an_id_made_up_for_a_person_never_reads_as_an_identity_number() -> None:
    """Hexadecimal ones did, one in some 800: nobody could name such a person again."""
    assert {parse(f"person:{new_person()}").kind for _ in range(5_000)} == {IdKind.PERSON}


def test_an_identity_number_that_is_also_a_right_credit_code_names_no_party() -> None:
    """Of all born in one place on some days, made up: one in some 300 has both check signs."""
    both = [
        number
        for day in range(1, 29)
        for serial in range(1000)
        for body in [f"512002199001{day:02d}{serial:03d}"]
        for number in [body + mod_11_2.calc_check_digit(body)]
        if uscc.is_valid(number)
    ]
    assert both
    for number in both:
        with pytest.raises(IdentifierInvalid) as refused:
            parse(number)
        assert number not in str(refused.value)
