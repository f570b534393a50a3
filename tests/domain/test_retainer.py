"""Retainers: periods tile the calendar, balances conserve every second, and the oldest work is drawn first."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.invoice import line_net, quantity_of
from agency_app.domain.retainer import (
    Balance,
    Cycle,
    Rollover,
    balance_of,
    calendar_anchor,
    close_period,
    draw,
    period_of,
)
from tests.domain.vectors import hours, minor, rules_in, scaled, vectors

CHECKED = {
    "rollover.all",
    "rollover.expire",
    "rollover.only_deficit",
    "rollover.capped_surplus",
    "overage",
    "prepaid.fifo",
    "period.reset_day",
    "recur.same_day_clamped",
    "recur.first_of_month",
}
NOT_OURS = {
    "alert.once_above": "an alert is a stored row, unique per period and threshold: there is none in the arithmetic",
    "release.exact_credited": "what a credit note frees is told by line work, not by the retainer",
    "partial_billing": "a share for the screen; billing counts seconds",
    "billing_amount": "an amount is a line's quantity × price: see the vectors of money",
    "kimai.open_clamped": "hides the overrun; here overage is a figure of its own",
    "kimai.lockdown": "grace days by permission; here a closed period is closed, and late work is placed by a lead",
    "recur.nth_weekday": "no cycle starts on the n-th weekday of a month",
    "ledger.never_over": "the database refuses it: see the tests of finalising",
}
# How each published rollover is said here: what happens to time left over, and to an overrun.
ROLLOVERS: dict[str, tuple[Rollover, bool]] = {
    "rollover.all": ("all", True),
    "rollover.expire": ("expire", False),
    "rollover.only_deficit": ("expire", True),
    "rollover.capped_surplus": ("capped", True),
}
seconds = st.integers(0, 10**6)
rollovers: st.SearchStrategy[Rollover] = st.sampled_from(("expire", "all", "capped"))
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_every_rule_of_the_vectors_is_checked_or_left_out_on_purpose() -> None:
    assert rules_in("retainers") == CHECKED | NOT_OURS.keys()


@pytest.mark.parametrize("vector", vectors("retainers", rules=tuple(ROLLOVERS)), ids=lambda row: row["id"])
def test_rollover_vectors(vector: Any) -> None:
    rollover, carry_deficit = ROLLOVERS[vector["rule"]]
    given_input = vector["input"]
    granted, cap = hours(given_input["granted_h"]), hours(given_input.get("cap_h", "0"))
    available, rolled_in = [granted], 0
    for used in given_input["used_h"]:
        closed = close_period(granted, rolled_in, hours(used), rollover, cap, carry_deficit=carry_deficit)
        rolled_in = closed.rolled_out
        available.append(granted + rolled_in)
    assert available == [hours(text) for text in vector["expect"]["available_h"]]


@pytest.mark.parametrize("vector", vectors("retainers", rules=("overage",)), ids=lambda row: row["id"])
def test_overage_vectors(vector: Any) -> None:
    given_input = vector["input"]
    balance = balance_of(hours(given_input["included_h"]), 0, hours(given_input["used_h"]))
    assert balance.overage == hours(vector["expect"]["overage_h"])
    overage = line_net(quantity_of(balance.overage), scaled(given_input["overage_rate"], 10_000), "EUR")
    assert minor(given_input["fee"]) + overage == minor(vector["expect"]["total"])


@pytest.mark.parametrize("vector", vectors("retainers", rules=("prepaid.fifo",)), ids=lambda row: row["id"])
def test_prepaid_vectors(vector: Any) -> None:
    day = date(2025, 3, 3)
    entries = [(str(index), day, None, hours(text)) for index, text in enumerate(vector["input"]["entries_h"])]
    drawn = draw(entries, hours(vector["input"]["plan_h"]))
    assert [row.included_seconds for row in drawn] == [hours(text) for text in vector["expect"]["prepaid_h"]]
    assert [row.overage_seconds for row in drawn] == [hours(text) for text in vector["expect"]["billable_h"]]


@pytest.mark.parametrize("vector", vectors("retainers", rules=("period.reset_day",)), ids=lambda row: row["id"])
def test_reset_day_vectors(vector: Any) -> None:
    first, _ = period_of(date.fromisoformat(vector["input"]["date"]), vector["input"]["reset_day"])
    assert first == date.fromisoformat(vector["expect"]["period_start"])


@pytest.mark.parametrize("vector", vectors("retainers", rules=("recur.same_day_clamped",)), ids=lambda row: row["id"])
def test_the_next_period_of_an_anniversary_starts_a_month_later_or_on_the_months_last_day(vector: Any) -> None:
    start = date.fromisoformat(vector["input"]["from"])
    _, last = Cycle("month", 1, start).period_of(start)
    assert last + timedelta(days=1) == date.fromisoformat(vector["expect"]["next"])


@pytest.mark.parametrize("vector", vectors("retainers", rules=("recur.first_of_month",)), ids=lambda row: row["id"])
def test_the_next_period_of_the_calendar_starts_on_the_first(vector: Any) -> None:
    start = date.fromisoformat(vector["input"]["from"])
    _, last = Cycle("month", 1, calendar_anchor("month", 1, start)).period_of(start)
    assert last + timedelta(days=1) == date.fromisoformat(vector["expect"]["next"])


@given(days, st.integers(1, 31))
def test_periods_tile_the_calendar(day: date, anchor_day: int) -> None:
    first, last = period_of(day, anchor_day)
    assert first <= day <= last
    assert period_of(first, anchor_day) == period_of(last, anchor_day) == (first, last)
    assert period_of(last + timedelta(days=1), anchor_day)[0] == last + timedelta(days=1)
    assert 28 <= (last - first).days + 1 <= 31


def test_a_period_on_the_31st_starts_on_the_last_day_of_a_shorter_month() -> None:
    assert period_of(date(2025, 2, 27), 31) == (date(2025, 1, 31), date(2025, 2, 27))
    assert period_of(date(2025, 2, 28), 31) == (date(2025, 2, 28), date(2025, 3, 30))
    assert period_of(date(2024, 2, 29), 30) == (date(2024, 2, 29), date(2024, 3, 29))
    assert period_of(date(2025, 12, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize("anchor_day", [0, 32, -1])
def test_an_anchor_day_outside_the_month_is_refused(anchor_day: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 31"):
        period_of(date(2025, 1, 1), anchor_day)


def _assert_identities(balance: Balance) -> None:
    assert balance.granted + balance.rolled_in == (balance.used - balance.overage) + balance.remaining
    assert balance.remaining >= 0
    assert balance.overage >= 0
    assert not (balance.remaining and balance.overage)


@given(seconds, st.integers(-(10**6), 10**6), seconds)
def test_an_open_period_accounts_for_every_second(granted: int, rolled_in: int, used: int) -> None:
    balance = balance_of(granted, rolled_in, used)
    _assert_identities(balance)
    assert (balance.expired, balance.rolled_out, balance.deficit) == (0, 0, 0)


@given(seconds, st.integers(-(10**6), 10**6), seconds, rollovers, seconds, st.booleans())
def test_a_closed_period_accounts_for_every_second(
    granted: int, rolled_in: int, used: int, rollover: Rollover, cap: int, carry_deficit: bool
) -> None:
    balance = close_period(granted, rolled_in, used, rollover, cap, carry_deficit=carry_deficit)
    _assert_identities(balance)
    assert balance.remaining == balance.rolled_out + balance.expired + balance.deficit
    assert balance.expired >= 0
    assert balance.deficit == (balance.overage if carry_deficit else 0)
    assert rollover != "capped" or balance.rolled_out <= cap


@given(seconds, st.lists(seconds, min_size=1, max_size=24), rollovers, seconds, st.booleans())
def test_hours_are_conserved_over_periods(
    granted: int, used_by_period: list[int], rollover: Rollover, cap: int, carry_deficit: bool
) -> None:
    closed: list[Balance] = []
    for used in used_by_period:
        rolled_in = closed[-1].rolled_out if closed else 0
        closed.append(close_period(granted, rolled_in, used, rollover, cap, carry_deficit=carry_deficit))
    settled_overage = 0 if carry_deficit else sum(balance.overage for balance in closed)
    expired = sum(balance.expired for balance in closed)
    assert granted * len(closed) + settled_overage == sum(used_by_period) + expired + closed[-1].rolled_out


def test_settled_overage_is_not_taken_from_the_next_period_too() -> None:
    assert close_period(3600, 0, 5400, "all").rolled_out == 0
    assert close_period(3600, 0, 5400, "all", carry_deficit=True).rolled_out == -1800


@pytest.mark.parametrize("arguments", [(-1, 0, 0, "all"), (0, 0, -1, "all"), (0, 0, 0, "capped"), (0, 0, 0, "half")])
def test_a_close_that_makes_no_sense_is_refused(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        close_period(*arguments)


@st.composite
def entry_rows(draw_value: st.DrawFn) -> list[tuple[str, date, datetime | None, int]]:
    """Entries over a few days, some without a start, many of them tied."""
    rows: list[tuple[str, date, datetime | None, int]] = []
    for index in range(draw_value(st.integers(0, 20))):
        day = date(2025, 3, draw_value(st.integers(1, 4)))
        hour = draw_value(st.none() | st.integers(8, 11))
        start = None if hour is None else datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        rows.append((f"{index:02d}", day, start, draw_value(st.integers(0, 20_000))))
    return rows


@given(entry_rows(), st.integers(-(10**4), 2 * 10**5), st.randoms(use_true_random=False))
def test_drawing_conserves_each_entry_and_the_available_time(
    rows: list[tuple[str, date, datetime | None, int]], available: int, random: Any
) -> None:
    drawn = draw(rows, available)
    by_id = {row[0]: row[3] for row in rows}
    assert {row.entry_id: row.included_seconds + row.overage_seconds for row in drawn} == by_id
    assert all(row.included_seconds >= 0 and row.overage_seconds >= 0 for row in drawn)
    total = sum(by_id.values())
    assert sum(row.included_seconds for row in drawn) == min(total, max(0, available))
    shuffled = rows[:]
    random.shuffle(shuffled)
    assert draw(shuffled, available) == drawn


@given(entry_rows(), st.integers(0, 2 * 10**5))
def test_nothing_is_included_after_the_first_overage(
    rows: list[tuple[str, date, datetime | None, int]], available: int
) -> None:
    drawn = draw(rows, available)
    first_over = next((index for index, row in enumerate(drawn) if row.overage_seconds), len(drawn))
    assert all(row.included_seconds == 0 for row in drawn[first_over + 1 :])
    if available >= 0:
        balance = balance_of(available, 0, sum(row[3] for row in rows))
        assert sum(row.overage_seconds for row in drawn) == balance.overage


def test_work_is_drawn_by_date_then_start_then_id() -> None:
    monday, tuesday = date(2025, 3, 3), date(2025, 3, 4)
    nine = datetime(2025, 3, 3, 9, tzinfo=UTC)
    rows = [
        ("d", tuesday, nine + timedelta(days=1), 60),
        ("c", monday, None, 60),
        ("b", monday, nine, 60),
        ("a", monday, nine + timedelta(hours=1), 60),
        ("A", monday, nine, 60),
    ]
    assert [row.entry_id for row in draw(rows, 90)] == ["A", "b", "a", "c", "d"]
    assert [row.included_seconds for row in draw(rows, 90)] == [60, 30, 0, 0, 0]


def test_negative_time_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw([("a", date(2025, 3, 3), None, -1)], 60)
