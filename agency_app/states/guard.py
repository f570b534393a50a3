"""Who is behind a tab, and the one gate that every event of every tab passes: nobody signed in, nothing happens."""

import asyncio

import reflex as rx
from reflex.app import App
from reflex.event import Event, EventSpec
from reflex.state import BaseState, StateUpdate

from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_to_remember, remembered_actor
from agency_app.web.session_cookie import token_of_header

_LEAVE = (
    "window.location.assign('/sign-in?next=' + encodeURIComponent(window.location.pathname + window.location.search))"
)


class SignedInMiddleware(rx.Middleware):
    """Refuses every event of a tab without a live session, and sends the tab to the sign-in.

    There are no exceptions: hydration, too, would send what the tab held when its member was still signed in.
    """

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return None to let the event happen, or the way to the sign-in in its place."""
        if await actor_of(state) is not None:
            return None
        return StateUpdate(events=Event.from_event_type(to_sign_in()))


async def actor_of(state: BaseState) -> Actor | None:
    """Return the member signed in behind a state's tab, by the HttpOnly cookie of its connection, or None.

    An answer is remembered for at most two seconds, so that one gesture asks the database once.
    """
    token = token_of_header(state.router.headers.cookie or "")
    if not token:
        return None
    return remembered_actor(token) or await asyncio.to_thread(actor_to_remember, token)


def to_sign_in() -> EventSpec:
    """Return the event that leaves the page for the sign-in, which leads back here.

    `rx.redirect` cannot: within the app the router would look for a page of that name, and outside it opens a new tab.
    """
    return rx.call_script(_LEAVE)
