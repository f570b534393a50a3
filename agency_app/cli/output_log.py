"""What `agency log` takes and prints: the instant it is told, and a line as it was understood."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from agency_app.domain.durations import hours_minutes
from agency_app.domain.quick_line import Reading, Unsure
from agency_app.services.refusal import Refused


def instant(text: str) -> datetime | None:
    """Return the instant of an ISO 8601 text with an offset, None for no text. Raises Refused for anything else."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is not an instant: write it as 2026-11-17T21:00:00+01:00.", "now") from error
    if found.tzinfo is None or not 2000 < found.year < 2100:
        raise Refused(f"{text!r} needs its offset, and a year of this century: 2026-11-17T21:00:00+01:00.", "now")
    return found


def line_shape(line: Reading, zone: str) -> dict[str, Any]:
    """Return a line as it was understood, in the JSON shape of docs/logging.md."""
    names = {field: getattr(line, field) for field in ("client", "campaign", "platform", "activity")}
    return {field: name.label if name else None for field, name in names.items()} | {
        "date": line.date.isoformat(),
        "start": _local(line.start, zone),
        "end": _local(line.end, zone),
        "seconds": line.seconds,
        "note": line.note,
        "tags": list(line.tags),
        "unsure": [{"field": one.field, "candidates": _candidates(one)} for one in line.unsure],
    }


def print_line(shape: dict[str, Any], saved: bool) -> None:
    """Print a line as it was understood, the way people read it."""
    place = ": ".join(part for part in (shape["platform"], shape["campaign"]) if part)
    start, end = (datetime.fromisoformat(shape[key]) if shape[key] else None for key in ("start", "end"))
    times = f"{start:%H:%M}-{end:%H:%M}" if start and end else ""
    length = f"{hours_minutes(shape['seconds'])} h" if shape["seconds"] is not None else ""
    tags = " ".join(f"#{tag}" for tag in shape["tags"])
    parts = (shape["client"], shape["activity"], place, f"{shape['date']} {times}".strip(), length, shape["note"], tags)
    typer.echo(f"{'Logged' if saved else 'Understood'}: {', '.join(part for part in parts if part)}")
    for one in shape["unsure"]:
        typer.echo(f"  unsure, {one['field']}: {', '.join(str(answer) for answer in one['candidates'])}")


def _local(moment: datetime | None, zone: str) -> str | None:
    return moment.astimezone(ZoneInfo(zone)).isoformat() if moment else None


def _candidates(unsure: Unsure) -> list[str | int]:
    if unsure.field == "seconds":
        return [int(answer.value) for answer in unsure.candidates]
    by_value = unsure.field in {"date", "start", "end"}
    return [answer.value if by_value else answer.label for answer in unsure.candidates]
