"""What routines ask for, as the week shows it: faint blocks for days to come, questions for days past. Pure."""

from datetime import date, datetime, timedelta
from typing import Any

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.services.read_routines import DueRoutine
from agency_app.states.views import RoutineQuestion

PLATFORM_KEYS = {"Meta": "meta", "Google Ads": "google", "TikTok": "tiktok", "LinkedIn": "linkedin", "Call": "call"}

_NO_HINT: dict[str, Any] = {}
"""One for all: blocks that foretell nothing."""


def routine_events(due: list[DueRoutine]) -> list[dict[str, Any]]:
    """Return the blocks of today and of days to come; they are no entries, and count nowhere."""
    return [_event(one) for one in due if not one.past]


def questions(due: list[DueRoutine], today: date) -> list[RoutineQuestion]:
    """Return what is asked about days past, by the name of the day, and with its date where that is a week ago."""
    return [
        {
            "key": f"{one.routine_id}:{one.day.isoformat()}",
            "routine_id": one.routine_id,
            "day": one.day.isoformat(),
            "text": f"{_day(one.day, today)}: {one.name}, {prose(one.seconds)}. Did it happen?",
            "client": one.client.short_name,
            "colour": f"c{one.client.colour}",
        }
        for one in due
        if one.past
    ]


def _event(one: DueRoutine) -> dict[str, Any]:
    day = one.day.isoformat()
    start = f"{day}T{one.starts_at}:00" if one.starts_at else day
    end = datetime.fromisoformat(start) + timedelta(seconds=one.seconds)
    return {
        "id": f"routine:{one.routine_id}:{day}",
        "version": 0,
        "start": start,
        "end": end.isoformat() if one.starts_at else "",
        "client": one.client.short_name,
        "activity": one.name,
        "seconds": one.seconds,
        "platform": PLATFORM_KEYS.get(one.platform, "report"),
        "colour": f"c{one.client.colour}",
        "routine": one.routine_id,
        "day": day,
        "to_come": one.to_come,
        "locked": False,
        "overlap": False,
        "hint": _NO_HINT,
    }


def _day(day: date, today: date) -> str:
    monday = today - timedelta(days=today.weekday())
    return f"{day:%A}" if day >= monday else f"{day:%A} {wording.short_date(day)}"
