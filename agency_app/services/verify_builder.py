"""Recompute what must hold of the things people added to invoices and decided about entries."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agency_app.domain.additions import LINE_KINDS
from agency_app.tables import DraftItem, EntryDecision, Invoice, LineWork, TimeEntry


def builder_faults(
    invoices: Mapping[str, Invoice],
    entries: Mapping[str, TimeEntry],
    work_of_lines: Mapping[str, Sequence[LineWork]],
    decided: Mapping[str, EntryDecision],
    items: Iterable[DraftItem],
) -> Iterator[str]:
    """Yield every fault as a sentence that names the row: more billed and held back than was worked, a decision without
    its entry or its reason, an item that a final invoice does not say."""
    billed: dict[str, int] = defaultdict(int)
    for rows in work_of_lines.values():
        for work in rows:
            billed[work.entry_id] += work.seconds if work.credits_id is None else -work.seconds
    for row in decided.values():
        entry = entries.get(row.entry_id)
        if entry is None:
            yield f"The decision {row.id} is about the entry {row.entry_id}, which is gone."
            continue
        label = f"Entry {entry.id} of {entry.work_date}"
        held = row.less_seconds + row.written_off_seconds
        if held and billed[entry.id] + held > entry.seconds:
            yield f"{label}: {billed[entry.id]} s are billed and {held} s held back, the entry has {entry.seconds} s."
        if row.written_off_seconds and not row.reason:
            yield f"{label}: {row.written_off_seconds} s are written off without a reason."
    for item in items:
        invoice = invoices.get(item.invoice_id)
        if invoice is not None and invoice.status == "final" and not _is_said(item, invoice):
            yield f"Invoice {invoice.number}: “{item.description}” was added to it, but it does not say so."


def _is_said(item: DraftItem, invoice: Invoice) -> bool:
    try:
        snapshot: dict[str, Any] = json.loads(invoice.snapshot or "")
        if item.kind in LINE_KINDS:
            return any(line.get("key") == f"item:{item.id}" for line in snapshot["lines"])
        if item.kind == "prepayment":
            return {
                "description": item.description,
                "date": item.happened_on.isoformat() if item.happened_on else None,
                "amount_minor": item.amount_minor,
            } in snapshot.get("prepayments", [])
        said = [*snapshot.get("adjustments", []), *(one for line in snapshot["lines"] for one in _on_line(line))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return any(one.get("reason") == item.description for one in said) or not (item.percent or item.amount_minor)


def _on_line(line: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(line.get("adjustments", []))
