"""Change the task templates that every member logs from: make one, change it, put them in order, archive one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlmodel import Session

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.services.actor import Actor, acting, record
from agency_app.services.log_time import known_activity, known_campaign, known_client
from agency_app.services.refusal import NotFound, Refused, Stale
from agency_app.services.typed_text import typed_line
from agency_app.store import routines
from agency_app.tables import TaskTemplate

MAY_CHANGE_TEMPLATES = ("owner", "lead")
PLATFORMS = ("Meta", "Google Ads", "TikTok", "LinkedIn", "Call", "Report")


@dataclass(frozen=True)
class TemplateForm:
    """A template as people fill it in; empty texts for no client, no campaign and no platform. Length in seconds."""

    name: str
    activity_id: str
    seconds: int
    client_id: str = ""
    campaign_id: str = ""
    platform: str = ""

    @classmethod
    def of_form(cls, typed: Mapping[str, str]) -> Self:
        """Return what was typed. Raises Refused naming "duration" when that is no length."""
        try:
            seconds = parse_duration(typed.get("duration", ""))
        except DurationError as error:
            raise Refused(str(error), "duration") from error
        return cls(
            typed.get("name", ""),
            typed.get("activity", ""),
            seconds,
            typed.get("client", ""),
            typed.get("campaign", ""),
            typed.get("platform", ""),
        )


def add_template(actor: Actor, form: TemplateForm) -> str:
    """Add a template after the others and return its id.

    Raises NotAllowed by role, and Refused naming the field: a name that is missing, too long or taken, an unknown
    activity, client, campaign or platform. Nothing is saved then.
    """
    with acting(actor, *MAY_CHANGE_TEMPLATES) as session:
        there = routines.every_template(session, actor.workspace_id)
        template = TaskTemplate(workspace_id=actor.workspace_id, name="", activity_id="", default_seconds=0)
        template.position = max((one.position for one in there), default=-1) + 1
        _fill(session, actor, template, form)
        session.add(template)
        session.flush()
        record(session, actor, "add_template", template.id, before=None, after=template)
        return template.id


def change_template(actor: Actor, template_id: str, version: int, form: TemplateForm) -> None:
    """Change a template; what was logged from it stays. Raises as `add_template` does, NotFound, and Stale."""
    with acting(actor, *MAY_CHANGE_TEMPLATES) as session:
        template = _known(session, actor, template_id)
        if template.version != version:
            raise Stale("Somebody changed this template meanwhile. Close this and open it again to see how it is now.")
        before = template.model_copy()
        _fill(session, actor, template, form)
        _save(session, actor, "change_template", before, template)


def place_template(actor: Actor, template_id: str, steps: int) -> None:
    """Move a template some places down among those in use (up when negative), as far as there are places.

    The first four are placed by the keys 1 to 4. Raises NotAllowed by role and NotFound.
    """
    with acting(actor, *MAY_CHANGE_TEMPLATES) as session:
        template = _known(session, actor, template_id)
        everything = routines.every_template(session, actor.workspace_id)
        shown = [one for one in everything if not one.archived and one.id != template.id]
        now = next((at for at, one in enumerate(o for o in everything if not o.archived) if one.id == template.id), 0)
        shown.insert(min(max(now + steps, 0), len(shown)), template)
        for position, one in enumerate([*shown, *(one for one in everything if one.archived)]):
            one.position = position
            session.add(one)
        session.flush()
        record(session, actor, "place_template", template.id, order=[one.id for one in shown])


def archive_template(actor: Actor, template_id: str, *, archived: bool = True) -> str:
    """Put a template away, or bring it back, and return its name. Its routines ask for nothing while it is away.

    Raises NotAllowed by role and NotFound.
    """
    with acting(actor, *MAY_CHANGE_TEMPLATES) as session:
        template = _known(session, actor, template_id)
        before = template.model_copy()
        template.archived = archived
        _save(session, actor, "archive_template", before, template)
        return template.name


def _known(session: Session, actor: Actor, template_id: str) -> TaskTemplate:
    template = routines.template(session, actor.workspace_id, template_id)
    if template is None:
        raise NotFound("That template is not there any more.", "template")
    return template


def _fill(session: Session, actor: Actor, template: TaskTemplate, form: TemplateForm) -> None:
    name = typed_line(form.name, "name", "Give it a name, as people will see it on the week.")
    for other in routines.every_template(session, actor.workspace_id):
        if other.id != template.id and other.name.casefold() == name.casefold():
            away = " among the archived ones" if other.archived else ""
            raise Refused(f"There is a template of that name{away}. Choose another name.", "name")
    if form.campaign_id and not form.client_id:
        raise Refused("A campaign belongs to a client: choose the client first.", "campaign")
    client = known_client(session, actor, form.client_id) if form.client_id else None
    campaign = known_campaign(session, client, form.campaign_id) if client else None
    if form.platform and form.platform not in PLATFORMS:
        raise Refused(f"Choose one of: {', '.join(PLATFORMS)}.", "platform")
    template.name = name
    template.activity_id = known_activity(session, actor, form.activity_id).id
    template.default_seconds = form.seconds
    template.client_id = client.id if client else None
    template.campaign_id = campaign.id if campaign else None
    template.platform = campaign.platform if campaign else form.platform


def _save(session: Session, actor: Actor, verb: str, before: TaskTemplate, template: TaskTemplate) -> None:
    template.version += 1
    session.add(template)
    session.flush()
    record(session, actor, verb, template.id, before=before, after=template)
