"""Neo4j Community for tests without Docker: its jars by Maven, started by a JDK 17 on loopback.

The database is called ``neo4j``, the user ``neo4j``.
"""

import os
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from credit.archives.tables import README
from tests.services.ports import free_port

__all__ = ["admin", "free_port", "install", "missing", "read_in", "start", "stop"]

HERE: Final = Path(__file__).parent / "neo4j"
CACHE: Final = Path("~/.cache/credit-neo4j-5.26")
HOST: Final = "127.0.0.1"
DATABASE: Final = "neo4j"
USER: Final = "neo4j"
INSTALL_WITHIN: Final = 600
START_WITHIN: Final = 300
STOP_WITHIN: Final = 30
OPENED: Final = ("java.nio", "java.io", "sun.nio.ch", "java.lang")
SETTINGS: Final = """\
server.bolt.enabled=true
server.bolt.listen_address={host}:{port}
server.bolt.advertised_address={host}:{port}
server.default_listen_address={host}
server.memory.pagecache.size=256m
server.directories.data={home}/data
server.directories.logs={home}/logs
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
db.lock.acquisition.timeout=10s
db.tx_log.rotation.retention_policy=1 files
"""
"""Without a time limit on locks a schema change waits for ever on an open transaction."""


def missing() -> str | None:
    """Name what this machine lacks to run Neo4j; None if it can."""
    for program in ("java", "javac", "mvn"):
        if shutil.which(program) is None:
            return program
    return None


def install(cache_dir: Path = CACHE) -> Path:
    """Fetch the jars unless they are there; return their directory."""
    cache = cache_dir.expanduser()
    jars = cache / "lib"
    if (cache / "complete").exists():
        return jars
    jars.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"],  # noqa: S607  # found on PATH
        check=True,
        timeout=INSTALL_WITHIN,
        stdin=subprocess.DEVNULL,
    )
    (cache / "complete").touch()
    return jars


def start(
    home: Path, cache_dir: Path = CACHE, *, port: int, password: str, settings: str = ""
) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers a query; `stop` it afterwards.

    ``password`` counts at the first start of a home and must stay the same afterwards; at least 8 characters.
    ``settings`` are further lines of the settings file.

    Raises:
        RuntimeError: it ended, or did not answer in time; the end of its log is in the message.
    """
    jars = install(cache_dir)
    fresh = not (home / "data").exists()
    file = _write_settings(home, port=port, more=settings)
    if fresh:
        _set_password(home, jars, password)
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [*_java(jars), str(HERE / "Neo4jServer.java"), str(home), str(file)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_answer(server, home, port=port, password=password)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server, by force if it does not heed."""
    server.terminate()
    try:
        server.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def admin(
    home: Path, *arguments: str, memory: str = "512m", within: float = START_WITHIN, cwd: Path | None = None
) -> str:
    """Run ``neo4j-admin`` over a home whose server is stopped; return what it said.

    Raises:
        RuntimeError: it failed; the end of what it said is in the message.
    """
    done = subprocess.run(
        ["java", f"-Xmx{memory}", "-cp", f"{install()}/*", "org.neo4j.cli.AdminTool", *arguments],  # noqa: S607  # found on PATH
        env={**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        cwd=cwd,
        timeout=within,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        message = f"neo4j-admin {' '.join(arguments[:2])}: {said[-3000:]}"
        raise RuntimeError(message)
    return said


def read_in(files: Path, home: Path, *, memory: str = "512m", within: float) -> None:
    """Run over a home whose server is stopped the very command that the README of a first load's files names.

    Raises:
        RuntimeError: it names another program, or that failed.
    """
    text = (files / README).read_text(encoding="utf-8")
    told = text.partition("```sh\n")[2].partition("```")[0]
    program, *arguments = shlex.split(told.replace("\\\n", " "))
    if program != "neo4j-admin":
        message = f"{README} names {program}"
        raise RuntimeError(message)
    admin(home, *arguments, memory=memory, within=within, cwd=files)


def _java(jars: Path) -> list[str]:
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
    return ["java", "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", *opened, "-cp", f"{jars}/*"]


def _write_settings(home: Path, *, port: int, more: str) -> Path:
    settings = home / "conf" / "neo4j.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS.format(host=HOST, port=port, home=home) + more)
    return settings


def _set_password(home: Path, jars: Path, password: str) -> None:
    subprocess.run(
        [*_java(jars), "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password],
        env={**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        check=True,
        timeout=START_WITHIN,
        capture_output=True,
    )


def _await_answer(server: subprocess.Popen[bytes], home: Path, *, port: int, password: str) -> None:
    until = time.monotonic() + START_WITHIN
    while server.poll() is None and time.monotonic() < until:
        if _listens(port) and _answers(port, password):
            return
        time.sleep(0.1)
    said = (home / "server.log").read_text(errors="replace")[-2000:]
    message = f"Neo4j in {home} does not answer on port {port}: {said}"
    raise RuntimeError(message)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(port: int, password: str) -> bool:
    with GraphDatabase.driver(f"bolt://{HOST}:{port}", auth=(USER, password), connection_timeout=5) as driver:  # pyright: ignore[reportUnknownMemberType]  # **config
        try:
            with driver.session(database=DATABASE) as session:  # pyright: ignore[reportUnknownMemberType]  # **config
                session.run("RETURN 1").consume()  # nothing that tries again by itself, ever more slowly
        except (DriverError, Neo4jError):
            return False
    return True
