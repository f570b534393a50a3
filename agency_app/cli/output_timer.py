"""`agency timer`: the same timer as in the top bar, for people and for scripts."""

from datetime import UTC, datetime
from typing import Any

import typer

from agency_app.cli.output import print_json
from agency_app.cli.output_log import instant
from agency_app.domain.durations import hours_minutes
from agency_app.services.actor import Actor
from agency_app.services.read_entry import read_entry
from agency_app.services.refusal import Refused
from agency_app.services.timer import discard_timer, read_timer, start_from_line, stop_timer

ACTIONS = ("status", "start", "stop", "discard")


def run_timer(actor: Actor, action: str, text: str, until: str, *, as_json: bool) -> None:
    """Do what is asked of the actor's timer and print how it stands: `logged` is the entry of a stopped timer."""
    if action not in ACTIONS:
        raise Refused(f"{action!r} is none of {', '.join(ACTIONS)}.", "action")
    if (action == "start") != bool(text.strip()):
        raise Refused("`start` needs a line that says what for, the others take none.", "text")
    logged = None
    if action == "start":
        logged = start_from_line(actor, text).logged
    elif action == "stop":
        logged = stop_timer(actor, instant(until))
    elif action == "discard":
        discard_timer(actor)
    entry = _entry(actor, logged.entry_id) if logged else None
    shape: dict[str, Any] = {**_shape(actor), "logged": entry}
    if as_json:
        return print_json(shape)
    if entry:
        typer.echo(f"Logged {hours_minutes(entry['seconds'])} h for {entry['client']}.")
    if shape["running"]:
        typer.echo(f"Runs for {shape['client']}, {shape['activity']}: {hours_minutes(shape['seconds'])} h so far.")
    elif not entry:
        typer.echo("No timer runs.")


def _shape(actor: Actor) -> dict[str, Any]:
    timer = read_timer(actor)
    if timer is None:
        return {"running": False}
    return {
        "running": True,
        "client": timer.client,
        "activity": timer.activity,
        "campaign": timer.campaign or None,
        "note": timer.note,
        "started_at": timer.started_at.isoformat(),
        "seconds": max(0, int((datetime.now(UTC) - timer.started_at).total_seconds())),
        "forgotten": timer.forgotten,
    }


def _entry(actor: Actor, entry_id: str) -> dict[str, Any]:
    row = read_entry(actor, entry_id)
    return {
        "id": row.id,
        "client": row.client,
        "activity": row.activity,
        "date": row.work_date.isoformat(),
        "seconds": row.seconds,
    }
