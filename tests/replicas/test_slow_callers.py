"""Callers that send a byte a second, or never read, are bounded in time and memory: raw sockets, a server in here."""

import asyncio
import socket

import pytest

from credit.api.lanes import Width
from credit.cli.connections import MOST_HEAD
from tests.replicas.listening import HEAD, HOST, MOST, PLACES, POST, Served, ended, until


async def trickle(writer: asyncio.StreamWriter, sent: bytes) -> None:
    """Send a byte at a time until nobody takes any more."""
    try:
        for number in range(len(sent)):
            writer.write(sent[number : number + 1])
            await writer.drain()
            await asyncio.sleep(0.05)
    except OSError:
        pass


async def slowly(served: Served, sent: bytes, at_once: bytes = b"") -> bytes:
    """Send some at once and the rest a byte at a time; return all that is answered."""
    reader, writer = await served.connect()
    writer.write(at_once)
    trickling = asyncio.create_task(trickle(writer, sent))
    try:
        return await ended(reader)
    finally:
        trickling.cancel()
        await asyncio.wait([trickling])
        writer.transport.abort()


async def test_a_head_that_comes_a_byte_at_a_time_is_answered_408(served: Served) -> None:
    said = await slowly(served, HEAD * 100)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in said
    assert served.counted('credit_slow_clients_total{with="head"}')


async def test_a_second_head_on_a_connection_has_its_limit_too(served: Served) -> None:
    said = await slowly(served, HEAD * 100, at_once=HEAD + b"\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in said


async def test_a_body_that_comes_a_byte_at_a_time_is_answered_408(served: Served) -> None:
    said = await slowly(served, b"x" * 1000, b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert served.counted('credit_slow_clients_total{with="body"}')


async def test_who_sends_slowly_takes_nobodys_place(patient: Served) -> None:
    patient.bodies.within = 600
    patient.lanes.heavy.width = Width(at_once=PLACES, steady=MOST, burst=MOST, standing=600, patience=600)
    writers = [(await patient.connect())[1] for _ in range(2 * PLACES)]
    for writer in writers:
        writer.write(POST + b"Content-Length: 1000\r\n\r\nx")
    await until(lambda: patient.bodies.reading.total() == len(writers))
    reader, writer = await patient.connect()
    writer.write(POST + b"Connection: close\r\nContent-Length: 1\r\n\r\nx")
    assert (await ended(reader)).startswith(b"HTTP/1.1 200 ")
    for other in (*writers, writer):
        other.transport.abort()


async def test_a_connection_that_says_nothing_is_closed(served: Served) -> None:
    reader, writer = await served.connect()
    assert await ended(reader) == b""
    writer.close()


async def test_a_head_without_end_is_refused(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write(HEAD)
    for _ in range(8):
        writer.write(b"X-Long: " + b"x" * (MOST_HEAD // 4) + b"\r\n")
    said = await asyncio.gather(ended(reader), return_exceptions=True)
    assert isinstance(said[0], bytes | ConnectionError)
    assert not isinstance(said[0], bytes) or said[0].startswith(b"HTTP/1.1 413 ")
    writer.transport.abort()
    await until(lambda: not served.server.server_state.connections)


async def test_an_answer_that_nobody_reads_is_given_up(served: Served) -> None:
    with socket.socket() as mute:
        mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        mute.connect((HOST, served.port))
        mute.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: served.counted('credit_slow_clients_total{with="answer"}'))
        await until(lambda: not served.server.server_state.connections)


async def test_one_connection_too_many_is_refused_and_the_others_go_on(served: Served) -> None:
    held = [await served.connect() for _ in range(MOST)]
    await until(lambda: len(served.server.server_state.connections) == MOST)
    reader, writer = await served.connect()
    said = await ended(reader)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in said
    writer.close()
    first_reader, first_writer = held[0]
    first_writer.write(HEAD + b"Connection: close\r\n\r\n")
    assert (await ended(first_reader)).startswith(b"HTTP/1.1 200 ")
    for _, other in held:
        other.transport.abort()


async def test_requests_sent_ahead_without_end_are_refused(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write((HEAD + b"\r\n") * 1000)
    said = await asyncio.gather(ended(reader), return_exceptions=True)
    assert isinstance(said[0], bytes | ConnectionError)
    assert not isinstance(said[0], bytes) or said[0].count(b"HTTP/1.1 200 ") < 1000
    writer.transport.abort()


@pytest.mark.parametrize("body", [b"", b"x" * 100_000], ids=["none", "large"])
async def test_a_refusal_by_the_server_leaves_the_connection_good(served: Served, body: bytes) -> None:
    places = served.fill(served.lanes.heavy)
    reader, writer = await served.connect()
    writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert (await asyncio.wait_for(reader.readuntil(b"}"), 60)).startswith(b"HTTP/1.1 503 ")
    assert served.counted('credit_requests_shed_total{reason="heavy"}')
    for place in places:
        place.leave()
    writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
    assert b"HTTP/1.1 200 " in await ended(reader)
    writer.close()
