"""The pace of a period: even pace, forecast with its range, the day on which the time runs out, and the word for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isqrt
from typing import Literal

from agency_app.domain.money import round_half_up
from agency_app.domain.retainer.cycle import DAY, working_days

PaceStatus = Literal["On pace", "Running hot", "Under-serviced", "Over", "Too early to tell"]

Capacity = Mapping[date, int]
"""How much of a usual working day those who do the work are there, by day, in 1/10000; a day not in it is no working
day. Without one, Monday to Friday are usual days, or every day of a period without any of them."""

USUAL_DAY = 10_000
RECENT_WORKING_DAYS = 10
DAYS_WITH_DATA_FOR_A_FORECAST = 3
UNDER_SERVICED_PERCENT = 75


@dataclass(frozen=True)
class Pace:
    """How a period is going: seconds that an even pace would have used by today, seconds forecast for its end, the
    working day on which the time runs out (or ran out), and one word on it.
    """

    ideal_used: int
    forecast_used: int | None
    run_out: date | None
    status: PaceStatus


def pace(
    first_day: date,
    last_day: date,
    today: date,
    available_seconds: int,
    daily: Iterable[tuple[date, int]],
    capacity: Capacity | None = None,
    since: date | None = None,
) -> Pace:
    """Return the pace of a period from its seconds per day (several rows of one day are added up).

    Even pace counts Monday to Friday, or every day in a period without any. The forecast is what is used plus the recent
    pace for each working day to come: the mean of the last ten, the newest weighing ten times as much as the oldest,
    per usual day of `capacity`. Time on a day that is no working day belongs to the one before. Today counts as to come
    until time is logged on it. Days before `since` (see known_since) say nothing on the recent pace. Without three days
    with time there is no forecast, unless the period is over. "Over" is a fact and needs none. Raises ValueError when
    the period ends before it starts.
    """
    if last_day < first_day:
        raise ValueError("A period cannot end before it starts.")
    seconds_by_day = _within(daily, first_day, last_day)
    used = sum(seconds_by_day.values())
    days = working_days(first_day, last_day)
    ideal_used = round_half_up(max(0, available_seconds) * sum(day <= today for day in days), len(days))
    recent, ahead = _recent_and_ahead(first_day, last_day, today, seconds_by_day, capacity, since)
    days_with_data = sum(day <= today for day in seconds_by_day)
    is_over = used > available_seconds
    over_on = _passed_on(seconds_by_day, available_seconds) if is_over else None

    if ahead and (days_with_data < DAYS_WITH_DATA_FOR_A_FORECAST or not recent):
        return Pace(ideal_used, None, over_on, "Over" if is_over else "Too early to tell")

    seconds, usual_days = _weighted(recent)
    forecast = used + (round_half_up(seconds * sum(share for _, share in ahead), usual_days) if ahead else 0)
    if is_over:
        return Pace(ideal_used, forecast, over_on, "Over")
    run_out = _runs_out_on(ahead, available_seconds - used, seconds, usual_days) if seconds else None
    return Pace(ideal_used, forecast, run_out, _forecast_status(forecast, available_seconds))


def forecast_range(
    first_day: date,
    last_day: date,
    today: date,
    daily: Iterable[tuple[date, int]],
    forecast_used: int,
    capacity: Capacity | None = None,
    since: date | None = None,
) -> tuple[int, int]:
    """Return the range of a forecast that `pace` gave: one standard deviation of the recent days' time to either side.

    The deviation weighs the recent days as the forecast does. Days vary on their own, so it grows with the square root
    of the working days to come. The low end is never below what is used already.
    """
    seconds_by_day = _within(daily, first_day, last_day)
    used = sum(seconds_by_day.values())
    recent, ahead = _recent_and_ahead(first_day, last_day, today, seconds_by_day, capacity, since)
    if not ahead or not recent:
        return forecast_used, forecast_used
    weights = total = squares = 0
    for weight, (seconds, share) in enumerate(recent, start=1):
        of_a_usual_day = seconds * USUAL_DAY // share
        weights += weight
        total += weight * of_a_usual_day
        squares += weight * of_a_usual_day * of_a_usual_day
    usual_days_e4 = sum(share for _, share in ahead)
    spread = isqrt(usual_days_e4 * (weights * squares - total * total) // USUAL_DAY) // weights
    return max(used, forecast_used - spread), forecast_used + spread


def known_since(first_day: date, last_day: date, set_up_on: date, daily: Iterable[tuple[date, int]]) -> date | None:
    """Return the day from which the work of a period is known, where it has working days before that one.

    That is the day on which the retainer was set up, unless time of a day before is logged: then it is known from the
    first day on (None).
    """
    unknown = any(day < set_up_on for day in working_days(first_day, last_day))
    logged_before = any(day < set_up_on for day in _within(daily, first_day, last_day))
    return set_up_on if unknown and not logged_before and set_up_on <= last_day else None


def _recent_and_ahead(
    first_day: date,
    last_day: date,
    today: date,
    seconds_by_day: dict[date, int],
    capacity: Capacity | None,
    since: date | None,
) -> tuple[list[tuple[int, int]], list[tuple[date, int]]]:
    """Return (seconds, share of a usual day) of the last working days, and (day, share) of those to come."""
    if capacity is None:
        shares = dict.fromkeys(working_days(first_day, last_day), USUAL_DAY)
    else:
        shares = {day: share for day, share in sorted(capacity.items()) if share and first_day <= day <= last_day}
    worked_until = min(last_day, today if today in seconds_by_day else today - DAY)
    known_from = since or first_day
    window = [day for day in shares if known_from <= day <= worked_until][-RECENT_WORKING_DAYS:]
    ends = [day - DAY for day in window[1:]] + [worked_until]
    recent = [
        (sum(seconds for one, seconds in seconds_by_day.items() if day <= one <= end), shares[day])
        for day, end in zip(window, ends, strict=False)
    ]
    return recent, [(day, share) for day, share in shares.items() if day > worked_until]


def _weighted(recent: list[tuple[int, int]]) -> tuple[int, int]:
    """Return seconds and usual days (in 1/10000) whose quotient is the recent pace, the newest day weighing most."""
    return (
        sum(weight * seconds for weight, (seconds, _) in enumerate(recent, start=1)),
        sum(weight * share for weight, (_, share) in enumerate(recent, start=1)),
    )


def _within(daily: Iterable[tuple[date, int]], first_day: date, last_day: date) -> dict[date, int]:
    seconds_by_day: dict[date, int] = defaultdict(int)
    for day, seconds in daily:
        if seconds and first_day <= day <= last_day:
            seconds_by_day[day] += seconds
    return dict(sorted(seconds_by_day.items()))


def _passed_on(seconds_by_day: dict[date, int], available_seconds: int) -> date | None:
    """Return the day on which the used seconds went past the available ones."""
    used = 0
    for day, seconds in seconds_by_day.items():
        used += seconds
        if used > available_seconds:
            return day
    return None


def _runs_out_on(ahead: list[tuple[date, int]], left: int, seconds: int, usual_days: int) -> date | None:
    """Return the first day ahead on which used plus the recent pace goes past what is available."""
    to_come = 0
    for day, share in ahead:
        to_come += share
        if seconds * to_come > left * usual_days:
            return day
    return None


def _forecast_status(forecast: int, available_seconds: int) -> PaceStatus:
    if forecast * 100 > available_seconds * 105:
        return "Running hot"
    if forecast * 100 < available_seconds * UNDER_SERVICED_PERCENT:
        return "Under-serviced"
    return "On pace"
