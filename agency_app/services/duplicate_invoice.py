"""Duplicate an invoice: what people added to it, and how it was laid out, onto the client's draft of another month.

Time is never copied: an entry is billed once, and the month's own work is on its draft by itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agency_app.domain import retainer as arithmetic
from agency_app.services.actor import Actor, acting
from agency_app.services.draft_edits import ITEM, LINE, MAY_BUILD, PLAN, keep
from agency_app.services.draft_items import MOST_ITEMS
from agency_app.services.finalise_invoice import draft_row
from agency_app.services.read_draft import live_draft
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.store import builder, invoices
from agency_app.tables import DraftItem, DraftLine, DraftPlan

NOT_COPIED = "prepayment"
"""Money that was received once is taken off once."""


@dataclass(frozen=True)
class Duplicated:
    """The draft that took the copies, its first day, and how many items were copied."""

    invoice_id: str
    first_day: date
    items: int


def duplicate_invoice(actor: Actor, invoice_id: str, day: date) -> Duplicated:
    """Copy the items of an invoice or draft, and the layout and line words that the target lacks, to the draft of the
    month that holds a day; the draft is made when there is none.

    Prepayments, the due date and the exchange rate stay behind. Raises NotAllowed by role, NotFound, Locked when the
    target is void, and Refused for a credit note, for the invoice itself and when there is nothing to copy. Nothing
    changes then.
    """
    with acting(actor, *MAY_BUILD) as session:
        source = invoices.invoice(session, actor.workspace_id, invoice_id)
        if source is None:
            raise NotFound("That invoice is not in this workspace.")
        if source.kind != "invoice":
            raise Refused("A credit note is not duplicated.")
        first_day, _ = arithmetic.period_of(day)
        target = draft_row(session, actor.workspace_id, live_draft(session, actor.workspace_id, source.client_id, day))
        if target.id == source.id:
            raise Refused("That is the draft itself. Choose another month.", "month")
        if target.status == "void":
            raise Locked(f"The draft of {first_day:%B %Y} is void. Restore it first.")
        items = [row for row in builder.items(session, source.id) if row.kind != NOT_COPIED]
        plan, words = builder.plan(session, source.id), builder.line_words(session, source.id)
        if not items and not words and plan is None:
            raise Refused("Nothing was added to this invoice by hand: there is nothing to copy. Time is never copied.")
        if len(items) + len(builder.items(session, target.id)) > MOST_ITEMS:
            raise Refused(f"A draft holds at most {MOST_ITEMS} added items.")
        home: dict[str, Any] = {"workspace_id": actor.workspace_id, "invoice_id": target.id}
        for row in items:
            copied = row.model_dump(
                exclude={"id", "workspace_id", "invoice_id", "created_at", "version", "happened_on"}
            )
            keep(session, actor, ITEM, None, DraftItem(**home, **copied))
        if plan is not None and builder.plan(session, target.id) is None:
            kept = plan.model_dump(include={"grouping", "note", "purchase_order", "line_order"})
            keep(session, actor, PLAN, None, DraftPlan(**home, **kept))
        for row in words:
            if builder.line(session, target.id, row.key) is None:
                keep(session, actor, LINE, None, DraftLine(**home, key=row.key, description=row.description))
        return Duplicated(target.id, first_day, len(items))
