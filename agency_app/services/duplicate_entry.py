"""Log the same work once more, on another day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.durations import later_by_the_clock
from agency_app.services.actor import Actor
from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.services.refusal import NotFound
from agency_app.store import work
from agency_app.store.engine import reading

NO_RETAINER = "none"


def duplicate_entry(actor: Actor, entry_id: str, days: int = 1) -> Logged:
    """Log a copy of an entry some days later for the actor, at the same time of their day and as long.

    A locked entry can be copied too. The retainer is the one that covers the new day; an entry that was kept out of
    every retainer stays out. Raises NotFound when the entry is gone, and as `log_time` does.
    """
    with reading() as session:
        row = work.entry_row(session, actor.workspace_id, entry_id)
    if row is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    start = end = None
    if row.started_at is not None:
        start = later_by_the_clock(row.started_at, timedelta(days=days), actor.zone)
        end = start + timedelta(seconds=row.seconds)
    return log_time(
        actor,
        LogTime(
            row.client_id,
            row.activity_id,
            start,
            end,
            campaign_id=row.campaign_id,
            retainer_id=None if row.retainer_id else NO_RETAINER,
            note=row.note,
            billable=row.billable,
            tags=tuple(row.tags.split()),
            day=row.work_date + timedelta(days=days),
            seconds=row.seconds,
            platform=row.platform,
            title=row.title,
        ),
    )


def copied_to(actor: Actor, logged: Logged) -> datetime:
    """Return when a copy begins, in the actor's zone; midnight of its day where it has no time of day."""
    with reading() as session:
        row = work.entry_row(session, actor.workspace_id, logged.entry_id)
    assert row is not None
    if row.started_at is None:
        return datetime.combine(row.work_date, datetime.min.time())
    return row.started_at.astimezone(ZoneInfo(actor.zone)).replace(tzinfo=None)
