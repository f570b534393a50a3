"""Read what routines ask for on some days, and all of them for the page that changes them. Nothing here writes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.calendar import MemberCalendar
from agency_app.domain.routines import due_days
from agency_app.services.actor import Actor
from agency_app.services.change_routines import MAY_CHANGE_EVERYBODY
from agency_app.services.change_templates import MAY_CHANGE_TEMPLATES
from agency_app.store import approvals, clients, people, routines
from agency_app.store.engine import reading
from agency_app.tables import Activity, Campaign, Client, Member, Routine, TaskTemplate
from agency_app.tables.base import now

ASKED_BACK = timedelta(days=7)
"""How far before the present week its questions reach back: on Monday, Friday is still asked about."""


@dataclass(frozen=True)
class DueRoutine:
    """A day of a routine that nobody has decided yet. It counts nowhere; `past` ones are asked about."""

    routine_id: str
    day: date
    name: str
    client: Client
    platform: str
    seconds: int
    starts_at: str
    past: bool
    to_come: bool


@dataclass(frozen=True)
class RoutinesRead:
    """Templates in their order (archived ones too), routines of those the actor may see, and what they can be tied to."""

    templates: list[TaskTemplate]
    routines: list[Routine]
    clients: list[Client]
    campaigns: list[Campaign]
    activities: list[Activity]
    members: list[Member]
    may_change_templates: bool


def due_routines(
    session: Session,
    actor: Actor,
    span: tuple[date, date],
    calendar: MemberCalendar,
    known_templates: Sequence[TaskTemplate],
    known: Mapping[str, Client],
    invoiced: Sequence[tuple[str, date, date, str]],
) -> list[DueRoutine]:
    """Return what the actor's routines ask for from the first to the last day of a span, in the order of the days.

    The calendar is the actor's, clients are by id, and what is invoiced as `imports.closed_periods` tells it. Where today
    is among these days, what of the week before is still open is asked too. Days off are skipped, and past
    days on which nothing can be logged any more: a question that cannot be answered is none.
    """
    own = routines.routines(session, actor.workspace_id, [actor.member_id])
    if not own:
        return []
    first, last = span
    today = now().astimezone(ZoneInfo(actor.zone)).date()
    since = first - ASKED_BACK if first <= today <= last else first
    templates = {one.id: one for one in known_templates}
    decided: dict[str, set[date]] = defaultdict(set)
    for routine_id, day in routines.decided_days(session, [one.id for one in own], since, last):
        decided[routine_id].add(day)
    found = [
        _due(one, templates[one.template_id], known[one.client_id], day, today)
        for one in own
        if one.template_id in templates and one.client_id in known
        for day in due_days(one.weekdays, one.starts_on, calendar, since, last, decided[one.id])
    ]
    closed = _Closed(session, actor, invoiced, since, last)
    return sorted(
        (one for one in found if not (one.past and closed.holds(one.client.id, one.day))),
        key=lambda one: (one.day, one.starts_at, one.name),
    )


def read_routines(actor: Actor) -> RoutinesRead:
    """Return all that the page of templates and routines shows the actor."""
    with reading() as session:
        home = actor.workspace_id
        leads = actor.role in MAY_CHANGE_EVERYBODY
        members = [one for one in people.members(session, home) if one.active]
        return RoutinesRead(
            routines.every_template(session, home),
            routines.routines(session, home, None if leads else [actor.member_id]),
            clients.clients(session, home),
            clients.campaigns(session, home),
            clients.activities(session, home),
            members if leads else [one for one in members if one.id == actor.member_id],
            actor.role in MAY_CHANGE_TEMPLATES,
        )


class _Closed:
    """The days of clients on which the actor can log nothing any more."""

    def __init__(
        self, session: Session, actor: Actor, invoiced: Sequence[tuple[str, date, date, str]], first: date, last: date
    ) -> None:
        self.locked_until = people.workspace(session, actor.workspace_id).locked_until
        self.invoiced = invoiced
        self.approved = approvals.approved(session, actor.workspace_id, first, last)
        self.member_id = actor.member_id

    def holds(self, client_id: str, day: date) -> bool:
        """Tell whether a day of a client is closed."""
        return (
            (self.locked_until is not None and day <= self.locked_until)
            or (self.member_id, client_id, day) in self.approved
            or any(whose == client_id and first <= day <= last for whose, first, last, _ in self.invoiced)
        )


def _due(routine: Routine, template: TaskTemplate, client: Client, day: date, today: date) -> DueRoutine:
    return DueRoutine(
        routine.id,
        day,
        template.name,
        client,
        template.platform,
        template.default_seconds,
        routine.starts_at,
        day < today,
        day > today,
    )
