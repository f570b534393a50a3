"""What the work of a month earned and cost, in whole seconds and minor units.

A fee belongs to the days of its period, evenly, and within a month to the hours of that month. Work by the hour earns
its own rate, what goes past the agreement the overage rate, or nothing where it is not charged; overage is spread over
the hours of its month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agency_app.domain.money import round_half_up

_HOUR_E4 = 3600 * 10_000


@dataclass(frozen=True)
class AgreedPart:
    """What the days of a month drew on one period (seconds, or minor units of a budget), and on which terms.

    `over` of it went past what was agreed. `by_the_hour`: what did not is charged at each entry's own rate, not covered
    by a fee. `over_rate` is in 1/10000 an hour; None where overage is not charged.
    """

    drawn: int
    over: int
    by_the_hour: bool
    over_rate: int | None


@dataclass(frozen=True)
class MonthAgreed:
    """What a retainer agreed for a month: the fee of its days, and what its work drew."""

    fee_minor: int = 0
    parts: tuple[AgreedPart, ...] = ()


@dataclass(frozen=True)
class MonthEarned:
    """What the billable work of a month earned with its retainer, and what of it earned nothing.

    `by_hours` (fee and overage) belongs to the work by its hours, `by_value` by its hours × rates. `lost` is what the
    seconds past the agreement that are not charged (`over_seconds`) are worth.
    """

    by_hours: int
    by_value: int
    over_seconds: int
    lost: int


def month_earned(agreed: MonthAgreed, seconds: int, value: int, decimals: int) -> MonthEarned:
    """Return what the billable work of a retainer in a month earned; `value` is the sum of seconds × rate."""
    drawn = sum(part.drawn for part in agreed.parts)
    if drawn <= 0 or seconds <= 0:
        return MonthEarned(agreed.fee_minor, money_of(value, decimals), 0, 0)
    included = sum(part.drawn - part.over for part in agreed.parts if part.by_the_hour)
    by_hours, over_seconds, lost = agreed.fee_minor, 0, 0
    for part in agreed.parts:
        over = round_half_up(seconds * part.over, drawn)
        if part.over_rate is not None:
            by_hours += money_of(over * part.over_rate, decimals)
        else:
            over_seconds += over
            lost += round_half_up(value * part.over * 10**decimals, drawn * _HOUR_E4)
    by_value = round_half_up(value * included * 10**decimals, drawn * _HOUR_E4)
    return MonthEarned(by_hours, by_value, over_seconds, lost)


def fee_of_days(fee_minor: int, period: tuple[date, date], days: tuple[date, date]) -> int:
    """Return the part of a period's fee that belongs to some days; over all of its days it adds up to the fee."""
    first, last = period
    length = (last - first).days + 1
    begin = min(max((days[0] - first).days, 0), length)
    end = min(max((days[1] - first).days + 1, 0), length)
    return fee_minor * end // length - fee_minor * begin // length if end > begin else 0


def money_of(seconds_times_rate: int, decimals: int) -> int:
    """Return seconds × rate (1/10000 an hour) as minor units, half up."""
    return round_half_up(seconds_times_rate * 10**decimals, _HOUR_E4)


def rate_on(rates: Sequence[tuple[date, int]], day: date) -> int | None:
    """Return the rate that holds on a day, of (first day, rate) in order; None before the first."""
    return next((rate for starts_on, rate in reversed(rates) if starts_on <= day), None)


def hourly(minor: int, seconds: int) -> int | None:
    """Return money ÷ hours in minor units an hour, None without hours."""
    return round_half_up(minor * 3600, seconds) if seconds else None


def margin_percent(income: int, cost: int) -> int | None:
    """Return (income − cost) ÷ income in whole percent, None without income."""
    return round_half_up((income - cost) * 100, income) if income > 0 else None
