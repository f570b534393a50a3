"""Save a filter of the list of entries under a name, and take it away again."""

from agency_app.services.actor import Actor, acting, record, today_of
from agency_app.services.find_entries import asked_by, filter_of, query_of
from agency_app.services.refusal import NotFound, Refused
from agency_app.services.typed_text import typed_line
from agency_app.store import entry_views
from agency_app.tables import SavedFilter

MOST = 30
"""How many filters a member may keep."""


def save_filter(actor: Actor, name: str, query: str) -> str:
    """Save what an address asks under a name of the actor's own, and return its id.

    Raises Refused naming the field: no name, a name that is taken, nothing asked, or something that cannot be read.
    """
    kept = typed_line(name, "name", "Give the filter a name.")
    asked = query_of(asked_by(query))
    filter_of(asked_by(asked), today_of(actor))
    if not asked:
        raise Refused("This list is not filtered: there is nothing to save.", "name")
    with acting(actor) as session:
        own = entry_views.saved_filters(session, actor.workspace_id, actor.member_id)
        if any(one.name.casefold() == kept.casefold() for one in own):
            raise Refused(f"You have a filter “{kept}” already. Choose another name, or remove that one first.", "name")
        if len(own) >= MOST:
            raise Refused(f"You have {MOST} filters already. Remove one first.", "name")
        row = SavedFilter(workspace_id=actor.workspace_id, member_id=actor.member_id, name=kept, query=asked)
        session.add(row)
        session.flush()
        record(session, actor, "save_filter", row.id, after=row)
        return row.id


def drop_filter(actor: Actor, filter_id: str) -> str:
    """Take away a saved filter of the actor's own and return the audit event that brings it back."""
    with acting(actor) as session:
        row = entry_views.saved_filter(session, actor.workspace_id, actor.member_id, filter_id)
        if row is None:
            raise NotFound("That filter is not there any more.")
        undo_id = record(session, actor, "drop_filter", row.id, before=row)
        session.delete(row)
        return undo_id
