"""Read the retainers: every period with its balance, and how the present one is going. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.retainer import Pace, Period
from agency_app.services.actor import Actor
from agency_app.services.drawn_entries import DrawnEntry, drawn_entries
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.known_work import KnownWork
from agency_app.services.refusal import NotFound
from agency_app.services.retainer_books import Book, books_of
from agency_app.services.team_capacity import TeamCapacity
from agency_app.services.weeks import week_of
from agency_app.store import clients, people, retainers
from agency_app.store.engine import reading
from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    LateWork,
    Retainer,
    RetainerNote,
    RetainerPause,
    RetainerScope,
    RetainerTerms,
    Workspace,
)
from agency_app.tables.base import now

WEEKS_SHOWN = 8


@dataclass(frozen=True)
class PeriodRead:
    """One period with what late entries added to it, and its pace as of a day. Seconds, or minor units of a budget."""

    period: Period
    late_overage: int
    written_off: int
    pace: Pace
    forecast_range: tuple[int, int] | None
    daily: tuple[tuple[date, int], ...]
    decision: str
    known_since: date | None = None
    """The day on which the retainer was set up, where nothing is logged of its first period's working days before it."""

    @property
    def used(self) -> int:
        """All that was worked in the period, late overage included."""
        return self.period.balance.used + self.late_overage

    @property
    def overage(self) -> int:
        """All that went past what was agreed, late overage included."""
        return self.period.balance.overage + self.late_overage


@dataclass(frozen=True)
class RetainerRead:
    """A retainer with its periods, oldest first; `weeks` is what was used in each of the last eight weeks, which
    begin as the workspace's do."""

    client: Client
    retainer: Retainer
    periods: list[PeriodRead]
    weeks: list[int]

    def on(self, day: date) -> PeriodRead | None:
        """Return the period that holds a day."""
        return next((one for one in self.periods if one.period.first <= day <= one.period.last), None)


@dataclass(frozen=True)
class Resting:
    """A retainer without a period on a day: it has not begun, has ended, or is paused (until further notice: None)."""

    client: Client
    retainer: Retainer
    paused: bool
    paused_until: date | None


@dataclass(frozen=True)
class Dashboard:
    """Every retainer that has a period on a day, and what waits to be logged."""

    as_of: date
    rows: list[RetainerRead]
    inbox_count: int
    inbox_seconds: int
    resting: list[Resting]
    late: list[tuple[Client, Retainer, int, int]]
    """(client, retainer, pieces, seconds) of late work that waits for a lead."""


def today_of(actor: Actor) -> date:
    """Return today in the workspace's zone."""
    with reading() as session:
        return _today(people.workspace(session, actor.workspace_id))


def read_dashboard(actor: Actor, as_of: date | None = None) -> Dashboard:
    """Return the retainers as of a day (today when None), each with the period that holds it.

    The number of queries does not depend on the number of retainers. Raises Refused for a day that nothing is kept of.
    """
    with reading() as session:
        day = in_kept_days(as_of, "as_of") if as_of else _today(people.workspace(session, actor.workspace_id))
        found = clients.agreements(session, actor.workspace_id)
        agreed, known = [retainer for retainer, _ in found], {client.id: client for _, client in found}
        pauses = retainers.pauses(session, [one.id for one in agreed])
        reads = _read(session, actor.workspace_id, day, agreed, known, pauses, whole=False)
        rows = [row for row in reads if row.on(day) is not None]
        resting = _resting(day, agreed, known, pauses, {row.retainer.id for row in rows})
        late = retainers.waiting(session, actor.workspace_id)
        planned = late.pop("", (0, 0))
        waiting = [(known[one.client_id], one, *late[one.id]) for one in agreed if one.id in late]
        return Dashboard(day, rows, *planned, resting, waiting)


def _resting(
    day: date, agreed: list[Retainer], known: Mapping[str, Client], pauses: Sequence[RetainerPause], running: set[str]
) -> list[Resting]:
    paused = {
        row.retainer_id: row for row in pauses if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)
    }
    return [
        Resting(known[one.client_id], one, one.id in paused, paused[one.id].ends_on if one.id in paused else None)
        for one in agreed
        if one.id not in running
    ]


def read_retainers(actor: Actor, as_of: date | None = None, client_id: str | None = None) -> list[RetainerRead]:
    """Return the retainers of a workspace, or of one client, with all their periods up to the one that holds a day."""
    with reading() as session:
        day = in_kept_days(as_of, "as_of") if as_of else _today(people.workspace(session, actor.workspace_id))
        return _read(
            session, actor.workspace_id, day, clients.retainers(session, actor.workspace_id, client_id), whole=True
        )


def read_within(session: Session, workspace_id: str, day: date, *, latest: int) -> list[RetainerRead]:
    """Return, within a session, each retainer that has begun with the last few of its periods up to a day."""
    found = _read(session, workspace_id, day, clients.retainers(session, workspace_id), whole=False, latest=latest)
    return [read for read in found if read.periods]


def read_periods_on(actor: Actor, client_id: str, day: date, today: date) -> list[RetainerRead]:
    """Return a client's retainers that run on a day, oldest first, each with the one period that holds it, going as of
    today."""
    with reading() as session:
        client = clients.client(session, actor.workspace_id, client_id)
        agreed = [one for one in clients.retainers(session, actor.workspace_id, client_id) if clients.runs_on(one, day)]
        if client is None or not agreed:
            return []
        upto = _last_day(agreed, day)
        books = books_of(session, actor.workspace_id, agreed, upto, since=day, currencies={client.id: client.currency})
        team = TeamCapacity(session, actor.workspace_id, [one.id for one in agreed], today)
        known = KnownWork(session, actor.workspace_id, {one.id: client.id for one in agreed}, today)
        held = [(books[one.id], books[one.id].period_on(day)) for one in agreed]
        return [
            RetainerRead(client, book.retainer, [_period_read(book, period, today, team, known)], [])
            for book, period in held
            if period is not None
        ]


def _today(workspace: Workspace) -> date:
    return now().astimezone(ZoneInfo(workspace.zone)).date()


def _read(
    session: Session,
    workspace_id: str,
    day: date,
    agreed: list[Retainer],
    known: Mapping[str, Client] | None = None,
    pauses: Sequence[RetainerPause] | None = None,
    *,
    whole: bool,
    latest: int = 0,
) -> list[RetainerRead]:
    """Return some retainers with all their periods, with the `latest` last ones, or with the one that holds the day.
    Clients by id and pauses are read unless the caller has them at hand."""
    if known is None:
        known = {client.id: client for client in clients.clients(session, workspace_id)}
    agreed = [retainer for retainer in agreed if retainer.client_id in known and retainer.starts_on <= day]
    if not agreed:
        return []
    since = min(retainer.starts_on for retainer in agreed) if whole else day - timedelta(weeks=WEEKS_SHOWN)
    books = books_of(
        session,
        workspace_id,
        agreed,
        _last_day(agreed, day),
        since=since,
        daily_since=None if whole else since,
        currencies={client.id: client.currency for client in known.values()},
        pauses=pauses,
    )
    team = TeamCapacity(session, workspace_id, [one.id for one in agreed], day)
    work = KnownWork(session, workspace_id, {one.id: one.client_id for one in agreed}, day)
    week = week_of(session, workspace_id, day)
    return [_retainer_read(known[one.client_id], books[one.id], day, week, team, work, whole, latest) for one in agreed]


def _last_day(agreed: list[Retainer], day: date) -> date:
    """Return a day by which every period that holds a day has ended: work logged ahead counts, too."""
    longest = max(retainer.cycle_every * (31 if retainer.cycle_unit == "month" else 7) for retainer in agreed)
    return day + timedelta(days=max(longest, 366))


def _retainer_read(
    client: Client,
    book: Book,
    day: date,
    week: date,
    team: TeamCapacity,
    work: KnownWork,
    whole: bool,
    latest: int,
) -> RetainerRead:
    found = book.periods(day)
    shown = found if whole else found[-latest:] if latest else [one for one in found[-1:] if one.last >= day]
    weeks = [
        book.used.between(start, start + timedelta(days=6))
        for start in (week - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN)))
    ]
    return RetainerRead(client, book.retainer, [_period_read(book, period, day, team, work) for period in shown], weeks)


def _period_read(book: Book, period: Period, day: date, team: TeamCapacity, work: KnownWork) -> PeriodRead:
    daily = tuple(book.used.rows(period.first, period.last))
    capacity = team.of(book.retainer.id, period.first, period.last) if day <= period.last else None
    shares = tuple(capacity.items()) if capacity is not None else None
    since = work.since(book.retainer, period, daily)
    pace, spread = going(period.first, period.last, day, period.balance.available, daily, shares, since)
    return PeriodRead(
        period, book.late_overage(period), book.written_off(period), pace, spread, daily, book.decision(period), since
    )


@lru_cache(maxsize=4096)
def going(
    first: date,
    last: date,
    day: date,
    available: int,
    daily: tuple[tuple[date, int], ...],
    shares: tuple[tuple[date, int], ...] | None,
    since: date | None,
) -> tuple[Pace, tuple[int, int] | None]:
    """Return how a period is going as of a day, with the range of its forecast while it runs. It is remembered by all
    that it follows from: a change of one entry works out the one period that has it."""
    capacity = dict(shares) if shares is not None else None
    pace = arithmetic.pace(first, last, day, available, daily, capacity, since)
    if pace.forecast_used is None or day >= last:
        return pace, None
    return pace, arithmetic.forecast_range(first, last, day, daily, pace.forecast_used, capacity, since)


@dataclass(frozen=True)
class RetainerDetail:
    """A retainer with all that its page shows."""

    as_of: date
    read: RetainerRead
    shown: PeriodRead | None
    """The period that holds the day asked for, the last one before it where it has none."""
    entries: list[DrawnEntry]
    amendments: list[RetainerTerms]
    pauses: list[RetainerPause]
    scope: list[RetainerScope]
    campaigns: dict[str, Campaign]
    activities: dict[str, Activity]
    notes: list[tuple[RetainerNote, str]]
    """With the names of their authors, the newest first."""
    late: list[tuple[LateWork, str, str]]
    """Late work that waits, with its member and its activity, the oldest day first."""


def read_retainer(actor: Actor, retainer_id: str, day: date | None = None) -> RetainerDetail:
    """Return one retainer as it is today, with the period that holds a day (today when None) opened.

    A day of a period to come is looked ahead to: the retainer is read as of that day. Raises NotFound for an unknown id.
    """
    with reading() as session:
        retainer = clients.retainer(session, actor.workspace_id, retainer_id)
        if retainer is None:
            raise NotFound("That retainer is not in this workspace.")
        today = _today(people.workspace(session, actor.workspace_id))
        day = in_kept_days(day, "as_of") if day else today
        as_of = max(today, day, retainer.starts_on)
        found = _read(session, actor.workspace_id, as_of, [retainer], whole=True)
        ahead = found[0].on(as_of) if found and as_of > today else None
        if ahead is not None and ahead.period.first <= today:  # it runs already: it stands as it does today
            as_of, found = today, _read(session, actor.workspace_id, today, [retainer], whole=True)
        if not found:
            raise NotFound("The client of that retainer is archived.")
        begun = [one for one in found[0].periods if one.period.first <= max(day, retainer.starts_on)]
        shown = begun[-1] if begun else None
        scope = [row for row in retainers.scopes(session, actor.workspace_id) if row.retainer_id == retainer.id]
        named = [*clients.campaigns(session, actor.workspace_id), *retainers.scoped_campaigns(session, scope)]
        scoped = {row.activity_id for row in scope}
        return RetainerDetail(
            as_of,
            found[0],
            shown,
            drawn_entries(session, found[0].client, found[0].retainer, shown.period) if shown else [],
            retainers.amendments(session, [retainer.id]),
            retainers.pauses(session, [retainer.id]),
            scope,
            {row.id: row for row in named if row.client_id == retainer.client_id},
            {
                row.id: row
                for row in clients.every_activity(session, actor.workspace_id)
                if not row.archived or row.id in scoped
            },
            retainers.notes(session, retainer.id),
            retainers.waiting_late_work(session, retainer.id),
        )
