"""What one connection may do to others: whatever it sends or leaves unread keeps no place, and is answered."""

import asyncio
import socket

import pytest

from credit.api.middleware import DRAINED
from credit.cli.connections import MOST_HEAD
from tests.replicas.listening import HEAD, HOST, PLACES, POST, Patient, Served, ended, until

MANY = 16 * MOST_HEAD
"""Bytes of what is to be refused; they come in pieces."""
PIECE = 16 * 1024


async def send_all(writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send piece by piece; return how much was taken before the connection ended."""
    for start in range(0, len(sent), PIECE):
        try:
            writer.write(sent[start : start + PIECE])
            await writer.drain()
        except OSError:
            return start
        await asyncio.sleep(0)
    return len(sent)


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer; return its status and body."""
    async with asyncio.timeout(60):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split()[1]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:")
        return int(head.split()[1]), await reader.readexactly(length)


@pytest.mark.parametrize(
    "line", [b"GET /%72eadyz", b"GET http://x/readyz", b"GET /readyz#a", b"POST /%68ealthz", b"GET /v1/rules"]
)
async def test_no_way_to_write_a_path_keeps_a_place(patient: Served, line: bytes) -> None:
    for _ in range(PLACES + 1):
        reader, writer = await patient.connect()
        writer.write(line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await ended(reader)).startswith(b"HTTP/1.1 200 ")
        writer.close()
    await until(lambda: patient.taken == (0, 0), within=10)


async def test_who_does_not_read_holds_no_place(patient: Served) -> None:
    with socket.socket() as mute:
        mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        mute.connect((HOST, patient.port))
        mute.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        await until(lambda: patient.routes.asked["/large"] == 2)
        await until(lambda: patient.taken == (0, 0), within=10)


@pytest.mark.parametrize("after", ["keep-alive", "close"])
@pytest.mark.parametrize(("path", "status"), [("/denied", 401), ("/v1/checks", 503)])
async def test_a_large_body_does_not_hide_why_it_is_refused(
    patient: Served, path: str, status: int, after: str
) -> None:
    patient.fill(patient.lanes.heavy) if status == 503 else []
    reader, writer = await patient.connect()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: {after}\r\nContent-Length: {MANY}\r\n\r\n"
    writer.write(head.encode() + bytes(PIECE))
    said = await answer_of(reader)
    assert await send_all(writer, bytes(MANY - PIECE)) == MANY - PIECE
    assert said[0] == status
    if after == "close":
        assert await ended(reader) == b""
    else:
        writer.write(HEAD + b"\r\n")
        assert await answer_of(reader) == (200, b"served")
    writer.close()


async def test_a_body_that_is_dropped_has_its_bound(patient: Served) -> None:
    reader, writer = await patient.connect()
    writer.write(b"POST /denied HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (2 * DRAINED))
    assert (await answer_of(reader))[0] == 401
    assert await send_all(writer, bytes(2 * DRAINED)) < 2 * DRAINED
    writer.transport.abort()


async def test_a_body_that_is_dropped_has_its_time(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write(b"POST /denied HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
    assert (await answer_of(reader))[0] == 401
    writer.write(b"x")
    assert await ended(reader) == b""
    assert served.counted('credit_slow_clients_total{with="body"}')
    writer.close()


async def test_trailers_without_end_are_refused(patient: Served) -> None:
    reader, writer = await patient.connect()
    writer.write(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    await send_all(writer, b"X-Long: " + b"x" * MANY)
    said = await asyncio.gather(ended(reader), return_exceptions=True)
    assert isinstance(said[0], bytes | ConnectionError)
    assert not isinstance(said[0], bytes) or said[0].startswith(b"HTTP/1.1 413 ")
    await until(lambda: not patient.server.server_state.connections)
    assert patient.routes.asked["/v1/checks"] == 0
    writer.transport.abort()


async def test_a_head_without_end_behind_a_request_is_refused_once_that_is_answered(patient: Served) -> None:
    reader, writer = await patient.connect()
    writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: patient.routes.asked["/slow"] == 1)
    await send_all(writer, HEAD + b"X-Long: " + b"x" * MANY)
    patient.routes.going_on.set()
    said = await ended(reader)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.count(b"HTTP/1.1 ") == 1
    writer.close()


async def test_many_heads_ahead_of_an_answer_are_bounded_together(patient: Served) -> None:
    reader, writer = await patient.connect()
    writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: patient.routes.asked["/slow"] == 1)
    (connection,) = patient.server.server_state.connections
    assert isinstance(connection, Patient)
    one = HEAD + b"X-Long: " + b"x" * (MOST_HEAD // 16) + b"\r\n\r\n"
    writer.write(one * 30)
    await until(lambda: len(connection.pipeline) > 15)
    connection.flow.resume_reading()  # as an application does that asks for more of a body
    await until(lambda: not writer.transport.get_write_buffer_size())
    assert len(connection.pipeline) <= 17
    patient.routes.going_on.set()
    assert (await ended(reader)).count(b"HTTP/1.1 200 ") <= 18
    writer.close()


async def test_a_refused_head_gets_no_body(patient: Served) -> None:
    places = patient.fill(patient.lanes.quick)
    reader, writer = await patient.connect()
    writer.write(b"HEAD" + HEAD[3:] + b"\r\n")
    async with asyncio.timeout(60):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 503 ")
    places[0].leave()
    writer.write(HEAD + b"\r\n")
    assert await answer_of(reader) == (200, b"served")
    writer.close()


async def test_what_is_sent_behind_a_refused_request_gets_its_own_answer(patient: Served) -> None:
    patient.fill(patient.lanes.quick)
    reader, writer = await patient.connect()
    writer.write((HEAD + b"\r\n") * 2 + b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert [(await answer_of(reader))[0] for _ in range(3)] == [503, 503, 200]
    assert await ended(reader) == b""
    writer.close()


async def test_what_is_no_http_is_answered_by_a_problem(patient: Served) -> None:
    reader, writer = await patient.connect()
    writer.write(b"\x00\x01 what is this\r\n\r\n")
    said = await ended(reader)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in said
    assert "请求无法读取".encode() in said
    writer.close()


async def test_one_caller_leaves_room_for_the_bodies_of_others(patient: Served) -> None:
    patient.bodies.within, patient.bodies.of_one = 600, 2
    opened = [await patient.connect() for _ in range(4)]
    for number, (_, writer) in enumerate(opened[:2], 1):
        writer.write(POST + b"Content-Length: 2\r\n\r\nx")
        await until(lambda number=number: patient.bodies.reading.total() == number)
    for (reader, writer), name, status in zip(opened[2:], (b"probe", b"other"), (503, 200), strict=True):
        writer.write(POST + b"X-Caller: " + name + b"\r\nContent-Length: 1\r\n\r\nx")
        assert (await answer_of(reader))[0] == status
    for _, writer in opened:
        writer.transport.abort()
