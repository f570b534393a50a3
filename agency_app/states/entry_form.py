"""The form of an entry: what its dialog sends, how it shows an entry, and the time that is typed in it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from agency_app.documents import wording
from agency_app.domain.durations import DurationError, hours_minutes, parse_duration, prose
from agency_app.services.actor import Actor
from agency_app.services.read_entry import EntryChoices
from agency_app.services.refusal import Refused
from agency_app.states.views import EntryForm
from agency_app.store.work import EntryRow

EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)
"""Between these a wall time is one that somebody means."""
_LONGEST_NIGHT = timedelta(hours=12)
_CLOCK = r"^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"


class EntrySent(BaseModel):
    """What the entry dialog sends."""

    client: str = Field(max_length=64)
    retainer: str = Field(default="", max_length=64)
    campaign: str = Field(default="", max_length=64)
    activity: str = Field(max_length=64)
    note: str = Field(default="", max_length=2000)
    day: date = Field(ge=EARLIEST.date(), le=LATEST.date(), alias="date")
    start: str = Field(default="", pattern=_CLOCK)
    end: str = Field(default="", pattern=_CLOCK)
    duration: str = Field(default="", max_length=20)
    tags: str = Field(default="", max_length=500)
    billable: bool = False
    late: bool = False


EMPTY_FORM: EntryForm = {
    "id": "",
    "version": 0,
    "title": "",
    "client_id": "",
    "retainer_id": "",
    "campaign_id": "",
    "activity_id": "",
    "note": "",
    "date": "",
    "start": "",
    "end": "",
    "duration": "",
    "tags": "",
    "billable": True,
    "rate": "",
    "locked": "",
    "billing": [],
    "task": "",
}


def shown_of(row: EntryRow, actor: Actor, choices: EntryChoices) -> EntryForm:
    """Return an entry as the dialog shows it."""
    zone = ZoneInfo(actor.zone)
    start = row.started_at.astimezone(zone) if row.started_at else None
    end = row.ended_at.astimezone(zone) if row.ended_at else None
    currency = next(client.currency for client in choices.clients if client.id == row.client_id)
    return {
        "id": row.id,
        "version": row.version,
        "title": f"{row.client}, {row.activity}",
        "client_id": row.client_id,
        "retainer_id": row.retainer_id or "none",
        "campaign_id": row.campaign_id or "",
        "activity_id": row.activity_id,
        "note": row.note,
        "date": (start.date() if start else row.work_date).isoformat(),
        "start": f"{start:%H:%M}" if start else "",
        "end": f"{end:%H:%M}" if end else "",
        "duration": "" if start else hours_minutes(row.seconds),
        "tags": row.tags,
        "billable": row.billable,
        "rate": f"{wording.rate(row.rate, currency)} / h, {row.rate_source}",
        "locked": "",
        "billing": [],
        "task": row.title if row.title != row.note else "",
    }


def typed_of(form: EntrySent) -> dict[str, Any]:
    """Return what the dialog sent as it shows an entry; see `shown_of`."""
    return {
        "client_id": form.client,
        "retainer_id": form.retainer,
        "campaign_id": form.campaign,
        "activity_id": form.activity,
        "note": form.note.strip(),
        "date": form.day.isoformat(),
        "start": form.start,
        "end": form.end,
        "duration": form.duration,
        "tags": " ".join(form.tags.replace(",", " ").split()),
        "billable": form.billable,
    }


def names_of(choices: EntryChoices) -> dict[str, str]:
    """Return the names of all that the dialog offers, by id."""
    known = (*choices.clients, *choices.retainers, *choices.campaigns, *choices.activities)
    return {one.id: one.name for one in known}


def span_of(form: EntrySent, actor: Actor) -> tuple[datetime | None, datetime | None, int | None]:
    """Return start and end, or neither and the seconds of the typed duration.

    An end before the start is next day's where the night between is at most half a day long; longer, it is a slip.
    With a start, an end and a duration the two have to agree. Raises Refused naming the field.
    """
    if form.start and form.end and not form.duration:
        return (*_clock_span(form, actor), None)
    try:
        seconds = parse_duration(form.duration)
    except DurationError as error:
        missing = "" if form.duration else "Give a start and an end, or a duration. "
        raise Refused(missing or str(error), "duration") from error
    if form.start and form.end:
        start, end = _clock_span(form, actor)
        if int((end - start).total_seconds()) != seconds:
            raise Refused(
                f"{form.start} to {form.end} is not {prose(seconds)}: empty the end, or the duration.", "duration"
            )
        return start, end, None
    if not form.start:
        return None, None, seconds
    start = instant_of(datetime.combine(form.day, time.fromisoformat(form.start)), actor)
    return start, start + timedelta(seconds=seconds), None


def _clock_span(form: EntrySent, actor: Actor) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(form.day, time.fromisoformat(text)) for text in (form.start, form.end))
    if end < start:
        end += timedelta(days=1)
        if end - start > _LONGEST_NIGHT:
            raise Refused(f"The end, {form.end}, is before the start, {form.start}.", "end")
    return instant_of(start, actor), instant_of(end, actor)


def instant_of(wall: datetime, actor: Actor) -> datetime:
    """Return a wall time of the member's zone as an instant; a time the clock skips moves past the gap."""
    return wall.replace(tzinfo=ZoneInfo(actor.zone)).astimezone(UTC)
