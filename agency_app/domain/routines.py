"""Routines: which days they fall on. Local days; Monday is 0, as `date.weekday` counts."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from agency_app.domain.calendar import MemberCalendar, target_seconds

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_DAYS = WEEKDAYS[:5]


def weekdays_text(names: Iterable[str]) -> str:
    """Return days of the week as a routine keeps them: each once, from Monday on. Raises ValueError for other words."""
    found = set(names)
    if unknown := found - set(WEEKDAYS):
        raise ValueError(f"{', '.join(sorted(unknown))}: no day of the week")
    return " ".join(name for name in WEEKDAYS if name in found)


def falls_on(weekdays: str, starts_on: date, calendar: MemberCalendar, day: date) -> bool:
    """Tell whether a routine is meant for a day.

    Days off of the member and of everybody are skipped, and so is a day of the week on which the member means to work
    no hours; half a day off is a working day.
    """
    if day < starts_on or WEEKDAYS[day.weekday()] not in weekdays.split() or calendar.half_days_off(day) == 2:
        return False
    return calendar.week_on(day) is None or target_seconds(calendar, day) > 0


def due_days(
    weekdays: str, starts_on: date, calendar: MemberCalendar, first: date, last: date, decided: Collection[date]
) -> list[date]:
    """Return the days from first to last on which a routine still waits for an answer."""
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return [day for day in days if day not in decided and falls_on(weekdays, starts_on, calendar, day)]
