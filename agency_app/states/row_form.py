"""A form over one row: opened with a version, saved in one go, and never over what somebody else saved meanwhile."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.row_form import Outdated, Saved
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Toasting
from agency_app.states.pulse import bump
from agency_app.web.protection import safe_address

LONGEST_INPUT = 2000


class RowForm(Toasting, rx.State, mixin=True):
    """What the pages with such a form share. `form` fills the inputs, `kept` says what the database holds: the two
    differ only after somebody else was faster. What is typed stays in the tab until it is saved (assets/row_form.js).
    """

    form: dict[str, str] = {}
    kept: dict[str, str] = {}
    form_version: int = 0
    form_serial: int = 0
    """Counts the fillings of the form; 0 while there is none, as for those who may only look."""
    errors: dict[str, str] = {}
    notes: dict[str, str] = {}
    form_error: str = ""

    @rx.event
    async def save(self, data: dict):
        """Save the form as it was sent; an error stands beside its field and what was typed stays."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        read = _typed(data)
        if read is None:
            self.form_error = "The form could not be read. Reload the page: what you typed comes back."
            return None
        typed, version = read
        self.errors, self.notes, self.form_error = {}, {}, ""
        try:
            saved = await asyncio.to_thread(self._saving(actor), version, typed)
            values, version = await asyncio.to_thread(self._reading(actor))
        except FieldsRefused as refused:
            self.errors = refused.errors
            self.form_error = "Nothing is saved yet. Mend what is marked, then save again."
            return self._settle("errors")
        except Outdated as outdated:
            return self._rebase(typed, outdated)
        except Refused as refused:
            self.form_error = refused.message
            return None
        self._fill(values, values, version)
        self._say("Saved" if saved.changed else "Saved already: nothing had changed")
        await bump(self, actor.workspace_id)
        return self._settle("saved")

    @rx.event
    async def show_newest(self):
        """Fill the form with what is saved now; what was typed and not saved is put back by the tab."""
        return await self._open("restore")

    @rx.event
    async def discard(self):
        """Put away what was typed and show what is saved."""
        return await self._open("saved")

    def _saving(self, actor: Actor) -> Callable[[int, Mapping[str, str]], Saved]:
        """Return the service that saves the form of this page."""
        raise NotImplementedError

    def _reading(self, actor: Actor) -> Callable[[], tuple[dict[str, str], int]]:
        """Return what reads the row of this page as text, with its version; no version for those who may not save."""
        raise NotImplementedError

    async def _open(self, how: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            values, version = await asyncio.to_thread(self._reading(actor))
        except Refused:
            values, version = {}, 0
        self.errors, self.notes, self.form_error = {}, {}, ""
        self._put_toast_away()  # what was saved on an earlier visit is not news
        self._fill(values, values, version)
        if not version:
            self.form_serial = 0
            return None
        return self._settle(how)

    def _fill(self, form: dict[str, str], kept: dict[str, str], version: int) -> None:
        self.form, self.kept, self.form_version = form, kept, version
        self.form_serial += 1

    def _rebase(self, typed: Mapping[str, str], outdated: Outdated):
        """Show what somebody else saved, with what this member changed still in its inputs, and marked where both
        changed the same."""
        now, seen = dict(outdated.now), outdated.seen or {}
        mine = {name: text for name, text in typed.items() if name in now and text != seen.get(name, now[name])}
        self.notes = {
            name: f"{outdated.by} saved “{now[name]}”. Saving again puts yours in its place."
            if now[name]
            else f"{outdated.by} emptied this. Saving again puts yours in its place."
            for name, text in mine.items()
            if text != now[name] and (not seen or name in outdated.changed)
        }
        self.form_error = outdated.message
        self._fill(now | mine, now, outdated.version)
        return self._settle("typed")

    def _settle(self, how: str):
        return rx.call_script(f"window.agencyForm.settle({self.form_serial}, '{how}')")

    def _back(self) -> str:
        """Return where the person came from to fill something in, or nothing."""
        back = self.router.url.query_parameters.get("back", "")
        return safe_address(back) if back and safe_address(back) == back else ""


def _typed(data: Any) -> tuple[dict[str, str], int] | None:
    """Return the inputs of a form and its version, or None for anything that no form of ours sends."""
    if not isinstance(data, dict):
        return None
    typed = {str(name): text.replace("\r\n", "\n") for name, text in data.items() if isinstance(text, str)}
    version = typed.pop("version", "")
    if len(typed) != len(data) - 1 or any(len(text) > LONGEST_INPUT for text in typed.values()):
        return None
    return (typed, int(version)) if version.isascii() and version.isdigit() and len(version) < 10 else None
