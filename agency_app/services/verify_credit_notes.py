"""Check credit notes against the invoices they correct: what they say they give back, and that it was there to give."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.services.credit_invoice import accounting_vat_minor, credited_minor
from agency_app.tables import Invoice, InvoiceLine, LineWork

Lines = Mapping[str, Sequence[InvoiceLine]]
"""The lines of invoices, by the invoice's id."""
Work = Mapping[str, Sequence[LineWork]]
"""The work under lines, by the line's id."""


def credit_faults(invoices: Mapping[str, Invoice], lines: Lines, work: Work) -> Iterator[str]:
    """Yield every fault of credit notes as a sentence that names the row."""
    notes = [one for one in invoices.values() if one.kind == "credit_note" and one.status == "final"]
    of: dict[str, list[Invoice]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: (one.number or "", one.id)):
        corrected = invoices.get(note.corrects_id or "")
        if corrected is None or corrected.kind != "invoice" or corrected.status != "final":
            yield f"Credit note {note.number}: the invoice that it corrects is not there."
            continue
        of[corrected.id].append(note)
        yield from (f"Credit note {note.number}: {fault}" for fault in _note_faults(note, corrected, lines, work))
    for invoice_id, over in of.items():
        invoice = invoices[invoice_id]
        yield from (f"Invoice {invoice.number}: {fault}" for fault in _sum_faults(invoice, over, lines, work))


def _note_faults(note: Invoice, corrected: Invoice, lines: Lines, work: Work) -> Iterator[str]:
    snapshot = _snapshot(note)
    preceding = snapshot.get("preceding") or {}
    if preceding.get("number") != corrected.number:
        yield f"it says that it corrects {preceding.get('number')}, the stored row says {corrected.number}."
    if snapshot and stated_due_minor(snapshot) != credited_minor(note):
        yield f"due_minor is {credited_minor(note)} in the stored row and {stated_due_minor(snapshot)} in the snapshot."
    credited = {row.id: row for row in lines.get(corrected.id, ())}
    for row in lines.get(note.id, ()):
        source = credited.get(row.credits_id or "")
        if source is None:
            yield f"line {row.position} gives back no line of {corrected.number}."
            continue
        billed = {one.id: one for one in work.get(source.id, ())}
        for one in work.get(row.id, ()):
            given = billed.get(one.credits_id or "")
            if given is None or given.entry_id != one.entry_id:
                yield f"line {row.position} releases work {one.id} that its line of {corrected.number} does not bill."


def _sum_faults(invoice: Invoice, notes: Sequence[Invoice], lines: Lines, work: Work) -> Iterator[str]:
    """Check all credit notes of an invoice together: never more than it says, and closed exactly when nothing is left."""
    given = sum(credited_minor(note) for note in notes)
    total = invoice.total_minor or 0
    if given > total:
        yield f"{given} minor units are credited, it says {total}."
    seconds: dict[str, int] = defaultdict(int)
    credited_lines: set[str] = set()
    for note in notes:
        for row in lines.get(note.id, ()):
            credited_lines.add(row.credits_id or "")
            for one in work.get(row.id, ()):
                seconds[one.credits_id or ""] += one.seconds
    left = False
    for row in lines.get(invoice.id, ()):
        for one in work.get(row.id, ()):
            if seconds[one.id] > one.seconds:
                yield f"{seconds[one.id]} s of entry {one.entry_id} are credited, line {row.position} bills {one.seconds} s."
            left = left or (row.unit == "h" and seconds[one.id] < one.seconds)
        left = left or row.id not in credited_lines
    closed = any(note.closing for note in notes)
    charged, restated = (
        accounting_vat_minor(_snapshot(invoice)),
        [accounting_vat_minor(_snapshot(one)) for one in notes],
    )
    if abs(sum(restated)) > abs(charged) or (closed and sum(restated) != charged):
        yield f"its credit notes state {sum(restated)} minor units of VAT in the agency's currency, it says {charged}."
    if closed == left:
        said, found = ("close", "something") if closed else ("do not close", "nothing")
        yield f"its credit notes {said} it, but {found} is left."
    if not left and given != total:
        yield f"nothing of it is left, but {given} minor units of {total} are credited."


def _snapshot(note: Invoice) -> dict[str, Any]:
    try:
        parsed = json.loads(note.snapshot or "")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
