"""The timer: start a touch, and log it by stopping. One runs a member; starting another logs the first.

It lives in the database alone, so it goes on through a reload, a restart and on a second device.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.durations import LONGEST_ENTRY_SECONDS, seconds_to_midnight
from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import chosen_retainer
from agency_app.services.log_line import UnsureLine, refuse_impossible, understand_line
from agency_app.services.log_time import (
    Logged,
    between,
    known_activity,
    known_campaign,
    known_client,
    log_touch,
    template_for,
)
from agency_app.services.refusal import NotFound, Refused
from agency_app.store import timers, work
from agency_app.store.engine import reading
from agency_app.tables import RunningTimer, Task
from agency_app.tables.base import now

FORGOTTEN_SECONDS = 10 * 3600
"""A timer that has run longer was probably forgotten; so was one that runs past midnight."""
WHEN_FIELDS = frozenset({"date", "start", "end", "seconds"})
"""What a line need not say when it starts a timer."""


@dataclass(frozen=True)
class StartTimer:
    """What the timer is for, as the entry it becomes."""

    client_id: str
    activity_id: str
    campaign_id: str | None = None
    title: str = ""
    platform: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    billable: bool = True


@dataclass(frozen=True)
class Started:
    """A timer that runs now, and the entry of the one that it replaced."""

    timer_id: str
    logged: Logged | None


@dataclass(frozen=True)
class TimerRead:
    """The running timer in words. `forgotten` asks what to keep before it is logged."""

    id: str
    version: int
    started_at: datetime
    client: str
    colour: int
    activity: str
    campaign: str
    note: str
    forgotten: bool
    forgotten_from: datetime
    """From when on it counts as forgotten."""


def start_timer(actor: Actor, command: StartTimer) -> Started:
    """Start a timer now. One that runs already is logged up to now.

    Raises NotFound naming the field of an unknown id, and what `stop_timer` raises for the one that runs: a forgotten
    one must be decided on first. Nothing changes then.
    """
    with acting(actor) as session:
        client = known_client(session, actor, command.client_id)
        activity = known_activity(session, actor, command.activity_id)
        campaign = known_campaign(session, client, command.campaign_id)
        at = _this_second()
        running = timers.timer_of(session, actor.workspace_id, actor.member_id)
        logged = None
        if running is not None:
            _refuse_forgotten(actor, running, at)
            logged = _logged(session, actor, running, max(at, running.started_at + timedelta(seconds=1)))
        timer = RunningTimer(
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            started_at=at,
            client_id=client.id,
            activity_id=activity.id,
            campaign_id=campaign.id if campaign else None,
            title=command.title.strip(),
            platform=command.platform or (campaign.platform if campaign else ""),
            note=command.note.strip(),
            tags=tags_text(command.tags),
            billable=command.billable and not client.internal,
        )
        session.add(timer)
        session.flush()
        record(session, actor, "start_timer", timer.id, after=timer)
        return Started(timer.id, logged)


def start_from_template(actor: Actor, template_id: str, client_id: str) -> Started:
    """Start a timer for a task template and its own client, or else the one given. Raises as `start_timer` does."""
    template = template_for(actor, template_id)
    client_id = template.client_id or client_id
    if not client_id:
        raise Refused("Choose a client to focus on first.", "client")
    return start_timer(
        actor,
        StartTimer(
            client_id, template.activity_id, template.campaign_id, title=template.name, platform=template.platform
        ),
    )


def start_from_entry(actor: Actor, entry_id: str) -> Started:
    """Start a timer for more of the work of an entry. Raises as `start_timer` does."""
    with reading() as session:
        row = work.entry_row(session, actor.workspace_id, entry_id)
    if row is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    return start_timer(
        actor,
        StartTimer(
            row.client_id,
            row.activity_id,
            row.campaign_id,
            row.title,
            row.platform,
            row.note,
            tuple(row.tags.split()),
            row.billable,
        ),
    )


def start_from_line(actor: Actor, text: str, at: datetime | None = None) -> Started:
    """Start a timer for what a quick line says, which need not say when. Raises UnsureLine when it does not say enough."""
    line = understand_line(actor, text, at=at)
    refuse_impossible(line)
    unsure = [one for one in line.unsure if one.field not in WHEN_FIELDS]
    if unsure:
        raise UnsureLine(line, unsure)
    assert line.client is not None
    assert line.activity is not None
    return start_timer(
        actor,
        StartTimer(
            line.client.id,
            line.activity.id,
            line.campaign.id if line.campaign else None,
            platform=line.platform.label if line.platform else "",
            note=line.note,
            tags=line.tags,
        ),
    )


def stop_timer(actor: Actor, end: datetime | None = None) -> Logged:
    """Log the running timer up to an aware instant, now when None, by the rules of every other touch.

    Raises NotFound when none runs, Refused when it was probably forgotten and no end is given, or when the end is not
    between its start and now; Locked and others as `log_time` does. The timer then runs on.
    """
    with acting(actor) as session:
        timer = _running(session, actor)
        at = _this_second()
        if end is None:
            _refuse_forgotten(actor, timer, at)
        elif not timer.started_at < end <= at:
            raise Refused("The end lies between the start of the timer and now.", "end")
        return _logged(session, actor, timer, max(end or at, timer.started_at + timedelta(seconds=1)))


def discard_timer(actor: Actor) -> str:
    """Throw the running timer away; `undo_change` of the audit event that is returned brings it back, still running."""
    with acting(actor) as session:
        timer = _running(session, actor)
        undo_id = record(session, actor, "discard_timer", timer.id, before=timer)
        session.delete(timer)
        return undo_id


def read_timer(actor: Actor) -> TimerRead | None:
    """Return the timer that the actor has running."""
    with reading() as session:
        found = timers.timer_with_words(session, actor.workspace_id, actor.member_id)
    if found is None:
        return None
    timer, client, activity, campaign = found
    return TimerRead(
        timer.id,
        timer.version,
        timer.started_at,
        client.short_name,
        client.colour,
        activity.name,
        campaign.name if campaign else "",
        timer.note or timer.title,
        _is_forgotten(actor, timer, now()),
        _forgotten_from(actor, timer),
    )


def _this_second() -> datetime:
    """Return now in whole seconds, which is what entries count."""
    return now().replace(microsecond=0)


def _running(session: Session, actor: Actor) -> RunningTimer:
    timer = timers.timer_of(session, actor.workspace_id, actor.member_id)
    if timer is None:
        raise NotFound("No timer runs.")
    return timer


def _is_forgotten(actor: Actor, timer: RunningTimer, at: datetime) -> bool:
    return at >= _forgotten_from(actor, timer)


def _forgotten_from(actor: Actor, timer: RunningTimer) -> datetime:
    """Return the midnight that the timer runs past, or the end of its ten hours, whichever comes first."""
    longest = timer.started_at + timedelta(seconds=FORGOTTEN_SECONDS)
    midnight = seconds_to_midnight(timer.started_at, longest, actor.zone)
    return timer.started_at + timedelta(seconds=midnight) if midnight else longest


def _refuse_forgotten(actor: Actor, timer: RunningTimer, at: datetime) -> None:
    if _is_forgotten(actor, timer, at):
        begun = timer.started_at.astimezone(ZoneInfo(actor.zone))
        raise Refused(f"This timer has run since {begun:%a %d %b %H:%M}. Say until when you worked.", "end")


def _logged(session: Session, actor: Actor, timer: RunningTimer, end: datetime) -> Logged:
    """Log a timer and end it."""
    if (end - timer.started_at).total_seconds() > LONGEST_ENTRY_SECONDS:
        raise Refused("An entry is at most 24 hours. Say until when you worked.", "end")
    client = known_client(session, actor, timer.client_id)
    when = between(timer.started_at, end, actor.zone)
    retainer = chosen_retainer(session, client, None, when.work_date, timer.activity_id, timer.campaign_id)
    task = Task(
        workspace_id=actor.workspace_id,
        client_id=client.id,
        retainer_id=retainer.id if retainer else None,
        campaign_id=timer.campaign_id,
        activity_id=timer.activity_id,
        title=timer.title,
        platform=timer.platform,
    )
    session.add(task)
    session.delete(timer)
    session.flush()
    return log_touch(session, actor, task, when, timer.note, timer.billable, tuple(timer.tags.split()))
