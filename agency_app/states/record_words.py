"""What is on record about an entry, in the words of the invoice's page. Pure."""

from datetime import date
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.services.draft_edits import DECISION
from agency_app.services.entry_record import IMPORTED, EntryRecord, Recorded
from agency_app.states.change_words import did_words, worked_words
from agency_app.store.work import EntryRow


class RecordRow(TypedDict):
    """A line of the record: when, what was done by whom, and from what to what."""

    key: str
    at: str
    text: str
    detail: str


class Proof(TypedDict):
    """What stands under an entry that is opened."""

    id: str
    facts: list[str]
    rate: str
    rows: list[RecordRow]


def no_proof() -> Proof:
    """Return what stands under no entry."""
    return {"id": "", "facts": [], "rate": "", "rows": []}


def proof_of(record: EntryRecord, zone: str, currency: str) -> Proof:
    """Return what stands under an entry; `zone` is that of who looks."""
    row = record.row
    facts = [
        row.activity,
        row.campaign,
        row.title if row.title != row.note else "",
        *(f"#{tag}" for tag in row.tags.split()),
    ]
    return {
        "id": row.id,
        "facts": list(dict.fromkeys(filter(None, facts))),
        "rate": f"{wording.rate(row.rate, currency)} / h, {row.rate_source}",
        "rows": [_row(number, one, zone) for number, one in enumerate(record.recorded)],
    }


def time_of_day(row: EntryRow | None) -> str:
    """Return from when to when an entry was worked, in its own zone; a dash where only its length is known."""
    if row is None or row.started_at is None or row.ended_at is None:
        return "–"
    start, end = (moment.astimezone(ZoneInfo(row.zone)) for moment in (row.started_at, row.ended_at))
    return f"{start:%H:%M}–{end:%H:%M}"


def _row(number: int, one: Recorded, zone: str) -> RecordRow:
    local = one.at.astimezone(ZoneInfo(zone))
    by = f" by {one.by}" if one.by else ""
    if one.verb == IMPORTED:
        text, detail = "Imported", one.source
    elif one.verb == DECISION:
        text, detail = f"Billing decided{by}", _decided(one.decided)
    else:
        text, detail = f"{did_words(one.verb)}{by}", _worked(one, zone)
    return {
        "key": str(number),
        "at": f"{wording.short_date(local.date())} {local:%H:%M}",
        "text": text,
        "detail": detail,
    }


def _worked(one: Recorded, zone: str) -> str:
    before, after = one.before, one.after
    if before and after and before != after:
        return f"{worked_words(before, zone)} → {worked_words(after, zone, since=before)}"
    held = after if not before else None
    return worked_words(held, zone) if held else ""


def _decided(decided: dict[str, Any] | None) -> str:
    if not decided:
        return "billed whole"
    said = []
    if decided["less_seconds"]:
        said.append(f"{wording.minutes(decided['less_seconds'])} not billed")
    if decided["written_off_seconds"]:
        said.append(f"{wording.minutes(decided['written_off_seconds'])} written off: {decided['reason']}")
    if decided["bill_on"]:
        said.append(f"moved to {wording.month_name(date.fromisoformat(decided['bill_on']))}")
    return ", ".join(said) or "billed whole"
