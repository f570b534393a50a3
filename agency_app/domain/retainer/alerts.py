"""What about a period people are told of: shares of it that are used up, and that too little is done for a client."""

from collections.abc import Iterable
from datetime import date

from agency_app.domain.retainer.cycle import working_days
from agency_app.domain.retainer.forecast import UNDER_SERVICED_PERCENT, Pace

Cause = tuple[str, int]
"""("used", percent) or ("under_serviced", 0)."""
UNDER_SERVICED: Cause = ("under_serviced", 0)


def alert_causes(
    *,
    granted: int,
    available: int,
    used: int,
    pace: Pace,
    days: tuple[date, date],
    today: date,
    thresholds: Iterable[int],
    under_serviced: bool,
    set_up_on: date | None = None,
) -> set[Cause]:
    """Return what there is to tell about a period from its first to its last day; seconds, or minor units of a budget.

    A threshold counts as soon as that share of what is available is used, so 100 means that it is used up, not passed.
    Under-serviced counts in the second half of the working days: when the forecast stays below three quarters of what
    is available or, where it is too early for a forecast, what is used stays below three quarters of an even pace. Not
    of a period in whose second half the retainer was set up, where that day is known: nobody could have served it. A
    period that grants nothing has nothing to tell.
    """
    if granted <= 0:
        return set()
    reached = {percent for percent in thresholds if available <= 0 or used * 100 >= percent * available}
    causes: set[Cause] = {("used", percent) for percent in reached}
    set_up_late = set_up_on is not None and _is_in_the_second_half(days, set_up_on)
    if under_serviced and available > 0 and _is_in_the_second_half(days, today) and not set_up_late:
        behind = used * 100 < pace.ideal_used * UNDER_SERVICED_PERCENT
        if pace.status == "Under-serviced" or (pace.forecast_used is None and behind):
            causes.add(UNDER_SERVICED)
    return causes


def _is_in_the_second_half(days: tuple[date, date], today: date) -> bool:
    working = working_days(*days)
    return today <= days[1] and 2 * sum(day <= today for day in working) >= len(working)
