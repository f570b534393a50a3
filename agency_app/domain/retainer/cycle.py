"""The cycle of an agreement: which days make up the period that holds a day, and what part of it is covered."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from agency_app.domain.money import round_half_up

CycleUnit = Literal["month", "week"]
Proration = Literal["none", "day", "working_day"]

DAY = timedelta(days=1)
_WEEK_DAYS = 7


@dataclass(frozen=True)
class Cycle:
    """Every so many months or weeks, counted from an anchor: a day on which a period starts.

    The day of the month of the anchor (1 to 31) starts each period of months; in a shorter month the last day of the
    month stands in for it, and the month after starts on the anchor's day again.
    """

    unit: CycleUnit = "month"
    every: int = 1
    anchor: date = date(2001, 1, 1)

    def __post_init__(self) -> None:
        if self.unit not in ("month", "week"):
            raise ValueError(f"“{self.unit}” is not a cycle: choose month or week.")
        if not 1 <= self.every <= 120:
            raise ValueError("A cycle takes from 1 to 120 months or weeks.")

    def period_of(self, day: date) -> tuple[date, date]:
        """Return the first and last day of the period that holds a day."""
        if self.unit == "week":
            length = _WEEK_DAYS * self.every
            first = day - ((day - self.anchor).days % length) * DAY
            return first, first + (length - 1) * DAY
        anchor_month = _month_number(self.anchor)
        month = _month_number(day)
        if day < _day_in_month(month, self.anchor.day):
            month -= 1
        month -= (month - anchor_month) % self.every
        first = _day_in_month(month, self.anchor.day)
        return first, _day_in_month(month + self.every, self.anchor.day) - DAY


def calendar_anchor(unit: CycleUnit, every: int, starts_on: date) -> date:
    """Return the anchor of a cycle that follows the calendar.

    Weeks start on Monday. Months start on the 1st: with January when the cycle divides a year (quarters, half-years),
    else with the month in which the agreement starts.
    """
    if unit == "week":
        return starts_on - starts_on.weekday() * DAY
    return date(starts_on.year, 1 if 12 % every == 0 else starts_on.month, 1)


def period_of(day: date, anchor_day: int = 1) -> tuple[date, date]:
    """Return the first and last day of the monthly period that holds a day.

    The anchor day (1 to 31) itself starts a period; in a shorter month the last day of the month stands in for it.
    Raises ValueError for an anchor day outside 1 to 31.
    """
    if not 1 <= anchor_day <= 31:
        raise ValueError("A period starts on a day from 1 to 31.")
    return Cycle("month", 1, date(2001, 1, anchor_day)).period_of(day)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_in_month(month_number: int, day: int) -> date:
    year, month_index = divmod(month_number, 12)
    return date(year, month_index + 1, min(day, calendar.monthrange(year, month_index + 1)[1]))


def days_between(first: date, last: date) -> list[date]:
    """Return every day from first to last."""
    return [first + index * DAY for index in range((last - first).days + 1)]


def working_days(first: date, last: date) -> list[date]:
    """Return Monday to Friday from first to last, or every day when there is none of them."""
    days = days_between(first, last)
    return [day for day in days if day.weekday() < 5] or days


def prorated(amount: int, proration: Proration, covered: Iterable[date], first: date, last: date) -> int:
    """Return the part of an amount that the covered days of a whole period from first to last deserve, half up.

    "none" gives the whole amount as soon as a day is covered. Raises ValueError for an unknown proration.
    """
    days = set(covered)
    if not days:
        return 0
    if proration == "none":
        return amount
    if proration == "day":
        return round_half_up(amount * len(days), (last - first).days + 1)
    if proration == "working_day":
        whole = working_days(first, last)
        return round_half_up(amount * sum(day in days for day in whole), len(whole))
    raise ValueError(f"“{proration}” is not a proration: choose none, day or working_day.")
