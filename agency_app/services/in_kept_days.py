"""Refuse a day that nothing is kept of, by the input that it was given in."""

from datetime import date

from agency_app.domain.kept_days import YEARS, is_kept
from agency_app.services.refusal import Refused


def in_kept_days(day: date, field: str, what: str = "a day") -> date:
    """Return a day of `domain/kept_days.py`. Raises Refused naming the field, asking for `what` instead."""
    if not is_kept(day):
        raise Refused(f"Choose {what} in the years {YEARS}.", field)
    return day
