"""Sources fetched from a server on loopback: what is kept, what is refused, what is tried again."""

import gzip
import hashlib
import json
import os
import stat
import time
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import CreditError, FieldInvalid, TooLarge, Unavailable
from importers.addresses import Address, is_address
from importers.downloading import Bounds
from importers.fetching import Fetched, fetch
from importers.inflating import inflate
from importers.provenance import beside, told_of
from importers.snapshot import take_snapshot
from tests.services.ports import free_port
from tests.services.web import Answering, Reply, Server, serving

BODY = "名称,统一社会信用代码\n某某有限公司,x\n".encode() * 4000
BOUNDS = Bounds(size=1 << 20, whole=20, quiet=5, pause=0.01, patience=2, tries=3)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        served.replies(Reply(body=BODY))
        yield served


async def fetched(server: Server, folder: Path, bounds: Bounds = BOUNDS, path: str = "/list.csv") -> Fetched:
    return await fetch(Address.of(server.url(path)), "some_list", folder, bounds)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


# ── what is kept ──


async def test_a_source_is_fetched_into_a_file_for_its_owner_alone(server: Server, tmp_path: Path) -> None:
    got = await fetched(server, tmp_path)
    assert got.changed
    assert got.path.read_bytes() == BODY
    assert got.path.name.startswith("some_list-")
    assert got.path.suffix == ".csv"
    assert stat.S_IMODE(got.path.stat().st_mode) == 0o600
    assert files(tmp_path) == {got.path.name, beside(got.path).name}


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_what_takes_the_place_of_a_copy_was_on_disk_before(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coding: str
) -> None:
    synced: list[int] = []

    def fsync(file: int) -> None:
        synced.append(os.fstat(file).st_ino)

    monkeypatch.setattr("importers.own_files.os.fsync", fsync)
    body = gzip.compress(BODY) if coding else BODY
    server.replies(Reply(body=body, headers={"Content-Encoding": coding} if coding else {}))
    got = await fetched(server, tmp_path)
    assert got.path.stat().st_ino in synced


async def test_a_snapshot_of_what_was_fetched_names_url_and_time(server: Server, tmp_path: Path) -> None:
    got = await fetched(server, tmp_path)
    snapshot = take_snapshot(got.path)
    assert snapshot.url == server.url()
    assert abs(datetime.fromisoformat(snapshot.fetched_at) - datetime.now(UTC)) < timedelta(minutes=1)
    assert snapshot.digest == f"sha256:{hashlib.sha256(BODY).hexdigest()}"


async def test_a_file_that_was_edited_after_it_was_fetched_names_no_url(server: Server, tmp_path: Path) -> None:
    got = await fetched(server, tmp_path)
    got.path.write_bytes(BODY + b"more\n")
    assert take_snapshot(got.path).url is None


async def test_what_did_not_change_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    marks = {"ETag": '"v1"', "Last-Modified": "Tue, 10 Nov 2026 08:00:00 GMT"}
    server.replies(Reply(body=BODY, headers=marks), Reply(304, length=None))
    first = await fetched(server, tmp_path)
    again = await fetched(server, tmp_path)
    assert (again.path, again.changed) == (first.path, False)
    _, headers = server.asked[1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Tue, 10 Nov 2026 08:00:00 GMT"
    assert take_snapshot(again.path).url == server.url()


async def test_what_changed_takes_the_place_of_what_was_kept(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY, headers={"ETag": '"v1"'}), Reply(body=b"new\n", headers={"ETag": '"v2"'}))
    await fetched(server, tmp_path)
    got = await fetched(server, tmp_path)
    assert got.changed
    assert got.path.read_bytes() == b"new\n"
    told = told_of(got.path)
    assert told is not None
    assert told.etag == '"v2"'


async def test_a_kept_copy_that_was_damaged_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY, headers={"ETag": '"v1"'}))
    got = await fetched(server, tmp_path)
    got.path.write_bytes(BODY[:-1])
    await fetched(server, tmp_path)
    assert "if-none-match" not in server.asked[1][1]
    assert got.path.read_bytes() == BODY


async def test_two_addresses_are_two_copies(server: Server, tmp_path: Path) -> None:
    one = await fetched(server, tmp_path, path="/a.csv")
    other = await fetched(server, tmp_path, path="/b.csv?page=2")
    assert one.path != other.path


@pytest.mark.parametrize(
    ("path", "disposition", "suffix"),
    [
        ("/export?id=1", 'attachment; filename="名单.XLSX"', ".xlsx"),
        ("/export?id=1", "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.csv", ".csv"),
        ("/export?id=1", 'attachment; filename="../../etc/passwd"', ""),
        ("/export?id=1", 'attachment; filename="a.csv/../x.sh;rm"', ""),
        ("/list.JSON", "inline", ".json"),
        ("/list.csv%00.exe%2F..", "", ""),
        ("/", "filename*=x'y; filename*0*=''", ""),
    ],
)
async def test_of_the_names_that_a_server_gives_only_a_plain_suffix_is_kept(
    server: Server, tmp_path: Path, path: str, disposition: str, suffix: str
) -> None:
    raw = disposition.encode().decode("iso-8859-1")
    server.replies(Reply(body=BODY, headers={"Content-Disposition": raw}))
    got = await fetched(server, tmp_path / "in", path=path)
    assert (got.path.parent, got.path.suffix) == (tmp_path / "in", suffix)
    assert files(tmp_path) == {"in"}


async def test_a_copy_of_another_suffix_goes_when_the_new_one_is_there(server: Server, tmp_path: Path) -> None:
    names = ({"Content-Disposition": f"attachment; filename=a.{suffix}"} for suffix in ("csv", "xlsx"))
    server.replies(*(Reply(body=BODY, headers=name) for name in names))
    await fetched(server, tmp_path)
    got = await fetched(server, tmp_path)
    assert files(tmp_path) == {got.path.name, beside(got.path).name}
    assert got.path.suffix == ".xlsx"


# ── what is packed ──


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY[:999]) + gzip.compress(BODY[999:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity", BODY),
    ],
    ids=["gzip", "two members", "deflate", "bare deflate", "identity"],
)
async def test_what_a_server_packs_is_unpacked(server: Server, tmp_path: Path, coding: str, packed: bytes) -> None:
    server.replies(Reply(body=packed, headers={"Content-Encoding": coding}))
    got = await fetched(server, tmp_path)
    assert got.path.read_bytes() == BODY
    assert files(tmp_path) == {got.path.name, beside(got.path).name}


@pytest.mark.parametrize("coding", ["br", "gzip, gzip"])
async def test_what_is_packed_in_an_unknown_way_is_refused(server: Server, tmp_path: Path, coding: str) -> None:
    server.replies(Reply(body=BODY, headers={"Content-Encoding": coding}))
    with pytest.raises(Unavailable, match=coding):
        await fetched(server, tmp_path)
    assert not files(tmp_path)


async def test_what_unpacks_to_more_than_the_bound_is_refused_and_leaves_nothing(
    server: Server, tmp_path: Path
) -> None:
    server.replies(Reply(body=gzip.compress(bytes(50 << 20)), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLarge):
        await fetched(server, tmp_path)
    assert not files(tmp_path)


@pytest.mark.parametrize("cut", [1, 20, 200])
async def test_a_packed_body_that_breaks_off_is_refused(server: Server, tmp_path: Path, cut: int) -> None:
    server.replies(Reply(body=gzip.compress(BODY)[:-cut], headers={"Content-Encoding": "gzip"}))
    with pytest.raises(Unavailable, match="不完整"):
        await fetched(server, tmp_path)


@given(body=st.binary(max_size=5000), level=st.integers(1, 9), cut=st.integers(0, 40))
def test_nothing_is_unpacked_but_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, level: int, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("packed")
    packed = gzip.compress(body, level)
    (folder / "in").write_bytes(packed[: len(packed) - cut])
    try:
        inflate(folder / "in", folder / "out", "gzip", len(body))
    except Unavailable:
        assert cut > 0
    else:
        assert cut == 0
        assert (folder / "out").read_bytes() == body


# ── what is refused ──


async def test_a_source_that_announces_too_much_is_refused_before_it_is_read(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=b"x", length=BOUNDS.size + 1, hang=60))
    with pytest.raises(TooLarge, match="CREDIT_FETCH_MAX_MIB"):
        await fetched(server, tmp_path)
    assert not files(tmp_path)


async def test_a_source_that_announces_nothing_is_refused_once_it_is_too_much(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=bytes(BOUNDS.size + 1), length=None))
    with pytest.raises(TooLarge):
        await fetched(server, tmp_path)
    assert not files(tmp_path)


async def test_a_source_of_just_the_bound_is_taken(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=bytes(BOUNDS.size)))
    assert (await fetched(server, tmp_path)).path.stat().st_size == BOUNDS.size


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206, 304])
async def test_what_gives_no_content_is_not_asked_again(server: Server, tmp_path: Path, status: int) -> None:
    server.replies(Reply(status, length=None if status in {204, 304} else -1))
    with pytest.raises(Unavailable, match=str(status)):
        await fetched(server, tmp_path)
    assert len(server.asked) == 1


async def test_a_source_that_fails_leaves_the_kept_copy(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY), Reply(404))
    got = await fetched(server, tmp_path)
    with pytest.raises(Unavailable):
        await fetched(server, tmp_path)
    assert got.path.read_bytes() == BODY
    assert take_snapshot(got.path).url == server.url()


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="连接失败"):
        await fetch(Address.of(f"http://127.0.0.1:{free_port()}/a.csv"), "some_list", tmp_path, BOUNDS)


async def test_a_name_that_no_name_server_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="连接失败"):
        await fetch(Address.of("http://no-such-host.invalid/a.csv"), "some_list", tmp_path, BOUNDS)


async def test_a_server_that_falls_silent_is_left(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY[:100], length=len(BODY), hang=60))
    with pytest.raises(Unavailable, match="超时"):
        await fetched(server, tmp_path, Bounds(size=1 << 20, whole=20, quiet=0.2, pause=0.01, tries=2))


async def test_the_whole_has_a_time_limit_too(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY[:100], length=len(BODY), hang=60))
    with pytest.raises(Unavailable, match="CREDIT_FETCH_SECONDS"):
        await fetched(server, tmp_path, Bounds(size=1 << 20, whole=0.3, quiet=30))


# ── what is tried again ──


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
async def test_what_may_pass_is_tried_again(server: Server, tmp_path: Path, status: int) -> None:
    server.replies(Reply(status), Reply(status), Reply(body=BODY))
    assert (await fetched(server, tmp_path)).path.read_bytes() == BODY


async def test_after_the_last_try_the_servers_answer_is_told(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(503))
    with pytest.raises(Unavailable, match="503"):
        await fetched(server, tmp_path)
    assert len(server.asked) == BOUNDS.tries


async def test_a_server_that_says_when_to_come_again_is_left_alone_till_then(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(429, headers={"Retry-After": "1"}), Reply(body=BODY))
    began = time.monotonic()
    await fetched(server, tmp_path)
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("after", ["3600", "day"])
async def test_a_server_that_wants_us_back_much_later_is_not_waited_for(
    server: Server, tmp_path: Path, after: str
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True) if after == "day" else after
    server.replies(Reply(503, headers={"Retry-After": later}))
    with pytest.raises(Unavailable, match="要求"):
        await fetched(server, tmp_path)
    assert len(server.asked) == 1


async def test_a_body_shorter_than_announced_is_never_kept(server: Server, tmp_path: Path) -> None:
    server.replies(Reply(body=BODY[:-1], length=len(BODY)))
    with pytest.raises(Unavailable):
        await fetched(server, tmp_path)
    assert not files(tmp_path)


def parts_of(body: bytes, etag: str, cut: int) -> Answering:
    """Answer whole requests with a body that breaks off, and ranges with the rest."""

    def answer(_path: str, headers: Mapping[str, str]) -> Reply:
        if "range" not in headers:
            return Reply(body=body[:cut], length=len(body), headers={"ETag": etag})
        start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(206, body[start:], {"ETag": etag, "Content-Range": span})

    return answer


async def test_what_broke_off_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.answering = parts_of(BODY, '"v1"', cut=5000)
    assert (await fetched(server, tmp_path)).path.read_bytes() == BODY
    asked = [(headers.get("range"), headers.get("if-range")) for _, headers in server.asked]
    assert asked == [(None, None), ("bytes=5000-", '"v1"')]


@pytest.mark.parametrize("etag", ['W/"v1"', ""])
async def test_without_a_mark_that_tells_versions_apart_it_begins_anew(
    server: Server, tmp_path: Path, etag: str
) -> None:
    server.answering = parts_of(BODY, etag, cut=5000)
    with pytest.raises(Unavailable):
        await fetched(server, tmp_path)
    assert all("range" not in headers for _, headers in server.asked)


async def test_a_source_that_changed_meanwhile_begins_anew(server: Server, tmp_path: Path) -> None:
    other = BODY[::-1]
    server.replies(
        Reply(body=BODY[:5000], length=len(BODY), headers={"ETag": '"v1"'}), Reply(body=other, headers={"ETag": '"v2"'})
    )
    assert (await fetched(server, tmp_path)).path.read_bytes() == other


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(416),
        Reply(206, BODY[4000:], {"Content-Range": f"bytes 4000-{len(BODY) - 1}/{len(BODY)}"}),
        Reply(206, BODY[5000:], {"Content-Range": f"bytes 5000-{len(BODY) - 1}/{len(BODY)}", "ETag": '"v2"'}),
        Reply(206, BODY[5000:6000], {"Content-Range": f"bytes 5000-5999/{len(BODY)}"}),
        Reply(206, BODY[5000:]),
    ],
    ids=["none", "elsewhere", "another version", "too little", "unsaid"],
)
async def test_a_rest_that_does_not_fit_is_dropped_with_the_beginning(
    server: Server, tmp_path: Path, wrong: Reply
) -> None:
    broken = Reply(body=BODY[:5000], length=len(BODY), headers={"ETag": '"v1"'})
    server.replies(broken, wrong, Reply(body=BODY, headers={"ETag": '"v1"'}))
    assert (await fetched(server, tmp_path)).path.read_bytes() == BODY
    assert "range" not in server.asked[-1][1]


# ── where it leads ──


def redirecting(times: int, *, status: int = 302) -> Answering:
    def answer(path: str, _headers: Mapping[str, str]) -> Reply:
        step = int(path.rpartition("/")[2].removesuffix(".csv"))
        return Reply(body=BODY) if step == times else Reply(status, headers={"Location": f"{step + 1}.csv"})

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_five_redirects_are_followed_and_the_url_that_was_given_is_kept(
    server: Server, tmp_path: Path, status: int
) -> None:
    server.answering = redirecting(5, status=status)
    got = await fetched(server, tmp_path, path="/a/0.csv")
    assert got.path.read_bytes() == BODY
    assert take_snapshot(got.path).url == server.url("/a/0.csv")


async def test_six_redirects_are_too_many(server: Server, tmp_path: Path) -> None:
    server.answering = redirecting(6)
    with pytest.raises(Unavailable, match="转向超过 5 次"):
        await fetched(server, tmp_path, path="/a/0.csv")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://", "http://[::1", "data:,a"])
async def test_a_redirect_to_something_else_than_a_server_is_not_followed(
    server: Server, tmp_path: Path, target: str
) -> None:
    server.replies(Reply(302, headers={"Location": target}))
    with pytest.raises(Unavailable):
        await fetched(server, tmp_path)
    assert {path for path, _ in server.asked} == {"/list.csv"}


def test_no_redirect_leads_out_of_https() -> None:
    secure = Address.of("https://example.org/a.csv")
    with pytest.raises(Unavailable, match="不安全"):
        secure.redirected("http://example.org/a.csv")
    assert Address.of("http://example.org/a").redirected("https://example.org/a").url.scheme == "https"


# ── what opens a source is nobody's business ──


async def test_name_and_password_of_a_url_are_sent_and_told_nowhere(server: Server, tmp_path: Path) -> None:
    url = server.url("/list.csv?page=1&token=s3cret-t").replace("http://", "http://who:s3cret-p@")
    got = await fetch(Address.of(url), "some_list", tmp_path, BOUNDS)
    path, headers = server.asked[0]
    assert headers["authorization"].startswith("Basic ")
    assert path == "/list.csv?page=1&token=s3cret-t"
    assert "s3cret" not in beside(got.path).read_text("utf-8") + got.path.name
    assert take_snapshot(got.path).url == server.url("/list.csv?page=1&token=***")


async def test_no_error_tells_what_opens_a_source(server: Server, tmp_path: Path) -> None:
    for reply in (Reply(404), Reply(503), Reply(302, headers={"Location": "ftp://who:s3cret@x/"}), Reply(206)):
        server.replies(reply)
        url = server.url("/a?token=s3cret").replace("http://", "http://who:s3cret@")
        with pytest.raises(CreditError) as error:
            await fetch(Address.of(url), "some_list", tmp_path, BOUNDS)
        assert "s3cret" not in str(error.value)


def test_a_redirect_to_another_server_takes_no_password_along() -> None:
    address = Address.of("https://who:secret@example.org/a")
    assert address.redirected("/b").auth is not None
    assert address.redirected("https://example.org:443/b").auth is not None
    assert address.redirected("https://example.com/b").auth is None
    assert address.redirected("https://example.org:8443/b").auth is None
    assert address.redirected("https://x:y@example.com/b").auth is None


@pytest.mark.parametrize(
    "text", ["ftp://example.org/a", "file:///a", "http://", "http://[::1", "http://h:99999/", "https:"]
)
def test_nothing_but_http_is_an_address(text: str) -> None:
    with pytest.raises(FieldInvalid):
        Address.of(text)


def test_a_wrong_address_is_not_repeated_in_the_error() -> None:
    with pytest.raises(FieldInvalid) as error:
        Address.of("ftp://who:s3cret@example.org/a")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(("text", "expected"), [("HTTPS://A/", True), ("ftp://a", True), ("C:/a", False), ("a", False)])
def test_a_path_is_no_address(text: str, expected: bool) -> None:
    assert is_address(text) is expected


async def test_the_server_is_told_who_asks(server: Server, tmp_path: Path) -> None:
    await fetched(server, tmp_path)
    assert server.asked[0][1]["user-agent"] == "credit-registry"


async def test_provenance_that_cannot_be_read_is_as_none(server: Server, tmp_path: Path) -> None:
    got = await fetched(server, tmp_path)
    for content in ("", "{}", json.dumps({"url": 1}), "\x00"):
        beside(got.path).write_text(content, encoding="utf-8")
        assert take_snapshot(got.path).url is None
