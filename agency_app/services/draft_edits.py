"""How a person's change of a draft is kept: refused when it is stale, recorded with the row as it was, taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.store import invoices, people
from agency_app.tables import AuditEvent, DraftItem, DraftLine, DraftPlan, EntryDecision, Invoice, TimeEntry

MAY_BUILD = ("owner", "lead", "finance")

PLAN, ITEM, LINE, DECISION = "change_draft_plan", "change_draft_item", "change_draft_line", "decide_billing"
_TABLES: Mapping[str, type[DraftPlan] | type[DraftItem] | type[DraftLine] | type[EntryDecision]] = {
    PLAN: DraftPlan,
    ITEM: DraftItem,
    LINE: DraftLine,
    DECISION: EntryDecision,
}
_WORDS = {
    "grouping": "how the work is grouped",
    "line_order": "the order of the lines",
    "note": "the note",
    "purchase_order": "the order number",
    "due_on": "the due date",
    "exchange_rate": "the exchange rate",
    "description": "the words",
    "less_seconds": "how much is billed",
    "written_off_seconds": "what is written off",
    "bill_on": "which invoice bills it",
    "price": "the price",
    "quantity": "the quantity",
    "amount_minor": "the amount",
    "percent": "the percentage",
}
EditedRow = DraftPlan | DraftItem | DraftLine | EntryDecision


@dataclass(frozen=True)
class Edited:
    """What a change gave: the row it is about and its version (0 where there is none any more), and what takes it back
    (empty where nothing changed)."""

    row_id: str
    version: int
    undo_id: str


def open_invoice(session: Session, actor: Actor, invoice_id: str) -> Invoice:
    """Return a draft of the actor's workspace. Raises NotFound for an unknown one, Locked for a final invoice."""
    invoice = invoices.invoice(session, actor.workspace_id, invoice_id)
    if invoice is None:
        raise NotFound("That invoice is not in this workspace.")
    if invoice.status != "draft":
        raise Locked(f"{invoice.number or 'This invoice'} is {invoice.status} and does not change any more.")
    return invoice


def refuse_stale(
    session: Session, actor: Actor, verb: str, row: EditedRow | None, version: int, row_id: str = ""
) -> None:
    """Raise Stale, with who changed what, when a row has another version than the person saw; 0 is no row."""
    present = row.version if row is not None else 0
    if present == version:
        return
    by, what = "Somebody", "it"
    for detail, member in people.changes(session, actor.workspace_id, row.id if row is not None else row_id, verb):
        said = json.loads(detail)
        before, after = said.get("before") or _new(_TABLES[verb]), said.get("after") or {}
        if before.get("version", 0) >= version:
            by = member
            changed = [words for name, words in _WORDS.items() if before.get(name) != after.get(name)]
            what = "removed it" if not after else " and ".join(changed) or what
    changed_what = what if what == "removed it" else f"changed {what}"
    raise Stale(
        f"{by} {changed_what} after you looked. Nothing of yours is saved: check how it is now, then try again."
    )


def _new(table: type[SQLModel]) -> dict[str, Any]:
    """Return what a row says before anybody changed it: what its columns start with."""
    return {name: table.model_fields[name].default for name in _WORDS if name in table.model_fields} | {"version": 0}


def keep(session: Session, actor: Actor, verb: str, before: EditedRow | None, after: EditedRow | None) -> Edited:
    """Store a row as it is after a change (None: it goes), and record the change; one that changed nothing is not kept.

    `before` is a copy of the row as it was, None for a new one.
    """
    if before is not None and after is not None:
        if before.model_dump() == after.model_dump():
            return Edited(after.id, after.version, "")
        after.version = before.version + 1
    if after is not None:
        session.add(after)
        session.flush()
    elif before is not None:
        stored = session.get(type(before), before.id)
        session.delete(stored)
        session.flush()
    subject = after if after is not None else before
    assert subject is not None
    undo_id = record(session, actor, verb, subject.id, before=before, after=after)
    return Edited(subject.id, after.version if after is not None else 0, undo_id)


def undo_draft_change(actor: Actor, undo_id: str) -> str:
    """Take a change of a draft back by its audit event, and return the id of the row it was about.

    Raises NotAllowed for somebody else's change, Stale when the row changed since, Locked when the invoice is final by
    now. Nothing changes then.
    """
    with acting(actor, *MAY_BUILD) as session:
        event = session.get(AuditEvent, undo_id)
        if event is None or event.workspace_id != actor.workspace_id or event.verb not in _TABLES:
            raise NotFound("There is nothing to undo.")
        if event.member_id != actor.member_id:
            raise NotAllowed("Only the person who made a change can undo it.")
        table, detail = _TABLES[event.verb], json.loads(event.detail)
        before, after = detail["before"], detail["after"]
        row = session.get(table, event.subject_id)
        if (row.version if row is not None else 0) != (after or {}).get("version", 0):
            raise Stale("This changed since; it was left as it is now.")
        held: dict[str, Any] = before or after
        if "invoice_id" in held:
            open_invoice(session, actor, held["invoice_id"])
        else:
            _refuse_invoiced(session, held["entry_id"])
        earlier = row.model_copy() if row is not None else None
        wanted: EditedRow | None = row
        if before is None:
            wanted = None
        elif row is None:
            wanted = table(**_columns(table, before))
            wanted.version += 1
        else:
            for name, value in _columns(table, before).items():
                setattr(row, name, row.version if name == "version" else value)
        keep(session, actor, event.verb, earlier, wanted)
        return event.subject_id


def _refuse_invoiced(session: Session, entry_id: str) -> None:
    entry = session.get(TimeEntry, entry_id)
    if entry is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    if entry.invoice_id is not None:
        raise Locked("The entry is invoiced by now: what was decided about it stays.")


def _columns(table: type[SQLModel], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row from their JSON, with dates and instants again."""
    columns = dict(said)
    for name in ("due_on", "happened_on", "bill_on"):
        if columns.get(name):
            columns[name] = date.fromisoformat(columns[name])
    if columns.get("created_at"):
        columns["created_at"] = datetime.fromisoformat(columns["created_at"])
    return {name: value for name, value in columns.items() if name in table.model_fields}


def refuse_empty(text: str, field: str, message: str) -> str:
    """Return one line of text with single spaces, or raise Refused naming the field when there is none."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Refused(message, field)
    return cleaned
