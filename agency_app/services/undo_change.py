"""Take a change back, unless somebody changed the same since. `redo_change` makes it again."""

import json
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import (
    refuse_closed_period,
    refuse_locked_day,
    refuse_locked_entry,
    refuse_removing_credited,
)
from agency_app.services.answer_routine import CONFIRM, DISMISS
from agency_app.services.change_together import PART_OF, TOGETHER
from agency_app.services.decide_billing import refuse_decided, refuse_shorter_than_held
from agency_app.services.refusal import NotAllowed, NotFound, Stale
from agency_app.services.standing import next_version, say_again, stands
from agency_app.store import changes, entry_views, people, timers, work
from agency_app.tables import AuditEvent, RoutineDay, RunningTimer, SavedFilter, Task, TimeEntry


def undo_change(actor: Actor, undo_id: str) -> str:
    """Undo a change by its audit event and return the row's id: a logged, moved, edited or deleted entry, several
    entries changed together, a dismissed task, an answered routine, a removed filter, a discarded timer.

    Raises Stale when it is undone already, when the entry changed after that event or another timer runs, Locked when
    the entry is closed by now. Of what was changed together all is undone, or with any fault nothing.
    """
    with acting(actor) as session:
        event, detail = own_change(session, actor, undo_id)
        if changes.is_undone(session, event):
            raise Stale("This is undone already.")
        if event.verb == TOGETHER:
            _undo_together(session, actor, detail["parts"])
        else:
            _undo_one(session, actor, event, detail)
        record(session, actor, "undo", event.subject_id, of=undo_id)
        return event.subject_id


def own_change(session: Session, actor: Actor, event_id: str) -> tuple[AuditEvent, dict[str, Any]]:
    """Return an event of the actor that is a change of its own, with its detail. Raises NotFound or NotAllowed."""
    event = session.get(AuditEvent, event_id)
    if event is None or event.workspace_id != actor.workspace_id:
        raise NotFound("There is nothing to undo.")
    if event.member_id != actor.member_id:
        raise NotAllowed("Only the person who made a change can undo it.")
    detail = json.loads(event.detail)
    if PART_OF in detail:
        raise NotFound("This is part of a larger change: undo that one.")
    return event, detail


def _undo_together(session: Session, actor: Actor, parts: list[str]) -> None:
    for part in reversed(parts):
        event = session.get_one(AuditEvent, part)
        try:
            _undo_one(session, actor, event, json.loads(event.detail))
        except Stale as stale:
            raise Stale("One of these entries changed since; all were left as they are now.") from stale


def _undo_one(session: Session, actor: Actor, event: AuditEvent, detail: dict[str, Any]) -> None:
    entry = work.entry(session, actor.workspace_id, event.subject_id)
    if event.verb == "delete_entry":
        bring_back(session, actor, entry, detail["before"])
    elif event.verb == "drop_task":
        _put_in_the_inbox(session, actor, work.task(session, actor.workspace_id, event.subject_id), detail)
    elif event.verb == "drop_filter":
        _keep_filter(session, actor, detail["before"])
    elif event.verb == "discard_timer":
        _run_again(session, actor, detail["before"])
    elif event.verb in {CONFIRM, DISMISS}:
        _ask_again(session, event.subject_id)
    elif event.verb in {"move_entry", "edit_entry", "log_time"}:
        held = standing_entry(session, actor, entry, event.subject_id, detail["after"]["version"])
        refuse_locked_entry(session, held)
        if event.verb == "log_time":
            take_away(session, held)
        else:
            put_columns(session, actor, held, detail["before"])
    else:
        raise NotFound("This cannot be undone.")


def standing_entry(session: Session, actor: Actor, entry: TimeEntry | None, entry_id: str, version: int) -> TimeEntry:
    """Return an entry that is as it was at a version. Raises Stale, saying who changed it since."""
    if entry is not None and stands(session, actor.workspace_id, entry_id, entry.version, version):
        return entry
    who = people.last_to_change(session, actor.workspace_id, entry_id) or "Somebody"
    did = "deleted" if entry is None else "changed"
    who = "You" if who == actor.name else who
    raise Stale(f"{who} {did} this entry since; it was left as it is now.")


def bring_back(session: Session, actor: Actor, entry: TimeEntry | None, held: dict[str, Any]) -> TimeEntry:
    """Put an entry that is gone back under its id, with the columns that an event holds of it."""
    if entry is not None:
        raise Stale("This entry is back already.")
    restored = TimeEntry(**columns_of_entry(held))
    refuse_locked_day(session, restored.workspace_id, restored.client_id, restored.work_date)
    refuse_closed_period(session, restored)
    restored.version = next_version(session, actor.workspace_id, restored.id, held["version"])
    session.add(restored)
    mark_logged(session, restored.task_id, True)
    say_again(session, actor, restored.id, restored.version, held["version"])
    return restored


def _put_in_the_inbox(session: Session, actor: Actor, task: Task | None, detail: dict[str, Any]) -> None:
    if task is None or not stands(session, actor.workspace_id, task.id, task.version, detail["after"]["version"]):
        raise Stale("This task changed since; it was left as it is now.")
    task.done = False
    task.version += 1
    session.add(task)
    say_again(session, actor, task.id, task.version, detail["after"]["version"] - 1)


def _run_again(session: Session, actor: Actor, before: dict[str, Any]) -> None:
    if timers.timer_of(session, actor.workspace_id, actor.member_id) is not None:
        raise Stale("Another timer runs by now. Stop it first.")
    session.add(RunningTimer(**with_instants(before, "started_at")))


def _keep_filter(session: Session, actor: Actor, before: dict[str, Any]) -> None:
    if any(
        one.name == before["name"] for one in entry_views.saved_filters(session, actor.workspace_id, actor.member_id)
    ):
        raise Stale("You have a filter of that name again.")
    session.add(SavedFilter(**before))


def _ask_again(session: Session, decided_id: str) -> None:
    decided = session.get(RoutineDay, decided_id)
    if decided is None:
        raise Stale("That day is open again already.")
    session.delete(decided)
    session.flush()


def take_away(session: Session, entry: TimeEntry, *, reopens_task: bool = True) -> None:
    """Delete an entry; a planned task whose only entry it was waits in the Inbox again, unless told not to.

    Raises Refused when something was decided about it, Locked when it was billed and credited.
    """
    refuse_decided(session, entry)
    refuse_removing_credited(session, entry)
    session.delete(entry)
    session.flush()
    if reopens_task and work.entries_of_task(session, entry.task_id) == 0:
        mark_logged(session, entry.task_id, False)


def put_columns(session: Session, actor: Actor, entry: TimeEntry, held: dict[str, Any]) -> None:
    """Give an entry the columns that an event holds of it, as a new version. Raises Locked where that is closed."""
    columns = columns_of_entry(held)
    refuse_locked_day(session, entry.workspace_id, columns["client_id"], columns["work_date"])
    refuse_shorter_than_held(session, entry, columns["seconds"])
    for name, value in columns.items():
        if name != "version":
            setattr(entry, name, value)
    refuse_closed_period(session, entry)
    entry.version += 1
    session.add(entry)
    say_again(session, actor, entry.id, entry.version, held["version"])


def mark_logged(session: Session, task_id: str, done: bool) -> None:
    """Take a planned task out of the Inbox, or put it back."""
    task = session.get(Task, task_id)
    if task is not None and task.planned_seconds is not None:
        task.done = done
        session.add(task)


def columns_of_entry(before: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of an entry as the table keeps them, from their JSON."""
    columns = with_instants(before, "started_at", "ended_at", "created_at")
    columns["work_date"] = date.fromisoformat(columns["work_date"])
    return columns


def with_instants(columns: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return columns of a row from their JSON with those named as instants again."""
    return columns | {name: datetime.fromisoformat(columns[name]) for name in names if columns[name]}
