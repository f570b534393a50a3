"""The checks beside a draft: what stops it, what holds, and what the law or the client may ask for besides."""

from dataclasses import dataclass
from typing import Literal

from agency_app.documents import wording
from agency_app.domain.vat import CATEGORIES
from agency_app.services.read_invoice import InvoiceRead
from agency_app.services.refusal import Fault

CheckKind = Literal["stop", "hint", "ok"]


@dataclass(frozen=True)
class Checked:
    """One line of the checks: a stop keeps the draft from being final, a hint does not, an ok says what holds.

    `fault` says where it is mended, `opens` which dialog of the builder does it ("head", "items").
    """

    kind: CheckKind
    fault: Fault
    opens: str = ""


def checks_of_draft(read: InvoiceRead) -> list[Checked]:
    """Return the checks of a draft, what stops it first; none for a final invoice."""
    live = read.live
    if live is None:
        return []
    found = [Checked("stop", fault, _opens(fault)) for fault in read.faults]
    found += [Checked("hint", Fault(f"E-invoice: {missing}")) for missing in read.missing_for_einvoice]
    found += [Checked("hint", fault, opens) for fault, opens in _mandates(read)]
    if live.draft.lines and not any("BR-" in fault.message or "R120" in fault.message for fault in read.faults):
        billed = sum(work.billed_seconds for line in live.draft.lines for work in line.work)
        logged = sum(row.seconds for row in live.entries.values())
        words = f"Totals reconcile: {wording.hours(logged)} h logged, {wording.hours(billed)} h on the lines"
        found.append(Checked("ok", Fault(words)))
        if not read.missing_for_einvoice:
            found.append(Checked("ok", Fault("E-invoice valid: EN 16931")))
    if live.entries and not live.unapproved and live.approval:
        found.append(Checked("ok", Fault(f"All {len(live.entries)} entries approved")))
    return found


def _mandates(read: InvoiceRead) -> list[tuple[Fault, str]]:
    """Return what an invoice of this kind is usually asked to say, and does not."""
    live, snapshot = read.live, read.snapshot
    assert live is not None
    hints: list[tuple[Fault, str]] = []
    charged = {group["category"] for group in snapshot["vat"]}
    buyer, seller, name = snapshot["buyer"], snapshot["seller"], live.client.name
    if not live.draft.lines:
        return hints
    abroad = buyer["country"] and seller["country"] and buyer["country"] != seller["country"]
    if not buyer["vat_id"] and (abroad or buyer["country"] in ("IT", "ES", "PL")):
        hints.append((Fault(f"{name} has no VAT number: its country asks for it on invoices.", "vat_id", True), ""))
    if any(CATEGORIES[one].buyer_vat_id for one in charged if one in CATEGORIES) and not buyer["vat_id"]:
        hints.append((Fault("Without VAT the client accounts for it: add its VAT number.", "vat_id", True), ""))
    if buyer["country"] in ("DE", "BE", "FR") and not (buyer["reference"] or buyer["order"]):
        hints.append(
            (Fault(f"{name} has given no reference: its e-invoice network asks for one.", "reference", True), "")
        )
    if live.accounting_currency and live.draft.totals.vat_minor and live.draft.totals.accounting is None:
        words = f"Give the exchange rate: VAT is to be stated in {live.accounting_currency} as well."
        hints.append((Fault(words), "head"))
    if not seller["iban"]:
        hints.append((Fault("There is no bank account to pay to.", "iban"), ""))
    return hints


def _opens(fault: Fault) -> str:
    if "due date" in fault.message:
        return "head"
    return "items" if "line that is gone" in fault.message else ""
