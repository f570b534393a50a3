"""Change the activities, the kinds of work: add one, rename it, put it away. Retainers and rates are for them by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import NotFound, Refused
from agency_app.services.typed_text import typed_line
from agency_app.store import clients
from agency_app.store.engine import reading
from agency_app.tables import Activity

MAY_CHANGE_ACTIVITIES = ("owner", "lead")
MOST_ACTIVITIES = 200


@dataclass(frozen=True)
class ActivitiesRead:
    """Every activity in its order, archived ones too, and whether the actor may change them."""

    activities: list[Activity]
    may_change: bool


def read_activities(actor: Actor) -> ActivitiesRead:
    """Return the activities."""
    with reading() as session:
        return ActivitiesRead(clients.every_activity(session, actor.workspace_id), actor.role in MAY_CHANGE_ACTIVITIES)


def add_activity(actor: Actor, name: str) -> str:
    """Add an activity after the others and return its id.

    Raises NotAllowed by role, and Refused naming "name" when that is missing, too long or taken. Nothing is saved then.
    """
    with acting(actor, *MAY_CHANGE_ACTIVITIES) as session:
        there = clients.every_activity(session, actor.workspace_id)
        if len(there) >= MOST_ACTIVITIES:
            raise Refused(f"There are at most {MOST_ACTIVITIES} activities.", "name")
        position = max((one.position for one in there), default=-1) + 1
        activity = Activity(workspace_id=actor.workspace_id, name=_free_name(name, "", there), position=position)
        session.add(activity)
        session.flush()
        record(session, actor, "add_activity", activity.id, after=activity)
        return activity.id


def rename_activity(actor: Actor, activity_id: str, name: str) -> None:
    """Call an activity something else: what was logged as it follows, what is invoiced keeps its words. Raises as
    `add_activity` does, and NotFound."""
    with acting(actor, *MAY_CHANGE_ACTIVITIES) as session:
        there = clients.every_activity(session, actor.workspace_id)
        activity = _known(there, activity_id)
        before = activity.model_copy()
        activity.name = _free_name(name, activity.id, there)
        _save(session, actor, "rename_activity", before, activity)


def archive_activity(actor: Actor, activity_id: str, *, archived: bool = True) -> str:
    """Put an activity away, or bring it back, and return its name. What was logged as it stays, and so do its rates.

    Raises NotAllowed by role, NotFound, and Refused for the last one in use: work is always of a kind.
    """
    with acting(actor, *MAY_CHANGE_ACTIVITIES) as session:
        there = clients.every_activity(session, actor.workspace_id)
        activity = _known(there, activity_id)
        if archived and not any(not one.archived for one in there if one.id != activity.id):
            raise Refused("Work is always of a kind: add another activity before you archive the last one.", "name")
        before = activity.model_copy()
        activity.archived = archived
        _save(session, actor, "archive_activity", before, activity)
        return activity.name


def _known(there: Sequence[Activity], activity_id: str) -> Activity:
    activity = next((one for one in there if one.id == activity_id), None)
    if activity is None:
        raise NotFound("That activity is not in this workspace.", "activity")
    return activity


def _free_name(typed: str, own_id: str, there: Sequence[Activity]) -> str:
    name = typed_line(typed, "name", "Give the activity a name.")
    for other in there:
        if other.id != own_id and other.name.casefold() == name.casefold():
            away = " among the archived ones" if other.archived else ""
            raise Refused(f"There is an activity of that name{away}. Choose another name.", "name")
    return name


def _save(session: Session, actor: Actor, verb: str, before: Activity, activity: Activity) -> None:
    session.add(activity)
    session.flush()
    record(session, actor, verb, activity.id, before=before, after=activity)
