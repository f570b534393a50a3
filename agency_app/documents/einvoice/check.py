"""What an e-invoice lacks or gets wrong, in words that say what to do. Stricter than the official rule files: every
identity holds with equality, an IBAN's check digits are right, a due date or terms are there (BR-CO-25)."""

import re
from collections.abc import Iterator

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


def einvoice_faults(invoice: EInvoice, customisation: Customisation = Customisation.EN16931) -> list[str]:
    """Return everything that keeps an invoice from being an e-invoice of a kind; an empty list when nothing does."""
    faults = check_invoice(invoice.lines, invoice.totals, invoice.currency, invoice.adjustments, invoice.kind)
    faults += _text_faults(invoice)
    faults += _figure_faults(invoice)
    faults += _party_faults("The agency", invoice.seller)
    faults += _party_faults(invoice.buyer.name or "The client", invoice.buyer)
    if not (invoice.seller.vat_id or invoice.seller.registration.value):
        faults.append("BR-CO-26: the agency needs a VAT id or a registration number.")
    faults += check_parties(
        (group.category for group in invoice.totals.vat),
        seller_vat_id=invoice.seller.vat_id,
        seller_tax_number=invoice.seller.tax_number,
        buyer_vat_id=invoice.buyer.vat_id,
        buyer_registration=invoice.buyer.registration.value,
        delivery_country=invoice.delivery_country,
        delivery_dated=invoice.period is not None,
    )
    faults += _settlement_faults(invoice)
    if customisation is not Customisation.EN16931:
        faults += _network_faults(invoice)
    if customisation is Customisation.XRECHNUNG:
        faults += _xrechnung_faults(invoice)
    return faults


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


def _party_faults(name: str, party: Party) -> Iterator[str]:
    if not party.name.strip():
        yield f"BR-06, BR-07: {name} has no name."
    if not is_country(party.address.country):
        yield f"BR-09, BR-11: {name} has no country: end the address with it, or set its two-letter code."
    prefix = party.vat_id[:2]
    if party.vat_id and not (is_country(prefix) or prefix in _NO_COUNTRY_PREFIXES):
        yield f"BR-CO-09: the VAT id {party.vat_id} of {name} does not begin with a country, such as NL."
    if party.endpoint.value and not party.endpoint.scheme:
        yield f"BR-62, BR-63: the electronic address of {name} has no scheme, such as 0088 or EM."


def _settlement_faults(invoice: EInvoice) -> Iterator[str]:
    payment, period = invoice.payment, invoice.period
    if invoice.totals.due_minor > 0 and not invoice.due_date and not invoice.terms:
        yield "BR-CO-25: something is due, but neither a due date nor terms of payment are given."
    if payment and looks_like_iban(payment.account) and not is_iban(payment.account):
        yield f"BR-DE-19: the IBAN {payment.account} is mistyped: its check digits do not match."
    if period and period[0] > period[1]:
        yield "BR-29: the period ends before it starts."
    if invoice.kind == "credit_note" and invoice.preceding is None:
        yield "BR-55: a credit note names the invoice that it corrects."


def _network_faults(invoice: EInvoice) -> Iterator[str]:
    if not invoice.seller.endpoint.value:
        yield "Peppol R020: the agency has no electronic address."
    if not invoice.buyer.endpoint.value:
        yield f"Peppol R010: {invoice.buyer.name} has no electronic address."
    if not invoice.buyer_reference and not invoice.order:
        yield f"Peppol R003: {invoice.buyer.name} has given neither a reference nor an order number."


def _xrechnung_faults(invoice: EInvoice) -> Iterator[str]:
    seller = invoice.seller
    if invoice.payment is None:
        yield "BR-DE-1: there is no bank account to pay to."
    for rule, what, text in (
        ("BR-DE-5", "a contact", seller.contact),
        ("BR-DE-6", "a telephone number", seller.phone),
        ("BR-DE-7", "an e-mail address", seller.email),
        ("BR-DE-3", "a city after its postcode in the address", seller.address.city),
    ):
        if not text:
            yield f"{rule}: the agency needs {what}."
    if not invoice.buyer.address.city or not invoice.buyer.address.postcode:
        yield f"BR-DE-8, BR-DE-9: the address of {invoice.buyer.name} needs a line with postcode and city."
    if not invoice.buyer_reference:
        yield f"BR-DE-15: {invoice.buyer.name} has given no reference (Leitweg-ID)."
