"""Keys that travel: behind a passphrase, whole, and never over others."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from credit.cli.commands import app
from credit.errors import Conflict, FieldInvalid, KeyFileUnusable
from credit.keys import FileHasher, FileSigner, rotate_signing_key
from credit.keys.bundle import Keys, save

PASSPHRASE = "青山 correct horse 42"
RUN = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose signing key was rotated once."""
    data = tmp_path_factory.mktemp("home")
    FileHasher.open(data)
    FileSigner.open(data)
    rotate_signing_key(data)
    return data


@pytest.fixture(scope="module")
def bundle(home: Path) -> bytes:
    return Keys.of(home).seal(PASSPHRASE)


def test_keys_that_travelled_sign_and_recognise_as_before(home: Path, bundle: bytes, tmp_path: Path) -> None:
    assert Keys.unseal(bundle, PASSPHRASE).put(tmp_path)
    here, there = FileSigner.open(home), FileSigner.open(tmp_path)
    assert (there.key_id, there.sign(b"x")) == (here.key_id, here.sign(b"x"))
    assert there.public_keys() == here.public_keys()
    assert len(there.public_keys()) == 2
    assert FileHasher.open(tmp_path).digest("id", "1") == FileHasher.open(home).digest("id", "1")


def test_keys_are_put_for_their_owner_alone(bundle: bytes, tmp_path: Path) -> None:
    Keys.unseal(bundle, PASSPHRASE).put(tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_the_same_keys_put_again_change_nothing(bundle: bytes, tmp_path: Path) -> None:
    keys = Keys.unseal(bundle, PASSPHRASE)
    assert [keys.put(tmp_path), keys.put(tmp_path)] == [True, False]


def test_the_file_shows_no_key(home: Path, bundle: bytes) -> None:
    for path in (home / "keys").iterdir():
        assert not path.read_bytes() or path.read_bytes() not in bundle
    assert set(json.loads(bundle)) == {"format", "version", "kdf", "nonce", "sealed", "sha256"}
    assert "PRIVATE" not in repr(Keys.of(home))


def test_another_passphrase_is_called_wrong(bundle: bytes) -> None:
    with pytest.raises(KeyFileUnusable, match="passphrase is wrong"):
        Keys.unseal(bundle, PASSPHRASE + " ")


@pytest.mark.parametrize("place", [0, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_damaged_file_is_called_damaged_whatever_the_passphrase(bundle: bytes, place: float) -> None:
    at = int(place * len(bundle))
    with pytest.raises(KeyFileUnusable, match="damaged"):
        Keys.unseal(bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1 :], PASSPHRASE)


def test_a_cost_that_would_take_all_memory_is_refused(bundle: bytes) -> None:
    told = json.loads(bundle)
    told["kdf"]["n"] = 1 << 30
    with pytest.raises(KeyFileUnusable, match="damaged"):
        Keys.unseal(json.dumps(told).encode(), PASSPHRASE)


def test_a_short_passphrase_is_refused(home: Path) -> None:
    with pytest.raises(FieldInvalid):
        Keys.of(home).seal("short")


@pytest.mark.parametrize("own", [FileHasher.open, FileSigner.open], ids=["hash key", "signing key"])
def test_other_keys_are_not_written_over(bundle: bytes, tmp_path: Path, own: object) -> None:
    own(tmp_path)  # pyright: ignore[reportCallIssue]
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    with pytest.raises(Conflict):
        Keys.unseal(bundle, PASSPHRASE).put(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before


def test_a_signing_key_that_was_retired_here_does_not_come_back(home: Path, bundle: bytes, tmp_path: Path) -> None:
    shutil.copytree(home / "keys", tmp_path / "keys")
    rotate_signing_key(tmp_path)
    with pytest.raises(Conflict):
        Keys.unseal(bundle, PASSPHRASE).put(tmp_path)


def test_a_directory_without_keys_has_none_to_export_and_gets_none(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable):
        Keys.of(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_for_its_owner_and_written_over_nothing(tmp_path: Path) -> None:
    save(tmp_path / "k", b"1")
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        save(tmp_path / "k", b"2")
    assert (tmp_path / "k").read_bytes() == b"1"


# ── the commands ──


def test_keys_travel_by_the_command_line_with_a_passphrase_from_a_file(home: Path, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE + "\n", encoding="utf-8")
    words.chmod(0o600)
    there = ["--passphrase-file", str(words)]
    done = RUN.invoke(app, ["keys", "export", str(tmp_path / "k"), "--data", str(home), *there])
    assert done.exit_code == 0, done.output
    done = RUN.invoke(app, ["keys", "import", str(tmp_path / "k"), "--data", str(tmp_path / "new"), *there])
    assert done.exit_code == 0, done.output
    assert FileSigner.open(tmp_path / "new").key_id == FileSigner.open(home).key_id


def test_keys_travel_by_the_command_line_with_a_passphrase_from_the_environment(home: Path, tmp_path: Path) -> None:
    env = {"CREDIT_KEYS_PASSPHRASE": PASSPHRASE}
    assert RUN.invoke(app, ["keys", "export", str(tmp_path / "k"), "--data", str(home)], env=env).exit_code == 0
    wrong = {"CREDIT_KEYS_PASSPHRASE": "something else"}
    there = ["keys", "import", str(tmp_path / "k"), "--data", str(tmp_path / "new")]
    refused = RUN.invoke(app, there, env=wrong)
    assert refused.exit_code == 2
    assert "口令不对" in refused.output
    assert RUN.invoke(app, there, env=env).exit_code == 0


def test_without_a_terminal_the_passphrase_must_come_from_elsewhere(home: Path, tmp_path: Path) -> None:
    refused = RUN.invoke(app, ["keys", "export", str(tmp_path / "k"), "--data", str(home)])
    assert refused.exit_code == 2
    assert "--passphrase-file" in refused.output
    assert not (tmp_path / "k").exists()


def test_a_passphrase_file_that_others_may_read_is_refused(home: Path, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE, encoding="utf-8")
    words.chmod(0o644)
    refused = RUN.invoke(
        app, ["keys", "export", str(tmp_path / "k"), "--data", str(home), "--passphrase-file", str(words)]
    )
    assert refused.exit_code == 2
    assert "chmod 600" in refused.output
