"""`/settings/hours`: when a member works. Their own for everybody, all of them for owners and leads."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypedDict

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.weeks import first_of_week
from agency_app.services.actor import Actor
from agency_app.services.agreement_form import day_of_form
from agency_app.services.change_calendar import (
    WEEKDAYS,
    add_days_off,
    remove_days_off,
    set_target_week,
    typed_hours,
)
from agency_app.services.read_calendar import CalendarRead, read_calendar, target_of
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import Page, Toasting
from agency_app.states.pulse import bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import number_of, texts_of
from agency_app.tables import TargetWeek

SHOWN_DAYS_OFF = 40


class MemberPlace(TypedDict):
    """A member whose calendar may be looked at."""

    href: str
    name: str
    here: bool


class WeekRow(TypedDict):
    """A week of targets as it holds from a day."""

    since: str
    days: list[str]
    total: str


class OffRow(TypedDict):
    """Days off; `may` tells whether this member may take them away again."""

    id: str
    days: str
    name: str
    whose: str
    may: bool


class HoursView(TypedDict):
    """The page."""

    ready: bool
    member_id: str
    member: str
    members: list[MemberPlace]
    everybody: bool
    summary: str
    hours: dict[str, str]
    since: str
    today: str
    seen: int
    weeks: list[WeekRow]
    off: list[OffRow]


@shown_on("/settings/hours")
class Hours(Page, Toasting, rx.State):
    """State of `/settings/hours`."""

    week_error: str = ""
    errors: dict[str, str] = {}
    off_error: str = ""
    _removed: tuple[str, date, date, str, bool] | None = None

    @rx.var
    async def view(self) -> HoursView:
        """The calendar of the member in the address."""
        actor = await self._reader()
        if actor is None:
            return no_hours()
        return hours_view(actor, await shared_reading(read_calendar, actor, self._member()))

    def _arrive(self) -> None:
        self.week_error, self.errors, self.off_error = "", {}, ""
        self._put_toast_away()

    @rx.event
    async def save_week(self, data: dict):
        """Set the hours of the member on screen from the day typed."""

        def act(actor: Actor, typed: dict[str, str]) -> str:
            read = read_calendar(actor, self._member())
            seen = number_of(typed.get("seen", ""))
            hours = typed_hours(typed)
            set_target_week(actor, read.member.id, day_of_form(typed, "since"), hours, seen)
            return f"{wording.hours(sum(hours))} h a week from {wording.short_date(day_of_form(typed, 'since'))}"

        self.week_error, self.errors = "", {}
        return await self._do(data, act, "week")

    @rx.event
    async def add_off(self, data: dict):
        """Add days off of the member on screen, or of everybody."""

        def act(actor: Actor, typed: dict[str, str]) -> str:
            read = read_calendar(actor, self._member())
            first = day_of_form(typed, "first")
            last = day_of_form(typed, "last") if typed.get("last", "").strip() else first
            whose = None if typed.get("whose") == "everybody" else read.member.id
            add_days_off(actor, whose, first, last, typed.get("name", ""), half=typed.get("half") == "yes")
            return f"{_days(first, last)} is off"

        self.off_error = ""
        return await self._do(data, act, "off")

    @rx.event
    async def remove_off(self, day_off_id: str):
        """Take days off away again; the toast offers to put them back."""

        def act(actor: Actor, typed: dict[str, str]) -> str:
            gone = remove_days_off(actor, typed.get("id", ""))
            self._removed = gone.member_id or "", gone.first_on, gone.last_on, gone.name, gone.half
            return f"{_days(gone.first_on, gone.last_on)} is not off any more"

        self.off_error = ""
        return await self._do({"id": day_off_id}, act, "removed")

    @rx.event
    async def undo(self):
        """Put back the days off that were taken away last."""

        def act(actor: Actor, _typed: dict[str, str]) -> str:
            if self._removed is None:
                raise Refused("There is nothing to put back.")
            member_id, first, last, name, half = self._removed
            add_days_off(actor, member_id or None, first, last, name, half=half)
            self._removed = None
            return f"{_days(first, last)} is off again"

        return await self._do({}, act, "off")

    async def _do(self, data: object, act: Callable[[Actor, dict[str, str]], str], what: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            said = await asyncio.to_thread(act, actor, texts_of(data))
        except FieldsRefused as refused:
            self.errors = refused.errors
            return None
        except Refused as refused:
            if what == "week":
                self.week_error = refused.message
            else:
                self.off_error = refused.message
            return None
        self._say(said, "undo" if what == "removed" else "")
        await bump(self, actor.workspace_id)
        return None

    def _member(self) -> str:
        return self.router.url.query_parameters.get("member", "")[:64]


def no_hours() -> HoursView:
    """Return the page before anything is known, or when signed out."""
    return {
        "ready": False,
        "member_id": "",
        "member": "",
        "members": [],
        "everybody": False,
        "summary": "",
        "hours": dict.fromkeys(WEEKDAYS, ""),
        "since": "",
        "today": "",
        "seen": 0,
        "weeks": [],
        "off": [],
    }


def hours_view(actor: Actor, read: CalendarRead) -> HoursView:
    """Return the page of a calendar."""
    first = first_of_week(read.today, read.first_weekday)
    now = next((week for week in read.weeks if week.starts_on <= read.today), None)
    target = target_of(read, first, first + timedelta(days=6))
    return {
        "ready": True,
        "member_id": read.member.id,
        "member": read.member.name,
        "members": [
            {"href": f"/settings/hours?member={one.id}", "name": one.name, "here": one.id == read.member.id}
            for one in read.members
        ],
        "everybody": read.may_change_everybody,
        "summary": f"{wording.hours(target)} h this week, days off taken away"
        if read.weeks
        else "No hours yet: nothing is said about what is missing, and forecasts count Monday to Friday.",
        "hours": {one: _typed(getattr(now, one)) if now else "" for one in WEEKDAYS},
        "since": (first if now else date(first.year, 1, 1)).isoformat(),
        "today": read.today.isoformat(),
        "seen": read.seen,
        "weeks": [_week_row(week) for week in read.weeks],
        "off": [
            {
                "id": row.id,
                "days": _days(row.first_on, row.last_on) + (", half" if row.half else ""),
                "name": row.name,
                "whose": "" if row.member_id else "Everybody",
                "may": bool(row.member_id) or read.may_change_everybody,
            }
            for row in read.days_off[:SHOWN_DAYS_OFF]
        ],
    }


def _week_row(week: TargetWeek) -> WeekRow:
    seconds = [getattr(week, one) for one in WEEKDAYS]
    return {
        "since": f"{wording.short_date(week.starts_on)} {week.starts_on.year}",
        "days": [wording.hours(one) if one else "–" for one in seconds],
        "total": f"{wording.hours(sum(seconds))} h",
    }


def _typed(seconds: int) -> str:
    return wording.hours_minutes(seconds).removesuffix(":00") if seconds else ""


def _days(first: date, last: date) -> str:
    return wording.weekday_date(first) if first == last else wording.day_span(first, last)
