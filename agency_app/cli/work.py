"""`agency log` and `agency timer`: work is logged from one line of text."""

from typing import Annotated

import typer

from agency_app.cli.application import app
from agency_app.cli.options import AsJson, DataDir, MemberEmail
from agency_app.cli.workspace import acting_member


@app.command()
def log(
    text: Annotated[str, typer.Argument(help='Such as "2h northwind meta optimisation yesterday 9pm".')],
    member: MemberEmail = "",
    now: Annotated[str, typer.Option("--now", help="Read the line as of this instant, ISO 8601 with offset.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is understood; save nothing.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Log a touch of work from one line of text, if nothing of it is unsure."""
    actor = acting_member(data_dir, member)
    from agency_app.cli.output import print_json
    from agency_app.cli.output_log import instant, line_shape, print_line
    from agency_app.services.log_line import UnsureLine, log_line, refuse_impossible, understand_line

    if dry_run:
        line = understand_line(actor, text, at=instant(now))
        refuse_impossible(line)
        shape = line_shape(line, actor.zone)
    else:
        try:
            line, logged = log_line(actor, text, at=instant(now))
        except UnsureLine as unsure:
            if as_json:  # what was understood and what has to be settled, for the script that asks it
                print_json(line_shape(unsure.line, actor.zone))
            raise
        shape = line_shape(line, actor.zone) | {"id": logged.entry_id}
    if as_json:
        return print_json(shape)
    print_line(shape, saved=not dry_run)


@app.command()
def timer(
    action: Annotated[str, typer.Argument(help="status, start, stop or discard.")] = "status",
    text: Annotated[str, typer.Argument(help='What to start for, such as "report fjord".')] = "",
    until: Annotated[str, typer.Option(help="Stop as of this instant, ISO 8601 with offset.")] = "",
    member: MemberEmail = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Start or stop a member's timer, or show it; the one in the top bar."""
    actor = acting_member(data_dir, member)
    from agency_app.cli.output_timer import run_timer

    run_timer(actor, action, text, until, as_json=as_json)
