"""State of `/retainers` and `/retainers/[retainer_id]`: what is shown, and what is done to an agreement or a period."""

import asyncio
from collections.abc import Callable

import reflex as rx

from agency_app.domain.kept_days import kept_day
from agency_app.services.actor import Actor
from agency_app.services.agreement_form import day_of_form, scope_of_form, terms_of_form
from agency_app.services.change_agreement import (
    change_agreement,
    end_agreement,
    pause_agreement,
    resume_agreement,
    set_scope,
)
from agency_app.services.close_period import close_period, preview_close
from agency_app.services.decide_overage import decide_overage
from agency_app.services.late_work import decide_late_work, withdraw_late_work
from agency_app.services.read_profit import read_month_money
from agency_app.services.read_retainers import RetainerDetail, read_dashboard, read_retainer, today_of
from agency_app.services.refusal import Refused
from agency_app.services.retainer_notes import add_note, remove_note
from agency_app.states.agreement_view import activity_choices, agreed_from_words, campaign_choices, scope_rows
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page
from agency_app.states.pulse import bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.retainer_page import ClosingLine, RetainerPage, closing_lines, no_page, retainer_page
from agency_app.states.retainer_rows import RetainerList, day_shown, no_list, retainer_list
from agency_app.states.scope_rows import ScopeRow, blank_rows
from agency_app.states.typed import number_of, texts_of
from agency_app.states.views import Choice

_LONGEST = 4000
"""Characters of a field: more than a note may have, so that too long a one is refused and never cut."""


@shown_on("/retainers", "/retainers/*")
class Retainers(Page, rx.State):
    """The dashboard and the detail; each is empty while the other is on screen."""

    error: str = ""
    notice: str = ""
    closing: list[ClosingLine] = []
    closing_day: str = ""
    scope_rows: list[ScopeRow] = []
    scope_campaigns: list[Choice] = []
    scope_activities: list[Choice] = []
    scope_version: int = 0
    scope_serial: int = 0

    @rx.var
    async def listed(self) -> RetainerList:
        """Every retainer with the period of the month in the address."""
        actor = await self._reader("/retainers")
        if actor is None:
            return no_list()
        query = self.router.url.query_parameters
        today = await shared_reading(today_of, actor)
        day = day_shown(query.get("month", ""), today)
        dashboard = await shared_reading(read_dashboard, actor, day)
        money = await shared_reading(read_month_money, actor, day)
        return retainer_list(dashboard, query.get("show", ""), query.get("sort", ""), today, money)

    @rx.var
    async def shown(self) -> RetainerPage:
        """The retainer in the address, with the period of the day in it."""
        actor = await self._reader()
        detail = await self._detail(actor)
        if actor is None or detail is None:
            return no_page()
        return retainer_page(detail, await shared_reading(today_of, actor), actor)

    def _arrive(self) -> None:
        self.error = self.notice = ""

    @rx.event
    async def ask(self, dialog_id: str):
        """Open one of the page's dialogs."""
        self.error = ""
        if dialog_id == "scope-dialog":
            detail = await self._detail(await actor_of(self))
            if detail is None:
                return None
            self.scope_rows, self.scope_version = scope_rows(detail), detail.read.retainer.version
            self.scope_campaigns, self.scope_activities = campaign_choices(detail), activity_choices(detail)
            self.scope_serial += 1
        if dialog_id in ("terms-dialog", "pause-dialog", "resume-dialog", "end-dialog", "scope-dialog"):
            return rx.call_script(f"window.agency.open('{dialog_id}')")
        return None

    @rx.event
    async def change_terms(self, data: dict):
        """Amend the agreement from the day typed."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            retainer = detail.read.retainer
            since = day_of_form(typed, "since")
            terms = terms_of_form(typed, detail.read.client.currency, retainer.starts_on)
            change_agreement(actor, retainer.id, _version(typed), since, terms, typed.get("note", ""))
            return agreed_from_words(read_retainer(actor, retainer.id), since)

        return await self._do(data, act, "terms-dialog")

    @rx.event
    async def pause(self, data: dict):
        """Rest the agreement from a day to another, or until further notice."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            first = day_of_form(typed, "first")
            last = day_of_form(typed, "last") if typed.get("last", "").strip() else None
            pause_agreement(actor, detail.read.retainer.id, _version(typed), first, last, typed.get("note", ""))
            return f"Paused from {first:%d %b %Y}."

        return await self._do(data, act, "pause-dialog")

    @rx.event
    async def end(self, data: dict):
        """Set the last day of the agreement, or take it away."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            last = day_of_form(typed, "last") if typed.get("last", "").strip() else None
            end_agreement(actor, detail.read.retainer.id, _version(typed), last)
            return f"Ends on {last:%d %b %Y}." if last else "Runs without an end."

        return await self._do(data, act, "end-dialog")

    @rx.event
    async def resume(self, data: dict):
        """Take a paused agreement up again on the day typed."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            day = day_of_form(typed, "day")
            resume_agreement(actor, detail.read.retainer.id, _version(typed), typed.get("pause", ""), day)
            return f"It runs again from {day:%d %b %Y}."

        return await self._do(data, act, "resume-dialog")

    @rx.event
    async def another_scope_row(self):
        """Offer one more campaign or activity to name."""
        self.scope_rows = [*self.scope_rows, *blank_rows(len(self.scope_rows), 1)]

    @rx.event
    async def set_scope(self, data: dict):
        """Say which work the retainer is for."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            scope = scope_of_form(typed)
            set_scope(actor, detail.read.retainer.id, _version(typed), scope)
            return "It is for the work that is named." if scope else "It is for all of the client's work."

        return await self._do(data, act, "scope-dialog")

    @rx.event
    async def note(self, data: dict):
        """Put a note on the retainer."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            add_note(actor, detail.read.retainer.id, typed.get("text", ""))
            return ""

        return await self._do(data, act, "")

    @rx.event
    async def unnote(self, note_id: str):
        """Take a note away."""

        def act(actor: Actor, _detail: RetainerDetail, typed: dict[str, str]) -> str:
            remove_note(actor, typed.get("note", ""))
            return "The note is taken away."

        return await self._do({"note": note_id}, act, "")

    @rx.event
    async def ask_close(self, first_day: str):
        """Tell what closing the period on screen would freeze, before it is done."""
        actor = await actor_of(self)
        detail = await self._detail(actor)
        if actor is None or detail is None:
            return None
        retainer, currency = detail.read.retainer, detail.read.client.currency
        self.closing_day, self.error, self.notice = str(first_day), "", ""
        try:
            day = day_of_form({"day": self.closing_day}, "day")
            self.closing = closing_lines(await asyncio.to_thread(preview_close, actor, retainer.id, day), currency)
        except Refused as refused:
            self.error = refused.message
            return None
        return rx.call_script("window.agency.open('close-dialog')")

    @rx.event
    async def close(self, first_day: str):
        """Close the period that was asked about."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            closed = close_period(actor, detail.read.retainer.id, day_of_form(typed, "day"))
            return "The period is closed." if len(closed) == 1 else f"{len(closed)} periods are closed."

        return await self._do({"day": first_day}, act, "close-dialog")

    @rx.event
    async def decide(self, first_day: str, decision: str):
        """Bill or absorb the overage of the period on screen."""

        def act(actor: Actor, detail: RetainerDetail, typed: dict[str, str]) -> str:
            decide_overage(actor, detail.read.retainer.id, day_of_form(typed, "day"), typed.get("decision", ""))
            return "The overage will be billed." if decision == "bill" else "The overage will be absorbed."

        return await self._do({"day": first_day, "decision": decision}, act, "")

    @rx.event
    async def place_late(self, data: dict):
        """Say where a piece of late work goes."""

        def act(actor: Actor, _detail: RetainerDetail, typed: dict[str, str]) -> str:
            decide_late_work(actor, typed.get("late", ""), typed.get("placement", ""), typed.get("reason", ""))
            return "The late work is placed."

        return await self._do(data, act, "")

    @rx.event
    async def withdraw_late(self, late_id: str):
        """Take a piece of late work back."""

        def act(actor: Actor, _detail: RetainerDetail, typed: dict[str, str]) -> str:
            withdraw_late_work(actor, typed.get("late", ""))
            return "The late work is withdrawn."

        return await self._do({"late": late_id}, act, "")

    async def _do(
        self, data: object, act: Callable[[Actor, RetainerDetail, dict[str, str]], str], dialog_id: str
    ) -> rx.event.EventSpec | None:
        """Validate what the browser sent, call one service, and say what it did or why it did not."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        detail = await self._detail(actor)
        if detail is None:
            self.error = "That retainer is not in this workspace."
            return None
        try:
            self.notice = await asyncio.to_thread(act, actor, detail, texts_of(data, _LONGEST))
        except Refused as refused:
            self.error, self.notice = refused.message, ""
            return None
        self.error = ""
        await bump(self, actor.workspace_id)
        return rx.call_script(f"window.agency.close('{dialog_id}')") if dialog_id else None

    async def _detail(self, actor: Actor | None) -> RetainerDetail | None:
        _, _, retainer_id = self.router.url.path.rstrip("/").partition("/retainers/")
        if actor is None or not retainer_id:
            return None
        try:
            day = kept_day(self.router.url.query_parameters.get("day", ""))
        except ValueError:
            day = None
        try:
            return await shared_reading(read_retainer, actor, retainer_id, day)
        except Refused:
            return None


def _version(typed: dict[str, str]) -> int:
    return number_of(typed.get("version", ""))
