"""Change or delete many entries at once: all of them, or with any that cannot change none. Told before, undone as one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes, later_by_the_clock
from agency_app.domain.tags import tag_of, tags_in
from agency_app.services.actor import Actor, acting
from agency_app.services.agreement import retainer_for
from agency_app.services.change_entry import EditEntry, change_entry, changeable, place_entry, remove_entry
from agency_app.services.change_together import together
from agency_app.services.log_time import Logged, LogTime, When, between, known_client, log_command, on_day
from agency_app.services.many_effects import Effects, Seen, effects_of, seen_of
from agency_app.services.refusal import Refused
from agency_app.store import work
from agency_app.store.work import EntryRow
from agency_app.tables import TimeEntry

MOST = 500
"""How many entries may be changed at once: more would keep every other writer waiting for too long."""


@dataclass(frozen=True)
class ManyEdit:
    """What is to be so on every entry from now on. None leaves a field as it is on each; "" is no campaign."""

    client_id: str | None = None
    campaign_id: str | None = None
    activity_id: str | None = None
    billable: bool | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Foretold:
    """What an edit would do: the versions that it was foretold of, and what would change."""

    versions: dict[str, int]
    effects: Effects


@dataclass(frozen=True)
class Fault:
    """An entry that cannot change, in words, and why."""

    entry_id: str
    entry: str
    message: str


class ManyRefused(Refused):
    """Some of the entries cannot change; none did."""

    def __init__(self, faults: Sequence[Fault], count: int) -> None:
        super().__init__(f"{len(faults)} of {count} entries cannot change. Nothing was changed.")
        self.faults, self.count = tuple(faults), count


def foretell_many(actor: Actor, entry_ids: Sequence[str], edit: ManyEdit) -> Foretold:
    """Return what an edit of many entries would do, by doing it and taking it back before anyone could see it.

    Raises as `change_many` does.
    """
    try:
        with acting(actor) as session:
            rows = _rows(session, actor, entry_ids)
            before = seen_of(rows)
            versions = {row.id: row.version for row in rows}
            _each(session, rows, lambda row: _edited(session, actor, row, row.version, edit))
            session.flush()
            raise _Told(Foretold(versions, effects_of(session, actor, before, _seen_now(session, actor, versions))))
    except _Told as told:
        return told.foretold


def change_many(actor: Actor, versions: Mapping[str, int], edit: ManyEdit) -> Logged:
    """Edit entries, given with the versions that the actor saw; `undo_change` takes all of it back.

    Work of another client, activity or campaign falls to the retainer that the rule gives it, unless a person had
    chosen one. Raises ManyRefused with every entry that cannot change, and Refused when there is nothing to do.
    """
    with acting(actor) as session:
        rows = _rows(session, actor, list(versions))
        done = _each(session, rows, lambda row: _edited(session, actor, row, versions[row.id], edit))
        return together(session, actor, f"edit {len(rows)}", done)


def delete_many(actor: Actor, versions: Mapping[str, int]) -> Logged:
    """Delete entries, given with the versions that the actor saw. Undone and raises as `change_many`."""
    with acting(actor) as session:
        rows = _rows(session, actor, list(versions))
        done = _each(session, rows, lambda row: remove_entry(session, actor, row.id, versions[row.id]))
        return together(session, actor, f"delete {len(rows)}", done)


def shift_many(actor: Actor, versions: Mapping[str, int], by: timedelta) -> Logged:
    """Move entries, given with the versions that the actor saw, by the same wall time; each keeps its seconds.

    An entry without a time of day goes to the day that is nearest. Undone and raises as `change_many`.
    """
    with acting(actor) as session:
        rows = _rows(session, actor, list(versions))
        done = _each(session, rows, lambda row: _shifted(session, actor, row, versions[row.id], by))
        return together(session, actor, f"move {len(rows)}", done)


def copy_many(actor: Actor, entry_ids: Sequence[str], by: timedelta) -> Logged:
    """Log entries again for the actor, later by the same wall time, as new touches at the rates of their days.

    The retainer is found by the rule unless a person had chosen one. What is locked can be copied out of its lock.
    Undone and raises as `change_many`.
    """
    with acting(actor) as session:
        rows = _rows(session, actor, entry_ids)
        done = _each(session, rows, lambda row: log_again(session, actor, row, _later(row, by, actor.zone)))
        return together(session, actor, f"copy {len(rows)}", done)


class _Told(Exception):
    """Carries what was foretold out of the transaction, which is thereby taken back."""

    def __init__(self, foretold: Foretold) -> None:
        super().__init__()
        self.foretold = foretold


def _rows(session: Session, actor: Actor, entry_ids: Sequence[str]) -> list[EntryRow]:
    if not entry_ids:
        raise Refused("Choose the entries first.")
    if len(entry_ids) > MOST:
        raise Refused(f"{len(entry_ids)} entries are more than the {MOST} that can change at once. Choose fewer.")
    rows = work.entries_by_id(session, actor.workspace_id, list(entry_ids))
    if len(rows) != len(entry_ids):
        raise Refused("Some of these entries are gone: somebody deleted them. Choose again.")
    return rows


def _each(session: Session, rows: Sequence[EntryRow], act: Callable[[EntryRow], Logged]) -> list[Logged]:
    """Do something to each entry. All are tried, so that every one that cannot change is named at once."""
    done, faults = try_each(session, rows, act)
    if faults:
        raise ManyRefused(faults, len(rows))
    return done


def try_each(
    session: Session, rows: Sequence[EntryRow], act: Callable[[EntryRow], Logged]
) -> tuple[list[Logged], list[Fault]]:
    """Do something to each entry that allows it, and return what was done, and what was refused and why."""
    done: list[Logged] = []
    faults: list[Fault] = []
    for row in rows:
        part = session.begin_nested()
        try:
            done.append(act(row))
            part.commit()
        except Refused as refused:
            part.rollback()
            faults.append(Fault(row.id, entry_words(row), refused.message))
    return done, faults


def entry_words(row: EntryRow) -> str:
    """Return an entry in a few words: `Fjord, Reporting, Tue 17 Nov, 1:30`."""
    return f"{row.client_short}, {row.activity}, {wording.weekday_date(row.work_date)}, {hours_minutes(row.seconds)}"


def _edited(session: Session, actor: Actor, row: EntryRow, version: int, edit: ManyEdit) -> Logged:
    client_id = edit.client_id if edit.client_id is not None else row.client_id
    activity_id = edit.activity_id if edit.activity_id is not None else row.activity_id
    campaign_id = row.campaign_id if client_id == row.client_id else None  # a campaign is of one client
    if edit.campaign_id is not None:
        campaign_id = edit.campaign_id or None
    gone = {tag_of(tag) for tag in edit.remove_tags}
    command = EditEntry(
        client_id=client_id,
        activity_id=activity_id,
        start=row.started_at,
        end=row.ended_at,
        day=row.work_date,
        seconds=row.seconds,
        campaign_id=campaign_id,
        note=row.note,
        billable=row.billable if edit.billable is None else edit.billable,
        tags=tuple(tag for tag in [*tags_in(row.tags), *edit.add_tags] if tag_of(tag) not in gone),
    )
    if client_id == row.client_id and not _by_rule(session, actor, row):
        command = replace(command, retainer_id=row.retainer_id or "none")
    return change_entry(session, actor, row.id, version, command)


def _shifted(session: Session, actor: Actor, row: EntryRow, version: int, by: timedelta) -> Logged:
    entry = changeable(session, actor, row.id, version)
    return place_entry(session, actor, entry, _later(row, by, entry.zone))


def log_again(session: Session, actor: Actor, row: EntryRow, when: When) -> Logged:
    """Log an entry again for the actor, at another time, within a transaction of a caller."""
    return log_command(
        session,
        actor,
        LogTime(
            row.client_id,
            row.activity_id,
            when.start,
            when.end,
            row.campaign_id,
            None if _by_rule(session, actor, row) else row.retainer_id or "none",
            row.note,
            row.billable,
            tuple(tags_in(row.tags)),
            when.work_date,
            when.seconds,
            row.platform,
            row.title,
        ),
    )


def _later(row: EntryRow, by: timedelta, zone: str) -> When:
    """Return when an entry would be, later by some wall time, with the seconds it has."""
    if row.started_at is None:
        return on_day(row.work_date + timedelta(days=round(by / timedelta(days=1))), row.seconds)
    start = later_by_the_clock(row.started_at, by, zone)
    return between(start, start + timedelta(seconds=row.seconds), zone)


def _by_rule(session: Session, actor: Actor, row: EntryRow) -> bool:
    """Tell whether an entry draws on the retainer that the rule gives it: then the rule decides anew."""
    known_client(session, actor, row.client_id)
    ruled = retainer_for(session, actor.workspace_id, row.client_id, row.work_date, row.activity_id, row.campaign_id)
    return (ruled.id if ruled else None) == row.retainer_id


def _seen_now(session: Session, actor: Actor, versions: Mapping[str, int]) -> list[Seen]:
    session.expire_all()
    entries = [work.entry(session, actor.workspace_id, entry_id) for entry_id in versions]
    return [Seen.of(entry) for entry in entries if isinstance(entry, TimeEntry)]
