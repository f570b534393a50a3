"""Spans of days that have a name, as a filter that somebody saved goes on meaning them."""

from datetime import date, timedelta

from agency_app.domain.weeks import MONDAY, first_of_week

SPANS = {
    "this-week": "This week",
    "last-week": "Last week",
    "this-month": "This month",
    "last-month": "Last month",
    "last-30-days": "Last 30 days",
    "this-year": "This year",
}
"""What each is called, by the word that stands for it."""


def named_span(word: str, today: date, first_weekday: int = MONDAY) -> tuple[date, date]:
    """Return the first and the last day of a named span, as seen from a day, where weeks begin with a weekday.

    Raises KeyError for an unknown word.
    """
    begins, first = first_of_week(today, first_weekday), today.replace(day=1)
    before = first - timedelta(days=1)
    return {
        "this-week": (begins, begins + timedelta(days=6)),
        "last-week": (begins - timedelta(days=7), begins - timedelta(days=1)),
        "this-month": (first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "last-month": (before.replace(day=1), before),
        "last-30-days": (today - timedelta(days=29), today),
        "this-year": (date(today.year, 1, 1), date(today.year, 12, 31)),
    }[word]
