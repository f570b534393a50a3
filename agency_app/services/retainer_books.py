"""The books of some retainers: what was agreed, frozen and worked, read in a number of queries that does not grow.

From a book every period follows by arithmetic alone. Time in seconds; minor units where the terms are a budget.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.money import exponent
from agency_app.domain.retainer import Agreement, Period, Terms, UsedByDay
from agency_app.services.retainer_terms import (
    agreement_of,
    amount_of,
    closed_period_of,
    lots_text,
    terms_text,
)
from agency_app.store import clients, retainers, work
from agency_app.store.retainers import PlacedEntry, Wanted
from agency_app.tables import Retainer, RetainerPause, RetainerPeriod


@dataclass(frozen=True)
class Book:
    """All that the periods of one retainer follow from. `used` counts late entries where they were placed."""

    retainer: Retainer
    agreement: Agreement
    stored: list[RetainerPeriod]
    used: UsedByDay
    late: list[PlacedEntry] = field(default_factory=list)
    """Entries that count elsewhere than in the period they were worked in: late ones, and those that were moved."""
    decimals: int = 2
    decided: list[PlacedEntry] = field(default_factory=list)
    """Entries of which a draft does not bill something that was written off."""

    def periods(self, as_of: date) -> list[Period]:
        """Return the periods that start on or before a day, oldest first."""
        closed = [closed_period_of(row) for row in self.stored if row.closed_at is not None]
        return arithmetic.periods(self.agreement, self.used, closed, as_of)

    def period_on(self, day: date) -> Period | None:
        """Return the period that holds a day, None when the agreement does not run then."""
        found = self.periods(day)
        return found[-1] if found and found[-1].first <= day <= found[-1].last else None

    def late_overage(self, period: Period) -> int:
        """Return what late entries added to the overage of a period after it was closed."""
        return sum(self._worth(entry, period.terms) for entry in self._late_in(period, "overage"))

    def written_off(self, period: Period) -> int:
        """Return what was written off of a period: late entries, and what drafts do not bill of entries that drew on
        it."""
        late = sum(self._worth(entry, period.terms) for entry in self._late_in(period, "written_off"))
        return late + sum(
            worth(one.written_off_seconds, one.rate, period.terms, self.decimals)
            for one in self.decided
            if period.first <= one.counts_on <= period.last
        )

    def decision(self, period: Period) -> str:
        """Return what was decided about a period's overage: bill, absorb, or empty."""
        return next((row.overage_decision for row in self.stored if row.starts_on == period.first), "")

    def overage_of(self, period: Period) -> str:
        """Return what becomes of a period's overage now: bill, absorb, stop, or approval while it is not decided."""
        policy = period.terms.overage
        return (self.decision(period) or policy) if policy == "approval" else policy

    def row(self, period: Period) -> RetainerPeriod:
        """Return the stored row of a closed period, or a new row of one that is not, with its terms on it."""
        if period.closed:
            return next(row for row in self.stored if row.closed_at is not None and row.starts_on == period.first)
        return RetainerPeriod(
            workspace_id=self.retainer.workspace_id,
            retainer_id=self.retainer.id,
            starts_on=period.first,
            ends_on=period.last,
            granted_seconds=period.balance.granted,
            fee_minor=period.fee_minor,
            rolled_in_seconds=period.balance.rolled_in,
            terms=terms_text(period.terms),
            lots_in=lots_text(period.lots_in),
            overage_decision=self.decision(period),
        )

    def _late_in(self, period: Period, placement: str) -> list[PlacedEntry]:
        return [
            entry
            for entry in self.late
            if entry.placement == placement and period.first <= entry.work_date <= period.last
        ]

    def _worth(self, entry: PlacedEntry, terms: Terms) -> int:
        return worth(entry.seconds, entry.rate, terms, self.decimals)


def worth(seconds: int, rate: int, terms: Terms, decimals: int) -> int:
    """Return what time takes of a period: its seconds, or its amount where the terms are a budget."""
    return amount_of(seconds, rate, decimals) if terms.basis == "budget" else seconds


def books_of(
    session: Session,
    workspace_id: str,
    found: Sequence[Retainer],
    upto: date,
    *,
    since: date | None = None,
    daily_since: date | None = None,
    currencies: dict[str, str] | None = None,
    pauses: Sequence[RetainerPause] | None = None,
) -> dict[str, Book]:
    """Return the books of some retainers by id, with the work up to a day.

    Work is read from the first day that the open period of that day can depend on, or from the period that holds
    `since` when that is earlier: older periods of a book have no work in them. `currencies` names the currency by
    client, and `pauses` those of the retainers, if the caller has them at hand. With `daily_since` the hours of the
    days before it, and before the period that holds it, are read as one sum a period: enough for its balance, and much
    less to read.
    """
    if not found:
        return {}
    ids = [retainer.id for retainer in found]
    amendments = retainers.amendments(session, ids)
    pauses = retainers.pauses(session, ids) if pauses is None else pauses
    stored: dict[str, list[RetainerPeriod]] = defaultdict(list)
    for row in clients.periods(session, ids, upto):
        stored[row.retainer_id].append(row)
    late: dict[str, list[PlacedEntry]] = defaultdict(list)
    decided: dict[str, list[PlacedEntry]] = defaultdict(list)
    for entry in retainers.placed_entries(session, ids):
        if entry.placement:
            late[entry.retainer_id].append(entry)
        if entry.written_off_seconds:
            decided[entry.retainer_id].append(entry)
    agreements = {retainer.id: agreement_of(retainer, amendments, pauses) for retainer in found}
    budgets = {retainer_id for retainer_id, agreement in agreements.items() if _ever_money(agreement)}
    decimals = _decimals(session, workspace_id, found, currencies) if budgets else {}
    first = min(_open_since(agreements[one.id], stored[one.id], upto) for one in found)
    if since is not None:
        first = min(first, _whole_periods(agreements.values(), since))
    used: dict[str, list[tuple[date, int]]] = defaultdict(list)
    by_hours = [one for one in ids if one not in budgets]
    daily = first if daily_since is None else max(first, _whole_periods(agreements.values(), daily_since))
    if daily > first:
        older = [
            (one, start, end)
            for one in by_hours
            for start, end in _stretches(agreements[one], stored[one], first, date.fromordinal(daily.toordinal() - 1))
        ]
        for retainer_id, day, seconds in work.used_in_stretches(session, workspace_id, older):
            used[retainer_id].append((day, seconds))
    wanted = [
        Wanted(sorted(one for one in budgets if decimals[one] == places), first, places)
        for places in sorted({decimals[one] for one in budgets})
    ]
    for retainer_id, day, amount in retainers.used_by_day(
        session, workspace_id, [Wanted(by_hours, daily), *wanted], upto
    ):
        used[retainer_id].append((day, amount))
    return {
        retainer.id: Book(
            retainer,
            agreements[retainer.id],
            stored[retainer.id],
            UsedByDay(
                [
                    *used[retainer.id],
                    *_moved(late[retainer.id], agreements[retainer.id], decimals.get(retainer.id, 2), (first, upto)),
                ]
            ),
            late[retainer.id],
            decimals.get(retainer.id, 2),
            decided[retainer.id],
        )
        for retainer in found
    }


def book_on(session: Session, retainer: Retainer, day: date) -> tuple[Book, Period | None]:
    """Return the book of one retainer with all the work of the period that holds a day, and that period, if any."""
    terms = agreement_of(retainer, retainers.amendments(session, [retainer.id])).terms_on(day)
    last = terms.cycle.period_of(day)[1]
    book = books_of(session, retainer.workspace_id, [retainer], last, since=day)[retainer.id]
    return book, book.period_on(day)


def _ever_money(agreement: Agreement) -> bool:
    return any(terms.basis == "budget" for terms in (agreement.terms, *(terms for _, terms in agreement.amendments)))


def _decimals(
    session: Session, workspace_id: str, found: Sequence[Retainer], currencies: dict[str, str] | None
) -> dict[str, int]:
    if currencies is None:
        currencies = clients.currencies(session, workspace_id)
    return {retainer.id: exponent(currencies[retainer.client_id]) for retainer in found}


def _open_since(agreement: Agreement, stored: list[RetainerPeriod], upto: date) -> date:
    """Return the first day whose work an open period up to a day can depend on: what is before is frozen or carries
    nothing over."""
    closed = [row.ends_on for row in stored if row.closed_at is not None and row.ends_on < upto]
    start = date.fromordinal(max(closed).toordinal() + 1) if closed else agreement.starts_on
    if any(
        terms.rule.rollover != "expire" or terms.rule.carry_deficit
        for terms in (agreement.terms, *(terms for _, terms in agreement.amendments))
    ):
        return start
    return max(start, agreement.terms_on(upto).cycle.period_of(upto)[0])


def _whole_periods(agreements: Iterable[Agreement], day: date) -> date:
    """Return the day, or the first day of the earliest period that holds it."""
    return min(day, *(one.terms_on(day).cycle.period_of(day)[0] for one in agreements))


def _stretches(
    agreement: Agreement, stored: list[RetainerPeriod], first: date, last: date
) -> Iterator[tuple[date, date]]:
    """Yield the days of each period that is not closed, from first to last."""
    closed = {row.starts_on for row in stored if row.closed_at is not None}
    for span in arithmetic.spans(agreement, last):
        if span.last >= first and span.first not in closed:
            yield max(first, span.first), min(last, span.last)


def _moved(
    late: list[PlacedEntry], agreement: Agreement, decimals: int, days: tuple[date, date]
) -> list[tuple[date, int]]:
    """Return what takes late entries from the day they were worked on and puts them where they count."""
    rows: list[tuple[date, int]] = []
    for entry in late:
        amount = worth(entry.seconds, entry.rate, agreement.terms_on(entry.counts_on), decimals)
        if entry.billable and days[0] <= entry.work_date <= days[1]:
            rows.append((entry.work_date, -amount))
        if entry.placement == "next" and days[0] <= entry.counts_on <= days[1]:
            rows.append((entry.counts_on, amount))
    return rows
