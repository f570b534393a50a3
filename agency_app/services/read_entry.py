"""Read one entry, and the choices its dialog offers. Nothing here writes."""

from dataclasses import dataclass

from agency_app.services.actor import Actor
from agency_app.services.locks import lock_notes
from agency_app.services.refusal import NotFound
from agency_app.store import clients, people, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import Activity, Campaign, Client, Retainer


@dataclass(frozen=True)
class EntryChoices:
    """What an entry can be tied to."""

    clients: list[Client]
    retainers: list[Retainer]
    campaigns: list[Campaign]
    activities: list[Activity]


def read_entry(actor: Actor, entry_id: str) -> EntryRow:
    """Return an entry of the actor's workspace, or raise NotFound."""
    with reading() as session:
        row = work.entry_row(session, actor.workspace_id, entry_id)
    if row is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    return row


def lock_of(actor: Actor, row: EntryRow) -> str:
    """Return why an entry cannot change, in a few words; empty when it can."""
    with reading() as session:
        return lock_notes(session, actor.workspace_id, [row]).get(row.id, "")


def last_changed_by(actor: Actor, entry_id: str) -> str:
    """Return the name of who changed an entry last, "Somebody" where that is not on record."""
    with reading() as session:
        return people.last_to_change(session, actor.workspace_id, entry_id) or "Somebody"


def latest_activity(actor: Actor, client_id: str) -> str:
    """Return the activity that the actor logged last for a client, "" for none."""
    with reading() as session:
        return work.latest_activity(session, actor.workspace_id, actor.member_id, client_id)


def entry_choices(actor: Actor) -> EntryChoices:
    """Return the clients, retainers, campaigns and activities of the workspace."""
    with reading() as session:
        return EntryChoices(
            clients.clients(session, actor.workspace_id),
            clients.retainers(session, actor.workspace_id),
            clients.campaigns(session, actor.workspace_id),
            clients.activities(session, actor.workspace_id),
        )
