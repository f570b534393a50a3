"""Retainer arithmetic in whole seconds: periods, balances, drawing entries from them, and the pace of a period."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from agency_app.domain.money import round_half_up

Rollover = Literal["expire", "all", "capped"]
PaceStatus = Literal["On pace", "Running hot", "Under-serviced", "Over", "Too early to tell"]

RECENT_WORKING_DAYS = 10
DAYS_WITH_DATA_FOR_A_FORECAST = 3

_DAY = timedelta(days=1)


def period_of(day: date, anchor_day: int = 1) -> tuple[date, date]:
    """Return the first and last day of the monthly period that holds a day.

    The anchor day (1 to 31) itself starts a period; in a shorter month the last day of the month stands in for it.
    Raises ValueError for an anchor day outside 1 to 31.
    """
    if not 1 <= anchor_day <= 31:
        raise ValueError("A period starts on a day from 1 to 31.")
    first = _anchor_in_month(day.year, day.month, anchor_day)
    if day < first:
        first = _anchor_in_month(*_next_month(day.year, day.month, -1), anchor_day)
    return first, _anchor_in_month(*_next_month(first.year, first.month, 1), anchor_day) - _DAY


def _anchor_in_month(year: int, month: int, anchor_day: int) -> date:
    return date(year, month, min(anchor_day, calendar.monthrange(year, month)[1]))


def _next_month(year: int, month: int, step: int) -> tuple[int, int]:
    years, month_index = divmod(month - 1 + step, 12)
    return year + years, month_index + 1


@dataclass(frozen=True)
class Balance:
    """Where the seconds of one retainer period went.

    Always: granted + rolled_in = (used − overage) + remaining. After the close: remaining = rolled_out + expired +
    deficit. `rolled_out` is negative only when an overrun is carried into the next period, where it comes back as
    `rolled_in`.
    """

    granted: int
    rolled_in: int
    used: int
    overage: int
    remaining: int
    expired: int = 0
    rolled_out: int = 0

    @property
    def available(self) -> int:
        """Seconds that the period started with."""
        return self.granted + self.rolled_in

    @property
    def deficit(self) -> int:
        """Seconds of overrun that the next period has to make good; zero when overage is billed or absorbed."""
        return max(0, -self.rolled_out)


def balance_of(granted: int, rolled_in: int, used: int) -> Balance:
    """Return the balance of an open period, in seconds. Raises ValueError when granted or used is negative."""
    if granted < 0 or used < 0:
        raise ValueError("Granted and used time cannot be negative.")
    left = granted + rolled_in - used
    return Balance(granted, rolled_in, used, overage=max(0, -left), remaining=max(0, left))


def close_period(
    granted: int,
    rolled_in: int,
    used: int,
    rollover: Rollover,
    cap_seconds: int | None = None,
    *,
    carry_deficit: bool = False,
) -> Balance:
    """Return the balance of a period at its close, in seconds; `rolled_out` is the next period's `rolled_in`.

    "expire" drops what is left, "all" carries it, "capped" carries at most `cap_seconds`. An overrun that is billed or
    absorbed is settled, so it is carried only when `carry_deficit` says so; otherwise a client would pay for it twice.
    Raises ValueError for negative time, an unknown rollover, or "capped" without a cap.
    """
    balance = balance_of(granted, rolled_in, used)
    surplus = _surplus_carried(balance.remaining, rollover, cap_seconds)
    return Balance(
        granted,
        rolled_in,
        used,
        overage=balance.overage,
        remaining=balance.remaining,
        expired=balance.remaining - surplus,
        rolled_out=surplus - (balance.overage if carry_deficit else 0),
    )


def _surplus_carried(remaining: int, rollover: Rollover, cap_seconds: int | None) -> int:
    if rollover == "expire":
        return 0
    if rollover == "all":
        return remaining
    if rollover == "capped":
        if cap_seconds is None or cap_seconds < 0:
            raise ValueError("A capped rollover needs its cap, zero hours or more.")
        return min(remaining, cap_seconds)
    raise ValueError(f"“{rollover}” is not a rollover: choose expire, all or capped.")


@dataclass(frozen=True)
class Drawn:
    """How one entry was drawn from a retainer period: seconds included and seconds over; their sum is the entry."""

    entry_id: str
    included_seconds: int
    overage_seconds: int


def draw(entries: Iterable[tuple[str, date, datetime | None, int]], available: int) -> list[Drawn]:
    """Draw entries (id, work date, start or None, seconds) from the available seconds, first worked first drawn.

    Order: work date, then start (entries without one after those with one), then id. The entry that crosses the edge
    is split. Raises ValueError for negative seconds.
    """
    left = max(0, available)
    drawn: list[Drawn] = []
    for entry_id, _, _, seconds in sorted(entries, key=lambda entry: work_order(entry[1], entry[2], entry[0])):
        if seconds < 0:
            raise ValueError(f"Entry {entry_id} has negative time.")
        included = min(seconds, left)
        left -= included
        drawn.append(Drawn(entry_id, included, seconds - included))
    return drawn


_UNTIMED = datetime.max.replace(tzinfo=UTC)


def work_order(work_date: date, started_at: datetime | None, entry_id: str) -> tuple[date, datetime, str]:
    """Return the key by which work is ordered: work date, start (none comes last), id."""
    return work_date, started_at or _UNTIMED, entry_id


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
    days = _working_days(first_day, last_day)
    ideal_used = round_half_up(max(0, available_seconds) * sum(day <= today for day in days), len(days))
    worked_until = today if today in seconds_by_day else today - _DAY
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


def _within(daily: Iterable[tuple[date, int]], first_day: date, last_day: date) -> dict[date, int]:
    seconds_by_day: dict[date, int] = defaultdict(int)
    for day, seconds in daily:
        if seconds and first_day <= day <= last_day:
            seconds_by_day[day] += seconds
    return dict(sorted(seconds_by_day.items()))


def _working_days(first_day: date, last_day: date) -> list[date]:
    days = [first_day + index * _DAY for index in range((last_day - first_day).days + 1)]
    return [day for day in days if day.weekday() < 5] or days


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
