"""Debian's redis-server for tests: on loopback, on a free port, nothing kept on disk; password and TLS on wish."""

import ipaddress
import shutil
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import redis as client
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.services.ports import free_port

HOST: Final = "127.0.0.1"
PROGRAM: Final = "redis-server"
START_WITHIN: Final = 10
STOP_WITHIN: Final = 10


@dataclass(frozen=True, slots=True)
class Redis:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    password: str = ""
    ca: Path | None = None
    """Certificate of a server that speaks TLS alone."""

    @property
    def url(self) -> str:
        """Address as the client takes it."""
        return (
            f"{'rediss' if self.ca else 'redis'}://{f':{self.password}@' if self.password else ''}{HOST}:{self.port}/0"
        )


def missing() -> str | None:
    """Name what this machine lacks to run Redis; None if it can."""
    return None if shutil.which(PROGRAM) else PROGRAM


def start(home: Path, *, port: int = 0, password: str = "", tls: bool = False) -> Redis:
    """Start a server, at a free port unless one is named, and wait until it answers.

    With ``tls`` it speaks nothing else, by a certificate of its own that is made here.

    Raises:
        RuntimeError: it ended or did not answer in time.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    options = {"bind": HOST, "port": str(port), "dir": str(home), "save": "", "appendonly": "no"}
    if password:
        options["requirepass"] = password
    ca = _certificate(home) if tls else None
    if ca is not None:
        options |= {"port": "0", "tls-port": str(port), "tls-cert-file": str(ca), "tls-auth-clients": "no"}
        options["tls-key-file"] = str(ca.with_name("key.pem"))
    with (home / "redis.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, *(word for name, value in options.items() for word in (f"--{name}", value))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Redis(process, port, password, ca)
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        if _answers(server):
            return server
        time.sleep(0.02)
    stop(server)
    message = f"{PROGRAM} does not answer on port {port}; see {home / 'redis.log'}"
    raise RuntimeError(message)


def ask(server: Redis, *words: str) -> object:
    """Send a command by a client of the test's own; return what it answers, texts as such."""
    tls = {"ssl_ca_certs": str(server.ca)} if server.ca else {}
    with client.Redis.from_url(server.url, decode_responses=True, **tls) as asking:  # pyright: ignore[reportUnknownMemberType]  # **kwargs
        return asking.execute_command(*words)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # untyped


def stop(server: Redis) -> None:
    """End a server, by force if it does not heed; it may have ended already."""
    server.process.terminate()
    try:
        server.process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def _certificate(home: Path) -> Path:
    """Make a certificate for loopback that signs itself, its key beside it; a home keeps its first."""
    if (home / "cert.pem").exists():
        return home / "cert.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (home / "key.pem").write_bytes(private)
    (home / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    return home / "cert.pem"


def _answers(server: Redis) -> bool:
    """Tell whether it speaks; that it asks for a password is an answer, too."""
    try:
        with socket.create_connection((HOST, server.port), timeout=1) as plain:
            if server.ca is None:
                return _speaks(plain)
            context = ssl.create_default_context(cafile=server.ca)
            with context.wrap_socket(plain, server_hostname=HOST, do_handshake_on_connect=False) as secured:
                secured.do_handshake()
                return _speaks(secured)
    except OSError:
        return False


def _speaks(connection: socket.socket) -> bool:
    connection.sendall(b"PING\r\n")
    return connection.recv(64).startswith((b"+PONG\r\n", b"-NOAUTH"))
