"""Tidying: entries picked in the list are edited, merged or deleted together, and any entry is split in two."""

import asyncio
from collections.abc import Callable
from datetime import time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.domain.durations import DurationError, parse_duration, prose, seconds_to_midnight, seconds_until
from agency_app.services.actor import Actor, today_of
from agency_app.services.change_many import (
    MOST,
    ManyEdit,
    ManyRefused,
    change_many,
    delete_many,
    entry_words,
    foretell_many,
)
from agency_app.services.find_entries import changeable_ids, filter_of, query_of
from agency_app.services.log_time import Logged
from agency_app.services.merge_entries import merge_entries, read_merger
from agency_app.services.read_entry import entry_choices, lock_of, read_entry
from agency_app.services.refusal import Refused
from agency_app.services.split_entry import split_entry
from agency_app.services.weeks import first_weekday_of
from agency_app.states.entries import Entries
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump, join
from agency_app.states.tidy_words import PeriodRow, period_rows, told_of_changing, told_of_merging
from agency_app.states.typed import texts_of
from agency_app.states.workbench import Workbench
from agency_app.store.work import EntryRow

_NO_EDIT = {"client": "", "campaign": "", "activity": "", "billable": "", "add_tags": "", "remove_tags": ""}
_NONE = "none"


class FaultRow(TypedDict):
    """An entry that cannot change, and why."""

    id: str
    entry: str
    message: str


class SplitForm(TypedDict):
    """The dialog that splits an entry; `timed` says that it has a time of day, `at` is the midnight it runs past."""

    id: str
    version: int
    title: str
    about: str
    timed: bool
    at: str


class Tidy(rx.State):
    """What is picked, and the dialogs over it."""

    picked: dict[str, int] = {}
    """The version that was on screen, by the id of each entry that is picked."""
    form: dict[str, str] = dict(_NO_EDIT)
    form_serial: int = 0
    step: str = "ask"
    """Of the edit of many: "ask", or "told" once its effects are on screen."""
    summary: list[str] = []
    told: list[str] = []
    periods: list[PeriodRow] = []
    error: str = ""
    faults: list[FaultRow] = []
    split: SplitForm = {"id": "", "version": 0, "title": "", "about": "", "timed": False, "at": ""}
    split_error: str = ""
    busy: bool = False
    _query: str = ""
    _edit: ManyEdit = ManyEdit()
    _versions: dict[str, int] = {}

    @rx.var
    def count(self) -> int:
        """How many entries are picked."""
        return len(self.picked)

    @rx.event
    async def load(self):
        """Follow the workspace; what was picked stays over the pages of a list, and goes with its filter."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        query = query_of({name: str(value) for name, value in self.router.url.query_parameters.items()})
        if query != self._query:
            self.picked, self._query = {}, query
        return None

    # -- picking -------------------------------------------------------------------------------------------------

    @rx.event
    async def pick(self, entry_id: str, version: int):
        """Pick an entry of the list, or let it go."""
        if not isinstance(entry_id, str) or len(entry_id) > 64 or type(version) is not int:
            return
        if entry_id in self.picked:
            self.picked = {one: seen for one, seen in self.picked.items() if one != entry_id}
        elif len(self.picked) < MOST:
            self.picked = {**self.picked, entry_id: version}

    @rx.event
    async def pick_page(self):
        """Pick all of the page that can change; with all of them picked, let them go."""
        view = await (await self.get_state(Entries)).view  # pyright: ignore[reportGeneralTypeIssues]
        here = {row["id"]: row["version"] for row in view["rows"] if row["may_change"]}
        if here and here.keys() <= self.picked.keys():
            self.picked = {one: seen for one, seen in self.picked.items() if one not in here}
        else:
            self.picked = dict(list({**self.picked, **here}.items())[:MOST])

    @rx.event
    async def pick_all(self):
        """Pick all that the filter finds and that can change, up to as many as can change at once."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        typed = {name: str(value) for name, value in self.router.url.query_parameters.items()}
        try:
            self.picked = await asyncio.to_thread(_changeable, actor, typed)
        except Refused as refused:
            await self._say(refused.message, kind="bad")
        return None

    @rx.event
    async def clear(self):
        """Let everything go."""
        self.picked = {}

    @rx.event
    async def leave_out(self):
        """Let go of the entries that cannot change."""
        gone = {fault["id"] for fault in self.faults}
        self.picked = {one: seen for one, seen in self.picked.items() if one not in gone}
        self.error, self.faults = "", []

    # -- many at once --------------------------------------------------------------------------------------------

    @rx.event
    async def ask_edit(self):
        """Open the dialog that edits what is picked."""
        self.form, self.step, self.error, self.faults = dict(_NO_EDIT), "ask", "", []
        self.form_serial += 1
        return rx.call_script("window.agency.open('many-dialog')")

    @rx.event
    async def back_to_edit(self):
        """Back from what an edit would do to the edit itself, as it was typed."""
        self.step, self.error, self.faults = "ask", "", []
        self.form_serial += 1

    @rx.event
    async def foretell(self, data: dict):
        """Show what the edit would do, without doing it."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            typed = texts_of(data)
        except Refused as refused:
            self.error, self.faults = refused.message, []
            return None
        self.form = {name: typed.get(name, "") for name in _NO_EDIT}
        self._edit, self.summary = await asyncio.to_thread(_edit_of, actor, self.form)
        self.error, self.faults = "", []
        if not self.summary:
            self.error = "Choose what is to change first."
            return None
        picked, edit = list(self.picked), self._edit
        try:
            told = await asyncio.to_thread(foretell_many, actor, picked, edit)
        except Refused as refused:
            self._refused(refused)
            return None
        self._versions = told.versions
        self.told, self.periods = told_of_changing(told.effects), period_rows(told.effects)
        self.summary = [f"{_entries(told.effects.count)}, {prose(told.effects.seconds)}", *self.summary]
        self.step = "told"
        return None

    @rx.event
    async def apply(self):
        """Do what was foretold, to the entries as they were then."""
        versions, edit = self._versions, self._edit
        return await self._do(
            lambda actor: change_many(actor, versions, edit), f"{_entries(len(versions))} changed", "many-dialog"
        )

    @rx.event
    async def delete(self):
        """Delete what is picked; the toast brings it back."""
        versions = dict(self.picked)
        done = await self._do(lambda actor: delete_many(actor, versions), f"{_entries(len(versions))} deleted", "")
        if self.faults:
            self.step = "faults"
            return rx.call_script("window.agency.open('many-dialog')")
        return done

    # -- merging and splitting -----------------------------------------------------------------------------------

    @rx.event
    async def ask_merge(self):
        """Say what merging what is picked would do."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self.error, self.faults, picked = "", [], list(self.picked)
        try:
            merger = await asyncio.to_thread(read_merger, actor, picked)
        except Refused as refused:
            await self._say(refused.message, kind="bad")
            return None
        self.told = told_of_merging(merger, actor.zone)
        self._versions = {row.id: row.version for row in merger.rows}
        return rx.call_script("window.agency.open('merge-dialog')")

    @rx.event
    async def merge(self):
        """Merge the entries as they were when it was told what that does."""
        seen = list(self._versions.items())
        return await self._do(lambda actor: merge_entries(actor, seen), f"{len(seen)} entries merged", "merge-dialog")

    @rx.event
    async def ask_split(self, entry_id: str):
        """Open the dialog that splits an entry."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            row = await asyncio.to_thread(read_entry, actor, str(entry_id))
        except Refused as refused:
            await self._say(refused.message, kind="bad")
            return None
        if lock := await asyncio.to_thread(lock_of, actor, row):
            await self._say(f"{lock}: it cannot be split.", kind="bad")
            return None
        self.split, self.split_error = _split_form(row, actor.zone), ""
        self.form_serial += 1
        return [
            rx.call_script("window.agency.close('entry-dialog')"),
            rx.call_script("window.agency.open('split-dialog')"),
        ]

    @rx.event
    async def cut(self, data: dict):
        """Split the entry at the time, or after the length, that was typed."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        entry_id, version = self.split["id"], self.split["version"]
        try:
            typed = texts_of(data)
            row = await asyncio.to_thread(read_entry, actor, entry_id)
            first = _first_seconds(row, typed.get("at", ""), typed.get("first", ""), actor.zone)
            note = typed.get("note", "")
            done = await asyncio.to_thread(split_entry, actor, entry_id, version, first, note)
        except (Refused, DurationError) as refused:
            self.split_error = str(refused)
            return None
        self.picked = {one: seen for one, seen in self.picked.items() if one != entry_id}
        await self._say("Split in two", done.undo_id)
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('split-dialog')")

    # -- helpers -------------------------------------------------------------------------------------------------

    async def _do(self, act: Callable[[Actor], Logged], said: str, dialog: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            done = await asyncio.to_thread(act, actor)
        except Refused as refused:
            self._refused(refused)
            if not dialog and not self.faults:
                await self._say(refused.message, kind="bad")
            return None
        self.picked, self.error, self.faults = {}, "", []
        await self._say(said, done.undo_id)
        await bump(self, actor.workspace_id)
        return rx.call_script(f"window.agency.close('{dialog}')") if dialog else None

    def _refused(self, refused: Refused) -> None:
        self.error = refused.message
        self.faults = (
            [{"id": one.entry_id, "entry": one.entry, "message": one.message} for one in refused.faults]
            if isinstance(refused, ManyRefused)
            else []
        )

    async def _say(self, text: str, undo_id: str = "", *, kind: str = "ok") -> None:
        (await self.get_state(Workbench))._say(text, undo_id, kind=kind)


def _changeable(actor: Actor, typed: dict[str, str]) -> dict[str, int]:
    return changeable_ids(actor, filter_of(typed, today_of(actor), first_weekday_of(actor)), MOST)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _edit_of(actor: Actor, typed: dict[str, str]) -> tuple[ManyEdit, list[str]]:
    """Return the edit that was typed, and what it says, field by field; nothing when it asks for nothing."""
    choices = entry_choices(actor)
    names = {one.id: one.name for one in (*choices.clients, *choices.campaigns, *choices.activities)}
    added, removed = (
        tuple(typed[name].replace(",", " ").replace("#", " ").split()) for name in ("add_tags", "remove_tags")
    )
    edit = ManyEdit(
        client_id=typed["client"] or None,
        campaign_id="" if typed["campaign"] == _NONE else typed["campaign"] or None,
        activity_id=typed["activity"] or None,
        billable={"yes": True, "no": False}.get(typed["billable"]),
        add_tags=added,
        remove_tags=removed,
    )
    said = [
        f"{label}: {names.get(value, 'none')}"
        for label, value in (("Client", edit.client_id), ("Campaign", edit.campaign_id), ("Activity", edit.activity_id))
        if value is not None
    ]
    if edit.client_id is not None and edit.campaign_id is None:
        said.append("Campaign: none, where the client changes")
    said += ["Billable" if edit.billable else "Not billable"] if edit.billable is not None else []
    said += [f"Add the tags {' '.join(added)}"] if added else []
    said += [f"Remove the tags {' '.join(removed)}"] if removed else []
    return edit, said


def _split_form(row: EntryRow, zone: str) -> SplitForm:
    about, at = f"{prose(row.seconds)}, at no time of day.", ""
    if row.started_at and row.ended_at:
        start, end = (one.astimezone(ZoneInfo(zone)) for one in (row.started_at, row.ended_at))
        about = f"{start:%H:%M} to {end:%H:%M}, {prose(row.seconds)}."
        if first := seconds_to_midnight(row.started_at, row.ended_at, row.zone):
            midnight = (row.started_at + timedelta(seconds=first)).astimezone(ZoneInfo(zone))
            about, at = f"{about} What is after midnight counts on its own day then.", f"{midnight:%H:%M}"
    return {
        "id": row.id,
        "version": row.version,
        "title": entry_words(row),
        "about": about,
        "timed": row.started_at is not None,
        "at": at,
    }


def _first_seconds(row: EntryRow, at: str, first: str, zone: str) -> int:
    """Return the seconds of the first part, from a time of day or a length. Raises DurationError or Refused."""
    if first.strip():
        return parse_duration(first)
    if row.started_at is None or row.ended_at is None:
        raise Refused("Give the length of the first part.", "first")
    try:
        clock = time.fromisoformat(at)
    except ValueError:
        raise Refused("Give the time at which the second part begins, or the length of the first.", "at") from None
    return seconds_until(row.started_at, row.ended_at, clock, zone)
