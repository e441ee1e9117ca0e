"""Passphrases: from a file, from the environment or from the terminal, never from the command line."""

import os
import sys
from pathlib import Path
from typing import Final

import typer

from credit.errors import FieldInvalid, KeyFileUnusable
from credit.keys.files import read_secret

VARIABLE: Final = "CREDIT_KEYS_PASSPHRASE"


def passphrase(file: Path | None, *, twice: bool) -> str:
    """Return the passphrase: a file named wins over the variable, that over asking; ``twice``: asked again.

    Raises:
        FieldInvalid: there is none, and no terminal to ask at.
        KeyFileUnusable: others may read the file, or nobody can.
    """
    if file is not None:
        return _text(file).rstrip("\r\n")
    if told := os.environ.get(VARIABLE):
        return told
    if not sys.stdin.isatty():
        raise FieldInvalid(
            f"没有终端可输入口令，请用 --passphrase-file 或环境变量 {VARIABLE}。",
            f"There is no terminal to ask for the passphrase. Use --passphrase-file, or the variable {VARIABLE}",
        )
    return str(typer.prompt("口令 · passphrase", hide_input=True, confirmation_prompt=twice, err=True))


def read_file(file: Path) -> bytes:
    """Read a file of keys.

    Raises:
        KeyFileUnusable: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise KeyFileUnusable(f"无法读取 {file}。", f"{file} cannot be read: {error.strerror}") from error


def _text(file: Path) -> str:
    try:
        return read_secret(file).decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise KeyFileUnusable(f"无法读取口令文件 {file}。", f"The passphrase file {file} cannot be read") from error
