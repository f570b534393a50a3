"""Type into a cell of the week grid: log, change or delete the entry that stands there."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlmodel import Session

from agency_app.domain.durations import DurationError, hours_minutes
from agency_app.domain.typed_cell import TypedCell, read_typed_cell, shows_as_typed
from agency_app.services.actor import Actor, acting
from agency_app.services.change_entry import changeable, place_entry, remove_entry
from agency_app.services.grid_rows import RowKey, WeekFull, keep_rows, row_of
from agency_app.services.log_time import Logged, LogTime, between, log_command, on_day
from agency_app.services.refusal import Refused, Stale
from agency_app.services.weeks import week_of
from agency_app.store import changes, people, work
from agency_app.store.work import EntryRow


@dataclass(frozen=True)
class Cell:
    """A place on a member's grid: a row, on a local day."""

    row: RowKey
    day: date


@dataclass(frozen=True)
class CellChange:
    """What became of a cell: what was done, to an entry that is, or was, so many seconds long."""

    did: Literal["logged", "changed", "deleted"]
    seconds: int
    logged: Logged


def type_in_cell(actor: Actor, cell: Cell, text: str, seen: Mapping[str, int], sent_as: str = "") -> CellChange | None:
    """Do what was typed into a cell, `seen` being the entries that the actor saw in it, with their versions.

    Into an empty cell, or after a plus sign, a duration is a new entry at no time of day. The one entry of a cell becomes
    as long as typed: its start stays, its end moves. An emptied cell loses its one entry. None where nothing changes.

    `sent_as`, 32 hex digits, stays the same when a tab that heard no answer sends the same once more: what was logged
    the first time is then not logged again, whatever became of it since.

    Raises Refused for what cannot be read and for a cell of several entries, Stale when the cell is not as it was seen,
    saying who changed it, and as `log_time`, `move_entry` and `delete_entry` do; nothing changes then.
    """
    try:
        typed = read_typed_cell(text)
    except DurationError as error:
        raise Refused(str(error), "cell") from error
    new_id = _id_of(actor, sent_as)
    with acting(actor) as session:
        if new_id and changes.events_of(session, actor.workspace_id, [new_id]):
            return None
        here = entries_in(session, actor, cell)
        if typed.what != "add":  # one more is one more, whatever else is there
            _refuse_unseen(session, actor, here, seen)
        change = _done(session, actor, cell, typed, here, new_id)
        if change is not None:  # a row that loses its last time does not vanish from under the hand
            with suppress(WeekFull):  # where there is no room for it, the time still counts
                keep_rows(session, actor, week_of(session, actor.workspace_id, cell.day), [cell.row])
        return change


def _id_of(actor: Actor, sent_as: str) -> str:
    """Return the id of the entry that something sent under a name may make, the member's own; "" where it has no name."""
    if not sent_as:
        return ""
    own = hashlib.sha256(f"{actor.member_id}\n{sent_as}".encode()).hexdigest()
    return f"{sent_as[:12]}{own[:20]}"  # the first twelve digits are the millisecond, as in every id


def entries_in(session: Session, actor: Actor, cell: Cell) -> list[EntryRow]:
    """Return the actor's entries of a cell, in order of time."""
    of_day = work.week_entries(session, actor.workspace_id, actor.member_id, cell.day, cell.day)
    return [entry for entry in of_day if row_of(entry) == cell.row]


def _done(
    session: Session, actor: Actor, cell: Cell, typed: TypedCell, here: list[EntryRow], new_id: str
) -> CellChange | None:
    if typed.what == "add" or (typed.what == "set" and not here):
        return CellChange("logged", typed.seconds, _log(session, actor, cell, typed.seconds, new_id))
    if not here:
        return None
    if len(here) > 1:
        raise Refused(
            f"{len(here)} entries are here, {hours_minutes(sum(one.seconds for one in here))} together. "
            "Open the one to change, or type +0:30 to add one.",
            "cell",
        )
    (entry,) = here
    if typed.what == "clear":
        return CellChange("deleted", entry.seconds, remove_entry(session, actor, entry.id, entry.version))
    if shows_as_typed(entry.seconds, typed):
        return None
    return CellChange("changed", typed.seconds, _lengthen(session, actor, entry, typed.seconds))


def _log(session: Session, actor: Actor, cell: Cell, seconds: int, new_id: str) -> Logged:
    row = cell.row
    return log_command(
        session,
        actor,
        LogTime(
            row.client_id,
            row.activity_id,
            None,
            None,
            row.campaign_id,
            billable=row.billable,
            day=cell.day,
            seconds=seconds,
            entry_id=new_id,
        ),
    )


def _lengthen(session: Session, actor: Actor, row: EntryRow, seconds: int) -> Logged:
    entry = changeable(session, actor, row.id, row.version)
    if row.started_at is None:
        return place_entry(session, actor, entry, on_day(row.work_date, seconds))
    end = row.started_at + timedelta(seconds=seconds)
    return place_entry(session, actor, entry, between(row.started_at, end, entry.zone))


def _refuse_unseen(session: Session, actor: Actor, here: list[EntryRow], seen: Mapping[str, int]) -> None:
    now = {entry.id: entry.version for entry in here}
    if now == dict(seen):
        return
    others = [one for one in {**now, **seen} if now.get(one) != seen.get(one)]
    names = {people.last_to_change(session, actor.workspace_id, one) or "Somebody" for one in others}
    who = " and ".join(sorted("you" if name == actor.name else name for name in names))
    holds = hours_minutes(sum(entry.seconds for entry in here)) if here else "empty"
    several = len(here) > 1
    raise Stale(
        f"{who[:1].upper()}{who[1:]} changed this cell after you began: it is {holds} now"
        + (f", {len(here)} entries. Escape shows them." if several else ". Enter puts yours there, Escape keeps it."),
        "cell",
    )
