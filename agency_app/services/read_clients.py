"""Read the clients: the list, and one with all that belongs to it. Nothing here writes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agency_app.services.actor import Actor
from agency_app.services.change_client import FIELDS, MAY_CHANGE_CLIENTS, leads
from agency_app.services.finalise_invoice import snapshot_of
from agency_app.services.read_draft import live_draft
from agency_app.services.read_retainers import RetainerRead, read_periods_on, today_of
from agency_app.services.refusal import NotFound
from agency_app.services.row_form import text_of
from agency_app.store import clients, invoices, people
from agency_app.store.engine import reading
from agency_app.tables import Campaign, Client, Invoice, Retainer


@dataclass(frozen=True)
class ClientListed:
    """A row of the list of clients, with its agreements."""

    client: Client
    retainers: list[Retainer]


@dataclass(frozen=True)
class ClientRead:
    """A client: its data as text by field with their version, its agreements, campaigns and invoices.

    `month` is what this month's invoice would say now (see `snapshot_of`).
    """

    client: Client
    values: dict[str, str]
    version: int
    may_change: bool
    retainers: list[Retainer]
    running: list[RetainerRead]
    """Those that run today, with the period that holds the day."""
    campaigns: list[Campaign]
    """Archived ones too."""
    invoices: list[Invoice]
    """Final ones, newest first."""
    month: dict[str, Any]
    today: date
    leads: list[tuple[str, str]]
    """(id, name) of the members who may answer for a client."""


def list_clients(actor: Actor) -> list[ClientListed]:
    """Return the clients in use by name, each with its agreements, oldest first."""
    with reading() as session:
        retainers = clients.retainers(session, actor.workspace_id)
        return [
            ClientListed(client, [retainer for retainer in retainers if retainer.client_id == client.id])
            for client in clients.clients(session, actor.workspace_id)
        ]


def read_client(actor: Actor, client_id: str) -> ClientRead:
    """Return a client of the actor's workspace. Raises NotFound for an unknown id."""
    today = today_of(actor)
    running = read_periods_on(actor, client_id, today, today)
    with reading() as session:
        client = clients.client(session, actor.workspace_id, client_id)
        if client is None:
            raise NotFound("That client is not in this workspace.", "client")
        workspace = people.workspace(session, actor.workspace_id)
        live = live_draft(session, actor.workspace_id, client_id, today)
        return ClientRead(
            client,
            text_of(FIELDS, client),
            client.version,
            actor.role in MAY_CHANGE_CLIENTS,
            clients.retainers(session, actor.workspace_id, client_id),
            running,
            clients.every_campaign(session, actor.workspace_id, client_id),
            invoices.final_invoices(session, actor.workspace_id, client_id),
            snapshot_of(workspace, live, None, today, today),
            today,
            [(lead.id, lead.name) for lead in leads(session, actor.workspace_id)],
        )
