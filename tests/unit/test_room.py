"""A server that ran out of room: whoever finds it so stops every writer, however little room the mark of it has."""

import errno
from pathlib import Path

import pytest

from credit.errors import StorageFull, StoreUnavailable
from credit.graph.room import Room


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Room(tmp_path).settle()
    return tmp_path


def test_a_sound_server_takes_writes(home: Path) -> None:
    room = Room(home)
    room.check(1)
    room.check_sound()


def test_one_process_that_finds_it_hurt_stops_the_writers_of_all(home: Path) -> None:
    Room(home).report()
    other = Room(home)
    with pytest.raises(StorageFull):
        other.check(1)
    with pytest.raises(StoreUnavailable):
        other.check_sound()


def test_a_new_start_lets_them_write_again(home: Path) -> None:
    Room(home).report()
    Room(home).settle()
    Room(home).check(1)


def test_the_mark_needs_no_room_for_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("os.open", full)
    monkeypatch.setattr("io.open", full)
    Room(home).report()
    assert Room(home).is_hurt()


def test_a_process_that_cannot_mark_it_writes_no_more_until_it_could(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    room = Room(home)
    with monkeypatch.context() as patched:
        patched.setattr("os.chmod", full)
        room.report()
        with pytest.raises(StorageFull):
            room.check(1)
        assert not Room(home).is_hurt()
    with pytest.raises(StorageFull):
        room.check(1)
    assert Room(home).is_hurt()
