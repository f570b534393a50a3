"""`/settings`: what the agency says of itself on invoices, and what its clients and numbers start with."""

from collections.abc import Callable, Mapping
from typing import TypedDict

import reflex as rx
from babel import Locale

from agency_app.documents import wording
from agency_app.documents.translation import LANGUAGES
from agency_app.domain.weeks import WEEK_STARTS
from agency_app.services.actor import Actor
from agency_app.services.change_workspace import LOCALES, change_workspace
from agency_app.services.number_series import KINDS, number_of, read_pattern
from agency_app.services.read_settings import NextNumber, read_settings
from agency_app.services.refusal import Refused
from agency_app.services.row_form import Saved
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import SignedIn
from agency_app.states.pulse import OnScreen, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.row_form import LONGEST_INPUT, RowForm
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


WEEK_CHOICES: list[Choice] = [{"id": word, "name": word.capitalize()} for word in WEEK_STARTS]
PATTERNS = {"invoice": "invoice_pattern", "credit_note": "credit_pattern"}
YEARLY_WORDS = {"yearly": "From 1 every year", "on": "On and on"}
YEARLY_CHOICES: list[Choice] = [{"id": key, "name": name} for key, name in YEARLY_WORDS.items()]


def _number_words(kind: str, following: NextNumber, typed: str, name: str) -> str:
    """Return what stands below a pattern: the next number, and what another pattern would give."""
    held = f"The next {kind} is {following.number}."
    try:
        pattern = read_pattern(typed, name)
    except Refused as refused:
        return f"{held} {refused.message}"
    first, second = (number_of(pattern, following.changes_hold_from, count) for count in (1, 2))
    return f"{held} From {following.changes_hold_from} this pattern gives {first}, {second} and so on."


class SettingsView(TypedDict):
    """What the page says besides the form's own inputs; `facts` are the fields in words, for those who only look."""

    ready: bool
    may_change: bool
    facts: dict[str, str]
    numbers: dict[str, str]
    newer: bool
    back: str


@shown_on("/settings")
class Settings(OnScreen, RowForm, SignedIn, rx.State):
    """State of `/settings`."""

    typed_patterns: dict[str, str] = {}
    """The patterns of numbers as they were typed, for their preview."""

    @rx.var
    async def view(self) -> SettingsView:
        """The settings as they are now, and whether the form on screen is older."""
        actor = await self._reader()
        if actor is None:
            return {"ready": False, "may_change": False, "facts": {}, "numbers": {}, "newer": False, "back": ""}
        read = await shared_reading(read_settings, actor)
        words = {choice["id"]: choice["name"] for choice in LOCALE_CHOICES}
        facts = {
            **read.values,
            "payment_terms_days": f"{read.values['payment_terms_days']} days",
            "vat_rate": f"{read.values['vat_rate']} %" if read.values["vat_rate"] else "",
            "alert_under_serviced": "Told" if read.values["alert_under_serviced"] == "yes" else "Not told",
            "approval": next(one["name"] for one in APPROVAL_CHOICES if one["id"] == read.values["approval"]),
            **{name: YEARLY_WORDS[read.values[name]] for name in ("invoice_yearly", "credit_yearly")},
            "first_weekday": read.values["first_weekday"].capitalize(),
            "locale": words.get(read.values["locale"], read.values["locale"]),
        }
        return {
            "ready": True,
            "may_change": read.may_change,
            "facts": facts,
            "numbers": {
                name: _number_words(
                    KINDS[kind], read.numbers[kind], self.typed_patterns.get(name, read.values[name]), name
                )
                for kind, name in PATTERNS.items()
            },
            "newer": bool(self.form_version) and self.form_version != read.version,
            "back": self._back(),
        }

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

    @rx.event
    async def preview_pattern(self, name: str, typed: str):
        """Show what a pattern that was typed would give."""
        if name in PATTERNS.values() and isinstance(typed, str):
            self.typed_patterns = {**self.typed_patterns, name: typed[:LONGEST_INPUT]}

    def _saving(self, actor: Actor) -> Callable[[int, Mapping[str, str]], Saved]:
        return lambda version, typed: change_workspace(actor, version, typed)

    def _reading(self, actor: Actor) -> Callable[[], tuple[dict[str, str], int]]:
        def read() -> tuple[dict[str, str], int]:
            settings = read_settings(actor)
            return settings.values, settings.version if settings.may_change else 0

        return read
