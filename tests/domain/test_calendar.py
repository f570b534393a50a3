"""When a member works: targets by weekday from a date on, days off, and half of them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.calendar import (
    MemberCalendar,
    TimeOff,
    WeekHours,
    target_between,
    target_seconds,
    working_share,
)

HOUR = 3600
MONDAY = date(2026, 9, 7)
FULL = WeekHours(date(2026, 1, 1), (8 * HOUR,) * 5 + (0, 0))
FOUR_DAYS = WeekHours(date(2026, 9, 9), (8 * HOUR,) * 4 + (0, 0, 0))


def test_the_target_of_a_day_is_that_of_its_weekday() -> None:
    calendar = MemberCalendar((FULL,))
    assert [target_seconds(calendar, MONDAY + timedelta(days=place)) // HOUR for place in range(7)] == [8] * 5 + [0] * 2
    assert target_between(calendar, MONDAY, MONDAY + timedelta(days=6)) == 40 * HOUR


def test_without_a_week_that_holds_there_is_no_target() -> None:
    assert target_seconds(MemberCalendar(), MONDAY) == 0
    assert target_seconds(MemberCalendar((FULL,)), date(2025, 12, 31)) == 0


def test_a_new_week_holds_from_its_day_and_leaves_the_days_before_alone() -> None:
    calendar = MemberCalendar((FULL, FOUR_DAYS))
    assert target_between(calendar, MONDAY, MONDAY + timedelta(days=6)) == 32 * HOUR
    assert target_between(calendar, MONDAY - timedelta(days=7), MONDAY - timedelta(days=1)) == 40 * HOUR


def test_a_day_off_has_no_target_and_half_a_day_off_has_half() -> None:
    off = TimeOff(MONDAY, MONDAY + timedelta(days=1)), TimeOff(date(2026, 9, 9), date(2026, 9, 9), half=True)
    assert target_between(MemberCalendar((FULL,), off), MONDAY, MONDAY + timedelta(days=4)) == 20 * HOUR


def test_two_halves_off_are_a_whole_day_off_and_never_more() -> None:
    off = tuple(TimeOff(MONDAY, MONDAY, half=True) for _ in range(3))
    assert target_seconds(MemberCalendar((FULL,), off), MONDAY) == 0


def test_the_share_of_a_usual_day_counts_part_time_days_and_days_off() -> None:
    uneven = WeekHours(date(2026, 1, 1), (8 * HOUR, 8 * HOUR, 4 * HOUR, 0, 0, 0, 0))
    calendar = MemberCalendar((uneven,), (TimeOff(MONDAY, MONDAY, half=True),))
    shares = [working_share(calendar, MONDAY + timedelta(days=place)) for place in range(4)]
    assert shares == [6_000, 12_000, 6_000, 0]


def test_without_any_target_monday_to_friday_are_usual_days() -> None:
    calendar = MemberCalendar((), (TimeOff(MONDAY, MONDAY),))
    shares = [working_share(calendar, MONDAY + timedelta(days=place)) for place in range(7)]
    assert shares == [0, 10_000, 10_000, 10_000, 10_000, 0, 0]


@given(
    st.lists(st.integers(0, 24 * HOUR), min_size=7, max_size=7),
    st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 9), st.booleans()), max_size=6),
)
def test_days_off_only_ever_take_away(hours: list[int], off: list[tuple[int, int, bool]]) -> None:
    week = WeekHours(date(2026, 1, 1), tuple(hours))
    rows = tuple(
        TimeOff(MONDAY + timedelta(days=start), MONDAY + timedelta(days=start + length), half)
        for start, length, half in off
    )
    for place in range(14):
        day = MONDAY + timedelta(days=place)
        assert 0 <= target_seconds(MemberCalendar((week,), rows), day) <= target_seconds(MemberCalendar((week,)), day)
        assert 0 <= working_share(MemberCalendar((week,), rows), day) <= working_share(MemberCalendar((week,)), day)
