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
from agency_app.services.refusal import NotAllowed, NotFound, Stale
from agency_app.store import work
from agency_app.tables import AuditEvent, Task, TimeEntry


def undo_change(actor: Actor, undo_id: str) -> str:
    """Undo a logged, moved, edited or deleted entry by its audit event; return the entry's id.

    Raises Stale when the entry changed after that event, Locked when it is invoiced by now.
    """
    with acting(actor) as session:
        event = session.get(AuditEvent, undo_id)
        if event is None or event.workspace_id != actor.workspace_id:
            raise NotFound("There is nothing to undo.")
        if event.member_id != actor.member_id:
            raise NotAllowed("Only the person who made a change can undo it.")
        detail = json.loads(event.detail)
        entry = work.entry(session, actor.workspace_id, event.subject_id)
        if event.verb == "delete_entry":
            _bring_back(session, entry, detail["before"])
        elif event.verb in {"move_entry", "edit_entry", "log_time"}:
            if entry is None or entry.version != detail["after"]["version"]:
                raise Stale("This entry changed since; it was left as it is now.")
            refuse_locked_entry(session, entry)
            if event.verb == "log_time":
                refuse_removing_credited(session, entry)
                _take_away(session, entry)
            else:
                _put_back(session, entry, detail["before"])
        else:
            raise NotFound("This cannot be undone.")
        record(session, actor, "undo", event.subject_id, of=undo_id)
        return event.subject_id


def _bring_back(session: Session, entry: TimeEntry | None, before: dict[str, Any]) -> None:
    if entry is not None:
        raise Stale("This entry is back already.")
    restored = TimeEntry(**_columns(before))
    refuse_locked_day(session, restored.workspace_id, restored.client_id, restored.work_date)
    refuse_closed_period(session, restored)
    restored.version += 1
    session.add(restored)
    _mark_logged(session, restored.task_id, True)


def _take_away(session: Session, entry: TimeEntry) -> None:
    session.delete(entry)
    session.flush()
    if work.entries_of_task(session, entry.task_id) == 0:
        _mark_logged(session, entry.task_id, False)


def _put_back(session: Session, entry: TimeEntry, before: dict[str, Any]) -> None:
    columns = _columns(before)
    refuse_locked_day(session, entry.workspace_id, columns["client_id"], columns["work_date"])
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


def _columns(before: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of an entry as the table keeps them, from their JSON."""
    columns = dict(before)
    for name in ("started_at", "ended_at", "created_at"):
        columns[name] = datetime.fromisoformat(columns[name]) if columns[name] else None
    columns["work_date"] = date.fromisoformat(columns["work_date"])
    return columns
