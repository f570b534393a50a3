"""Which days make a week: the workspace says whether it begins on Monday or on Sunday."""

from datetime import date, timedelta

MONDAY, SUNDAY = 0, 6
WEEK_STARTS = {"monday": MONDAY, "sunday": SUNDAY}
"""The weekday that a week begins with, as `date.weekday` counts it, by its word."""


def first_of_week(day: date, first_weekday: int = MONDAY) -> date:
    """Return the first day of the week that holds a day, where weeks begin with a weekday (`date.weekday`)."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def week_number(first_day: date) -> int:
    """Return the number of the week that begins on a day: the ISO 8601 week that most of it is in."""
    return (first_day + timedelta(days=3)).isocalendar().week
