"""The dialog that starts a retainer: on `/retainers` for any client, on a client's page for that one."""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.services.agreement_form import agreement_of_form
from agency_app.services.read_entry import entry_choices
from agency_app.services.refusal import Refused
from agency_app.services.start_agreement import start_agreement
from agency_app.states.agreement_view import TermsForm, no_terms
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.scope_rows import ScopeRow, blank_rows
from agency_app.states.typed import texts_of
from agency_app.states.views import Choice, campaign_name


class NewRetainer(rx.State):
    """What the dialog offers; what is typed stays in the tab until it is agreed."""

    client_id: str = ""
    starts_on: str = ""
    error: str = ""
    serial: int = 0
    clients: list[Choice] = []
    campaigns: list[Choice] = []
    activities: list[Choice] = []
    rows: list[ScopeRow] = []
    usual: TermsForm = no_terms()
    _campaigns_of: dict[str, list[Choice]] = {}

    @rx.event
    async def ask(self, client_id: str = ""):
        """Open the dialog, for a client where one is named."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        choices = await asyncio.to_thread(entry_choices, actor)
        billed = [client for client in choices.clients if not client.internal]
        self.clients = [{"id": client.id, "name": client.name} for client in billed]
        self.activities = [{"id": one.id, "name": one.name} for one in choices.activities]
        self._campaigns_of = {client.id: [] for client in billed}
        for one in choices.campaigns:
            self._campaigns_of.setdefault(one.client_id, []).append({"id": one.id, "name": campaign_name(one)})
        self.client_id = str(client_id) if str(client_id) in {one["id"] for one in self.clients} else ""
        self.campaigns = self._campaigns_of.get(self.client_id, [])
        self.starts_on = datetime.now(ZoneInfo(actor.zone)).date().replace(day=1).isoformat()
        self.rows, self.error = blank_rows(0), ""
        self.serial += 1
        return rx.call_script("window.agency.open('new-retainer-dialog')")

    @rx.event
    async def choose_client(self, client_id: str):
        """Offer the campaigns of the client that was chosen."""
        self.client_id = str(client_id)
        self.campaigns = self._campaigns_of.get(self.client_id, [])

    @rx.event
    async def another_row(self):
        """Offer one more campaign or activity to name."""
        self.rows = [*self.rows, *blank_rows(len(self.rows), 1)]

    @rx.event
    async def create(self, data: dict[str, Any]):
        """Start the retainer as it was typed, and go to its page."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            typed = texts_of(data)
            choices = await asyncio.to_thread(entry_choices, actor)
            currency = next((one.currency for one in choices.clients if one.id == typed.get("client")), "EUR")
            signed = agreement_of_form(typed, currency)
            retainer_id = await asyncio.to_thread(start_agreement, actor, signed)
        except Refused as refused:
            self.error = refused.message
            return None
        self.error = ""
        await bump(self, actor.workspace_id)
        return [
            rx.call_script("window.agency.close('new-retainer-dialog')"),
            rx.redirect(f"/retainers/{retainer_id}"),
        ]
