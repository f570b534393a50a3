"""A page of the settings with a row for each thing: what is refused stands at its row, what is done is said by the toast."""

import asyncio
from collections.abc import Callable

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page, Toasting
from agency_app.states.pulse import bump

NEW = "new"
"""The row of the form that adds one."""


class RowsPage(Page, Toasting, rx.State, mixin=True):
    """What such pages share."""

    error_of: str = ""
    """The row that was refused."""
    error: str = ""
    form_serial: int = 0
    """Counts what was added, so that the form of a new one is empty again."""

    def _arrive(self) -> None:
        self.error_of = self.error = ""
        self._put_toast_away()

    async def _do(self, row: str, act: Callable[[Actor], str], *, undo: bool = False):
        """Do something to a row for the signed-in member; `act` returns what the toast says of it, with an undo or not."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self.error_of = self.error = ""
        try:
            said = await asyncio.to_thread(act, actor)
        except Refused as refused:
            self.error_of, self.error = row, refused.message
            if not row:
                self._say(refused.message, kind="bad")
            return None
        self.form_serial += 1 if row == NEW else 0
        self._say(said, "undo" if undo else "")
        await bump(self, actor.workspace_id)
        return None


def row_in(data: object, field: str = "id") -> str:
    """Return the row that a form names in a field of its own, "" where it names none."""
    named = data.get(field) if isinstance(data, dict) else None
    return named if isinstance(named, str) else ""
