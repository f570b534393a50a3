"""Which client a member sees first, before they have chosen one. Nothing here writes."""

from datetime import date

from agency_app.services.actor import Actor
from agency_app.store import clients, work
from agency_app.store.engine import reading


def first_focus(actor: Actor, today: date) -> str:
    """Return the id of the client to put in focus, "" in a workspace without clients.

    Of the clients that are billed and whose retainer runs today it is the one that the actor worked for last, else the
    one that anybody did, else the first by name. Where no retainer runs it is the first client that is billed, and the
    agency's own only where there is no other. A client that was only now imported therefore takes nobody's place.
    """
    with reading() as session:
        known = clients.clients(session, actor.workspace_id)
        billed = [client.id for client in known if not client.internal]
        agreed = {
            one.client_id for one in clients.retainers(session, actor.workspace_id) if clients.runs_on(one, today)
        }
        running = [client_id for client_id in billed if client_id in agreed]
        return (
            work.latest_client(session, actor.workspace_id, running, actor.member_id)
            or work.latest_client(session, actor.workspace_id, running)
            or next(iter([*running, *billed, *(client.id for client in known)]), "")
        )
