"""What of a member's working days is accounted for: target less logged, day by day. Seconds and local days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from agency_app.domain.calendar import MemberCalendar, target_seconds


@dataclass(frozen=True)
class DayAccount:
    """A day with the seconds a member meant to work, and those logged. `over` tells whether the day has ended."""

    day: date
    target: int
    logged: int
    over: bool

    @property
    def gap(self) -> int:
        """The seconds that are unaccounted for: none before the day has ended, and never less than none."""
        return max(0, self.target - self.logged) if self.over else 0


def accounts_of(
    calendar: MemberCalendar, logged: Mapping[date, int], first: date, last: date, today: date
) -> tuple[DayAccount, ...]:
    """Return each day from first to last; `today` is in the member's zone, and has not ended yet."""
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return tuple(DayAccount(day, target_seconds(calendar, day), logged.get(day, 0), day < today) for day in days)


def gap_of(accounts: Iterable[DayAccount]) -> int:
    """Return the seconds of some days that are unaccounted for. More on one day does not make up for another."""
    return sum(account.gap for account in accounts)
