"""`credit verify`: whether a certificate holds, by the registry's public keys, without any registry."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from credit.errors import EvidenceBroken
from credit.evidence import verify
from credit.keys import key_id_of, public_keys

RAW_BYTES = 32


def problems_of(certificate: Path, key: Path | None, data: Path) -> list[str]:
    """Return what is wrong with a certificate; ``key`` None: the public keys below ``data`` are taken.

    Raises:
        EvidenceBroken: the file is no certificate, or there is no key to verify it with.
    """
    keys = read_keys(key) if key else public_keys(data)
    if not keys:
        raise EvidenceBroken(
            f"{data / 'keys'} 中没有公钥，请用 --key 指定登记系统的公钥文件（GET /v1/keys 的应答即可）。",
            f"No public key lies in {data / 'keys'}. Name the registry's by --key: what GET /v1/keys answers will do",
        )
    return verify(_read_json(certificate), keys)


def read_keys(path: Path) -> Mapping[str, bytes]:
    """Read public keys: what ``GET /v1/keys`` answers, or a PEM file. Ids are computed, never believed.

    Raises:
        EvidenceBroken: the file holds no Ed25519 public key.
    """
    content = _read(path)
    raw = [_pem(path, content)] if content.lstrip().startswith(b"-----") else _listed(path, content)
    return {key_id_of(key): key for key in raw}


def _pem(path: Path, content: bytes) -> bytes:
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _listed(path: Path, content: bytes) -> list[bytes]:
    try:
        raw = [base64.b64decode(item["public_key"], validate=True) for item in orjson.loads(content)["items"]]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _no_key(path) from error
    if not raw or any(len(key) != RAW_BYTES for key in raw):
        raise _no_key(path)
    return raw


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        value = orjson.loads(_read(path))
    except orjson.JSONDecodeError as error:
        raise EvidenceBroken(f"{path} 不是 JSON 文件。", f"{path} is not JSON") from error
    if not isinstance(value, dict):
        raise EvidenceBroken(f"{path} 不是核查证书。", f"{path} is no certificate")
    return value  # pyright: ignore[reportUnknownVariableType]  # JSON


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceBroken(f"无法读取 {path}。", f"{path} cannot be read: {error.strerror}") from error


def _no_key(path: Path) -> EvidenceBroken:
    return EvidenceBroken(f"{path} 中没有 Ed25519 公钥。", f"{path} holds no Ed25519 public key")
