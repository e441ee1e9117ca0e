"""The key files: made once, for one user alone, and never lost by a rotation."""

import multiprocessing
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit.errors import KeyFileUnusable
from credit.keys import FileHasher, FileSigner, first_key, key_id_of, public_keys, rotate_signing_key

SECRETS = ["hash-key", "signing-*.pem", "../first-key"]


def make_all(data: Path) -> tuple[str, str, str]:
    """Open every key; the answers tell whether two openers got the same."""
    return FileSigner.open(data).key_id, FileHasher.open(data).digest("probe", "1"), first_key(data)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_a_signature_verifies_with_the_public_key_of_its_id(tmp_path: Path) -> None:
    signer = FileSigner.open(tmp_path)
    public = signer.public_keys()[signer.key_id]
    assert verifies(public, signer.sign(b"kept"), b"kept")
    assert not verifies(public, signer.sign(b"kept"), b"edited")


def test_a_key_is_named_by_the_digest_of_its_public_half(tmp_path: Path) -> None:
    signer = FileSigner.open(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{16}", signer.key_id)
    assert key_id_of(signer.public_keys()[signer.key_id]) == signer.key_id
    assert (tmp_path / "keys" / f"signing-{signer.key_id}.pem").exists()


def test_a_second_start_finds_the_keys_of_the_first(tmp_path: Path) -> None:
    assert make_all(tmp_path) == make_all(tmp_path)


def test_two_data_directories_share_no_key(tmp_path: Path) -> None:
    one, other = make_all(tmp_path / "one"), make_all(tmp_path / "other")
    assert all(a != b for a, b in zip(one, other, strict=True))


def test_processes_that_start_at_once_get_the_same_keys(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with context.Pool(8) as pool:
        answers = pool.map(make_all, [tmp_path] * 16, chunksize=1)
    assert len(set(answers)) == 1
    assert len(list((tmp_path / "keys").glob("signing-*.pem"))) == 1


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_made_for_its_owner_alone(tmp_path: Path, name: str) -> None:
    make_all(tmp_path)
    (path,) = (tmp_path / "keys").glob(name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_directory_of_keys_is_closed_to_others(tmp_path: Path) -> None:
    make_all(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_making_keys_leaves_no_draft_behind(tmp_path: Path) -> None:
    make_all(tmp_path)
    names = {path.name.partition("-")[0] for path in (tmp_path / "keys").iterdir()}
    assert names == {"signing", "hash", ".lock"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_others_may_reach_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    make_all(tmp_path)
    (path,) = (tmp_path / "keys").glob(name)
    path.chmod(mode)
    with pytest.raises(KeyFileUnusable) as caught:
        make_all(tmp_path)
    assert "chmod 600" in caught.value.zh
    assert "chmod 600" in caught.value.en


@pytest.mark.parametrize(("name", "opens"), [("hash-key", FileHasher.open), ("signing-*.pem", FileSigner.open)])
def test_a_damaged_secret_is_refused_and_not_replaced(
    tmp_path: Path, name: str, opens: Callable[[Path], object]
) -> None:
    make_all(tmp_path)
    (path,) = (tmp_path / "keys").glob(name)
    path.write_bytes(b"torn")
    with pytest.raises(KeyFileUnusable):
        opens(tmp_path)
    assert path.read_bytes() == b"torn"


def test_a_rotation_keeps_what_was_signed_before_verifiable(tmp_path: Path) -> None:
    old = FileSigner.open(tmp_path)
    signature = old.sign(b"kept")
    rotate_signing_key(tmp_path)
    assert verifies(FileSigner.open(tmp_path).public_keys()[old.key_id], signature, b"kept")


def test_a_rotation_brings_another_key_and_forgets_the_old_private_one(tmp_path: Path) -> None:
    old = FileSigner.open(tmp_path).key_id
    new = rotate_signing_key(tmp_path)
    assert FileSigner.open(tmp_path).key_id == new != old
    assert [path.name for path in (tmp_path / "keys").glob("signing-*")] == [f"signing-{new}.pem"]


def test_a_process_that_runs_shows_the_key_that_another_rotated_to(tmp_path: Path) -> None:
    running = FileSigner.open(tmp_path)
    new = rotate_signing_key(tmp_path)
    assert set(running.public_keys()) == {running.key_id, new}


def test_a_rotation_cut_short_after_retiring_goes_on_with_a_new_key(tmp_path: Path) -> None:
    old = FileSigner.open(tmp_path)
    private = (tmp_path / "keys" / f"signing-{old.key_id}.pem").read_bytes()
    new = rotate_signing_key(tmp_path)
    (tmp_path / "keys" / f"signing-{new}.pem").unlink()
    (tmp_path / "keys" / f"signing-{old.key_id}.pem").touch(mode=0o600)
    (tmp_path / "keys" / f"signing-{old.key_id}.pem").write_bytes(private)
    resumed = FileSigner.open(tmp_path)
    assert resumed.key_id not in {old.key_id, new}
    assert old.key_id in resumed.public_keys()


def test_a_hash_depends_on_its_kind_and_its_value(tmp_path: Path) -> None:
    hasher = FileHasher.open(tmp_path)
    made = {hasher.digest(kind, value) for kind, value in [("ip", "1"), ("account", "1"), ("ip", "2"), ("i", "p1")]}
    assert len(made) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in made)


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    make_all(tmp_path)
    secret = (tmp_path / "keys" / "hash-key").read_bytes()
    shown = repr(FileHasher.open(tmp_path)) + repr(FileSigner.open(tmp_path))
    assert repr(secret) not in shown
    assert "Private" not in shown


def test_the_first_key_is_long_and_fits_a_header(tmp_path: Path) -> None:
    assert re.fullmatch(r"credit_[A-Za-z0-9_-]{43}", first_key(tmp_path))


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileUnusable, match="file"):
        FileHasher.open(tmp_path / "file")


def test_looking_for_public_keys_makes_none(tmp_path: Path) -> None:
    assert public_keys(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
