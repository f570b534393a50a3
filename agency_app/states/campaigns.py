"""The campaigns on a client's page: added, renamed, put away and brought back."""

import asyncio
from collections.abc import Callable

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.change_campaigns import (
    CampaignForm,
    add_campaign,
    archive_campaign,
    change_campaign,
)
from agency_app.services.read_clients import read_client
from agency_app.services.refusal import Refused
from agency_app.states.clients import Clients
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.typed import texts_of
from agency_app.tables.client import NO_PLATFORM


class Campaigns(rx.State):
    """The dialog of one campaign; what is typed stays in the tab until it is saved."""

    campaign_id: str = ""
    name: str = ""
    platform: str = ""
    account: str = ""
    error: str = ""
    serial: int = 0

    @rx.event
    async def ask(self, campaign_id: str = ""):
        """Open the dialog for a campaign, or (empty) for a new one."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            read = await asyncio.to_thread(read_client, actor, self._client_in_address())
        except Refused:
            return None
        found = next((one for one in read.campaigns if one.id == str(campaign_id)), None)
        self.campaign_id, self.name, self.platform, self.account = (
            (found.id, found.name, "" if found.platform == NO_PLATFORM else found.platform, found.account)
            if found
            else ("", "", "", "")
        )
        self.error = ""
        self.serial += 1
        return rx.call_script("window.agency.open('campaign-dialog')")

    @rx.event
    async def save(self, data: dict):
        """Save the dialog."""
        campaign_id, client_id = self.campaign_id, self._client_in_address()

        def act(actor: Actor) -> str:
            typed = texts_of(data)
            form = CampaignForm(typed.get("name", ""), typed.get("platform", ""), typed.get("account", ""))
            if campaign_id:
                change_campaign(actor, campaign_id, form)
            else:
                add_campaign(actor, client_id, form)
            return f"{' '.join(form.name.split())} is saved"

        return await self._do(act)

    @rx.event
    async def archive(self, campaign_id: str):
        """Put a campaign away; it stays in the list of the archived ones."""
        return await self._do(lambda actor: f"{archive_campaign(actor, str(campaign_id))} is archived")

    @rx.event
    async def bring_back(self, campaign_id: str):
        """Bring an archived campaign back."""
        return await self._do(
            lambda actor: f"{archive_campaign(actor, str(campaign_id), archived=False)} is back in use"
        )

    async def _do(self, act: Callable[[Actor], str]):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            said = await asyncio.to_thread(act, actor)
        except Refused as refused:
            self.error = refused.message
            return None
        self.error = ""
        (await self.get_state(Clients))._say(said)
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('campaign-dialog')")

    def _client_in_address(self) -> str:
        page, _, client_id = self.router.url.path.strip("/").partition("/")
        return client_id if page == "clients" else ""
