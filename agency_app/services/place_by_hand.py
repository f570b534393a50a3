"""Move and resize an entry as a hand does on the week: told in wall times of the member's zone, counted in true seconds.

A move keeps the seconds of an entry, also over a change of the clocks; an edge that is not pulled keeps its instant,
also within an hour that the clock shows twice.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.durations import later_by_the_clock
from agency_app.services.actor import Actor, acting
from agency_app.services.change_entry import changeable, place_entry
from agency_app.services.log_time import Logged, between, on_day
from agency_app.services.refusal import Refused
from agency_app.tables import TimeEntry

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
STEPS = {
    "earlier": -QUARTER,
    "later": QUARTER,
    "day_before": -DAY,
    "day_after": DAY,
    "shorter": -QUARTER,
    "longer": QUARTER,
}
"""What a key on an entry asks for, and by how much."""


def move_to_wall(actor: Actor, entry_id: str, version: int, start: datetime) -> Logged:
    """Move an entry so that it begins at a wall time of the actor's zone; one without a time of day has it then.

    Raises Stale when somebody changed it since `version`, Locked when it or the day it goes to is closed; nothing
    changes then.
    """
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        return _place(session, actor, entry, _instant(start, entry.started_at, actor.zone), entry.seconds)


def resize_to_walls(actor: Actor, entry_id: str, version: int, start: datetime, end: datetime) -> Logged:
    """Give an entry with a time of day other edges, as wall times of the actor's zone.

    Raises as `move_to_wall` does, and Refused for an impossible span.
    """
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        first, last = _instant(start, entry.started_at, actor.zone), _instant(end, entry.ended_at, actor.zone)
        return place_entry(session, actor, entry, between(first, last, entry.zone))


def nudge_entry(actor: Actor, entry_id: str, version: int, step: str) -> Logged:
    """Do one of STEPS with an entry. One without a time of day is neither earlier nor later.

    Raises as `resize_to_walls` does.
    """
    by = STEPS[step]
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        longer = by if step in {"shorter", "longer"} else timedelta(0)
        seconds = entry.seconds + int(longer.total_seconds())
        if entry.started_at is None:
            if step in {"earlier", "later"}:
                raise Refused("This entry has no time of day: give it one first.", "start")
            day = entry.work_date if longer else entry.work_date + by
            return place_entry(session, actor, entry, on_day(day, seconds))
        start = entry.started_at if longer else later_by_the_clock(entry.started_at, by, actor.zone)
        return _place(session, actor, entry, start, seconds)


def _place(session: Session, actor: Actor, entry: TimeEntry, start: datetime, seconds: int) -> Logged:
    when = between(start, start + timedelta(seconds=seconds), entry.zone)
    return place_entry(session, actor, entry, when)


def _instant(wall: datetime, before: datetime | None, zone: str) -> datetime:
    """Return the instant of a wall time; a time that the clock skips moves past the gap.

    Of an hour that the clock shows twice it is the one that the edge was in before, else the first.
    """
    here = ZoneInfo(zone)
    fold = before.astimezone(here).fold if before else 0
    return wall.replace(tzinfo=here, fold=fold).astimezone(UTC)
