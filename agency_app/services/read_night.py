"""Read how an entry lies about midnight: whether it runs past it, and what goes on with the same work beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.durations import seconds_to_midnight
from agency_app.services.actor import Actor
from agency_app.store import work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow


@dataclass(frozen=True)
class Night:
    """`first_seconds` of the entry lie before the midnight within it; 0 where it runs past none. `earlier` and `later`
    are the halves beyond the midnights at which it begins and ends."""

    first_seconds: int
    earlier: EntryRow | None
    later: EntryRow | None


def read_night(actor: Actor, row: EntryRow) -> Night:
    """Return how an entry of the actor's workspace lies about the midnights of the zone it was logged in."""
    if row.started_at is None or row.ended_at is None:
        return Night(0, None, None)
    day = timedelta(days=1)
    with reading() as session:
        near = work.week_entries(session, actor.workspace_id, row.member_id, row.work_date - day, row.work_date + day)
    return Night(
        seconds_to_midnight(row.started_at, row.ended_at, row.zone),
        next((one for one in near if goes_on(one, row)), None),
        next((one for one in near if goes_on(row, one)), None),
    )


def goes_on(first: EntryRow, second: EntryRow) -> bool:
    """Tell whether two entries are one night's work: of the same member and kind, they touch at midnight."""
    if first.ended_at is None or first.ended_at != second.started_at or not _is_midnight(first.ended_at, first.zone):
        return False
    return _kind(first) == _kind(second)


def halves(rows: Sequence[EntryRow]) -> set[tuple[str, str]]:
    """Return the pairs of ids, the earlier first, of those among some entries that go on beyond midnight."""
    begun = {(row.started_at, _kind(row)): row for row in rows}
    found = ((row, begun.get((row.ended_at, _kind(row)))) for row in rows)
    return {(row.id, other.id) for row, other in found if other is not None and goes_on(row, other)}


def _kind(row: EntryRow) -> tuple[str, str, str, str | None]:
    return row.member_id, row.client_id, row.activity_id, row.campaign_id


def _is_midnight(instant: datetime, zone: str) -> bool:
    here = ZoneInfo(zone)  # not by the clock: where it skips midnight, the day begins at another time
    return instant.astimezone(here).date() != (instant - timedelta(seconds=1)).astimezone(here).date()
