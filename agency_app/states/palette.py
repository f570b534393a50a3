"""The command palette: everything that can be gone to or done, by its name, and the quick line inside it."""

import asyncio
import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, Field

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.domain.kept_days import kept_day
from agency_app.domain.quick_line import Reading
from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import open_draft
from agency_app.services.find_places import Place, find_places
from agency_app.services.log_line import LONGEST_LINE, UnsureLine, log_line, refuse_impossible, understand_line
from agency_app.services.refusal import Refused
from agency_app.services.timer import WHEN_FIELDS, start_from_line
from agency_app.states.alerts import MAY_SEE_COSTS
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.quick_line import _question, chips_of
from agency_app.states.readings import shared_reading
from agency_app.states.timer import Timer
from agency_app.states.typed import form_of
from agency_app.states.week_view import address
from agency_app.states.workbench import Workbench

_SHORTEST = 3
_GROUPS = {
    "focus": "Focus on a client",
    "client": "Clients",
    "retainer": "Retainers",
    "invoice": "Invoices",
    "finalise": "Finalise",
}
_PAGES = (
    ("Week", "/", "G W"),
    ("Week grid", "/grid", "G G"),
    ("Retainers", "/retainers", "G R"),
    ("Invoices", "/invoices", "G I"),
    ("Clients", "/clients", ""),
    ("Approvals", "/approvals", ""),
    ("Entries", "/entries", ""),
    ("Gaps", "/gaps", ""),
    ("Settings", "/settings", ""),
    ("Activities", "/settings/activities", ""),
    ("Rates", "/settings/rates", ""),
    ("Templates and routines", "/settings/templates", ""),
    ("Working hours", "/settings/hours", ""),
    ("Keyboard", "/settings/keyboard", ""),
)
_MONEY_PAGES = (("Reports", "/reports", ""), ("Cost rates", "/settings/costs", ""))
_DEEDS = (
    ("New entry", "#new-entry", "N"),
    ("Log in one line", "#quick-line", "L"),
    ("Start or stop the timer", "#timer-toggle", "T"),
    ("Undo", "#undo-last", "Z"),
    ("Redo", "#redo-last", "⇧Z"),
    ("Recent changes", "#changes-open", ""),
    ("Keys", "#keys-open", "?"),
    ("Light or dark", "#theme-toggle", ""),
)


class _Chosen(BaseModel):
    """What was chosen, and what stood in the field."""

    action: str = Field(max_length=200)
    text: str = Field(default="", max_length=LONGEST_LINE)


class Palette(rx.State):
    """State of the palette. What is listed goes to the browser once it is opened, and is filtered there."""

    items: str = "[]"
    """JSON: a list of {action, group, title, hint, key}."""
    line: str = "{}"
    """JSON: what the text in the field is as a quick line, {text, options: [{action, title, hint}], note}, or {done}."""
    _text: str = ""
    _answers: dict[str, str] = {}

    @rx.event
    async def load(self):
        """The palette was opened: bring what can be found up to date."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self._text, self._answers, self.line = "", {}, "{}"
        self.items = await shared_reading(_items, actor, datetime.now(ZoneInfo(actor.zone)).date())
        return None

    @rx.event
    async def typed(self, text: str):
        """The typing paused: say what the text is as a quick line."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        if not isinstance(text, str) or len(text) > LONGEST_LINE:
            return None
        if text != self._text:
            self._text, self._answers = text, {}
        await self._understand(actor)
        return None

    @rx.event
    async def run(self, data: dict):
        """Something was chosen: a place, the line, an answer to what is unsure of the line."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            chosen = form_of(_Chosen, data)
        except Refused as refused:
            await (await self.get_state(Timer))._say_there(refused.message, kind="bad")
            return None
        verb, _, rest = chosen.action.partition(":")
        if verb in {"log", "timer", "answer"}:
            if chosen.text != self._text:
                self._text, self._answers = chosen.text, {}
            if verb == "answer":
                field, _, value = rest.partition("=")
                self._answers = self._answers | {field: value}
                await self._understand(actor)
                return None
            return await self._log(actor) if verb == "log" else await self._start(actor)
        return await self._go(actor, verb, rest)

    async def _go(self, actor: Actor, verb: str, rest: str):
        if verb == "go" and rest.startswith("/") and not rest.startswith("//"):
            return rx.redirect(rest)
        if verb == "focus":
            board = await self.get_state(Workbench)
            return rx.redirect(address(await board._first_day(actor), rest))
        if verb == "finalise":
            client_id, _, day = rest.partition("@")
            try:
                invoice_id = await asyncio.to_thread(open_draft, actor, client_id, kept_day(day))
            except (Refused, ValueError) as refused:
                await (await self.get_state(Timer))._say_there(
                    getattr(refused, "message", "No such month."), kind="bad"
                )
                return None
            return rx.redirect(f"/invoices/{invoice_id}?finalise=1")
        return None

    async def _log(self, actor: Actor):
        text = self._text
        try:
            line, logged = await asyncio.to_thread(log_line, actor, text, dict(self._answers))
        except UnsureLine:
            await self._understand(actor)
            return None
        except Refused as refused:
            self.line = json.dumps({"text": text, "options": [], "note": refused.message})
            return None
        if self.router.url.path != "/":
            return await self._done(actor, _logged_words(line), logged.undo_id)
        shown = await (await self.get_state(Workbench))._logged(actor, logged)
        await self._leave(actor)
        return shown

    async def _start(self, actor: Actor):
        text = self._text
        try:
            started = await asyncio.to_thread(start_from_line, actor, text)
        except UnsureLine:
            await self._understand(actor)
            return None
        except Refused as refused:
            self.line = json.dumps({"text": text, "options": [], "note": refused.message})
            return None
        return await self._done(actor, "Timer started", started.logged.undo_id if started.logged else "")

    async def _done(self, actor: Actor, words: str, undo_id: str) -> None:
        await (await self.get_state(Timer))._say_there(words, undo_id)
        await self._leave(actor)

    async def _leave(self, actor: Actor) -> None:
        self._text, self._answers, self.line = "", {}, json.dumps({"done": True})
        await bump(self, actor.workspace_id)

    async def _understand(self, actor: Actor) -> None:
        text = self._text
        if len(text.strip()) < _SHORTEST:
            self.line = "{}"
            return
        try:
            line = await asyncio.to_thread(understand_line, actor, text, dict(self._answers))
            refuse_impossible(line)
        except Refused as refused:
            self.line = json.dumps({"text": text, "options": [], "note": refused.message})
            return
        self.line = json.dumps({"text": text, **_as_line(line, actor.zone)})


def _logged_words(line: Reading) -> str:
    client = line.client.label if line.client else ""
    return f"Logged {prose(line.seconds or 0)} for {client}, {wording.weekday_date(line.date)}"


def _as_line(line: Reading, zone: str) -> dict[str, Any]:
    """Return what can be done with a text as a quick line: log it, start a timer, or first answer what is unsure."""
    options, note = [], ""
    understood = " · ".join(chip["text"] for chip in chips_of(line, zone))
    asked = {one.field for one in line.unsure}
    if line.sure:
        options.append({"action": "log:", "title": "Log it", "hint": understood})
    elif (line.seconds is not None or line.start is not None) and (line.client or line.activity):
        question = _question(line.unsure[0])
        note = f"{understood}. {question['text']}" if understood else question["text"]
        options += [
            {"action": f"answer:{question['field']}={answer['value']}", "title": answer["label"], "hint": "then log it"}
            for answer in question["answers"]
        ]
    if line.client and line.activity and line.seconds is None and line.start is None and asked <= WHEN_FIELDS:
        options.append(
            {"action": "timer:", "title": "Start a timer", "hint": f"{line.client.label}, {line.activity.label}"}
        )
    return {"options": options, "note": note}


def _items(actor: Actor, today: date) -> str:
    rows = [_row(f"press:{selector}", "Do", name, "", key) for name, selector, key in _DEEDS]
    pages = (*_PAGES, *(_MONEY_PAGES if actor.role in MAY_SEE_COSTS else ()))
    rows += [_row(f"go:{href}", "Go to", name, "", key) for name, href, key in pages]
    rows += [
        _row(_action(place), _GROUPS[place.kind], place.name, place.about, "") for place in find_places(actor, today)
    ]
    return json.dumps(rows, ensure_ascii=False)


def _action(place: Place) -> str:
    if place.kind == "focus":
        return f"focus:{place.id}"
    if place.kind == "finalise":
        return f"finalise:{place.id}@{place.on}"
    return f"go:/{place.kind}s/{place.id}"


def _row(action: str, group: str, title: str, hint: str, key: str) -> dict[str, str]:
    return {"action": action, "group": group, "title": title, "hint": hint, "key": key}
