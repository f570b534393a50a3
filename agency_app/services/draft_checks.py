"""The checks beside a draft: what stops it, what holds, and what the law or the client may ask for besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agency_app.documents import wording
from agency_app.domain.vat import CATEGORIES
from agency_app.domain.vat_number import is_vat_number
from agency_app.services.read_draft import LiveDraft
from agency_app.services.read_invoice import InvoiceRead
from agency_app.services.refusal import Fault

CheckKind = Literal["stop", "hint", "ok"]
ASK_FOR_VAT_IDS = ("IT", "ES", "PL")
ASK_FOR_REFERENCES = ("DE", "BE", "FR")


@dataclass(frozen=True)
class Checked:
    """One line of the checks: a stop keeps the draft from being final, a hint does not, an ok says what holds.

    `fault` says what it is and where it is mended.
    """

    kind: CheckKind
    fault: Fault


def checks_of_draft(read: InvoiceRead) -> list[Checked]:
    """Return the checks of a draft, what stops it first; none for a final invoice."""
    live = read.live
    if live is None:
        return []
    found = [Checked("stop", fault) for fault in read.faults]
    found += [
        Checked("hint", Fault(f"E-invoice: {lack.message}", lack.field, lack.party == "buyer"))
        for lack in read.missing_for_einvoice
    ]
    found += [Checked("hint", fault) for fault in lacks_of(read.snapshot, live)]
    found += [Checked("ok", Fault(words)) for words in _what_holds(read, live)]
    if read.today is not None and live.first_day <= read.today <= live.last_day:
        open_until = (
            f"{live.first_day:%B} is open until {wording.short_date(live.last_day)}: new entries still land here."
        )
        found.append(Checked("hint", Fault(open_until)))
    return found


def lacks_of(snapshot: Mapping[str, Any], live: LiveDraft) -> list[Fault]:
    """Return what a draft's invoice would lack, or say oddly, though nothing forbids it; `snapshot` is the draft's."""
    return [*_mandates(snapshot, live), *_sums(live)] if live.draft.lines else []


def _mandates(snapshot: Mapping[str, Any], live: LiveDraft) -> Iterator[Fault]:
    """Yield what an invoice of this kind is usually asked to say, and does not."""
    name = live.client.name
    buyer, seller = snapshot["buyer"], snapshot["seller"]
    charged = {group["category"] for group in snapshot["vat"]}
    abroad = buyer["country"] and seller["country"] and buyer["country"] != seller["country"]
    if not buyer["vat_id"]:
        if abroad or buyer["country"] in ASK_FOR_VAT_IDS:
            yield Fault(f"{name} has no VAT number: its country asks for it on invoices.", "vat_id", True)
        if any(CATEGORIES[one].buyer_vat_id for one in charged if one in CATEGORIES):
            yield Fault("Without VAT the client accounts for it: add its VAT number.", "vat_id", True)
    elif buyer["vat_id"][:2].isalpha() and not is_vat_number(
        buyer["vat_id"]
    ):  # without a country: the e-invoice's check
        yield Fault(f"{name}'s VAT number {buyer['vat_id']} is none of its country: check it.", "vat_id", True)
    if buyer["country"] in ASK_FOR_REFERENCES and not (buyer["reference"] or buyer["order"]):
        yield Fault(f"{name} has given no reference: its e-invoice network asks for one.", "reference", True)
    if live.accounting_currency and live.draft.totals.vat_minor and live.draft.totals.accounting is None:
        words = f"Give the exchange rate: VAT is to be stated in {live.accounting_currency} as well."
        yield Fault(words, fix="head", draft_id=live.layout.invoice_id)
    if live.draft.totals.vat_minor and not seller["vat_id"]:
        yield Fault("VAT is charged, and the agency has no VAT number: add it in the settings.", "vat_id")
    if live.draft.totals.due_minor > 0 and not seller["iban"]:
        yield Fault("There is no bank account to pay to: add the IBAN in the settings.", "iban")


def _sums(live: LiveDraft) -> Iterator[Fault]:
    """Yield what is odd about the sums, though nothing forbids it."""
    totals = live.draft.totals
    if 0 <= totals.total_minor < totals.prepaid_minor:
        over = wording.money(totals.prepaid_minor - totals.total_minor, live.draft.currency)
        words = f"The prepayments are {over} more than the total: that stays with the client."
        yield Fault(words, fix="items", draft_id=live.layout.invoice_id)


def _what_holds(read: InvoiceRead, live: LiveDraft) -> Iterator[str]:
    if live.entries and not live.unapproved and live.approval:
        yield f"All {len(live.entries)} entries approved"
    if not live.draft.lines:
        return
    if not any("BR-" in fault.message or "R120" in fault.message for fault in read.faults):
        billed = sum(work.billed_seconds for line in live.draft.lines for work in line.work)
        logged = sum(row.seconds for row in live.entries.values())
        yield f"Totals reconcile: {wording.hours(logged)} h logged, {wording.hours(billed)} h on the lines"
        if not read.missing_for_einvoice:
            yield "E-invoice valid: EN 16931"
