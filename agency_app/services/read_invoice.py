"""Read invoices for the screens: the list, and one of them as the snapshot its documents are drawn from."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.documents.einvoice.check import Lack
from agency_app.services.actor import Actor
from agency_app.services.credit_invoice import credited_minor
from agency_app.services.draw_document import missing_for_einvoice
from agency_app.services.finalise_invoice import due_date_of, faults_of, snapshot_of
from agency_app.services.number_series import next_number
from agency_app.services.read_draft import LiveDraft, live_draft
from agency_app.services.refusal import Fault, NotFound
from agency_app.store import clients, invoices, people, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Invoice
from agency_app.tables.base import now


@dataclass(frozen=True)
class InvoiceRead:
    """An invoice or a live draft. `snapshot` has the same shape for both, a draft's has no number."""

    invoice: Invoice
    client: Client
    snapshot: dict[str, Any]
    version: str
    faults: list[Fault]
    credit_notes: tuple[Invoice, ...] = ()
    """Those over it, oldest first."""
    corrects: Invoice | None = None
    """The invoice that it corrects, for a credit note."""
    live: LiveDraft | None = None
    """What a draft was made of; nothing of a final invoice is derived any more."""
    today: date | None = None
    """The day, in the agency's zone, on which a draft was read."""
    next_number: str = ""
    """What a draft would be numbered if it were the next to be finalised."""
    entries: Mapping[str, EntryRow] = field(default_factory=dict)
    """The entries under its lines, as they are now."""

    @property
    def credited_minor(self) -> int:
        """What its credit notes give back, in minor units."""
        return sum(credited_minor(note) for note in self.credit_notes)

    @property
    def missing_for_einvoice(self) -> list[Lack]:
        """What it lacks as an e-invoice beyond its faults; nothing of it keeps a draft from being finalised."""
        said = {fault.message for fault in self.faults}
        return [missing for missing in missing_for_einvoice(self.snapshot) if missing.message not in said]


@dataclass(frozen=True)
class InvoiceListed:
    """A row of the list: a draft has the total it would have now."""

    invoice_id: str
    client: Client
    first_day: date
    number: str
    issue_date: date | None
    due_date: date | None
    total_minor: int
    currency: str
    kind: str = "invoice"
    status: str = "final"
    credited_minor: int = 0
    """What credit notes gave back of it."""
    corrects: str = ""
    """The number of the invoice that a credit note corrects."""

    @property
    def open_minor(self) -> int | None:
        """What is left of a final invoice; None for what has no such amount, a draft or a credit note."""
        final = self.status == "final" and self.kind == "invoice"
        return self.total_minor - self.credited_minor if final else None


def read_invoice(actor: Actor, invoice_id: str) -> InvoiceRead:
    """Return an invoice as it was frozen, or a draft as it stands now. Raises NotFound for an unknown id."""
    with reading() as session:
        invoice = invoices.invoice(session, actor.workspace_id, invoice_id)
        if invoice is None:
            raise NotFound("That invoice is not in this workspace.")
        client = clients.client(session, actor.workspace_id, invoice.client_id)
        assert client is not None
        if invoice.snapshot is not None:
            corrects = invoices.invoice(session, actor.workspace_id, invoice.corrects_id or "")
            notes = tuple(invoices.credit_notes(session, actor.workspace_id, [invoice.id]))
            snapshot = json.loads(invoice.snapshot)
            ids = {one["entry_id"] for line in snapshot["lines"] for one in line["work"]}
            rows = {row.id: row for row in work.entries_by_id(session, actor.workspace_id, sorted(ids))} if ids else {}
            return InvoiceRead(invoice, client, snapshot, "", [], notes, corrects, entries=rows)
        workspace = people.workspace(session, actor.workspace_id)
        live = live_draft(session, actor.workspace_id, client.id, invoice.period_start)
        today = now().astimezone(ZoneInfo(workspace.zone)).date()
        snapshot = snapshot_of(workspace, live, None, today, due_date_of(live, today))
        known = invoices.all_series(session, actor.workspace_id)
        return InvoiceRead(
            invoice,
            client,
            snapshot,
            live.version,
            faults_of(workspace, live, today),
            live=live,
            today=today,
            next_number=next_number(known, workspace, "invoice", today.year).number,
            entries=live.entries,
        )


def list_invoices(actor: Actor) -> list[InvoiceListed]:
    """Return the drafts of this month and of months that were left open, then the final invoices, newest first."""
    with reading() as session:
        rows = []
        found = invoices.invoices(session, actor.workspace_id)
        numbers = {invoice.id: invoice.number or "" for invoice, _ in found}
        credited: dict[str, int] = defaultdict(int)
        for note in invoices.credit_notes(session, actor.workspace_id, list(numbers)):
            credited[note.corrects_id or ""] += credited_minor(note)
        for invoice, client in found:
            total = credited_minor(invoice) if invoice.kind == "credit_note" else invoice.total_minor
            if total is None:
                live = live_draft(session, actor.workspace_id, client.id, invoice.period_start)
                total = live.draft.totals.total_minor
            rows.append(
                InvoiceListed(
                    invoice.id,
                    client,
                    invoice.period_start,
                    invoice.number or "",
                    invoice.issue_date,
                    invoice.due_date,
                    total,
                    invoice.currency,
                    invoice.kind,
                    invoice.status,
                    credited[invoice.id],
                    _corrected_number(session, invoice, numbers),
                )
            )
        return rows


def _corrected_number(session: Session, invoice: Invoice, numbers: dict[str, str]) -> str:
    if invoice.corrects_id is None or invoice.corrects_id in numbers:
        return numbers.get(invoice.corrects_id or "", "")
    corrected = invoices.invoice(session, invoice.workspace_id, invoice.corrects_id)
    return corrected.number or "" if corrected else ""
