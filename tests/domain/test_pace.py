"""The pace of a retainer period: even pace, forecast, the day the time runs out, and the word for it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.retainer import Pace, forecast_range, known_since, pace

HOUR = 3600
# September 2025: starts on a Monday, 22 working days.
FIRST, LAST = date(2025, 9, 1), date(2025, 9, 30)


def september(day: int) -> date:
    return date(2025, 9, day)


def two_hours_a_day(up_to: int) -> list[tuple[date, int]]:
    days = [september(day) for day in range(1, up_to + 1)]
    return [(day, 2 * HOUR) for day in days if day.weekday() < 5]


def test_an_even_pace_is_on_pace() -> None:
    assert pace(FIRST, LAST, september(12), 44 * HOUR, two_hours_a_day(12)) == Pace(
        ideal_used=20 * HOUR, forecast_used=44 * HOUR, run_out=None, status="On pace"
    )


def test_even_pace_stands_still_over_the_weekend() -> None:
    friday, sunday, monday = (pace(FIRST, LAST, september(day), 44 * HOUR, []).ideal_used for day in (5, 7, 8))
    assert (friday, sunday, monday) == (10 * HOUR, 10 * HOUR, 12 * HOUR)


def test_running_hot_names_the_working_day_on_which_the_time_runs_out() -> None:
    result = pace(FIRST, LAST, september(12), 30 * HOUR, two_hours_a_day(12))
    assert result.status == "Running hot"
    assert result.forecast_used == 44 * HOUR
    # 20 h used, 2 h a day: five working days just fit, the sixth goes past.
    assert result.run_out == september(22)
    # 9 h left: four working days fit, the fifth goes past in the middle.
    assert pace(FIRST, LAST, september(12), 29 * HOUR, two_hours_a_day(12)).run_out == september(19)


def test_the_forecast_may_pass_the_available_time_by_five_percent() -> None:
    assert pace(FIRST, LAST, september(12), 42 * HOUR, two_hours_a_day(12)).status == "On pace"
    assert pace(FIRST, LAST, september(12), 42 * HOUR, two_hours_a_day(12)).run_out == september(30)
    assert pace(FIRST, LAST, september(12), 41 * HOUR, two_hours_a_day(12)).status == "Running hot"


def test_under_serviced_is_below_three_quarters() -> None:
    assert pace(FIRST, LAST, september(12), 59 * HOUR, two_hours_a_day(12)).status == "Under-serviced"
    assert pace(FIRST, LAST, september(12), 58 * HOUR, two_hours_a_day(12)).status == "On pace"


def test_over_is_a_fact_even_on_the_first_day() -> None:
    result = pace(FIRST, LAST, september(1), 2 * HOUR, [(september(1), 3 * HOUR)])
    assert result == Pace(ideal_used=round(2 * HOUR / 22), forecast_used=None, run_out=september(1), status="Over")


def test_over_names_the_day_the_time_ran_out() -> None:
    result = pace(FIRST, LAST, september(12), 15 * HOUR, two_hours_a_day(12))
    assert (result.status, result.run_out) == ("Over", september(10))


@pytest.mark.parametrize("days_with_data", [0, 1, 2])
def test_under_three_days_with_time_it_is_too_early_to_tell(days_with_data: int) -> None:
    daily = [(september(day), HOUR) for day in range(1, days_with_data + 1)]
    result = pace(FIRST, LAST, september(12), 44 * HOUR, daily)
    assert (result.status, result.forecast_used, result.run_out) == ("Too early to tell", None, None)


def test_before_the_period_it_is_too_early_to_tell() -> None:
    result = pace(FIRST, LAST, date(2025, 8, 20), 44 * HOUR, [])
    assert result == Pace(ideal_used=0, forecast_used=None, run_out=None, status="Too early to tell")


def test_after_the_period_the_forecast_is_what_was_used() -> None:
    result = pace(FIRST, LAST, date(2025, 10, 5), 44 * HOUR, [(september(2), 40 * HOUR)])
    assert result == Pace(ideal_used=44 * HOUR, forecast_used=40 * HOUR, run_out=None, status="On pace")


def test_a_morning_without_time_yet_does_not_lower_the_forecast() -> None:
    assert pace(FIRST, LAST, september(15), 44 * HOUR, two_hours_a_day(12)).forecast_used == 44 * HOUR


def test_only_the_last_ten_working_days_set_the_pace() -> None:
    slow_start = [(september(day), HOUR) for day in range(1, 6)]
    busy = [(day, 3 * HOUR) for day, _ in two_hours_a_day(19) if day > september(5)]
    # 5 h + 30 h used by the 19th; seven working days to come at 3 h.
    assert pace(FIRST, LAST, september(19), 60 * HOUR, slow_start + busy).forecast_used == (5 + 30 + 21) * HOUR


def test_weekend_work_counts_and_rows_of_one_day_are_added_up() -> None:
    split = [(day, HOUR) for day, _ in two_hours_a_day(12) for _ in range(2)]
    assert pace(FIRST, LAST, september(12), 44 * HOUR, split) == pace(
        FIRST, LAST, september(12), 44 * HOUR, two_hours_a_day(12)
    )
    with_saturday = [*two_hours_a_day(12), (september(6), 5 * HOUR)]
    # Saturday's five hours belong to Friday, the fifth of ten days: its weight is 5 of 1 + 2 + … + 10 = 55.
    forecast = pace(FIRST, LAST, september(12), 70 * HOUR, with_saturday).forecast_used
    assert forecast == 25 * HOUR + round(12 * (2 * 55 + 5 * 5) / 55 * HOUR)


def test_recent_days_weigh_more_than_those_before_them() -> None:
    days = [day for day, _ in two_hours_a_day(12)]
    rising, falling = [HOUR * (place + 1) for place in range(10)], [HOUR * (10 - place) for place in range(10)]
    more, less = (
        pace(FIRST, LAST, september(12), 400 * HOUR, list(zip(days, seconds, strict=True))).forecast_used
        for seconds in (rising, falling)
    )
    # 55 h used either way; (1·1 + 2·2 + … + 10·10) ÷ 55 = 7 h a day when rising, 4 h when falling.
    assert (more, less) == ((55 + 12 * 7) * HOUR, (55 + 12 * 4) * HOUR)


def full_days(*, without: set[int] | None = None, half: set[int] | None = None) -> dict[date, int]:
    days = [september(day) for day in range(1, 31)]
    off, halves = without or set(), half or set()
    return {day: 5_000 if day.day in halves else 10_000 for day in days if day.weekday() < 5 and day.day not in off}


def test_days_off_to_come_take_their_part_of_the_forecast_away() -> None:
    even = two_hours_a_day(12)
    holidays = full_days(without={22, 23}, half={24})
    assert pace(FIRST, LAST, september(12), 44 * HOUR, even, full_days()) == pace(
        FIRST, LAST, september(12), 44 * HOUR, even
    )
    assert pace(FIRST, LAST, september(12), 44 * HOUR, even, holidays).forecast_used == 44 * HOUR - 5 * HOUR
    # 20 h used of 30: Monday to Friday take 10 h, then the 22nd and 23rd are off; the half 24th goes past.
    assert pace(FIRST, LAST, september(12), 30 * HOUR, even, holidays).run_out == september(24)


def test_days_off_of_before_do_not_lower_the_pace() -> None:
    even = [(day, seconds) for day, seconds in two_hours_a_day(12) if day not in (september(8), september(9))]
    result = pace(FIRST, LAST, september(12), 44 * HOUR, even, full_days(without={8, 9}))
    assert result.forecast_used == 16 * HOUR + 12 * 2 * HOUR
    assert forecast_range(FIRST, LAST, september(12), even, 40 * HOUR, full_days(without={8, 9})) == (
        40 * HOUR,
        40 * HOUR,
    )


def test_when_everybody_is_off_until_the_end_nothing_more_is_expected() -> None:
    result = pace(FIRST, LAST, september(12), 44 * HOUR, two_hours_a_day(12), full_days(without=set(range(13, 31))))
    assert (result.forecast_used, result.run_out, result.status) == (20 * HOUR, None, "Under-serviced")


@pytest.mark.parametrize(
    ("set_up_on", "logged", "since"),
    [
        (september(15), [], september(15)),
        (september(15), [(september(15), HOUR)], september(15)),
        (september(15), [(september(12), HOUR)], None),  # it was brought along: all of it is known
        (september(15), [(september(12), 0), (date(2025, 8, 29), HOUR)], september(15)),
        (september(1), [], None),
        (date(2025, 8, 20), [], None),
        (date(2025, 10, 2), [], None),
    ],
)
def test_work_is_known_since_the_retainer_was_set_up_unless_earlier_work_is_logged(
    set_up_on: date, logged: list[tuple[date, int]], since: date | None
) -> None:
    assert known_since(FIRST, LAST, set_up_on, logged) == since


def test_a_weekend_before_the_set_up_leaves_nothing_unknown() -> None:
    assert known_since(date(2025, 11, 1), date(2025, 11, 30), date(2025, 11, 3), []) is None


def test_days_before_the_work_is_known_do_not_lower_the_pace() -> None:
    late = [(day, seconds) for day, seconds in two_hours_a_day(19) if day >= september(15)]
    blind, knowing = (pace(FIRST, LAST, september(19), 40 * HOUR, late, since=since) for since in (None, september(15)))
    # 10 h in five days, seven working days to come: 2 h each, not the lower mean of ten days.
    assert (knowing.forecast_used, knowing.status) == (24 * HOUR, "Under-serviced")
    assert blind.forecast_used is not None
    assert blind.forecast_used < 24 * HOUR
    assert knowing.ideal_used == blind.ideal_used
    assert forecast_range(FIRST, LAST, september(19), late, 24 * HOUR, since=september(15)) == (24 * HOUR, 24 * HOUR)


def test_a_period_of_a_weekend_counts_every_day() -> None:
    result = pace(september(6), september(7), september(6), 10 * HOUR, [])
    assert result.ideal_used == 5 * HOUR


def test_time_outside_the_period_is_left_out() -> None:
    daily = [*two_hours_a_day(12), (date(2025, 8, 29), 90 * HOUR), (date(2025, 10, 1), 90 * HOUR)]
    assert pace(FIRST, LAST, september(12), 44 * HOUR, daily).forecast_used == 44 * HOUR


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        pace(LAST, FIRST, FIRST, HOUR, [])


@given(
    st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    st.integers(0, 45),
    st.integers(-10, 60),
    st.integers(-HOUR, 100 * HOUR),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 8 * HOUR)), max_size=30),
    st.none() | st.dictionaries(st.integers(-2, 47), st.integers(0, 20_000), max_size=40),
)
def test_any_period_has_a_sound_pace(
    first: date,
    length: int,
    today_offset: int,
    available: int,
    offsets: list[tuple[int, int]],
    shares: dict[int, int] | None,
) -> None:
    capacity = None if shares is None else {first + timedelta(days=place): one for place, one in shares.items()}
    last, today = first + timedelta(days=length), first + timedelta(days=today_offset)
    daily = [(first + timedelta(days=offset), seconds) for offset, seconds in offsets if offset <= length]
    used = sum(seconds for _, seconds in daily)
    result = pace(first, last, today, available, daily, capacity)
    if result.forecast_used is not None:
        low, high = forecast_range(first, last, today, daily, result.forecast_used, capacity)
        assert used <= low <= result.forecast_used <= high
    assert 0 <= result.ideal_used <= max(0, available)
    assert today < last or result.ideal_used == max(0, available)
    assert (result.status == "Over") == (used > available)
    assert result.forecast_used is None or result.forecast_used >= used
    assert (result.status == "Too early to tell") <= (result.forecast_used is None)
    if result.run_out is not None:
        assert first <= result.run_out <= last
        assert used > available or result.run_out >= today
    if result.status == "Running hot":
        assert result.run_out is not None
