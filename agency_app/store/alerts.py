"""Queries about alerts and who has seen them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from agency_app.tables import Alert, AlertSeen, AuditEvent, Client, Retainer


def alerts_of_periods(session: Session, workspace_id: str, since: date) -> list[Alert]:
    """Return the alerts about periods that start on a day or later, withdrawn ones too."""
    query = select(Alert).where(Alert.workspace_id == workspace_id, Alert.period_first >= since)
    return list(session.exec(query.order_by(Alert.id)))


def standing(session: Session, workspace_id: str, since: datetime) -> list[tuple[Alert, Retainer, Client]]:
    """Return the alerts raised since an instant and not withdrawn, newest first, with what they are about."""
    query = (
        select(Alert, Retainer, Client)
        .join(Retainer, col(Retainer.id) == Alert.retainer_id)
        .join(Client, col(Client.id) == Retainer.client_id)
        .where(Alert.workspace_id == workspace_id, Alert.raised_at >= since, col(Alert.withdrawn_at).is_(None))
        .order_by(col(Alert.raised_at).desc(), col(Alert.threshold).desc(), col(Alert.id).desc())
    )
    return list(session.exec(query).all())


def set_up_at(session: Session, workspace_id: str, client_of: Mapping[str, str]) -> dict[str, datetime]:
    """Return when retainers were set up, by their id, for those whose setting up is on record; the clients by retainer
    are needed because a first client comes with its retainer."""
    query = select(AuditEvent.at, AuditEvent.verb, AuditEvent.subject_id, AuditEvent.detail).where(
        AuditEvent.workspace_id == workspace_id,
        col(AuditEvent.subject_id).in_([*client_of, *set(client_of.values())]),
        col(AuditEvent.verb).in_(("start_agreement", "start_client")),
    )
    found: dict[str, datetime] = {}
    for at, verb, subject_id, detail in session.exec(query):
        retainer_id = subject_id if verb == "start_agreement" else str(json.loads(detail)["retainer"]["id"])
        if retainer_id in client_of:
            found[retainer_id] = at
    return found


def seen_of(session: Session, workspace_id: str, alert_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Return (alert, member) for each of some alerts that a member has seen."""
    query = select(col(AlertSeen.alert_id), col(AlertSeen.member_id)).where(
        AlertSeen.workspace_id == workspace_id, col(AlertSeen.alert_id).in_(alert_ids)
    )
    return {(alert_id, member_id) for alert_id, member_id in session.exec(query).all()}
