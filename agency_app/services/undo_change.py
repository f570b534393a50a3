"""Take the last change of an entry back, unless somebody changed it since."""

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
from agency_app.store import timers, work
from agency_app.tables import AuditEvent, RoutineDay, RunningTimer, Task, TimeEntry


def undo_change(actor: Actor, undo_id: str) -> str:
    """Undo a change by its audit event and return the row's id: a logged, moved, edited or deleted entry, several
    entries changed together, a dismissed task, an answered routine, a discarded timer.

    Raises Stale when the entry changed after that event or another timer runs, Locked when the entry is closed by now.
    Of what was changed together all is undone, or with any fault nothing.
    """
    with acting(actor) as session:
        event = session.get(AuditEvent, undo_id)
        if event is None or event.workspace_id != actor.workspace_id:
            raise NotFound("There is nothing to undo.")
        if event.member_id != actor.member_id:
            raise NotAllowed("Only the person who made a change can undo it.")
        detail = json.loads(event.detail)
        if PART_OF in detail:
            raise NotFound("This is part of a larger change: undo that one.")
        if event.verb == TOGETHER:
            _undo_together(session, actor, detail["parts"])
        else:
            _undo_one(session, actor, event, detail)
        record(session, actor, "undo", event.subject_id, of=undo_id)
        return event.subject_id


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
        _bring_back(session, entry, detail["before"])
    elif event.verb == "drop_task":
        _put_in_the_inbox(session, work.task(session, actor.workspace_id, event.subject_id), detail)
    elif event.verb == "discard_timer":
        _run_again(session, actor, detail["before"])
    elif event.verb in {CONFIRM, DISMISS}:
        _ask_again(session, event.subject_id)
    elif event.verb in {"move_entry", "edit_entry", "log_time"}:
        if entry is None or entry.version != detail["after"]["version"]:
            raise Stale("This entry changed since; it was left as it is now.")
        refuse_locked_entry(session, entry)
        if event.verb == "log_time":
            refuse_decided(session, entry)
            refuse_removing_credited(session, entry)
            _take_away(session, entry)
        else:
            _put_back(session, entry, detail["before"])
    else:
        raise NotFound("This cannot be undone.")


def _bring_back(session: Session, entry: TimeEntry | None, before: dict[str, Any]) -> None:
    if entry is not None:
        raise Stale("This entry is back already.")
    restored = TimeEntry(**columns_of_entry(before))
    refuse_locked_day(session, restored.workspace_id, restored.client_id, restored.work_date)
    refuse_closed_period(session, restored)
    restored.version += 1
    session.add(restored)
    _mark_logged(session, restored.task_id, True)


def _put_in_the_inbox(session: Session, task: Task | None, detail: dict[str, Any]) -> None:
    if task is None or task.version != detail["after"]["version"]:
        raise Stale("This task changed since; it was left as it is now.")
    task.done = False
    task.version += 1
    session.add(task)


def _run_again(session: Session, actor: Actor, before: dict[str, Any]) -> None:
    if timers.timer_of(session, actor.workspace_id, actor.member_id) is not None:
        raise Stale("Another timer runs by now. Stop it first.")
    session.add(RunningTimer(**with_instants(before, "started_at")))


def _ask_again(session: Session, decided_id: str) -> None:
    decided = session.get(RoutineDay, decided_id)
    if decided is None:
        raise Stale("That day is open again already.")
    session.delete(decided)
    session.flush()


def _take_away(session: Session, entry: TimeEntry) -> None:
    session.delete(entry)
    session.flush()
    if work.entries_of_task(session, entry.task_id) == 0:
        _mark_logged(session, entry.task_id, False)


def _put_back(session: Session, entry: TimeEntry, before: dict[str, Any]) -> None:
    columns = columns_of_entry(before)
    refuse_locked_day(session, entry.workspace_id, columns["client_id"], columns["work_date"])
    refuse_shorter_than_held(session, entry, columns["seconds"])
    for name, value in columns.items():
        if name != "version":
            setattr(entry, name, value)
    refuse_closed_period(session, entry)
    entry.version += 1
    session.add(entry)


def _mark_logged(session: Session, task_id: str, done: bool) -> None:
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
