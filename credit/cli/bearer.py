"""In whose name a command reads and acts: the operator's, or that of an API key, which never stands on a command line.

What an officer does is bound to the authority of a key, as through the API: the same rights, the same refusals, and who
acted is recorded. To read, the operator of the registry needs no key, for the graph is his.
"""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from fastapi import Response

from credit.api.deps import Asked
from credit.api.routes import READERS, RECORDERS
from credit.cli.checking import CALLER
from credit.errors import Denied, Unauthenticated, Unavailable
from credit.model.caller import Caller, Scope
from credit.wiring import Services

VARIABLE: Final = "CREDIT_KEY"
NOTED_AT_ONCE: Final = 500
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        metavar="FILE",
        help=f"存放 API 密钥的文件，或以环境变量 {VARIABLE} 给出密钥 / File with the API key; or the key in {VARIABLE}",
        show_default=False,
    ),
]


def key_of(file: Path | None, environ: Mapping[str, str] | None = None) -> str | None:
    """Read the key from a file, else from the environment; None where neither is given.

    Raises:
        Unavailable: the file cannot be read.
    """
    if file is None:
        return (os.environ if environ is None else environ).get(VARIABLE, "").strip() or None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"无法读取密钥文件 {file}。", f"The key file {file} cannot be read") from error


async def reader_of(services: Services, key: str | None, needed: Sequence[Scope] = READERS) -> Caller:
    """Return who reads: a key's holder with one of the scopes ``needed``, without a key the operator.

    Raises:
        Unauthenticated: no such key, or it has ended.
        Denied: it may not read.
    """
    return CALLER if key is None else _with(await services.gate.authenticate(key), needed)


async def officer_of(services: Services, key: str | None, needed: Sequence[Scope] = RECORDERS) -> Caller:
    """Return who acts, by a key with one of the scopes ``needed``: nobody acts without one.

    Raises:
        Unauthenticated: there is no key, or none that is live.
        Denied: it has none of the scopes.
    """
    if key is None:
        raise Unauthenticated(
            f"办理须用办理者的密钥：请用 --key-file 或环境变量 {VARIABLE}。",
            f"To act takes the key of whoever acts: give it by --key-file or in {VARIABLE}",
        )
    return _with(await services.gate.authenticate(key), needed)


def _with(caller: Caller, needed: Sequence[Scope]) -> Caller:
    if not any(map(caller.has, needed)):
        raise Denied(
            f"该密钥没有所需权限：{' / '.join(needed)}。", f"The key has none of the scopes {', '.join(needed)}"
        )
    return caller


def asking(services: Services, caller: Caller) -> Asked:
    """Make what the API's own reading and writing asks for, so that a command answers as the API does."""
    return Asked(services, caller, f"cli-{secrets.token_hex(8)}", Response())


async def note(services: Services, caller: Caller, action: str, parties: Iterable[str]) -> None:
    """Write down who was looked up, as the API does, and see to it that it is kept."""
    ask, known = asking(services, caller), sorted(set(parties))
    for start in range(0, len(known), NOTED_AT_ONCE):
        await ask.note(action, known[start : start + NOTED_AT_ONCE])
    await services.accesses.flush()
