"""Explain a touch of work before it is saved: which retainer it falls to and why, what it does to the period, its rate.

And of an entry that is there: which part of its period it draws. Nothing here writes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from agency_app.domain.money import exponent
from agency_app.domain.retainer import Period
from agency_app.services.actor import Actor
from agency_app.services.agreement import FrozenRate, ScopeRule, rates_in_order
from agency_app.services.drawn_entries import DrawnEntry, drawn_entries
from agency_app.services.refusal import NotFound
from agency_app.services.retainer_books import book_on, worth
from agency_app.store import clients, retainers, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Retainer, TimeEntry


@dataclass(frozen=True)
class Planned:
    """A touch as it stands in a form: `seconds` 0 while the time cannot be read; `retainer_id` is a person's choice
    ("none" for no retainer, empty for the agreement's own rule). `entry_id` is the entry it changes, if any."""

    client_id: str
    activity_id: str
    campaign_id: str
    retainer_id: str
    day: date
    seconds: int
    billable: bool
    entry_id: str = ""
    start: datetime | None = None
    """With `end`, two aware instants; None while there is no time of day."""
    end: datetime | None = None


@dataclass(frozen=True)
class Change:
    """What saving a touch does to the period it falls in: what is used before and after, in seconds or minor units."""

    period: Period
    used_before: int
    used_after: int
    seconds: int
    """By how much the time changes that draws on the period."""
    overage: str
    """What becomes of what goes beyond: bill, absorb, stop, or approval while nobody has decided."""

    @property
    def over_seconds(self) -> int:
        """How much of the change lies beyond what was agreed; negative where that becomes less.

        Of a budget it is the share of the seconds that is beyond it, as the tip at the pointer has it
        (assets/week_calendar.js).
        """
        available = self.period.balance.available
        low, high = sorted((self.used_before, self.used_after))
        if low == high:
            return 0
        included = abs(self.seconds) * (min(high, available) - min(low, available)) // (high - low)
        over = abs(self.seconds) - included
        return over if self.used_after > self.used_before else -over


@dataclass(frozen=True)
class Explained:
    """Which retainer a touch falls to by the rule (`by_rule`), how specific that one is, of how many alike it is the
    oldest (`alike`), and which one it falls to because a person chose (`chosen`; None where nobody did or it is none).
    """

    client: Client
    running: int
    by_rule: Retainer | None
    fit: int
    alike: int
    activity: str
    campaign: str
    chosen: Retainer | None
    change: Change | None
    drawn: DrawnEntry | None
    drawn_in: Period | None
    rates: list[FrozenRate]
    """The rate that holds first. For an entry that is there, the one that was frozen on it."""
    overlaps: list[EntryRow]
    """Other entries of the member at the same time."""


def explain_entry(actor: Actor, planned: Planned) -> Explained:
    """Return what saving a touch would mean. Raises NotFound for an unknown client."""
    with reading() as session:
        client = clients.client(session, actor.workspace_id, planned.client_id)
        if client is None:
            raise NotFound("Choose a client of this workspace.", "client")
        activities = {one.id: one.name for one in clients.activities(session, actor.workspace_id)}
        campaigns = {
            one.id: one.name for one in clients.campaigns(session, actor.workspace_id) if one.client_id == client.id
        }
        campaign_id = planned.campaign_id if planned.campaign_id in campaigns else None
        found = clients.retainers(session, actor.workspace_id, client.id)
        running = [one for one in found if clients.runs_on(one, planned.day)]
        rule = ScopeRule(session, actor.workspace_id, running)
        ranked = rule.rank(running, planned.day, planned.activity_id, campaign_id)
        by_rule, fit = ranked[0] if ranked else (None, -1)
        chosen = next((one for one in found if one.id == planned.retainer_id), None)
        falls_to = None if planned.retainer_id == "none" else chosen or by_rule
        entry = work.entry(session, actor.workspace_id, planned.entry_id) if planned.entry_id else None
        drawn, drawn_in = _drawn(session, client, entry) if entry else (None, None)
        return Explained(
            client,
            len(running),
            by_rule,
            fit,
            sum(other == fit for _, other in ranked),
            activities.get(planned.activity_id, ""),
            campaigns.get(campaign_id or "", ""),
            chosen,
            _change(session, actor, client, falls_to, planned, entry) if falls_to else None,
            drawn,
            drawn_in,
            _rates(session, actor, planned, entry),
            _overlaps(session, actor, planned, entry),
        )


def _overlaps(session: Session, actor: Actor, planned: Planned, entry: TimeEntry | None) -> list[EntryRow]:
    start, end = planned.start, planned.end
    if start is None or end is None:
        return []
    day, member_id = timedelta(days=1), entry.member_id if entry else actor.member_id
    near = work.week_entries(session, actor.workspace_id, member_id, planned.day - day, planned.day + day)
    return [
        row
        for row in near
        if row.id != planned.entry_id
        and row.started_at is not None
        and row.ended_at is not None
        and row.started_at < end
        and start < row.ended_at
    ]


def _drawn(session: Session, client: Client, entry: TimeEntry) -> tuple[DrawnEntry | None, Period | None]:
    retainer = clients.retainer(session, entry.workspace_id, entry.retainer_id or "")
    if retainer is None:
        return None, None
    moved = (one for one in retainers.placed_entries(session, [retainer.id]) if one.placement == "next")
    day = next((one.counts_on for one in moved if one.entry_id == entry.id), entry.work_date)
    _, period = book_on(session, retainer, day)
    if period is None:
        return None, None
    found = drawn_entries(session, client, retainer, period)
    return next((one for one in found if one.row.id == entry.id), None), period


def _change(
    session: Session, actor: Actor, client: Client, retainer: Retainer, planned: Planned, entry: TimeEntry | None
) -> Change | None:
    book, period = book_on(session, retainer, planned.day)
    if period is None or period.closed or not planned.seconds:
        return None
    decimals = exponent(client.currency)
    before = period.balance.used
    after, seconds = before, 0
    if entry and entry.billable and entry.retainer_id == retainer.id and period.first <= entry.work_date <= period.last:
        after -= worth(entry.seconds, entry.rate, period.terms, decimals)
        seconds -= entry.seconds
    if planned.billable and not client.internal:
        after += worth(planned.seconds, _rates(session, actor, planned, entry)[0].rate, period.terms, decimals)
        seconds += planned.seconds
    return Change(period, before, after, seconds, book.overage_of(period))


def _rates(session: Session, actor: Actor, planned: Planned, entry: TimeEntry | None) -> list[FrozenRate]:
    """Return the rates in question; an entry keeps its own while its client and its activity stay as they are."""
    if entry is not None:
        task = work.task(session, actor.workspace_id, entry.task_id)
        if task is not None and (entry.client_id, task.activity_id) == (planned.client_id, planned.activity_id):
            return [FrozenRate(entry.rate, entry.rate_source)]
    member_id = entry.member_id if entry else actor.member_id
    return rates_in_order(session, actor.workspace_id, planned.client_id, planned.activity_id, member_id, planned.day)
