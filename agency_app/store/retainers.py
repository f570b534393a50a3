"""Queries about agreements over time: amendments, pauses, scope, closed periods, late entries, and money drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, literal, union_all
from sqlmodel import Session, col, func, select

from agency_app.tables import (
    Activity,
    Campaign,
    EntryDecision,
    LateEntry,
    LateWork,
    Member,
    RetainerNote,
    RetainerPause,
    RetainerPeriod,
    RetainerScope,
    RetainerTerms,
    Task,
    TimeEntry,
)


def amendments(session: Session, retainer_ids: Sequence[str]) -> list[RetainerTerms]:
    """Return the amendments of some retainers, in order of their dates."""
    query = select(RetainerTerms).where(col(RetainerTerms.retainer_id).in_(retainer_ids))
    return list(session.exec(query.order_by(col(RetainerTerms.starts_on))))


def pauses(session: Session, retainer_ids: Sequence[str]) -> list[RetainerPause]:
    """Return the pauses of some retainers, in order of their dates."""
    query = select(RetainerPause).where(col(RetainerPause.retainer_id).in_(retainer_ids))
    return list(session.exec(query.order_by(col(RetainerPause.starts_on))))


def scopes(session: Session, workspace_id: str) -> list[RetainerScope]:
    """Return what the retainers of a workspace are for; a retainer without rows is for all of its client's work."""
    query = select(RetainerScope).where(RetainerScope.workspace_id == workspace_id)
    return list(session.exec(query.order_by(RetainerScope.id)))


def scoped_campaigns(session: Session, rows: Sequence[RetainerScope]) -> list[Campaign]:
    """Return the campaigns that some rows of a scope name, archived ones too."""
    named = {row.campaign_id for row in rows if row.campaign_id}
    return list(session.exec(select(Campaign).where(col(Campaign.id).in_(named)))) if named else []


def notes(session: Session, retainer_id: str) -> list[tuple[RetainerNote, str]]:
    """Return the notes of a retainer with the names of their authors, the newest first."""
    query = (
        select(RetainerNote, Member.name)
        .join(Member, col(Member.id) == RetainerNote.member_id)
        .where(RetainerNote.retainer_id == retainer_id)
        .order_by(col(RetainerNote.created_at).desc(), RetainerNote.id)
    )
    return list(session.exec(query).all())


def ever_stops(session: Session, retainer_id: str) -> bool:
    """Tell whether an amendment of a retainer stops work at what was agreed."""
    query = select(RetainerTerms.id).where(RetainerTerms.retainer_id == retainer_id, RetainerTerms.overage == "stop")
    return session.exec(query.limit(1)).first() is not None


def period_on(session: Session, retainer_id: str, day: date) -> RetainerPeriod | None:
    """Return the closed period of a retainer that holds a day."""
    query = select(RetainerPeriod).where(
        RetainerPeriod.retainer_id == retainer_id,
        RetainerPeriod.starts_on <= day,
        RetainerPeriod.ends_on >= day,
        col(RetainerPeriod.closed_at).is_not(None),
    )
    return session.exec(query).first()


def closed_periods(session: Session, workspace_id: str) -> list[tuple[str, date, date]]:
    """Return (retainer, first day, last day) of every closed period."""
    query = select(col(RetainerPeriod.retainer_id), col(RetainerPeriod.starts_on), col(RetainerPeriod.ends_on)).where(
        RetainerPeriod.workspace_id == workspace_id, col(RetainerPeriod.closed_at).is_not(None)
    )
    return [(retainer_id, first, last) for retainer_id, first, last in session.exec(query).all()]


@dataclass(frozen=True)
class PlacedEntry:
    """An entry that counts elsewhere, or of which something is written off, with what it is worth: seconds, rate in
    1/10000 an hour. A late entry was placed when it was logged; `placement` is empty for one that stays where it is."""

    entry_id: str
    retainer_id: str
    placement: str
    counts_on: date
    reason: str
    work_date: date
    seconds: int
    rate: int
    billable: bool
    written_off_seconds: int = 0


_LATE = select(  # pyright: ignore[reportCallIssue]
    LateEntry.entry_id,
    LateEntry.retainer_id,
    LateEntry.placement,
    LateEntry.counts_on,
    LateEntry.reason,
    TimeEntry.work_date,
    TimeEntry.seconds,
    TimeEntry.rate,
    TimeEntry.billable,
    literal(0),
).join(TimeEntry, col(TimeEntry.id) == LateEntry.entry_id)
_bill_on = col(EntryDecision.bill_on)
_DECIDED = (
    select(  # pyright: ignore[reportCallIssue]
        EntryDecision.entry_id,
        TimeEntry.retainer_id,
        case((_bill_on.is_(None), ""), else_="next"),
        func.coalesce(_bill_on, TimeEntry.work_date),
        EntryDecision.reason,
        TimeEntry.work_date,
        TimeEntry.seconds,
        TimeEntry.rate,
        TimeEntry.billable,
        EntryDecision.written_off_seconds,
    )
    .join(TimeEntry, col(TimeEntry.id) == EntryDecision.entry_id)
    .where(_bill_on.is_not(None) | (col(EntryDecision.written_off_seconds) > 0), col(TimeEntry.billable).is_(True))
)


def placed_entries(session: Session, retainer_ids: Sequence[str]) -> list[PlacedEntry]:
    """Return the late entries of some retainers, those that were moved to another period's invoice, and those of which
    something was written off, in order of the day they were worked on."""
    query = union_all(
        _LATE.where(col(LateEntry.retainer_id).in_(retainer_ids)),
        _DECIDED.where(col(TimeEntry.retainer_id).in_(retainer_ids)),
    )
    found = [PlacedEntry(*row) for row in session.execute(query).all()]
    return sorted(found, key=lambda one: (one.work_date, one.entry_id))


def late_work(session: Session, workspace_id: str, late_id: str) -> LateWork | None:
    """Return one piece of late work that waits."""
    query = select(LateWork).where(LateWork.workspace_id == workspace_id, LateWork.id == late_id)
    return session.exec(query).first()


def waiting_late_work(session: Session, retainer_id: str) -> list[tuple[LateWork, str, str]]:
    """Return (late work, member, activity) that waits for a retainer, the oldest day first."""
    query = (
        select(LateWork, Member.name, Activity.name)
        .join(Member, col(Member.id) == LateWork.member_id)
        .join(Activity, col(Activity.id) == LateWork.activity_id)
        .where(LateWork.retainer_id == retainer_id)
        .order_by(col(LateWork.work_date), col(LateWork.created_at), LateWork.id)
    )
    return list(session.exec(query).all())


def waiting(session: Session, workspace_id: str) -> dict[str, tuple[int, int]]:
    """Return how many pieces of late work wait, and their seconds, by retainer; under "" the planned tasks that nobody
    has logged yet, and the seconds planned for them."""
    late = (
        select(col(LateWork.retainer_id), func.count(), func.sum(LateWork.seconds))
        .where(LateWork.workspace_id == workspace_id)
        .group_by(col(LateWork.retainer_id))
    )
    planned = select(literal(""), func.count(), func.coalesce(func.sum(Task.planned_seconds), 0)).where(
        Task.workspace_id == workspace_id, col(Task.planned_seconds).is_not(None), col(Task.done).is_(False)
    )
    found = session.execute(union_all(late, planned)).all()
    return {retainer_id: (int(count), int(seconds)) for retainer_id, count, seconds in found}


def is_late(session: Session, entry_id: str) -> bool:
    """Tell whether an entry was placed after its period was closed."""
    return session.exec(select(LateEntry.id).where(LateEntry.entry_id == entry_id)).first() is not None


@dataclass(frozen=True)
class Wanted:
    """What some retainers have used is asked for, from a day on: seconds, or with the `decimals` of their currency the
    minor units that each entry is worth at its own rate, half up."""

    retainer_ids: Sequence[str]
    first: date
    decimals: int | None = None


def used_by_day(
    session: Session, workspace_id: str, wanted: Sequence[Wanted], last: date
) -> list[tuple[str, date, int]]:
    """Return (retainer, day, seconds or minor units of billable work) up to a day, in one query."""
    queries = [_used_by_day(workspace_id, one, last) for one in wanted if one.retainer_ids]
    if not queries:
        return []
    # Past the session: tens of thousands of plain rows need none of what it does for each.
    found = session.connection().execute(union_all(*queries) if len(queries) > 1 else queries[0]).tuples().all()
    return [(str(retainer_id), day, int(used)) for retainer_id, day, used in found]


def _used_by_day(workspace_id: str, wanted: Wanted, last: date) -> Select[str | None, date, int]:
    used = col(TimeEntry.seconds)
    if wanted.decimals is not None:
        unit = 3600 * 10_000 // 10**wanted.decimals
        used = (col(TimeEntry.seconds) * col(TimeEntry.rate) + unit // 2) // unit
    return (
        select(col(TimeEntry.retainer_id), col(TimeEntry.work_date), func.sum(used))
        .where(
            TimeEntry.workspace_id == workspace_id,
            col(TimeEntry.retainer_id).in_(wanted.retainer_ids),
            TimeEntry.work_date >= wanted.first,
            TimeEntry.work_date <= last,
            col(TimeEntry.billable).is_(True),
        )
        .group_by(TimeEntry.retainer_id, col(TimeEntry.work_date))  # pyright: ignore[reportArgumentType]
    )
