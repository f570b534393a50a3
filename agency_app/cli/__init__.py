"""The `agency` command. It translates arguments into calls of the services and prints what they return.

Exit codes: 0 done; 1 `verify` or `doctor` found something; 2 an error, on standard error. What is slow to import is
imported inside the command that needs it: the modules here hold the commands, the `output` modules what they print.
"""

import sys
from contextlib import suppress

from agency_app.cli.application import app

# `agency --help` lists the commands in the order in which these modules bring them.
from agency_app.cli import serve, import_entries, lists, work, invoicing, keeping  # noqa: F401  # isort: skip


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]
    app()
