"""The registry's key files below DIR, each of mode 0600 and made at the first start.

``keys/signing-<id>.pem``  the Ed25519 key that kept checks are signed with (PKCS 8)
``keys/retired-<id>.pem``  the public half of one that was used before: what it signed must still verify
``keys/hash-key``          32 random bytes; identity numbers and the like are kept as HMAC-SHA256 under it
``first-key``              the API key made at first start, with all scopes

Files appear whole or not at all. Whoever makes one holds the lock on ``.lock`` beside it, so that two processes
starting at once end up with the same key.

Specifications: RFC 8032 (Ed25519), RFC 2104 (HMAC).
"""

import fcntl
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from credit.errors import KeyFileUnusable
from credit.keys.drafts import write_new

HASH_KEY_BYTES: Final = 32
API_KEY_BYTES: Final = 32
KEY_ID_SIGNS: Final = 16
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class FileSigner:
    """Signs with the key of one data directory (`credit.ports.Signer`); a rotation takes effect at the next start."""

    key_id: str
    _key: Ed25519PrivateKey = field(repr=False)
    _keys: Path = field(repr=False)

    @classmethod
    def open(cls, data: Path) -> Self:
        """Read the signing key below ``data``; make one where there is none.

        Raises:
            KeyFileUnusable: others may read the file, or it holds no Ed25519 key.
        """
        keys = data / "keys"
        key = _read_current(keys)
        if key is None:
            with lock(keys):
                key = _read_current(keys) or read_private(_make_signing_key(keys))
        return cls(key_id_of(raw_of(key.public_key())), key, keys)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._key.sign(message)

    def public_keys(self) -> Mapping[str, bytes]:
        """Return every public key by id, raw 32 bytes: this one, retired ones, one that another process rotated to."""
        return {self.key_id: raw_of(self._key.public_key()), **_public_keys(self._keys)}


@dataclass(frozen=True, slots=True)
class FileHasher:
    """Makes keyed hashes with the key of one data directory (`credit.ports.Hasher`)."""

    _key: bytes = field(repr=False)

    @classmethod
    def open(cls, data: Path) -> Self:
        """Read the hash key below ``data``; make one where there is none.

        Raises:
            KeyFileUnusable: others may read the file, or it is damaged.
        """
        path = data / "keys" / "hash-key"
        return cls._of(path, _read_or_make(path, lambda: secrets.token_bytes(HASH_KEY_BYTES)))

    @classmethod
    def held(cls, data: Path) -> Self | None:
        """Read the hash key below ``data``; None where there is none. Raises: KeyFileUnusable."""
        path = data / "keys" / "hash-key"
        with suppress(FileNotFoundError):
            return cls._of(path, read_secret(path))
        return None

    @classmethod
    def _of(cls, path: Path, key: bytes) -> Self:
        if len(key) != HASH_KEY_BYTES:
            raise damaged(path)
        return cls(key)

    @property
    def mark(self) -> str:
        """Name the key by 16 signs, which tell nothing of it."""
        return self.digest("hash-key", "")[:KEY_ID_SIGNS]

    def digest(self, kind: str, value: str) -> str:
        """Return HMAC-SHA256 in hex; values of different kinds never meet."""
        return hmac.digest(self._key, f"{kind}\0{value}".encode(), hashlib.sha256).hex()


def public_keys(data: Path) -> Mapping[str, bytes]:
    """Return every public key that lies below ``data`` by id, raw 32 bytes; make none.

    Raises:
        KeyFileUnusable: others may read the signing key, or a file is damaged.
    """
    return _public_keys(data / "keys")


def key_id_of(public: bytes) -> str:
    """Name a public key: the first 16 signs of the SHA-256 of its 32 raw bytes, in hex."""
    return hashlib.sha256(public).hexdigest()[:KEY_ID_SIGNS]


def first_key(data: Path) -> str:
    """Read ``DIR/first-key``, the API key of the first start; make it where there is none.

    Raises:
        KeyFileUnusable: others may read the file.
    """
    return _read_or_make(data / "first-key", lambda: make_api_key().encode("ascii")).decode("ascii").strip()


def make_api_key() -> str:
    """Make an API key: 43 random signs that a header takes, after a mark by which scanners for leaked keys know it."""
    return f"credit_{secrets.token_urlsafe(API_KEY_BYTES)}"


def rotate_signing_key(data: Path) -> str:
    """Retire the signing key below ``data`` and make another; its id is returned.

    The public half is kept before the private one goes, so that a crash in between loses nothing: a private key whose
    public half is retired is no longer used, and where no other is left the next start makes one.
    """
    keys = data / "keys"
    with lock(keys):
        old = current(keys)
        if old is not None:
            public = read_private(old).public_key()
            text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            write_new(keys / f"retired-{key_id_of(raw_of(public))}.pem", text)
        made = _make_signing_key(keys)
        for path in keys.glob("signing-*.pem"):
            if path != made:
                path.unlink()
    return _id_in(made)


# ── files ──


def current(keys: Path) -> Path | None:
    """Find the signing key that is not retired; None where there is none yet."""
    retired = {_id_in(path) for path in keys.glob("retired-*.pem")}
    return next((path for path in sorted(keys.glob("signing-*.pem")) if _id_in(path) not in retired), None)


def _read_current(keys: Path) -> Ed25519PrivateKey | None:
    """Read the signing key that is not retired; None where there is none, or another process rotates it just now."""
    path = current(keys)
    with suppress(FileNotFoundError):
        return read_private(path) if path else None
    return None


def _public_keys(keys: Path) -> Mapping[str, bytes]:
    public = [read_public(path) for path in sorted(keys.glob("retired-*.pem"))]
    current = _read_current(keys)
    if current is not None:
        public.append(current.public_key())
    return {key_id_of(raw_of(key)): raw_of(key) for key in public}


def _id_in(path: Path) -> str:
    return path.stem.partition("-")[2]


def _make_signing_key(keys: Path) -> Path:
    key = Ed25519PrivateKey.generate()
    path = keys / f"signing-{key_id_of(raw_of(key.public_key()))}.pem"
    write_new(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """Read a key file; where it is missing, make it once whoever else tries the same."""
    with suppress(FileNotFoundError):
        return read_secret(path)
    with lock(path.parent):
        with suppress(FileNotFoundError):
            return read_secret(path)
        content = make()
        write_new(path, content)
        return content


def read_secret(path: Path) -> bytes:
    """Read a file that nobody else may read.

    Raises:
        FileNotFoundError: it is missing.
        KeyFileUnusable: its permissions are too wide, or it can't be read.
    """
    try:
        with path.open("rb") as file:
            wide = stat.S_IMODE(os.fstat(file.fileno()).st_mode) & OTHERS
            content = file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileUnusable(
            f"无法读取密钥文件 {path}，请以其所属用户运行，或另指定数据目录。",
            f"The key file {path} cannot be read: {error.strerror}. Run as its owner, or name another directory",
        ) from error
    if wide:
        raise KeyFileUnusable(
            f"密钥文件 {path} 的权限过宽，请执行 chmod 600 {path}；如他人可能已读取，请更换密钥。",
            f"Others may read the key file {path}. Run: chmod 600 {path}; and rotate the key if they may have done so",
        )
    return content


@contextmanager
def lock(directory: Path) -> Generator[None]:
    """Hold the one lock under which key files of a directory are made; the kernel frees it for a process that dies."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KeyFileUnusable(
            f"无法在 {directory} 中创建密钥文件，请授予本用户写权限或另指定数据目录。",
            f"No key file can be made in {directory}: {error}. Give this user the directory, or name another",
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


# ── keys ──


def read_private(path: Path) -> Ed25519PrivateKey:
    """Read a private key that nobody else may read.

    Raises: KeyFileUnusable, FileNotFoundError.
    """
    text = read_secret(path)
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise damaged(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise damaged(path)
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """Read a public key.

    Raises: KeyFileUnusable.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise damaged(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise damaged(path)
    return key


def raw_of(key: Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def damaged(path: Path) -> KeyFileUnusable:
    """Say that a key file is damaged."""
    return KeyFileUnusable(
        f"密钥文件 {path} 已损坏，请从备份恢复；没有它，已存证据与身份摘要无法核对。",
        f"The key file {path} is damaged. Restore it from the backup: kept evidence and hashes rest on it",
    )
