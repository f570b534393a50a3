"""Several changes of entries that are one change to the person who made them: told once, undone as one."""

import json
from collections.abc import Sequence

from sqlmodel import Session

from agency_app.services.actor import Actor, record
from agency_app.services.log_time import Logged
from agency_app.tables import AuditEvent

TOGETHER = "change_together"
"""The verb of the event that holds the parts."""
PART_OF = "part_of"
"""The key in the detail of a part that names that event: a part is never undone alone."""


def together(session: Session, actor: Actor, what: str, done: Sequence[Logged]) -> Logged:
    """Make one change of those that a transaction made, in their order; `what` says which, as `split` or `edit 3`.

    Each part keeps its own audit event, so that the history of an entry is whole; `undo_change` takes the event that
    is returned here and undoes them from the last to the first.
    """
    first = done[0]
    event_id = record(session, actor, TOGETHER, first.entry_id, what=what, parts=[one.undo_id for one in done])
    for one in done:
        part = session.get_one(AuditEvent, one.undo_id)
        part.detail = json.dumps(json.loads(part.detail) | {PART_OF: event_id}, sort_keys=True)
        session.add(part)
    return Logged(first.entry_id, first.version, event_id)
