"""Everything is refused unless signed in: each event passes here, and each state asks here who is acting."""

import asyncio
import time
from http.cookies import CookieError, SimpleCookie

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState, OnLoadInternalState, StateUpdate

from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_of_token
from agency_app.web.cookie import COOKIE

_REMEMBERED_SECONDS = 2.0
_remembered: dict[str, tuple[float, Actor | None]] = {}


_STATE = rx.State.get_full_name()
_OPENING = {f"{_STATE}.{name}" for name in ("hydrate", "hydrate_and_load", "set_is_hydrated")} | {
    f"{OnLoadInternalState.get_full_name()}.{name}" for name in ("on_load_internal", "set_is_hydrated")
}
"""Reflex's own events that open a page. They carry what the computed vars give, and that is empty when signed out."""


class SignedInMiddleware(rx.Middleware):
    """Stops every event of a browser that is not signed in, background and chained ones included."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event through for a signed-in member; otherwise answer with the way to the sign-in page.

        Setting a var by its name is for nobody: what a browser may change, it changes by an event that checks it.
        """
        if event.name.rsplit(".", 1)[-1] == "setvar":
            return StateUpdate()
        if event.name in _OPENING or await actor_of(state) is not None:
            return None
        return StateUpdate(events=Event.from_event_type(rx.redirect("/sign-in", is_external=True)))


async def actor_of(state: BaseState) -> Actor | None:
    """Return the member whose session cookie came with the tab's connection, or None when signed out.

    The answer is remembered for two seconds, so that the vars of one gesture ask the database once.
    """
    token = _token_of(str(state.router.headers.cookie or ""))
    if not token:
        return None
    known = _remembered.get(token)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    actor = await asyncio.to_thread(actor_of_token, token)
    if len(_remembered) > 1000:
        _remembered.clear()
    _remembered[token] = (time.monotonic() + _REMEMBERED_SECONDS, actor)
    return actor


def _token_of(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
