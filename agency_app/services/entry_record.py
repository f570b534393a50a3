"""What is on record about an entry: where it came from, who changed what of it since, what was decided about its billing."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agency_app.services.actor import Actor
from agency_app.services.draft_edits import DECISION
from agency_app.services.recent_changes import Worked, worked_of
from agency_app.services.refusal import NotFound
from agency_app.store import changes, imports, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow

IMPORTED, LOGGED = "import", "log_time"


@dataclass(frozen=True)
class Recorded:
    """One thing that was done: when, by whom, with what verb of the audit events; when the entry was worked before and
    after it, where it says so.

    `source` names the file of an import and its line. `decided` is the decision on its billing as that left it, as
    columns of `EntryDecision`, None where it took it back.
    """

    at: datetime
    by: str
    verb: str
    before: Worked | None = None
    after: Worked | None = None
    source: str = ""
    decided: dict[str, Any] | None = None


@dataclass(frozen=True)
class EntryRecord:
    """An entry as it is, and what is on record about it, oldest first."""

    row: EntryRow
    recorded: tuple[Recorded, ...]


def entry_record(actor: Actor, entry_id: str) -> EntryRecord:
    """Return an entry of the actor's workspace with its record. Raises NotFound for one that is not there."""
    with reading() as session:
        row = work.entry_row(session, actor.workspace_id, entry_id)
        if row is None:
            raise NotFound("This entry is gone: somebody deleted it.")
        entry = work.entry(session, actor.workspace_id, entry_id)
        assert entry is not None
        # a decision that was undone is no row any more, and one that was made after it is another
        decided = changes.subjects_about(session, actor.workspace_id, DECISION, "entry_id", entry_id, entry.created_at)
        found = [
            _recorded(event.at, by, event.verb, json.loads(event.detail))
            for event, by in changes.events_of(session, actor.workspace_id, [entry_id, *decided])
        ]
        came = imports.imported_row(session, actor.workspace_id, entry_id)
        if came is not None:
            found.append(Recorded(came.imported_at, "", IMPORTED, source=f"{came.format}, line {came.line}"))
        elif not any(one.verb == LOGGED for one in found):
            found.append(Recorded(entry.created_at, row.member, LOGGED))  # of before there was a record
        return EntryRecord(row, tuple(sorted(found, key=lambda one: one.at)))


def _recorded(at: datetime, by: str, verb: str, detail: dict[str, Any]) -> Recorded:
    if verb == DECISION:
        return Recorded(at, by, verb, decided=detail.get("after"))
    return Recorded(at, by, verb, worked_of(detail.get("before")), worked_of(detail.get("after")))
