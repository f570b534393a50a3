"""The burn-down of a period as a drawing, small or large: what is left, day by day. Pure, in whole tenths of a pixel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from agency_app.services.read_retainers import PeriodRead
from agency_app.states.retainer_words import compact


@dataclass(frozen=True)
class Frame:
    """Where a drawing lies in its box, in pixels: its edges, and where its words stand beside them."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    level_x: int
    tick_y: int
    tick_anchor: str
    today_y: int
    today_gap: int


SMALL = Frame(310, 132, 30, 300, 8, 114, level_x=25, tick_y=128, tick_anchor="start", today_y=20, today_gap=5)
LARGE = Frame(620, 220, 44, 604, 14, 190, level_x=38, tick_y=210, tick_anchor="middle", today_y=11, today_gap=6)


class Mark(TypedDict):
    """A text at a place of the drawing."""

    x: str
    y: str
    text: str


class Curve(TypedDict):
    """The burn-down: ideal dashed, actual solid, forecast dotted in a fan that is its range, today a labelled line."""

    text: str
    """What the drawing shows, in a sentence."""
    ideal: str
    actual: str
    area: str
    forecast: str
    spread: str
    today_x: str
    """Where the actual line is at today; empty for no mark on it."""
    today_y: str
    today_text: str
    """What stands at today's line; empty for no line."""
    today_anchor: str
    today_text_x: str
    ideal_mark: Mark
    end: Mark
    """The day it runs out, over a pin."""
    pin_from: str
    pin_to: str
    ticks: list[Mark]
    levels: list[Mark]


def no_curve() -> Curve:
    """Return an empty drawing."""
    mark: Mark = {"x": "0", "y": "0", "text": ""}
    return {
        "text": "",
        "ideal": "",
        "actual": "",
        "area": "",
        "forecast": "",
        "spread": "",
        "today_x": "",
        "today_y": "",
        "today_text": "",
        "today_anchor": "start",
        "today_text_x": "0",
        "ideal_mark": mark,
        "end": mark,
        "pin_from": "0",
        "pin_to": "0",
        "ticks": [],
        "levels": [],
    }


@dataclass(frozen=True)
class Scale:
    """The places of a period's days and of what is left, in tenths of a pixel; what lies outside stands at the edge."""

    frame: Frame
    days: int
    top: int
    bottom: int = 0

    def x(self, offset: int) -> int:
        """Return the place of the beginning of a day, counted from the first."""
        return self.frame.left * 10 + (self.frame.right - self.frame.left) * 10 * offset // self.days

    def y(self, left: int) -> int:
        """Return the place of what is left."""
        shown = min(max(left, self.bottom), self.top)
        height = (self.frame.bottom - self.frame.top) * 10
        return self.frame.bottom * 10 - height * (shown - self.bottom) // (self.top - self.bottom)

    def point(self, offset: int, left: int) -> str:
        """Return a place of a line."""
        return f"{tenth(self.x(offset))},{tenth(self.y(left))}"

    def line(self, points: Sequence[tuple[int, int]]) -> str:
        """Return the line through some (day, what is left)."""
        return f"M{'L'.join(self.point(*one) for one in points)}"


def lefts_until(one: PeriodRead, until: date) -> list[int]:
    """Return what is left before the first day of a period and after each day up to one."""
    first, daily = one.period.first, dict(one.daily)
    lefts = [one.period.balance.available]
    for offset in range((until - first).days + 1):
        lefts.append(lefts[-1] - daily.get(first + timedelta(days=offset), 0))
    return lefts


def drawn(scale: Scale, one: PeriodRead, lefts: Sequence[int], currency: str) -> Curve:
    """Return the actual line through what was left, the area under it, and the levels beside it."""
    terms, available = one.period.terms, one.period.balance.available
    curve, reached = no_curve(), len(lefts) - 1
    points = list(enumerate(lefts))
    curve["actual"] = scale.line(points)
    curve["area"] = " ".join(scale.point(*place) for place in [(0, 0), *points, (reached, 0)])
    curve["levels"] = [
        {"x": str(scale.frame.level_x), "y": tenth(scale.y(level)), "text": compact(level, terms, currency)}
        for level in sorted({0, available // 2, available})
        if level >= 0
    ]
    return curve


def mark_today(curve: Curve, scale: Scale, passed: int, left: int, words: str) -> None:
    """Mark the end of a day, counted from the first, on the actual line, with words beside its line if there are any."""
    late = passed * 2 > scale.days
    gap = scale.frame.today_gap * 10
    curve["today_x"], curve["today_y"] = tenth(scale.x(passed)), tenth(scale.y(left))
    curve["today_text"], curve["today_anchor"] = words, "end" if late else "start"
    curve["today_text_x"] = tenth(scale.x(passed) + (-gap if late else gap))


def tenth(tenths: int) -> str:
    """Return tenths of a pixel as SVG writes them."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
