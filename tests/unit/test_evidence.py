"""Whoever changes a sign of a kept check, or takes a link out of the chain, is found out (RFC 8785, RFC 8032)."""

import base64
import copy
import json
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from credit.evidence import canonical, digest, proof, seal, verify, verify_chain
from credit.ports import Entry

SAFE = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(codec="ascii"), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@dataclass(frozen=True)
class KeyPair:
    """A signer that lives as long as a test."""

    key_id: str = "k1"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    def public_keys(self) -> Mapping[str, bytes]:
        return {self.key_id: self.key.public_key().public_bytes_raw()}


SIGNER = KeyPair()
KEYS = SIGNER.public_keys()
CHECK: dict[str, Any] = {
    "id": "chk_1",
    "checked_at": "2026-06-10T06:00:00+00:00",
    "rules": {"version": "2026.11", "digest": "sha256:00"},
    "results": [{"ref": "A", "verdict": "review", "until": None, "reason": {"zh": "罚款2,500,000.00元"}, "same": True}],
}
DECISION: dict[str, Any] = {"id": "dec_1", "check": "chk_1", "ref": "A", "decision": "admit", "reason": "已核实"}


def chain(*bodies: Mapping[str, Any], signer: KeyPair = SIGNER) -> list[Entry]:
    links: list[Entry] = []
    head = (0, "")
    for tick, body in enumerate(bodies, 1):
        kind = "decision" if "decision" in body else "check"
        links.append(seal(body, kind=kind, subject=body["id"], head=head, tick=tick, signer=signer))
        head = (links[-1].number, links[-1].digest)
    return links


def certificate() -> dict[str, Any]:
    """A certificate as the registry gives it: the kept body, its proof, the decisions on it."""
    check, decision = chain(CHECK, DECISION)
    told = {**json.loads(decision.body), "proof": proof(decision)}
    return {"check": json.loads(check.body), "proof": proof(check), "decisions": [told]}


FOUR = chain(*({"id": f"chk_{n}", "n": n} for n in range(4)))


# ---------------------------------------------------------------- the canonical form


@given(st.dictionaries(keys, plain, max_size=5))
def test_the_canonical_form_is_that_of_rfc_8785(data: dict[str, Any]) -> None:
    assert canonical(data) == rfc8785.dumps(data)


@given(st.dictionaries(keys, plain, max_size=5))
def test_the_canonical_form_reads_back_as_the_same_data(data: dict[str, Any]) -> None:
    assert orjson.loads(canonical(data)) == data


def test_a_digest_names_its_algorithm() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# ---------------------------------------------------------------- making links


def test_a_link_holds_its_number_and_the_digest_of_the_one_before() -> None:
    first, second = FOUR[:2]
    assert json.loads(second.body)["chain"] == {"kind": "check", "number": 2, "previous": first.digest}
    assert (first.number, first.previous) == (1, "")
    assert second.digest == digest(second.body.encode())


def test_sealing_leaves_the_data_as_they_were() -> None:
    data = copy.deepcopy(CHECK)
    chain(data)
    assert data == CHECK


# ---------------------------------------------------------------- certificates


def leaves(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every value that is neither a list nor an object."""
    if isinstance(data, dict):
        for key, value in data.items():  # pyright: ignore[reportUnknownVariableType]  # JSON of any shape
            yield from leaves(value, (*path, key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(data, list):
        for n, value in enumerate(data):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from leaves(value, (*path, n))  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield path


def at_path(data: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON of any shape
    for step in path:
        data = data[step]
    return data


def edited(value: object) -> object:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return ("y" if value.startswith("x") else "x") + value[1:] if isinstance(value, str) else "something"


UNSEEN = {("proof", "number"), ("decisions", 0, "proof", "number")}
PLACES = [path for path in leaves(certificate()) if path not in UNSEEN]


def test_a_certificate_as_given_holds() -> None:
    assert verify(certificate(), KEYS) == []


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_certificate_with_any_value_edited_fails(path: tuple[str | int, ...]) -> None:
    told = certificate()
    at_path(told, path[:-1])[path[-1]] = edited(at_path(told, path))
    assert verify(told, KEYS) != []


@pytest.mark.parametrize("path", sorted(UNSEEN, key=str), ids=str)
def test_a_certificate_with_its_number_edited_fails(path: tuple[str | int, ...]) -> None:
    told = certificate()
    at_path(told, path[:-1])[path[-1]] += 1
    assert verify(told, KEYS) != []


@given(st.data())
def test_a_certificate_with_any_one_sign_of_its_text_edited_fails(data: st.DataObject) -> None:
    text = json.dumps(certificate()["check"], ensure_ascii=False)
    place = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from(string.ascii_letters + string.digits).filter(lambda s: s != text[place]))
    try:
        check = json.loads(text[:place] + sign + text[place + 1 :])
    except ValueError:
        return
    assert verify({**certificate(), "check": check}, KEYS) != []


def test_a_signature_with_its_last_sign_edited_fails() -> None:
    told = certificate()
    signature = told["proof"]["signature"]
    raw = base64.b64decode(signature)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    others = [f"{signature[:-3]}{sign}==" for sign in alphabet if sign != signature[-3]]
    told["proof"]["signature"] = next(other for other in others if base64.b64decode(other) == raw)
    assert verify(told, KEYS) != []


@pytest.mark.parametrize("key", ["check", "proof"])
def test_a_certificate_without_a_part_fails(key: str) -> None:
    told = certificate()
    del told[key]
    assert verify(told, KEYS) != []


@pytest.mark.parametrize("part", [None, [], "x", 1])
@pytest.mark.parametrize("key", ["check", "proof"])
def test_a_certificate_with_a_part_of_another_kind_fails(key: str, part: object) -> None:
    assert verify({**certificate(), key: part}, KEYS) != []


@pytest.mark.parametrize("decisions", ["x", [None], [{}], [{"check": "chk_1"}]])
def test_malformed_decisions_fail(decisions: object) -> None:
    assert verify({**certificate(), "decisions": decisions}, KEYS) != []


def test_a_key_added_to_the_body_fails() -> None:
    told = certificate()
    told["check"]["more"] = 1
    assert verify(told, KEYS) != []


def test_a_decision_on_another_check_fails() -> None:
    _, other = chain(CHECK, {**DECISION, "check": "chk_2"})
    told = certificate()
    told["decisions"].append({**json.loads(other.body), "proof": proof(other)})
    assert verify(told, KEYS) != []


def test_an_unknown_key_fails() -> None:
    assert verify(certificate(), {"k2": KEYS["k1"]}) != []
    assert verify(certificate(), {}) != []


def test_another_key_under_the_same_id_fails() -> None:
    assert verify(certificate(), KeyPair().public_keys()) != []


@pytest.mark.parametrize("value", [float("nan"), "\ud800", 2**70])
def test_a_body_that_is_no_canonical_data_fails(value: object) -> None:
    told = certificate()
    told["check"]["results"] = value
    assert verify(told, KEYS) != []


def test_a_null_edited_to_not_a_number_fails() -> None:
    told = certificate()
    told["check"]["results"][0]["until"] = float("nan")
    assert verify(told, KEYS) != []


def test_every_problem_is_told_in_both_languages() -> None:
    told = certificate()
    told["check"]["id"] = "chk_2"
    problems = verify(told, {})
    assert problems
    assert all(" / " in p and not p.isascii() for p in problems)


# ---------------------------------------------------------------- the chain


def test_a_whole_chain_holds() -> None:
    assert verify_chain(FOUR, KEYS) == []


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_chain_with_a_link_taken_out_fails(gone: int) -> None:
    assert verify_chain(FOUR[:gone] + FOUR[gone + 1 :], KEYS) != []


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_chain_with_two_links_exchanged_fails(at: int) -> None:
    links = [*FOUR]
    links[at], links[at + 1] = links[at + 1], links[at]
    assert verify_chain(links, KEYS) != []


def test_a_chain_with_a_link_taken_out_and_the_rest_numbered_anew_fails() -> None:
    third = replace(FOUR[2], number=2, previous=FOUR[0].digest)
    assert verify_chain([FOUR[0], third], KEYS) != []


@pytest.mark.parametrize("part", ["body", "digest", "signature", "key_id", "previous"])
def test_a_chain_with_a_link_edited_fails(part: str) -> None:
    link = FOUR[1]
    broken = replace(link, **{part: getattr(link, part).replace("1", "2", 1) + ("" if part == "body" else "x")})
    assert verify_chain([FOUR[0], broken, *FOUR[2:]], KEYS) != []


def test_a_part_of_the_chain_is_verified_from_the_link_it_follows() -> None:
    before = (FOUR[1].number, FOUR[1].digest)
    assert verify_chain(FOUR[2:], KEYS, before) == []
    assert verify_chain(FOUR[2:], KEYS) != []


@pytest.mark.parametrize("text", ["", "x", "[]", "null", '{"a":'])
def test_a_link_whose_body_is_no_object_is_told_not_raised(text: str) -> None:
    assert verify_chain([replace(FOUR[0], body=text)], KEYS) != []


def test_a_blank_added_to_a_links_body_is_found() -> None:
    assert verify_chain([replace(FOUR[0], body=FOUR[0].body + " ")], KEYS) != []
