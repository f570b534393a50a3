"""The burn-down of a period as a drawing and as a table: what is left, day by day. Pure, in whole tenths of a pixel."""

from datetime import date, timedelta
from typing import TypedDict

from agency_app.documents import wording
from agency_app.domain.retainer import working_days
from agency_app.services.read_retainers import PeriodRead
from agency_app.states.retainer_words import amount, compact, forecast_words, left_words, rounded

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
    """The burn-down: ideal dashed, actual solid, forecast dotted, today a labelled line."""

    text: str
    ideal: str
    actual: str
    area: str
    forecast: str
    today_x: str
    today_y: str
    today_text: str
    today_anchor: str
    today_text_x: str
    running: bool
    ideal_mark: Mark
    end: Mark
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
        "today_x": "0",
        "today_y": "0",
        "today_text": "",
        "today_anchor": "start",
        "today_text_x": "0",
        "running": False,
        "ideal_mark": mark,
        "end": mark,
        "ticks": [],
        "levels": [],
        "days": [],
    }


def burn_down_chart(one: PeriodRead, today: date, currency: str) -> Chart:
    """Return the burn-down of a period as of a day."""
    period, terms = one.period, one.period.terms
    first, last, available = period.first, period.last, period.balance.available
    length = (last - first).days + 1
    daily = dict(one.daily)
    top, bottom = max(available, 1), min(0, available - period.balance.used)

    def x(offset: int) -> int:
        return LEFT * 10 + (RIGHT - LEFT) * 10 * offset // length

    def y(left: int) -> int:
        shown = min(max(left, bottom), top)
        return BOTTOM * 10 - (BOTTOM - TOP) * 10 * (shown - bottom) // (top - bottom)

    def point(offset: int, left: int) -> str:
        return f"{_tenth(x(offset))},{_tenth(y(left))}"

    until = min(max(today, first - timedelta(days=1), *(daily or {first: 0})), last)
    ideals = _ideals(first, last, available)
    used, points, rows = 0, [point(0, available)], list[DayLeft]()
    for offset in range((until - first).days + 1):
        day = first + timedelta(days=offset)
        used += daily.get(day, 0)
        points.append(point(offset + 1, available - used))
        rows.append(
            {
                "day": wording.weekday_date(day),
                "used": amount(daily.get(day, 0), terms, currency),
                "left": amount(available - used, terms, currency).replace("-", "−"),
                "ideal": rounded(ideals[offset + 1], terms, currency),
            }
        )
    reached = len(points) - 1
    running = first <= today <= last and not period.closed
    chart = no_chart()
    chart["actual"] = f"M{'L'.join(points)}"
    chart["area"] = " ".join([f"{_tenth(x(0))},{_tenth(y(0))}", *points, f"{_tenth(x(reached))},{_tenth(y(0))}"])
    chart["ideal"] = f"M{'L'.join(point(offset, left) for offset, left in enumerate(ideals))}"
    chart["ideal_mark"] = {"x": _tenth(x(length // 3) + 60), "y": _tenth(y(ideals[length // 3]) - 60), "text": "Ideal"}
    chart["running"] = running
    chart["today_x"], chart["today_y"] = _tenth(x(reached)), _tenth(y(available - used))
    late = reached * 2 > length
    chart["today_anchor"] = "end" if late else "start"
    chart["today_text_x"] = _tenth(x(reached) + (-60 if late else 60))
    chart["today_text"] = f"Today, {left_words(one, currency)}" if running else ""
    if running and one.pace.forecast_used is not None and until < last:
        run_out = one.pace.run_out
        if run_out is not None and run_out >= until:
            end, left = (run_out - first).days + 1, 0
            chart["end"] = {"x": _tenth(x(end)), "y": _tenth(y(0) - 400), "text": wording.short_date(run_out)}
        else:
            end, left = length, available - one.pace.forecast_used
        chart["forecast"] = f"M{point(reached, available - used)}L{point(end, left)}"
    step = max(1, (length + 4) // 5)
    chart["ticks"] = [
        {
            "x": _tenth((x(offset) + x(offset + 1)) // 2),
            "y": str(BOTTOM + 16),
            "text": wording.short_date(first + timedelta(days=offset)),
        }
        for offset in range(0, length, step)
    ]
    chart["levels"] = [
        {"x": str(LEFT - 6), "y": _tenth(y(level)), "text": compact(level, terms, currency)}
        for level in sorted({0, available // 2, available})
        if level >= 0
    ]
    forecast, spread = forecast_words(one, currency)
    foretold = running and one.pace.forecast_used is not None
    chart["text"] = (
        f"Burn-down of {wording.day_span(first, last)}: {left_words(one, currency)} of "
        f"{amount(available, terms, currency)}; {one.pace.status}"
        + (f"; forecast {forecast} used at the end{f', between {spread}' if spread else ''}" if foretold else "")
        + "."
    )
    chart["days"] = rows
    return chart


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
