"""The workbench: the week, the offers, and every gesture on them; with the dialog of an entry and the client in focus."""

import asyncio
import json
from datetime import date, timedelta

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.domain.kept_days import kept_day
from agency_app.domain.weeks import first_of_week
from agency_app.services.actor import Actor, today_of
from agency_app.services.answer_routine import confirm_routine, dismiss_routine
from agency_app.services.change_entry import delete_entry, move_to_day
from agency_app.services.first_focus import first_focus
from agency_app.services.log_time import log_task, log_template
from agency_app.services.place_by_hand import STEPS, move_to_wall, nudge_entry, resize_to_walls
from agency_app.services.plan_task import PlanTask, drop_task, plan_task
from agency_app.services.read_entry import entry_choices, read_entry
from agency_app.services.read_week import read_week
from agency_app.services.recent_changes import change_of
from agency_app.services.refusal import Refused
from agency_app.services.start_client import StartClient, start_client
from agency_app.services.undo_change import undo_change
from agency_app.services.weeks import first_weekday_of
from agency_app.states.change_words import change_title, in_a_sentence
from agency_app.states.client_in_focus import ClientInFocus
from agency_app.states.entry_dialog import EntryDialog
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import day_asked
from agency_app.states.pulse import bump, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import WallTime, form_of, texts_of
from agency_app.states.typed_span import instant_of
from agency_app.states.views import WeekSide
from agency_app.states.week_view import address, week_side

_LONGEST = 4000
"""Characters of a field: more than any may have, so that too long a one is refused by its name and never cut."""


class _Span(BaseModel):
    """A gesture on the week: wall times of the member's zone."""

    id: str = Field(default="", max_length=64)
    version: int = Field(default=0, ge=0)
    start: WallTime
    end: WallTime


class _Plan(BaseModel):
    """What the form of a planned task sends."""

    title: str = Field(default="", max_length=_LONGEST)
    client: str = Field(default="", max_length=64)
    activity: str = Field(default="", max_length=64)
    duration: str = Field(default="", max_length=_LONGEST)


@shown_on("/")
class Workbench(EntryDialog, ClientInFocus, rx.State):
    """State of `/`. The week and the client in focus come from the address; everything else from the database."""

    start_error: str = ""
    start_fault: str = ""
    """The control of the form for a client that the error is about; empty when it is about none."""
    start_on: str = ""
    start_serial: int = 0
    plan_error: str = ""
    plan_fault: str = ""
    """The control of the plan form that the error is about; empty when it is about none."""
    plan_serial: int = 0

    # -- what is shown -----------------------------------------------------------------------------------------------

    @rx.var
    async def side(self) -> WeekSide:
        """The week: its blocks, day heads, totals and offers, from one reading of the database."""
        actor = await self._reader()
        if actor is None or not self.week:
            return {
                "events": {"since": "", "rows": [], "kinds": [], "hints": []},
                "title": "",
                "brief": "",
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
        return await shared_reading(_side_of, actor, date.fromisoformat(self.week), self.focus_id, today_of(actor))

    # -- arriving, and what the toast offers -------------------------------------------------------------------------

    @rx.event
    async def load(self):
        """Take week and client from the address; fall back to this week, and to the client in focus in this tab."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        query = self.router.url.query_parameters
        today, given = today_of(actor), day_asked(self, actor)
        self.week = first_of_week(given, await asyncio.to_thread(first_weekday_of, actor)).isoformat()
        self.day = given.isoformat()
        self.start_on = today.replace(day=1).isoformat()
        self._put_old_toast_away()
        choices = await asyncio.to_thread(entry_choices, actor)
        self._offer_choices(choices)
        known = [choice["id"] for choice in self.client_choices]
        wanted = query.get("client", "") or self.focus_id
        self.focus_id = wanted if wanted in known else await asyncio.to_thread(first_focus, actor, today)
        if query.get("start") == "client":
            return rx.call_script("window.agency.open('start-dialog')")
        return await self.ask_finalise() if query.get("finalise") == "1" else None

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

    # -- gestures on the week ----------------------------------------------------------------------------------------

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
            begin = instant_of(_Span.model_validate({"start": start, "end": start}).start, actor.zone)
        except ValidationError:
            return self._refuse("That could not be dropped here. Drag it again, or press New entry.")
        focus_id = await self._focused(actor)
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
        said = {"longer": "Made longer", "shorter": "Made shorter"}.get(command, "Moved")
        refused = await self._done(actor, lambda: nudge_entry(actor, row.id, row.version, command), said)
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
    async def answer_routine(self, routine_id: str, day: str, answer: str):
        """A routine's day was confirmed, which logs it, or dismissed."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            on = kept_day(str(day))
        except ValueError:
            return self._refuse("That could not be read as a day. Reload the page and try again.")
        if answer == "confirm":
            return await self._done(actor, lambda: confirm_routine(actor, str(routine_id), on), "Logged")
        return await self._done(actor, lambda: dismiss_routine(actor, str(routine_id), on), "Skipped: nothing logged")

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

    def _refuse(self, message: str):
        self._say(message, kind="bad")
        return rx.call_script("window.agencyCalendar && window.agencyCalendar.revert()")

    # -- tasks and clients -------------------------------------------------------------------------------------------

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
            command = StartClient.of_form(typed, today_of(actor))
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
            rx.redirect(address(self._day_on_screen(actor), client_id)),
        ]


def _side_of(actor: Actor, first_day: date, focus_id: str, today: date) -> WeekSide:
    return week_side(read_week(actor, first_day, focus_id), focus_id, today, actor.zone)
