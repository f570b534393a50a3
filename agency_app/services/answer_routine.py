"""Say of a day of a routine that it happened, which makes it an entry as any other, or that it did not."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.routines import falls_on
from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_together import together
from agency_app.services.log_time import Logged, LogTime, log_command
from agency_app.services.member_calendars import calendars_of
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.store import routines
from agency_app.tables import Routine, RoutineDay, TaskTemplate
from agency_app.tables.base import now

CONFIRM, DISMISS = "confirm_routine", "dismiss_routine"
"""The verbs of their audit events, whose subject is the decided day."""


def confirm_routine(actor: Actor, routine_id: str, day: date) -> Logged:
    """Log a day of the actor's routine, by the rules of every other entry; `undo_change` asks for it again.

    Raises NotAllowed for another member's, NotFound when nothing is asked for on that day, Stale when it was decided
    already, Refused for a day still to come, and what `log_time` raises. Nothing is saved then.
    """
    with acting(actor) as session:
        routine, template = _asked(session, actor, routine_id, day)
        if day > now().astimezone(ZoneInfo(actor.zone)).date():
            raise Refused(f"{day:%A} is still to come: confirm it when it is done.", "day")
        start = _begin(routine, day, actor.zone)
        campaign_id = template.campaign_id if template.client_id == routine.client_id else None
        logged = log_command(
            session,
            actor,
            LogTime(
                routine.client_id,
                template.activity_id,
                start,
                start + timedelta(seconds=template.default_seconds) if start else None,
                campaign_id,
                day=day,
                seconds=template.default_seconds,
                platform=template.platform,
                title=template.name,
            ),
        )
        decided = _decide(session, actor, CONFIRM, routine, day, logged.entry_id)
        return together(session, actor, "routine", [logged, decided])


def dismiss_routine(actor: Actor, routine_id: str, day: date) -> Logged:
    """Say that a day of the actor's routine did not happen, or will not; `undo_change` asks for it again.

    Raises as `confirm_routine` does.
    """
    with acting(actor) as session:
        routine, _ = _asked(session, actor, routine_id, day)
        return _decide(session, actor, DISMISS, routine, day, None)


def _asked(session: Session, actor: Actor, routine_id: str, day: date) -> tuple[Routine, TaskTemplate]:
    routine = routines.routine(session, actor.workspace_id, routine_id)
    if routine is None or routine.stopped:
        raise NotFound("That routine is not there any more.", "routine")
    if routine.member_id != actor.member_id:
        raise NotAllowed("Only the member whose routine it is can say whether it happened.")
    if routines.decided(session, routine.id, day) is not None:
        raise Stale("That day is decided already.")
    calendar = calendars_of(session, actor.workspace_id, [actor.member_id])[actor.member_id]
    template = session.get_one(TaskTemplate, routine.template_id)
    if template.archived or not falls_on(routine.weekdays, routine.starts_on, calendar, day):
        raise NotFound("That routine is not meant for this day any more.", "day")
    return routine, template


def _begin(routine: Routine, day: date, zone: str) -> datetime | None:
    """Return the instant of the routine's wall time; a time the clock skips moves past the gap."""
    if not routine.starts_at:
        return None
    wall = datetime.combine(day, time.fromisoformat(routine.starts_at), ZoneInfo(zone))
    return wall.astimezone(UTC)


def _decide(session: Session, actor: Actor, verb: str, routine: Routine, day: date, entry_id: str | None) -> Logged:
    decided = RoutineDay(workspace_id=actor.workspace_id, routine_id=routine.id, day=day, entry_id=entry_id)
    session.add(decided)
    session.flush()
    return Logged(entry_id or decided.id, 1, record(session, actor, verb, decided.id, after=decided))
