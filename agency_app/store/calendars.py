"""Queries about when members work."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from agency_app.tables import DayOff, TargetWeek


def target_weeks(session: Session, workspace_id: str, member_ids: Sequence[str] | None = None) -> list[TargetWeek]:
    """Return the target weeks of some members, or of all, oldest first."""
    query = select(TargetWeek).where(TargetWeek.workspace_id == workspace_id)
    if member_ids is not None:
        query = query.where(col(TargetWeek.member_id).in_(member_ids))
    return list(session.exec(query.order_by(col(TargetWeek.starts_on))))


def days_off(session: Session, workspace_id: str, member_ids: Sequence[str] | None = None) -> list[DayOff]:
    """Return the days off of some members, or of all, with those of everybody, in order of their first day."""
    query = select(DayOff).where(DayOff.workspace_id == workspace_id)
    if member_ids is not None:
        query = query.where(or_(col(DayOff.member_id).is_(None), col(DayOff.member_id).in_(member_ids)))
    return list(session.exec(query.order_by(col(DayOff.first_on), DayOff.id)))


def day_off(session: Session, workspace_id: str, day_off_id: str) -> DayOff | None:
    """Return one row of days off of the workspace."""
    return session.exec(select(DayOff).where(DayOff.workspace_id == workspace_id, DayOff.id == day_off_id)).first()
