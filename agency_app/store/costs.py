"""Queries about what members cost, and about work with what it costs and earns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, case, col, func, literal, select

from agency_app.tables import CostRate, EntryDecision, LateEntry, Task, TimeEntry


def cost_rates(session: Session, workspace_id: str) -> list[CostRate]:
    """Return the cost rates of a workspace, oldest first."""
    query = select(CostRate).where(CostRate.workspace_id == workspace_id)
    return list(session.exec(query.order_by(col(CostRate.starts_on), CostRate.id)))


@dataclass(frozen=True, slots=True)
class WorkedSum:
    """Work of one kind in one stretch of days: `value` is the sum of seconds × rate (1/10000 an hour)."""

    stretch: int
    client_id: str
    retainer_id: str | None
    activity_id: str
    member_id: str
    billable: bool
    seconds: int
    value: int


def worked_sums(
    session: Session, workspace_id: str, starts: Sequence[date], last: date, client_id: str = ""
) -> Iterator[WorkedSum]:
    """Yield the work from the first of `starts` to a last day, added up by stretch, client, retainer, activity, member
    and whether it is billable. Each start begins a stretch; they are in order."""
    day = col(TimeEntry.work_date)
    stretch = (
        case(*((day < following, place) for place, following in enumerate(starts[1:])), else_=len(starts) - 1)
        if len(starts) > 1
        else literal(0)
    )
    of_client = [TimeEntry.client_id == client_id] if client_id else []
    keys = (
        stretch.label("stretch"),
        col(TimeEntry.client_id),
        col(TimeEntry.retainer_id),
        col(Task.activity_id),
        col(TimeEntry.member_id),
        col(TimeEntry.billable),
    )
    query = (
        select(  # pyright: ignore[reportCallIssue]
            *keys, func.sum(TimeEntry.seconds), func.sum(col(TimeEntry.seconds) * col(TimeEntry.rate))
        )
        .join(Task, col(Task.id) == TimeEntry.task_id)
        .where(TimeEntry.workspace_id == workspace_id, day >= starts[0], day <= last, *of_client)
        .group_by("stretch", *keys[1:])
    )
    for row in session.connection().execute(query).yield_per(1000).tuples():
        given: list[Any] = list(row)
        yield WorkedSum(*given[:6], seconds=int(given[6]), value=int(given[7]))


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Work, or a part of it, that is not charged; rate in 1/10000 an hour."""

    work_date: date
    client_id: str
    retainer_id: str | None
    activity_id: str
    member_id: str
    seconds: int
    rate: int

    @property
    def kind(self) -> tuple[str, str | None, str, str]:
        """Whose, for what, which and by whom: what work is added up by."""
        return self.client_id, self.retainer_id, self.activity_id, self.member_id


_GIVEN_UP = (
    TimeEntry.work_date,
    TimeEntry.client_id,
    TimeEntry.retainer_id,
    Task.activity_id,
    TimeEntry.member_id,
)


def written_off(session: Session, workspace_id: str, first: date, last: date, client_id: str = "") -> list[GivenUp]:
    """Return the late work worked from first to last that was written off whole; it is not billable any more."""
    query = (
        select(*_GIVEN_UP, TimeEntry.seconds, TimeEntry.rate)  # pyright: ignore[reportCallIssue]
        .join(LateEntry, col(LateEntry.entry_id) == TimeEntry.id)
        .join(Task, col(Task.id) == TimeEntry.task_id)
        .where(
            LateEntry.workspace_id == workspace_id,
            LateEntry.placement == "written_off",
            col(TimeEntry.billable).is_(False),
            *_worked(first, last, client_id),
        )
    )
    return [GivenUp(*row) for row in session.execute(query).all()]  # pyright: ignore[reportArgumentType]


def held_back(session: Session, workspace_id: str, first: date, last: date, client_id: str = "") -> list[GivenUp]:
    """Return what of the billable work from first to last was written off or is billed less by a person's decision."""
    held = col(EntryDecision.less_seconds) + col(EntryDecision.written_off_seconds)
    query = (
        select(*_GIVEN_UP, held, TimeEntry.rate)  # pyright: ignore[reportCallIssue]
        .join(EntryDecision, col(EntryDecision.entry_id) == TimeEntry.id)
        .join(Task, col(Task.id) == TimeEntry.task_id)
        .where(
            EntryDecision.workspace_id == workspace_id,
            held > 0,
            col(TimeEntry.billable).is_(True),
            *_worked(first, last, client_id),
        )
    )
    return [GivenUp(*row) for row in session.execute(query).all()]  # pyright: ignore[reportArgumentType]


def _worked(first: date, last: date, client_id: str) -> list[Any]:
    days = [col(TimeEntry.work_date) >= first, col(TimeEntry.work_date) <= last]
    return [*days, TimeEntry.client_id == client_id] if client_id else days


def logged_by_member(session: Session, workspace_id: str, first: date, last: date) -> dict[str, int]:
    """Return the seconds each member logged from first to last, billable or not."""
    query = (
        select(col(TimeEntry.member_id), func.sum(TimeEntry.seconds))
        .where(TimeEntry.workspace_id == workspace_id, TimeEntry.work_date >= first, TimeEntry.work_date <= last)
        .group_by(col(TimeEntry.member_id))
    )
    return {member_id: int(seconds) for member_id, seconds in session.exec(query).all()}
