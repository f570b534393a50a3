"""Queries about routines and what was said of their days."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from agency_app.tables import Routine, RoutineDay, TaskTemplate


def routines(session: Session, workspace_id: str, member_ids: Sequence[str] | None = None) -> list[Routine]:
    """Return the running routines of some members, or of all, in the order of the day."""
    query = select(Routine).where(Routine.workspace_id == workspace_id, col(Routine.stopped).is_(False))
    if member_ids is not None:
        query = query.where(col(Routine.member_id).in_(member_ids))
    return list(session.exec(query.order_by(Routine.starts_at, Routine.id)))


def routine(session: Session, workspace_id: str, routine_id: str) -> Routine | None:
    """Return one routine of the workspace, stopped or not."""
    query = select(Routine).where(Routine.workspace_id == workspace_id, Routine.id == routine_id)
    return session.exec(query).first()


def decided_days(session: Session, routine_ids: Sequence[str], first: date, last: date) -> list[tuple[str, date]]:
    """Return (routine, day) of each day from first to last that was confirmed or dismissed."""
    query = select(col(RoutineDay.routine_id), col(RoutineDay.day)).where(
        col(RoutineDay.routine_id).in_(routine_ids), RoutineDay.day >= first, RoutineDay.day <= last
    )
    return list(session.exec(query).all())


def decided(session: Session, routine_id: str, day: date) -> RoutineDay | None:
    """Return what was said of a day of a routine."""
    return session.exec(select(RoutineDay).where(RoutineDay.routine_id == routine_id, RoutineDay.day == day)).first()


def template(session: Session, workspace_id: str, template_id: str) -> TaskTemplate | None:
    """Return one task template of the workspace, archived or not."""
    query = select(TaskTemplate).where(TaskTemplate.workspace_id == workspace_id, TaskTemplate.id == template_id)
    return session.exec(query).first()


def every_template(session: Session, workspace_id: str) -> list[TaskTemplate]:
    """Return the task templates in their order, archived ones too."""
    query = select(TaskTemplate).where(TaskTemplate.workspace_id == workspace_id)
    return list(session.exec(query.order_by(col(TaskTemplate.position), TaskTemplate.name)))
