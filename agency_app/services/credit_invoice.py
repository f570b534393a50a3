"""Credit a final invoice, whole or in part: one transaction issues the credit note and releases exactly what it credits.

A credit note (EN 16931 type 381, with its invoice as BT-25) states positive amounts, is numbered in a series of its own,
chained and frozen as invoices are, and never exceeds what is left of its invoice. Whoever sold and bought is taken from
the invoice: it corrects that, whatever the settings say by now.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.documents.einvoice.reading import adjustments_of, line_of, totals_of_snapshot
from agency_app.documents.speech import CREDITED, LINE_OF, PART_OF_LINE
from agency_app.documents.translation import Words, words_in
from agency_app.domain.credit import BilledLine, Credit, CreditError, credit_of
from agency_app.domain.invoice import Adjustment, DocumentAdjustment, Line, LineWork, check_invoice
from agency_app.domain.vat import AccountingVat, accounting_given_back
from agency_app.services.actor import Actor, acting, record
from agency_app.services.finalise_invoice import MAY_FINALISE, TEMPLATE, Finalised, canonical, document_bytes, seal
from agency_app.services.number_series import series_for, take_number
from agency_app.services.refusal import Fault, NotFound, NotReady, Refused, Stale
from agency_app.store import invoices, people
from agency_app.store.engine import reading
from agency_app.tables import Invoice, InvoiceLine
from agency_app.tables import LineWork as LineWorkRow
from agency_app.tables.base import now

LONGEST_REASON = 500
Chosen = Mapping[int, Mapping[str, int] | None]
"""What to credit: by the position of a line the raw seconds of its entries, None for all that is left of it."""


@dataclass(frozen=True)
class Creditable:
    """A final invoice and what is left of it."""

    invoice: Invoice
    snapshot: dict[str, Any]
    lines: dict[int, BilledLine]
    rows: dict[int, InvoiceLine]
    credit_notes: tuple[Invoice, ...]
    """Those over it, oldest first."""

    @property
    def left_minor(self) -> int:
        """What is left of its total, in minor units."""
        return (self.invoice.total_minor or 0) - sum(credited_minor(note) for note in self.credit_notes)

    @property
    def version(self) -> str:
        """Changes with every credit note over it."""
        said = "\n".join(note.id for note in self.credit_notes)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def credit(self, chosen: Chosen | None) -> Credit:
        """Return the credit note over what is chosen, or over all that is left for None. Raises Refused for what is not
        left."""
        everything: Chosen = {position: None for position, line in self.lines.items() if not line.is_credited}
        if not everything:
            raise Refused(f"{self.invoice.number} is credited already, all of it.")
        adjustments = adjustments_of(self.snapshot)
        currency = self.invoice.currency
        try:
            return credit_of(
                self.lines, adjustments, self.left_minor, everything if chosen is None else chosen, currency
            )
        except CreditError as error:
            raise Refused(str(error), "lines") from error


def credited_minor(note: Invoice) -> int:
    """Return what a credit note gives back, in minor units."""
    return (note.total_minor or 0) if note.due_minor is None else note.due_minor


def read_creditable(actor: Actor, invoice_id: str) -> Creditable:
    """Return a final invoice with what is left of it. Raises NotFound, and Refused for a draft or a credit note."""
    with reading() as session:
        return creditable(session, actor.workspace_id, invoice_id)


def credit_invoice(
    actor: Actor,
    invoice_id: str,
    chosen: Chosen | None,
    reason: str,
    version: str,
    issue_date: date | None = None,
) -> Finalised:
    """Issue a credit note over what is chosen of a final invoice, or over all that is left of it for None, and store its
    PDF.

    `version` is that of the `Creditable` the actor saw. `issue_date` is today in the workspace's zone when None. Raises
    NotAllowed by role, NotFound, Stale when another credit note came first, Refused naming what cannot be credited or a
    missing reason. Nothing changes then.
    """
    with acting(actor, *MAY_FINALISE) as session:
        done = credit_within(session, actor, invoice_id, chosen, reason, version, issue_date)
    document_bytes(actor, done.invoice_id, "pdf")
    return done


def credit_within(
    session: Session,
    actor: Actor,
    invoice_id: str,
    chosen: Chosen | None,
    reason: str,
    version: str,
    issue_date: date | None = None,
) -> Finalised:
    """Credit within a transaction of a caller, who has the actor authorised; see `credit_invoice`. No PDF is stored."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Refused("Say why it is credited: the client reads it on the credit note.", "reason")
    workspace = people.workspace(session, actor.workspace_id)
    issued = issue_date or now().astimezone(ZoneInfo(workspace.zone)).date()
    of = creditable(session, actor.workspace_id, invoice_id)
    if of.version != version:
        raise Stale(f"Somebody credited {of.invoice.number} meanwhile. Check what is left of it, then credit again.")
    if of.invoice.issue_date and issued < of.invoice.issue_date:
        raise Refused(f"A credit note cannot be dated before its invoice, {of.invoice.issue_date:%d %b %Y}.")
    credit = of.credit(chosen)
    said = [line for _, line in credit.lines]
    faults = check_invoice(said, credit.totals, of.invoice.currency, credit.adjustments, "credit_note")
    if faults:
        raise NotReady([Fault(fault) for fault in faults])
    note = Invoice(
        workspace_id=actor.workspace_id,
        client_id=of.invoice.client_id,
        period_start=of.invoice.period_start,
        period_end=of.invoice.period_end,
        currency=of.invoice.currency,
        kind="credit_note",
        corrects_id=of.invoice.id,
        closing=credit.closing,
        due_minor=credit.totals.due_minor,
    )
    session.add(note)
    session.flush()
    _store_lines(session, note, of, credit)
    series = series_for(session, workspace, "credit_note", issued)
    number = take_number(session, series, issued)
    snapshot = canonical(credit_snapshot(of, credit, number, issued, reason))
    digest = seal(session, actor, note, series, snapshot, credit.totals, issued)
    invoices.release_entries(session, sorted({work.entry_id for line in said for work in line.work}))
    record(
        session, actor, "credit_invoice", note.id, number=number, sha256=digest, corrects=of.invoice.id, reason=reason
    )
    return Finalised(note.id, number, issued, issued, digest)


def creditable(session: Session, workspace_id: str, invoice_id: str) -> Creditable:
    """Return a final invoice with what is left of it, read within a session; see `read_creditable`."""
    invoice = invoices.invoice(session, workspace_id, invoice_id)
    if invoice is None:
        raise NotFound("That invoice is not in this workspace.")
    if invoice.kind != "invoice" or invoice.snapshot is None:
        raise Refused("Only a final invoice can be credited.")
    notes = invoices.credit_notes(session, workspace_id, [invoice.id])
    snapshot = json.loads(invoice.snapshot)
    rows = {row.position: row for row in invoices.lines(session, invoice.id)}
    position_of = {row.id: position for position, row in rows.items()}
    given: dict[int, list[Line]] = defaultdict(list)
    for note in notes:
        said = {line["position"]: line for line in json.loads(note.snapshot or "{}")["lines"]}
        for row in invoices.lines(session, note.id):
            given[position_of[row.credits_id or ""]].append(worked_line(said[row.position]))
    lines = {
        line["position"]: BilledLine(worked_line(line), tuple(given[line["position"]])) for line in snapshot["lines"]
    }
    return Creditable(invoice, snapshot, lines, rows, tuple(notes))


def worked_line(said: Mapping[str, Any]) -> Line:
    """Return a line of a snapshot with the work under it."""
    line = line_of(said)
    work = tuple(
        LineWork(one["entry_id"], one["seconds"], one["billed_seconds"], one["amount_minor"]) for one in said["work"]
    )
    return Line(
        line.kind,
        line.description,
        line.quantity,
        line.unit,
        line.price,
        line.net_minor,
        line.vat_category,
        line.vat_rate,
        work,
        line.adjustments,
    )


def _store_lines(session: Session, note: Invoice, of: Creditable, credit: Credit) -> None:
    billed = {(work.line_id, work.entry_id): work.id for work in invoices.line_work(session, of.invoice.id)}
    for position, (credited, line) in enumerate(credit.lines, start=1):
        source = of.rows[credited]
        row = InvoiceLine(
            workspace_id=note.workspace_id,
            invoice_id=note.id,
            position=position,
            kind=line.kind,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            net_minor=line.net_minor,
            vat_category=line.vat_category,
            vat_rate=line.vat_rate,
            credits_id=source.id,
        )
        session.add(row)
        session.flush()
        session.add_all(
            LineWorkRow(
                workspace_id=note.workspace_id,
                invoice_id=note.id,
                line_id=row.id,
                entry_id=work.entry_id,
                seconds=work.seconds,
                billed_seconds=work.billed_seconds,
                amount_minor=work.amount_minor,
                credits_id=billed[source.id, work.entry_id],
            )
            for work in line.work
        )
    session.flush()


def credit_snapshot(of: Creditable, credit: Credit, number: str | None, issued: date, reason: str) -> dict[str, Any]:
    """Return everything a credit note says, in the shape of an invoice's snapshot."""
    invoice, totals = of.snapshot, credit.totals
    words = words_in(invoice.get("language", "en"))  # invoices of before there were languages are in English
    reasons = {(group.category, group.rate): group.reason for group in totals_of_snapshot(invoice).vat}
    snapshot = {
        **{key: invoice[key] for key in ("v", "period", "currency", "locale", "seller", "buyer", "rounding")},
        "language": words.language,
        "kind": "credit_note",
        "template": TEMPLATE,
        "number": number,
        "issue_date": issued.isoformat(),
        "due_date": None,
        "preceding": {"number": of.invoice.number, "issue_date": invoice["issue_date"]},
        "lines": [
            _said_line(place, position, line, of, words) for place, (position, line) in enumerate(credit.lines, start=1)
        ],
        "adjustments": [_said_adjustment(one) for one in credit.adjustments],
        "allowances_minor": totals.allowances_minor,
        "charges_minor": totals.charges_minor,
        "rounding_minor": totals.rounding_minor,
        "subtotal_minor": totals.subtotal_minor,
        "vat": [
            {
                "category": group.category,
                "rate": group.rate,
                "base_minor": group.base_minor,
                "amount_minor": group.amount_minor,
                "reason": reasons.get((group.category, group.rate), ""),
            }
            for group in totals.vat
        ],
        "vat_minor": totals.vat_minor,
        "total_minor": totals.total_minor,
        "retainers": [],
        "terms": words.say(CREDITED, number=of.invoice.number),
        "note": reason,
    }
    accounting = invoice.get("accounting")
    if accounting:  # at the rate of the invoice: what is given back is worth what it was charged at
        given = sum(accounting_vat_minor(json.loads(note.snapshot or "{}")) for note in of.credit_notes)
        stated = accounting_given_back(
            AccountingVat(**accounting), given, totals.vat_minor, invoice["currency"], closing=credit.closing
        )
        snapshot["accounting"] = asdict(stated)
    return snapshot


def accounting_vat_minor(snapshot: Mapping[str, Any]) -> int:
    """Return the VAT that a document states in the agency's currency, in minor units; 0 where it states none."""
    return (snapshot.get("accounting") or {}).get("vat_minor", 0)


def _said_line(place: int, position: int, line: Line, of: Creditable, words: Words) -> dict[str, Any]:
    said = next(one for one in of.snapshot["lines"] if one["position"] == position)
    entries = {work["entry_id"]: work for work in said["work"]}
    whole = line == of.lines[position].line
    return {
        **{key: said[key] for key in ("kind", "description", "unit", "vat_category", "vat_rate")},
        "position": place,
        "credits": position,
        "detail": words.say(LINE_OF if whole else PART_OF_LINE, position=position, number=of.invoice.number),
        "quantity": line.quantity,
        "price": line.price,
        "net_minor": line.net_minor,
        "adjustments": [_said_adjustment(one) for one in line.adjustments],
        "work": [
            entries[work.entry_id]
            | {"seconds": work.seconds, "billed_seconds": work.billed_seconds, "amount_minor": work.amount_minor}
            for work in line.work
        ],
    }


def _said_adjustment(adjustment: Adjustment) -> dict[str, Any]:
    said = {
        "kind": adjustment.kind,
        "reason": adjustment.reason,
        "amount_minor": adjustment.amount_minor,
        "reason_code": adjustment.reason_code,
        "base_minor": adjustment.base_minor,
        "percent": adjustment.percent,
    }
    if isinstance(adjustment, DocumentAdjustment):
        said |= {"vat_category": adjustment.vat_category, "vat_rate": adjustment.vat_rate}
    return said
