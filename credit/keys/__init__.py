"""The registry's own keys: the files that hold them, and how they travel."""

from credit.keys.files import (
    FileHasher,
    FileSigner,
    first_key,
    key_id_of,
    make_api_key,
    public_keys,
    rotate_signing_key,
)

__all__ = [
    "FileHasher",
    "FileSigner",
    "first_key",
    "key_id_of",
    "make_api_key",
    "public_keys",
    "rotate_signing_key",
]
