"""The pace of a period: even pace, forecast with its range, the day on which the time runs out, and the word for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isqrt
from typing import Literal

from agency_app.domain.money import round_half_up
from agency_app.domain.retainer.cycle import DAY, working_days

PaceStatus = Literal["On pace", "Running hot", "Under-serviced", "Over", "Too early to tell"]

RECENT_WORKING_DAYS = 10
DAYS_WITH_DATA_FOR_A_FORECAST = 3


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
) -> Pace:
    """Return the pace of a period from its seconds per day (several rows of one day are added up).

    Even pace and forecast count Monday to Friday, or every day in a period without any. The forecast is what is used
    plus the mean of the last ten such days for each one to come; today counts as to come until time is logged on it.
    Without three days with time there is no forecast, unless the period is over. "Over" is a fact and needs none.
    Raises ValueError when the period ends before it starts.
    """
    if last_day < first_day:
        raise ValueError("A period cannot end before it starts.")
    seconds_by_day = _within(daily, first_day, last_day)
    used = sum(seconds_by_day.values())
    days = working_days(first_day, last_day)
    ideal_used = round_half_up(max(0, available_seconds) * sum(day <= today for day in days), len(days))
    worked_until = today if today in seconds_by_day else today - DAY
    ahead = [day for day in days if day > worked_until]
    recent = [day for day in days if day <= worked_until][-RECENT_WORKING_DAYS:]
    days_with_data = sum(day <= today for day in seconds_by_day)

    if ahead and (days_with_data < DAYS_WITH_DATA_FOR_A_FORECAST or not recent):
        if used > available_seconds:
            return Pace(ideal_used, None, _passed_on(seconds_by_day, available_seconds), "Over")
        return Pace(ideal_used, None, None, "Too early to tell")

    recent_seconds = sum(
        seconds for day, seconds in seconds_by_day.items() if recent and recent[0] <= day <= worked_until
    )
    forecast = used + (round_half_up(recent_seconds * len(ahead), len(recent)) if ahead else 0)
    if used > available_seconds:
        return Pace(ideal_used, forecast, _passed_on(seconds_by_day, available_seconds), "Over")
    run_out = _runs_out_on(ahead, available_seconds - used, recent_seconds, len(recent))
    return Pace(ideal_used, forecast, run_out, _forecast_status(forecast, available_seconds))


def forecast_range(
    first_day: date,
    last_day: date,
    today: date,
    daily: Iterable[tuple[date, int]],
    forecast_used: int,
) -> tuple[int, int]:
    """Return the range of a forecast that `pace` gave: one standard deviation of the recent days' time to either side.

    Days vary on their own, so the deviation grows with the square root of the working days to come. The low end is
    never below what is used already.
    """
    seconds_by_day = _within(daily, first_day, last_day)
    used = sum(seconds_by_day.values())
    days = working_days(first_day, last_day)
    worked_until = today if today in seconds_by_day else today - DAY
    ahead = sum(day > worked_until for day in days)
    recent = [seconds_by_day.get(day, 0) for day in days if day <= worked_until][-RECENT_WORKING_DAYS:]
    if not ahead or not recent:
        return forecast_used, forecast_used
    total = sum(recent)
    spread = isqrt(ahead * (len(recent) * sum(one * one for one in recent) - total * total)) // len(recent)
    return max(used, forecast_used - spread), forecast_used + spread


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


def _runs_out_on(ahead: list[date], left: int, recent_seconds: int, recent_days: int) -> date | None:
    """Return the first day ahead on which used plus the recent pace goes past what is available."""
    if not ahead or recent_seconds == 0:
        return None
    days_that_fit = left * recent_days // recent_seconds
    return ahead[days_that_fit] if days_that_fit < len(ahead) else None


def _forecast_status(forecast: int, available_seconds: int) -> PaceStatus:
    if forecast * 100 > available_seconds * 105:
        return "Running hot"
    if forecast * 100 < available_seconds * 75:
        return "Under-serviced"
    return "On pace"
