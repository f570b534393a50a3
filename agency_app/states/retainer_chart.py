"""The burn-down of a period as a drawing and as a table: what is left, day by day. Pure, in whole tenths of a pixel."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypedDict

from agency_app.documents import wording
from agency_app.domain.retainer import working_days
from agency_app.services.read_retainers import PeriodRead
from agency_app.states.retainer_words import amount, compact, forecast_words, left_words, range_words, rounded

WIDTH, HEIGHT = 620, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 604, 14, 190


class Mark(TypedDict):
    """A text at a place of the drawing."""

    x: str
    y: str
    text: str


class DayLeft(TypedDict):
    """A row of the table behind the drawing."""

    day: str
    used: str
    left: str
    ideal: str


class Chart(TypedDict):
    """The burn-down: ideal dashed, actual solid, forecast dotted in a fan that is its range, today a labelled line."""

    text: str
    ideal: str
    actual: str
    area: str
    forecast: str
    spread: str
    today_x: str
    today_y: str
    today_text: str
    today_anchor: str
    today_text_x: str
    running: bool
    ideal_mark: Mark
    end: Mark
    pin_from: str
    pin_to: str
    ticks: list[Mark]
    levels: list[Mark]
    days: list[DayLeft]


def no_chart() -> Chart:
    """Return an empty drawing."""
    mark: Mark = {"x": "0", "y": "0", "text": ""}
    return {
        "text": "",
        "ideal": "",
        "actual": "",
        "area": "",
        "forecast": "",
        "spread": "",
        "today_x": "0",
        "today_y": "0",
        "today_text": "",
        "today_anchor": "start",
        "today_text_x": "0",
        "running": False,
        "ideal_mark": mark,
        "end": mark,
        "pin_from": "0",
        "pin_to": "0",
        "ticks": [],
        "levels": [],
        "days": [],
    }


def burn_down_chart(one: PeriodRead, today: date, currency: str) -> Chart:
    """Return the burn-down of a period as of a day. Work that is logged ahead is part of the actual line."""
    period, terms = one.period, one.period.terms
    first, last, available = period.first, period.last, period.balance.available
    length = (last - first).days + 1
    daily = dict(one.daily)
    running = first <= today <= last and not period.closed
    foretold = one.pace.forecast_used if running else None
    most = max(period.balance.used, *([foretold, *(one.forecast_range or ())] if foretold is not None else [0]))
    top, bottom = max(available, 1), min(0, available - most)

    def x(offset: int) -> int:
        return LEFT * 10 + (RIGHT - LEFT) * 10 * offset // length

    def y(left: int) -> int:
        shown = min(max(left, bottom), top)
        return BOTTOM * 10 - (BOTTOM - TOP) * 10 * (shown - bottom) // (top - bottom)

    def point(offset: int, left: int) -> str:
        return f"{_tenth(x(offset))},{_tenth(y(left))}"

    until = min(max(today, first - timedelta(days=1), *(daily or {first: 0})), last)
    ideals = _ideals(first, last, available)
    lefts = [available]
    for offset in range((until - first).days + 1):
        lefts.append(lefts[-1] - daily.get(first + timedelta(days=offset), 0))
    points = [point(offset, left) for offset, left in enumerate(lefts)]
    reached = len(lefts) - 1
    chart = no_chart()
    chart["actual"] = f"M{'L'.join(points)}"
    chart["area"] = " ".join([f"{_tenth(x(0))},{_tenth(y(0))}", *points, f"{_tenth(x(reached))},{_tenth(y(0))}"])
    chart["ideal"] = f"M{'L'.join(point(offset, left) for offset, left in enumerate(ideals))}"
    chart["ideal_mark"] = {"x": _tenth(x(length // 3) + 60), "y": _tenth(y(ideals[length // 3]) - 60), "text": "Ideal"}
    if running:
        passed = (today - first).days + 1
        chart["running"] = True
        chart["today_x"], chart["today_y"] = _tenth(x(passed)), _tenth(y(lefts[passed]))
        late = passed * 2 > length
        chart["today_anchor"] = "end" if late else "start"
        chart["today_text_x"] = _tenth(x(passed) + (-60 if late else 60))
        chart["today_text"] = f"Today, {left_words(one, currency)}" if passed == reached else "Today"
    if foretold is not None and until < last:
        _foretell(chart, one, (reached, lefts[-1]), length, x, y, foretold)
    step = max(1, (length + 4) // 5)
    chart["ticks"] = [
        {
            "x": _tenth((x(offset) + x(offset + 1)) // 2),
            "y": str(BOTTOM + 20),
            "text": wording.short_date(first + timedelta(days=offset)),
        }
        for offset in range(0, length, step)
    ]
    chart["levels"] = [
        {"x": str(LEFT - 6), "y": _tenth(y(level)), "text": compact(level, terms, currency)}
        for level in sorted({0, available // 2, available})
        if level >= 0
    ]
    chart["text"] = _sentence(one, foretold is not None, currency)
    chart["days"] = [
        {
            "day": wording.weekday_date(day),
            "used": amount(daily.get(day, 0), terms, currency),
            "left": amount(lefts[offset + 1], terms, currency).replace("-", "−"),
            "ideal": rounded(ideals[offset + 1], terms, currency),
        }
        for offset in range(reached)
        for day in [first + timedelta(days=offset)]
    ]
    return chart


def _foretell(
    chart: Chart,
    one: PeriodRead,
    start: tuple[int, int],
    length: int,
    x: Callable[[int], int],
    y: Callable[[int], int],
    foretold: int,
) -> None:
    """Draw the forecast from where the work has come to (day, left) to the end, through the day it runs out."""

    def point(offset: int, left: int) -> str:
        return f"{_tenth(x(offset))},{_tenth(y(left))}"

    available, run_out = one.period.balance.available, one.pace.run_out
    through: list[tuple[int, int]] = []
    if run_out is not None and start[1] > 0:
        day = (run_out - one.period.first).days + 1
        chart["end"] = {"x": _tenth(x(day)), "y": _tenth(y(0) - 400), "text": wording.short_date(run_out)}
        chart["pin_from"], chart["pin_to"] = _tenth(y(0) - 350), _tenth(y(0) - 20)
        through = [(day, 0)] if start[0] < day < length else []
    path = [start, *through, (length, available - foretold)]
    chart["forecast"] = f"M{'L'.join(point(*place) for place in path)}"
    low, high = one.forecast_range or (foretold, foretold)
    if low != high:
        chart["spread"] = " ".join(
            point(*place) for place in (start, (length, available - low), (length, available - high))
        )


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


def _tenth(tenths: int) -> str:
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
