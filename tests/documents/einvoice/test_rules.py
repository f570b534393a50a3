"""Both syntaxes before the published schemas and rules (EN 16931 for UBL, Factur-X 1.09 for CII), run by Saxon."""

import os
import re

import pytest

from agency_app.documents.einvoice.check import customisation_of, einvoice_faults
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.model import Customisation, EInvoice
from agency_app.documents.einvoice.reading import einvoice_of
from agency_app.documents.einvoice.ubl import write_ubl
from tests.documents.einvoice.judge import judged
from tests.documents.einvoice.random_snapshots import random_snapshot

HOW_MANY = int(os.environ.get("AGENCY_TEST_EINVOICES", "330"))
"""330 take the judges half a minute; 2,700, of which 2,000 can be e-invoices, take them some four minutes."""
SEEDS = range(10_000, 10_000 + HOW_MANY)
"""Of these about three quarters can be e-invoices: amounts in BHD mostly need a third decimal."""

BREAKS = {
    "ubl": [
        (rb"<cbc:PayableAmount([^>]*)>\d", rb"<cbc:PayableAmount\1>9", "BR-CO-16"),
        (rb"<cbc:TaxInclusiveAmount([^>]*)>\d", rb"<cbc:TaxInclusiveAmount\1>9", "BR-CO-15"),
        (rb"<cbc:LineExtensionAmount([^>]*)>\d", rb"<cbc:LineExtensionAmount\1>9", "BR-CO-1"),
        (rb"<cbc:IdentificationCode>NL</cbc:IdentificationCode>", rb"", "BR-09"),
        (rb"<cbc:DocumentCurrencyCode>EUR", rb"<cbc:DocumentCurrencyCode>eur", "BR-CL-04"),
        (rb"<cbc:CustomizationID>[^<]*</cbc:CustomizationID>", rb"", "BR-01"),
        (rb"<cac:AccountingSupplierParty>", rb"<cac:Unknown/><cac:AccountingSupplierParty>", "schema"),
    ],
    "cii": [
        (rb"<ram:DuePayableAmount>\d", rb"<ram:DuePayableAmount>9", "BR-CO-16"),
        (rb"<ram:GrandTotalAmount>\d", rb"<ram:GrandTotalAmount>9", "BR-CO-15"),
        (rb"<ram:LineTotalAmount>\d", rb"<ram:LineTotalAmount>9", "BR-CO-1"),
        (rb"<ram:CountryID>NL</ram:CountryID>", rb"", "BR-09"),
        (rb"<ram:InvoiceCurrencyCode>EUR", rb"<ram:InvoiceCurrencyCode>eur", "ram:InvoiceCurrencyCode"),
        (rb"<ram:ID>urn:cen.eu:en16931:2017</ram:ID>", rb"", "BR-01"),
        (rb"<ram:SellerTradeParty>", rb"<ram:Unknown/><ram:SellerTradeParty>", "schema"),
    ],
}
WRITERS = {"ubl": write_ubl, "cii": write_cii}


def invoices() -> list[EInvoice]:
    """Return the random invoices and credit notes that can be e-invoices."""
    found = [einvoice_of(random_snapshot(seed)) for seed in SEEDS]
    return [invoice for invoice in found if not einvoice_faults(invoice)]


@pytest.fixture(scope="module")
def good() -> list[EInvoice]:
    return invoices()


@pytest.fixture(scope="module")
def broken() -> dict[str, list[bytes]]:
    """One invoice, broken in one place each time."""
    invoice = next(
        one
        for one in (einvoice_of(random_snapshot(seed, ("EUR",))) for seed in range(100))
        if one.kind == "invoice" and str(one.totals.due_minor)[0] != "9" and str(one.lines[0].net_minor)[0] != "9"
    )
    files: dict[str, list[bytes]] = {}
    for syntax, breaks in BREAKS.items():
        whole = WRITERS[syntax](invoice)
        files[syntax] = [re.sub(pattern, replacement, whole, count=1) for pattern, replacement, _ in breaks]
        assert all(one != whole for one in files[syntax])
    return files


@pytest.fixture(scope="module")
def findings(
    good: list[EInvoice], broken: dict[str, list[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[list[str]]]:
    """Everything judged at once, so that the rules are compiled once a syntax."""
    files = {
        syntax: [*(write(invoice, customisation_of(invoice)) for invoice in good), *broken[syntax]]
        for syntax, write in WRITERS.items()
    }
    # The rules of Factur-X know no other specification identifier than their own.
    files["cii"][: len(good)] = [write_cii(invoice) for invoice in good]
    return judged(files, tmp_path_factory.mktemp("judged"))


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_random_invoices_and_credit_notes_have_no_finding(
    syntax: str, good: list[EInvoice], findings: dict[str, list[list[str]]]
) -> None:
    assert len(good) >= HOW_MANY * 2 // 3
    for invoice, found in zip(good, findings[syntax], strict=False):
        if syntax == "cii" and invoice.delivered_on is None:
            # The schema wants ApplicableHeaderTradeDelivery even where nothing is known of it.
            found = [one for one in found if not ("R008" in one and "ApplicableHeaderTradeDelivery" in one)]
        assert found == [], invoice.number


def test_the_random_invoices_show_everything(good: list[EInvoice]) -> None:
    assert {invoice.kind for invoice in good} == {"invoice", "credit_note"}
    assert {invoice.currency for invoice in good} == {"EUR", "JPY", "BHD"}
    assert {group.category for invoice in good for group in invoice.totals.vat} == {"S", "Z", "E", "AE", "K", "G", "O"}
    assert {customisation_of(invoice) for invoice in good} == set(Customisation)
    assert max(len(invoice.totals.vat) for invoice in good) >= 4
    assert max(len(invoice.lines) for invoice in good) == 40
    for what in ("allowances_minor", "charges_minor", "prepaid_minor", "accounting"):
        assert sum(bool(getattr(invoice.totals, what)) for invoice in good) > 10, what
    assert sum(any(line.adjustments for line in invoice.lines) for invoice in good) > 10


@pytest.mark.parametrize(
    ("syntax", "place", "rule"),
    [(syntax, place, rule) for syntax, breaks in BREAKS.items() for place, (_, _, rule) in enumerate(breaks)],
)
def test_what_is_broken_is_found(
    syntax: str, place: int, rule: str, good: list[EInvoice], findings: dict[str, list[list[str]]]
) -> None:
    """The negative control: judges that find nothing wrong with these would prove nothing about the others."""
    assert any(rule in finding for finding in findings[syntax][len(good) + place])


def test_every_broken_file_was_judged(good: list[EInvoice], findings: dict[str, list[list[str]]]) -> None:
    assert {syntax: len(found) for syntax, found in findings.items()} == {
        syntax: len(good) + len(breaks) for syntax, breaks in BREAKS.items()
    }
