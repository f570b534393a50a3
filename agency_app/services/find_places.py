"""Everywhere that a person can go by name: what the command palette finds."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import MAY_FINALISE
from agency_app.store import clients, invoices
from agency_app.store.engine import reading

Kind = Literal["client", "focus", "retainer", "invoice", "finalise"]


@dataclass(frozen=True)
class Place:
    """Something with a name that a person can go to, or act on; `about` says which of its name it is.

    `id` is that of the client, the retainer or the invoice. A place to finalise is a client's current month, or a draft
    of another one: `on` is a day of it.
    """

    kind: Kind
    id: str
    name: str
    about: str
    on: date | None = None


def find_places(actor: Actor, today: date) -> list[Place]:
    """Return what the actor can go to, as of a day: clients, retainers, invoices by number, and drafts to finalise."""
    with reading() as session:
        known = clients.every_client(session, actor.workspace_id)
        names = {client.id: client.short_name for client in known}
        active = [client for client in known if not client.archived]
        places = [Place("focus", one.id, one.name, "") for one in active]
        places += [Place("client", one.id, one.name, "Archived" if one.archived else "") for one in known]
        places += [
            Place("retainer", one.id, f"{names[one.client_id]}, {one.name}", "")
            for one in clients.retainers(session, actor.workspace_id)
            if one.client_id in names
        ]
        drafts: list[Place] = []
        for invoice, client in invoices.invoices(session, actor.workspace_id):
            month = wording.month_name(invoice.period_start)
            name = f"{client.short_name}, {month}"
            if invoice.number:
                places.append(Place("invoice", invoice.id, invoice.number, name))
            elif invoice.status == "draft":
                places.append(Place("invoice", invoice.id, f"Draft {name}", ""))
                if (invoice.period_start.year, invoice.period_start.month) != (today.year, today.month):
                    drafts.append(Place("finalise", client.id, name, "", invoice.period_start))
        if actor.role in MAY_FINALISE:
            billed = [client for client in active if not client.internal]
            month = wording.month_name(today)
            places += [Place("finalise", one.id, f"{one.short_name}, {month}", "", today) for one in billed]
            places += drafts
        return places
