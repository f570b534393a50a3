"""The timer in the top bar of every page."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.domain.durations import prose
from agency_app.services.actor import Actor
from agency_app.services.explain_entry import explain_entry
from agency_app.services.explain_timer import planned_by_timer
from agency_app.services.log_time import Logged
from agency_app.services.read_entry import entry_choices, latest_activity, read_entry
from agency_app.services.refusal import Refused
from agency_app.services.timer import (
    Started,
    StartTimer,
    TimerRead,
    discard_timer,
    read_timer,
    start_from_entry,
    start_from_template,
    start_timer,
    stop_timer,
)
from agency_app.services.undo_change import undo_change
from agency_app.states.entry_words import told_of
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Toasting
from agency_app.states.pulse import Pulse, bump
from agency_app.states.readings import shared_reading
from agency_app.states.typed import WallTime
from agency_app.states.views import Choice
from agency_app.states.workbench import Workbench

_DAY = timedelta(hours=24)


class TimerView(TypedDict):
    """The running timer; `started` is an instant in ISO 8601 for the tab's own clock."""

    runs: bool
    started: str
    label: str
    client: str
    colour: str
    about: str
    since: str
    forgotten: bool
    asks_from: str
    """The instant from which on it counts as forgotten, for the tab's own clock."""
    earliest: str
    latest: str
    all_of_it: bool


class _Start(BaseModel):
    client: str = Field(max_length=64)
    activity: str = Field(max_length=64)
    note: str = Field(default="", max_length=2000)


class _Until(BaseModel):
    until: WallTime


class Timer(Toasting, rx.State):
    """State of the timer; what runs is in the database alone."""

    client_choices: list[Choice] = []
    activity_choices: list[Choice] = []
    client_id: str = ""
    activity_id: str = ""
    serial: int = 0
    error: str = ""
    effect: str = ""
    """What stopping it when it was looked at would do to the retainer's period."""
    looked: int = 0
    """Counts the looks at what runs: time alone turns a timer into a forgotten one."""

    @rx.var
    async def running(self) -> TimerView:
        """The member's timer, on every page."""
        _ = (await self.get_state(Pulse)).revision, self.looked
        actor = await actor_of(self)
        timer = await shared_reading(read_timer, actor) if actor else None
        return _view(timer, actor.zone) if actor and timer else _NOTHING

    @rx.event
    async def toggle(self):
        """The key or the button: stop what runs, or ask what to start."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        if await asyncio.to_thread(read_timer, actor) is not None:
            return await self.stop()
        choices = await asyncio.to_thread(entry_choices, actor)
        board = await self.get_state(Workbench)
        self.client_choices = [{"id": one.id, "name": one.name} for one in choices.clients]
        self.activity_choices = [{"id": one.id, "name": one.name} for one in choices.activities]
        known = [one["id"] for one in self.client_choices]
        self.client_id = board.focus_id if board.focus_id in known else (known or [""])[0]
        self.activity_id = await asyncio.to_thread(latest_activity, actor, self.client_id)
        self.serial += 1
        self.error = ""
        return rx.call_script("window.agency.open('timer-start')")

    @rx.event
    async def look(self):
        """Show since when it runs, and what can be done with it."""
        actor = await actor_of(self)
        self.effect = await asyncio.to_thread(_effect, actor) if actor else ""
        self.looked += 1
        self.error = ""
        return rx.call_script("window.agency.open('timer-until')")

    @rx.event
    async def look_again(self):
        """The tab's clock says that the timer counts as forgotten by now: show so, and leave the dialog closed."""
        self.looked += 1

    @rx.event
    async def start(self, data: dict):
        """Start what the dialog says."""
        try:
            form = _Start.model_validate(data)
        except ValidationError:
            self.error = "Choose a client and an activity."
            return None
        return await self._act(
            lambda actor: start_timer(actor, StartTimer(form.client, form.activity, note=form.note)), "Timer started"
        )

    @rx.event
    async def start_template(self, template_id: str):
        """Start a template for the client in focus."""
        actor = await actor_of(self)
        focus_id = await (await self.get_state(Workbench))._focused(actor) if actor is not None else ""
        return await self._act(lambda actor: start_from_template(actor, str(template_id), focus_id), "Timer started")

    @rx.event
    async def start_entry(self):
        """Start more of the entry in the dialog."""
        entry_id = (await self.get_state(Workbench)).form["id"]
        return await self._act(lambda actor: start_from_entry(actor, entry_id), "Timer started")

    @rx.event
    async def stop(self):
        """Log what ran up to now; a forgotten timer is asked about."""
        return await self._act(stop_timer, "Logged")

    @rx.event
    async def stop_at(self, data: dict):
        """Log what ran up to the time that the dialog says, in the member's zone."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            until = _Until.model_validate(data).until
        except ValidationError:
            self.error = "Give the day and the time at which you stopped."
            return None
        end = until.replace(tzinfo=ZoneInfo(actor.zone)).astimezone(UTC)
        return await self._act(lambda who: stop_timer(who, end), "Logged")

    @rx.event
    async def stop_now(self):
        """Log all of a long timer: it was not forgotten."""
        return await self._act(lambda who: stop_timer(who, datetime.now(UTC).replace(microsecond=0)), "Logged")

    @rx.event
    async def discard(self):
        """Throw what runs away; the toast brings it back."""
        return await self._act(discard_timer, "Timer discarded")

    @rx.event
    async def undo(self):
        """Take back what the toast tells of."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        undo_id = self.toast["undo_id"]
        return await self._act(lambda who: undo_change(who, undo_id) and None, "Undone", kind="undone")

    async def _act(self, verb: Callable[[Actor], Started | Logged | str | None], done: str, kind: str = "ok"):
        """Run a verb off the event loop; say what came of it; let every open tab know."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            result = await asyncio.to_thread(verb, actor)
        except Refused as refused:
            self.error = refused.message
            if refused.field == "end":
                self.effect = ""
                self.looked += 1
                return rx.call_script("window.agency.open('timer-until')")
            if refused.field not in {"client", "activity"}:
                await self._say_there(refused.message, kind="bad")
            return None
        self.error = ""
        shown: list[rx.event.EventSpec] = []
        logged = result.logged if isinstance(result, Started) else result
        if isinstance(logged, Logged):
            row = await asyncio.to_thread(read_entry, actor, logged.entry_id)
            words = f"Logged {prose(row.seconds)} for {row.client}"
            if logged is result and self.router.url.path == "/":
                shown = await (await self.get_state(Workbench))._logged(actor, logged, words)
            else:
                await self._say_there(words if logged is result else f"{words}. {done}", logged.undo_id)
        else:
            await self._say_there(done, logged or "", kind=kind)
        await bump(self, actor.workspace_id)
        closed = rx.call_script("['timer-start','timer-until','entry-dialog'].forEach((id) => window.agency.close(id))")
        return [closed, *shown]

    async def _say_there(self, text: str, undo_id: str = "", *, kind: str = "ok") -> None:
        """Show what came of it, on the week by the toast that is there already."""
        page = await self.get_state(Workbench) if self.router.url.path == "/" else self
        page._say(text, undo_id, kind=kind)


def _effect(actor: Actor) -> str:
    planned = planned_by_timer(actor)
    if planned is None:
        return ""
    try:
        told = told_of(explain_entry(actor, planned), planned, actor.zone)["change"]
    except Refused:
        return ""
    return f"Stopped now: {told}" if told else ""


_NOTHING: TimerView = {
    "runs": False,
    "started": "",
    "label": "",
    "client": "",
    "colour": "c1",
    "about": "",
    "since": "",
    "forgotten": False,
    "asks_from": "",
    "earliest": "",
    "latest": "",
    "all_of_it": False,
}


def _view(timer: TimerRead, zone: str) -> TimerView:
    here = ZoneInfo(zone)
    begun = timer.started_at.astimezone(here)
    now = datetime.now(UTC)
    longest = min(now, timer.started_at + _DAY).astimezone(here)
    return {
        "runs": True,
        "started": timer.started_at.isoformat(),
        "label": f"{timer.client}, {timer.activity}",
        "client": timer.client,
        "colour": f"c{timer.colour}",
        "about": timer.note or timer.campaign,
        "since": f"{begun:%a} {begun.day} {begun:%b}, {begun:%H:%M}",
        "forgotten": now >= timer.forgotten_from,  # not as it was read: that may be some minutes ago
        "asks_from": timer.forgotten_from.isoformat(),
        "earliest": f"{begun:%Y-%m-%dT%H:%M}",
        "latest": f"{longest:%Y-%m-%dT%H:%M}",
        "all_of_it": now - timer.started_at <= _DAY,
    }
