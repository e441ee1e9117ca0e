"""What all commands share: settings from options, errors in two languages, help in two languages."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from credit.errors import CreditError
from credit.settings import Settings, variable_of

EXIT_BAD: Final = 1
"""Something is not as it should be: rejected rows, a bidder who may not take part, a certificate that is wrong."""
EXIT_FAILED: Final = 2
"""It could not be done, or not be told."""

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="数据目录（默认 ./data 或 CREDIT_DATA） / Data directory (default: ./data or CREDIT_DATA)",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / Print JSON")]


class Reporting(TyperGroup):
    """A group of commands whose errors are told in Chinese and English, without a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  # typer keeps the type of its contexts to itself
        """Run the command; what the registry refuses ends with code 2."""
        try:
            return super().invoke(ctx)
        except CreditError as error:
            report(error)
            raise typer.Exit(EXIT_FAILED) from None

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
        """Explain ``--help`` in both languages."""
        return _explained(super().get_help_option(ctx))


class Explained(TyperCommand):
    """A command whose ``--help`` is explained in both languages."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
        """Explain ``--help`` in both languages."""
        return _explained(super().get_help_option(ctx))


def make_app(help_text: str) -> typer.Typer:
    """Make a group of commands."""
    return typer.Typer(
        cls=Reporting,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )


def settings_of(data: Path | None = None, **given: object) -> Settings:
    """Read the settings: an option that was given wins over its variable.

    Raises:
        SettingInvalid: a value is not of its form.
    """
    options = {"data": data, **given}
    over = {variable_of(name): str(value) for name, value in options.items() if value is not None}
    return Settings.from_env({**os.environ, **over})


def report(error: CreditError) -> None:
    """Say what is wrong, in Chinese and then in English, on standard error."""
    typer.secho(error.zh, err=True, fg=typer.colors.RED)
    if error.en != error.zh:
        typer.secho(error.en, err=True)


def say(zh: str, en: str) -> None:
    """Say how it goes, on standard error: standard output is for results."""
    typer.secho(f"{zh} · {en}", err=True)


def screen() -> Console:
    """Return where tables are printed: to the terminal's width, and wide where there is no terminal."""
    return Console() if sys.stdout.isatty() else Console(width=160, no_color=True)


def _explained(option: Any) -> Any:  # noqa: ANN401
    if option is not None:
        option.help = "显示此帮助 / Show this help and exit"
    return option
