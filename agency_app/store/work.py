"""Queries about tasks and time entries."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, text
from sqlmodel import Session, col, func, select

from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    Invoice,
    Member,
    Task,
    TimeEntry,
)


class EntryRow(NamedTuple):
    """A time entry with the words around it; seconds, instants in UTC, rate in 1/10000 an hour."""

    id: str
    version: int
    task_id: str
    client_id: str
    client: str
    client_short: str
    colour: int
    retainer_id: str | None
    campaign_id: str | None
    campaign: str
    platform: str
    activity_id: str
    activity: str
    activity_position: int
    title: str
    member_id: str
    member: str
    started_at: datetime | None
    ended_at: datetime | None
    work_date: date
    zone: str
    seconds: int
    billable: bool
    note: str
    rate: int
    rate_source: str
    invoice_number: str | None
    tags: str


_IN_ORDER = (col(TimeEntry.work_date), col(TimeEntry.started_at), col(TimeEntry.id))


ROWS_WITH_WORDS: Select[tuple[object, ...]] = (
    select(  # pyright: ignore[reportCallIssue]
        TimeEntry.id,
        TimeEntry.version,
        TimeEntry.task_id,
        TimeEntry.client_id,
        Client.name,
        Client.short_name,
        Client.colour,
        TimeEntry.retainer_id,
        Task.campaign_id,
        func.coalesce(Campaign.name, ""),
        func.coalesce(Campaign.platform, Task.platform),
        Task.activity_id,
        Activity.name,
        Activity.position,
        Task.title,
        TimeEntry.member_id,
        Member.name,
        TimeEntry.started_at,
        TimeEntry.ended_at,
        TimeEntry.work_date,
        TimeEntry.zone,
        TimeEntry.seconds,
        TimeEntry.billable,
        TimeEntry.note,
        TimeEntry.rate,
        TimeEntry.rate_source,
        Invoice.number,
        TimeEntry.tags,
    )
    .join(Task, col(Task.id) == TimeEntry.task_id)
    .join(Client, col(Client.id) == TimeEntry.client_id)
    .join(Activity, col(Activity.id) == Task.activity_id)
    .join(Member, col(Member.id) == TimeEntry.member_id)
    .outerjoin(Campaign, col(Campaign.id) == Task.campaign_id)
    .outerjoin(Invoice, col(Invoice.id) == TimeEntry.invoice_id)
)
"""Entries with the words around them, in the order of `EntryRow`; made once, and narrowed by each query."""


def as_entry_rows(found: Sequence[Row[tuple[object, ...]]]) -> list[EntryRow]:
    """Return what `ROWS_WITH_WORDS` found as entries."""
    return [EntryRow._make(row) for row in found]  # pyright: ignore[reportArgumentType]


def _rows_between(
    session: Session, workspace_id: str, whose: ColumnElement[bool], first: date, last: date
) -> list[EntryRow]:
    query = ROWS_WITH_WORDS.where(
        col(TimeEntry.workspace_id) == workspace_id,
        whose,
        col(TimeEntry.work_date) >= first,
        col(TimeEntry.work_date) <= last,
    )
    return as_entry_rows(session.execute(query.order_by(*_IN_ORDER)).all())


def week_entries(session: Session, workspace_id: str, member_id: str, first: date, last: date) -> list[EntryRow]:
    """Return a member's entries with a work date from first to last, in order of time."""
    return _rows_between(session, workspace_id, col(TimeEntry.member_id) == member_id, first, last)


def period_entries(session: Session, workspace_id: str, client_id: str, first: date, last: date) -> list[EntryRow]:
    """Return a client's entries with a work date from first to last, in order of time."""
    return _rows_between(session, workspace_id, col(TimeEntry.client_id) == client_id, first, last)


def billable_work(
    session: Session, workspace_id: str, retainer_ids: Collection[str], first: date, last: date
) -> list[tuple[str, date, datetime | None, str, int, int]]:
    """Return the billable entries of some retainers with a work date from first to last, as (retainer id, work date,
    start or None, id, seconds, rate in 1/10000 an hour)."""
    query = select(
        TimeEntry.retainer_id,
        TimeEntry.work_date,
        TimeEntry.started_at,
        TimeEntry.id,
        TimeEntry.seconds,
        TimeEntry.rate,
    ).where(  # pyright: ignore[reportCallIssue]
        TimeEntry.workspace_id == workspace_id,
        col(TimeEntry.retainer_id).in_(retainer_ids),
        TimeEntry.work_date >= first,
        TimeEntry.work_date <= last,
        col(TimeEntry.billable).is_(True),
    )
    return [tuple(row) for row in session.execute(query).all()]  # pyright: ignore[reportReturnType]


def entries_by_id(session: Session, workspace_id: str, entry_ids: Sequence[str]) -> list[EntryRow]:
    """Return some entries of the workspace, in order of time."""
    query = ROWS_WITH_WORDS.where(col(TimeEntry.workspace_id) == workspace_id, col(TimeEntry.id).in_(entry_ids))
    return as_entry_rows(session.execute(query.order_by(*_IN_ORDER)).all())


def entry_row(session: Session, workspace_id: str, entry_id: str) -> EntryRow | None:
    """Return one entry of the workspace with its words."""
    query = ROWS_WITH_WORDS.where(col(TimeEntry.workspace_id) == workspace_id, col(TimeEntry.id) == entry_id)
    found = as_entry_rows(session.execute(query).all())
    return found[0] if found else None


def entry(session: Session, workspace_id: str, entry_id: str) -> TimeEntry | None:
    """Return one entry of the workspace, for changing."""
    query = select(TimeEntry).where(TimeEntry.workspace_id == workspace_id, TimeEntry.id == entry_id)
    return session.exec(query).first()


def task(session: Session, workspace_id: str, task_id: str) -> Task | None:
    """Return one task of the workspace."""
    return session.exec(select(Task).where(Task.workspace_id == workspace_id, Task.id == task_id)).first()


def entries_of_task(session: Session, task_id: str) -> int:
    """Return how many entries a task has gathered."""
    return session.exec(select(func.count()).where(TimeEntry.task_id == task_id)).one()


def inbox(session: Session, workspace_id: str) -> list[tuple[Task, Client, Activity]]:
    """Return the planned tasks that nobody has logged yet, oldest first."""
    query = (
        select(Task, Client, Activity)
        .join(Client, col(Client.id) == Task.client_id)
        .join(Activity, col(Activity.id) == Task.activity_id)
        .where(
            Task.workspace_id == workspace_id,
            col(Task.planned_seconds).is_not(None),
            col(Task.done).is_(False),
        )
        .order_by(col(Task.created_at), Task.id)
    )
    return list(session.exec(query).all())


def unbilled_before(session: Session, workspace_id: str, retainer_id: str, day: date) -> tuple[int, int]:
    """Return how much billable work of a retainer from before a day no invoice bills: entries, and their seconds."""
    query = select(func.count(), func.coalesce(func.sum(TimeEntry.seconds), 0)).where(
        TimeEntry.workspace_id == workspace_id,
        TimeEntry.retainer_id == retainer_id,
        TimeEntry.work_date < day,
        col(TimeEntry.billable).is_(True),
        col(TimeEntry.invoice_id).is_(None),
    )
    count, seconds = session.exec(query).one()
    return int(count), int(seconds or 0)


def latest_activity(session: Session, workspace_id: str, member_id: str, client_id: str) -> str:
    """Return the activity of a member's latest work for a client, "" for none."""
    query = (
        select(Task.activity_id)
        .join(TimeEntry, col(TimeEntry.task_id) == Task.id)
        .where(
            TimeEntry.workspace_id == workspace_id,
            TimeEntry.member_id == member_id,
            TimeEntry.client_id == client_id,
        )
        .order_by(col(TimeEntry.work_date).desc(), col(TimeEntry.started_at).desc())
        .limit(1)
    )
    return session.exec(query).first() or ""


def latest_client(session: Session, workspace_id: str, client_ids: Sequence[str], member_id: str = "") -> str:
    """Return which of some clients was worked for last, by a member where one is named; "" for none."""
    query = select(TimeEntry.client_id).where(
        TimeEntry.workspace_id == workspace_id, col(TimeEntry.client_id).in_(client_ids)
    )
    if member_id:
        query = query.where(TimeEntry.member_id == member_id)
    return (
        session.exec(query.order_by(col(TimeEntry.work_date).desc(), col(TimeEntry.id).desc()).limit(1)).first() or ""
    )


def logged_by_day(
    session: Session, workspace_id: str, member_ids: Sequence[str], first: date, last: date
) -> list[tuple[str, date, int]]:
    """Return (member, work date, seconds) of some members from first to last, billable or not."""
    query = (
        select(col(TimeEntry.member_id), col(TimeEntry.work_date), func.sum(TimeEntry.seconds))
        .where(
            TimeEntry.workspace_id == workspace_id,
            col(TimeEntry.member_id).in_(member_ids),
            TimeEntry.work_date >= first,
            TimeEntry.work_date <= last,
        )
        .group_by(col(TimeEntry.member_id), col(TimeEntry.work_date))
    )
    return [(member_id, day, int(seconds)) for member_id, day, seconds in session.exec(query).all()]


def used_in_stretches(
    session: Session, workspace_id: str, stretches: Sequence[tuple[str, date, date]]
) -> list[tuple[str, date, int]]:
    """Return (retainer, first day, billable seconds) of each stretch (retainer, first day, last day), in one query.

    The stretches travel as one JSON text, so that the query is the same however many there are.
    """
    if not stretches:
        return []
    if session.get_bind().dialect.name == "sqlite":
        rows = "SELECT s.value ->> 0 AS r, s.value ->> 1 AS f, s.value ->> 2 AS l FROM json_each(:given) s"
    else:
        rows = (
            "SELECT s.value ->> 0 AS r, (s.value ->> 1)::date AS f, (s.value ->> 2)::date AS l "
            "FROM jsonb_array_elements(cast(:given AS jsonb)) s"
        )
    query = text(
        "SELECT p.r, p.f, (SELECT coalesce(sum(e.seconds), 0) FROM time_entry e WHERE e.workspace_id = :workspace "
        f"AND e.retainer_id = p.r AND e.work_date >= p.f AND e.work_date <= p.l AND e.billable) FROM ({rows}) p"
    )
    given = json.dumps([(retainer_id, first.isoformat(), last.isoformat()) for retainer_id, first, last in stretches])
    found = session.connection().execute(query, {"given": given, "workspace": workspace_id}).tuples().all()
    return [
        (retainer_id, first if isinstance(first, date) else date.fromisoformat(first), int(seconds))
        for retainer_id, first, seconds in found
    ]


def used_by_member(
    session: Session, workspace_id: str, retainer_ids: Sequence[str], first: date, last: date
) -> list[tuple[str, str, int]]:
    """Return (retainer, member, billable seconds) of some retainers from first to last."""
    query = (
        select(col(TimeEntry.retainer_id), col(TimeEntry.member_id), func.sum(TimeEntry.seconds))
        .where(
            TimeEntry.workspace_id == workspace_id,
            col(TimeEntry.retainer_id).in_(retainer_ids),
            TimeEntry.work_date >= first,
            TimeEntry.work_date <= last,
            col(TimeEntry.billable).is_(True),
        )
        .group_by(TimeEntry.retainer_id, col(TimeEntry.member_id))  # pyright: ignore[reportArgumentType]
    )
    found = session.connection().execute(query).tuples().all()
    return [(str(retainer_id), str(member_id), int(seconds)) for retainer_id, member_id, seconds in found]
