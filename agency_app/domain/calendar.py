"""When a member works: target hours by weekday, from a date on, and days off. Seconds and local days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class WeekHours:
    """The seconds meant for Monday to Sunday, from a day until the next of a member's weeks."""

    starts_on: date
    seconds: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.seconds) != 7 or min(self.seconds) < 0:
            raise ValueError("A week has seven days, none with less than no time.")


@dataclass(frozen=True)
class TimeOff:
    """Days off, from first to last; with `half`, half of each."""

    first: date
    last: date
    half: bool = False


@dataclass(frozen=True)
class MemberCalendar:
    """A member's weeks, oldest first, and the days off of this member and of everybody."""

    weeks: tuple[WeekHours, ...] = ()
    off: tuple[TimeOff, ...] = ()

    def week_on(self, day: date) -> WeekHours | None:
        """Return the week that holds on a day, None before the first."""
        return next((week for week in reversed(self.weeks) if week.starts_on <= day), None)

    def half_days_off(self, day: date) -> int:
        """Return how much of a day is off: 0, 1 or 2 halves."""
        return min(2, sum(1 if one.half else 2 for one in self.off if one.first <= day <= one.last))


def target_seconds(calendar: MemberCalendar, day: date) -> int:
    """Return the seconds a member means to work on a day: 0 on a day off, and without a week that holds then."""
    week = calendar.week_on(day)
    if week is None:
        return 0
    return week.seconds[day.weekday()] * (2 - calendar.half_days_off(day)) // 2


def target_between(calendar: MemberCalendar, first: date, last: date) -> int:
    """Return the seconds a member means to work from first to last, both included."""
    return sum(target_seconds(calendar, day) for day in _days(first, last))


def working_share(calendar: MemberCalendar, day: date) -> int:
    """Return how much of a usual working day a member works on a day, in 1/10000.

    A usual one is the mean of the weekdays with a target. Without a week that holds then, Monday to Friday are usual
    days; days off count either way.
    """
    week = calendar.week_on(day)
    here = 2 - calendar.half_days_off(day)
    if week is None:
        return 0 if day.weekday() >= _SATURDAY else 5_000 * here
    meant = [seconds for seconds in week.seconds if seconds]
    if not meant:
        return 0
    return week.seconds[day.weekday()] * len(meant) * 5_000 * here // sum(meant)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=place) for place in range((last - first).days + 1))
