"""`/grid`: the week as rows and days. The week is in the address; rows, cells and entries are in the database."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any, TypedDict

import reflex as rx
from pydantic import BaseModel, Field, ValidationError

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY
from agency_app.services.actor import Actor, today_of
from agency_app.services.change_many import ManyRefused
from agency_app.services.copy_week import LastWeek, copy_rows, copy_times, read_last_week
from agency_app.services.grid_rows import RecentRow, RowKey, drop_empty_rows, drop_row, keep_row, recent_rows
from agency_app.services.read_entry import EntryChoices, entry_choices
from agency_app.services.read_grid import read_grid
from agency_app.services.refusal import Refused
from agency_app.services.type_in_cell import Cell, CellChange, type_in_cell
from agency_app.states.entry_form import EMPTY_FORM
from agency_app.states.grid_view import GridView, grid_view, key_text, no_grid
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page, day_asked
from agency_app.states.pulse import bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.tidy import FaultRow
from agency_app.states.typed import form_of
from agency_app.states.views import Choice, campaigns_to_choose
from agency_app.states.workbench import Workbench

_MOST_ANSWERS = 20
_DID = {"logged": "Logged", "changed": "Changed to", "deleted": "Deleted"}


class _Row(BaseModel):
    """A row as the browser names it."""

    client: str = Field(max_length=64)
    campaign: str = Field(default="", max_length=64)
    activity: str = Field(max_length=64)
    billable: bool = True

    def key(self) -> RowKey:
        return RowKey(self.client, self.campaign or None, self.activity, self.billable)


class _NewRow(_Row):
    """A row that is chosen freely; a box that is not ticked is not sent."""

    billable: bool = False


class _Place(BaseModel):
    """A cell as the browser names it."""

    row: _Row
    day: date = Field(ge=FIRST_DAY, le=LAST_DAY)


class _Put(_Place):
    """What was typed into a cell: `seen` holds the versions of the entries that the tab showed in it,
    `sent_as` stays the same when it is sent again because no answer came."""

    number: int = Field(ge=1)
    sent_as: str = Field(default="", pattern=r"^([0-9a-f]{32})?$")
    text: str = Field(max_length=40)
    seen: dict[str, int] = Field(default_factory=dict, max_length=500)


class RecentItem(TypedDict):
    """A kind of work of late, to choose as a row."""

    key: str
    client: str
    colour: str
    about: str
    billable: bool
    latest: str


class LastView(TypedDict):
    """What last week would bring."""

    title: str
    rows: int
    rows_text: str
    entries: int
    entries_text: str
    occupied: str


_NO_LAST: LastView = {
    "title": "",
    "rows": 0,
    "rows_text": "",
    "entries": 0,
    "entries_text": "",
    "occupied": "",
}


@shown_on("/grid")
class Grid(Page, rx.State):
    """State of `/grid`."""

    answers: dict[str, str] = {}
    """What came of what was typed last, by the number the browser gave it: "" for saved, else why it was not."""
    recent: list[RecentItem] = []
    row_client: str = ""
    clients: list[Choice] = []
    campaigns: list[Choice] = []
    activities: list[Choice] = []
    row_error: str = ""
    row_serial: int = 0
    last: LastView = _NO_LAST
    copy_error: str = ""
    copy_faults: list[FaultRow] = []

    @rx.var
    async def view(self) -> GridView:
        """The week in the address; nothing while another page is on screen."""
        actor = await self._reader()
        if actor is None:
            return no_grid()
        return await shared_reading(_view_of, actor, day_asked(self, actor), today_of(actor))

    # -- cells ---------------------------------------------------------------------------------------------------

    @rx.event
    async def put(self, data: dict):
        """Something was typed into a cell. What is refused is said at the cell, which keeps what was typed."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            typed = _Put.model_validate(data)
        except ValidationError:
            number = data.get("number") if isinstance(data, dict) else None
            if isinstance(number, int):
                self._answer(number, "That could not be read. Write 1:30, 1.5, 90m or 1h30.")
            return None
        cell = Cell(typed.row.key(), typed.day)
        try:
            change = await asyncio.to_thread(type_in_cell, actor, cell, typed.text, typed.seen, typed.sent_as)
        except Refused as refused:
            self._answer(typed.number, refused.message)
            return None
        self._answer(typed.number, "")
        if change is not None:
            (await self.get_state(Workbench))._say(_did(change, typed.day), change.logged.undo_id)
            await bump(self, actor.workspace_id)
        return None

    @rx.event
    async def open_new(self, data: dict):
        """Open the entry's dialog for a new one in a cell: with a note, tags, or a time of day."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        board = await self.get_state(Workbench)
        try:
            place = form_of(_Place, data)
        except Refused as refused:
            return board._say(refused.message, kind="bad")
        choices = await asyncio.to_thread(entry_choices, actor)
        return board._open_form(
            choices,
            EMPTY_FORM
            | {
                "title": "New entry",
                "client_id": place.row.client,
                "campaign_id": place.row.campaign,
                "activity_id": place.row.activity,
                "billable": place.row.billable,
                "date": place.day.isoformat(),
            },
        )

    # -- rows ----------------------------------------------------------------------------------------------------

    @rx.event
    async def ask_row(self):
        """Open the dialog that adds a row."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        recent = await asyncio.to_thread(recent_rows, actor, day_asked(self, actor))
        self.recent = [_recent(one) for one in recent]
        self.row_client = ""
        self._offer(await asyncio.to_thread(entry_choices, actor))
        self.row_error = ""
        self.row_serial += 1
        return rx.call_script("window.agency.open('row-dialog')")

    @rx.event
    async def choose_client(self, client_id: str):
        """The dialog's client changed: offer its campaigns."""
        actor = await actor_of(self)
        if actor is not None:
            self.row_client = str(client_id)[:64]
            self._offer(await asyncio.to_thread(entry_choices, actor))

    @rx.event
    async def add_recent(self, key: str):
        """Add a row of a kind of work of late."""
        client, campaign, activity, billable = (*str(key)[:200].split("."), "", "", "", "")[:4]
        return await self._add(RowKey(client, campaign or None, activity, billable == "1"))

    @rx.event
    async def add_row(self, data: dict):
        """Add a row that was chosen freely."""
        try:
            row = form_of(_NewRow, data)
        except Refused as refused:
            self.row_error = refused.message
            return None
        return await self._add(row.key())

    @rx.event
    async def drop_row(self, data: dict):
        """Take a row without time away."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            row = form_of(_Row, data)
        except Refused as refused:
            return (await self.get_state(Workbench))._say(refused.message, kind="bad")
        await asyncio.to_thread(drop_row, actor, day_asked(self, actor), row.key())
        await bump(self, actor.workspace_id)
        return None

    @rx.event
    async def drop_empty(self):
        """Take every row without time away."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await asyncio.to_thread(drop_empty_rows, actor, day_asked(self, actor))
        await bump(self, actor.workspace_id)
        return None

    # -- last week -----------------------------------------------------------------------------------------------

    @rx.event
    async def ask_copy(self):
        """Open the dialog that says what last week would bring."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self.last = _last(await asyncio.to_thread(read_last_week, actor, day_asked(self, actor)))
        self.copy_error, self.copy_faults = "", []
        return rx.call_script("window.agency.open('copy-dialog')")

    @rx.event
    async def copy_rows(self):
        """Bring last week's rows without time."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            count = await asyncio.to_thread(copy_rows, actor, day_asked(self, actor))
        except Refused as refused:
            self.copy_error = refused.message
            return None
        (await self.get_state(Workbench))._say(f"{_counted(count, 'row')} added")
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('copy-dialog')")

    @rx.event
    async def copy_times(self):
        """Bring last week's time; what could not be copied stays on screen with why."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            copied = await asyncio.to_thread(copy_times, actor, day_asked(self, actor))
        except ManyRefused as refused:
            self.copy_error, self.copy_faults = "Nothing could be copied.", _faults(refused.faults)
            return None
        except Refused as refused:
            self.copy_error = refused.message
            return None
        words = f"Copied {_counted(copied.count, 'entry')}, {hours_minutes(copied.seconds)}"
        (await self.get_state(Workbench))._say(words, copied.logged.undo_id)
        await bump(self, actor.workspace_id)
        if not copied.faults:
            return rx.call_script("window.agency.close('copy-dialog')")
        self.copy_error = f"{words}. These could not be copied:"
        self.copy_faults = _faults(copied.faults)
        self.last = _last(await asyncio.to_thread(read_last_week, actor, day_asked(self, actor)))
        return None

    # -- helpers (a leading underscore keeps them out of the browser's reach) --------------------------------------

    def _answer(self, number: int, fault: str) -> None:
        self.answers = dict([*self.answers.items(), (str(number), fault)][-_MOST_ANSWERS:])

    def _offer(self, choices: EntryChoices) -> None:
        self.clients = [{"id": client.id, "name": client.name} for client in choices.clients]
        self.activities = [{"id": activity.id, "name": activity.name} for activity in choices.activities]
        self.campaigns = campaigns_to_choose(choices.campaigns, self.row_client)

    async def _add(self, key: RowKey):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            kept = await asyncio.to_thread(keep_row, actor, day_asked(self, actor), key)
        except Refused as refused:
            self.row_error = refused.message
            return None
        await bump(self, actor.workspace_id)
        there = json.dumps(key_text(kept))
        return rx.call_script(f"window.agency.close('row-dialog'); window.agencyGrid.focus({there})")


def _view_of(actor: Actor, day: date, today: date) -> GridView:
    return grid_view(read_grid(actor, day), today, actor.zone)


def _did(change: CellChange, day: date) -> str:
    return f"{_DID[change.did]} {hours_minutes(change.seconds)}, {wording.weekday_date(day)}"


def _recent(row: RecentRow) -> RecentItem:
    return {
        "key": key_text(row.key),
        "client": row.client,
        "colour": f"c{row.colour}",
        "about": ", ".join(part for part in (row.activity, row.campaign) if part),
        "billable": row.key.billable,
        "latest": wording.weekday_date(row.latest),
    }


def _last(week: LastWeek) -> LastView:
    return {
        "title": wording.day_span(week.first_day, week.first_day + timedelta(days=6)),
        "rows": len(week.rows),
        "rows_text": _counted(len(week.rows), "row") if week.rows else "No new row",
        "entries": len(week.entries),
        "entries_text": f"{_counted(len(week.entries), 'entry')}, {hours_minutes(week.seconds)}"
        if week.entries
        else "No time to copy",
        "occupied": f"{_counted(week.occupied, 'entry')} left out: there is time in {_its(week.occupied)} already."
        if week.occupied
        else "",
    }


def _its(count: int) -> str:
    return "its cell" if count == 1 else "their cells"


def _counted(count: int, noun: str) -> str:
    plural = {"entry": "entries", "row": "rows"}[noun]
    return f"{count} {noun if count == 1 else plural}"


def _faults(faults: Any) -> list[FaultRow]:
    return [{"id": fault.entry_id, "entry": fault.entry, "message": fault.message} for fault in faults]
