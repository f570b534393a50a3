"""Change a time entry: move or resize it, edit it, delete it. Each leaves the row as it was in its audit event."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import (
    chosen_retainer,
    rate_for,
    refuse_closed_period,
    refuse_locked_day,
    refuse_locked_entry,
    refuse_past_the_cap,
    refuse_removing_credited,
    retainer_for,
    runs_on,
)
from agency_app.services.decide_billing import refuse_decided, refuse_shorter_than_held
from agency_app.services.log_time import (
    Logged,
    Touch,
    When,
    between,
    known_activity,
    known_campaign,
    known_client,
    on_day,
    when_of,
)
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.store import clients, work
from agency_app.tables import Task, TimeEntry


@dataclass(frozen=True)
class EditEntry(Touch):
    """All that the edit dialog holds: how the touch is to be from now on."""


def move_entry(actor: Actor, entry_id: str, version: int, start: datetime, end: datetime) -> Logged:
    """Move or resize an entry to two aware instants; one that had no time of day has it then.

    Raises Stale when somebody changed it since `version`, Locked when it or the day it goes to is invoiced,
    Refused for an impossible span; nothing changes then.
    """
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        return place_entry(session, actor, entry, between(start, end, entry.zone))


def move_to_day(actor: Actor, entry_id: str, version: int, day: date, seconds: int | None = None) -> Logged:
    """Give an entry without a time of day another day, or other seconds. Raises as `move_entry` does."""
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        if entry.started_at is not None:
            raise Refused("This entry has a start and an end: give it new ones.", "start")
        return place_entry(session, actor, entry, on_day(day, entry.seconds if seconds is None else seconds))


def edit_entry(actor: Actor, entry_id: str, version: int, command: EditEntry) -> Logged:
    """Change any field of an entry. Raises as `move_entry` does, and NotFound naming the field of an unknown id."""
    with acting(actor) as session:
        return change_entry(session, actor, entry_id, version, command)


def change_entry(session: Session, actor: Actor, entry_id: str, version: int, command: EditEntry) -> Logged:
    """Change any field of an entry, within a transaction of a caller. Raises as `edit_entry` does."""
    entry = changeable(session, actor, entry_id, version)
    before = entry.model_copy()
    task = work.task(session, actor.workspace_id, entry.task_id)
    assert task is not None
    client = known_client(session, actor, command.client_id)
    activity = known_activity(session, actor, command.activity_id)
    campaign = known_campaign(session, client, command.campaign_id)
    set_time(session, entry, when_of(command, entry.zone), client_id=client.id)
    retainer = chosen_retainer(
        session, client, command.retainer_id, entry.work_date, activity.id, campaign.id if campaign else None
    )
    wanted = (
        client.id,
        retainer.id if retainer else None,
        campaign.id if campaign else None,
        activity.id,
    )
    current = (task.client_id, task.retainer_id, task.campaign_id, task.activity_id)
    if wanted != current:
        task = _task_with(session, task, *wanted)
        entry.task_id, entry.client_id, entry.retainer_id = (
            task.id,
            task.client_id,
            task.retainer_id,
        )
    if (wanted[0], wanted[3]) != (current[0], current[3]):
        frozen = rate_for(
            session,
            actor.workspace_id,
            client.id,
            activity.id,
            entry.member_id,
            entry.work_date,
        )
        entry.rate, entry.rate_source = frozen.rate, frozen.source
    entry.note = command.note.strip()
    entry.billable = command.billable and not client.internal
    entry.tags = tags_text(command.tags)
    return _saved(session, actor, "edit_entry", before, entry)


def delete_entry(actor: Actor, entry_id: str, version: int) -> Logged:
    """Delete an entry; `undo_change` brings it back under the same id. Raises as `move_entry` does."""
    with acting(actor) as session:
        return remove_entry(session, actor, entry_id, version)


def remove_entry(session: Session, actor: Actor, entry_id: str, version: int, *, reopens_task: bool = True) -> Logged:
    """Delete an entry, within a transaction of a caller. Raises as `delete_entry` does."""
    entry = changeable(session, actor, entry_id, version)
    refuse_decided(session, entry)
    refuse_removing_credited(session, entry)
    undo_id = record(session, actor, "delete_entry", entry.id, before=entry)
    task = work.task(session, actor.workspace_id, entry.task_id)
    session.delete(entry)
    session.flush()
    planned = reopens_task and task is not None and task.planned_seconds is not None
    if task is not None and planned and work.entries_of_task(session, task.id) == 0:
        task.done = False  # a planned task goes back to the Inbox when its only entry goes
        session.add(task)
    return Logged(entry.id, entry.version, undo_id)


def changeable(session: Session, actor: Actor, entry_id: str, version: int) -> TimeEntry:
    """Return an entry that the actor may change now. Raises NotFound, NotAllowed, Locked or Stale."""
    entry = work.entry(session, actor.workspace_id, entry_id)
    if entry is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    if entry.member_id != actor.member_id and actor.role not in {"owner", "lead"}:
        raise NotAllowed("Only its owner or a lead may change this entry.")
    refuse_locked_entry(session, entry)
    if entry.version != version:
        raise Stale("Somebody changed this entry in the meantime. You now see how it is; try again if still needed.")
    return entry


def place_entry(session: Session, actor: Actor, entry: TimeEntry, when: When) -> Logged:
    """Give a changeable entry another time, within a transaction of a caller. Raises as `move_entry` does."""
    before = entry.model_copy()
    set_time(session, entry, when)
    keep_or_find_retainer(session, actor, entry, before.work_date)
    return _saved(session, actor, "move_entry", before, entry)


def keep_or_find_retainer(session: Session, actor: Actor, entry: TimeEntry, day_before: date) -> None:
    """Keep the retainer of an entry that came to another day, or find it anew where that one does not cover the day."""
    retainer = clients.retainer(session, actor.workspace_id, entry.retainer_id or "")
    if retainer is not None:
        stays = runs_on(session, retainer, entry.work_date)
    else:  # somebody kept it out of the agreement of its day: a move does not undo their choice
        task = work.task(session, actor.workspace_id, entry.task_id)
        kind = (task.activity_id, task.campaign_id) if task else (None, None)
        stays = retainer_for(session, actor.workspace_id, entry.client_id, day_before, *kind) is not None
    if not stays:
        _fall_to_retainer(session, actor, entry)


def set_time(session: Session, entry: TimeEntry, when: When, client_id: str = "") -> None:
    """Give an entry its new time, in the zone it was logged in. Raises Locked when the day is closed."""
    refuse_shorter_than_held(session, entry, when.seconds)
    entry.started_at, entry.ended_at = when.start, when.end
    entry.work_date, entry.seconds = when.work_date, when.seconds
    refuse_locked_day(session, entry.workspace_id, client_id or entry.client_id, entry.work_date)


def _fall_to_retainer(session: Session, actor: Actor, entry: TimeEntry) -> None:
    """Find the retainer of an entry anew after its agreement stopped covering the day, or began to."""
    task = work.task(session, actor.workspace_id, entry.task_id)
    client = known_client(session, actor, entry.client_id)
    assert task is not None
    if (
        entry.retainer_id is None
        and task.retainer_id is None
        and clients.retainers(session, actor.workspace_id, client.id) == []
    ):
        return
    retainer = chosen_retainer(session, client, None, entry.work_date, task.activity_id, task.campaign_id)
    wanted = retainer.id if retainer else None
    if wanted != task.retainer_id:
        task = _task_with(session, task, task.client_id, wanted, task.campaign_id, task.activity_id)
        entry.task_id, entry.retainer_id = task.id, task.retainer_id


def _task_with(
    session: Session,
    task: Task,
    client_id: str,
    retainer_id: str | None,
    campaign_id: str | None,
    activity_id: str,
) -> Task:
    """Return a task with other ties. The old one stays as it was: other entries and an undo may need it."""
    changed = Task(
        workspace_id=task.workspace_id,
        client_id=client_id,
        retainer_id=retainer_id,
        campaign_id=campaign_id,
        activity_id=activity_id,
        title=task.title,
        platform=task.platform,
    )
    session.add(changed)
    session.flush()
    return changed


def _saved(session: Session, actor: Actor, verb: str, before: TimeEntry, entry: TimeEntry) -> Logged:
    refuse_closed_period(session, entry)
    entry.version += 1
    session.add(entry)
    session.flush()
    refuse_past_the_cap(session, entry, before)
    undo_id = record(session, actor, verb, entry.id, before=before, after=entry)
    return Logged(entry.id, entry.version, undo_id)
