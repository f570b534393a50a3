"""The logo on the settings page. The file itself goes over HTTP: here is what the page shows of it."""

from typing import TypedDict

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.change_logo import read_logo
from agency_app.services.change_workspace import MAY_CHANGE_WORKSPACE
from agency_app.states.guard import actor_of
from agency_app.states.pulse import OnScreen, bump, shown_on
from agency_app.states.readings import shared_reading


class LogoView(TypedDict):
    """The address of the picture, empty while there is none, and whether the member may change it."""

    address: str
    may_change: bool


@shown_on("/settings")
class LogoSettings(OnScreen, rx.State):
    """State of the logo's part of `/settings`."""

    @rx.var
    async def view(self) -> LogoView:
        """The logo as it is now; nothing while another page is on screen."""
        actor = await self._reader()
        if actor is None:
            return {"address": "", "may_change": False}
        digest = await shared_reading(_digest, actor)
        address = f"/settings/logo?{digest[:16]}" if digest else ""
        return {"address": address, "may_change": actor.role in MAY_CHANGE_WORKSPACE}

    @rx.event
    async def changed(self):
        """Tell every tab that the logo is another one; the upload has saved it."""
        actor = await actor_of(self)
        if actor is not None:
            await bump(self, actor.workspace_id)


def _digest(actor: Actor) -> str:
    logo = read_logo(actor)
    return logo.sha256 if logo else ""
