"""The gestures on several entries at once, on the edges of the week, and what they are rounded to."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.domain.kept_days import is_kept
from agency_app.services.actor import Actor
from agency_app.services.change_many import MOST, ManyRefused, copy_many, delete_many, shift_many
from agency_app.services.change_preferences import set_snap
from agency_app.services.log_time import Logged
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.typed import number_of, texts_of
from agency_app.states.week_view import address
from agency_app.states.workbench import Workbench

_YEAR_SECONDS = 366 * 86_400
_UNREADABLE = "That could not be read. Select the entries again."


class _Chosen(BaseModel):
    """Entries by their ids, with the versions that the tab shows; seconds of wall time to move them by."""

    versions: dict[str, int] = Field(min_length=1, max_length=MOST)
    seconds: int = Field(default=0, ge=-_YEAR_SECONDS, le=_YEAR_SECONDS)


class WeekGestures(rx.State):
    """Gestures on the week; their toast and their undo are the workbench's."""

    count: int = 0
    """How many entries the dialog would move."""
    serial: int = 0
    error: str = ""
    _versions: dict[str, int] = {}

    @rx.event
    async def shift(self, versions: dict, seconds: int, copy: bool):
        """Entries were dragged together, or one was dragged with Alt: move or copy them by so much wall time."""

        def act(actor: Actor, chosen: _Chosen) -> Logged:
            by = timedelta(seconds=chosen.seconds)
            if copy is True:
                return copy_many(actor, list(chosen.versions), by)
            return shift_many(actor, chosen.versions, by)

        return await self._together(versions, seconds, act, "Copied" if copy is True else "Moved")

    @rx.event
    async def delete(self, versions: dict):
        """Delete the entries that are selected; the toast brings all of them back."""
        return await self._together(versions, 0, lambda actor, chosen: delete_many(actor, chosen.versions), "Deleted")

    @rx.event
    async def ask_move(self, versions: dict):
        """Open the dialog that moves what is selected."""
        try:
            chosen = _Chosen(versions=versions)
        except ValidationError:
            return (await self.get_state(Workbench))._say(_UNREADABLE, kind="bad")
        self._versions, self.count, self.error = chosen.versions, len(chosen.versions), ""
        self.serial += 1
        return rx.call_script("window.agency.open('move-dialog')")

    @rx.event
    async def move_by(self, data: dict):
        """Move, or copy, what is selected by the days and the time that the dialog says."""
        try:
            typed = texts_of(data)
            seconds = _typed_shift(typed)
        except Refused as refused:
            self.error = refused.message
            return None
        result = await self.shift(self._versions, seconds, typed.get("what") == "copy")
        board = await self.get_state(Workbench)
        if board.toast["kind"] == "bad":
            self.error = board.toast["text"]
            return result
        return rx.call_script("window.agency.close('move-dialog')")

    @rx.event
    async def turn(self, weeks: int):
        """Something is held at an edge of the week: show the week beside it."""
        actor = await actor_of(self)
        board = await self.get_state(Workbench)
        if actor is None or not board.week or weeks not in (-1, 1):
            return None
        monday = date.fromisoformat(board.week) + timedelta(days=7 * weeks)
        return rx.redirect(address(monday, board.focus_id)) if is_kept(monday) else None

    @rx.event
    async def choose_snap(self, minutes: str):
        """Round gestures to 5, 15 or 30 minutes from now on, on every device of the member."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        board = await self.get_state(Workbench)
        try:
            await asyncio.to_thread(set_snap, actor, number_of(str(minutes)))
        except Refused as refused:
            board._say(refused.message, kind="bad")
            return None
        await bump(self, actor.workspace_id)
        return None

    async def _together(self, versions: Any, seconds: Any, act: Callable[[Actor, _Chosen], Logged], word: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        board = await self.get_state(Workbench)
        try:
            chosen = _Chosen(versions=versions, seconds=seconds)
        except ValidationError:
            return board._refuse(_UNREADABLE)
        count = len(chosen.versions)
        said = word if count == 1 else f"{word} {count} entries"
        return await board._done(actor, lambda: _told(lambda: act(actor, chosen)), said)


def _told(act: Callable[[], Logged]) -> Logged:
    """Do something to several entries; a refusal names the first that it is about."""
    try:
        return act()
    except ManyRefused as refused:
        first = refused.faults[0]
        alone = len(refused.faults) == 1 and refused.count == 1
        raise Refused(first.message if alone else f"{refused.message} {first.entry}: {first.message}") from refused


def _typed_shift(typed: dict[str, str]) -> int:
    """Return the seconds of a shift as people type it: whole days, and a time, earlier or later."""
    days, time = typed.get("days", "").strip() or "0", typed.get("time", "").strip()
    if number_of(days) < 0 or len(days) > 3:
        raise Refused("Days: a whole number, such as 1.", "days")
    try:
        seconds = parse_duration(time) if time.strip("0:.,") else 0
    except DurationError as error:
        raise Refused(str(error), "time") from error
    total = int(days) * 86_400 + seconds
    if not total:
        raise Refused("Say by how many days, or by how much time.", "days")
    return -total if typed.get("towards") == "earlier" else total
