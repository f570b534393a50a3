"""`/settings/rates`: the rate card."""

from datetime import date
from typing import TypedDict

import reflex as rx

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.agreement_form import day_of_form
from agency_app.services.change_rates import RateOf, RatesRead, add_rate, change_rate, read_rates, remove_rate
from agency_app.services.refusal import Refused
from agency_app.services.typed_amount import typed_amount
from agency_app.states.pulse import shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.rows_page import NEW, RowsPage, row_in
from agency_app.states.typed import number_of, texts_of
from agency_app.states.views import Choice


class RateRow(TypedDict):
    """A row of the card; `seen` is what it says in 1/10000, for telling a change by somebody else."""

    id: str
    client: str
    activity: str
    member: str
    since: str
    later: bool
    rate: str
    typed: str
    seen: str


class RatesView(TypedDict):
    """The page."""

    ready: bool
    may: bool
    standard: str
    today: str
    rows: list[RateRow]
    clients: list[Choice]
    activities: list[Choice]
    members: list[Choice]


@shown_on("/settings/rates")
class Rates(RowsPage, rx.State):
    """State of `/settings/rates`."""

    _removed: tuple[RateOf, date, int] | None = None

    @rx.var
    async def view(self) -> RatesView:
        """The card."""
        actor = await self._reader()
        if actor is None:
            return _nothing()
        return _view(await shared_reading(read_rates, actor))

    @rx.event
    async def add(self, data: dict):
        """Add the rate that was typed."""

        def act(actor: Actor) -> str:
            typed = texts_of(data)
            since = day_of_form(typed, "since")
            of = RateOf(typed.get("client") or None, typed.get("activity") or None, typed.get("member") or None)
            add_rate(actor, of, since, _typed(typed))
            return f"Holds from {wording.short_date(since)} {since.year}, for what is logged from now on"

        return await self._do(NEW, act)

    @rx.event
    async def change(self, data: dict):
        """Change what a row says."""

        def act(actor: Actor) -> str:
            typed = texts_of(data)
            change_rate(actor, typed.get("id", ""), number_of(typed.get("seen", "")), _typed(typed))
            return "Saved, for what is logged from now on"

        return await self._do(row_in(data), act)

    @rx.event
    async def remove(self, rate_id: str, seen: str):
        """Take a row away; the toast offers to put it back."""

        def act(actor: Actor) -> str:
            gone = remove_rate(actor, str(rate_id), number_of(str(seen)))
            self._removed = RateOf(gone.client_id, gone.activity_id, gone.member_id), gone.starts_on, gone.rate
            return "Removed. What is logged keeps its rate"

        return await self._do(str(rate_id), act, undo=True)

    @rx.event
    async def undo(self):
        """Put back the row that was taken away last."""

        def act(actor: Actor) -> str:
            if self._removed is None:
                raise Refused("There is nothing to put back.")
            add_rate(actor, *self._removed)
            self._removed = None
            return "It is back"

        return await self._do("", act)


def _typed(typed: dict[str, str]) -> int:
    if not typed.get("rate", "").strip():
        raise Refused("Write what an hour is charged at, such as 95.", "rate")
    return typed_amount(typed["rate"], "rate", "The rate")


def _view(read: RatesRead) -> RatesView:
    names = {one: name for one, name, _ in read.clients} | dict(read.activities) | dict(read.members)
    currencies = {one: currency for one, _, currency in read.clients}
    return {
        "ready": True,
        "may": read.may_change,
        "standard": wording.rate(read.standard, read.currency),
        "today": read.today.isoformat(),
        "rows": [
            {
                "id": row.id,
                "client": names.get(row.client_id or "", "Every client"),
                "activity": names.get(row.activity_id or "", "Any activity"),
                "member": names.get(row.member_id or "", "Anybody"),
                "since": f"{wording.short_date(row.starts_on)} {row.starts_on.year}",
                "later": row.starts_on > read.today,
                "rate": wording.rate(row.rate, currencies.get(row.client_id or "", read.currency)),
                "typed": wording.quantity(row.rate, least=2),
                "seen": str(row.rate),
            }
            for row in read.rates
        ],
        "clients": [{"id": one, "name": f"{name}, {currency}"} for one, name, currency in read.clients],
        "activities": [{"id": one, "name": name} for one, name in read.activities],
        "members": [{"id": one, "name": name} for one, name in read.members],
    }


def _nothing() -> RatesView:
    return {
        "ready": False,
        "may": False,
        "standard": "",
        "today": "",
        "rows": [],
        "clients": [],
        "activities": [],
        "members": [],
    }
