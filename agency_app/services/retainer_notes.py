"""Notes of a retainer: what a member wants the others to know about it, signed with name and time."""

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.close_period import known_retainer
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.tables import RetainerNote

LONGEST_NOTE = 2000


def add_note(actor: Actor, retainer_id: str, text: str) -> str:
    """Put a note on a retainer and return its id.

    Raises NotFound for an unknown retainer, and Refused for nothing or for more than 2000 characters.
    """
    said = text.strip()
    if not said:
        raise Refused("Write the note first.", "text")
    if len(said) > LONGEST_NOTE:
        raise Refused(f"Keep a note within {LONGEST_NOTE} characters; it has {len(said)}.", "text")
    with acting(actor) as session:
        retainer = known_retainer(session, actor, retainer_id)
        row = RetainerNote(
            workspace_id=actor.workspace_id, retainer_id=retainer.id, member_id=actor.member_id, text=said
        )
        session.add(row)
        session.flush()
        record(session, actor, "add_note", retainer.id, after=row)
        return row.id


def remove_note(actor: Actor, note_id: str) -> None:
    """Take a note away. Raises NotFound when it is gone, NotAllowed for another's unless by an owner or a lead."""
    with acting(actor) as session:
        row = _note(session, actor, note_id)
        if row.member_id != actor.member_id and actor.role not in ("owner", "lead"):
            raise NotAllowed("Only who wrote it, an owner or a lead may take a note away.")
        record(session, actor, "remove_note", row.retainer_id, before=row)
        session.delete(row)


def _note(session: Session, actor: Actor, note_id: str) -> RetainerNote:
    row = session.get(RetainerNote, note_id)
    if row is None or row.workspace_id != actor.workspace_id:
        raise NotFound("This note is gone already.")
    return row
