"""Plan a touch of work: a task that waits in the Inbox until somebody drags it onto the week, or dismisses it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agency_app.domain.durations import LONGEST_ENTRY_SECONDS, prose
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import retainer_for
from agency_app.services.log_time import known_activity, known_campaign, known_client
from agency_app.services.refusal import NotFound, Refused
from agency_app.store import work
from agency_app.tables import Task
from agency_app.tables.base import now

LONGEST_TITLE = 200


@dataclass(frozen=True)
class PlanTask:
    """A touch that is still to be done; `planned_seconds` is the length it is expected to take."""

    client_id: str
    activity_id: str
    title: str
    planned_seconds: int
    campaign_id: str | None = None


def plan_task(actor: Actor, command: PlanTask) -> str:
    """Put a task into the Inbox and return its id.

    It falls to the retainer that covers today in the actor's zone. Raises Refused naming the field (title,
    planned_seconds, client, activity, campaign); NotFound, a kind of it, for an unknown id. Nothing is saved then.
    """
    title = _checked_title(command.title)
    _check_length(command.planned_seconds)
    with acting(actor) as session:
        client = known_client(session, actor, command.client_id)
        if client.archived:
            raise Refused(f"{client.name} is archived. Bring the client back first.", "client")
        activity = known_activity(session, actor, command.activity_id)
        if activity.archived:
            raise Refused(
                f"{activity.name} is not in use any more. Choose another activity.",
                "activity",
            )
        campaign = known_campaign(session, client, command.campaign_id)
        retainer = retainer_for(
            session,
            actor.workspace_id,
            client.id,
            now().astimezone(ZoneInfo(actor.zone)).date(),
            activity.id,
            campaign.id if campaign else None,
        )
        task = Task(
            workspace_id=actor.workspace_id,
            client_id=client.id,
            retainer_id=retainer.id if retainer else None,
            campaign_id=campaign.id if campaign else None,
            activity_id=activity.id,
            title=title,
            platform=campaign.platform if campaign else "",
            planned_seconds=command.planned_seconds,
        )
        session.add(task)
        session.flush()
        record(session, actor, "plan_task", task.id, after=task)
        return task.id


def drop_task(actor: Actor, task_id: str) -> str:
    """Take a planned task out of the Inbox and return the audit event that `undo_change` puts it back by.

    Raises NotFound when it is not waiting there (any more).
    """
    with acting(actor) as session:
        task = work.task(session, actor.workspace_id, task_id)
        if task is None or task.planned_seconds is None or task.done:
            raise NotFound("That task is not in the Inbox any more.", "task")
        task.done = True
        task.version += 1
        session.add(task)
        return record(session, actor, "drop_task", task.id, after=task)


def _checked_title(title: str) -> str:
    cleaned = " ".join(title.split())
    if not cleaned:
        raise Refused("Say in a few words what is to be done.", "title")
    if len(cleaned) > LONGEST_TITLE:
        raise Refused(
            f"Keep the title within {LONGEST_TITLE} characters; this one has {len(cleaned)}.",
            "title",
        )
    return cleaned


def _check_length(seconds: int) -> None:
    if seconds <= 0:
        raise Refused("The planned time must be longer than zero.", "planned_seconds")
    if seconds > LONGEST_ENTRY_SECONDS:
        raise Refused(
            f"Plan at most {prose(LONGEST_ENTRY_SECONDS)} in one task.",
            "planned_seconds",
        )
