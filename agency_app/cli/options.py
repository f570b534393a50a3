"""The options and arguments that commands share, and the days and months written in them."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from agency_app.domain.kept_days import YEARS, kept_day
from agency_app.services.refusal import Refused

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where the data lives. Default: AGENCY_DATA_DIR, else your user data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
MemberEmail = Annotated[str, typer.Option("--member", help="Act as this member. Default: the workspace's owner.")]
Port = Annotated[int, typer.Option(help="The one port of page, websocket and routes.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")]
Period = Annotated[str, typer.Option(help="The month, as 2026-11.")]
ClientName = Annotated[
    str, typer.Argument(metavar="CLIENT", help="A client's id, name, or its beginning of three letters or more.")
]
WholeClientName = Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id, name or short name, in full.")]


def day_of(text: str) -> date | None:
    """Read a day; None for no text. Raises Refused for what is not a date."""
    if not text:
        return None
    try:
        return kept_day(text)
    except ValueError:
        raise Refused(f"{text!r} is not a day from {YEARS}: write it as 2026-11-20.", "as_of") from None


def month_of(text: str) -> date:
    """Return the first day of a month. Raises Refused for what is not a month."""
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return kept_day(f"{text}-01")
    raise Refused(f"{text!r} is not a month from {YEARS}: write it as 2026-11.", "period")
