"""Queries about submitted weeks and what still has to be approved."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from agency_app.tables import Client, Member, TimeEntry, WeekSubmission
from agency_app.tables.base import now

_SIX_DAYS = timedelta(days=6)


def submission(session: Session, workspace_id: str, submission_id: str) -> WeekSubmission | None:
    """Return one submission of the workspace."""
    query = select(WeekSubmission).where(
        WeekSubmission.workspace_id == workspace_id, WeekSubmission.id == submission_id
    )
    return session.exec(query).first()


def submissions_of_week(session: Session, member_id: str, monday: date) -> list[WeekSubmission]:
    """Return what a member handed in of the week that begins on a day, one a client."""
    query = select(WeekSubmission).where(WeekSubmission.member_id == member_id, WeekSubmission.monday == monday)
    return list(session.exec(query.order_by(WeekSubmission.client_id)))


def submission_on(session: Session, member_id: str, client_id: str, monday: date) -> WeekSubmission | None:
    """Return what a member handed in of one week for one client."""
    query = select(WeekSubmission).where(
        WeekSubmission.member_id == member_id,
        WeekSubmission.client_id == client_id,
        WeekSubmission.monday == monday,
    )
    return session.exec(query).first()


def approved_on(session: Session, member_id: str, client_id: str, day: date) -> WeekSubmission | None:
    """Return the approved week of a member for a client that holds a day, whatever day weeks began with then."""
    query = select(WeekSubmission).where(
        WeekSubmission.member_id == member_id,
        WeekSubmission.client_id == client_id,
        WeekSubmission.status == "approved",
        WeekSubmission.monday >= day - _SIX_DAYS,
        WeekSubmission.monday <= day,
    )
    return session.exec(query).first()


def approved(session: Session, workspace_id: str, first: date, last: date) -> set[tuple[str, str, date]]:
    """Return (member, client, day) of the days of approved weeks, where those overlap the days from first to last."""
    query = select(col(WeekSubmission.member_id), col(WeekSubmission.client_id), col(WeekSubmission.monday)).where(
        WeekSubmission.workspace_id == workspace_id,
        WeekSubmission.status == "approved",
        WeekSubmission.monday >= first - _SIX_DAYS,
        WeekSubmission.monday <= last,
    )
    return {
        (member_id, client_id, begins + timedelta(days=place))
        for member_id, client_id, begins in session.exec(query).all()
        for place in range(7)
    }


def in_question(
    session: Session, workspace_id: str, decided_since_days: int
) -> list[tuple[WeekSubmission, Member, Client]]:
    """Return the submissions that wait, and those decided within some days; the oldest week first."""
    query = (
        select(WeekSubmission, Member, Client)
        .join(Member, col(Member.id) == WeekSubmission.member_id)
        .join(Client, col(Client.id) == WeekSubmission.client_id)
        .where(
            WeekSubmission.workspace_id == workspace_id,
            (col(WeekSubmission.status) == "submitted")
            | (col(WeekSubmission.decided_at) > now() - timedelta(days=decided_since_days)),
        )
        .order_by(col(WeekSubmission.monday), Member.name, Client.name)
    )
    return list(session.exec(query).all())


def seen_of_week(session: Session, member_id: str, client_id: str, monday: date) -> list[tuple[str, int]]:
    """Return (entry, version) of a member's work for a client in the week that begins on a day: what an approval is of."""
    query = (
        select(TimeEntry.id, TimeEntry.version)
        .where(
            TimeEntry.member_id == member_id,
            TimeEntry.client_id == client_id,
            TimeEntry.work_date >= monday,
            TimeEntry.work_date <= monday + timedelta(days=6),
        )
        .order_by(TimeEntry.id)
    )
    return list(session.exec(query).all())


def clients_worked_for(session: Session, workspace_id: str, member_id: str, monday: date) -> Sequence[str]:
    """Return the clients that a member worked for in the week that begins on a day."""
    query = (
        select(TimeEntry.client_id)
        .where(
            TimeEntry.workspace_id == workspace_id,
            TimeEntry.member_id == member_id,
            TimeEntry.work_date >= monday,
            TimeEntry.work_date <= monday + timedelta(days=6),
        )
        .distinct()
        .order_by(TimeEntry.client_id)
    )
    return session.exec(query).all()
