"""`/gaps`: what of a week is unaccounted for, member by member."""

from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.gaps import DayAccount, gap_of
from agency_app.domain.kept_days import kept_day
from agency_app.services.actor import Actor
from agency_app.services.read_gaps import MemberWeek, read_gaps
from agency_app.states.page import Page
from agency_app.states.pulse import shown_on
from agency_app.states.readings import shared_reading


class GapDay(TypedDict):
    """A cell: what is missing, and what there is; `href` leads to the week of a day of one's own."""

    key: str
    text: str
    about: str
    short: bool


class GapRow(TypedDict):
    """A member's week."""

    id: str
    name: str
    total: str
    gap: str
    said: list[str]
    days: list[GapDay]


class GapsView(TypedDict):
    """The page."""

    ready: bool
    title: str
    previous: str
    next: str
    week: str
    heads: list[str]
    rows: list[GapRow]
    total: str


@shown_on("/gaps")
class Gaps(Page, rx.State):
    """State of `/gaps`; the week comes from the address."""

    @rx.var
    async def view(self) -> GapsView:
        """The week in the address; nothing while another page is on screen."""
        actor = await self._reader()
        if actor is None:
            return _no_view()
        day = _day_asked(self.router.url.query_parameters.get("week", ""), actor)
        return _view(await shared_reading(read_gaps, actor, day))


def _day_asked(text: str, actor: Actor) -> date:
    try:
        return kept_day(text)
    except ValueError:
        return datetime.now(ZoneInfo(actor.zone)).date()


def _view(weeks: list[MemberWeek]) -> GapsView:
    first = weeks[0].days[0].day  # the actor's own week is always there
    gap = sum(week.gap for week in weeks)
    return {
        "ready": True,
        "title": wording.week_title(first, first + timedelta(days=6)),
        "previous": f"/gaps?week={(first - timedelta(days=7)).isoformat()}",
        "next": f"/gaps?week={(first + timedelta(days=7)).isoformat()}",
        "week": f"/?week={first.isoformat()}",
        "heads": [f"{first + timedelta(days=place):%a %-d}" for place in range(7)],
        "rows": [_row(week) for week in sorted(weeks, key=lambda week: -week.gap)],
        "total": f"{wording.hours(gap)} h unaccounted for" if gap else "Everything is accounted for",
    }


def _row(week: MemberWeek) -> GapRow:
    return {
        "id": week.member_id,
        "name": week.name,
        "total": f"{wording.hours(week.logged)} of {wording.hours(week.target)} h"
        if week.target
        else f"{wording.hours(week.logged)} h, no target",
        "gap": f"{wording.hours(gap_of(week.days))} h" if week.gap else "–",
        "said": [f"{wording.hours(day.gap)} h of {day.day:%A} is unaccounted for." for day in week.days if day.gap],
        "days": [_day(day) for day in week.days],
    }


def _day(day: DayAccount) -> GapDay:
    return {
        "key": day.day.isoformat(),
        "text": f"{wording.hours(day.logged)} / {wording.hours(day.target)}"
        if day.target
        else wording.hours(day.logged)
        if day.logged
        else "–",
        "about": f"{wording.hours(day.gap)} h of {day.day:%A} is unaccounted for" if day.gap else "",
        "short": day.gap > 0,
    }


def _no_view() -> GapsView:
    return {
        "ready": False,
        "title": "",
        "previous": "/gaps",
        "next": "/gaps",
        "week": "/",
        "heads": [],
        "rows": [],
        "total": "",
    }
