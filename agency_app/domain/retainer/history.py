"""The periods of an agreement with their balances, from what is frozen and from the work: a pure function of both."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate

from agency_app.domain.retainer.agreement import Agreement, Span, Terms, spans
from agency_app.domain.retainer.cycle import DAY
from agency_app.domain.retainer.rollover import Balance, Lot, RolloverRule, balance_of, settle


@dataclass(frozen=True)
class ClosedPeriod:
    """What was frozen when a period was closed."""

    first: date
    last: date
    balance: Balance
    lots_in: tuple[Lot, ...]
    lots_out: tuple[Lot, ...]
    terms: Terms
    fee_minor: int


@dataclass(frozen=True)
class Period:
    """One period: its days, its terms, its balance, and what it hands on.

    A period that is closed is as it was frozen. One that has ended but was not closed shows what closing it now would
    give. One that runs still hands nothing on.
    """

    first: date
    last: date
    terms: Terms
    fee_minor: int
    closed: bool
    balance: Balance
    lots_in: tuple[Lot, ...]
    lots_out: tuple[Lot, ...]


class UsedByDay:
    """What was used on each day, summed over any stretch of days in two look-ups."""

    def __init__(self, rows: Iterable[tuple[date, int]]) -> None:
        by_day: dict[date, int] = {}
        for day, amount in rows:
            by_day[day] = by_day.get(day, 0) + amount
        self.days = sorted(by_day)
        self.amounts = [by_day[day] for day in self.days]
        self._sums = list(accumulate(self.amounts, initial=0))

    def between(self, first: date, last: date) -> int:
        """Return what was used from first to last; nothing when last comes before first."""
        if last < first:
            return 0
        return self._sums[bisect_right(self.days, last)] - self._sums[bisect_left(self.days, first)]

    def rows(self, first: date, last: date) -> list[tuple[date, int]]:
        """Return (day, used) from first to last, in order."""
        within = slice(bisect_left(self.days, first), bisect_right(self.days, last))
        return list(zip(self.days[within], self.amounts[within], strict=True))


def periods(agreement: Agreement, used: UsedByDay, closed: Sequence[ClosedPeriod], as_of: date) -> list[Period]:
    """Return the periods that start on or before a day, oldest first.

    What one hands on is what the next starts with; closed periods are taken as they are and never computed again.
    """
    frozen = sorted(closed, key=lambda period: period.first)
    found: list[Period] = []
    since: date | None = None
    for period in [*frozen, None]:
        before = period.first - DAY if period else as_of
        for span in spans(agreement, min(before, as_of), since):
            found.append(_open_period(span, found[-1].lots_out if found else (), used, as_of, before))
        if period is None or period.first > as_of:
            break
        found.append(_closed_period(period))
        since = period.last + DAY
    return found


def _open_period(span: Span, lots_in: tuple[Lot, ...], used: UsedByDay, as_of: date, before: date) -> Period:
    """Return a period that is not closed; one before a closed period has ended, whatever its cycle says."""
    last = min(span.last, before) if before < as_of else span.last
    seconds = used.between(span.first, last)
    if last < as_of:
        balance, lots_out = settled(span.granted, lots_in, seconds, span.terms.rule)
    else:
        balance = balance_of(span.granted, sum(amount for _, amount in lots_in), seconds)
        lots_out = ()
    return Period(span.first, last, span.terms, span.fee_minor, False, balance, lots_in, lots_out)


@lru_cache(maxsize=16_384)
def settled(granted: int, lots_in: tuple[Lot, ...], used: int, rule: RolloverRule) -> tuple[Balance, tuple[Lot, ...]]:
    """Return what `settle` does, remembered by its figures: of all the periods, only those whose own work or whose
    start changed are worked out again."""
    return settle(granted, lots_in, used, rule)


def _closed_period(period: ClosedPeriod) -> Period:
    return Period(
        period.first, period.last, period.terms, period.fee_minor, True, period.balance, period.lots_in, period.lots_out
    )


def recomputed(period: ClosedPeriod, granted: int, used: int) -> ClosedPeriod:
    """Return a closed period as closing it again, on the terms frozen on it, would leave it."""
    balance, lots_out = settle(granted, period.lots_in, used, period.terms.rule)
    return ClosedPeriod(period.first, period.last, balance, period.lots_in, lots_out, period.terms, period.fee_minor)
