"""A web server on loopback whose replies a test chooses."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.services.ports import free_port


@dataclass
class Reply:
    """What the server answers: ``length`` announced (None: none), ``body`` sent, then ``hang`` seconds of silence."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = -1
    hang: float = 0


Answering = Callable[[str, Mapping[str, str]], Reply]


@dataclass
class Server:
    """A server that runs; ``asked`` holds paths and headers (names in small letters) in order."""

    port: int
    answering: Answering = lambda _path, _headers: Reply()
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/list.csv") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def replies(self, *replies: Reply) -> None:
        """Answer with these in turn, then with the last."""
        left = list(replies)
        self.answering = lambda _path, _headers: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def serving() -> Generator[Server]:
    """Run a server for a block."""
    served = Server(free_port())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.asked.append((self.path, headers))
            _send(self, served.answering(self.path, headers), served.ended)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", served.port), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        listening.shutdown()
        thread.join()
        listening.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply, ended: threading.Event) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if reply.length is not None:
        handler.send_header("Content-Length", str(len(reply.body) if reply.length < 0 else reply.length))
    handler.send_header("Connection", "close")
    handler.end_headers()
    try:
        handler.wfile.write(reply.body)
        handler.wfile.flush()
    except ConnectionError:
        return  # the client had enough
    ended.wait(reply.hang)
    handler.close_connection = True
