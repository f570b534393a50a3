"""An agreement over time: its terms from a date on, its pauses, and the spans of days that are its periods."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from agency_app.domain.retainer.cycle import DAY, Cycle, Proration, days_between, prorated
from agency_app.domain.retainer.rollover import RolloverRule

Basis = Literal["hours", "fee", "budget", "hybrid"]
OveragePolicy = Literal["bill", "approval", "absorb", "stop"]

CALENDAR_MONTHS = Cycle()
EXPIRE = RolloverRule()


@dataclass(frozen=True)
class Terms:
    """What was agreed for a period. `granted` is seconds, or minor units when the basis is a budget of money."""

    basis: Basis = "hours"
    granted: int = 0
    fee_minor: int = 0
    cycle: Cycle = CALENDAR_MONTHS
    proration: Proration = "none"
    rule: RolloverRule = EXPIRE
    overage: OveragePolicy = "bill"
    overage_rate: int = 0

    def __post_init__(self) -> None:
        if self.granted < 0 or self.fee_minor < 0 or self.overage_rate < 0:
            raise ValueError("What is granted, the fee and the overage rate cannot be negative.")
        if self.rule.carry_deficit and self.overage in ("bill", "approval"):
            raise ValueError("An overrun is either billed or carried into the next period, not both.")


@dataclass(frozen=True)
class Agreement:
    """A retainer from its first day to its last (None: open end), with its amendments and pauses in order of date.

    The first terms hold from the start; an amendment holds for the periods that start on its date or later. Days from
    the first to the last of a pause (None: until further notice) are not covered.
    """

    starts_on: date
    ends_on: date | None
    terms: Terms
    amendments: tuple[tuple[date, Terms], ...] = ()
    pauses: tuple[tuple[date, date | None], ...] = ()

    def runs_on(self, day: date) -> bool:
        """Tell whether the agreement covers a day: between its start and its end, and not paused."""
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return False
        return not any(first <= day and (last is None or day <= last) for first, last in self.pauses)

    def terms_on(self, day: date) -> Terms:
        """Return the terms of a period that starts on a day."""
        position = bisect_right(self.amendments, day, key=lambda amendment: amendment[0])
        return self.amendments[position - 1][1] if position else self.terms


@dataclass(frozen=True)
class Span:
    """The days of one period with what they grant: `granted` in seconds or minor units, the fee in minor units.

    `cycle_first` and `cycle_last` are the days of the whole cycle, of which a first or last period may be a part.
    """

    first: date
    last: date
    cycle_first: date
    cycle_last: date
    terms: Terms
    granted: int
    fee_minor: int


def spans(agreement: Agreement, upto: date, since: date | None = None) -> Iterator[Span]:
    """Yield the periods that start on or before a day, in order; those that are paused throughout are left out.

    `since` is the first day of a period from which to go on, for an agreement whose earlier ones are closed. A change
    of the cycle cuts the period in which it takes effect.
    """
    first = max(agreement.starts_on, since) if since else agreement.starts_on
    while first <= upto and (agreement.ends_on is None or first <= agreement.ends_on):
        terms = agreement.terms_on(first)
        cycle_first, cycle_last = terms.cycle.period_of(first)
        last = cycle_last
        for day, changed in agreement.amendments:
            if first < day <= last and changed.cycle != terms.cycle:
                last = day - DAY
        if agreement.ends_on is not None:
            last = min(last, agreement.ends_on)
        span = _span(agreement, terms, (first, last), (cycle_first, cycle_last))
        if span is not None:
            yield span
        first = last + DAY


def first_period_from(agreement: Agreement, day: date) -> date | None:
    """Return the first day of the first period that starts on a day or later: from then on a change of that day holds.

    None when no period starts any more.
    """
    longest = max(terms.cycle.every for terms in (agreement.terms, *(terms for _, terms in agreement.amendments)))
    upto = max([day, *(last for _, last in agreement.pauses if last is not None)]) + 31 * longest * DAY
    return next((span.first for span in spans(agreement, upto) if span.first >= day), None)


def _span(agreement: Agreement, terms: Terms, days: tuple[date, date], cycle_days: tuple[date, date]) -> Span | None:
    if days == cycle_days and not agreement.pauses:
        return Span(*days, *cycle_days, terms, terms.granted, terms.fee_minor)
    covered = [day for day in days_between(*days) if agreement.runs_on(day)]
    if not covered:
        return None
    granted, fee_minor = (
        prorated(amount, terms.proration, covered, *cycle_days) for amount in (terms.granted, terms.fee_minor)
    )
    return Span(*days, *cycle_days, terms, granted, fee_minor)
