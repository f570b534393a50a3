"""Who acts, and the transaction in which they act: authorise first, then act, then count the change."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from agency_app.services.refusal import NotAllowed
from agency_app.store import people
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Member
from agency_app.tables.base import now

own_changes: Counter[str] = Counter()
"""How many changes this process committed, by workspace: what the revision counts beyond them came from elsewhere."""


@dataclass(frozen=True)
class Actor:
    """A signed-in member, as the services need to know them."""

    member_id: str
    workspace_id: str
    name: str
    initials: str
    role: str
    zone: str


def actor_of(member: Member) -> Actor:
    """Return the actor a member is."""
    return Actor(
        member.id,
        member.workspace_id,
        member.name,
        member.initials,
        member.role,
        member.zone,
    )


@contextmanager
def acting(actor: Actor, *roles: str) -> Iterator[Session]:
    """Open the transaction of one verb for an actor, who must be active and, if roles are named, of one of them.

    The verbs of one workspace run one after the other, so that what a verb checked, a locked day for example, holds
    until its commit. Raises NotAllowed before anything is written. The workspace's revision goes up with the commit.
    """
    with transaction() as session:
        people.lock_workspace(session, actor.workspace_id)
        member = session.get(Member, actor.member_id)
        if member is None or not member.active or member.workspace_id != actor.workspace_id:
            raise NotAllowed("Sign in again: this account is not active in the workspace any more.")
        if roles and member.role not in roles:
            raise NotAllowed(f"This is for {_people(roles)} to do, and {member.name} is {_ROLES[member.role][0]}.")
        yield session
        people.raise_revision(session, actor.workspace_id)
    own_changes[actor.workspace_id] += 1


_ROLES = {
    "owner": ("an owner", "owners"),
    "lead": ("a lead", "leads"),
    "finance": ("of finance", "finance"),
    "member": ("a member", "members"),
}


def _people(roles: tuple[str, ...]) -> str:
    *others, last = (_ROLES[role][1] for role in roles)
    return f"{', '.join(others)} and {last}" if others else last


@contextmanager
def in_background(workspace_id: str) -> Iterator[Session]:
    """Open the transaction of something that nobody asked for, such as an alert, in turn with the verbs of people."""
    with transaction() as session:
        people.lock_workspace(session, workspace_id)
        yield session
        people.raise_revision(session, workspace_id)
    own_changes[workspace_id] += 1


def record(session: Session, actor: Actor, verb: str, subject_id: str, **detail: Any) -> str:
    """Write the audit event of a verb and return its id. Rows in the detail are stored column by column."""
    event = AuditEvent(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        verb=verb,
        subject_id=subject_id,
        detail=json.dumps({key: plain(value) for key, value in detail.items()}, sort_keys=True),
    )
    session.add(event)
    session.flush()
    return event.id


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: rows as objects, dates and instants in ISO 8601."""
    if isinstance(value, SQLModel):
        return {name: plain(cell) for name, cell in value.model_dump().items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def today_of(actor: Actor) -> date:
    """Return today where an actor works."""
    return now().astimezone(ZoneInfo(actor.zone)).date()


def revision_of(workspace_id: str) -> int:
    """Return the change counter of a workspace: as long as it stays, so do the workspace's rows."""
    with reading() as session:
        return people.revision(session, workspace_id)


def revisions() -> dict[str, int]:
    """Return the change counter of every workspace."""
    with reading() as session:
        return people.revisions(session)


def outside_changes() -> dict[str, int]:
    """Return, by workspace, a number that grows with each change that another process committed."""
    return {workspace_id: count - own_changes[workspace_id] for workspace_id, count in revisions().items()}
