"""The client in focus on the workbench: the burn-down, the draft, and the step from the draft to the invoice."""

import asyncio
from datetime import date, timedelta

import reflex as rx

from agency_app.services.actor import Actor, today_of
from agency_app.services.before_finalising import before_finalising
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.read_draft import read_draft
from agency_app.services.read_retainers import read_periods_on
from agency_app.services.refusal import NotReady, Refused
from agency_app.states.checks import Check, checks_of
from agency_app.states.focus_view import focus_view, no_focus
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.on_week import OnWeek
from agency_app.states.pulse import bump
from agency_app.states.readings import shared_reading
from agency_app.states.views import Focus
from agency_app.states.week_view import address, finalising_address


class ClientInFocus(OnWeek, rx.State, mixin=True):
    """The client at the right of the week."""

    finalise_error: str = ""
    finalise_reasons: list[Check] = []
    finalise_notes: list[Check] = []
    busy: bool = False

    @rx.var
    async def focus(self) -> Focus:
        """The focused client's burn-down and draft."""
        actor = await self._reader()
        if actor is None or not self.week or not self.focus_id:
            return no_focus()
        today = today_of(actor)
        day = _focus_day(date.fromisoformat(self.week), today)
        try:
            return await shared_reading(_focus_of, actor, self.focus_id, day, today, alike=True)
        except Refused:
            return no_focus()

    @rx.event
    async def choose_focus(self, client_id: str):
        """Put another client in focus; the address says so too."""
        actor = await actor_of(self)
        if actor is not None and str(client_id) in {choice["id"] for choice in self.client_choices}:
            return rx.redirect(address(self._day_on_screen(actor), str(client_id)))
        return None

    @rx.event
    async def review(self):
        """Open the draft in the builder."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        day, client_id = _focus_day(await self._first_day(actor), today_of(actor)), await self._focused(actor)
        try:
            invoice_id = await asyncio.to_thread(open_draft, actor, client_id, day)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        return rx.redirect(f"/invoices/{invoice_id}")

    @rx.event
    async def ask_finalise(self):
        """Open the one question that is asked."""
        actor = await actor_of(self)
        if actor is None or not self.focus_id:
            return to_sign_in()
        first_day = await self._first_day(actor)
        day = _focus_day(first_day, today_of(actor))
        try:
            known = await asyncio.to_thread(before_finalising, actor, self.focus_id, day)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        back = finalising_address(first_day, self.focus_id)
        self.finalise_error = ""
        self.finalise_reasons = checks_of(known.stops, self.focus_id, back)
        self.finalise_notes = checks_of(known.notes, self.focus_id, back)
        return rx.call_script("window.agency.open('finalise-dialog')")

    @rx.event
    async def finalise(self):
        """Finalise the draft in focus as it is on screen, and download its PDF."""
        actor = await actor_of(self)
        if actor is None or not self.week or not self.focus_id:
            return
        focus = await self.focus  # pyright: ignore[reportGeneralTypeIssues]
        day = date.fromisoformat(focus["day"])
        client_id, version = self.focus_id, focus["version"]
        self.busy, self.finalise_reasons = True, []
        yield
        try:
            done = await asyncio.to_thread(finalise_invoice, actor, client_id, day, version)
        except NotReady as refused:
            back = finalising_address(date.fromisoformat(self.week), client_id)
            self.finalise_reasons = checks_of(refused.reasons, client_id, back)
            self.finalise_error, self.busy = "", False
            return
        except Refused as refused:
            self.finalise_error = refused.message
            self.busy = False
            return
        self.busy = False
        self.finalise_error = ""
        self._say(f"{done.number} is final. Its PDF is downloading.")
        await bump(self, actor.workspace_id)
        yield rx.call_script(
            f"window.agency.close('finalise-dialog'); window.agency.download('/invoices/{done.invoice_id}/pdf')"
        )


def _focus_of(actor: Actor, focus_id: str, day: date, today: date) -> Focus:
    live = read_draft(actor, focus_id, day)
    held = read_periods_on(actor, focus_id, day, today)
    return focus_view(live, held, day, today, live.invoiced_on)


def _focus_day(first_day: date, today: date) -> date:
    """The day whose period is in focus: today when it is in the week, else the middle of the week."""
    return today if first_day <= today <= first_day + timedelta(days=6) else first_day + timedelta(days=3)
