"""An invoice in UN/CEFACT's Cross Industry Invoice, as Factur-X and ZUGFeRD (profile EN 16931) embed it in a PDF.

The order of elements is the schema's (D22B). Zero sums of charges, allowances, prepayments and rounding are left out.
"""

from datetime import date

from agency_app.documents.einvoice.figures import amount, compact, percent, scaled
from agency_app.documents.einvoice.model import TYPE_CODES, UNIT_CODES, Customisation, EInvoice, Identifier, Party
from agency_app.documents.einvoice.xml import Xml, document, element, empty
from agency_app.domain.invoice import Adjustment, DocumentAdjustment, Line
from agency_app.domain.vat import VatGroup

_UNECE = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES = {
    "rsm": f"{_UNECE}CrossIndustryInvoice:100",
    "ram": f"{_UNECE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UNECE}UnqualifiedDataType:100",
    "qdt": f"{_UNECE}QualifiedDataType:100",
}


def write_cii(invoice: EInvoice, customisation: Customisation = Customisation.EN16931) -> bytes:
    """Return the invoice as CII, byte for byte the same for the same invoice.

    Raises TooPrecise for amounts that need more than two decimals.
    """
    return document(
        "rsm:CrossIndustryInvoice",
        _NAMESPACES,
        element(
            "rsm:ExchangedDocumentContext",
            _wrapped("ram:BusinessProcessSpecifiedDocumentContextParameter", "ram:ID", customisation.process),
            _wrapped("ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID", customisation.specification),
        ),
        element(
            "rsm:ExchangedDocument",
            element("ram:ID", invoice.number),
            element("ram:TypeCode", TYPE_CODES[invoice.kind]),
            element("ram:IssueDateTime", _day(invoice.issue_date)),
            _wrapped("ram:IncludedNote", "ram:Content", invoice.note),
        ),
        element(
            "rsm:SupplyChainTradeTransaction",
            *(_line(position, line, invoice.currency) for position, line in enumerate(invoice.lines, start=1)),
            element(
                "ram:ApplicableHeaderTradeAgreement",
                element("ram:BuyerReference", invoice.buyer_reference),
                element("ram:SellerTradeParty", *_party(invoice.seller)),
                element("ram:BuyerTradeParty", *_party(invoice.buyer)),
                _wrapped("ram:BuyerOrderReferencedDocument", "ram:IssuerAssignedID", invoice.order),
            ),
            _delivery(invoice),
            element("ram:ApplicableHeaderTradeSettlement", *_settlement(invoice)),
        ),
    )


def _line(position: int, line: Line, currency: str) -> Xml:
    return element(
        "ram:IncludedSupplyChainTradeLineItem",
        _wrapped("ram:AssociatedDocumentLineDocument", "ram:LineID", str(position)),
        _wrapped("ram:SpecifiedTradeProduct", "ram:Name", line.description),
        element(
            "ram:SpecifiedLineTradeAgreement",
            _wrapped("ram:NetPriceProductTradePrice", "ram:ChargeAmount", scaled(line.price)),
        ),
        element(
            "ram:SpecifiedLineTradeDelivery",
            element("ram:BilledQuantity", scaled(line.quantity), unitCode=UNIT_CODES[line.unit]),
        ),
        element(
            "ram:SpecifiedLineTradeSettlement",
            element("ram:ApplicableTradeTax", *_treatment(line.vat_category, line.vat_rate)),
            *(_adjustment(adjustment, currency) for adjustment in line.adjustments),
            _wrapped(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                "ram:LineTotalAmount",
                amount(line.net_minor, currency),
            ),
        ),
    )


def _party(party: Party) -> tuple[Xml, ...]:
    address = party.address
    return (
        element("ram:Name", party.name),
        element("ram:SpecifiedLegalOrganization", _identifier("ram:ID", party.registration)),
        element(
            "ram:DefinedTradeContact",
            element("ram:PersonName", party.contact),
            _wrapped("ram:TelephoneUniversalCommunication", "ram:CompleteNumber", party.phone),
            _wrapped("ram:EmailURIUniversalCommunication", "ram:URIID", party.email),
        ),
        element(
            "ram:PostalTradeAddress",
            element("ram:PostcodeCode", address.postcode),
            *(
                element(f"ram:Line{name}", text)
                for name, text in zip(("One", "Two", "Three"), address.three_lines, strict=True)
            ),
            element("ram:CityName", address.city),
            element("ram:CountryID", address.country),
        ),
        element("ram:URIUniversalCommunication", _identifier("ram:URIID", party.endpoint)),
        element("ram:SpecifiedTaxRegistration", element("ram:ID", party.tax_number, schemeID="FC")),
        element("ram:SpecifiedTaxRegistration", element("ram:ID", party.vat_id, schemeID="VA")),
    )


def _delivery(invoice: EInvoice) -> Xml:
    delivered, name = invoice.delivered_on, "ram:ApplicableHeaderTradeDelivery"
    said = element(
        name,
        element("ram:ShipToTradeParty", _wrapped("ram:PostalTradeAddress", "ram:CountryID", invoice.delivery_country)),
        element(
            "ram:ActualDeliverySupplyChainEvent",
            element("ram:OccurrenceDateTime", _day(delivered)) if delivered else Xml(),
        ),
    )
    return said or empty(name)


def _settlement(invoice: EInvoice) -> tuple[Xml, ...]:
    currency, totals = invoice.currency, invoice.totals
    due, start, end = invoice.due_date, *(invoice.period or (None, None))
    preceding = invoice.preceding
    return (
        element("ram:PaymentReference", invoice.payment.reference if invoice.payment else ""),
        element("ram:TaxCurrencyCode", totals.accounting.currency if totals.accounting else ""),
        element("ram:InvoiceCurrencyCode", currency),
        _payment(invoice),
        *(_vat_group(group, currency) for group in totals.vat),
        element(
            "ram:BillingSpecifiedPeriod",
            element("ram:StartDateTime", _day(start)) if start else Xml(),
            element("ram:EndDateTime", _day(end)) if end else Xml(),
        ),
        *(_document_adjustment(adjustment, currency) for adjustment in invoice.adjustments),
        element(
            "ram:SpecifiedTradePaymentTerms",
            element("ram:Description", invoice.terms),
            element("ram:DueDateDateTime", _day(due)) if due else Xml(),
        ),
        element("ram:SpecifiedTradeSettlementHeaderMonetarySummation", *_summation(invoice)),
        element(
            "ram:InvoiceReferencedDocument",
            element("ram:IssuerAssignedID", preceding.number),
            element("ram:FormattedIssueDateTime", _day(preceding.issue_date, "qdt")) if preceding.issue_date else Xml(),
        )
        if preceding
        else Xml(),
    )


def _payment(invoice: EInvoice) -> Xml:
    payment = invoice.payment
    if payment is None:
        return Xml()
    return element(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        element("ram:TypeCode", payment.means),
        element(
            "ram:PayeePartyCreditorFinancialAccount",
            element("ram:IBANID", payment.account if payment.is_iban else ""),
            element("ram:AccountName", payment.name),
            element("ram:ProprietaryID", "" if payment.is_iban else payment.account),
        ),
        _wrapped("ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:BICID", payment.bic),
    )


def _vat_group(group: VatGroup, currency: str) -> Xml:
    return element(
        "ram:ApplicableTradeTax",
        element("ram:CalculatedAmount", amount(group.amount_minor, currency)),
        element("ram:TypeCode", "VAT"),
        element("ram:ExemptionReason", group.exemption),
        element("ram:BasisAmount", amount(group.base_minor, currency)),
        element("ram:CategoryCode", group.category),
        element("ram:ExemptionReasonCode", group.reason_code),
        element("ram:RateApplicablePercent", _rate(group.category, group.rate)),
    )


def _document_adjustment(adjustment: DocumentAdjustment, currency: str) -> Xml:
    treatment = _treatment(adjustment.vat_category, adjustment.vat_rate)
    return _adjustment(adjustment, currency, element("ram:CategoryTradeTax", *treatment))


def _adjustment(adjustment: Adjustment, currency: str, *treatment: Xml) -> Xml:
    base, rate = adjustment.base_minor, adjustment.percent
    return element(
        "ram:SpecifiedTradeAllowanceCharge",
        _wrapped("ram:ChargeIndicator", "udt:Indicator", "true" if adjustment.kind == "charge" else "false"),
        element("ram:CalculationPercent", "" if rate is None else percent(rate)),
        element("ram:BasisAmount", "" if base is None else amount(base, currency)),
        element("ram:ActualAmount", amount(adjustment.amount_minor, currency)),
        element("ram:ReasonCode", adjustment.reason_code),
        element("ram:Reason", adjustment.reason),
        *treatment,
    )


def _treatment(category: str, rate: int) -> tuple[Xml, ...]:
    return (
        element("ram:TypeCode", "VAT"),
        element("ram:CategoryCode", category),
        element("ram:RateApplicablePercent", _rate(category, rate)),
    )


def _rate(category: str, rate: int) -> str:
    return "" if category == "O" else percent(rate)  # BR-O-05 to 07: no rate at all


def _summation(invoice: EInvoice) -> tuple[Xml, ...]:
    currency, totals = invoice.currency, invoice.totals

    def sum_of(name: str, minor: int, always: bool = False) -> Xml:
        return element(f"ram:{name}", amount(minor, currency) if minor or always else "")

    accounting = totals.accounting
    return (
        sum_of("LineTotalAmount", totals.lines_minor, always=True),
        sum_of("ChargeTotalAmount", totals.charges_minor, always=invoice.has("charge")),
        sum_of("AllowanceTotalAmount", totals.allowances_minor, always=invoice.has("allowance")),
        sum_of("TaxBasisTotalAmount", totals.subtotal_minor, always=True),
        element("ram:TaxTotalAmount", amount(totals.vat_minor, currency), currencyID=currency),
        element("ram:TaxTotalAmount", amount(accounting.vat_minor, accounting.currency), currencyID=accounting.currency)
        if accounting
        else Xml(),
        sum_of("RoundingAmount", totals.rounding_minor),
        sum_of("GrandTotalAmount", totals.total_minor, always=True),
        sum_of("TotalPrepaidAmount", totals.prepaid_minor),
        sum_of("DuePayableAmount", totals.due_minor, always=True),
    )


def _wrapped(outer: str, inner: str, text: str) -> Xml:
    return element(outer, element(inner, text))


def _identifier(name: str, identifier: Identifier) -> Xml:
    return element(name, identifier.value, schemeID=identifier.scheme)


def _day(day: date, prefix: str = "udt") -> Xml:
    return element(f"{prefix}:DateTimeString", compact(day), format="102")
