"""Evidence: canonical JSON, digests, signatures, and the chain that kept checks and decisions form.

A link's body is RFC 8785 JSON that holds its number and the digest of the link before; its digest is the SHA-256 of the
body, its signature (Ed25519) is over the digest's text. Change one sign of a link and it no longer verifies; take one
out and the next no longer fits.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

import orjson
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit.model.merge import Merge
from credit.model.record import RecordId
from credit.model.when import from_tick
from credit.ports import Entry, Signer

_MADE: Final = ("merged", "已登记为同一主体", "were told to be one party")
_UNDONE: Final = ("merge_undone", "的合并已撤销", "are no longer one party: the merge was undone")
"""Kind of the annotation, what it says."""


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 form of data of texts, whole numbers, booleans, null, lists and objects with ASCII keys.

    For such data sorted orjson output is that form; a test holds it against the rfc8785 library.
    """
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def digest(body: bytes) -> str:
    """Return ``sha256:`` and the hexadecimal digest."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def seal(  # noqa: PLR0913 - a link has this many parts, and they are named
    data: Mapping[str, Any],
    *,
    kind: str,
    subject: str,
    head: tuple[int, str],
    tick: int,
    signer: Signer,
    project_no: str | None = None,
    records: Sequence[RecordId] = (),
) -> Entry:
    """Make the next link of the chain from what is to be kept (``data`` holds its ``id``)."""
    number, previous = head[0] + 1, head[1]
    body = canonical({**data, "chain": {"kind": kind, "number": number, "previous": previous}})
    mark = digest(body)
    signature = base64.b64encode(signer.sign(mark.encode())).decode()
    return Entry(
        id=data["id"],
        kind=kind,
        body=body.decode(),
        digest=mark,
        signature=signature,
        key_id=signer.key_id,
        previous=previous,
        number=number,
        tick=tick,
        subject=subject,
        project_no=project_no,
        records=tuple(records),
    )


def proof(entry: Entry) -> dict[str, str | int]:
    """What is shown of a link beside its body."""
    return {
        "digest": entry.digest,
        "signature": entry.signature,
        "key_id": entry.key_id,
        "previous": entry.previous,
        "number": entry.number,
    }


def verify(certificate: Mapping[str, Any], keys: Mapping[str, bytes]) -> list[str]:
    """Return what is wrong with a certificate, in Chinese and English; empty when it holds.

    ``keys`` are the registry's public keys by id (raw 32 bytes), from ``GET /v1/keys`` or its key files.
    """
    check = as_object(certificate.get("check"))
    decisions: Any = certificate.get("decisions", [])
    if check is None or not isinstance(decisions, list):
        return ["证书内容不完整 / the certificate lacks its check"]
    links: list[tuple[Mapping[str, Any], Any]] = [(check, certificate.get("proof"))]
    told = [as_object(d) for d in cast("list[Any]", decisions)]
    for decision in told:
        if decision is None:
            return ["决定的格式有误 / a decision is malformed"]
        links.append(({k: v for k, v in decision.items() if k != "proof"}, decision.get("proof")))
    kinds = ["check", *("decision" for _ in told)]
    wrong = [problem for (body, _), kind in zip(links, kinds, strict=True) for problem in _kind_problems(body, kind)]
    wrong += [problem for body, mark in links for problem in _link_problems(body, mark, keys)]
    strangers = [d for d in told if d is not None and d.get("check") != check.get("id")]
    return wrong + ["决定不属于本次核查 / a decision belongs to another check" for _ in strangers]


def as_object(value: object) -> Mapping[str, Any] | None:
    """Return a JSON object as such, None for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def _kind_problems(body: Mapping[str, Any], kind: str) -> list[str]:
    chain = as_object(body.get("chain")) or {}
    return (
        [] if chain.get("kind") == kind else ["链上这一环不是所称的种类 / the link is not of the kind it is given for"]
    )


def _link_problems(body: Mapping[str, Any], mark: object, keys: Mapping[str, bytes]) -> list[str]:
    told = as_object(mark)
    if told is None:
        return ["缺少签名 / the proof is missing"]
    try:
        found = digest(rfc8785.dumps(cast("dict[str, Any]", body)))
    except (rfc8785.CanonicalizationError, ValueError):
        return ["内容不是规范的数据 / the body is not canonical data"]
    problems: list[str] = []
    if told.get("digest") != found:
        problems.append("内容与摘要不符, 已被改动 / the content does not match its digest: it was changed")
    chain = as_object(body.get("chain"))
    if (
        chain is None
        or chain.get("previous") != told.get("previous")
        or chain.get("number") != told.get("number", chain.get("number"))
    ):
        problems.append("链上的位置与证明不符 / its place in the chain does not match the proof")
    key = keys.get(str(told.get("key_id")))
    if key is None:
        return [*problems, f"不认识签名密钥 {told.get('key_id')} / the signing key is not known"]
    try:
        signature = _unbase64(str(told.get("signature")))
        Ed25519PublicKey.from_public_bytes(key).verify(signature, found.encode())
    except (InvalidSignature, ValueError, binascii.Error):
        problems.append("签名无效 / the signature is not valid")
    return problems


def _unbase64(text: str) -> bytes:
    """Read base64 in its one right form: idle bits of the last sign must be zero.

    Raises: ValueError.
    """
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError(text)
    return raw


def verify_chain(entries: Sequence[Entry], keys: Mapping[str, bytes], before: tuple[int, str] = (0, "")) -> list[str]:
    """Return what is wrong with consecutive links; ``before`` is number and digest of the link they follow."""
    problems: list[str] = []
    number, previous = before
    for entry in entries:
        problems += [f"#{entry.number}: {p}" for p in _kept_problems(entry, keys)]
        if entry.number != number + 1 or entry.previous != previous:
            problems.append(f"#{entry.number}: 链条在此断开 / the chain is broken here")
        number, previous = entry.number, entry.digest
    return problems


def _kept_problems(entry: Entry, keys: Mapping[str, bytes]) -> list[str]:
    """What is wrong with one link as it lies in the store: its very text must be what the digest was taken of."""
    try:
        body = as_object(orjson.loads(entry.body))
    except orjson.JSONDecodeError:
        body = None
    if body is None:
        return ["内容不是规范的数据 / the body is not canonical data"]
    problems = [*_link_problems(body, proof(entry), keys), *_kind_problems(body, entry.kind)]
    if body.get("id") != entry.id:
        problems.append("编号与内容不符 / the id does not match the content")
    if not problems and digest(entry.body.encode()) != entry.digest:
        problems.append("内容与摘要不符, 已被改动 / the content does not match its digest: it was changed")
    return problems


# ── what is put to a kept check when its ground moves ──────────────────────────────────────────────────────────────


def parties_in(body: Mapping[str, Any]) -> list[str]:
    """Return the ids that a kept check names: of its bidders, of earlier services, of the paths to what was found."""
    question = body["question"]
    members = [m["id"] for bid in question["bids"] for m in bid["members"]]
    services = [s["party"] for s in question["activity"].get("prior_services", ())]
    steps = [step for result in body["results"] for found in result["findings"] for step in found["path"]]
    return list(dict.fromkeys([*members, *services, *(step[end] for step in steps for end in ("from", "to"))]))


def annotations_of(merge: Merge, known: int) -> Iterator[dict[str, Any]]:
    """Say what of a merge came after the place up to which a check knew."""
    undone = merge.undone
    if merge.tick > known:
        yield _said(merge, _MADE, merge.tick)
    if undone is not None and undone.tick > known:
        yield _said(merge, _UNDONE, undone.tick)


def _said(merge: Merge, words: tuple[str, str, str], tick: int) -> dict[str, Any]:
    kind, zh, en = words
    return {
        "kind": kind,
        "merge": merge.id,
        "keep": merge.keep,
        "same_as": merge.same_as,
        "on": merge.on.isoformat(),
        "recorded_at": from_tick(tick).isoformat(timespec="microseconds"),
        "reason": {
            "zh": f"{merge.keep} 与 {merge.same_as} {zh}, 结论未改写, 请复核",
            "en": f"{merge.keep} and {merge.same_as} {en}; the answer stays as given",
        },
    }
