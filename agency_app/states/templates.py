"""`/settings/templates`: the task templates of all, and the routines that put them on working days."""

import asyncio
from collections.abc import Callable

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.change_routines import RoutineForm, change_routine, start_routine, stop_routine
from agency_app.services.change_templates import (
    TemplateForm,
    add_template,
    archive_template,
    change_template,
    place_template,
)
from agency_app.services.read_routines import RoutinesRead, read_routines
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page, Toasting
from agency_app.states.pulse import bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.template_rows import (
    RoutineFields,
    TemplateFields,
    TemplatesView,
    empty_routine,
    empty_template,
    no_templates,
    routine_fields,
    template_fields,
    templates_view,
)
from agency_app.states.typed import UNREADABLE, texts_of
from agency_app.states.views import Choice, campaigns_to_choose


@shown_on("/settings/templates")
class Templates(Page, Toasting, rx.State):
    """State of `/settings/templates`."""

    template: TemplateFields = empty_template()
    routine: RoutineFields = empty_routine()
    campaign_choices: list[Choice] = []
    serial: int = 0
    """Counts the openings of a dialog, so that each begins with what is saved."""
    error: str = ""
    fault: str = ""
    _put_away: tuple[str, str] = ("", "")
    """What the toast can bring back: "template" or "routine", and its id."""

    @rx.var
    async def view(self) -> TemplatesView:
        """The page; nothing while another one is on screen."""
        actor = await self._reader()
        if actor is None:
            return no_templates()
        return templates_view(await shared_reading(read_routines, actor), actor.member_id)

    def _arrive(self) -> None:
        self._put_toast_away()

    @rx.event
    async def open_template(self, template_id: str):
        """Open the dialog for a template, or (empty) for a new one."""

        def fill(read: RoutinesRead) -> None:
            found = next((one for one in read.templates if one.id == str(template_id)), None)
            self.template = template_fields(found) if found else empty_template()
            self.campaign_choices = campaigns_to_choose(read.campaigns, self.template["client"])

        return await self._open("template-dialog", fill)

    @rx.event
    async def choose_client(self, client_id: str):
        """The template's client changed: offer its campaigns."""
        actor = await actor_of(self)
        if actor is None:
            return
        read = await asyncio.to_thread(read_routines, actor)
        self.campaign_choices = campaigns_to_choose(read.campaigns, str(client_id))

    @rx.event
    async def open_routine(self, routine_id: str):
        """Open the dialog for a routine, or (empty) for a new one of the member's own."""
        actor = await actor_of(self)

        def fill(read: RoutinesRead) -> None:
            found = next((one for one in read.routines if one.id == str(routine_id)), None)
            own = actor.member_id if actor else ""
            self.routine = routine_fields(found) if found else empty_routine() | {"member": own}  # pyright: ignore[reportAttributeAccessIssue]

        return await self._open("routine-dialog", fill)

    @rx.event
    async def save_template(self, data: dict):
        """Save the dialog of a template."""
        template_id, version = self.template["id"], self.template["version"]

        def act(actor: Actor, typed: dict[str, str]) -> str:
            form = TemplateForm.of_form(typed)
            if template_id:
                change_template(actor, template_id, version, form)
            else:
                add_template(actor, form)
            return f"{' '.join(form.name.split())} is saved"

        return await self._save("template-dialog", data, act)

    @rx.event
    async def save_routine(self, data: dict):
        """Save the dialog of a routine."""
        routine_id, version = self.routine["id"], self.routine["version"]

        def act(actor: Actor, typed: dict[str, str]) -> str:
            form = RoutineForm.of_form({"member": actor.member_id} | typed)
            if routine_id:
                change_routine(actor, routine_id, version, form)
            else:
                start_routine(actor, form)
            return "The routine is saved: it asks, and logs nothing by itself"

        return await self._save("routine-dialog", data, act)

    @rx.event
    async def place(self, template_id: str, steps: int):
        """Move a template one place up (-1) or down (1)."""
        if type(steps) is not int or abs(steps) != 1:
            return self._say(UNREADABLE, kind="bad")
        return await self._do(lambda actor: place_template(actor, str(template_id), steps), "Moved")

    @rx.event
    async def archive(self, template_id: str):
        """Put a template away; the toast brings it back."""
        return await self._do(
            lambda actor: f"{archive_template(actor, str(template_id))} is archived",
            undo=("template", str(template_id)),
        )

    @rx.event
    async def bring_back(self, template_id: str):
        """Bring an archived template back."""
        return await self._do(
            lambda actor: f"{archive_template(actor, str(template_id), archived=False)} is back in use"
        )

    @rx.event
    async def stop(self, routine_id: str):
        """Ask for a routine no more; the toast starts it again."""
        return await self._do(
            lambda actor: f"{stop_routine(actor, str(routine_id))} is not asked for any more",
            undo=("routine", str(routine_id)),
        )

    @rx.event
    async def undo(self):
        """Bring back what the toast tells of."""
        kind, put_away = self._put_away
        if kind == "template":
            return await self.bring_back(put_away)
        if kind == "routine":
            return await self._do(lambda actor: f"{stop_routine(actor, put_away, stopped=False)} is asked for again")
        return None

    async def _open(self, dialog: str, fill: Callable[[RoutinesRead], None]):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        fill(await asyncio.to_thread(read_routines, actor))
        self.error, self.fault = "", ""
        self.serial += 1
        return rx.call_script(f"window.agency.open('{dialog}')")

    async def _save(self, dialog: str, data: object, act: Callable[[Actor, dict[str, str]], str]):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            said = await asyncio.to_thread(act, actor, texts_of(data))
        except Refused as refused:
            self.error, self.fault = refused.message, refused.field
            return None
        self.error, self.fault, self._put_away = "", "", ("", "")
        self._say(said)
        await bump(self, actor.workspace_id)
        return rx.call_script(f"window.agency.close('{dialog}')")

    async def _do(self, act: Callable[[Actor], str | None], said: str = "", undo: tuple[str, str] = ("", "")):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            words = await asyncio.to_thread(act, actor)
        except Refused as refused:
            self._say(refused.message, kind="bad")
            return None
        self._put_away = undo
        self._say(words or said, "undo" if undo[0] else "")
        await bump(self, actor.workspace_id)
        return None
