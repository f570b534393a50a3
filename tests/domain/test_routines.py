"""Routines: the days they fall on, and that days off, days without hours and decided days are skipped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.calendar import MemberCalendar, TimeOff, WeekHours
from agency_app.domain.routines import WEEKDAYS, WORKING_DAYS, due_days, falls_on, weekdays_text

MONDAY = date(2026, 11, 16)
WORKING = " ".join(WORKING_DAYS)
WEEK = [MONDAY + timedelta(days=place) for place in range(7)]


def due(calendar: MemberCalendar, weekdays: str = WORKING, starts_on: date = MONDAY) -> list[int]:
    """Return the weekdays, Monday is 0, on which a routine is due in one week."""
    return [day.weekday() for day in due_days(weekdays, starts_on, calendar, WEEK[0], WEEK[-1], ())]


def test_without_a_calendar_the_chosen_days_count() -> None:
    assert due(MemberCalendar()) == [0, 1, 2, 3, 4]
    assert due(MemberCalendar(), "sat tue") == [1, 5]


def test_days_off_and_days_without_hours_are_skipped_and_half_days_are_not() -> None:
    week = WeekHours(date(2026, 1, 1), (28800, 28800, 28800, 28800, 0, 0, 0))
    off = (TimeOff(WEEK[1], WEEK[1]), TimeOff(WEEK[2], WEEK[2], half=True))
    assert due(MemberCalendar((week,), off)) == [0, 2, 3]


def test_nothing_is_due_before_the_first_day() -> None:
    assert due(MemberCalendar(), starts_on=WEEK[3]) == [3, 4]


def test_days_of_the_week_are_kept_once_and_in_order() -> None:
    assert weekdays_text(["fri", "mon", "fri"]) == "mon fri"
    with pytest.raises(ValueError, match="someday"):
        weekdays_text(["someday"])


@given(
    st.sets(st.sampled_from(WEEKDAYS)),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), st.booleans())),
    st.sets(st.integers(0, 60)),
)
def test_due_days_are_chosen_working_and_undecided(
    names: set[str], off: list[tuple[int, int, bool]], decided: set[int]
) -> None:
    calendar = MemberCalendar(
        (), tuple(TimeOff(MONDAY + timedelta(a), MONDAY + timedelta(a + length), half) for a, length, half in off)
    )
    text, said = weekdays_text(names), {MONDAY + timedelta(place) for place in decided}
    found = due_days(text, MONDAY, calendar, MONDAY, MONDAY + timedelta(60), said)
    for place in range(61):
        day = MONDAY + timedelta(place)
        assert (day in found) == (day not in said and falls_on(text, MONDAY, calendar, day))
        assert day not in found or (WEEKDAYS[day.weekday()] in names and calendar.half_days_off(day) < 2)
