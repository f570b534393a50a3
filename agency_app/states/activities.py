"""`/settings/activities`: the kinds of work."""

from typing import TypedDict

import reflex as rx

from agency_app.services.actor import Actor
from agency_app.services.change_activities import add_activity, archive_activity, read_activities, rename_activity
from agency_app.states.pulse import shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.rows_page import NEW, RowsPage, row_in
from agency_app.states.typed import texts_of
from agency_app.states.views import Choice


class ActivitiesView(TypedDict):
    """The page."""

    ready: bool
    may: bool
    used: list[Choice]
    archived: list[Choice]


@shown_on("/settings/activities")
class Activities(RowsPage, rx.State):
    """State of `/settings/activities`."""

    _archived: str = ""

    @rx.var
    async def view(self) -> ActivitiesView:
        """The activities, in their order."""
        actor = await self._reader()
        if actor is None:
            return {"ready": False, "may": False, "used": [], "archived": []}
        read = await shared_reading(read_activities, actor)
        used: list[Choice] = [{"id": one.id, "name": one.name} for one in read.activities if not one.archived]
        away: list[Choice] = [{"id": one.id, "name": one.name} for one in read.activities if one.archived]
        return {"ready": True, "may": read.may_change, "used": used, "archived": away}

    @rx.event
    async def add(self, data: dict):
        """Add the activity that was typed."""

        def act(actor: Actor) -> str:
            name = texts_of(data).get("name", "")
            add_activity(actor, name)
            return f"{' '.join(name.split())} is added"

        return await self._do(NEW, act)

    @rx.event
    async def rename(self, data: dict):
        """Call an activity something else."""

        def act(actor: Actor) -> str:
            typed = texts_of(data)
            rename_activity(actor, typed.get("id", ""), typed.get("name", ""))
            return "Saved"

        return await self._do(row_in(data), act)

    @rx.event
    async def archive(self, activity_id: str):
        """Put an activity away; the toast brings it back."""

        def act(actor: Actor) -> str:
            name = archive_activity(actor, str(activity_id))
            self._archived = str(activity_id)
            return f"{name} is archived"

        return await self._do(str(activity_id), act, undo=True)

    @rx.event
    async def bring_back(self, activity_id: str):
        """Bring an archived activity back."""
        return await self._do(
            str(activity_id),
            lambda actor: f"{archive_activity(actor, str(activity_id), archived=False)} is back in use",
        )

    @rx.event
    async def undo(self):
        """Bring back what the toast tells of."""
        return await self.bring_back(self._archived)
