"""From an invoice's snapshot to the value its e-invoice is written from; nothing is added that the invoice lacks.

Snapshots of template 1 have no country codes and no electronic addresses; their country is read from the address.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from agency_app.documents.einvoice.model import NOTHING, EInvoice, Identifier, Party, Payment, Preceding
from agency_app.documents.einvoice.places import address_of
from agency_app.documents.payment_code import payment_reference
from agency_app.domain.bank_account import compact_account, is_iban
from agency_app.domain.invoice import Adjustment, DocumentAdjustment, Line, Totals, due_minor
from agency_app.domain.vat import AccountingVat, VatGroup
from agency_app.domain.vat_number import compact_vat_number

SEPA_CREDIT_TRANSFER, CREDIT_TRANSFER = "58", "30"
"""UNTDID 4461, BT-81."""

# How agencies write their registration, and the ISO 6523 code of the register.
_REGISTERS = (
    (re.compile(r"(?:KvK|CoC)\D{0,12}(\d{8})", re.IGNORECASE), "0106"),
    (re.compile(r"SIRET\D{0,4}(\d{14})", re.IGNORECASE), "0009"),
    (re.compile(r"SIREN\D{0,4}(\d{9})", re.IGNORECASE), "0002"),
    (re.compile(r"(?:KBO|BCE)\D{0,4}([01]\d{9})", re.IGNORECASE), "0208"),
)


def einvoice_of(snapshot: Mapping[str, Any]) -> EInvoice:
    """Return the e-invoice that an invoice or credit note snapshot (version 1) states.

    Raises ValueError for a draft or another version, KeyError for a snapshot that lacks a field.
    """
    if snapshot["v"] != 1 or snapshot["number"] is None:
        raise ValueError("Only a final invoice of snapshot version 1 is an e-invoice.")
    totals = totals_of_snapshot(snapshot)
    # What is not subject to VAT must not carry VAT ids (BR-O-02).
    with_vat_ids = all(group.category != "O" for group in totals.vat)
    due, period = snapshot.get("due_date"), snapshot.get("period")
    return EInvoice(
        kind=snapshot["kind"],
        number=snapshot["number"],
        issue_date=date.fromisoformat(snapshot["issue_date"]),
        currency=snapshot["currency"],
        seller=_seller(snapshot["seller"], with_vat_ids),
        buyer=_buyer(snapshot["buyer"], with_vat_ids),
        lines=tuple(line_of(line) for line in snapshot["lines"]),
        totals=totals,
        adjustments=adjustments_of(snapshot),
        due_date=date.fromisoformat(due) if due else None,
        terms=snapshot.get("terms") or "",
        period=(date.fromisoformat(period["start"]), date.fromisoformat(period["end"])) if period else None,
        buyer_reference=snapshot["buyer"]["reference"] or "",
        order=snapshot["buyer"].get("order") or "",
        payment=_payment(snapshot, totals),
        preceding=_preceding(snapshot.get("preceding")),
        note=snapshot["note"] or "",
    )


def stated_due_minor(snapshot: Mapping[str, Any]) -> int:
    """Return the amount due that a snapshot states (BT-115): its own figure where it has one."""
    paid, rounding = snapshot.get("prepaid_minor", 0), snapshot.get("rounding_minor", 0)
    return snapshot.get("due_minor", due_minor(snapshot["total_minor"], paid, rounding))


def totals_of_snapshot(snapshot: Mapping[str, Any]) -> Totals:
    """Return the totals that a snapshot states, as they stand there."""
    accounting = snapshot.get("accounting")
    return Totals(
        subtotal_minor=snapshot["subtotal_minor"],
        vat=tuple(
            VatGroup(
                group["category"],
                group["rate"],
                group["base_minor"],
                group["amount_minor"],
                group.get("reason", ""),
                group.get("reason_code", ""),
            )
            for group in snapshot["vat"]
        ),
        vat_minor=snapshot["vat_minor"],
        total_minor=snapshot["total_minor"],
        allowances_minor=snapshot.get("allowances_minor", 0),
        charges_minor=snapshot.get("charges_minor", 0),
        prepaid_minor=snapshot.get("prepaid_minor", 0),
        rounding_minor=snapshot.get("rounding_minor", 0),
        accounting=AccountingVat(**accounting) if accounting else None,
    )


def adjustments_of(snapshot: Mapping[str, Any]) -> tuple[DocumentAdjustment, ...]:
    """Return the discounts and surcharges of the whole document."""
    return tuple(DocumentAdjustment(**adjustment) for adjustment in snapshot.get("adjustments", ()))


def line_of(line: Mapping[str, Any]) -> Line:
    """Return a line of a snapshot, without its work."""
    return Line(
        line["kind"],
        line["description"],
        line["quantity"],
        line["unit"],
        line["price"],
        line["net_minor"],
        line["vat_category"],
        line["vat_rate"],
        adjustments=tuple(Adjustment(**adjustment) for adjustment in line.get("adjustments", ())),
    )


def _seller(seller: Mapping[str, Any], with_vat_ids: bool) -> Party:
    return Party(
        name=seller["name"],
        address=address_of(seller["address"], seller.get("country") or ""),
        vat_id=compact_vat_number(seller["vat_id"] or "") if with_vat_ids else "",
        tax_number=seller.get("tax_number") or "",
        registration=_registration(seller["registration"]),
        endpoint=_endpoint(seller.get("electronic_address")),
        contact=seller.get("contact") or "",
        phone=seller.get("phone") or "",
        email=seller["email"] or "",
    )


def _buyer(buyer: Mapping[str, Any], with_vat_ids: bool) -> Party:
    return Party(
        name=buyer["name"],
        address=address_of(buyer["address"], buyer.get("country") or ""),
        vat_id=compact_vat_number(buyer["vat_id"] or "") if with_vat_ids else "",
        registration=_registration(buyer.get("registration")),
        endpoint=_endpoint(buyer.get("electronic_address")),
        contact=buyer["attention"] or "",
    )


def _registration(written: str | None) -> Identifier:
    text = " ".join((written or "").split())
    for pattern, scheme in _REGISTERS:
        if found := pattern.fullmatch(text):
            return Identifier(found[1], scheme)
    return Identifier(text)


def _endpoint(address: Mapping[str, str] | None) -> Identifier:
    return Identifier(address["value"], address["scheme"]) if address and address["value"] else NOTHING


def _payment(snapshot: Mapping[str, Any], totals: Totals) -> Payment | None:
    """Return where to pay, on the terms on which the invoice prints it: there is an account, and something is due."""
    seller = snapshot["seller"]
    if snapshot["kind"] != "invoice" or not seller["iban"] or totals.due_minor <= 0:
        return None
    account = compact_account(seller["iban"])
    sepa = is_iban(account) and snapshot["currency"] == "EUR"
    return Payment(
        means=SEPA_CREDIT_TRANSFER if sepa else CREDIT_TRANSFER,
        account=account,
        name=seller["name"],
        bic=compact_account(seller["bic"] or ""),
        reference=payment_reference(snapshot),
    )


def _preceding(preceding: Mapping[str, Any] | None) -> Preceding | None:
    if not preceding:
        return None
    issued = preceding.get("issue_date")
    return Preceding(preceding["number"], date.fromisoformat(issued) if issued else None)
