"""Make a change again that was undone, unless somebody changed the same since."""

import json
from datetime import date
from typing import Any

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import refuse_locked_entry, refuse_past_the_cap
from agency_app.services.answer_routine import CONFIRM, DISMISS
from agency_app.services.change_together import TOGETHER
from agency_app.services.refusal import NotFound, Stale
from agency_app.services.standing import say_again, stands
from agency_app.services.undo_change import (
    bring_back,
    own_change,
    put_columns,
    standing_entry,
    take_away,
)
from agency_app.store import changes, routines, timers, work
from agency_app.tables import AuditEvent, RoutineDay, Task


def redo_change(actor: Actor, undo_id: str) -> str:
    """Redo a change that `undo_change` took back, by the same audit event, and return the row's id.

    Raises Stale when it is not undone or the entry changed after that, Locked when the entry or its day is closed by
    now, Refused when the retainer stops at what was agreed. Of what was changed together all is redone, or nothing.
    """
    with acting(actor) as session:
        event, detail = own_change(session, actor, undo_id)
        if not changes.is_undone(session, event):
            raise Stale("There is nothing to redo.")
        if event.verb == TOGETHER:
            _redo_together(session, actor, detail)
        else:
            _redo_one(session, actor, event, detail)
        record(session, actor, "redo", event.subject_id, of=undo_id)
        return event.subject_id


def _redo_together(session: Session, actor: Actor, detail: dict[str, Any]) -> None:
    # A planned task whose entry is merged into another was done all the same: it does not go back to the Inbox.
    reopens = not detail["what"].startswith("merge")
    for part in detail["parts"]:
        event = session.get_one(AuditEvent, part)
        try:
            _redo_one(session, actor, event, json.loads(event.detail), reopens_task=reopens)
        except Stale as stale:
            raise Stale("One of these entries changed since; all were left as they are now.") from stale


def _redo_one(
    session: Session, actor: Actor, event: AuditEvent, detail: dict[str, Any], *, reopens_task: bool = True
) -> None:
    entry = work.entry(session, actor.workspace_id, event.subject_id)
    if event.verb == "log_time":
        _refuse_taken_task(session, detail["after"]["task_id"])
        refuse_past_the_cap(session, bring_back(session, actor, entry, detail["after"]))
    elif event.verb == "drop_task":
        _take_out_of_the_inbox(session, actor, work.task(session, actor.workspace_id, event.subject_id), detail)
    elif event.verb == "discard_timer":
        _discard_again(session, actor, event.subject_id)
    elif event.verb in {CONFIRM, DISMISS}:
        _answer_again(session, detail["after"])
    elif event.verb in {"move_entry", "edit_entry", "delete_entry"}:
        held = standing_entry(session, actor, entry, event.subject_id, detail["before"]["version"])
        refuse_locked_entry(session, held)
        if event.verb == "delete_entry":
            take_away(session, held, reopens_task=reopens_task)
        else:
            before = held.model_copy()
            put_columns(session, actor, held, detail["after"])
            refuse_past_the_cap(session, held, before)
    else:
        raise NotFound("This cannot be redone.")


def _refuse_taken_task(session: Session, task_id: str) -> None:
    task = session.get(Task, task_id)
    if task is not None and task.planned_seconds is not None and task.done:
        raise Stale("This task was logged or dismissed since; it was left as it is now.")


def _take_out_of_the_inbox(session: Session, actor: Actor, task: Task | None, detail: dict[str, Any]) -> None:
    dropped = detail["after"]["version"]
    if task is None or task.done or not stands(session, actor.workspace_id, task.id, task.version, dropped - 1):
        raise Stale("This task changed since; it was left as it is now.")
    task.done = True
    task.version += 1
    session.add(task)
    say_again(session, actor, task.id, task.version, dropped)


def _discard_again(session: Session, actor: Actor, timer_id: str) -> None:
    timer = timers.timer_of(session, actor.workspace_id, actor.member_id)
    if timer is None or timer.id != timer_id:
        raise Stale("That timer does not run any more.")
    session.delete(timer)


def _answer_again(session: Session, answer: dict[str, Any]) -> None:
    day = date.fromisoformat(answer["day"])
    if routines.decided(session, answer["routine_id"], day) is not None:
        raise Stale("That day is answered again already.")
    columns: dict[str, Any] = answer | {"day": day}
    session.add(RoutineDay(**columns))
    session.flush()
