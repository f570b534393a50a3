"""Log a touch of work: its task and its time entry in one gesture."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from agency_app.domain.durations import LONGEST_ENTRY_SECONDS, DurationError, check_span, local_work_date
from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import (
    chosen_retainer,
    rate_for,
    refuse_closed_period,
    refuse_locked_day,
    refuse_past_the_cap,
)
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import NotFound, Refused
from agency_app.store import clients, work
from agency_app.store.engine import reading
from agency_app.tables import Activity, Campaign, Client, Task, TaskTemplate, TimeEntry
from agency_app.tables.base import new_id


@dataclass(frozen=True)
class Touch:
    """What a person says about a touch of work.

    `start` and `end` are aware instants; their true distance counts. A touch at no time of day in particular has
    neither, but a `day` and `seconds`.
    """

    client_id: str
    activity_id: str
    start: datetime | None
    end: datetime | None
    campaign_id: str | None = None
    retainer_id: str | None = None
    """None lets the rule decide, "none" keeps the touch out of every retainer."""
    note: str = ""
    billable: bool = True
    tags: tuple[str, ...] = ()
    day: date | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class When:
    """When an entry was worked: two aware instants or neither, the local work date, and the seconds that count."""

    start: datetime | None
    end: datetime | None
    work_date: date
    seconds: int


@dataclass(frozen=True)
class LogTime(Touch):
    """A touch to log, with what its task is called and where it happened."""

    platform: str = ""
    title: str = ""
    entry_id: str = ""
    """The id that the entry gets, for who has to know it beforehand; empty gives it a fresh one."""


@dataclass(frozen=True)
class Logged:
    """What a verb on an entry did: the entry, its version now, and the audit event that can undo it."""

    entry_id: str
    version: int
    undo_id: str


def log_time(actor: Actor, command: LogTime) -> Logged:
    """Log a new touch.

    Raises Refused naming the field (zero, negative or over 24 hours; unknown client, activity, campaign or
    retainer) and Locked when the day is on a final invoice; nothing is saved then.
    """
    with acting(actor) as session:
        return log_command(session, actor, command)


def log_command(session: Session, actor: Actor, command: LogTime) -> Logged:
    """Log a new touch, within a transaction of a caller. Raises as `log_time` does."""
    client = known_client(session, actor, command.client_id)
    activity = known_activity(session, actor, command.activity_id)
    campaign = known_campaign(session, client, command.campaign_id)
    when = when_of(command, actor.zone)
    retainer = chosen_retainer(
        session, client, command.retainer_id, when.work_date, activity.id, campaign.id if campaign else None
    )
    task = Task(
        workspace_id=actor.workspace_id,
        client_id=client.id,
        retainer_id=retainer.id if retainer else None,
        campaign_id=campaign.id if campaign else None,
        activity_id=activity.id,
        title=command.title.strip(),
        platform=command.platform,
    )
    session.add(task)
    session.flush()
    return log_touch(
        session,
        actor,
        task,
        when,
        command.note,
        command.billable,
        command.tags,
        command.entry_id,
    )


def log_template(actor: Actor, template_id: str, client_id: str, start: datetime) -> Logged:
    """Log a task template, from an aware instant on, for as long as the template says: for the template's own client,
    or else for the one given.

    Raises as `log_time` does.
    """
    template = template_for(actor, template_id)
    client_id = template.client_id or client_id
    if not client_id:
        raise Refused("Choose a client to focus on first.", "client")
    end = start + timedelta(seconds=template.default_seconds)
    return log_time(
        actor,
        LogTime(
            client_id,
            template.activity_id,
            start,
            end,
            template.campaign_id,
            platform=template.platform,
            title=template.name,
        ),
    )


def template_for(actor: Actor, template_id: str) -> TaskTemplate:
    """Return a template of the actor's workspace that is in use, or raise NotFound."""
    with reading() as session:
        template = session.get(TaskTemplate, template_id)
    if template is None or template.workspace_id != actor.workspace_id or template.archived:
        raise NotFound("That template is not there any more.", "template")
    return template


def log_task(actor: Actor, task_id: str, start: datetime) -> Logged:
    """Log a planned task of the Inbox from an aware instant on, for as long as it was planned.

    Raises NotFound for a task that is gone or logged already, and as `log_time` does.
    """
    with acting(actor) as session:
        task = work.task(session, actor.workspace_id, task_id)
        if task is None or task.planned_seconds is None or task.done:
            raise NotFound("That task is not in the Inbox any more.", "task")
        day = local_work_date(start, actor.zone)
        client = known_client(session, actor, task.client_id)
        # the agreement of when it was planned may have ended
        retainer = chosen_retainer(session, client, None, day, task.activity_id, task.campaign_id)
        task.retainer_id, task.done = retainer.id if retainer else None, True
        session.add(task)
        when = between(start, start + timedelta(seconds=task.planned_seconds), actor.zone)
        return log_touch(session, actor, task, when, "", True)


def log_touch(
    session: Session,
    actor: Actor,
    task: Task,
    when: When,
    note: str,
    billable: bool,
    tags: tuple[str, ...] = (),
    entry_id: str = "",
) -> Logged:
    """Log the actor's time on a task, within a transaction of a caller. Raises as `log_time` does."""
    refuse_locked_day(session, actor.workspace_id, task.client_id, when.work_date)
    client = known_client(session, actor, task.client_id)
    frozen = rate_for(
        session,
        actor.workspace_id,
        task.client_id,
        task.activity_id,
        actor.member_id,
        when.work_date,
    )
    entry = TimeEntry(
        id=entry_id or new_id(),
        workspace_id=actor.workspace_id,
        task_id=task.id,
        client_id=task.client_id,
        retainer_id=task.retainer_id,
        member_id=actor.member_id,
        started_at=when.start,
        ended_at=when.end,
        work_date=when.work_date,
        zone=actor.zone,
        seconds=when.seconds,
        billable=billable and not client.internal,
        note=note.strip(),
        tags=tags_text(tags),
        rate=frozen.rate,
        rate_source=frozen.source,
    )
    refuse_closed_period(session, entry)
    session.add(entry)
    session.flush()
    refuse_past_the_cap(session, entry)
    return Logged(
        entry.id,
        entry.version,
        record(session, actor, "log_time", entry.id, after=entry),
    )


def when_of(touch: Touch, zone: str) -> When:
    """Return when a touch was made. Raises Refused naming the field, as `between` and `on_day` do."""
    if touch.start is not None and touch.end is not None:
        return between(touch.start, touch.end, zone)
    if touch.day is None or touch.seconds is None:
        raise Refused("Give a start and an end, or a day and a duration.", "start")
    return on_day(touch.day, touch.seconds)


def between(start: datetime, end: datetime, zone: str) -> When:
    """Return the span of two aware instants, on the local work date of its start; clock changes count truly.

    Raises Refused for zero, negative and over 24 hours, and for a day that nothing is kept of.
    """
    try:
        seconds = check_span(start, end)
    except DurationError as error:
        raise Refused(str(error), "end") from error
    return When(start, end, in_kept_days(local_work_date(start, zone), "start"), seconds)


def on_day(day: date, seconds: int) -> When:
    """Return a length of time on a day. Raises Refused for zero, negative and over 24 hours, and for a day that nothing
    is kept of."""
    if not 0 < seconds <= LONGEST_ENTRY_SECONDS:
        raise Refused("A duration is longer than zero and at most 24 hours.", "duration")
    return When(None, None, in_kept_days(day, "date"), seconds)


def known_client(session: Session, actor: Actor, client_id: str) -> Client:
    """Return the client of the actor's workspace, or raise NotFound."""
    client = clients.client(session, actor.workspace_id, client_id)
    if client is None:
        raise NotFound("Choose a client of this workspace.", "client")
    return client


def known_activity(session: Session, actor: Actor, activity_id: str) -> Activity:
    """Return the activity of the actor's workspace, or raise NotFound."""
    activity = session.get(Activity, activity_id)
    if activity is None or activity.workspace_id != actor.workspace_id:
        raise NotFound("Choose an activity of this workspace.", "activity")
    return activity


def known_campaign(session: Session, client: Client, campaign_id: str | None) -> Campaign | None:
    """Return the client's campaign, None for no campaign, or raise NotFound."""
    if not campaign_id:
        return None
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.client_id != client.id:
        raise NotFound(f"That campaign does not belong to {client.name}.", "campaign")
    return campaign
