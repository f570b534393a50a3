"""Templates and routines as the page shows them. Pure: what a service read goes in, small values come out."""

from typing import TypedDict

from agency_app.domain.durations import hours_minutes, prose
from agency_app.domain.routines import WEEKDAYS, WORKING_DAYS
from agency_app.services.read_routines import RoutinesRead
from agency_app.states.views import Choice
from agency_app.tables import Routine, TaskTemplate


class TemplateRow(TypedDict):
    """A template in the list; `key` is what places it on the week, for the first four."""

    id: str
    name: str
    about: str
    duration: str
    key: str
    first: bool
    last: bool


class RoutineRow(TypedDict):
    """A routine in the list."""

    id: str
    name: str
    about: str
    member: str
    own: bool


class TemplateFields(TypedDict):
    """The dialog of a template."""

    id: str
    version: int
    title: str
    name: str
    activity: str
    duration: str
    client: str
    campaign: str
    platform: str


class RoutineFields(TypedDict):
    """The dialog of a routine."""

    id: str
    version: int
    title: str
    template: str
    member: str
    client: str
    weekdays: list[str]
    at: str
    since: str


class TemplatesView(TypedDict):
    """The page."""

    ready: bool
    may: bool
    templates: list[TemplateRow]
    archived: list[TemplateRow]
    routines: list[RoutineRow]
    template_choices: list[Choice]
    client_choices: list[Choice]
    activity_choices: list[Choice]
    member_choices: list[Choice]


def templates_view(read: RoutinesRead, member_id: str) -> TemplatesView:
    """Return the page for a member."""
    used = [one for one in read.templates if not one.archived]
    by_id = {one.id: one for one in read.templates}
    members = {one.id: one.name for one in read.members}
    clients = {one.id: one.short_name for one in read.clients}
    return {
        "ready": True,
        "may": read.may_change_templates,
        "templates": [_template_row(read, one, place, len(used)) for place, one in enumerate(used)],
        "archived": [_template_row(read, one, 9, 9) for one in read.templates if one.archived],
        "routines": [
            {
                "id": one.id,
                "name": by_id[one.template_id].name,
                "about": _when(one) + f", {clients.get(one.client_id, 'an archived client')}",
                "member": members.get(one.member_id, "no longer active"),
                "own": one.member_id == member_id,
            }
            for one in read.routines
            if not by_id[one.template_id].archived
        ],
        "template_choices": [{"id": one.id, "name": one.name} for one in used],
        "client_choices": [{"id": one.id, "name": one.name} for one in read.clients],
        "activity_choices": [{"id": one.id, "name": one.name} for one in read.activities],
        "member_choices": [{"id": one.id, "name": one.name} for one in read.members],
    }


def no_templates() -> TemplatesView:
    """Return the page before anything is known, or when signed out."""
    return {
        "ready": False,
        "may": False,
        "templates": [],
        "archived": [],
        "routines": [],
        "template_choices": [],
        "client_choices": [],
        "activity_choices": [],
        "member_choices": [],
    }


def empty_template() -> TemplateFields:
    """Return the dialog of a new template."""
    return {
        "id": "",
        "version": 0,
        "title": "New template",
        "name": "",
        "activity": "",
        "duration": "0:30",
        "client": "",
        "campaign": "",
        "platform": "",
    }


def template_fields(template: TaskTemplate) -> TemplateFields:
    """Return the dialog of a template as it is saved."""
    return {
        "id": template.id,
        "version": template.version,
        "title": template.name,
        "name": template.name,
        "activity": template.activity_id,
        "duration": hours_minutes(template.default_seconds),
        "client": template.client_id or "",
        "campaign": template.campaign_id or "",
        "platform": template.platform,
    }


def empty_routine() -> RoutineFields:
    """Return the dialog of a new routine: on working days, at no time in particular."""
    return {
        "id": "",
        "version": 0,
        "title": "New routine",
        "template": "",
        "member": "",
        "client": "",
        "weekdays": list(WORKING_DAYS),
        "at": "",
        "since": "",
    }


def routine_fields(routine: Routine) -> RoutineFields:
    """Return the dialog of a routine as it is saved."""
    return {
        "id": routine.id,
        "version": routine.version,
        "title": "Routine",
        "template": routine.template_id,
        "member": routine.member_id,
        "client": routine.client_id,
        "weekdays": routine.weekdays.split(),
        "at": routine.starts_at,
        "since": routine.starts_on.isoformat(),
    }


def _template_row(read: RoutinesRead, template: TaskTemplate, place: int, count: int) -> TemplateRow:
    activity = next((one.name for one in read.activities if one.id == template.activity_id), "")
    client = next((one.name for one in read.clients if one.id == template.client_id), "")
    campaign = next((one.name for one in read.campaigns if one.id == template.campaign_id), "")
    about = [activity, client or "for the client in focus", campaign, template.platform]
    return {
        "id": template.id,
        "name": template.name,
        "about": " · ".join(filter(None, about)),
        "duration": prose(template.default_seconds),
        "key": str(place + 1) if place < 4 else "",
        "first": place == 0,
        "last": place == count - 1,
    }


def _when(routine: Routine) -> str:
    days = routine.weekdays.split()
    if days == list(WORKING_DAYS):
        said = "Monday to Friday"
    elif days == list(WEEKDAYS):
        said = "every day"
    else:
        said = ", ".join(day.title() for day in days)
    return f"{said}, at {routine.starts_at}" if routine.starts_at else f"{said}, at any time"
