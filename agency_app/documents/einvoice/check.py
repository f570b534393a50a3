"""What an e-invoice lacks or gets wrong, in words that say what to do. Stricter than the official rule files: every
identity holds with equality, an IBAN's check digits are right, a due date or terms are there (BR-CO-25)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agency_app.documents.einvoice.figures import TooPrecise, amount
from agency_app.documents.einvoice.model import Customisation, EInvoice, Party
from agency_app.documents.einvoice.places import is_country
from agency_app.domain.bank_account import is_iban, looks_like_iban
from agency_app.domain.invoice import check_invoice
from agency_app.domain.money import MoneyError
from agency_app.domain.vat import check_parties

_LEITWEG_ID = re.compile(r"\d{2,12}(-[A-Z0-9]{1,30})?-\d{2}", re.IGNORECASE)
_BY_MAIL = "EM"  # EAS code of an e-mail address
_NO_COUNTRY_PREFIXES = {"EL", "XI"}  # Greece and Northern Ireland number their VAT ids so


@dataclass(frozen=True)
class Lack:
    """Something that an e-invoice lacks or gets wrong: the rule and what to do, and the field of the agency's settings
    ("seller") or of the client ("buyer") that mends it; both empty where no field does."""

    message: str
    party: Literal["", "seller", "buyer"] = ""
    field: str = ""


def einvoice_faults(invoice: EInvoice, customisation: Customisation = Customisation.EN16931) -> list[str]:
    """Return everything that keeps an invoice from being an e-invoice of a kind; an empty list when nothing does."""
    return [lack.message for lack in einvoice_lacks(invoice, customisation)]


def einvoice_lacks(invoice: EInvoice, customisation: Customisation = Customisation.EN16931) -> list[Lack]:
    """Return what `einvoice_faults` does, each with the field that mends it."""
    wrong = check_invoice(invoice.lines, invoice.totals, invoice.currency, invoice.adjustments, invoice.kind)
    lacks = [Lack(message) for message in (*wrong, *_text_faults(invoice), *_figure_faults(invoice))]
    lacks += _party_lacks("The agency", invoice.seller, "seller")
    lacks += _party_lacks(invoice.buyer.name or "The client", invoice.buyer, "buyer")
    if not (invoice.seller.vat_id or invoice.seller.registration.value):
        lacks.append(Lack("BR-CO-26: the agency needs a VAT id or a registration number.", "seller", "vat_id"))
    asked = check_parties(
        (group.category for group in invoice.totals.vat),
        seller_vat_id=invoice.seller.vat_id,
        seller_tax_number=invoice.seller.tax_number,
        buyer_vat_id=invoice.buyer.vat_id,
        buyer_registration=invoice.buyer.registration.value,
        delivery_country=invoice.delivery_country,
        delivery_dated=invoice.period is not None,
    )
    lacks += [Lack(one.message, one.party, one.field) for one in asked]
    lacks += _settlement_lacks(invoice)
    if customisation is not Customisation.EN16931:
        lacks += _network_lacks(invoice)
    if customisation is Customisation.XRECHNUNG:
        lacks += _xrechnung_lacks(invoice)
    return lacks


def customisation_of(invoice: EInvoice) -> Customisation:
    """Return the most that the file may promise: XRechnung where the buyer gave a Leitweg-ID, Peppol where both
    parties have an electronic address other than e-mail, else plain EN 16931."""
    if _LEITWEG_ID.fullmatch(invoice.buyer_reference) and not einvoice_faults(invoice, Customisation.XRECHNUNG):
        return Customisation.XRECHNUNG
    mailed = _BY_MAIL in (invoice.seller.endpoint.scheme, invoice.buyer.endpoint.scheme)
    if mailed or einvoice_faults(invoice, Customisation.PEPPOL):
        return Customisation.EN16931
    return Customisation.PEPPOL


def _text_faults(invoice: EInvoice) -> Iterator[str]:
    if not invoice.lines:
        yield "BR-16: there is no line."
    if not invoice.number.strip():
        yield "BR-02: there is no number."
    for position, line in enumerate(invoice.lines, start=1):
        if not line.description.strip():
            yield f"BR-25: line {position} has no description."


def _figure_faults(invoice: EInvoice) -> Iterator[str]:
    totals = invoice.totals
    adjustments = [*invoice.adjustments, *(one for line in invoice.lines for one in line.adjustments)]
    figures = [line.net_minor for line in invoice.lines]
    figures += [totals.subtotal_minor, totals.vat_minor, totals.total_minor, totals.prepaid_minor, totals.due_minor]
    figures += [figure for group in totals.vat for figure in (group.base_minor, group.amount_minor)]
    figures += [figure for one in adjustments for figure in (one.amount_minor, one.base_minor or 0)]
    accounting = totals.accounting
    try:
        for figure in figures:
            amount(figure, invoice.currency)
        if accounting:
            amount(accounting.vat_minor, accounting.currency)
    except TooPrecise as error:
        yield f"BR-DEC: {error} Send the PDF."
    except MoneyError as error:
        yield f"BR-CL-04: {error}"


def _party_lacks(name: str, party: Party, side: Literal["seller", "buyer"]) -> Iterator[Lack]:
    if not party.name.strip():
        yield Lack(f"BR-06, BR-07: {name} has no name.", side, "legal_name")
    if not is_country(party.address.country):
        words = f"BR-09, BR-11: {name} has no country: end the address with it, or set its two-letter code."
        yield Lack(words, side, "country")
    prefix = party.vat_id[:2]
    if party.vat_id and not (is_country(prefix) or prefix in _NO_COUNTRY_PREFIXES):
        words = f"BR-CO-09: the VAT id {party.vat_id} of {name} does not begin with a country, such as NL."
        yield Lack(words, side, "vat_id")
    if party.endpoint.value and not party.endpoint.scheme:
        words = f"BR-62, BR-63: the electronic address of {name} has no scheme, such as 0088 or EM."
        yield Lack(words, side, "electronic_scheme")


def _settlement_lacks(invoice: EInvoice) -> Iterator[Lack]:
    payment, period = invoice.payment, invoice.period
    if invoice.totals.due_minor > 0 and not invoice.due_date and not invoice.terms:
        yield Lack("BR-CO-25: something is due, but neither a due date nor terms of payment are given.")
    if payment and looks_like_iban(payment.account) and not is_iban(payment.account):
        words = f"BR-DE-19: the IBAN {payment.account} is mistyped: its check digits do not match."
        yield Lack(words, "seller", "iban")
    if period and period[0] > period[1]:
        yield Lack("BR-29: the period ends before it starts.")
    if invoice.kind == "credit_note" and invoice.preceding is None:
        yield Lack("BR-55: a credit note names the invoice that it corrects.")


def _network_lacks(invoice: EInvoice) -> Iterator[Lack]:
    if not invoice.seller.endpoint.value:
        yield Lack("Peppol R020: the agency has no electronic address.", "seller", "electronic_address")
    if not invoice.buyer.endpoint.value:
        words = f"Peppol R010: {invoice.buyer.name} has no electronic address."
        yield Lack(words, "buyer", "electronic_address")
    if not invoice.buyer_reference and not invoice.order:
        words = f"Peppol R003: {invoice.buyer.name} has given neither a reference nor an order number."
        yield Lack(words, "buyer", "reference")


def _xrechnung_lacks(invoice: EInvoice) -> Iterator[Lack]:
    seller = invoice.seller
    if invoice.payment is None:
        yield Lack("BR-DE-1: there is no bank account to pay to.", "seller", "iban")
    for rule, what, text, field in (
        ("BR-DE-5", "a contact", seller.contact, "contact"),
        ("BR-DE-6", "a telephone number", seller.phone, "phone"),
        ("BR-DE-7", "an e-mail address", seller.email, "email"),
        ("BR-DE-3", "a city after its postcode in the address", seller.address.city, "address"),
    ):
        if not text:
            yield Lack(f"{rule}: the agency needs {what}.", "seller", field)
    if not invoice.buyer.address.city or not invoice.buyer.address.postcode:
        words = f"BR-DE-8, BR-DE-9: the address of {invoice.buyer.name} needs a line with postcode and city."
        yield Lack(words, "buyer", "address")
    if not invoice.buyer_reference:
        words = f"BR-DE-15: {invoice.buyer.name} has given no reference (Leitweg-ID)."
        yield Lack(words, "buyer", "reference")
