"""Bring last week onto the week grid: its rows alone, or its time too, as new entries on the same days of the week."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.services.actor import Actor, acting
from agency_app.services.change_many import Fault, ManyRefused, log_again, try_each
from agency_app.services.change_together import together
from agency_app.services.grid_rows import RowKey, entries_of_week, keep_rows, row_kept, row_of
from agency_app.services.log_time import Logged, When, between, on_day
from agency_app.services.refusal import Refused
from agency_app.services.weeks import week_of
from agency_app.store import clients, grid
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class LastWeek:
    """What last week would bring: its first day, the rows that are not there yet, and the entries whose cells are empty
    here. `occupied` counts those whose cells hold time already: they are left out."""

    first_day: date
    rows: tuple[RowKey, ...]
    entries: tuple[EntryRow, ...]
    occupied: int

    @property
    def seconds(self) -> int:
        """The seconds that would be copied."""
        return sum(entry.seconds for entry in self.entries)


@dataclass(frozen=True)
class Copied:
    """What was copied, as one change, and the entries that could not be, each with why."""

    count: int
    seconds: int
    logged: Logged
    faults: tuple[Fault, ...]


def read_last_week(actor: Actor, day: date) -> LastWeek:
    """Return what the week before that of a day would bring to it."""
    with reading() as session:
        return _last_week(session, actor, week_of(session, actor.workspace_id, day))


def copy_rows(actor: Actor, day: date) -> int:
    """Put last week's rows on the actor's grid of the week that holds a day, without time; return how many are new.

    Raises Refused when there are none.
    """
    with acting(actor) as session:
        first = week_of(session, actor.workspace_id, day)
        found = _last_week(session, actor, first)
        if not found.rows:
            raise Refused("Last week has no row that is not here already.")
        keep_rows(session, actor, first, found.rows)
        return len(found.rows)


def copy_times(actor: Actor, day: date) -> Copied:
    """Log last week's entries of the actor again in the week that holds a day, each on its day of the week, where the
    cell is empty: done twice, nothing is logged twice. `undo_change` takes all of it back.

    What is locked there is left out, and named. Raises Refused when there is nothing to copy, and ManyRefused, with why
    of each, when nothing can be copied.
    """
    with acting(actor) as session:
        found = _last_week(session, actor, week_of(session, actor.workspace_id, day))
        if not found.entries:
            raise Refused(
                "Everything of last week is here already." if found.occupied else "Nothing was logged last week."
            )
        done, faults = try_each(
            session, found.entries, lambda entry: log_again(session, actor, entry, _a_week_on(entry, actor.zone))
        )
        if not done:
            raise ManyRefused(faults, len(found.entries))
        refused = {fault.entry_id for fault in faults}
        seconds = sum(entry.seconds for entry in found.entries if entry.id not in refused)
        return Copied(len(done), seconds, together(session, actor, f"copy {len(done)}", done), tuple(faults))


def _a_week_on(entry: EntryRow, zone: str) -> When:
    """Return when an entry is logged again: on its day of the week at its time of day, as the clock where it was logged
    showed them, by the clock of where the member is now."""
    if entry.started_at is None:
        return on_day(entry.work_date + WEEK, entry.seconds)
    wall = entry.started_at.astimezone(ZoneInfo(entry.zone)).replace(tzinfo=None) + WEEK
    start = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return between(start, start + timedelta(seconds=entry.seconds), zone)


def _last_week(session: Session, actor: Actor, first: date) -> LastWeek:
    home, before = actor.workspace_id, first - WEEK
    here = entries_of_week(session, actor, first)
    there = entries_of_week(session, actor, before)
    shown = {row_of(entry) for entry in here}
    shown |= {row_kept(row) for row in grid.kept_rows(session, home, actor.member_id, first)}
    active = {client.id for client in clients.clients(session, home)}
    of_before = [row_of(entry) for entry in there]
    of_before += [row_kept(row) for row in grid.kept_rows(session, home, actor.member_id, before)]
    rows = [key for key in dict.fromkeys(of_before) if key not in shown and key.client_id in active]
    taken = {(row_of(entry), entry.work_date) for entry in here}
    free = [entry for entry in there if (row_of(entry), entry.work_date + WEEK) not in taken]
    return LastWeek(before, tuple(rows), tuple(free), len(there) - len(free))
