"""The workbench: the week, the offers, the focused client's burn-down and draft, and every gesture on them."""

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, Field, NaiveDatetime, ValidationError

from agency_app.documents import wording
from agency_app.domain.durations import DurationError, hours_minutes, parse_duration, prose
from agency_app.domain.weeks import first_of_week
from agency_app.services.actor import Actor
from agency_app.services.answer_routine import confirm_routine, dismiss_routine
from agency_app.services.before_finalising import before_finalising
from agency_app.services.change_entry import (
    EditEntry,
    delete_entry,
    edit_entry,
    move_to_day,
)
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.first_focus import first_focus
from agency_app.services.late_work import hand_in_late_work, is_late_work
from agency_app.services.log_time import Logged, LogTime, log_task, log_template, log_time
from agency_app.services.place_by_hand import STEPS, move_to_wall, nudge_entry, resize_to_walls
from agency_app.services.plan_task import PlanTask, drop_task, plan_task
from agency_app.services.read_billing import read_billing
from agency_app.services.read_draft import read_draft
from agency_app.services.read_entry import EntryChoices, entry_choices, last_changed_by, lock_of, read_entry
from agency_app.services.read_retainers import read_periods_on
from agency_app.services.read_week import read_week
from agency_app.services.recent_changes import change_of
from agency_app.services.refusal import Locked, NotReady, Refused, Stale
from agency_app.services.start_client import StartClient, start_client
from agency_app.services.undo_change import undo_change
from agency_app.services.weeks import first_weekday_of
from agency_app.states.billing_words import billing_facts
from agency_app.states.change_words import change_title, in_a_sentence
from agency_app.states.checks import Check, checks_of
from agency_app.states.focus_view import focus_view, no_focus
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.merged_entry import changed_words, merged, merged_words
from agency_app.states.page import SignedIn, Toasting
from agency_app.states.pulse import OnScreen, bump, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import form_of, texts_of
from agency_app.states.views import (
    Choice,
    EntryForm,
    Focus,
    WeekSide,
    campaigns_to_choose,
)
from agency_app.states.week_view import address, finalising_address, local_text, week_side
from agency_app.store.work import EntryRow

_LONGEST = 4000
"""Characters of a field: more than any may have, so that too long a one is refused by its name and never cut."""
_LONGEST_NIGHT = timedelta(hours=12)
_EARLIEST, _LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)


_CLOCK = r"^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"


class _Span(BaseModel):
    """A gesture on the week: wall times of the member's zone."""

    id: str = Field(default="", max_length=64)
    version: int = Field(default=0, ge=0)
    start: NaiveDatetime = Field(ge=_EARLIEST, le=_LATEST)
    end: NaiveDatetime = Field(ge=_EARLIEST, le=_LATEST)


class _Plan(BaseModel):
    """What the form of a planned task sends."""

    title: str = Field(default="", max_length=_LONGEST)
    client: str = Field(default="", max_length=64)
    activity: str = Field(default="", max_length=64)
    duration: str = Field(default="", max_length=_LONGEST)


class _Form(BaseModel):
    """What the entry dialog sends."""

    client: str = Field(max_length=64)
    retainer: str = Field(default="", max_length=64)
    campaign: str = Field(default="", max_length=64)
    activity: str = Field(max_length=64)
    note: str = Field(default="", max_length=2000)
    day: date = Field(ge=_EARLIEST.date(), le=_LATEST.date(), alias="date")
    start: str = Field(default="", pattern=_CLOCK)
    end: str = Field(default="", pattern=_CLOCK)
    duration: str = Field(default="", max_length=20)
    tags: str = Field(default="", max_length=500)
    billable: bool = False
    late: bool = False


EMPTY_FORM: EntryForm = {
    "id": "",
    "version": 0,
    "title": "",
    "client_id": "",
    "retainer_id": "",
    "campaign_id": "",
    "activity_id": "",
    "note": "",
    "date": "",
    "start": "",
    "end": "",
    "duration": "",
    "tags": "",
    "billable": True,
    "rate": "",
    "locked": "",
    "billing": [],
    "task": "",
}


@shown_on("/")
class Workbench(OnScreen, SignedIn, Toasting, rx.State):
    """State of `/`. The week and the client in focus come from the address; everything else from the database."""

    week: str = ""
    day: str = ""
    """The day of the week in the address, which a phone shows alone."""
    focus_id: str = ""
    form: EntryForm = EMPTY_FORM
    form_serial: int = 0
    form_error: str = ""
    newer: bool = False
    """Somebody changed the entry in the dialog since it was opened: the member chooses whose is kept."""
    late_offer: bool = False
    """The new entry in the dialog was refused because its period is closed: it can be handed in as late work."""
    client_choices: list[Choice] = []
    retainer_choices: list[Choice] = []
    campaign_choices: list[Choice] = []
    activity_choices: list[Choice] = []
    start_error: str = ""
    start_fault: str = ""
    """The control of the form for a client that the error is about; empty when it is about none."""
    start_on: str = ""
    start_serial: int = 0
    plan_error: str = ""
    plan_fault: str = ""
    """The control of the plan form that the error is about; empty when it is about none."""
    plan_serial: int = 0
    finalise_error: str = ""
    finalise_reasons: list[Check] = []
    finalise_notes: list[Check] = []
    busy: bool = False
    _seen: dict[str, object] = {}
    """The entry in the dialog as it was when the member last saw it."""
    _told_version: int = 0
    """The version of it that the member was told of when a deletion was refused."""
    _opened: tuple[datetime | None, datetime | None, int] | None = None

    # -- what is shown -------------------------------------------------------------------------------------------

    @rx.var
    async def side(self) -> WeekSide:
        """The week: its blocks, day heads, totals and offers, from one reading of the database."""
        actor = await self._reader()
        if actor is None or not self.week:
            return {
                "events": {"since": "", "rows": [], "kinds": [], "hints": []},
                "title": "",
                "number": "",
                "total": "",
                "empty": False,
                "previous": "/",
                "next": "/",
                "today": "/",
                "day_totals": {},
                "day_targets": {},
                "target": "",
                "gap": "",
                "gap_href": "/gaps",
                "zone": "UTC",
                "totals": [],
                "templates": [],
                "inbox": [],
                "inbox_summary": "",
                "questions": [],
                "first_day": 1,
                "snap": "15",
                "snap_duration": "00:15:00",
                "scroll": "",
            }
        return await shared_reading(_side_of, actor, date.fromisoformat(self.week), self.focus_id, _today(actor))

    @rx.var
    async def focus(self) -> Focus:
        """The focused client's burn-down and draft."""
        actor = await self._reader()
        if actor is None or not self.week or not self.focus_id:
            return no_focus()
        today = _today(actor)
        day = _focus_day(date.fromisoformat(self.week), today)
        try:
            return await shared_reading(_focus_of, actor, self.focus_id, day, today, alike=True)
        except Refused:
            return no_focus()

    # -- arriving ------------------------------------------------------------------------------------------------

    @rx.event
    async def load(self):
        """Take week and client from the address; fall back to this week, and to the client in focus in this tab."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        query = self.router.url.query_parameters
        today = _today(actor)
        try:
            given = date.fromisoformat(query.get("week", ""))
        except ValueError:
            given = today
        self.week = first_of_week(given, await asyncio.to_thread(first_weekday_of, actor)).isoformat()
        self.day = given.isoformat()
        self.start_on = today.replace(day=1).isoformat()
        self._put_old_toast_away()
        choices = await asyncio.to_thread(entry_choices, actor)
        self._offer_choices(choices)
        known = [choice["id"] for choice in self.client_choices]
        wanted = query.get("client", "") or self.focus_id
        self.focus_id = wanted if wanted in known else await asyncio.to_thread(first_focus, actor, today)
        if not known or query.get("start") == "client":
            return rx.call_script("window.agency.open('start-dialog')")
        return await self.ask_finalise() if query.get("finalise") == "1" else None

    @rx.event
    async def choose_focus(self, client_id: str):
        """Put another client in focus; the address says so too."""
        actor = await actor_of(self)
        if actor is not None and str(client_id) in {choice["id"] for choice in self.client_choices}:
            return rx.redirect(address(await self._day_on_screen(actor), str(client_id)))
        return None

    @rx.event
    async def show_logged(self):
        """The toast's "Show": go to the day of what was logged, and put the keyboard on its block."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        entry_id = self.toast["show"]
        try:
            row = await asyncio.to_thread(read_entry, actor, entry_id)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        self.toast = self.toast | {"show": ""}  # pyright: ignore[reportAttributeAccessIssue]
        return [
            rx.redirect(address(row.work_date, self.focus_id)),
            rx.call_script(f"window.agencyCalendar?.focus({json.dumps(row.id)})"),
        ]

    # -- gestures on the week ------------------------------------------------------------------------------------

    @rx.event
    async def move(self, entry_id: str, version: int, start: str):
        """An entry was dragged to a wall time of the member's zone; it keeps its length."""
        return await self._gesture(
            lambda actor, span: move_to_wall(actor, span.id, span.version, span.start),
            {"id": entry_id, "version": version, "start": start, "end": start},
            "Moved",
        )

    @rx.event
    async def resize(self, entry_id: str, version: int, start: str, end: str):
        """An edge of an entry was dragged to a wall time of the member's zone."""
        return await self._gesture(
            lambda actor, span: resize_to_walls(actor, span.id, span.version, span.start, span.end),
            {"id": entry_id, "version": version, "start": start, "end": end},
            "Resized",
        )

    @rx.event
    async def move_day(self, entry_id: str, version: int, day: str):
        """An entry without a time of day was dragged to another day."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            span = _Span.model_validate({"id": entry_id, "version": version, "start": day, "end": day})
        except ValidationError:
            return self._refuse("That could not be read as a day of the week. Try again.")
        return await self._done(actor, lambda: move_to_day(actor, span.id, span.version, span.start.date()), "Moved")

    @rx.event
    async def drop(self, key: str, start: str):
        """A template or a planned task ("template:id", "task:id") was dropped at a wall time of the member's zone."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        kind, _, offer_id = str(key).partition(":")
        try:
            begin = _instant(_Span.model_validate({"start": start, "end": start}).start, actor)
        except ValidationError:
            return self._refuse("That could not be dropped here. Drag it again, or press New entry.")
        focus_id = self.focus_id
        if kind == "task":
            return await self._done(actor, lambda: log_task(actor, offer_id, begin), "Logged")
        return await self._done(actor, lambda: log_template(actor, offer_id, focus_id, begin), "Logged")

    @rx.event
    async def nudge(self, entry_id: str, command: str):
        """A key on a focused block: earlier, later, day_before, day_after, longer, shorter or delete."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            row = await asyncio.to_thread(read_entry, actor, str(entry_id))
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        if command == "delete":
            return await self._done(actor, lambda: delete_entry(actor, row.id, row.version), "Deleted")
        if command not in STEPS or (row.started_at is None and command in {"earlier", "later"}):
            return None  # earlier and later say nothing where there is no time of day
        refused = await self._done(actor, lambda: nudge_entry(actor, row.id, row.version, command), "Moved")
        if refused is not None or not command.startswith("day_"):
            return refused
        first, day = await self._first_day(actor), row.work_date + STEPS[command]
        if first <= day <= first + timedelta(days=6):
            return None
        return [  # out of the week on screen: the week follows, as it does when a block is held at its edge
            rx.redirect(address(first + 7 * STEPS[command], self.focus_id)),
            rx.call_script(f"window.agencyCalendar?.focus({json.dumps(row.id)})"),
        ]

    @rx.event
    async def sweep(self, start: str, end: str):
        """An empty slot was swept: open the dialog for it."""
        actor = await actor_of(self)
        try:
            span = _Span.model_validate({"start": start, "end": end})
        except ValidationError:
            return self._say("That slot could not be read. Press New entry instead.", kind="bad")
        if actor is None:
            return to_sign_in()
        return await self._open_new(actor, span.start, span.end)

    @rx.event
    async def new_entry(self):
        """Open the dialog for the next free quarter of an hour of today, or of the week on screen."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        start = await self._quarter_on_screen(actor)
        return await self._open_new(actor, start, start + timedelta(minutes=30))

    @rx.event
    async def open_entry(self, entry_id: str):
        """A block was clicked: open it for editing."""
        return await self._open(str(entry_id))

    @rx.event
    async def answer_routine(self, routine_id: str, day: str, answer: str):
        """A routine's day was confirmed, which logs it, or dismissed."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            on = date.fromisoformat(str(day))
        except ValueError:
            return self._refuse("That could not be read as a day. Reload the page and try again.")
        if answer == "confirm":
            return await self._done(actor, lambda: confirm_routine(actor, str(routine_id), on), "Logged")
        return await self._done(actor, lambda: dismiss_routine(actor, str(routine_id), on), "Skipped: nothing logged")

    # -- the dialog ----------------------------------------------------------------------------------------------

    @rx.event
    async def choose_client(self, client_id: str):
        """The dialog's client changed: offer its retainers and campaigns."""
        actor = await actor_of(self)
        if actor is None:
            return
        self.form["client_id"] = str(client_id)
        self.form["retainer_id"] = self.form["campaign_id"] = ""
        self._offer_choices(await asyncio.to_thread(entry_choices, actor))

    @rx.event
    async def save(self, data: dict):
        """Save the dialog: a new entry, or a changed one."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            form = _Form.model_validate(data)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "form"
            self.form_error = f"Check the field {field}: it is empty or not in the form that is asked for."
            return None
        entry_id, version = self.form["id"], self.form["version"]
        touch: dict[str, Any] = {}
        try:
            start, end, seconds = self._as_opened(form) or _span_of(form, actor)
            touch = {
                "client_id": form.client,
                "activity_id": form.activity,
                "start": start,
                "end": end,
                "day": form.day,
                "seconds": seconds,
                "campaign_id": form.campaign or None,
                "retainer_id": form.retainer or None,
                "note": form.note,
                "tags": tuple(form.tags.replace(",", " ").split()),
                "billable": form.billable,
            }
            if form.late and not entry_id:
                await asyncio.to_thread(hand_in_late_work, actor, LogTime(**touch))
                self._say("Handed in: a lead says where it goes")
                await bump(self, actor.workspace_id)
                return rx.call_script("window.agency.close('entry-dialog')")
            if entry_id:
                done = await asyncio.to_thread(edit_entry, actor, entry_id, version, EditEntry(**touch))
            else:
                done = await asyncio.to_thread(log_time, actor, LogTime(**touch))
        except Stale as stale:
            await self._merge(actor, form, stale.message)
            return None
        except Locked as locked:
            self.form_error = locked.message
            self.late_offer = not entry_id and await asyncio.to_thread(is_late_work, actor, LogTime(**touch), form.day)
            return None
        except Refused as refused:
            self.form_error = refused.message
            return None
        shown = await self._logged(actor, done, "Saved" if entry_id else "")
        await bump(self, actor.workspace_id)
        return [rx.call_script("window.agency.close('entry-dialog')"), *shown]

    async def _merge(self, actor: Actor, typed: _Form, message: str) -> None:
        """Lay what the member changed over what somebody else saved meanwhile, and say what is whose. Saving again saves
        that."""
        try:
            row = await asyncio.to_thread(read_entry, actor, self.form["id"])
        except Refused:
            self.form_error = message
            return
        choices = await asyncio.to_thread(entry_choices, actor)
        now = _form_of(row, actor, choices)
        found = merged(self._seen, _fields_of(typed), now)
        who = await asyncio.to_thread(last_changed_by, actor, row.id)
        self.form = now | found.values | {"billing": self.form["billing"]}  # pyright: ignore[reportAttributeAccessIssue]
        self._opened = None if found.time_is_mine else (row.started_at, row.ended_at, row.seconds)
        self._seen, self._told_version, self.newer = dict(now), 0, True
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error = merged_words(who, found, now, _names_of(choices))

    @rx.event
    async def delete_open(self):
        """Delete the entry in the dialog; the toast offers to undo it."""
        actor = await actor_of(self)
        if actor is None or not self.form["id"]:
            return None
        entry_id, version = self.form["id"], max(self.form["version"], self._told_version)
        return await self._from_dialog(actor, lambda: delete_entry(actor, entry_id, version), "Deleted")

    async def _from_dialog(self, actor: Actor, act, word: str):
        """Run a verb on the entry in the dialog, which stays open with the reason when it is refused."""
        try:
            logged = await asyncio.to_thread(act)
        except Stale as stale:
            self.form_error = await self._newer(actor, stale.message)
            return None
        except Refused as refused:
            self.form_error = refused.message
            return None
        self._say(word, logged.undo_id)
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('entry-dialog')")

    async def _newer(self, actor: Actor, message: str) -> str:
        """What of the entry in the dialog somebody else changed. Asking again then does it all the same."""
        try:
            row = await asyncio.to_thread(read_entry, actor, self.form["id"])
        except Refused:
            return message
        choices = await asyncio.to_thread(entry_choices, actor)
        changed = changed_words(self._seen, _form_of(row, actor, choices), _names_of(choices))
        who = await asyncio.to_thread(last_changed_by, actor, row.id)
        self._told_version = row.version
        return f"{who} changed this entry after you opened it: {changed}. Press Delete again to delete it all the same."

    @rx.event
    async def duplicate_open(self):
        """Turn the dialog's entry, as it is saved, into a new one that only lacks its day and time."""
        if await actor_of(self) is None or not self.form["id"]:
            return
        self.form = self.form | {  # pyright: ignore[reportAttributeAccessIssue]
            "id": "",
            "version": 0,
            "title": "Copy: " + self.form["title"],
            "locked": "",
            "billing": [],
            "rate": "",
        }
        self._opened = None
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False

    @rx.event
    async def undo(self):
        """Take back what the toast tells of."""
        actor = await actor_of(self)
        undo_id = self.toast["undo_id"]
        if actor is None or not undo_id:
            return None
        change = await asyncio.to_thread(change_of, actor, undo_id)
        try:
            await asyncio.to_thread(undo_change, actor, undo_id)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        self._say(f"Undone: {in_a_sentence(change_title(change))}" if change else "Undone", kind="undone")
        await bump(self, actor.workspace_id)
        return None

    # -- tasks, clients, the invoice -----------------------------------------------------------------------------

    @rx.event
    async def plan(self, data: dict):
        """Put a task into the Inbox."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            form = form_of(_Plan, data)
            command = PlanTask(form.client, form.activity, form.title, parse_duration(form.duration))
            await asyncio.to_thread(plan_task, actor, command)
        except DurationError as error:
            self.plan_error, self.plan_fault = str(error), "duration"
            return None
        except Refused as refused:
            field = "duration" if refused.field == "planned_seconds" else refused.field
            self.plan_error, self.plan_fault = refused.message, field if field in _Plan.model_fields else ""
            return None
        self.plan_error, self.plan_fault = "", ""
        self.plan_serial += 1  # an empty form for the next task; a refused one keeps what was typed
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('plan-dialog')")

    @rx.event
    async def drop_planned(self, task_id: str):
        """Dismiss a planned task from the Inbox."""
        actor = await actor_of(self)
        if actor is None:
            return None
        try:
            undo_id = await asyncio.to_thread(drop_task, actor, str(task_id))
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        self._say("Taken out of the Inbox", undo_id)
        await bump(self, actor.workspace_id)
        return None

    @rx.event
    async def start_with_client(self, data: dict):
        """Create a client with its retainer and put it in focus."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        typed: dict[str, str] = {}
        try:
            typed = texts_of(data, _LONGEST)
            command = StartClient.of_form(typed, _today(actor))
            client_id = await asyncio.to_thread(start_client, actor, command)
        except Refused as refused:
            self.start_error = refused.message
            self.start_fault = refused.field if refused.field in typed else ""
            return None
        self.start_error, self.start_fault = "", ""
        self.start_serial += 1  # an empty form for the next client; a refused one keeps what was typed
        self.focus_id = client_id
        self._offer_choices(await asyncio.to_thread(entry_choices, actor))
        await bump(self, actor.workspace_id)
        return [
            rx.call_script("window.agency.close('start-dialog')"),
            rx.redirect(address(await self._first_day(actor), client_id)),
        ]

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

    @rx.event
    async def ask_finalise(self):
        """Open the one question that is asked."""
        actor = await actor_of(self)
        if actor is None or not self.focus_id:
            return to_sign_in()
        first_day = await self._first_day(actor)
        day = _focus_day(first_day, _today(actor))
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
    async def review(self):
        """Open the draft in the builder."""
        actor = await actor_of(self)
        if actor is None or not self.focus_id:
            return None
        day = _focus_day(await self._first_day(actor), _today(actor))
        invoice_id = await asyncio.to_thread(open_draft, actor, self.focus_id, day)
        return rx.redirect(f"/invoices/{invoice_id}")

    # -- helpers (a leading underscore keeps them out of the browser's reach) --------------------------------------

    def _as_opened(self, form: _Form) -> tuple[datetime | None, datetime | None, int] | None:
        """The exact time of the entry in the dialog while what the dialog shows of it, whole minutes, is untouched."""
        typed = {"date": form.day.isoformat(), "start": form.start, "end": form.end, "duration": form.duration}
        return self._opened if all(typed[name] == self.form[name] for name in typed) else None

    async def _first_day(self, actor: Actor) -> date:
        """The first day of the week on screen; of today's for an event that comes before the page has loaded."""
        if self.week:
            return date.fromisoformat(self.week)
        return first_of_week(_today(actor), await asyncio.to_thread(first_weekday_of, actor))

    async def _day_on_screen(self, actor: Actor) -> date:
        """The day that the address names: of the week on screen, the one that a phone shows."""
        return date.fromisoformat(self.day) if self.day else await self._first_day(actor)

    async def _quarter_on_screen(self, actor: Actor) -> datetime:
        """The wall time of this quarter of an hour, today or, where today is in another week, on its first day."""
        first = await self._first_day(actor)
        local = datetime.now(ZoneInfo(actor.zone)).replace(tzinfo=None, second=0, microsecond=0)
        day = local.date() if first <= local.date() <= first + timedelta(days=6) else first
        return datetime.combine(day, local.time()) - timedelta(minutes=local.minute % 15)

    async def _gesture(self, act, raw: dict, done: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            span = _Span.model_validate(raw)
        except ValidationError:
            return self._refuse("That could not be read as a place on the week. Try again.")
        return await self._done(actor, lambda: act(actor, span), done)

    async def _done(self, actor: Actor, act, word: str):
        """Run a verb off the event loop; say what came of it; let every open tab know."""
        try:
            logged = await asyncio.to_thread(act)
        except Refused as refused:
            return self._refuse(refused.message)
        self._say(word, logged.undo_id)
        await bump(self, actor.workspace_id)
        return None

    async def _logged(self, actor: Actor, logged: Logged, said: str = "") -> list[rx.event.EventSpec]:
        """Say what a line, a form or the timer logged, and return what puts it on screen. The caller bumps the pulse.

        Its client comes into focus, in the address too, because nothing at the pointer told beforehand what this would
        do; what is dragged did tell, and leaves the focus. The week scrolls to the block; the toast leads to another week.
        The form of an entry opens on other pages too: they stay as they are.
        """
        try:
            row = await asyncio.to_thread(read_entry, actor, logged.entry_id)
        except Refused:  # somebody deleted it meanwhile
            self._say(said or "Logged", logged.undo_id)
            return []
        day = row.started_at.astimezone(ZoneInfo(actor.zone)).date() if row.started_at else row.work_date
        said = said or f"Logged {prose(row.seconds)} for {row.client}, {wording.weekday_date(day)}"
        if self.router.url.path != "/":
            self._say(said, logged.undo_id)
            return []
        shown: list[rx.event.EventSpec] = []
        if row.client_id != self.focus_id and row.client_id in {choice["id"] for choice in self.client_choices}:
            self.focus_id = row.client_id
            shown.append(rx.redirect(address(await self._day_on_screen(actor), row.client_id), replace=True))
        start, end = (local_text(instant, actor.zone) if instant else "" for instant in (row.started_at, row.ended_at))
        first = await self._first_day(actor)
        in_week, in_sight = first <= day <= first + timedelta(days=6), day == await self._day_on_screen(actor)
        self._say(said, logged.undo_id, show="" if in_sight else row.id, on_phone=in_week)
        if in_week:
            shown.append(rx.call_script(f"window.agencyCalendar?.show({json.dumps([row.id, start, end])[1:-1]})"))
        return shown

    def _refuse(self, message: str):
        self._say(message, kind="bad")
        return rx.call_script("window.agencyCalendar && window.agencyCalendar.revert()")

    def _offer_choices(self, choices: EntryChoices) -> None:
        chosen = self.form["client_id"]
        self.client_choices = [{"id": client.id, "name": client.name} for client in choices.clients]
        self.activity_choices = [{"id": activity.id, "name": activity.name} for activity in choices.activities]
        self.retainer_choices = [
            {"id": retainer.id, "name": retainer.name} for retainer in choices.retainers if retainer.client_id == chosen
        ]
        self.campaign_choices = campaigns_to_choose(choices.campaigns, chosen)

    async def _open_new(self, actor: Actor, start: datetime, end: datetime):
        choices = await asyncio.to_thread(entry_choices, actor)
        return self._open_form(
            choices,
            EMPTY_FORM
            | {
                "title": "New entry",
                "client_id": self.focus_id,
                "activity_id": choices.activities[0].id if choices.activities else "",
                "date": start.date().isoformat(),
                "start": f"{start:%H:%M}",
                "end": f"{end:%H:%M}",
            },
        )

    def _open_form(self, choices: EntryChoices, form: dict[str, Any]):
        """Open the dialog for a new entry, filled in so far."""
        self.form = form  # pyright: ignore[reportAttributeAccessIssue]
        self._opened = None
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False
        return rx.call_script("window.agency.open('entry-dialog')")

    async def _open(self, entry_id: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            row = await asyncio.to_thread(read_entry, actor, entry_id)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        lock = await asyncio.to_thread(lock_of, actor, row)
        choices = await asyncio.to_thread(entry_choices, actor)
        self.form = _form_of(row, actor, choices) | {  # pyright: ignore[reportAttributeAccessIssue]
            "locked": f"{lock}: read only." if lock else "",
            "billing": billing_facts(await asyncio.to_thread(read_billing, actor, row.id)),
        }
        self._opened = row.started_at, row.ended_at, row.seconds
        self._seen, self._told_version = dict(self.form), 0
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False
        return rx.call_script("window.agency.open('entry-dialog')")


def _side_of(actor: Actor, first_day: date, focus_id: str, today: date) -> WeekSide:
    return week_side(read_week(actor, first_day, focus_id), focus_id, today, actor.zone)


def _focus_of(actor: Actor, focus_id: str, day: date, today: date) -> Focus:
    live = read_draft(actor, focus_id, day)
    held = read_periods_on(actor, focus_id, day, today)
    return focus_view(live, held, day, today, live.invoiced_on)


def _form_of(row: EntryRow, actor: Actor, choices: EntryChoices) -> EntryForm:
    """Return an entry as the dialog shows it."""
    zone = ZoneInfo(actor.zone)
    start = row.started_at.astimezone(zone) if row.started_at else None
    end = row.ended_at.astimezone(zone) if row.ended_at else None
    currency = next(client.currency for client in choices.clients if client.id == row.client_id)
    return {
        "id": row.id,
        "version": row.version,
        "title": f"{row.client}, {row.activity}",
        "client_id": row.client_id,
        "retainer_id": row.retainer_id or "none",
        "campaign_id": row.campaign_id or "",
        "activity_id": row.activity_id,
        "note": row.note,
        "date": (start.date() if start else row.work_date).isoformat(),
        "start": f"{start:%H:%M}" if start else "",
        "end": f"{end:%H:%M}" if end else "",
        "duration": "" if start else hours_minutes(row.seconds),
        "tags": row.tags,
        "billable": row.billable,
        "rate": f"{wording.rate(row.rate, currency)} / h, {row.rate_source}",
        "locked": "",
        "billing": [],
        "task": row.title if row.title != row.note else "",
    }


def _fields_of(form: _Form) -> dict[str, Any]:
    """Return what the dialog sent as it shows an entry; see `_form_of`."""
    return {
        "client_id": form.client,
        "retainer_id": form.retainer,
        "campaign_id": form.campaign,
        "activity_id": form.activity,
        "note": form.note.strip(),
        "date": form.day.isoformat(),
        "start": form.start,
        "end": form.end,
        "duration": form.duration,
        "tags": " ".join(form.tags.replace(",", " ").split()),
        "billable": form.billable,
    }


def _names_of(choices: EntryChoices) -> dict[str, str]:
    known = (*choices.clients, *choices.retainers, *choices.campaigns, *choices.activities)
    return {one.id: one.name for one in known}


def _today(actor: Actor) -> date:
    return datetime.now(ZoneInfo(actor.zone)).date()


def _focus_day(first_day: date, today: date) -> date:
    """The day whose period is in focus: today when it is in the week, else the middle of the week."""
    return today if first_day <= today <= first_day + timedelta(days=6) else first_day + timedelta(days=3)


def _span_of(form: _Form, actor: Actor) -> tuple[datetime | None, datetime | None, int | None]:
    """Return start and end, or neither and the seconds of the typed duration.

    An end before the start is next day's where the night between is at most half a day long; longer, it is a slip.
    With a start, an end and a duration the two have to agree. Raises Refused naming the field.
    """
    if form.start and form.end and not form.duration:
        return (*_clock_span(form, actor), None)
    try:
        seconds = parse_duration(form.duration)
    except DurationError as error:
        missing = "" if form.duration else "Give a start and an end, or a duration. "
        raise Refused(missing or str(error), "duration") from error
    if form.start and form.end:
        start, end = _clock_span(form, actor)
        if int((end - start).total_seconds()) != seconds:
            raise Refused(
                f"{form.start} to {form.end} is not {prose(seconds)}: empty the end, or the duration.", "duration"
            )
        return start, end, None
    if not form.start:
        return None, None, seconds
    start = _instant(datetime.combine(form.day, time.fromisoformat(form.start)), actor)
    return start, start + timedelta(seconds=seconds), None


def _clock_span(form: _Form, actor: Actor) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(form.day, time.fromisoformat(text)) for text in (form.start, form.end))
    if end < start:
        end += timedelta(days=1)
        if end - start > _LONGEST_NIGHT:
            raise Refused(f"The end, {form.end}, is before the start, {form.start}.", "end")
    return _instant(start, actor), _instant(end, actor)


def _instant(wall: datetime, actor: Actor) -> datetime:
    """Return a wall time of the member's zone as an instant; a time the clock skips moves past the gap."""
    return wall.replace(tzinfo=ZoneInfo(actor.zone)).astimezone(UTC)
