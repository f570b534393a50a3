"""What a month earned and cost: fees by days and hours, overage charged or lost, and nothing lost in rounding."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.profit import (
    AgreedPart,
    MonthAgreed,
    fee_of_days,
    hourly,
    margin_percent,
    month_earned,
    rate_on,
)

HOUR = 3600
RATE = 950_000


def test_a_fee_belongs_to_the_hours_and_what_goes_past_it_at_its_rate() -> None:
    agreed = MonthAgreed(490_000, (AgreedPart(50 * HOUR, 10 * HOUR, False, 1_000_000),))
    earned = month_earned(agreed, 50 * HOUR, 50 * HOUR * RATE, 2)
    assert (earned.by_hours, earned.by_value, earned.over_seconds, earned.lost) == (590_000, 0, 0, 0)


def test_overage_that_is_not_charged_is_lost_at_what_it_is_worth() -> None:
    agreed = MonthAgreed(0, (AgreedPart(50 * HOUR, 10 * HOUR, True, None),))
    earned = month_earned(agreed, 50 * HOUR, 50 * HOUR * RATE, 2)
    assert (earned.by_value, earned.over_seconds, earned.lost) == (40 * 9500, 10 * HOUR, 10 * 9500)


def test_work_on_no_period_earns_its_own_rate_and_a_fee_without_work_stays_a_fee() -> None:
    assert month_earned(MonthAgreed(), HOUR, HOUR * RATE, 2).by_value == 9500
    assert month_earned(MonthAgreed(7_00), 0, 0, 2).by_hours == 7_00


@given(
    st.integers(0, 10**9),
    st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    st.integers(0, 120),
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
)
def test_the_days_of_a_period_share_its_fee_to_the_last_cent(
    fee: int, first: date, length: int, cuts: list[int]
) -> None:
    last = first + timedelta(days=length)
    begin, parts = first - timedelta(days=3), 0
    for cut in [*cuts, 200]:
        end = begin + timedelta(days=cut - 1)
        parts += fee_of_days(fee, (first, last), (begin, end))
        begin = end + timedelta(days=1)
    assert parts == fee


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 2_000_000))
def test_what_is_earned_and_what_is_lost_are_what_the_work_is_worth(drawn: int, over: int, value_rate: int) -> None:
    over = min(over, drawn)
    earned = month_earned(MonthAgreed(0, (AgreedPart(drawn, over, True, None),)), drawn, drawn * value_rate, 2)
    whole = month_earned(MonthAgreed(), drawn, drawn * value_rate, 2).by_value
    assert abs(earned.by_value + earned.lost - whole) <= 1
    assert earned.over_seconds == over


def test_rates_hold_from_their_day() -> None:
    rates = [(date(2026, 1, 1), 10), (date(2026, 7, 1), 20)]
    days = date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
    assert [rate_on(rates, day) for day in days] == [None, 10, 10, 20]


def test_an_hourly_rate_and_a_margin_need_something_to_divide_by() -> None:
    assert (hourly(490_000, 40 * HOUR), hourly(5, 0)) == (12_250, None)
    assert (margin_percent(200, 80), margin_percent(0, 80), margin_percent(100, 130)) == (60, None, -30)
