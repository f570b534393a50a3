"""A change in words: what a toast and the list of recent changes say of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.services.recent_changes import Change, Worked

_DID = {
    "log_time": "Logged",
    "move_entry": "Moved",
    "edit_entry": "Edited",
    "delete_entry": "Deleted",
    "drop_task": "Dismissed",
    "discard_timer": "Discarded the timer of",
    "undo": "Undone",
    "redo": "Redone",
    "split": "Split",
    "merge": "Merged",
    "edit": "Edited",
    "delete": "Deleted",
    "move": "Moved",
    "copy": "Copied",
    "routine": "Confirmed",
    "dismiss_routine": "Said no to a routine",
}


def did_words(verb: str) -> str:
    """Return what a verb of the audit events did, in a word."""
    return _DID.get(verb, "Changed")


def change_title(change: Change) -> str:
    """Return what was done to what: "Moved Northwind, Optimisation"."""
    did = did_words(change.verb)
    if change.entries > 1:
        return f"{did}: {change.entries} entries, {change.client}" if change.client else f"{did}: {change.entries}"
    about = ", ".join(part for part in (change.client, change.activity) if part)
    return f"{did} {about}" if about else did


def in_a_sentence(title: str) -> str:
    """Return a title as it goes on after a colon."""
    return title[:1].lower() + title[1:]


def change_detail(change: Change, zone: str) -> str:
    """Return from when to when it went, in the zone: "Tue 17 Nov 09:00–11:00 → 10:00–12:00"."""
    if change.entries > 1:
        return ""
    before, after = change.before, change.after
    if before and after and before != after:
        return f"{worked_words(before, zone)} → {worked_words(after, zone, since=before)}"
    held = after or before
    return worked_words(held, zone) if held else ""


def worked_words(worked: Worked, zone: str, since: Worked | None = None) -> str:
    """Return when an entry was worked; without its day where that is the same as before."""
    day = "" if since and since.day == worked.day else f"{wording.weekday_date(worked.day)} "
    if worked.start is None or worked.end is None:
        return f"{day}{prose(worked.seconds)}"
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (worked.start, worked.end))
    return f"{day}{start:%H:%M}–{end:%H:%M}"


def moment_words(at: datetime, zone: str, today: datetime) -> str:
    """Return when a change was made: its time alone where that was today."""
    local = at.astimezone(ZoneInfo(zone))
    here = today.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}" if local.date() == here.date() else f"{wording.short_date(local.date())} {local:%H:%M}"
