"""2,000 random invoices and credit notes: every identity of EN 16931 holds to the last minor unit, in our own checker
and again in the figures that stand in the files, which are read back with decimals."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from agency_app.documents.einvoice.check import einvoice_faults
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.model import EInvoice
from agency_app.documents.einvoice.reading import einvoice_of, stated_due_minor
from agency_app.documents.einvoice.ubl import write_ubl
from agency_app.domain.money import exponent
from tests.documents.einvoice.random_snapshots import random_snapshot

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


@given(st.integers(0, 2**40))
@settings(max_examples=2_000, deadline=None)
def test_every_identity_is_exact(seed: int) -> None:
    snapshot = random_snapshot(seed)
    invoice = einvoice_of(snapshot)
    faults = einvoice_faults(invoice)
    assert stated_due_minor(snapshot) == invoice.totals.due_minor
    if invoice.currency == "BHD" and any(fault.startswith("BR-DEC") for fault in faults):
        assert all(fault.startswith("BR-DEC") for fault in faults)
        return
    assert faults == []
    if seed % 4 == 0:  # writing and reading back takes ten times as long as the arithmetic
        _check_cii(invoice)
        _check_ubl(invoice)


@given(st.integers(0, 2**40), st.sampled_from([1, -1]))
@settings(max_examples=200, deadline=None)
def test_a_minor_unit_off_anywhere_is_a_fault(seed: int, unit: int) -> None:
    invoice = einvoice_of(random_snapshot(seed))
    totals = invoice.totals
    group = replace(totals.vat[0], amount_minor=totals.vat[0].amount_minor + unit)
    line = replace(invoice.lines[0], net_minor=invoice.lines[0].net_minor + unit)
    for rule, broken in {
        "BR-CO-14": replace(invoice, totals=replace(totals, vat_minor=totals.vat_minor + unit)),
        "BR-CO-15": replace(invoice, totals=replace(totals, total_minor=totals.total_minor + unit)),
        "BR-CO-17": replace(invoice, totals=replace(totals, vat=(group, *totals.vat[1:]))),
        "BR-CO-11": replace(invoice, totals=replace(totals, allowances_minor=totals.allowances_minor + unit)),
        "R120": replace(invoice, lines=(line, *invoice.lines[1:])),
    }.items():
        assert any(rule in fault for fault in einvoice_faults(broken)), rule


def _check_cii(invoice: EInvoice) -> None:
    root = ElementTree.fromstring(write_cii(invoice))
    settlement = _one(root, f".//{RAM}ApplicableHeaderTradeSettlement")

    def figure(name: str, of: ElementTree.Element) -> Decimal:
        return Decimal(of.findtext(f".//{RAM}{name}", "0"))

    lines = []
    for line in root.iter(f"{RAM}IncludedSupplyChainTradeLineItem"):
        net = _rounded(figure("BilledQuantity", line) * figure("ChargeAmount", line), invoice.currency)
        net += _adjusted_cii(line.iter(f"{RAM}SpecifiedTradeAllowanceCharge"))
        assert figure("LineTotalAmount", line) == net
        lines.append(net)
    groups = settlement.findall(f"{RAM}ApplicableTradeTax")
    for group in groups:
        vat = figure("BasisAmount", group) * figure("RateApplicablePercent", group) / 100
        assert figure("CalculatedAmount", group) == _rounded(vat, invoice.currency)
    sums = _one(settlement, f"{RAM}SpecifiedTradeSettlementHeaderMonetarySummation")
    basis = sum(lines) + _adjusted_cii(settlement.findall(f"{RAM}SpecifiedTradeAllowanceCharge"))
    vat = sum(figure("CalculatedAmount", group) for group in groups)
    assert figure("LineTotalAmount", sums) == sum(lines)
    assert figure("TaxBasisTotalAmount", sums) == basis == sum(figure("BasisAmount", group) for group in groups)
    assert figure("TaxTotalAmount", sums) == vat
    assert figure("GrandTotalAmount", sums) == basis + vat
    assert figure("DuePayableAmount", sums) == basis + vat - figure("TotalPrepaidAmount", sums)


def _check_ubl(invoice: EInvoice) -> None:
    root = ElementTree.fromstring(write_ubl(invoice))
    credit = invoice.kind == "credit_note"

    def figure(name: str, of: ElementTree.Element) -> Decimal:
        return Decimal(of.findtext(f"{CBC}{name}", "0"))

    lines = []
    for line in root.findall(f"{CAC}{'CreditNoteLine' if credit else 'InvoiceLine'}"):
        quantity = figure("CreditedQuantity" if credit else "InvoicedQuantity", line)
        net = _rounded(quantity * figure("PriceAmount", _one(line, f"{CAC}Price")), invoice.currency)
        net += _adjusted_ubl(line.findall(f"{CAC}AllowanceCharge"))
        assert figure("LineExtensionAmount", line) == net
        lines.append(net)
    total = _one(root, f"{CAC}TaxTotal")
    groups = total.findall(f"{CAC}TaxSubtotal")
    for group in groups:
        rate = Decimal(group.findtext(f"{CAC}TaxCategory/{CBC}Percent", "0"))
        assert figure("TaxAmount", group) == _rounded(figure("TaxableAmount", group) * rate / 100, invoice.currency)
    sums = _one(root, f"{CAC}LegalMonetaryTotal")
    basis = sum(lines) + _adjusted_ubl(root.findall(f"{CAC}AllowanceCharge"))
    vat = sum(figure("TaxAmount", group) for group in groups)
    assert figure("LineExtensionAmount", sums) == sum(lines)
    assert figure("TaxExclusiveAmount", sums) == basis == sum(figure("TaxableAmount", group) for group in groups)
    assert figure("TaxAmount", total) == vat
    assert figure("TaxInclusiveAmount", sums) == basis + vat
    assert figure("PayableAmount", sums) == basis + vat - figure("PrepaidAmount", sums)


def _adjusted_cii(adjustments) -> Decimal:
    return sum(
        (
            Decimal(one.findtext(f"{RAM}ActualAmount", "")) * (1 if "true" in "".join(one[0].itertext()) else -1)
            for one in adjustments
        ),
        Decimal(0),
    )


def _adjusted_ubl(adjustments) -> Decimal:
    return sum(
        (
            Decimal(one.findtext(f"{CBC}Amount", "")) * (1 if one.findtext(f"{CBC}ChargeIndicator") == "true" else -1)
            for one in adjustments
        ),
        Decimal(0),
    )


def _rounded(value: Decimal, currency: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def _one(within: ElementTree.Element, path: str) -> ElementTree.Element:
    found = within.find(path)
    assert found is not None, path
    return found
