"""What changes of many entries do to retainer periods, to hours and to their worth, in figures to tell before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.domain.money import exponent
from agency_app.services.actor import Actor
from agency_app.services.retainer_books import book_on, worth
from agency_app.services.retainer_terms import amount_of
from agency_app.store import clients
from agency_app.store.work import EntryRow
from agency_app.tables import TimeEntry


@dataclass(frozen=True)
class Seen:
    """What of an entry counts for a period: raw seconds, rate in 1/10000 an hour."""

    client_id: str
    retainer_id: str | None
    work_date: date
    seconds: int
    rate: int
    billable: bool

    @staticmethod
    def of(row: EntryRow | TimeEntry) -> "Seen":
        """Return it of an entry, in either form."""
        return Seen(row.client_id, row.retainer_id, row.work_date, row.seconds, row.rate, row.billable)


@dataclass(frozen=True)
class PeriodEffect:
    """A retainer period whose use changes: seconds, or minor units of `currency` where its terms are a budget."""

    client: str
    retainer: str
    first: date
    last: date
    before: int
    after: int
    available: int
    currency: str
    """Empty where the figures are seconds."""


@dataclass(frozen=True)
class Effects:
    """What would change: billable seconds, what they are worth at their rates in minor units, and the periods."""

    count: int
    seconds: int
    billable: tuple[int, int]
    worth: dict[str, tuple[int, int]]
    """Before and after by currency."""
    periods: tuple[PeriodEffect, ...]


def seen_of(rows: Iterable[EntryRow]) -> list[Seen]:
    """Return what counts of some entries."""
    return [Seen.of(row) for row in rows]


def effects_of(session: Session, actor: Actor, before: Sequence[Seen], after: Sequence[Seen]) -> Effects:
    """Return what it does that entries were as `before` and are as `after`; the database holds them as after."""
    currencies = clients.currencies(session, actor.workspace_id)
    amounts: dict[str, tuple[int, int]] = {}
    for place, entries in enumerate((before, after)):
        for one in entries:
            currency = currencies[one.client_id]
            amount = amount_of(one.seconds, one.rate, exponent(currency)) if one.billable else 0
            was, now = amounts.get(currency, (0, 0))
            amounts[currency] = (was + amount, now) if place == 0 else (was, now + amount)
    return Effects(
        len(before),
        sum(one.seconds for one in before),
        (_billable(before), _billable(after)),
        {currency: both for currency, both in amounts.items() if any(both)},
        tuple(_periods(session, actor, before, after, currencies)),
    )


def _billable(entries: Sequence[Seen]) -> int:
    return sum(one.seconds for one in entries if one.billable)


def _periods(
    session: Session, actor: Actor, before: Sequence[Seen], after: Sequence[Seen], currencies: dict[str, str]
) -> list[PeriodEffect]:
    names = {client.id: client.short_name for client in clients.every_client(session, actor.workspace_id)}
    days: dict[str, set[date]] = {}
    for one in [*before, *after]:
        if one.retainer_id and one.billable:
            days.setdefault(one.retainer_id, set()).add(one.work_date)
    found: list[PeriodEffect] = []
    for retainer_id, worked in days.items():
        retainer = clients.retainer(session, actor.workspace_id, retainer_id)
        left = sorted(worked)
        while retainer is not None and left:
            book, period = book_on(session, retainer, left[0])
            if period is None:  # work from before or after the agreement
                left.pop(0)
                continue
            left = [day for day in left if day > period.last]
            change = 0
            for sign, entries in ((-1, before), (1, after)):
                for one in entries:
                    if one.billable and one.retainer_id == retainer_id and period.first <= one.work_date <= period.last:
                        change += sign * worth(one.seconds, one.rate, period.terms, book.decimals)
            if change:
                used, money = period.balance.used, period.terms.basis == "budget"
                found.append(
                    PeriodEffect(
                        names.get(retainer.client_id, ""),
                        retainer.name,
                        period.first,
                        period.last,
                        used - change,
                        used,
                        period.balance.available,
                        currencies[retainer.client_id] if money else "",
                    )
                )
    return sorted(found, key=lambda one: (one.client, one.retainer, one.first))
