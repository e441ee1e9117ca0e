"""The keys of a data directory in one file behind a passphrase, for another machine or a safe.

The file is JSON: ``format``, ``version``, ``kdf`` (scrypt with its cost and salt), ``nonce``, ``sealed``, ``sha256``.
``sealed`` is AES-256-GCM over a JSON object of the signing key (``signing``), the public halves of retired ones
(``retired``, by id), both PEM, and the hash key (``hash_key``, base64); what stands before ``sealed`` is bound to it.
``sha256`` is of the file's other parts: it tells a damaged file from a wrong passphrase. The API key of the first
start is not in it.

Specifications: RFC 7914 (scrypt), NIST SP 800-38D (GCM).
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

import orjson
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from credit.errors import Conflict, FieldInvalid, KeyFileUnusable
from credit.keys.drafts import write_new
from credit.keys.files import (
    HASH_KEY_BYTES,
    current,
    key_id_of,
    lock,
    raw_of,
    read_private,
    read_public,
    read_secret,
)

M = TypeVar("M", bound=BaseModel)
VERSION: Final = 1
COST: Final = 1 << 17
"""Of scrypt with r = 8: 128 MiB and some tenths of a second for each try."""
LEAST_SIGNS: Final = 12
"""Of a passphrase."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class _Kdf(_Strict):
    name: Literal["scrypt"]
    n: Annotated[int, Field(ge=1 << 14, le=1 << 20)]
    r: Annotated[int, Field(ge=8, le=16)]
    p: Annotated[int, Field(ge=1, le=4)]
    salt: str


class _Sealed(_Strict):
    format: Literal["credit-keys"]
    version: int
    kdf: _Kdf
    nonce: str
    sealed: str
    sha256: str


class _Held(_Strict):
    signing: str
    retired: Mapping[str, str]
    hash_key: str


@dataclass(frozen=True, slots=True)
class Keys:
    """What a bundle holds: ids of the signing key and of retired ones; the keys themselves are never shown."""

    signing: str
    retired: tuple[str, ...]
    _signing: bytes = field(repr=False)
    _retired: Mapping[str, bytes] = field(repr=False)
    _hash_key: bytes = field(repr=False)

    @classmethod
    def of(cls, data: Path) -> "Keys":
        """Read the keys below a data directory; make none.

        Raises:
            KeyFileUnusable: there are none, or one is damaged or open to others.
        """
        keys = data / "keys"
        if not (keys / "hash-key").exists():
            raise _none(keys)
        with lock(keys):
            path = current(keys)
            if path is None:
                raise _none(keys)
            signing, retired = read_secret(path), {_id(p): p.read_bytes() for p in keys.glob("retired-*.pem")}
            for public in keys.glob("retired-*.pem"):
                read_public(public)
            name = key_id_of(raw_of(read_private(path).public_key()))
            return cls(name, tuple(sorted(retired)), signing, retired, read_secret(keys / "hash-key"))

    def seal(self, passphrase: str) -> bytes:
        """Return the file that holds them.

        Raises:
            FieldInvalid: the passphrase is too short.
        """
        if len(passphrase) < LEAST_SIGNS:
            raise FieldInvalid(
                f"口令至少 {LEAST_SIGNS} 个字符。", f"A passphrase has at least {LEAST_SIGNS} characters"
            )
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        head: dict[str, object] = {
            "format": "credit-keys",
            "version": VERSION,
            "kdf": {"name": "scrypt", "n": COST, "r": 8, "p": 1, "salt": _text(salt)},
            "nonce": _text(nonce),
        }
        held = orjson.dumps(
            {
                "signing": self._signing.decode("ascii"),
                "retired": {name: pem.decode("ascii") for name, pem in self._retired.items()},
                "hash_key": _text(self._hash_key),
            }
        )
        key = Scrypt(salt, 32, COST, 8, 1).derive(passphrase.encode())
        body = {**head, "sealed": _text(AESGCM(key).encrypt(nonce, held, _bound(head)))}
        return orjson.dumps({**body, "sha256": _digest(body)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def unseal(cls, content: bytes, passphrase: str) -> "Keys":
        """Read the file that holds them.

        Raises:
            KeyFileUnusable: it is damaged or of another version, or the passphrase is another.
        """
        told = _read(_Sealed, content)
        body = told.model_dump(exclude={"sha256"})
        if told.version != VERSION or _digest(body) != told.sha256:
            raise _unreadable()
        head = {name: value for name, value in body.items() if name != "sealed"}
        kdf = told.kdf
        key = Scrypt(_bytes(kdf.salt), 32, kdf.n, kdf.r, kdf.p).derive(passphrase.encode())
        try:
            held = AESGCM(key).decrypt(_bytes(told.nonce), _bytes(told.sealed), _bound(head))
        except InvalidTag as error:
            raise KeyFileUnusable("口令不对，密钥未导入。", "The passphrase is wrong. No key was imported") from error
        return cls._checked(_read(_Held, held))

    @classmethod
    def _checked(cls, held: _Held) -> "Keys":
        """Take no key that is not what it is called."""
        signing, retired = held.signing.encode(), {name: pem.encode() for name, pem in held.retired.items()}
        hash_key = _bytes(held.hash_key)
        try:
            key = load_pem_private_key(signing, password=None)
            public = {name: load_pem_public_key(pem) for name, pem in retired.items()}
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _unreadable() from error
        right = all(isinstance(k, Ed25519PublicKey) and key_id_of(raw_of(k)) == name for name, k in public.items())
        if not right or not isinstance(key, Ed25519PrivateKey) or len(hash_key) != HASH_KEY_BYTES:
            raise _unreadable()
        return cls(key_id_of(raw_of(key.public_key())), tuple(sorted(retired)), signing, retired, hash_key)

    def put(self, data: Path) -> bool:
        """Write the keys below a data directory; tell whether there was anything to write. Others are never replaced.

        Raises:
            Conflict: there are other keys; nothing was written.
            KeyFileUnusable: a key there is damaged or open to others.
            Unavailable: none can be written.
        """
        keys = data / "keys"
        with lock(keys):
            wanted = {
                **{keys / f"retired-{name}.pem": pem for name, pem in self._retired.items()},
                keys / "hash-key": self._hash_key,
                keys / f"signing-{self.signing}.pem": self._signing,
            }
            path = current(keys)
            if path is not None and _id(path) != self.signing:
                raise _others(path)
            if (keys / "hash-key").exists() and read_secret(keys / "hash-key") != self._hash_key:
                raise _others(keys / "hash-key")
            if (keys / f"retired-{self.signing}.pem").exists():
                raise _others(keys / f"retired-{self.signing}.pem")
            missing = {place: content for place, content in wanted.items() if not place.exists()}
            for place, content in missing.items():
                write_new(place, content)
        return bool(missing)


def save(path: Path, content: bytes) -> None:
    """Write a bundle to a file that is not there yet, for its owner alone; it is there whole or not at all.

    Raises:
        Conflict: there is such a file.
        Unavailable: it cannot be written.
    """
    write_new(path, content)


def _id(path: Path) -> str:
    return path.stem.partition("-")[2]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _unreadable() from error


def _bound(head: Mapping[str, object]) -> bytes:
    return orjson.dumps(head, option=orjson.OPT_SORT_KEYS)


def _digest(body: Mapping[str, object]) -> str:
    return hashlib.sha256(_bound(body)).hexdigest()


def _read(kind: type[M], content: bytes) -> M:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise _unreadable() from error


def _unreadable() -> KeyFileUnusable:
    return KeyFileUnusable(
        "密钥文件已损坏，或非 credit keys export 所写；密钥未导入。",
        "The file is damaged, or not one that `credit keys export` wrote. No key was imported",
    )


def _none(keys: Path) -> KeyFileUnusable:
    return KeyFileUnusable(
        f"{keys} 中没有签名密钥与摘要密钥，无可导出。", f"{keys} holds no signing key and hash key: nothing to export"
    )


def _others(path: Path) -> Conflict:
    return Conflict(
        f"{path} 是另一把密钥，不予覆盖；密钥未导入。请另指定数据目录，或先移走它（须确认无证据与身份依赖它）。",
        f"{path} is another key and is not written over. No key was imported; name another data directory, or move it "
        "away once you are sure that no evidence and no identity rests on it",
    )
