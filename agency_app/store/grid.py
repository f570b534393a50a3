"""Queries of the week grid: the rows that members keep on it, and the kinds of work they logged lately."""

from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from agency_app.tables import GridRow, Task, TimeEntry


def kept_rows(session: Session, workspace_id: str, member_id: str, first: date) -> list[GridRow]:
    """Return the rows that a member keeps on the grid of the week from a day on, in the order they came.

    A row that was kept when weeks began on another day stands in the week that holds its first day now.
    """
    query = select(GridRow).where(
        GridRow.workspace_id == workspace_id,
        GridRow.member_id == member_id,
        GridRow.first_day >= first,
        GridRow.first_day <= first + timedelta(days=6),
    )
    return list(session.exec(query.order_by(GridRow.id)).all())


def recent_kinds(
    session: Session, workspace_id: str, member_id: str, first: date, last: date
) -> list[tuple[str, str | None, str, bool, date]]:
    """Return (client, campaign, activity, billable, latest day) of the kinds of work that a member logged from first to
    last, the latest first."""
    latest = func.max(col(TimeEntry.work_date))
    kind = (col(TimeEntry.client_id), col(Task.campaign_id), col(Task.activity_id), col(TimeEntry.billable))
    query = (
        select(*kind, latest)  # pyright: ignore[reportCallIssue]
        .join(Task, col(Task.id) == TimeEntry.task_id)
        .where(
            TimeEntry.workspace_id == workspace_id,
            TimeEntry.member_id == member_id,
            TimeEntry.work_date >= first,
            TimeEntry.work_date <= last,
        )
        .group_by(*kind)
        .order_by(latest.desc(), func.count().desc(), *kind)
    )
    return [tuple(row) for row in session.execute(query).all()]  # pyright: ignore[reportReturnType]
