"""Read the alerts of a workspace for its members, and note that one of them has seen some."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from agency_app.services.actor import Actor, acting
from agency_app.store import alerts
from agency_app.store.engine import reading
from agency_app.tables import Alert, AlertSeen, Client, Retainer
from agency_app.tables.base import now

KEPT_DAYS = 62
MOST = 40


@dataclass(frozen=True)
class AlertRead:
    """An alert with what it is about, and which members (by id) have seen it.

    Of one period the highest share alone is told: who is at 90 % is past 50 % as well. `with_lower` holds its id and
    those of the lower ones.
    """

    alert: Alert
    retainer: Retainer
    client: Client
    seen_by: frozenset[str]
    with_lower: tuple[str, ...]


def read_alerts(actor: Actor) -> list[AlertRead]:
    """Return the alerts of the last two months, newest first, at most forty: the same for every member."""
    with reading() as session:
        return alerts_for(session, actor.workspace_id)[:MOST]


def alerts_for(session: Session, workspace_id: str) -> list[AlertRead]:
    """Return, within a session, the alerts of the last two months, newest first."""
    rows = alerts.standing(session, workspace_id, now() - timedelta(days=KEPT_DAYS))
    seen: dict[str, set[str]] = defaultdict(set)
    for alert_id, by in alerts.seen_of(session, workspace_id, [alert.id for alert, _, _ in rows]):
        seen[alert_id].add(by)
    groups: dict[tuple[object, ...], list[tuple[Alert, Retainer, Client]]] = {}
    for row in rows:
        groups.setdefault((row[0].retainer_id, row[0].period_first, row[0].kind), []).append(row)
    found = []
    for group in groups.values():
        alert, retainer, client = max(group, key=lambda row: row[0].threshold)
        found.append(AlertRead(alert, retainer, client, frozenset(seen[alert.id]), tuple(row[0].id for row in group)))
    return found


def see_alerts(actor: Actor, alert_ids: Sequence[str]) -> int:
    """Note that a member has seen some alerts, all of them when none is named; return how many were new to them.

    Lower shares of the same period count as seen with it. Ids that are not (or no longer) told are passed over.
    """
    with acting(actor) as session:
        told = alerts_for(session, actor.workspace_id)
        new = [
            one for one in told if actor.member_id not in one.seen_by and (not alert_ids or one.alert.id in alert_ids)
        ]
        ids = [alert_id for one in new for alert_id in one.with_lower]
        known = {one for one, by in alerts.seen_of(session, actor.workspace_id, ids) if by == actor.member_id}
        session.add_all(
            AlertSeen(workspace_id=actor.workspace_id, alert_id=one, member_id=actor.member_id)
            for one in ids
            if one not in known
        )
        return len(new)
