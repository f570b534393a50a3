"""Raise and withdraw alerts about retainer periods, so that they say what the entries and the agreements say now.

Nothing but the rows as they are counts: however an entry came in, the alerts come out the same. Each thing is told once
a period: its row stays, and the database takes no second one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.retainer import Cause, alert_causes
from agency_app.services.actor import in_background
from agency_app.services.read_retainers import PeriodRead, RetainerRead, read_within
from agency_app.store import alerts, people
from agency_app.store.engine import reading
from agency_app.tables import Alert, Workspace
from agency_app.tables.base import now

LATEST_PERIODS = 2
"""Of a retainer, the periods looked at: the present one, and the one before it, for work that is logged late."""


@dataclass(frozen=True)
class _Found:
    """What there is to tell about one period."""

    retainer: RetainerRead
    period: PeriodRead
    causes: set[Cause]


@dataclass(frozen=True)
class _Changes:
    """What differs between the rows and what there is to tell."""

    new: list[Alert]
    withdrawn: list[Alert]
    again: list[tuple[Alert, PeriodRead]]

    def __bool__(self) -> bool:
        return bool(self.new or self.withdrawn or self.again)


def derive_alerts(workspace_id: str) -> bool:
    """Bring the alerts of a workspace up to date and tell whether any changed. Safe to call at any time, from anywhere.

    An alert whose cause went away is withdrawn unless somebody has seen it or was sent it.
    """
    moment = now()
    with reading() as session:
        if not _changes(session, workspace_id, moment):
            return False
    with in_background(workspace_id) as session:
        changes = _changes(session, workspace_id, moment)
        for alert in changes.withdrawn:
            alert.withdrawn_at = moment
        for alert, one in changes.again:
            alert.withdrawn_at, alert.raised_at = None, moment
            alert.used, alert.available = one.used, one.period.balance.available
        session.add_all([*changes.new, *changes.withdrawn, *(alert for alert, _ in changes.again)])
    return bool(changes)


def _changes(session: Session, workspace_id: str, moment: datetime) -> _Changes:
    workspace = people.workspace(session, workspace_id)
    today = moment.astimezone(ZoneInfo(workspace.zone)).date()
    found = _found(session, workspace, today)
    since = min((one.period.period.first for one in found), default=moment.date())
    rows = {
        (row.retainer_id, row.period_first, (row.kind, row.threshold)): row
        for row in alerts.alerts_of_periods(session, workspace_id, since)
    }
    told = {alert_id for alert_id, _ in alerts.seen_of(session, workspace_id, [row.id for row in rows.values()])}
    changes = _Changes([], [], [])
    for one in found:
        for cause in sorted(one.causes):
            row = rows.get((one.retainer.retainer.id, one.period.period.first, cause))
            if row is None:
                changes.new.append(_alert(one, cause, moment))
            elif row.withdrawn_at is not None:
                changes.again.append((row, one.period))
    causes = {(one.retainer.retainer.id, one.period.period.first): one.causes for one in found}
    for (retainer_id, first, cause), row in rows.items():
        gone = cause not in causes.get((retainer_id, first), {cause})  # of a period not looked at, nothing is known
        gone = gone and (row.kind == "used" or row.period_last >= today)  # too late to do something about it
        if gone and row.withdrawn_at is None and row.mailed_at is None and row.id not in told:
            changes.withdrawn.append(row)
    return changes


def _found(session: Session, workspace: Workspace, today: date) -> list[_Found]:
    found: list[_Found] = []
    thresholds = [int(percent) for percent in workspace.alert_thresholds.split()]
    read = read_within(session, workspace.id, today, latest=LATEST_PERIODS)
    set_up = alerts.set_up_at(session, workspace.id, {one.retainer.id: one.retainer.client_id for one in read})
    for retainer in read:
        at = set_up.get(retainer.retainer.id)
        for one in retainer.periods:
            if one.period.closed or one.period.first > today:
                continue
            causes = alert_causes(
                granted=one.period.balance.granted,
                available=one.period.balance.available,
                used=one.used,
                pace=one.pace,
                days=(one.period.first, one.period.last),
                today=today,
                thresholds=thresholds,
                under_serviced=workspace.alert_under_serviced,
                set_up_on=at.astimezone(ZoneInfo(workspace.zone)).date() if at else None,
            )
            found.append(_Found(retainer, one, causes))
    return found


def _alert(one: _Found, cause: Cause, moment: datetime) -> Alert:
    period = one.period.period
    return Alert(
        workspace_id=one.retainer.retainer.workspace_id,
        retainer_id=one.retainer.retainer.id,
        period_first=period.first,
        period_last=period.last,
        kind=cause[0],
        threshold=cause[1],
        used=one.period.used,
        available=period.balance.available,
        in_money=period.terms.basis == "budget",
        raised_at=moment,
    )
