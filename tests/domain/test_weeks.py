"""Weeks that begin on Monday, and on Sunday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.weeks import MONDAY, SUNDAY, first_of_week, week_number

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
starts = st.sampled_from((MONDAY, SUNDAY))


@pytest.mark.parametrize(
    ("day", "monday", "sunday"),
    [
        (date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),  # a Sunday
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 22)),
        (date(2026, 11, 28), date(2026, 11, 23), date(2026, 11, 22)),
        (date(2027, 1, 1), date(2026, 12, 28), date(2026, 12, 27)),
    ],
)
def test_a_week_begins_where_the_workspace_says(day: date, monday: date, sunday: date) -> None:
    assert (first_of_week(day, MONDAY), first_of_week(day, SUNDAY)) == (monday, sunday)


@given(days, starts)
def test_each_day_is_in_the_one_week_of_seven_days_that_begins_right(day: date, start: int) -> None:
    first = first_of_week(day, start)
    assert first.weekday() == start
    assert first <= day < first + timedelta(days=7)
    assert first_of_week(first, start) == first


@given(days)
def test_a_week_has_the_number_of_the_monday_in_it(day: date) -> None:
    sunday = first_of_week(day, SUNDAY)
    assert week_number(sunday) == (sunday + timedelta(days=1)).isocalendar().week
    monday = first_of_week(day)
    assert week_number(monday) == monday.isocalendar().week
