"""`/settings`: what the agency says of itself on invoices, and what its clients and numbers start with."""

from collections.abc import Callable, Mapping
from typing import TypedDict

import reflex as rx
from babel import Locale

from agency_app.documents import wording
from agency_app.documents.translation import LANGUAGES
from agency_app.services.actor import Actor
from agency_app.services.change_workspace import LOCALES, change_workspace
from agency_app.services.read_settings import read_settings
from agency_app.services.row_form import Saved
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import Pulse, join
from agency_app.states.readings import shared_reading
from agency_app.states.row_form import RowForm
from agency_app.states.views import Choice

EXAMPLE_MINOR = 123_450


def _language(locale: str) -> str:
    language = Locale.parse(locale).get_display_name("en")
    if locale.partition("_")[0] not in LANGUAGES:  # the figures are as there, the words are English
        language = f"English, figures as in {language}"
    return f"{language}, {wording.money(EXAMPLE_MINOR, 'EUR', locale)}"


APPROVAL_CHOICES: list[Choice] = [
    {"id": "off", "name": "No, whoever finalises decides"},
    {"id": "on", "name": "Yes, members submit and a lead approves"},
]
LOCALE_CHOICES: list[Choice] = [{"id": locale, "name": _language(locale)} for locale in LOCALES]


class SettingsView(TypedDict):
    """What the page says besides the form's own inputs; `facts` are the fields in words, for those who only look."""

    ready: bool
    may_change: bool
    facts: dict[str, str]
    next_number: str
    newer: bool
    back: str


class Settings(RowForm, rx.State):
    """State of `/settings`."""

    @rx.var
    async def view(self) -> SettingsView:
        """The settings as they are now, and whether the form on screen is older."""
        _ = (await self.get_state(Pulse)).revision
        actor = await actor_of(self)
        if actor is None or self.router.url.path.rstrip("/") != "/settings":  # another page must not pay for this one
            return {"ready": False, "may_change": False, "facts": {}, "next_number": "", "newer": False, "back": ""}
        read = await shared_reading(read_settings, actor)
        words = {choice["id"]: choice["name"] for choice in LOCALE_CHOICES}
        facts = {
            **read.values,
            "payment_terms_days": f"{read.values['payment_terms_days']} days",
            "vat_rate": f"{read.values['vat_rate']} %",
            "approval": next(one["name"] for one in APPROVAL_CHOICES if one["id"] == read.values["approval"]),
            "locale": words.get(read.values["locale"], read.values["locale"]),
        }
        return {
            "ready": True,
            "may_change": read.may_change,
            "facts": facts,
            "next_number": f"The next invoice is {read.next_number}. A changed pattern counts from "
            f"{read.pattern_from_year}.",
            "newer": bool(self.form_version) and self.form_version != read.version,
            "back": self._back(),
        }

    @rx.var
    async def me(self) -> Choice:
        """The signed-in member: initials and name."""
        actor = await actor_of(self)
        return {"id": actor.initials, "name": actor.name} if actor else {"id": "", "name": ""}

    @rx.var
    async def keep_as(self) -> str:
        """The name under which the tab keeps what this member typed here."""
        actor = await actor_of(self)
        return f"{actor.member_id}:settings" if actor else ""

    @rx.event
    async def load(self):
        """Fill the form; the field named in the address gets the focus."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        return await self._open("restore")

    def _saving(self, actor: Actor) -> Callable[[int, Mapping[str, str]], Saved]:
        return lambda version, typed: change_workspace(actor, version, typed)

    def _reading(self, actor: Actor) -> Callable[[], tuple[dict[str, str], int]]:
        def read() -> tuple[dict[str, str], int]:
            settings = read_settings(actor)
            return settings.values, settings.version if settings.may_change else 0

        return read
