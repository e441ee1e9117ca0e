"""The file of an archive: every byte of it is looked at before anything is done with it."""

import errno
import hashlib
import io
import stat
from collections.abc import Iterator
from pathlib import Path, PosixPath
from typing import Any

import pytest

from credit.archives.container import SEAL_SIGNS, reading, writing
from credit.archives.manifest import FORMAT, Manifest, Part
from credit.errors import Conflict, Malformed, Unavailable

LINES = {"Party": [b'{"n":{"key":"a"}}\n', b'{"n":{"key":"b"}}\n'], "Sync": []}


def make(path: Path, **said: object) -> Path:
    with writing(path) as draft:
        parts: list[Part] = []
        for label, lines in LINES.items():
            with draft.part(label) as out:
                out.write(b"".join(lines))
            told: dict[str, object] = {
                "label": label,
                "count": len(lines),
                "properties": [],
                "ties": [],
                "size": out.size,
            }
            parts.append(Part.model_validate({**told, "sha256": out.sha256()}))
        told = {
            "format": FORMAT, "schema_version": 5, "tick": 7, "horizon": 6, "epoch": "e", "made_at": "2026-11-22",
            "ledger": {"syncs": 0}, "accesses": 0, "parts": parts,
        }  # fmt: skip
        draft.seal(Manifest.model_construct(**{**told, **said}))  # pyright: ignore[reportArgumentType]
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make(tmp_path / "a.zip")


def refused(path: Path) -> str:
    with pytest.raises(Malformed) as caught, reading(path):
        pytest.fail("it was taken for whole")
    return caught.value.en


def test_what_is_written_is_read(archive: Path) -> None:
    with reading(archive) as opened:
        assert {part.label: list(opened.lines(part)) for part in opened.manifest.parts} == LINES
        assert opened.manifest.tick == 7


def test_an_archive_is_for_its_owner_alone(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_its_name_depends_on_its_bytes_alone(archive: Path, tmp_path: Path) -> None:
    assert archive.read_bytes() == make(tmp_path / "b.zip").read_bytes()


def flips(size: int) -> Iterator[int]:
    """Every byte of a small file: of its parts, their headers, the manifest, the directory, the digest."""
    yield from range(size)


def test_a_byte_that_is_another_is_refused_wherever_it_stands(archive: Path, tmp_path: Path) -> None:
    whole, damaged = archive.read_bytes(), tmp_path / "damaged.zip"
    for place in flips(len(whole)):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x04]) + whole[place + 1 :])
        assert "damaged" in refused(damaged)


@pytest.mark.parametrize("keep", [0, 1, SEAL_SIGNS, 0.3, 0.9, -1])
def test_a_file_that_was_cut_short_is_refused(archive: Path, keep: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(keep * len(whole)) if 0 < keep < 1 else int(keep)])
    assert "cut short" in refused(archive)


def test_a_file_that_goes_on_is_refused(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes() + b"\n")
    refused(archive)


def resealed(path: Path, old: bytes, new: bytes) -> Path:
    """Replace bytes as somebody would who knows the form: what is inside must not rest on the outer digest alone."""
    body = path.read_bytes()[:-SEAL_SIGNS].replace(old, new)
    path.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    return path


def test_a_part_is_held_against_its_own_digest(tmp_path: Path) -> None:
    part = Part(label="Party", count=2, properties=[], ties=[], size=36, sha256="0" * 64)
    sync = Part(label="Sync", count=0, properties=[], ties=[], size=0, sha256=hashlib.sha256().hexdigest())
    assert "damaged" in refused(make(tmp_path / "a.zip", parts=[part, sync]))


def test_a_part_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    assert "damaged" in refused(make(tmp_path / "a.zip", parts=[]))


def test_a_name_of_a_part_that_was_changed_is_refused(archive: Path) -> None:
    assert "damaged" in refused(resealed(archive, b"Party.jsonl", b"Porty.jsonl"))


def test_another_version_is_refused_and_named(tmp_path: Path) -> None:
    assert "format version 3" in refused(make(tmp_path / "a.zip", format=3))


def test_a_property_whose_name_is_a_query_is_refused(tmp_path: Path) -> None:
    evil = Part.model_construct(
        label="Party", count=2, properties=["key}) DETACH DELETE n //"], ties=[], size=36,
        sha256=hashlib.sha256(b"".join(LINES["Party"])).hexdigest(),
    )  # fmt: skip
    assert "damaged" in refused(make(tmp_path / "a.zip", parts=[evil]))


def test_a_file_that_is_there_is_not_written_over(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(Conflict):
        make(archive)
    assert archive.read_bytes() == before


def fail(path: Path) -> None:
    with writing(path) as draft, draft.part("Party") as out:
        out.write(b"{}\n")
        raise KeyError


def test_a_backup_that_failed_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        fail(tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="none"), writing(tmp_path / "none" / "a.zip"):
        pass


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"a\.zip"), reading(tmp_path / "a.zip"):
        pass


class FailingDisk(PosixPath):
    """A path to a file on a disk that fails, from when it is told to."""

    fails = False

    def open(self, *_: object, **__: object) -> Any:  # noqa: ANN401  # a file
        return FailingFile(self)


class FailingFile(io.FileIO):
    def __init__(self, path: FailingDisk) -> None:
        super().__init__(path)
        self._disk = path

    def read(self, size: int | None = -1, /) -> bytes:
        if self._disk.fails:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


def test_a_disk_that_fails_is_not_called_damage(archive: Path) -> None:
    path = FailingDisk(archive)
    path.fails = True
    with pytest.raises(Unavailable, match="Input/output error"), reading(path):
        pass


def test_a_disk_that_fails_once_all_is_verified_is_named_too(archive: Path) -> None:
    path = FailingDisk(archive)
    with reading(path) as opened:
        path.fails = True
        with pytest.raises(Unavailable, match=r"a\.zip"):
            list(opened.lines(opened.manifest.parts[0]))


def test_an_archive_of_the_first_version_names_no_hash_key(tmp_path: Path) -> None:
    with reading(make(tmp_path / "a.zip", format=1)) as opened:
        assert opened.manifest.hash_key is None


def test_another_zip_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + bytes(200))
    assert "no whole archive" in refused(tmp_path / "a.zip")
