"""`/settings/costs`: what an hour of each member costs, for owner and finance alone."""

from typing import TypedDict

import reflex as rx

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.agreement_form import day_of_form
from agency_app.services.cost_rates import CostsRead, read_costs, set_cost_rate
from agency_app.services.refusal import Refused
from agency_app.services.typed_amount import typed_amount
from agency_app.states.pulse import shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.rows_page import RowsPage, row_in
from agency_app.states.typed import number_of, texts_of


class CostRow(TypedDict):
    """A member with what an hour costs now, and what it cost from which day."""

    id: str
    name: str
    role: str
    now: str
    seen: str
    today: str
    history: list[str]


class CostsView(TypedDict):
    """The page."""

    ready: bool
    refused: str
    currency: str
    rows: list[CostRow]


@shown_on("/settings/costs")
class Costs(RowsPage, rx.State):
    """State of `/settings/costs`."""

    @rx.var
    async def view(self) -> CostsView:
        """What members cost, or why this member may not see it."""
        actor = await self._reader()
        if actor is None:
            return {"ready": False, "refused": "", "currency": "", "rows": []}
        try:
            read = await shared_reading(read_costs, actor)
        except Refused as refused:
            return {"ready": True, "refused": refused.message, "currency": "", "rows": []}
        return {"ready": True, "refused": "", "currency": read.currency, "rows": _rows(read)}

    @rx.event
    async def save(self, data: dict):
        """Set what an hour of a member costs from the day typed."""
        return await self._do(row_in(data, "member"), lambda actor: _save(actor, texts_of(data)))


def _save(actor: Actor, typed: dict[str, str]) -> str:
    if not typed.get("rate", "").strip():
        raise Refused("Write what an hour costs, such as 42.50.", "rate")
    since = day_of_form(typed, "since")
    cost = typed_amount(typed["rate"], "rate", "The cost")
    set_cost_rate(actor, typed.get("member", ""), since, cost, number_of(typed.get("seen", "")))
    return f"Saved from {wording.short_date(since)}"


def _rows(read: CostsRead) -> list[CostRow]:
    return [
        {
            "id": member.id,
            "name": member.name,
            "role": member.role,
            "now": wording.rate(rates[0].rate, read.currency) if rates else "Not set",
            "seen": str(read.seen(member.id)),
            "today": read.today.isoformat(),
            "history": [
                f"{wording.rate(one.rate, read.currency)} from {wording.short_date(one.starts_on)} {one.starts_on.year}"
                for one in rates
            ],
        }
        for member, rates in read.members
    ]
