"""An invoice in UBL 2.1, as Peppol BIS Billing 3, XRechnung and plain EN 16931 want it.

A credit note is a document of its own (CreditNote), with positive amounts; its due date stands with the payment means.
"""

from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree

from agency_app.documents.einvoice.figures import amount, percent, scaled
from agency_app.documents.einvoice.model import TYPE_CODES, UNIT_CODES, Customisation, EInvoice, Identifier, Party
from agency_app.documents.einvoice.xml import Xml, document, element
from agency_app.domain.invoice import Adjustment, DocumentAdjustment, Line
from agency_app.domain.vat import VatGroup

_OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"


def write_ubl(invoice: EInvoice, customisation: Customisation = Customisation.EN16931) -> bytes:
    """Return the invoice as a UBL Invoice or CreditNote, byte for byte the same for the same invoice.

    Raises TooPrecise for amounts that need more than two decimals.
    """
    kind = "CreditNote" if invoice.kind == "credit_note" else "Invoice"
    namespaces = {
        "": f"{_OASIS}{kind}-2",
        "cac": f"{_OASIS}CommonAggregateComponents-2",
        "cbc": f"{_OASIS}CommonBasicComponents-2",
    }
    return document(kind, namespaces, *_head(invoice, customisation), *_body(invoice))


class UblSays(NamedTuple):
    """What a UBL file says of itself: number, amount due as it is written, and its currency."""

    number: str
    payable: str
    currency: str


def read_ubl(content: bytes) -> UblSays:
    """Return what a UBL file says of itself. Raises ValueError for what is no UBL file."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise ValueError(f"it is not XML: {error}") from None
    cbc, cac = f"{{{_OASIS}CommonBasicComponents-2}}", f"{{{_OASIS}CommonAggregateComponents-2}}"
    payable = root.findtext(f"{cac}LegalMonetaryTotal/{cbc}PayableAmount")
    if payable is None:
        raise ValueError("it states no amount due.")
    return UblSays(root.findtext(f"{cbc}ID", ""), payable, root.findtext(f"{cbc}DocumentCurrencyCode", ""))


def _head(invoice: EInvoice, customisation: Customisation) -> tuple[Xml, ...]:
    credit, accounting = invoice.kind == "credit_note", invoice.totals.accounting
    start, end = invoice.period or (None, None)
    preceding = invoice.preceding
    return (
        element("cbc:CustomizationID", customisation.specification),
        element("cbc:ProfileID", customisation.process),
        element("cbc:ID", invoice.number),
        _day("cbc:IssueDate", invoice.issue_date),
        _day("cbc:DueDate", None if credit else invoice.due_date),
        element("cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode", TYPE_CODES[invoice.kind]),
        element("cbc:Note", invoice.note),
        element("cbc:DocumentCurrencyCode", invoice.currency),
        element("cbc:TaxCurrencyCode", accounting.currency if accounting else ""),
        element("cbc:BuyerReference", invoice.buyer_reference),
        element("cac:InvoicePeriod", _day("cbc:StartDate", start), _day("cbc:EndDate", end)),
        element("cac:OrderReference", element("cbc:ID", invoice.order)),
        element(
            "cac:BillingReference",
            element(
                "cac:InvoiceDocumentReference",
                element("cbc:ID", preceding.number),
                _day("cbc:IssueDate", preceding.issue_date),
            ),
        )
        if preceding
        else Xml(),
    )


def _body(invoice: EInvoice) -> tuple[Xml, ...]:
    currency = invoice.currency
    return (
        element("cac:AccountingSupplierParty", _party(invoice.seller)),
        element("cac:AccountingCustomerParty", _party(invoice.buyer)),
        element(
            "cac:Delivery",
            _day("cbc:ActualDeliveryDate", invoice.delivered_on),
            element("cac:DeliveryLocation", element("cac:Address", _country(invoice.delivery_country))),
        ),
        _payment(invoice),
        element("cac:PaymentTerms", element("cbc:Note", invoice.terms)),
        *(_document_adjustment(adjustment, currency) for adjustment in invoice.adjustments),
        *_tax_totals(invoice),
        element("cac:LegalMonetaryTotal", *_summation(invoice)),
        *(_line(position, line, invoice) for position, line in enumerate(invoice.lines, start=1)),
    )


def _party(party: Party) -> Xml:
    street, additional, third = party.address.three_lines
    return element(
        "cac:Party",
        _identifier("cbc:EndpointID", party.endpoint),
        element(
            "cac:PostalAddress",
            element("cbc:StreetName", street),
            element("cbc:AdditionalStreetName", additional),
            element("cbc:CityName", party.address.city),
            element("cbc:PostalZone", party.address.postcode),
            element("cac:AddressLine", element("cbc:Line", third)),
            _country(party.address.country),
        ),
        _tax_scheme(party.vat_id, "VAT"),
        _tax_scheme(party.tax_number, "FC"),
        element(
            "cac:PartyLegalEntity",
            element("cbc:RegistrationName", party.name),
            _identifier("cbc:CompanyID", party.registration),
        ),
        element(
            "cac:Contact",
            element("cbc:Name", party.contact),
            element("cbc:Telephone", party.phone),
            element("cbc:ElectronicMail", party.email),
        ),
    )


def _tax_scheme(number: str, scheme: str) -> Xml:
    if not number:
        return Xml()
    return element("cac:PartyTaxScheme", element("cbc:CompanyID", number), _scheme(scheme))


def _payment(invoice: EInvoice) -> Xml:
    payment = invoice.payment
    if payment is None:
        return Xml()
    return element(
        "cac:PaymentMeans",
        element("cbc:PaymentMeansCode", payment.means),
        _day("cbc:PaymentDueDate", invoice.due_date if invoice.kind == "credit_note" else None),
        element("cbc:PaymentID", payment.reference),
        element(
            "cac:PayeeFinancialAccount",
            element("cbc:ID", payment.account),
            element("cbc:Name", payment.name),
            element("cac:FinancialInstitutionBranch", element("cbc:ID", payment.bic)),
        ),
    )


def _document_adjustment(adjustment: DocumentAdjustment, currency: str) -> Xml:
    treatment = _treatment("cac:TaxCategory", adjustment.vat_category, adjustment.vat_rate)
    return _adjustment(adjustment, currency, treatment)


def _adjustment(adjustment: Adjustment, currency: str, *treatment: Xml) -> Xml:
    base, rate = adjustment.base_minor, adjustment.percent
    return element(
        "cac:AllowanceCharge",
        element("cbc:ChargeIndicator", "true" if adjustment.kind == "charge" else "false"),
        element("cbc:AllowanceChargeReasonCode", adjustment.reason_code),
        element("cbc:AllowanceChargeReason", adjustment.reason),
        element("cbc:MultiplierFactorNumeric", "" if rate is None else percent(rate)),
        _amount("cbc:Amount", adjustment.amount_minor, currency),
        Xml() if base is None else _amount("cbc:BaseAmount", base, currency),
        *treatment,
    )


def _tax_totals(invoice: EInvoice) -> tuple[Xml, ...]:
    totals, currency = invoice.totals, invoice.currency
    stated = element(
        "cac:TaxTotal",
        _amount("cbc:TaxAmount", totals.vat_minor, currency),
        *(_vat_group(group, currency) for group in totals.vat),
    )
    accounting = totals.accounting
    if accounting is None:
        return (stated,)
    return stated, element("cac:TaxTotal", _amount("cbc:TaxAmount", accounting.vat_minor, accounting.currency))


def _vat_group(group: VatGroup, currency: str) -> Xml:
    return element(
        "cac:TaxSubtotal",
        _amount("cbc:TaxableAmount", group.base_minor, currency),
        _amount("cbc:TaxAmount", group.amount_minor, currency),
        _treatment(
            "cac:TaxCategory",
            group.category,
            group.rate,
            element("cbc:TaxExemptionReasonCode", group.reason_code),
            element("cbc:TaxExemptionReason", group.exemption),
        ),
    )


def _summation(invoice: EInvoice) -> tuple[Xml, ...]:
    totals, currency = invoice.totals, invoice.currency

    def unless_zero(name: str, minor: int, always: bool = False) -> Xml:
        return _amount(name, minor, currency) if minor or always else Xml()

    return (
        _amount("cbc:LineExtensionAmount", totals.lines_minor, currency),
        _amount("cbc:TaxExclusiveAmount", totals.subtotal_minor, currency),
        _amount("cbc:TaxInclusiveAmount", totals.total_minor, currency),
        unless_zero("cbc:AllowanceTotalAmount", totals.allowances_minor, always=invoice.has("allowance")),
        unless_zero("cbc:ChargeTotalAmount", totals.charges_minor, always=invoice.has("charge")),
        unless_zero("cbc:PrepaidAmount", totals.prepaid_minor),
        unless_zero("cbc:PayableRoundingAmount", totals.rounding_minor),
        _amount("cbc:PayableAmount", totals.due_minor, currency),
    )


def _line(position: int, line: Line, invoice: EInvoice) -> Xml:
    credit, currency = invoice.kind == "credit_note", invoice.currency
    return element(
        "cac:CreditNoteLine" if credit else "cac:InvoiceLine",
        element("cbc:ID", str(position)),
        element(
            "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity",
            scaled(line.quantity),
            unitCode=UNIT_CODES[line.unit],
        ),
        _amount("cbc:LineExtensionAmount", line.net_minor, currency),
        *(_adjustment(adjustment, currency) for adjustment in line.adjustments),
        element(
            "cac:Item",
            element("cbc:Name", line.description),
            _treatment("cac:ClassifiedTaxCategory", line.vat_category, line.vat_rate),
        ),
        element("cac:Price", element("cbc:PriceAmount", scaled(line.price), currencyID=currency)),
    )


def _treatment(name: str, category: str, rate: int, *reason: Xml) -> Xml:
    rated = Xml() if category == "O" else element("cbc:Percent", percent(rate))  # BR-O-05 to 07: no rate at all
    return element(name, element("cbc:ID", category), rated, *reason, _scheme("VAT"))


def _scheme(name: str) -> Xml:
    return element("cac:TaxScheme", element("cbc:ID", name))


def _amount(name: str, minor: int, currency: str) -> Xml:
    return element(name, amount(minor, currency), currencyID=currency)


def _country(code: str) -> Xml:
    return element("cac:Country", element("cbc:IdentificationCode", code))


def _identifier(name: str, identifier: Identifier) -> Xml:
    return element(name, identifier.value, schemeID=identifier.scheme)


def _day(name: str, day: date | None) -> Xml:
    return element(name, day.isoformat() if day else "")
