"""Queries about what a member changed, and took back."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from agency_app.tables import AuditEvent, Member

_ENOUGH = 200
"""How many events of a member are looked through for their latest changes."""


def is_undone(session: Session, event: AuditEvent) -> bool:
    """Tell whether a change is taken back now: undone, and not redone after that."""
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.workspace_id == event.workspace_id,
            AuditEvent.subject_id == event.subject_id,
            col(AuditEvent.verb).in_(("undo", "redo")),
        )
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
    )
    for one in session.exec(query):
        if json.loads(one.detail).get("of") == event.id:
            return one.verb == "undo"
    return False


def latest_events(
    session: Session, workspace_id: str, member_id: str, verbs: frozenset[str], without: str
) -> list[AuditEvent]:
    """Return a member's latest events of some verbs, newest first, but for those with a key in their detail."""
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.workspace_id == workspace_id,
            AuditEvent.member_id == member_id,
            col(AuditEvent.verb).in_(verbs),
            ~col(AuditEvent.detail).contains(f'"{without}":', autoescape=True),
        )
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .limit(_ENOUGH)
    )
    return list(session.exec(query))


def events_of(session: Session, workspace_id: str, subject_ids: Sequence[str]) -> list[tuple[AuditEvent, str]]:
    """Return what was done to some rows, with the name of who did it ("" where nobody is on record), oldest first."""
    query = (
        select(AuditEvent, func.coalesce(Member.name, ""))
        .outerjoin(Member, col(Member.id) == AuditEvent.member_id)
        .where(AuditEvent.workspace_id == workspace_id, col(AuditEvent.subject_id).in_(subject_ids))
        .order_by(col(AuditEvent.at), col(AuditEvent.id))
    )
    return [(event, name) for event, name in session.exec(query).all()]


def subjects_about(
    session: Session, workspace_id: str, verb: str, column: str, row_id: str, since: datetime
) -> list[str]:
    """Return the ids of the rows, also of those that are gone, that a verb was done to since an instant and whose
    column, as the events hold it, refers to another row."""
    query = (
        select(AuditEvent.subject_id)
        .where(
            AuditEvent.workspace_id == workspace_id,
            AuditEvent.at >= since,
            AuditEvent.verb == verb,
            col(AuditEvent.detail).contains(f'"{column}": "{row_id}"', autoescape=True),
        )
        .distinct()
    )
    return list(session.exec(query))


def events_of_subjects(session: Session, subject_ids: Sequence[str]) -> Sequence[AuditEvent]:
    """Return the audit events about some rows, in no order."""
    return session.exec(select(AuditEvent).where(col(AuditEvent.subject_id).in_(subject_ids))).all()
