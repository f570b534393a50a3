"""`/entries`: the list. What it is filtered by, and which page is on screen, is in the address."""

import asyncio

import reflex as rx

from agency_app.services.actor import Actor, today_of
from agency_app.services.find_entries import filter_of, find_entries, query_of
from agency_app.services.refusal import Refused
from agency_app.services.save_filter import drop_filter, save_filter
from agency_app.services.weeks import first_weekday_of
from agency_app.states.entries_view import EntriesView, entries_view, no_entries
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import SignedIn
from agency_app.states.pulse import OnScreen, bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import texts_of
from agency_app.states.workbench import Workbench


@shown_on("/entries")
class Entries(OnScreen, SignedIn, rx.State):
    """State of `/entries`."""

    save_error: str = ""
    save_serial: int = 0

    @rx.var
    async def view(self) -> EntriesView:
        """The page of the list that the address asks for; nothing while another page is on screen."""
        actor = await self._reader()
        if actor is None:
            return no_entries()
        typed = {name: str(value) for name, value in self.router.url.query_parameters.items()}
        try:
            return await shared_reading(_view_of, actor, tuple(sorted(typed.items())))
        except Refused as refused:
            return no_entries(refused.message, typed)

    @rx.event
    async def ask(self, data: dict):
        """Go to the address of what was chosen."""
        if await actor_of(self) is None:
            return to_sign_in()
        try:
            query = query_of(texts_of(data))
        except Refused as refused:
            return (await self.get_state(Workbench))._say(refused.message, kind="bad")
        return rx.redirect(f"/entries?{query}" if query else "/entries")

    @rx.event
    async def save(self, data: dict):
        """Save what the address asks under a name."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        query = query_of({key: str(value) for key, value in self.router.url.query_parameters.items()})
        try:
            await asyncio.to_thread(save_filter, actor, texts_of(data).get("name", ""), query)
        except Refused as refused:
            self.save_error = refused.message
            return None
        self.save_error = ""
        self.save_serial += 1
        await self._said(actor, "Filter saved")
        return None

    @rx.event
    async def drop(self, filter_id: str):
        """Take a saved filter away; the toast brings it back."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            undo_id = await asyncio.to_thread(drop_filter, actor, str(filter_id))
        except Refused as refused:
            await self._said(actor, refused.message, kind="bad")
            return None
        await self._said(actor, "Filter removed", undo_id)
        return None

    async def _said(self, actor: Actor, text: str, undo_id: str = "", *, kind: str = "ok") -> None:
        """Say what came of it by the toast, which can undo it, and let every open tab read again."""
        (await self.get_state(Workbench))._say(text, undo_id, kind=kind)
        if kind == "ok":
            await bump(self, actor.workspace_id)


def _view_of(actor: Actor, address: tuple[tuple[str, str], ...]) -> EntriesView:
    typed = dict(address)
    today = today_of(actor)
    found = find_entries(
        actor, filter_of(typed, today, first_weekday_of(actor)), typed.get("after", ""), typed.get("before", "")
    )
    return entries_view(found, typed, actor, today)
