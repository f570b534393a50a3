"""Submitting a week, and `/approvals`, where leads decide on the weeks of their clients."""

import asyncio
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.domain.kept_days import kept_day
from agency_app.domain.weeks import week_number
from agency_app.services.actor import Actor
from agency_app.services.approve_week import (
    Handed,
    OwnWeek,
    approve_week,
    own_week,
    read_approvals,
    reopen_week,
    return_week,
    submit_week,
    withdraw_week,
)
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page, Toasting
from agency_app.states.pulse import bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import texts_of
from agency_app.states.week_view import local_text
from agency_app.states.workbench import Workbench

_WEEK_PAGES = ("/", "/grid")
"""The pages that show the member's own week."""
_CHIPS = {"submitted": "st-warn", "partly": "st-warn", "approved": "st-ok", "returned": "st-bad"}
_WORDS = {"submitted": "Submitted", "partly": "Partly approved", "approved": "Approved", "returned": "Returned"}


class OwnWeekView(TypedDict):
    """How the week on screen stands."""

    asked: bool
    chip: str
    chip_class: str
    word: str
    may_submit: bool
    may_withdraw: bool
    to_decide: str


class EntryLine(TypedDict):
    """A touch of a submitted week."""

    key: str
    when: str
    what: str
    note: str
    duration: str
    billable: bool


class HandedRow(TypedDict):
    """A submitted week of a member for a client."""

    id: str
    seen: str
    member: str
    client: str
    colour: str
    week: str
    hours: str
    count: str
    entries: list[EntryLine]
    status: str
    chip: str
    chip_class: str
    said: str
    may_decide: bool
    waits: bool
    approved: bool


class HandedView(TypedDict):
    """The page: what waits, and what was decided lately."""

    ready: bool
    waiting: list[HandedRow]
    decided: list[HandedRow]


@shown_on(*_WEEK_PAGES, "/approvals")
class Approvals(Page, Toasting, rx.State):
    """State of `/approvals` and of the control beside the week's total."""

    returning: str = ""
    """The submission whose return asks for a word; empty when none does."""
    error: str = ""

    @rx.var
    async def own(self) -> OwnWeekView:
        """How the member's own week on screen stands; nothing while another page is on screen."""
        actor = await self._reader(*_WEEK_PAGES)
        query = self.router.url.query_parameters
        if actor is None:
            return _own_view(OwnWeek("open", "", asked=False))
        return _own_view(await shared_reading(own_week, actor, _day(query.get("week", ""), actor)))

    @rx.var
    async def handed(self) -> HandedView:
        """What waits and what was decided lately; nothing while another page is on screen."""
        actor = await self._reader("/approvals")
        if actor is None:
            return {"ready": False, "waiting": [], "decided": []}
        rows = [_row(one, actor.zone) for one in await shared_reading(read_approvals, actor)]
        return {
            "ready": True,
            "waiting": [row for row in rows if row["waits"]],
            "decided": [row for row in rows if not row["waits"]],
        }

    def _arrive(self) -> None:
        self.returning = self.error = ""
        self._put_toast_away()

    @rx.event
    async def submit(self):
        """Hand in the week on screen."""
        return await self._decide(lambda actor, day: submit_week(actor, day), "Submitted")

    @rx.event
    async def withdraw(self):
        """Take back the week on screen, as far as nobody decided."""
        return await self._decide(lambda actor, day: withdraw_week(actor, day), "Withdrawn")

    @rx.event
    async def approve(self, submission_id: str, seen: str):
        """Approve a week as it is on screen."""
        return await self._decide(lambda actor, _: approve_week(actor, str(submission_id), str(seen)), "Approved")

    @rx.event
    async def ask_word(self, submission_id: str):
        """Ask what is to be mended before a week is returned; the same week again puts the question away."""
        self.error = ""
        self.returning = "" if self.returning == str(submission_id) else str(submission_id)

    @rx.event
    async def give_back(self, data: dict):
        """Return a submitted week, or open an approved one again, with a word."""

        def act(actor: Actor, _day: date) -> None:
            typed = texts_of(data)
            verb = reopen_week if typed.get("approved") == "true" else return_week
            verb(actor, typed.get("id", ""), typed.get("word", ""))

        return await self._decide(act, "Returned")

    async def _decide(self, act, done: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        day = _day(self.router.url.query_parameters.get("week", ""), actor)
        try:
            await asyncio.to_thread(act, actor, day)
        except Refused as refused:
            if refused.field == "word":
                self.error = refused.message
            else:
                await self._say_there(refused.message, kind="bad")
            return None
        self.returning = self.error = ""
        await self._say_there(done)
        await bump(self, actor.workspace_id)
        return None

    async def _say_there(self, text: str, kind: str = "ok") -> None:
        """Show what came of it, on the week by the toast that is there already."""
        page = await self.get_state(Workbench) if self._is_on(*_WEEK_PAGES) else self
        page._say(text, kind=kind)


def _day(text: str, actor: Actor) -> date:
    """Return the day that the address names, else today in the member's zone."""
    try:
        return kept_day(text)
    except ValueError:
        return datetime.now(ZoneInfo(actor.zone)).date()


def _own_view(week: OwnWeek) -> OwnWeekView:
    return {
        "asked": week.asked,
        "chip": _WORDS.get(week.status, ""),
        "chip_class": _CHIPS.get(week.status, ""),
        "word": week.word,
        "may_submit": week.asked and week.status in ("open", "returned", "partly"),
        "may_withdraw": week.asked and week.status in ("submitted", "partly"),
        "to_decide": "1 week to approve"
        if week.to_decide == 1
        else f"{week.to_decide} weeks to approve"
        if week.to_decide
        else "",
    }


def _row(handed: Handed, zone: str) -> HandedRow:
    row = handed.submission
    count = len(handed.entries)
    said = f"{_WORDS[row.status]} by {handed.decided_by}" if handed.decided_by else ""
    return {
        "id": row.id,
        "seen": handed.seen,
        "member": handed.member.name,
        "client": handed.client.name,
        "colour": f"c{handed.client.colour}",
        "week": f"Week {week_number(row.monday)}, from {wording.short_date(row.monday)}",
        "hours": f"{wording.hours(sum(entry.seconds for entry in handed.entries))} h",
        "count": "1 entry" if count == 1 else f"{count} entries",
        "entries": [
            {
                "key": entry.id,
                "when": f"{wording.weekday_date(entry.work_date)}"
                + (f", {local_text(entry.started_at, zone)[11:16]}" if entry.started_at else ""),
                "what": ", ".join(filter(None, (entry.activity, entry.campaign))),
                "note": entry.note or entry.title,
                "duration": prose(entry.seconds),
                "billable": entry.billable,
            }
            for entry in handed.entries
        ],
        "status": row.status,
        "chip": _WORDS[row.status],
        "chip_class": _CHIPS[row.status],
        "said": f"{said}: {row.word}" if row.word else said,
        "may_decide": handed.may_decide,
        "waits": row.status == "submitted",
        "approved": row.status == "approved",
    }
