"""What the states of pages share: who is signed in, the arrival on the page, and the toast that says what came of it."""

import time
from datetime import date

import reflex as rx

from agency_app.domain.kept_days import kept_day
from agency_app.services.actor import Actor, today_of
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import OnScreen, join
from agency_app.states.views import NO_TOAST, Choice, Toast

_TOAST_SECONDS = 8
"""So long a toast stands (app.css)."""


def day_asked(state: rx.State, actor: Actor) -> date:
    """Return the day that a page's address names as its week, or today."""
    try:
        return kept_day(state.router.url.query_parameters.get("week", ""))
    except ValueError:
        return today_of(actor)


class SignedIn(rx.State, mixin=True):
    """A page under the bar that names the member."""

    @rx.var
    async def me(self) -> Choice:
        """The signed-in member: initials and name."""
        actor = await actor_of(self)
        return {"id": actor.initials, "name": actor.name} if actor else {"id": "", "name": ""}


class Page(OnScreen, SignedIn, rx.State, mixin=True):
    """A page under that bar that is kept up to date from the arrival on."""

    @rx.event
    async def load(self):
        """Follow the workspace from now on."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self._arrive()
        await join(self, actor.workspace_id)
        return None

    def _arrive(self) -> None:
        """Put away what an earlier visit to the page left on it."""


class Toasting(rx.State, mixin=True):
    """A page that says in a toast what came of a gesture."""

    toast: Toast = NO_TOAST
    _said_at: float = 0.0

    @rx.event
    async def dismiss_toast(self):
        """Put the toast away."""
        self._put_toast_away()

    def _put_toast_away(self) -> None:
        self.toast = {**NO_TOAST, "serial": self.toast["serial"]}

    def _put_old_toast_away(self) -> None:
        """Put away on a later arrival what is no news any more; its change stays among the recent ones, to undo."""
        if time.time() - self._said_at > _TOAST_SECONDS:
            self._put_toast_away()

    def _say(self, text: str, undo_id: str = "", *, kind: str = "ok", show: str = "", on_phone: bool = False) -> None:
        self._said_at = time.time()
        self.toast = {
            "serial": self.toast["serial"] + 1,
            "kind": kind,
            "text": text,
            "undo_id": undo_id,
            "show": show,
            "show_class": "on-phone" if on_phone else "",
        }
