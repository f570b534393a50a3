"""Undo and redo of a member's last ten changes, on every page."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypedDict

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.recent_changes import Change, change_of, recent_changes, redo_last, undo_last
from agency_app.services.redo_change import redo_change
from agency_app.services.refusal import Refused
from agency_app.services.undo_change import undo_change
from agency_app.states.change_words import change_detail, change_title, in_a_sentence, moment_words
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import bump
from agency_app.states.timer import Timer


class ChangeRow(TypedDict):
    """A line of the list; `undone` says which way it can go."""

    id: str
    title: str
    detail: str
    at: str
    undone: bool


class Changes(rx.State):
    """State of undo and redo. What was changed is in the audit events alone; the list is as of when it was opened."""

    rows: list[ChangeRow] = []
    error: str = ""

    @rx.event
    async def look(self):
        """Open the list of recent changes."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        self.error = ""
        await self._read(actor)
        return rx.call_script("window.agency.open('recent-changes')")

    @rx.event
    async def undo_last(self):
        """Z: undo the member's latest change."""
        return await self._act(undo_last, "Undone")

    @rx.event
    async def redo_last(self):
        """Shift and Z: redo what was undone last."""
        return await self._act(redo_last, "Redone")

    @rx.event
    async def undo(self, change_id: str):
        """Undo one change of the list."""
        return await self._act(lambda actor: _one(actor, str(change_id), undo_change), "Undone", in_list=True)

    @rx.event
    async def redo(self, change_id: str):
        """Redo one change of the list."""
        return await self._act(lambda actor: _one(actor, str(change_id), redo_change), "Redone", in_list=True)

    async def _act(self, verb: Callable[[Actor], Change | None], word: str, *, in_list: bool = False):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        timer, self.error = await self.get_state(Timer), ""
        try:
            change = await asyncio.to_thread(verb, actor)
        except Refused as refused:
            if in_list:
                self.error = refused.message
                await self._read(actor)
            else:
                await timer._say_there(refused.message, kind="bad")
            return None
        if in_list:
            await self._read(actor)
        else:
            title = in_a_sentence(change_title(change)) if change else ""
            undo_id = change.id if change and word == "Redone" else ""
            await timer._say_there(f"{word}: {title}", undo_id, kind="undone" if word == "Undone" else "ok")
        await bump(self, actor.workspace_id)
        return None

    async def _read(self, actor: Actor) -> None:
        found, at = await asyncio.to_thread(recent_changes, actor), datetime.now(UTC)
        self.rows = [
            {
                "id": change.id,
                "title": change_title(change),
                "detail": change_detail(change, actor.zone),
                "at": moment_words(change.at, actor.zone, at),
                "undone": change.undone,
            }
            for change in found
        ]


def _one(actor: Actor, change_id: str, verb: Callable[[Actor, str], str]) -> Change | None:
    verb(actor, change_id)
    return change_of(actor, change_id)
