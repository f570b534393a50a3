"""Put a task template on the working days of a member, change that, and stop it.

A member changes their own routines; owners and leads change everybody's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.routines import WEEKDAYS, weekdays_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.log_time import known_client
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.store import people, routines
from agency_app.tables import Member, Routine, TaskTemplate
from agency_app.tables.base import now

MAY_CHANGE_EVERYBODY = ("owner", "lead")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class RoutineForm:
    """A routine as people fill it in: `starts_at` is a wall time, "09:00", or empty for any time of the day.

    An empty client is the template's; an empty first day is today.
    """

    template_id: str
    member_id: str
    weekdays: tuple[str, ...]
    client_id: str = ""
    starts_at: str = ""
    starts_on: date | None = None

    @classmethod
    def of_form(cls, typed: Mapping[str, str]) -> Self:
        """Return what was typed. Raises Refused naming the field "since" when that is no day."""
        since = typed.get("since", "").strip()
        try:
            starts_on = date.fromisoformat(since) if since else None
        except ValueError as error:
            raise Refused("Give the first day as a date.", "since") from error
        return cls(
            typed.get("template", ""),
            typed.get("member", ""),
            tuple(name for name in WEEKDAYS if typed.get(name)),
            typed.get("client", ""),
            typed.get("at", "").strip(),
            starts_on,
        )


def start_routine(actor: Actor, form: RoutineForm) -> str:
    """Put a template on a member's days and return the routine's id. Nothing is logged by it.

    Raises NotAllowed for another member's by role, and Refused naming the field: unknown or archived template, unknown
    member or client, no client at all, no day of the week, a time that is none. Nothing is saved then.
    """
    with acting(actor) as session:
        routine = Routine(
            workspace_id=actor.workspace_id, template_id="", member_id="", client_id="", weekdays="", starts_on=_today()
        )
        _fill(session, actor, routine, form)
        session.add(routine)
        session.flush()
        record(session, actor, "start_routine", routine.id, before=None, after=routine)
        return routine.id


def change_routine(actor: Actor, routine_id: str, version: int, form: RoutineForm) -> None:
    """Change a routine; the days that were decided stay as they are. Raises as `start_routine` does, and Stale."""
    with acting(actor) as session:
        routine = _known(session, actor, routine_id)
        if routine.version != version:
            raise Stale("Somebody changed this routine meanwhile. Close this and open it again to see how it is now.")
        before = routine.model_copy()
        _fill(session, actor, routine, form)
        _save(session, actor, "change_routine", before, routine)


def stop_routine(actor: Actor, routine_id: str, *, stopped: bool = True) -> str:
    """Ask for a routine no more, or again, and return the name of its template. Raises NotAllowed and NotFound."""
    with acting(actor) as session:
        routine = _known(session, actor, routine_id)
        before = routine.model_copy()
        routine.stopped = stopped
        _save(session, actor, "stop_routine", before, routine)
        return session.get_one(TaskTemplate, routine.template_id).name


def _known(session: Session, actor: Actor, routine_id: str) -> Routine:
    routine = routines.routine(session, actor.workspace_id, routine_id)
    if routine is None:
        raise NotFound("That routine is not there any more.", "routine")
    _member(session, actor, routine.member_id)
    return routine


def _member(session: Session, actor: Actor, member_id: str) -> Member:
    member = next((one for one in people.members(session, actor.workspace_id) if one.id == member_id), None)
    if member is None or not member.active:
        raise NotFound("Choose a member of this workspace.", "member")
    if member_id != actor.member_id and actor.role not in MAY_CHANGE_EVERYBODY:
        raise NotAllowed("Only an owner or a lead may change the routines of others.")
    return member


def _fill(session: Session, actor: Actor, routine: Routine, form: RoutineForm) -> None:
    member = _member(session, actor, form.member_id)
    template = routines.template(session, actor.workspace_id, form.template_id)
    if template is None or template.archived:
        raise NotFound("Choose a template that is in use.", "template")
    client_id = form.client_id or template.client_id
    if not client_id:
        raise Refused(f"{template.name} is for no client in particular: choose whom this routine is for.", "client")
    if not form.weekdays:
        raise Refused("Choose at least one day of the week.", "weekdays")
    if form.starts_at and not _CLOCK.fullmatch(form.starts_at):
        raise Refused("Write the time as 09:00, or leave it empty.", "at")
    starts_on = form.starts_on or _today(member.zone)
    in_kept_days(starts_on, "since", "a first day")
    routine.template_id, routine.member_id = template.id, member.id
    routine.client_id = known_client(session, actor, client_id).id
    routine.weekdays, routine.starts_at, routine.starts_on = weekdays_text(form.weekdays), form.starts_at, starts_on


def _today(zone: str = "UTC") -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def _save(session: Session, actor: Actor, verb: str, before: Routine, routine: Routine) -> None:
    routine.version += 1
    session.add(routine)
    session.flush()
    record(session, actor, verb, routine.id, before=before, after=routine)
