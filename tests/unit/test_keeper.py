"""What the keeper makes of what the server prints."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from credit.graph.home import Home
from credit.graph.keeper import LOST_A_PAGE, Keeper
from credit.graph.room import Room


class Java:
    """A server that prints what it is told to, and can be killed."""

    def __init__(self) -> None:
        end, self._pen = os.pipe()
        self.stdout = io.FileIO(end)
        self.is_killed = False

    def print(self, text: bytes) -> None:
        os.write(self._pen, text)

    def poll(self) -> int | None:
        return -9 if self.is_killed else None

    def kill(self) -> None:
        self.is_killed = True

    def close(self) -> None:
        os.close(self._pen)
        self.stdout.close()


@pytest.fixture
def java() -> Iterator[Java]:
    made = Java()
    yield made
    made.close()


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    home = Home.of(tmp_path)
    home.make()
    Room(tmp_path).settle()
    return Keeper(home, memory="1g")


def copy(keeper: Keeper, java: Java) -> None:
    keeper._copy(java)  # pyright: ignore[reportPrivateUsage, reportArgumentType]  # a stand-in, at the seam


@pytest.mark.parametrize("cut", [1, 20, len(LOST_A_PAGE) - 1])
def test_a_lost_page_is_heeded_though_its_line_came_in_two_parts(
    tmp_path: Path, keeper: Keeper, java: Java, cut: int
) -> None:
    line = f"页面 of 'a file' {LOST_A_PAGE}\n".encode()
    cut += line.index(LOST_A_PAGE.encode())
    java.print(b"another line\n" + line[:cut])
    copy(keeper, java)
    assert not java.is_killed
    java.print(line[cut:])
    copy(keeper, java)
    assert java.is_killed
    assert Room(tmp_path).is_hurt()


def test_every_line_is_written_into_the_log_whole(tmp_path: Path, keeper: Keeper, java: Java) -> None:
    for part in ("一行\n又一".encode()[:8], "一行\n又一".encode()[8:], "行\n".encode()):
        java.print(part)
        copy(keeper, java)
    assert (tmp_path / "log" / "keeper.log").read_text().splitlines() == ["一行", "又一行"]
