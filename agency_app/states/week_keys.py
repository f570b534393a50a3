"""What keys do on the week beyond the calendar's own: new, duplicate and place at the cursor, and the form for a place.

The cursor is the end of the selected entry, or this quarter of an hour where none is selected.
"""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.duplicate_entry import copied_to, duplicate_entry
from agency_app.services.log_time import Logged, log_task, log_template
from agency_app.services.read_entry import read_entry
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.tidy import Tidy
from agency_app.states.typed import WallTime, form_of
from agency_app.states.workbench import Workbench

_MORNING = time(9)
"""Where the cursor is after an entry without a time of day."""


class _Command(BaseModel):
    """What the keyboard sends: the selected entry, if one is, and what to do."""

    entry: str = Field(default="", max_length=64)
    command: str = Field(max_length=120)


class _Place(BaseModel):
    """What the form for a place sends: a wall time of the member's zone."""

    key: str = Field(max_length=120, pattern=r"^(task|template):")
    start: WallTime


class WeekKeys(rx.State):
    """State of the form that places a template or a planned task without a drag."""

    key: str = ""
    name: str = ""
    start: str = ""
    error: str = ""
    serial: int = 0

    @rx.event
    async def press(self, data: dict):
        """A key on the week: `new`, `duplicate`, `split`, `place:` or `ask:` with the key of an offer."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        board = await self.get_state(Workbench)
        try:
            pressed = form_of(_Command, data)
        except Refused as refused:
            return board._say(refused.message, kind="bad")
        verb, _, key = pressed.command.partition(":")
        try:
            if verb == "duplicate":
                return await self._duplicate(actor, board, pressed.entry)
            if verb == "split":
                return await (await self.get_state(Tidy)).ask_split(pressed.entry)
            cursor = await asyncio.to_thread(_cursor, actor, pressed.entry)
            start = cursor or await board._quarter_on_screen(actor)
            if verb == "new":
                return await board._open_new(actor, start, start + timedelta(minutes=30))
            if verb == "place":
                logged = await asyncio.to_thread(_log, actor, key, start, await board._focused(actor))
                return await self._say(actor, board, f"Logged from {_words(start)}", logged)
        except Refused as refused:
            return board._say(refused.message, kind="bad")
        if verb == "ask":
            return self._ask(board, key, start)
        return None

    @rx.event
    async def place(self, data: dict):
        """The form for a place: log the template or the planned task there."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            place = _Place.model_validate(data)
        except ValidationError:
            self.error = "Give the day and the time at which it begins."
            return None
        try:
            board = await self.get_state(Workbench)
            logged = await asyncio.to_thread(_log, actor, place.key, place.start, await board._focused(actor))
        except Refused as refused:
            self.error = refused.message
            return None
        shown = await board._logged(actor, logged, f"Logged from {_words(place.start)}")
        await bump(self, actor.workspace_id)
        return [
            rx.call_script("window.agency.close('place-dialog')"),
            *shown,
            rx.call_script(f"window.agencyCalendar?.focus({json.dumps(logged.entry_id)})"),
        ]

    def _ask(self, board: Workbench, key: str, start: datetime):
        self.key, self.start, self.error = key, f"{start:%Y-%m-%dT%H:%M}", ""
        self.serial += 1
        return rx.call_script("window.agency.open('place-dialog')")

    async def _duplicate(self, actor: Actor, board: Workbench, entry_id: str):
        logged = await asyncio.to_thread(duplicate_entry, actor, entry_id)
        there = await asyncio.to_thread(copied_to, actor, logged)
        return await self._say(actor, board, f"Duplicated to {_words(there)}", logged)

    async def _say(self, actor: Actor, board: Workbench, words: str, logged: Logged):
        board._say(words, logged.undo_id)
        await bump(self, actor.workspace_id)
        return rx.call_script(f"window.agencyCalendar?.focus({json.dumps(logged.entry_id)})")


def _log(actor: Actor, key: str, start: datetime, focus_id: str) -> Logged:
    """Log a template or a planned task from a wall time of the member's zone on. Raises as `log_time` does."""
    kind, _, offer_id = key.partition(":")
    begin = start.replace(tzinfo=ZoneInfo(actor.zone)).astimezone(UTC)
    return log_task(actor, offer_id, begin) if kind == "task" else log_template(actor, offer_id, focus_id, begin)


def _cursor(actor: Actor, entry_id: str) -> datetime | None:
    """Return the wall time at which the selected entry ends, None where none is selected."""
    if not entry_id:
        return None
    row = read_entry(actor, entry_id)
    if row.ended_at is None:
        return datetime.combine(row.work_date, _MORNING)
    return row.ended_at.astimezone(ZoneInfo(actor.zone)).replace(tzinfo=None)


def _words(there: datetime) -> str:
    day = wording.weekday_date(there.date())
    return f"{day}, {there:%H:%M}" if there.time() != time(0) else day
