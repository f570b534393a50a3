"""The burn-down of a period on its page: the large drawing and the table behind it, day by day. Pure."""

from datetime import date, timedelta
from typing import TypedDict

from agency_app.documents import wording
from agency_app.domain.retainer import working_days
from agency_app.services.read_retainers import PeriodRead
from agency_app.states.burn_down import LARGE, Curve, Scale, drawn, lefts_until, mark_today, no_curve, tenth
from agency_app.states.retainer_words import amount, forecast_words, left_words, range_words, rounded


class DayLeft(TypedDict):
    """A row of the table behind the drawing."""

    day: str
    used: str
    left: str
    ideal: str


class Chart(Curve):
    """The burn-down with the table behind it."""

    days: list[DayLeft]


def no_chart() -> Chart:
    """Return an empty drawing."""
    return {**no_curve(), "days": []}


def burn_down_chart(one: PeriodRead, today: date, currency: str) -> Chart:
    """Return the burn-down of a period as of a day. Work that is logged ahead is part of the actual line."""
    period, terms = one.period, one.period.terms
    first, last, available = period.first, period.last, period.balance.available
    length = (last - first).days + 1
    daily = dict(one.daily)
    running = first <= today <= last and not period.closed
    foretold = one.pace.forecast_used if running else None
    most = max(period.balance.used, *([foretold, *(one.forecast_range or ())] if foretold is not None else [0]))
    scale = Scale(LARGE, length, top=max(available, 1), bottom=min(0, available - most))
    until = min(max(today, first - timedelta(days=1), *(daily or {first: 0})), last)
    ideals, lefts = _ideals(first, last, available), lefts_until(one, until)
    reached = len(lefts) - 1
    curve = drawn(scale, one, lefts, currency)
    curve["ideal"] = scale.line(list(enumerate(ideals)))
    beside, over = scale.x(length // 3) + 60, scale.y(ideals[length // 3]) - 60
    curve["ideal_mark"] = {"x": tenth(beside), "y": tenth(over), "text": "Ideal"}
    if running:
        passed = (today - first).days + 1
        words = f"Today, {left_words(one, currency)}" if passed == reached else "Today"
        mark_today(curve, scale, passed, lefts[passed], words)
    if foretold is not None and until < last:
        _foretell(curve, scale, one, (reached, lefts[-1]), foretold)
    curve["ticks"] = [
        {
            "x": tenth((scale.x(offset) + scale.x(offset + 1)) // 2),
            "y": str(LARGE.tick_y),
            "text": wording.short_date(first + timedelta(days=offset)),
        }
        for offset in range(0, length, max(1, (length + 4) // 5))
    ]
    curve["text"] = _sentence(one, foretold is not None, currency)
    days: list[DayLeft] = [
        {
            "day": wording.weekday_date(day),
            "used": amount(daily.get(day, 0), terms, currency),
            "left": amount(lefts[offset + 1], terms, currency).replace("-", "−"),
            "ideal": rounded(ideals[offset + 1], terms, currency),
        }
        for offset in range(reached)
        for day in [first + timedelta(days=offset)]
    ]
    return {**curve, "days": days}


def _foretell(curve: Curve, scale: Scale, one: PeriodRead, start: tuple[int, int], foretold: int) -> None:
    """Draw the forecast from where the work has come to (day, left) to the end, through the day it runs out."""
    available, run_out, length = one.period.balance.available, one.pace.run_out, scale.days
    through: list[tuple[int, int]] = []
    if run_out is not None and start[1] > 0:
        day = (run_out - one.period.first).days + 1
        zero = scale.y(0)
        curve["end"] = {"x": tenth(scale.x(day)), "y": tenth(zero - 400), "text": wording.short_date(run_out)}
        curve["pin_from"], curve["pin_to"] = tenth(zero - 350), tenth(zero - 20)
        through = [(day, 0)] if start[0] < day < length else []
    curve["forecast"] = scale.line([start, *through, (length, available - foretold)])
    low, high = one.forecast_range or (foretold, foretold)
    if low != high:
        ends = start, (length, available - low), (length, available - high)
        curve["spread"] = " ".join(scale.point(*place) for place in ends)


def _sentence(one: PeriodRead, foretold: bool, currency: str) -> str:
    """Return what the drawing shows, in one sentence."""
    period = one.period
    forecast = f"; forecast {forecast_words(one, currency)[0]} used at the end{range_words(one, currency)}"
    return (
        f"Burn-down of {wording.day_span(period.first, period.last)}: {left_words(one, currency)} of "
        f"{amount(period.balance.available, period.terms, currency)}; {one.pace.status}"
        + (forecast if foretold else "")
        + "."
    )


def _ideals(first: date, last: date, available: int) -> list[int]:
    """Return what an even pace over the working days leaves, before the first day and after each day."""
    days = working_days(first, last)
    working, done, ideals = set(days), 0, [max(0, available)]
    for offset in range((last - first).days + 1):
        done += first + timedelta(days=offset) in working
        ideals.append(max(0, available) - max(0, available) * done // len(days))
    return ideals
