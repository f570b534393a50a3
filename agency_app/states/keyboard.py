"""Whether single keys are shortcuts for the member of a tab."""

import asyncio

import reflex as rx

from agency_app.services.member_preferences import set_single_keys, single_keys
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page
from agency_app.states.pulse import Pulse, bump
from agency_app.states.readings import shared_reading
from agency_app.states.typed import UNREADABLE


class Keyboard(Page, rx.State):
    """State of the keyboard's switch, read by every page and changed on `/settings/keyboard` and in the list of keys."""

    error: str = ""

    @rx.var
    async def keys(self) -> str:
        """`on` or `off`."""
        _ = (await self.get_state(Pulse)).revision
        actor = await actor_of(self)
        return "on" if actor is None or await shared_reading(single_keys, actor) else "off"

    def _arrive(self) -> None:
        self.error = ""

    @rx.event
    async def switch(self, on: bool):
        """Switch single keys on or off."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            if not isinstance(on, bool):
                raise Refused(UNREADABLE)
            await asyncio.to_thread(set_single_keys, actor, on)
        except Refused as refused:
            self.error = refused.message
            return None
        self.error = ""
        await bump(self, actor.workspace_id)
        return None
