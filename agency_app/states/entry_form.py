"""The form of an entry: what its dialog sends, and how it shows an entry."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.services.actor import Actor
from agency_app.services.read_entry import EntryChoices
from agency_app.states.views import EntryForm
from agency_app.store.work import EntryRow

_CLOCK = r"^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"


class EntrySent(BaseModel):
    """What the entry dialog sends."""

    client: str = Field(max_length=64)
    retainer: str = Field(default="", max_length=64)
    campaign: str = Field(default="", max_length=64)
    activity: str = Field(max_length=64)
    note: str = Field(default="", max_length=2000)
    day: date = Field(alias="date")
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
