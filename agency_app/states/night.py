"""What the entry dialog says of midnight: that an entry runs past it, and where the other half of a night's work is."""

import asyncio
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.services.actor import Actor
from agency_app.services.log_time import Logged
from agency_app.services.read_entry import read_entry
from agency_app.services.read_night import read_night
from agency_app.services.refusal import Refused
from agency_app.services.split_entry import split_entry
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import Pulse
from agency_app.states.workbench import Workbench
from agency_app.store.work import EntryRow


class Half(TypedDict):
    """The other half of a night's work."""

    id: str
    text: str


class NightTold(TypedDict):
    """`over` is a sentence, empty where the entry runs past no midnight."""

    over: str
    halves: list[Half]


class Night(rx.State):
    """The dialog itself is the workbench's."""

    @rx.var
    async def told(self) -> NightTold:
        """How the entry in the dialog, as it is saved, lies about midnight."""
        _ = (await self.get_state(Pulse)).revision
        entry_id = (await self.get_state(Workbench)).form["id"]
        actor = await actor_of(self) if entry_id else None
        if actor is None:
            return {"over": "", "halves": []}
        return await asyncio.to_thread(_told, actor, entry_id)

    @rx.event
    async def split(self):
        """Split the entry in the dialog at the midnight that it runs past."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        board = await self.get_state(Workbench)
        entry_id, version = board.form["id"], board.form["version"]
        return await board._from_dialog(actor, lambda: _split(actor, entry_id, version), "Split at midnight")

    @rx.event
    async def open(self, entry_id: str):
        """Open the other half."""
        return await (await self.get_state(Workbench))._open(str(entry_id))


def _split(actor: Actor, entry_id: str, version: int) -> Logged:
    night = read_night(actor, read_entry(actor, entry_id))
    return split_entry(actor, entry_id, version, night.first_seconds)


def _told(actor: Actor, entry_id: str) -> NightTold:
    try:
        row = read_entry(actor, entry_id)
    except Refused:
        return {"over": "", "halves": []}
    night = read_night(actor, row)
    over = ""
    if night.first_seconds:
        over = (
            f"Runs past midnight: all of it counts on {wording.weekday_date(row.work_date)}, "
            f"{prose(row.seconds - night.first_seconds)} of it was worked after."
        )
    halves: list[Half] = []
    if night.earlier is not None:
        halves.append({"id": night.earlier.id, "text": f"Goes on from {_span(night.earlier)}"})
    if night.later is not None:
        halves.append({"id": night.later.id, "text": f"Goes on after midnight: {_span(night.later)}"})
    return {"over": over, "halves": halves}


def _span(row: EntryRow) -> str:
    clock = "–".join(f"{at.astimezone(ZoneInfo(row.zone)):%H:%M}" for at in (row.started_at, row.ended_at) if at)
    return f"{wording.weekday_date(row.work_date)}, {clock}, {prose(row.seconds)}"
