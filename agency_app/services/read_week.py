"""Read a member's week: the entries, what could be logged, and what each client's retainer has left. Writes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.gaps import DayAccount, accounts_of
from agency_app.services.actor import Actor
from agency_app.services.agreement import FrozenRate, ScopeRule
from agency_app.services.locks import lock_notes
from agency_app.services.member_calendars import calendars_of
from agency_app.services.rate_card import RateCard
from agency_app.services.retainer_books import books_of
from agency_app.store import clients, imports, people, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import (
    Activity,
    Client,
    Retainer,
    RetainerPeriod,
    Task,
    TaskTemplate,
)
from agency_app.tables.base import now


@dataclass(frozen=True)
class PeriodLeft:
    """What is left of a retainer in one period: seconds used (billable ones alone) and available."""

    retainer: Retainer
    period: RetainerPeriod
    used: int

    @property
    def available(self) -> int:
        """Granted and rolled in together, in seconds."""
        return self.period.granted_seconds + self.period.rolled_in_seconds


@dataclass(frozen=True)
class Offer:
    """A template or a planned task that can be dropped on the week, for a client, at a rate."""

    kind: str
    id: str
    name: str
    client: Client | None
    activity: Activity
    platform: str
    seconds: int
    rate: FrozenRate


@dataclass(frozen=True)
class Week:
    """A member's week as the workbench shows it."""

    first_day: date
    last_day: date
    entries: list[EntryRow]
    clients: list[Client]
    currency: str
    left: dict[tuple[str, date], PeriodLeft]
    """By client and first day of the period: the retainer that work falls to by rule."""
    templates: list[Offer]
    inbox: list[Offer]
    locks: dict[str, str]
    """Why entries cannot change, in a few words, by the id of each that cannot."""
    closed: dict[tuple[str, date], str]
    """By client and first day of the month: why nothing more can be logged in it."""
    locked_until: date | None
    days: tuple[DayAccount, ...]
    """Each day with its target, what is logged, and what is unaccounted for."""


def read_week(actor: Actor, first_day: date, focus_client_id: str) -> Week:
    """Return the week of seven days from `first_day`, with the offers for the client in focus."""
    last_day = first_day + timedelta(days=6)
    with reading() as session:
        known = clients.clients(session, actor.workspace_id)
        by_id = {client.id: client for client in known}
        focus = by_id.get(focus_client_id)
        workspace = people.workspace(session, actor.workspace_id)
        card = RateCard(clients.rates(session, actor.workspace_id), workspace.default_rate)
        entries = work.week_entries(session, actor.workspace_id, actor.member_id, first_day, last_day)
        activities = {activity.id: activity for activity in clients.activities(session, actor.workspace_id)}
        return Week(
            first_day,
            last_day,
            entries,
            known,
            workspace.currency,
            _left(session, actor, known, first_day, last_day),
            [
                _template(card, actor, focus, template, activities[template.activity_id], first_day)
                for template in clients.templates(session, actor.workspace_id)
                if template.activity_id in activities
            ],
            [_planned(card, actor, *row, first_day) for row in work.inbox(session, actor.workspace_id)],
            lock_notes(session, actor.workspace_id, entries),
            _closed(session, actor, first_day, last_day),
            workspace.locked_until,
            _accounts(session, actor, entries, first_day, last_day),
        )


def _closed(session: Session, actor: Actor, first_day: date, last_day: date) -> dict[tuple[str, date], str]:
    months = {arithmetic.period_of(first_day), arithmetic.period_of(last_day)}
    return {
        (client_id, month_start): f"invoiced on {number}"
        for client_id, first, last, number in imports.closed_periods(session, actor.workspace_id)
        for month_start, month_end in months
        if first <= month_start and month_end <= last
    }


def _accounts(
    session: Session, actor: Actor, entries: list[EntryRow], first_day: date, last_day: date
) -> tuple[DayAccount, ...]:
    logged: dict[date, int] = {}
    for row in entries:
        logged[row.work_date] = logged.get(row.work_date, 0) + row.seconds
    calendar = calendars_of(session, actor.workspace_id, [actor.member_id])[actor.member_id]
    return accounts_of(calendar, logged, first_day, last_day, now().astimezone(ZoneInfo(actor.zone)).date())


def _left(
    session: Session, actor: Actor, known: list[Client], first_day: date, last_day: date
) -> dict[tuple[str, date], PeriodLeft]:
    retainers = clients.retainers(session, actor.workspace_id)
    scope = ScopeRule(session, actor.workspace_id, retainers)
    currencies = {client.id: client.currency for client in known}
    months = sorted({arithmetic.period_of(first_day), arithmetic.period_of(last_day)})
    books = books_of(session, actor.workspace_id, retainers, months[-1][1], since=months[0][0], currencies=currencies)
    left: dict[tuple[str, date], PeriodLeft] = {}
    for month_start, month_end in months:
        day = min(max(first_day, month_start), month_end)
        for client in known:
            own = [row for row in retainers if row.client_id == client.id]
            chosen = scope.choose(own, day, None, None) or next(iter(own), None)
            period = books[chosen.id].period_on(day) if chosen is not None else None
            if chosen is not None and period is not None and period.terms.basis != "budget":
                book = books[chosen.id]
                used = book.used.between(period.first, period.last)
                left[client.id, month_start] = PeriodLeft(chosen, book.row(period), used)
    return left


def _template(
    card: RateCard, actor: Actor, focus: Client | None, template: TaskTemplate, activity: Activity, day: date
) -> Offer:
    rate = card.rate(focus.id, activity.id, actor.member_id, day) if focus else FrozenRate(0, "")
    return Offer(
        "template", template.id, template.name, focus, activity, template.platform, template.default_seconds, rate
    )


def _planned(card: RateCard, actor: Actor, task: Task, client: Client, activity: Activity, day: date) -> Offer:
    rate = card.rate(client.id, activity.id, actor.member_id, day)
    name = task.title or activity.name
    return Offer("task", task.id, name, client, activity, task.platform, task.planned_seconds or 1800, rate)
