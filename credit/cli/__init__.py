"""The command line `credit`; `credit --help` lists the commands.

Results go to standard output, everything else to standard error. Exit codes: 0 all is well; 1 something is not; 2 it
could not be done, or not be told.
"""

from credit.cli.commands import app


def main() -> None:
    """Run the command that the arguments name."""
    app(prog_name="credit")
