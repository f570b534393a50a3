"""The last ten changes of a member: which they were, the next one to undo, and the next one to redo."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from agency_app.services.actor import Actor
from agency_app.services.answer_routine import DISMISS
from agency_app.services.change_together import PART_OF, TOGETHER
from agency_app.services.redo_change import redo_change
from agency_app.services.refusal import NotFound
from agency_app.services.undo_change import undo_change, with_instants
from agency_app.store import changes, clients
from agency_app.store.engine import reading
from agency_app.tables import Activity, AuditEvent, Task

MOST = 10
"""How far back `Z` goes."""
_VERBS = frozenset(
    {"log_time", "move_entry", "edit_entry", "delete_entry", "drop_task", "discard_timer", DISMISS, TOGETHER}
)
_BACK_AND_FORTH = frozenset({"undo", "redo"})


@dataclass(frozen=True)
class Change:
    """One change: what was done to what, when, and whether it is undone now.

    `verb` is that of its event; of several entries changed together the word for it, such as `merge`. `entries` counts
    the entries that it changed. `before` and `after` say when the entry was worked, where there is one.
    """

    id: str
    verb: str
    at: datetime
    undone: bool
    client: str
    activity: str
    entries: int
    before: "Worked | None"
    after: "Worked | None"


@dataclass(frozen=True)
class Worked:
    """When an entry was worked: aware instants or neither, the local work date, seconds."""

    start: datetime | None
    end: datetime | None
    day: date
    seconds: int


@dataclass(frozen=True)
class _Latest:
    events: list[AuditEvent]
    """The changes, newest first, at most ten."""
    undone: Mapping[str, AuditEvent]
    """The event that undid one, by the change's id, where it still holds."""

    def to_undo(self) -> AuditEvent | None:
        return next((event for event in self.events if event.id not in self.undone), None)

    def to_redo(self) -> AuditEvent | None:
        """The change that was undone last, unless the member changed something anew after that."""
        undone = [event for event in self.events if event.id in self.undone]
        last = max(undone, key=lambda event: _moment(self.undone[event.id]), default=None)
        anew = self.events[0] if self.events else None
        if last is None or anew is None or _moment(self.undone[last.id]) < _moment(anew):
            return None
        return last


def recent_changes(actor: Actor) -> list[Change]:
    """Return the member's last ten changes, newest first."""
    with reading() as session:
        latest = _latest(session, actor)
        return [_told(session, actor, event, event.id in latest.undone) for event in latest.events]


def undo_last(actor: Actor) -> Change:
    """Undo the latest of the member's last ten changes that is not undone, and return it.

    Raises NotFound when there is none, and as `undo_change` does; nothing changes then.
    """
    with reading() as session:
        event = _latest(session, actor).to_undo()
        if event is None:
            raise NotFound(f"There is nothing to undo. The last {MOST} changes are kept.")
        change = _told(session, actor, event, True)
    undo_change(actor, change.id)
    return change


def redo_last(actor: Actor) -> Change:
    """Redo the change that the member undid last, and return it.

    Raises NotFound when there is none or something was changed anew after that, and as `redo_change` does.
    """
    with reading() as session:
        event = _latest(session, actor).to_redo()
        if event is None:
            raise NotFound("There is nothing to redo.")
        change = _told(session, actor, event, False)
    redo_change(actor, change.id)
    return change


def change_of(actor: Actor, change_id: str) -> Change | None:
    """Return one of the member's last ten changes."""
    return next((change for change in recent_changes(actor) if change.id == change_id), None)


def _latest(session: Session, actor: Actor) -> _Latest:
    made: list[AuditEvent] = []
    last: dict[str, AuditEvent] = {}
    verbs = _VERBS | _BACK_AND_FORTH
    for event in changes.latest_events(session, actor.workspace_id, actor.member_id, verbs, without=PART_OF):
        if event.verb in _BACK_AND_FORTH:
            last.setdefault(json.loads(event.detail)["of"], event)
        elif len(made) < MOST:
            made.append(event)
    return _Latest(made, {change: event for change, event in last.items() if event.verb == "undo"})


def _told(session: Session, actor: Actor, event: AuditEvent, undone: bool) -> Change:
    detail, verb = json.loads(event.detail), event.verb
    parts = detail.get("parts", [])
    if parts:
        verb = detail["what"].partition(" ")[0]
        detail = json.loads(session.get_one(AuditEvent, parts[0]).detail)
    before, after = detail.get("before"), detail.get("after")
    held: dict[str, Any] = after or before or {}
    client = clients.client(session, actor.workspace_id, held.get("client_id", ""))
    task = session.get(Task, held.get("task_id", ""))
    activity = session.get(Activity, held.get("activity_id") or (task.activity_id if task else ""))
    return Change(
        event.id,
        verb,
        event.at,
        undone,
        client.short_name if client else "",
        activity.name if activity else "",
        len(parts) or 1,
        worked_of(before),
        worked_of(after),
    )


def worked_of(held: dict[str, Any] | None) -> Worked | None:
    """Return when an entry was worked, of its columns in an event's detail; None where there are none."""
    if not held or "work_date" not in held:
        return None
    instants = with_instants(held, "started_at", "ended_at")
    return Worked(instants["started_at"], instants["ended_at"], date.fromisoformat(held["work_date"]), held["seconds"])


def _moment(event: AuditEvent) -> tuple[datetime, str]:
    return event.at, event.id
