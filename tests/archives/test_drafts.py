"""Files that are there whole or not at all, for their owner alone, and never in the place of another."""

import errno
import os
import stat
from pathlib import Path

import pytest

from credit.errors import Conflict, Unavailable
from credit.keys.bundle import save
from credit.keys.drafts import drafted


class Killed(BaseException):
    """Stands for the end of the process."""


def held(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def test_a_file_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    with drafted(tmp_path / "a") as file:
        file.write(b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert held(tmp_path) == ["a"]


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    with drafted(tmp_path / "a") as file:
        file.write(b"1")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").exists()


def write_half(path: Path) -> None:
    with drafted(path) as file:
        file.write(b"1")
        raise Killed


def test_what_failed_half_way_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        write_half(tmp_path / "a")
    assert held(tmp_path) == []


def test_a_file_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(Conflict), drafted(tmp_path / "a"):
        (tmp_path / "a").write_bytes(b"theirs")
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert held(tmp_path) == ["a"]


def test_a_name_that_leads_nowhere_stays(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "none")
    with pytest.raises(Conflict):
        save(tmp_path / "a", b"1")
    assert not (tmp_path / "none").exists()


def test_a_file_of_keys_that_cannot_be_written_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="none"):
        save(tmp_path / "none" / "keys", b"1")
    assert held(tmp_path) == []


def refuse_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture
def linkless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory stick: a file has one name there."""
    monkeypatch.setattr(os, "link", refuse_links)


@pytest.mark.usefixtures("linkless")
def test_where_a_file_has_one_name_only_it_is_written_all_the_same(tmp_path: Path) -> None:
    save(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert held(tmp_path) == ["a"]


@pytest.mark.usefixtures("linkless")
def test_where_a_file_has_one_name_only_another_stays_too(tmp_path: Path) -> None:
    with pytest.raises(Conflict), drafted(tmp_path / "a"):
        (tmp_path / "a").write_bytes(b"theirs")
    assert (tmp_path / "a").read_bytes() == b"theirs"


def test_a_share_that_does_not_write_names_down_when_asked_takes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def refused(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no directory")
        sync(handle)

    monkeypatch.setattr(os, "fsync", refused)
    with drafted(tmp_path / "a") as file:
        file.write(b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
