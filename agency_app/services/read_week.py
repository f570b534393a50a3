"""Read a member's week: the entries, what could be logged, and what each client's retainer has left. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.calendar import MemberCalendar
from agency_app.domain.gaps import DayAccount, accounts_of
from agency_app.domain.retainer import Period, period_of
from agency_app.services.actor import Actor
from agency_app.services.agreement import FrozenRate, ScopeRule
from agency_app.services.locks import lock_notes
from agency_app.services.member_calendars import calendars_of
from agency_app.services.rate_card import RateCard
from agency_app.services.read_night import halves
from agency_app.services.read_routines import DueRoutine, due_routines
from agency_app.services.retainer_books import Book, books_of
from agency_app.services.work_at_edge import AtEdge, work_at_edge
from agency_app.store import clients, imports, people, work
from agency_app.store import retainers as stored_retainers
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import (
    Activity,
    Client,
    Member,
    Retainer,
    RetainerPause,
    Task,
    TaskTemplate,
)
from agency_app.tables.base import now


@dataclass(frozen=True)
class PeriodLeft:
    """What is left of a retainer in one period that the week touches; its amounts are money where its terms are a
    budget. `used` counts billable work alone."""

    retainer: Retainer
    period: Period
    used: int
    currency: str
    overage: str
    """What becomes of what goes beyond: bill, absorb, stop, or approval while nobody has decided."""
    edge: AtEdge | None = None
    """The work whose order says what is included and what is over, when what was agreed is nearly used up or over."""


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
    nights: set[tuple[str, str]]
    """The ids of entries, the earlier first, that are halves of one night's work; one of them may be of another week."""
    clients: list[Client]
    currency: str
    left: dict[str, list[PeriodLeft]]
    """By retainer, the periods that the week touches."""
    falls_to: dict[tuple[str, str], str]
    """By client and activity, the retainer that work without a campaign falls to by the rule."""
    templates: list[Offer]
    inbox: list[Offer]
    locks: dict[str, str]
    """Why entries cannot change, in a few words, by the id of each that cannot."""
    closed: dict[tuple[str, date], str]
    """By client and first day of the month: why nothing more can be logged in it."""
    locked_until: date | None
    days: tuple[DayAccount, ...]
    """Each day with its target, what is logged, and what is unaccounted for."""
    routines: list[DueRoutine]
    """What routines ask for: no hours of anybody."""
    first_weekday: int
    """The day that weeks of the workspace begin with, as `date.weekday` counts it."""
    snap_minutes: int
    """What the member's gestures are rounded to."""


def read_week(actor: Actor, first_day: date, focus_client_id: str) -> Week:
    """Return the week of seven days from `first_day`, with the offers for the client in focus."""
    last_day = first_day + timedelta(days=6)
    with reading() as session:
        known = clients.clients(session, actor.workspace_id)
        by_id = {client.id: client for client in known}
        focus = by_id.get(focus_client_id)
        workspace = people.workspace(session, actor.workspace_id)
        card = RateCard(clients.rates(session, actor.workspace_id), workspace.default_rate)
        one = timedelta(days=1)
        near = work.week_entries(session, actor.workspace_id, actor.member_id, first_day - one, last_day + one)
        entries = [row for row in near if first_day <= row.work_date <= last_day]
        activities = {activity.id: activity for activity in clients.activities(session, actor.workspace_id)}
        inbox = work.inbox(session, actor.workspace_id)
        retainers = clients.retainers(session, actor.workspace_id)
        days = [first_day + timedelta(days=place) for place in range(7)]
        touched = {(client.id, activity.id) for _, client, activity in inbox}
        touched |= {(focus.id, activity_id) for activity_id in activities} if focus else set()
        templates = clients.templates(session, actor.workspace_id)
        touched |= {(one.client_id, one.activity_id) for one in templates if one.client_id in by_id}
        pauses = stored_retainers.pauses(session, [one.id for one in retainers])
        calendar = calendars_of(session, actor.workspace_id, [actor.member_id])[actor.member_id]
        invoiced = imports.closed_periods(session, actor.workspace_id)
        return Week(
            first_day,
            last_day,
            entries,
            halves(near),
            known,
            workspace.currency,
            _left(session, actor, retainers, pauses, {client.id: client.currency for client in known}, days),
            _falls_to(ScopeRule(session, actor.workspace_id, retainers, pauses), retainers, touched, days),
            [
                _template(
                    card,
                    actor,
                    by_id.get(template.client_id or "", focus),
                    template,
                    activities[template.activity_id],
                    first_day,
                )
                for template in templates
                if template.activity_id in activities and (template.client_id is None or template.client_id in by_id)
            ],
            [_planned(card, actor, *row, first_day) for row in inbox],
            lock_notes(session, actor.workspace_id, entries),
            _closed(invoiced, first_day, last_day),
            workspace.locked_until,
            _accounts(calendar, actor, entries, first_day, last_day),
            due_routines(session, actor, (first_day, last_day), calendar, templates, by_id, invoiced),
            workspace.first_weekday,
            session.get_one(Member, actor.member_id).snap_minutes,
        )


def _closed(
    invoiced: list[tuple[str, date, date, str]], first_day: date, last_day: date
) -> dict[tuple[str, date], str]:
    months = {period_of(first_day), period_of(last_day)}
    return {
        (client_id, month_start): f"invoiced on {number}"
        for client_id, first, last, number in invoiced
        for month_start, month_end in months
        if first <= month_start and month_end <= last
    }


def _accounts(
    calendar: MemberCalendar, actor: Actor, entries: list[EntryRow], first_day: date, last_day: date
) -> tuple[DayAccount, ...]:
    logged: dict[date, int] = {}
    for row in entries:
        logged[row.work_date] = logged.get(row.work_date, 0) + row.seconds
    return accounts_of(calendar, logged, first_day, last_day, now().astimezone(ZoneInfo(actor.zone)).date())


def _left(
    session: Session,
    actor: Actor,
    retainers: list[Retainer],
    pauses: Sequence[RetainerPause],
    currencies: dict[str, str],
    days: list[date],
) -> dict[str, list[PeriodLeft]]:
    running = [
        one for one in retainers if one.client_id in currencies and any(clients.runs_on(one, day) for day in days)
    ]
    if not running:
        return {}
    longest = max(one.cycle_every * (31 if one.cycle_unit == "month" else 7) for one in running)
    upto = days[-1] + timedelta(days=max(longest, 31))
    books = books_of(session, actor.workspace_id, running, upto, since=days[0], currencies=currencies, pauses=pauses)
    touched = {one.id: _touched(books[one.id], days) for one in running}
    at_edge = work_at_edge(
        session,
        actor.workspace_id,
        [(one.id, period, books[one.id].used) for one in running for period in touched[one.id]],
    )
    return {
        one.id: [
            PeriodLeft(
                one,
                period,
                books[one.id].used.between(period.first, period.last),
                currencies[one.client_id],
                books[one.id].overage_of(period),
                at_edge.get((one.id, period.first)),
            )
            for period in touched[one.id]
        ]
        for one in running
    }


def _touched(book: Book, days: list[date]) -> list[Period]:
    found: list[Period] = []
    for day in days:
        if not any(held.first <= day <= held.last for held in found):
            period = book.period_on(day)
            if period is not None:
                found.append(period)
    return found


def _falls_to(
    rule: ScopeRule, retainers: list[Retainer], touched: set[tuple[str, str]], days: list[date]
) -> dict[tuple[str, str], str]:
    """Return the retainer that work of a client and an activity falls to on the first day of the week on which any
    of the client's runs."""
    falls: dict[tuple[str, str], str] = {}
    for client_id, activity_id in touched:
        own = [one for one in retainers if one.client_id == client_id]
        for day in days:
            chosen = rule.choose([one for one in own if clients.runs_on(one, day)], day, activity_id, None)
            if chosen is not None:
                falls[client_id, activity_id] = chosen.id
                break
    return falls


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
