"""An agreement over time: its periods tile its days, every hour is accounted for, and what is closed stays closed."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.retainer import (
    Agreement,
    ClosedPeriod,
    Cycle,
    Period,
    RolloverRule,
    Terms,
    UsedByDay,
    calendar_anchor,
    first_period_from,
    forecast_range,
    pace,
    periods,
    recomputed,
    settle,
    spans,
)

HOUR = 3600
DAY = timedelta(days=1)
START = date(2025, 1, 1)

amounts = st.integers(0, 40 * HOUR)
cycles = st.one_of(
    st.builds(Cycle, st.just("month"), st.integers(1, 13), st.dates(date(2024, 1, 1), date(2026, 1, 1))),
    st.builds(Cycle, st.just("week"), st.integers(1, 9), st.dates(date(2024, 1, 1), date(2026, 1, 1))),
)


@st.composite
def rules(draw_value: st.DrawFn) -> RolloverRule:
    """Any rollover: expiring, whole, capped by time or by share, with an age limit or without."""
    rollover = draw_value(st.sampled_from(("expire", "all", "capped")))
    share = draw_value(st.none() | st.integers(0, 20_000))
    cap = draw_value(amounts if share is None else st.none() | amounts)
    return RolloverRule(rollover, cap, share, draw_value(st.none() | st.integers(1, 4)), draw_value(st.booleans()))


terms = st.builds(
    Terms,
    granted=amounts,
    fee_minor=st.integers(0, 10**6),
    cycle=cycles,
    proration=st.sampled_from(("none", "day", "working_day")),
    rule=rules(),
    overage=st.just("absorb"),
)


@st.composite
def agreements(draw_value: st.DrawFn) -> Agreement:
    """An agreement of up to two years with amendments and a pause."""
    starts = START + draw_value(st.integers(0, 60)) * DAY
    ends = draw_value(st.none() | st.integers(0, 700).map(lambda days: starts + days * DAY))
    changes = draw_value(st.dictionaries(st.integers(1, 600), terms, max_size=3))
    pause = draw_value(st.none() | st.tuples(st.integers(0, 600), st.none() | st.integers(0, 200)))
    pauses: tuple[tuple[date, date | None], ...] = ()
    if pause:
        first = starts + pause[0] * DAY
        pauses = ((first, None if pause[1] is None else first + pause[1] * DAY),)
    amendments = tuple((starts + offset * DAY, changed) for offset, changed in sorted(changes.items()))
    return Agreement(starts, ends, draw_value(terms), amendments, pauses)


work = st.lists(st.tuples(st.integers(0, 760).map(lambda days: START + days * DAY), st.integers(0, 9 * HOUR)))
as_of_days = st.integers(0, 800).map(lambda days: START + days * DAY)


@given(cycles, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_cycle_tiles_the_calendar_from_its_anchor_on(cycle: Cycle, day: date) -> None:
    first, last = cycle.period_of(day)
    assert first <= day <= last
    assert cycle.period_of(first) == cycle.period_of(last) == (first, last)
    assert cycle.period_of(last + DAY)[0] == last + DAY
    assert cycle.period_of(cycle.anchor)[0] == cycle.anchor


def test_a_period_on_the_31st_comes_back_to_the_31st_after_a_short_month() -> None:
    monthly = Cycle("month", 1, date(2026, 1, 31))
    assert monthly.period_of(date(2026, 2, 28)) == (date(2026, 2, 28), date(2026, 3, 30))
    assert monthly.period_of(date(2026, 3, 31)) == (date(2026, 3, 31), date(2026, 4, 29))
    quarterly = Cycle("month", 3, date(2025, 11, 30))
    assert quarterly.period_of(date(2026, 3, 1)) == (date(2026, 2, 28), date(2026, 5, 29))


def test_calendar_cycles_start_on_mondays_quarters_and_firsts() -> None:
    day = date(2026, 8, 19)
    assert calendar_anchor("week", 2, day) == date(2026, 8, 17)
    assert Cycle("month", 3, calendar_anchor("month", 3, day)).period_of(day) == (date(2026, 7, 1), date(2026, 9, 30))
    assert Cycle("month", 5, calendar_anchor("month", 5, day)).period_of(day)[0] == date(2026, 8, 1)


@pytest.mark.parametrize("arguments", [("month", 0), ("month", 121), ("day", 1)])
def test_a_cycle_that_makes_no_sense_is_refused(arguments: Any) -> None:
    with pytest.raises(ValueError, match="cycle"):
        Cycle(*arguments)


def test_a_partial_first_period_is_prorated_by_day_by_working_day_or_not_at_all() -> None:
    # From Monday 16 November 2026: 15 of 30 days, 11 of 21 working days.
    start = date(2026, 11, 16)
    granted = {}
    for proration in ("day", "working_day", "none"):
        agreement = Agreement(start, None, Terms(granted=42 * HOUR, fee_minor=100_000, proration=proration))
        [span] = spans(agreement, date(2026, 11, 30))
        granted[proration] = span.granted, span.fee_minor
        assert (span.first, span.last, span.cycle_first) == (start, date(2026, 11, 30), date(2026, 11, 1))
    assert granted == {
        "day": (21 * HOUR, 50_000),
        "working_day": (22 * HOUR, 52_381),
        "none": (42 * HOUR, 100_000),
    }


def test_a_partial_last_period_is_prorated_like_the_first_and_a_short_agreement_over_both_its_ends() -> None:
    # To Friday 13 November 2026: 13 of 30 days, 10 of 21 working days. From the 9th to the 13th: 5 and 5.
    expected = {
        "day": ((18 * HOUR + 720, 43_333), (7 * HOUR, 16_667)),
        "working_day": ((20 * HOUR, 47_619), (10 * HOUR, 23_810)),
        "none": ((42 * HOUR, 100_000), (42 * HOUR, 100_000)),
    }
    end = date(2026, 11, 13)
    for proration, (last, only) in expected.items():
        terms = Terms(granted=42 * HOUR, fee_minor=100_000, proration=proration)  # pyright: ignore[reportArgumentType]
        october, november = spans(Agreement(date(2026, 10, 1), end, terms), date(2026, 12, 31))
        assert (october.granted, october.fee_minor) == (42 * HOUR, 100_000)
        assert (november.last, november.cycle_last) == (end, date(2026, 11, 30))
        assert (november.granted, november.fee_minor) == last
        [week] = spans(Agreement(date(2026, 11, 9), end, terms), date(2026, 12, 31))
        assert (week.granted, week.fee_minor) == only


def test_a_pause_is_not_granted_and_a_period_paused_throughout_is_none() -> None:
    paused = ((date(2026, 2, 15), date(2026, 3, 31)),)
    agreement = Agreement(START.replace(year=2026), None, Terms(granted=28 * HOUR, proration="day"), pauses=paused)
    found = list(spans(agreement, date(2026, 4, 30)))
    assert [(span.first.month, span.granted) for span in found] == [(1, 28 * HOUR), (2, 14 * HOUR), (4, 28 * HOUR)]
    assert not agreement.runs_on(date(2026, 3, 1))
    assert agreement.runs_on(date(2026, 4, 1))


def test_an_amendment_holds_for_the_periods_that_start_on_its_date_or_later() -> None:
    agreement = Agreement(
        date(2026, 1, 1), None, Terms(granted=10 * HOUR), ((date(2026, 2, 15), Terms(granted=20 * HOUR)),)
    )
    assert [span.granted // HOUR for span in spans(agreement, date(2026, 3, 31))] == [10, 10, 20]


def test_a_change_in_the_midst_of_a_period_holds_from_the_next_one_and_a_new_cycle_at_once() -> None:
    middle, monthly = date(2026, 2, 15), Terms(granted=10 * HOUR)
    agreement = Agreement(date(2026, 1, 1), date(2026, 6, 30), monthly, ((middle, Terms(granted=20 * HOUR)),))
    assert first_period_from(agreement, middle) == date(2026, 3, 1)
    assert first_period_from(agreement, date(2026, 3, 1)) == date(2026, 3, 1)
    assert first_period_from(agreement, date(2026, 6, 2)) is None
    paused = replace(agreement, pauses=((date(2026, 3, 1), date(2026, 4, 30)),))
    assert first_period_from(paused, middle) == date(2026, 5, 1)
    weekly = Terms(granted=5 * HOUR, cycle=Cycle("week", 1, date(2026, 2, 16)))
    assert first_period_from(replace(agreement, amendments=((middle, weekly),)), middle) == middle


def test_a_change_of_the_cycle_cuts_the_period_in_which_it_takes_effect() -> None:
    weekly = Terms(granted=5 * HOUR, cycle=Cycle("week", 1, date(2026, 2, 16)))
    agreement = Agreement(
        date(2026, 1, 1), None, Terms(granted=28 * HOUR, proration="day"), ((date(2026, 2, 16), weekly),)
    )
    found = [(span.first, span.last, span.granted // HOUR) for span in spans(agreement, date(2026, 2, 23))]
    assert found == [
        (date(2026, 1, 1), date(2026, 1, 31), 28),
        (date(2026, 2, 1), date(2026, 2, 15), 15),
        (date(2026, 2, 16), date(2026, 2, 22), 5),
        (date(2026, 2, 23), date(2026, 3, 1), 5),
    ]


@given(agreements(), as_of_days)
def test_periods_follow_each_other_without_overlap_and_hold_every_covered_day(
    agreement: Agreement, as_of: date
) -> None:
    found = list(spans(agreement, as_of))
    for before, after in pairwise(found):
        assert before.last < after.first
    held = {span.first + index * DAY for span in found for index in range((span.last - span.first).days + 1)}
    for offset in range((as_of - agreement.starts_on).days + 1):
        day = agreement.starts_on + offset * DAY
        assert not agreement.runs_on(day) or day in held


@given(agreements(), work, as_of_days, st.randoms(use_true_random=False))
def test_hours_are_conserved_whatever_the_agreement_and_the_order_of_the_work(
    agreement: Agreement, rows: list[tuple[date, int]], as_of: date, random: Random
) -> None:
    used = UsedByDay(rows)
    found = periods(agreement, used, (), as_of)
    rolled_in = 0
    for period in found:
        balance = period.balance
        assert balance.rolled_in == rolled_in
        assert balance.granted + balance.rolled_in == (balance.used - balance.overage) + balance.remaining
        if period.last < as_of:
            assert balance.remaining == balance.rolled_out + balance.expired + balance.deficit
        assert balance.rolled_out == sum(amount for _, amount in period.lots_out)
        assert balance.expired >= 0
        rolled_in = balance.rolled_out
    held = sum(used.between(period.first, period.last) for period in found)
    assert sum(period.balance.used for period in found) == held
    settled = sum(p.balance.overage - p.balance.deficit for p in found)
    left = found[-1].balance.remaining if found and found[-1].last >= as_of else rolled_in
    granted = sum(period.balance.granted for period in found)
    expired = sum(period.balance.expired for period in found)
    assert granted + settled == held + expired + left
    shuffled = rows[:]
    random.shuffle(shuffled)
    assert periods(agreement, UsedByDay(shuffled), (), as_of) == found


def _frozen(period: Period) -> ClosedPeriod:
    balance, lots_out = settle(period.balance.granted, period.lots_in, period.balance.used, period.terms.rule)
    return ClosedPeriod(period.first, period.last, balance, period.lots_in, lots_out, period.terms, period.fee_minor)


@given(agreements(), work, as_of_days, st.integers(0, 30))
def test_closing_changes_no_figure_and_closing_again_gives_the_same(
    agreement: Agreement, rows: list[tuple[date, int]], as_of: date, count: int
) -> None:
    used = UsedByDay(rows)
    live = periods(agreement, used, (), as_of)
    ended = [period for period in live if period.last < as_of][:count]
    frozen = [_frozen(period) for period in ended]
    assert [recomputed(one, one.balance.granted, one.balance.used) for one in frozen] == frozen
    again = periods(agreement, used, frozen, as_of)
    assert [replace(period, closed=False) for period in again] == live
    assert [period.closed for period in again[: len(frozen)]] == [True] * len(frozen)


@given(agreements(), work, terms)
def test_a_closed_period_keeps_its_terms_and_figures_whatever_changes_later(
    agreement: Agreement, rows: list[tuple[date, int]], other: Terms
) -> None:
    as_of = START + 400 * DAY
    live = [period for period in periods(agreement, UsedByDay(rows), (), as_of) if period.last < as_of]
    frozen = [_frozen(period) for period in live]
    changed = replace(agreement, terms=other, amendments=())
    later = periods(changed, UsedByDay([]), frozen, as_of)
    assert [period for period in later if period.closed] == [
        replace(period, closed=True, balance=one.balance, lots_out=one.lots_out)
        for period, one in zip(live, frozen, strict=True)
    ]


def test_surplus_expires_after_its_periods_the_oldest_first() -> None:
    rule = RolloverRule("all", expires_after=2)
    first, lots = settle(10, (), 4, rule)
    assert (first.rolled_out, lots) == (6, ((1, 6),))
    second, lots = settle(10, lots, 3, rule)
    assert (second.rolled_out, lots) == (13, ((2, 3), (1, 10)))  # work took the older six first
    third, lots = settle(10, lots, 1, rule)
    assert (third.expired, lots) == (2, ((2, 10), (1, 10)))


def test_a_cap_may_be_a_share_of_the_grant_and_drops_the_oldest_first() -> None:
    rule = RolloverRule("capped", cap_share=5_000)
    balance, lots = settle(10, ((2, 3), (1, 2)), 0, rule)
    assert (balance.rolled_out, balance.expired, lots) == (5, 10, ((1, 5),))
    assert RolloverRule("capped", cap=4, cap_share=5_000).cap_on(10) == 4
    assert settle(10, (), 0, RolloverRule("capped", cap_share=0))[0].expired == 10


@pytest.mark.parametrize(
    "arguments", [{"rollover": "capped"}, {"rollover": "capped", "cap_share": -1}, {"expires_after": 0}]
)
def test_a_rollover_that_makes_no_sense_is_refused(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        RolloverRule(**arguments)


def test_an_overrun_is_never_both_billed_and_carried() -> None:
    with pytest.raises(ValueError, match="not both"):
        Terms(rule=RolloverRule("all", carry_deficit=True), overage="bill")


def test_the_range_of_a_forecast_is_its_own_point_at_an_even_pace_and_wider_at_an_uneven_one() -> None:
    first, last, today = date(2025, 9, 1), date(2025, 9, 30), date(2025, 9, 12)
    even = [(first + offset * DAY, 2 * HOUR) for offset in range(12) if (first + offset * DAY).weekday() < 5]
    forecast = pace(first, last, today, 44 * HOUR, even).forecast_used or 0
    assert forecast_range(first, last, today, even, forecast) == (forecast, forecast)
    uneven = [(day, seconds * 2 * (index % 2)) for index, (day, seconds) in enumerate(even)]
    low, high = forecast_range(first, last, today, uneven, forecast)
    # Ten days of 0 or 4 h, weighing 1 to 10 (30 of 55 for the 4 h), deviate by 1.99 h; over twelve days by that × √12.
    assert (forecast - low, high - forecast) == (24_838, 24_838)
