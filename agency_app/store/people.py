"""Queries about the workspace, its members and their login sessions."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from agency_app.tables import AuditEvent, LoginSession, Member, SignInAttempt, Workspace
from agency_app.tables.base import now


def any_workspace(session: Session) -> Workspace | None:
    """Return the workspace of this installation, or None before the first visit."""
    return session.exec(select(Workspace).order_by(col(Workspace.id)).limit(1)).first()


def workspace(session: Session, workspace_id: str) -> Workspace:
    """Return a workspace that is known to exist; it is asked for once a session."""
    found = session.get_one(Workspace, workspace_id)
    session.info["workspace"] = found  # a session alone forgets a row that nobody holds
    return found


def lock_workspace(session: Session, workspace_id: str) -> None:
    """Keep every other writer out of the workspace until the transaction ends; what is read from here on stays true.

    SQLite lets one writer at a time in anyway. PostgreSQL locks the row, against writers alone: reads go on, and so do
    rows that only refer to the workspace, such as a sign-in.
    """
    query = select(Workspace.id).where(Workspace.id == workspace_id)
    session.exec(query.with_for_update(key_share=True)).all()


def members(session: Session, workspace_id: str) -> list[Member]:
    """Return the members by name."""
    return list(session.exec(select(Member).where(Member.workspace_id == workspace_id).order_by(Member.name)))


def member_by_email(session: Session, email: str) -> Member | None:
    """Return the active member with an e-mail address, in whatever case it was typed."""
    query = select(Member).where(func.lower(Member.email) == email.strip().lower(), Member.active)
    return session.exec(query).first()


def member_of_token(session: Session, token_hash: str) -> Member | None:
    """Return the active member whose login session is neither revoked nor expired."""
    query = (
        select(Member)
        .join(LoginSession, col(LoginSession.member_id) == Member.id)
        .where(
            LoginSession.token_hash == token_hash,
            col(LoginSession.revoked_at).is_(None),
            LoginSession.expires_at > now(),
            Member.active,
        )
    )
    return session.exec(query).first()


def revoke_login(session: Session, token_hash: str) -> None:
    """End one login session."""
    statement = update(LoginSession).where(col(LoginSession.token_hash) == token_hash).values(revoked_at=now())
    session.execute(statement)


def recent_failures(session: Session, subjects: list[str], since: datetime) -> int:
    """Return how many sign-ins failed for any of these subjects since an instant."""
    query = select(func.count()).where(col(SignInAttempt.subject).in_(subjects), SignInAttempt.at > since)
    return session.exec(query).one()


def forget_failures(session: Session, subject: str) -> None:
    """Drop the failures of one subject, and everybody's older than a day."""
    for attempt in session.exec(
        select(SignInAttempt).where((SignInAttempt.subject == subject) | (SignInAttempt.at < now() - timedelta(days=1)))
    ):
        session.delete(attempt)


def raise_revision(session: Session, workspace_id: str) -> None:
    """Count a change of the workspace, so that every server learns of it."""
    session.execute(
        update(Workspace).where(col(Workspace.id) == workspace_id).values(revision=col(Workspace.revision) + 1)
    )


def revision(session: Session, workspace_id: str) -> int:
    """Return the change counter of a workspace, 0 for an unknown one."""
    return session.exec(select(Workspace.revision).where(Workspace.id == workspace_id)).one_or_none() or 0


def revisions(session: Session) -> dict[str, int]:
    """Return the change counter of every workspace."""
    return dict(session.exec(select(Workspace.id, Workspace.revision)).all())


def last_to_change(session: Session, workspace_id: str, subject_id: str) -> str | None:
    """Return the name of the member who last did anything to a row."""
    query = (
        select(Member.name)
        .join(AuditEvent, col(AuditEvent.member_id) == Member.id)
        .where(AuditEvent.workspace_id == workspace_id, AuditEvent.subject_id == subject_id)
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def changes(session: Session, workspace_id: str, subject_id: str, verb: str) -> list[tuple[str, str]]:
    """Return (detail in JSON, name of the member) of what was done to a row by a verb, oldest first."""
    query = (
        select(AuditEvent.detail, Member.name)
        .join(Member, col(Member.id) == AuditEvent.member_id)
        .where(
            AuditEvent.workspace_id == workspace_id,
            AuditEvent.subject_id == subject_id,
            AuditEvent.verb == verb,
        )
        .order_by(col(AuditEvent.at), col(AuditEvent.id))
    )
    return [(detail, name) for detail, name in session.exec(query).all()]


def last_change(session: Session, workspace_id: str, subject_id: str) -> str | None:
    """Return the name of the member who last did something to a row."""
    query = (
        select(Member.name)
        .join(AuditEvent, col(AuditEvent.member_id) == Member.id)
        .where(AuditEvent.workspace_id == workspace_id, AuditEvent.subject_id == subject_id)
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
    )
    return session.exec(query.limit(1)).first()
