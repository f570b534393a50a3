"""The quick line of the workbench: what was understood as one types, the questions, and Enter."""

import asyncio
import json
from datetime import datetime
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.domain.durations import prose
from agency_app.domain.quick_line import Reading, Unsure
from agency_app.services.actor import Actor
from agency_app.services.explain_entry import Planned, explain_entry
from agency_app.services.log_line import LONGEST_LINE, UnsureLine, log_line, refuse_impossible, understand_line
from agency_app.services.refusal import Refused
from agency_app.states.entry_words import told_of
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.workbench import Workbench

_QUESTIONS = {
    "client": "Which client?",
    "activity": "Which activity?",
    "campaign": "Which campaign?",
    "platform": "Which platform?",
    "date": "Which day?",
    "start": "From when?",
    "end": "Until when?",
    "seconds": "How long?",
}
_NONE = {"campaign": "No campaign", "platform": "No platform"}
_UNREADABLE = f"A line is one text of at most {LONGEST_LINE} characters. Shorten it."


class Chip(TypedDict):
    """Something that was understood; `kind` is the field it fills."""

    kind: str
    text: str


class Answer(TypedDict):
    """A choice of a question."""

    value: str
    label: str


class Question(TypedDict):
    """What is unsure, and the choices to click."""

    field: str
    text: str
    answers: list[Answer]


class _Line(BaseModel):
    """What the field holds."""

    text: str = Field(max_length=LONGEST_LINE)


class _Submitted(_Line):
    """What Enter sends; `serial` tells a second Enter on the same line from the next line."""

    serial: int


class _Choice(BaseModel):
    """A clicked answer."""

    field: Literal["client", "activity", "campaign", "platform", "date", "start", "end", "seconds"]
    value: str = Field(max_length=64)


class QuickLine(rx.State):
    """State of the field above the week. The text lives in the browser; this is its last understood form."""

    text: str = ""
    chips: list[Chip] = []
    questions: list[Question] = []
    error: str = ""
    ready: bool = False
    effect: str = ""
    """What Enter would do to the retainer's period, where the work falls to one."""
    serial: int = 0
    """Counts logged lines."""
    _answers: dict[str, str] = {}
    _logged: str = ""
    """The line that was logged last: a pause of typing that ended before Enter may still report it."""

    @rx.event
    async def understand(self, text: str):
        """The typing paused: show what is understood."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            line = _Line.model_validate({"text": text})
        except ValidationError:
            self.error = _UNREADABLE
            return None
        if line.text and line.text == self._logged:
            return None
        self._logged = ""
        self.text = line.text
        return await self._show(actor)

    @rx.event
    async def choose(self, field: str, value: str):
        """An answer was clicked; typing goes on in the field."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            choice = _Choice.model_validate({"field": field, "value": value})
        except ValidationError:
            self.error = _UNREADABLE
            return None
        self._answers = self._answers | {choice.field: choice.value}
        await self._show(actor)
        return rx.call_script("window.agency.focus('quick-line')")

    @rx.event
    async def submit(self, data: dict):
        """Enter: log the line when nothing is unsure."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            form = _Submitted.model_validate(data)
        except ValidationError:
            self.error = _UNREADABLE
            return None
        typed = form.text
        if not typed.strip() or form.serial != self.serial:
            return None
        self.text, answers = typed, dict(self._answers)
        try:
            _, logged = await asyncio.to_thread(log_line, actor, typed, answers)
        except UnsureLine:
            return await self._show(actor)
        except Refused as refused:
            self.error = refused.message
            return None
        shown = await (await self.get_state(Workbench))._logged(actor, logged)
        self._forget()
        self._logged = typed
        self.serial += 1
        await bump(self, actor.workspace_id)
        return [rx.call_script(f"window.agency.empty('quick-line', {json.dumps(typed)})"), *shown]

    async def _show(self, actor: Actor) -> None:
        if not self.text.strip():
            return self._forget()
        try:
            line = await asyncio.to_thread(understand_line, actor, self.text, dict(self._answers))
            self.error = ""
            refuse_impossible(line)
        except Refused as refused:
            self.error, self.questions, self.ready, self.effect = refused.message, [], False, ""
            return None
        self.effect = await asyncio.to_thread(_effect, actor, line) if line.sure else ""
        self.chips = chips_of(line, actor.zone)
        self.questions = [_question(unsure) for unsure in line.unsure]
        self.ready = line.sure
        return None

    def _forget(self) -> None:
        self.text = self.error = self.effect = self._logged = ""
        self.chips, self.questions, self.ready, self._answers = [], [], False, {}


def _effect(actor: Actor, line: Reading) -> str:
    if line.client is None or line.activity is None or not line.seconds:
        return ""
    planned = Planned(
        line.client.id,
        line.activity.id,
        line.campaign.id if line.campaign else "",
        "",
        line.date,
        line.seconds,
        billable=True,
        start=line.start,
        end=line.end,
    )
    try:
        return told_of(explain_entry(actor, planned), planned, actor.zone)["change"].removesuffix(".")
    except Refused:
        return ""


def chips_of(line: Reading, zone: str) -> list[Chip]:
    """Return what was understood, in the order in which people say it."""
    asked = {unsure.field for unsure in line.unsure}
    names = {"client": line.client, "activity": line.activity, "platform": line.platform, "campaign": line.campaign}
    chips = [_chip(field, name.label) for field, name in names.items() if name]
    if "date" not in asked and (line.start is not None or any(one.field == "date" for one in line.taken)):
        chips.append(_chip("date", f"{line.date:%a} {line.date.day} {line.date:%b}"))
    if line.start is not None and "date" not in asked:
        begun = _clock(line.start, zone)
        chips.append(_chip("time", f"{begun}–{_clock(line.end, zone)}" if line.end else f"from {begun}"))
    if line.seconds is not None and "seconds" not in asked:
        chips.append(_chip("seconds", prose(line.seconds)))
    chips += [_chip("tag", f"#{tag}") for tag in line.tags]
    return [*chips, _chip("note", line.note)] if line.note else chips


def _chip(kind: str, text: str) -> Chip:
    return {"kind": kind, "text": text}


def _question(unsure: Unsure) -> Question:
    answers: list[Answer] = [{"value": one.value, "label": one.label} for one in unsure.candidates]
    if unsure.field in _NONE:
        answers.append({"value": "", "label": _NONE[unsure.field]})
    return {"field": unsure.field, "text": _QUESTIONS[unsure.field], "answers": answers}


def _clock(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"
