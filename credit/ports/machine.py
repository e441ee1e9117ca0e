"""What is asked of the machine: time, signatures, keyed hashes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The aware UTC instant."""
        ...


class Signer(Protocol):
    """Signs what is kept as evidence (Ed25519)."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...

    def public_keys(self) -> Mapping[str, bytes]:
        """Every public key by id (raw 32 bytes), retired ones too."""
        ...


class Hasher(Protocol):
    """Turns personal data into keyed hashes (HMAC-SHA256, hex)."""

    def digest(self, kind: str, value: str) -> str: ...
