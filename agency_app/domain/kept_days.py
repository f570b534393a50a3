"""The days that there is work on, bills for, or a week to show of: those of this century.

A day outside is a slip of the finger. Arithmetic on the calendar's own first and last days would overflow, so that an
address, an option or a form that names one of them is answered as one that names no day at all.
"""

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
YEARS = f"{FIRST_DAY.year} to {LAST_DAY.year}"
"""The years that are kept, for sentences."""


def is_kept(day: date) -> bool:
    """Return whether there is work on a day, bills for it, or a week to show of it."""
    return FIRST_DAY <= day <= LAST_DAY


def kept_day(written: str) -> date:
    """Return a day written as 2026-11-20. Raises ValueError for what is none, and for a day of another century."""
    day = date.fromisoformat(written)
    if not is_kept(day):
        raise ValueError(f"{written} is not in the years {YEARS}.")
    return day
