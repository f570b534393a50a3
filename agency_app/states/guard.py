"""Who is behind a tab, and the one gate that every event of every tab passes: nobody signed in, nothing happens."""

import asyncio
import inspect

import reflex as rx
from reflex.app import App
from reflex.event import Event, EventSpec
from reflex.state import BaseState, StateUpdate
from reflex_base.registry import RegistrationContext

from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_to_remember, remembered_actor
from agency_app.web.session_cookie import token_of_header

_LEAVE = (
    "window.location.assign('/sign-in?next=' + encodeURIComponent(window.location.pathname + window.location.search))"
)

_asked: dict[str, "asyncio.Future[Actor | None]"] = {}
"""What the database is being asked now, by the token of a session."""


class SignedInMiddleware(rx.Middleware):
    """Refuses every event of a tab without a live session, and sends the tab to the sign-in.

    There are no exceptions: hydration, too, would send what the tab held when its member was still signed in.
    """

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return None to let the event happen, or the way to the sign-in in its place."""
        if await actor_of(state) is not None:
            return None if _fits(event) else StateUpdate(events=Event.from_event_type(_unreadable()))
        return StateUpdate(events=Event.from_event_type(to_sign_in()))


def _fits(event: Event) -> bool:
    """Tell whether an event brings the arguments that its handler asks for. Reflex sees to its own handlers."""
    registered = RegistrationContext.get().event_handlers.get(event.name)
    if registered is None or not registered.handler.fn.__module__.startswith("agency_app."):
        return True
    try:
        inspect.signature(registered.handler.fn).bind(None, **event.payload)
    except TypeError:
        return False
    return True


def _unreadable() -> EventSpec:
    return rx.call_script(
        "window.agency.say('That could not be read, and nothing was changed. Reload the page, then try again.')"
    )


async def actor_of(state: BaseState) -> Actor | None:
    """Return the member signed in behind a state's tab, by the HttpOnly cookie of its connection, or None.

    An answer is remembered for at most two seconds, so that one gesture asks the database once. Those who ask while the
    database is being asked (each view of a tab that reads again does) wait for its answer.
    """
    token = token_of_header(state.router.headers.cookie or "")
    if not token:
        return None
    remembered = remembered_actor(token)
    if remembered is not None:
        return remembered
    if token not in _asked:
        _asked[token] = asyncio.ensure_future(asyncio.to_thread(actor_to_remember, token))
        _asked[token].add_done_callback(lambda _: _asked.pop(token, None))
    return await asyncio.shield(_asked[token])


def to_sign_in() -> EventSpec:
    """Return the event that leaves the page for the sign-in, which leads back here.

    `rx.redirect` cannot: within the app the router would look for a page of that name, and outside it opens a new tab.
    """
    return rx.call_script(_LEAVE)
