"""What every part of the workbench stands on: the week on screen, the client in focus, and how what was logged is shown."""

import asyncio
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.durations import prose
from agency_app.domain.weeks import first_of_week
from agency_app.services.actor import Actor, today_of
from agency_app.services.first_focus import first_focus
from agency_app.services.log_time import Logged
from agency_app.services.read_entry import read_entry
from agency_app.services.refusal import Refused
from agency_app.services.weeks import first_weekday_of
from agency_app.states.page import SignedIn, Toasting, day_asked
from agency_app.states.pulse import OnScreen
from agency_app.states.views import Choice
from agency_app.states.week_view import address, local_text


class OnWeek(OnScreen, SignedIn, Toasting, rx.State, mixin=True):
    """The week and the client in focus, as the address names them."""

    week: str = ""
    day: str = ""
    """The day of the week in the address, which a phone shows alone."""
    focus_id: str = ""
    client_choices: list[Choice] = []

    async def _logged(self, actor: Actor, logged: Logged, said: str = "") -> list[rx.event.EventSpec]:
        """Say what a line, a form or the timer logged, and return what puts it on screen. The caller bumps the pulse.

        Its client comes into focus, in the address too, because nothing at the pointer told beforehand what this would
        do; what is dragged did tell, and leaves the focus. The week scrolls to the block; the toast leads to another week.
        The form of an entry opens on other pages too: they stay as they are.
        """
        try:
            row = await asyncio.to_thread(read_entry, actor, logged.entry_id)
        except Refused:  # somebody deleted it meanwhile
            self._say(said or "Logged", logged.undo_id)
            return []
        day = row.started_at.astimezone(ZoneInfo(actor.zone)).date() if row.started_at else row.work_date
        said = said or f"Logged {prose(row.seconds)} for {row.client}, {wording.weekday_date(day)}"
        if self.router.url.path != "/":
            self._say(said, logged.undo_id)
            return []
        shown: list[rx.event.EventSpec] = []
        if row.client_id != self.focus_id and row.client_id in {choice["id"] for choice in self.client_choices}:
            self.focus_id = row.client_id
            shown.append(rx.redirect(address(self._day_on_screen(actor), row.client_id), replace=True))
        start, end = (local_text(instant, actor.zone) if instant else "" for instant in (row.started_at, row.ended_at))
        first = await self._first_day(actor)
        in_week, in_sight = first <= day <= first + timedelta(days=6), day == self._day_on_screen(actor)
        self._say(said, logged.undo_id, show="" if in_sight else row.id, on_phone=in_week)
        if in_week:
            shown.append(rx.call_script(f"window.agencyCalendar?.show({json.dumps([row.id, start, end])[1:-1]})"))
        return shown

    # An event may come before the page has loaded: what was done while the server was away is sent as it is back. What
    # was on screen then is what the address says.

    async def _first_day(self, actor: Actor) -> date:
        """The first day of the week on screen."""
        if self.week:
            return date.fromisoformat(self.week)
        return first_of_week(day_asked(self, actor), await asyncio.to_thread(first_weekday_of, actor))

    async def _focused(self, actor: Actor) -> str:
        """The id of the client in focus."""
        asked = self.focus_id or str(self.router.url.query_parameters.get("client", ""))
        return asked or await asyncio.to_thread(first_focus, actor, today_of(actor))

    def _day_on_screen(self, actor: Actor) -> date:
        """The day that the address names: of the week on screen, the one that a phone shows."""
        return date.fromisoformat(self.day) if self.day else day_asked(self, actor)

    async def _quarter_on_screen(self, actor: Actor) -> datetime:
        """The wall time of this quarter of an hour, today or, where today is in another week, on its first day."""
        first = await self._first_day(actor)
        local = datetime.now(ZoneInfo(actor.zone)).replace(tzinfo=None, second=0, microsecond=0)
        day = local.date() if first <= local.date() <= first + timedelta(days=6) else first
        return datetime.combine(day, local.time()) - timedelta(minutes=local.minute % 15)
