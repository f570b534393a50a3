"""The dialog of an entry on the workbench: it opens over any page, and what somebody else saved meanwhile is laid under."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import reflex as rx
from pydantic import ValidationError

from agency_app.services.actor import Actor
from agency_app.services.change_entry import EditEntry, delete_entry, edit_entry
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.late_work import hand_in_late_work, is_late_work
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_billing import read_billing
from agency_app.services.read_entry import EntryChoices, entry_choices, last_changed_by, lock_of, read_entry
from agency_app.services.refusal import Locked, Refused, Stale
from agency_app.states.billing_words import billing_facts
from agency_app.states.entry_form import EMPTY_FORM, EntrySent, names_of, shown_of, typed_of
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.merged_entry import changed_words, merged, merged_words
from agency_app.states.on_week import OnWeek
from agency_app.states.pulse import bump
from agency_app.states.typed_span import typed_span
from agency_app.states.views import Choice, EntryForm, campaigns_to_choose


class EntryDialog(OnWeek, rx.State, mixin=True):
    """What is in the dialog, and what saving and deleting it does."""

    form: EntryForm = EMPTY_FORM
    form_serial: int = 0
    form_error: str = ""
    newer: bool = False
    """Somebody changed the entry in the dialog since it was opened: the member chooses whose is kept."""
    late_offer: bool = False
    """The new entry in the dialog was refused because its period is closed: it can be handed in as late work."""
    retainer_choices: list[Choice] = []
    campaign_choices: list[Choice] = []
    activity_choices: list[Choice] = []
    _seen: dict[str, object] = {}
    """The entry in the dialog as it was when the member last saw it."""
    _told_version: int = 0
    """The version of it that the member was told of when a deletion was refused."""
    _opened: tuple[datetime | None, datetime | None, int] | None = None

    @rx.event
    async def new_entry(self):
        """Open the dialog for the next free quarter of an hour of today, or of the week on screen."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        start = await self._quarter_on_screen(actor)
        return await self._open_new(actor, start, start + timedelta(minutes=30))

    @rx.event
    async def open_entry(self, entry_id: str):
        """A block was clicked: open it for editing."""
        return await self._open(str(entry_id))

    @rx.event
    async def choose_client(self, client_id: str):
        """The dialog's client changed: offer its retainers and campaigns."""
        actor = await actor_of(self)
        if actor is None:
            return
        self.form["client_id"] = str(client_id)
        self.form["retainer_id"] = self.form["campaign_id"] = ""
        self._offer_choices(await asyncio.to_thread(entry_choices, actor))

    @rx.event
    async def save(self, data: dict):
        """Save the dialog: a new entry, or a changed one."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            form = EntrySent.model_validate(data)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "form"
            self.form_error = f"Check the field {field}: it is empty or not in the form that is asked for."
            return None
        entry_id, version = self.form["id"], self.form["version"]
        touch: dict[str, Any] = {}
        try:
            start, end, seconds = self._as_opened(form) or typed_span(
                in_kept_days(form.day, "date"), form.start, form.end, form.duration, actor.zone
            )
            touch = {
                "client_id": form.client,
                "activity_id": form.activity,
                "start": start,
                "end": end,
                "day": form.day,
                "seconds": seconds,
                "campaign_id": form.campaign or None,
                "retainer_id": form.retainer or None,
                "note": form.note,
                "tags": tuple(form.tags.replace(",", " ").split()),
                "billable": form.billable,
            }
            if form.late and not entry_id:
                await asyncio.to_thread(hand_in_late_work, actor, LogTime(**touch))
                self._say("Handed in: a lead says where it goes")
                await bump(self, actor.workspace_id)
                return rx.call_script("window.agency.close('entry-dialog')")
            if entry_id:
                done = await asyncio.to_thread(edit_entry, actor, entry_id, version, EditEntry(**touch))
            else:
                done = await asyncio.to_thread(log_time, actor, LogTime(**touch))
        except Stale as stale:
            await self._merge(actor, form, stale.message)
            return None
        except Locked as locked:
            self.form_error = locked.message
            self.late_offer = not entry_id and await asyncio.to_thread(is_late_work, actor, LogTime(**touch), form.day)
            return None
        except Refused as refused:
            self.form_error = refused.message
            return None
        shown = await self._logged(actor, done, "Saved" if entry_id else "")
        await bump(self, actor.workspace_id)
        return [rx.call_script("window.agency.close('entry-dialog')"), *shown]

    @rx.event
    async def delete_open(self):
        """Delete the entry in the dialog; the toast offers to undo it."""
        actor = await actor_of(self)
        if actor is None or not self.form["id"]:
            return None
        entry_id, version = self.form["id"], max(self.form["version"], self._told_version)
        return await self._from_dialog(actor, lambda: delete_entry(actor, entry_id, version), "Deleted")

    @rx.event
    async def duplicate_open(self):
        """Turn the dialog's entry, as it is saved, into a new one that only lacks its day and time."""
        if await actor_of(self) is None or not self.form["id"]:
            return
        self.form = self.form | {  # pyright: ignore[reportAttributeAccessIssue]
            "id": "",
            "version": 0,
            "title": "Copy: " + self.form["title"],
            "locked": "",
            "billing": [],
            "rate": "",
        }
        self._opened = None
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False

    async def _open_new(self, actor: Actor, start: datetime, end: datetime):
        choices = await asyncio.to_thread(entry_choices, actor)
        return self._open_form(
            choices,
            EMPTY_FORM
            | {
                "title": "New entry",
                "client_id": self.focus_id,
                "activity_id": choices.activities[0].id if choices.activities else "",
                "date": start.date().isoformat(),
                "start": f"{start:%H:%M}",
                "end": f"{end:%H:%M}",
            },
        )

    def _open_form(self, choices: EntryChoices, form: dict[str, Any]):
        """Open the dialog for a new entry, filled in so far."""
        self.form = form  # pyright: ignore[reportAttributeAccessIssue]
        self._opened = None
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False
        return rx.call_script("window.agency.open('entry-dialog')")

    async def _open(self, entry_id: str):
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        try:
            row = await asyncio.to_thread(read_entry, actor, entry_id)
        except Refused as refused:
            return self._say(refused.message, kind="bad")
        lock = await asyncio.to_thread(lock_of, actor, row)
        choices = await asyncio.to_thread(entry_choices, actor)
        self.form = shown_of(row, actor, choices) | {  # pyright: ignore[reportAttributeAccessIssue]
            "locked": f"{lock}: read only." if lock else "",
            "billing": billing_facts(await asyncio.to_thread(read_billing, actor, row.id)),
        }
        self._opened = row.started_at, row.ended_at, row.seconds
        self._seen, self._told_version = dict(self.form), 0
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error, self.late_offer, self.newer = "", False, False
        return rx.call_script("window.agency.open('entry-dialog')")

    def _as_opened(self, form: EntrySent) -> tuple[datetime | None, datetime | None, int] | None:
        """The exact time of the entry in the dialog while what the dialog shows of it, whole minutes, is untouched."""
        typed = {"date": form.day.isoformat(), "start": form.start, "end": form.end, "duration": form.duration}
        return self._opened if all(typed[name] == self.form[name] for name in typed) else None

    async def _merge(self, actor: Actor, typed: EntrySent, message: str) -> None:
        """Lay what the member changed over what somebody else saved meanwhile, and say what is whose. Saving again saves
        that."""
        try:
            row = await asyncio.to_thread(read_entry, actor, self.form["id"])
        except Refused:
            self.form_error = message
            return
        choices = await asyncio.to_thread(entry_choices, actor)
        now = shown_of(row, actor, choices)
        found = merged(self._seen, typed_of(typed), now)
        who = await asyncio.to_thread(last_changed_by, actor, row.id)
        self.form = now | found.values | {"billing": self.form["billing"]}  # pyright: ignore[reportAttributeAccessIssue]
        self._opened = None if found.time_is_mine else (row.started_at, row.ended_at, row.seconds)
        self._seen, self._told_version, self.newer = dict(now), 0, True
        self._offer_choices(choices)
        self.form_serial += 1
        self.form_error = merged_words(who, found, now, names_of(choices))

    async def _from_dialog(self, actor: Actor, act, word: str):
        """Run a verb on the entry in the dialog, which stays open with the reason when it is refused."""
        try:
            logged = await asyncio.to_thread(act)
        except Stale as stale:
            self.form_error = await self._newer(actor, stale.message)
            return None
        except Refused as refused:
            self.form_error = refused.message
            return None
        self._say(word, logged.undo_id)
        await bump(self, actor.workspace_id)
        return rx.call_script("window.agency.close('entry-dialog')")

    async def _newer(self, actor: Actor, message: str) -> str:
        """What of the entry in the dialog somebody else changed. Asking again then does it all the same."""
        try:
            row = await asyncio.to_thread(read_entry, actor, self.form["id"])
        except Refused:
            return message
        choices = await asyncio.to_thread(entry_choices, actor)
        changed = changed_words(self._seen, shown_of(row, actor, choices), names_of(choices))
        who = await asyncio.to_thread(last_changed_by, actor, row.id)
        self._told_version = row.version
        return f"{who} changed this entry after you opened it: {changed}. Press Delete again to delete it all the same."

    def _offer_choices(self, choices: EntryChoices) -> None:
        chosen = self.form["client_id"]
        self.client_choices = [{"id": client.id, "name": client.name} for client in choices.clients]
        self.activity_choices = [{"id": activity.id, "name": activity.name} for activity in choices.activities]
        self.retainer_choices = [
            {"id": retainer.id, "name": retainer.name} for retainer in choices.retainers if retainer.client_id == chosen
        ]
        self.campaign_choices = campaigns_to_choose(choices.campaigns, chosen)
