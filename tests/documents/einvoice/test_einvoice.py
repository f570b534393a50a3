"""What the e-invoice says, and that it says no more than the invoice; what keeps an invoice from being one."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from agency_app.documents.einvoice.check import customisation_of, einvoice_faults
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.figures import TooPrecise, amount, percent, scaled
from agency_app.documents.einvoice.model import Customisation, Identifier
from agency_app.documents.einvoice.places import Address, address_of, country_of
from agency_app.documents.einvoice.reading import einvoice_of
from agency_app.documents.einvoice.ubl import write_ubl
from agency_app.documents.einvoice.xml import Xml, document, element
from tests.documents.einvoice.random_snapshots import random_snapshot
from tests.documents.snapshots import fee_line, invoice_of, november

WRITERS = (write_cii, write_ubl)


def complete(**changes: Any) -> dict[str, Any]:
    """Return a month of an agency that has everything Peppol asks for."""
    snapshot = november()
    snapshot["template"] = "2"
    snapshot["seller"] |= {"country": "NL", "electronic_address": {"scheme": "0106", "value": "01234567"}}
    snapshot["buyer"] |= {"country": "NL", "electronic_address": {"scheme": "0106", "value": "07654321"}}
    return snapshot | changes


def texts(content: bytes) -> set[str]:
    return {text.strip() for text in ElementTree.fromstring(content).itertext() if text.strip()}


# What it says


@pytest.mark.parametrize("write", WRITERS)
def test_everything_of_the_invoice_is_in_the_file(write) -> None:
    said = texts(write(einvoice_of(complete())))
    for text in (
        "INV-2026-0042",
        "Halden & Co",
        "Northwind Coffee",
        "NL001234567B01",
        "NL007654321B01",
        "01234567",
        "NL91ABNA0417164300",
        "ABNANL2A",
        "PO NWC-1187",
        "Accounts payable",
        "billing@halden.example",
        "Keizersgracht 214",
        "1016 DX",
        "Amsterdam",
        "4365.08",
        "3607.50",
        "757.58",
    ):
        assert text in said, text


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("seed", range(40))
def test_the_file_says_no_more_than_the_invoice(write, seed: int) -> None:
    """Every text in the file is a code of the standard, a figure, a date, or stands in the snapshot."""
    snapshot = random_snapshot(seed, ("EUR",))
    known = " ".join(_strings(snapshot))
    compact = re.sub(r"[\s.\-/]", "", known).upper()
    codes = {"380", "381", "VAT", "HUR", "MON", "true", "false", "58", "30", "NL", "DE", "FC"}
    categories = {group.exemption for group in einvoice_of(snapshot).totals.vat}
    for text in texts(write(einvoice_of(snapshot))):
        figure = re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d", text)
        if figure or text in codes | categories or text.startswith("urn:"):
            continue
        assert text in known or re.sub(r"[\s.\-/]", "", text).upper() in compact or ", " in text, text


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_snapshot_gives_the_same_bytes(write) -> None:
    assert write(einvoice_of(complete())) == write(einvoice_of(complete()))


def test_a_credit_note_is_381_with_positive_amounts_and_names_its_invoice() -> None:
    credited = complete(
        kind="credit_note",
        due_date=None,
        terms="Set off against INV-2026-0042.",
        preceding={"number": "INV-2026-0042", "issue_date": "2026-11-30"},
    )
    invoice = einvoice_of(credited)
    assert einvoice_faults(invoice) == []
    assert invoice.payment is None
    cii, ubl = write_cii(invoice), write_ubl(invoice)
    assert b"<ram:TypeCode>381</ram:TypeCode>" in cii
    assert b"<ram:IssuerAssignedID>INV-2026-0042</ram:IssuerAssignedID>" in cii
    assert ubl.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<CreditNote ')
    assert b'<cbc:CreditedQuantity unitCode="HUR">11.75</cbc:CreditedQuantity>' in ubl
    assert b">-" not in cii + ubl


def test_what_is_not_subject_to_vat_carries_no_vat_ids_and_no_rate() -> None:
    snapshot = complete()
    lines = [line | {"vat_category": "O", "vat_rate": 0} for line in snapshot["lines"]]
    snapshot = invoice_of(lines) | {"seller": snapshot["seller"], "buyer": snapshot["buyer"]}
    invoice = einvoice_of(snapshot)
    assert einvoice_faults(invoice) == []
    for content in (write_cii(invoice), write_ubl(invoice)):
        assert b"NL001234567B01" not in content
        assert b"Percent>" not in content
        assert b"Not subject to VAT." in content


def test_nothing_to_pay_or_no_account_means_no_payment_means() -> None:
    paid = complete(prepaid_minor=436_508, due_minor=0)
    assert einvoice_of(paid).payment is None
    snapshot = complete()
    snapshot["seller"]["iban"] = ""
    assert einvoice_of(snapshot).payment is None


def test_a_bank_account_that_is_no_iban_is_given_as_it_is() -> None:
    snapshot = complete()
    snapshot["seller"] |= {"iban": "021000021 123456789", "bic": ""}
    cii = write_cii(einvoice_of(snapshot))
    assert b"<ram:ProprietaryID>021000021123456789</ram:ProprietaryID>" in cii
    assert b"<ram:TypeCode>30</ram:TypeCode>" in cii


def test_a_dutch_registration_is_named_by_its_register() -> None:
    assert einvoice_of(complete()).seller.registration == Identifier("01234567", "0106")
    snapshot = complete()
    snapshot["seller"]["registration"] = "Amtsgericht Köln HRB 1234"
    assert einvoice_of(snapshot).seller.registration == Identifier("Amtsgericht Köln HRB 1234")


def test_the_supply_was_completed_at_the_end_of_its_period_once_that_is_over() -> None:
    assert einvoice_of(complete()).delivered_on == date(2026, 11, 30)
    assert einvoice_of(complete(issue_date="2026-11-20")).delivered_on is None


# What it may promise


def test_the_file_promises_the_most_that_it_can_keep() -> None:
    assert customisation_of(einvoice_of(november())) is Customisation.EN16931
    assert customisation_of(einvoice_of(complete())) is Customisation.PEPPOL
    snapshot = complete()
    snapshot["buyer"]["electronic_address"] = {"scheme": "EM", "value": "ap@northwind.example"}
    assert customisation_of(einvoice_of(snapshot)) is Customisation.EN16931
    snapshot = complete()
    snapshot["buyer"]["reference"] = "04011000-12345-34"
    assert customisation_of(einvoice_of(snapshot)) is Customisation.PEPPOL
    snapshot["seller"] |= {"contact": "Mara Halden", "phone": "+31 20 123 45 67"}
    assert customisation_of(einvoice_of(snapshot)) is Customisation.XRECHNUNG
    ubl = write_ubl(einvoice_of(snapshot), Customisation.XRECHNUNG)
    assert b"#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0</cbc:CustomizationID>" in ubl
    assert b"<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>" in ubl


def test_each_missing_thing_of_xrechnung_is_named() -> None:
    snapshot = november()
    snapshot["seller"] |= {"email": "", "iban": "", "address": ["Somewhere", "Netherlands"]}
    snapshot["buyer"] |= {"reference": ""}
    faults = " ".join(einvoice_faults(einvoice_of(snapshot), Customisation.XRECHNUNG))
    for rule in ("R003", "R010", "R020", "BR-DE-1:", "BR-DE-3", "BR-DE-5", "BR-DE-6", "BR-DE-7", "BR-DE-15"):
        assert rule in faults, rule


# What keeps an invoice from being one


@pytest.mark.parametrize(
    ("side", "change", "rule"),
    [
        ("seller", {"country": "", "address": ["Keizersgracht 214"]}, "BR-09"),
        ("buyer", {"country": "Netherlands"}, "BR-11"),
        ("seller", {"vat_id": "001234567B01"}, "BR-CO-09"),
        ("seller", {"vat_id": ""}, "BR-S-02"),
        ("seller", {"vat_id": "", "registration": ""}, "BR-CO-26"),
        ("seller", {"iban": "NL91ABNA0417164301"}, "BR-DE-19"),
        ("seller", {"electronic_address": {"scheme": "", "value": "x"}}, "BR-62"),
        ("buyer", {"name": ""}, "BR-07"),
    ],
)
def test_what_is_missing_is_said(side: str, change: dict[str, Any], rule: str) -> None:
    snapshot = complete()
    assert einvoice_faults(einvoice_of(snapshot)) == []
    snapshot[side] |= change
    assert any(rule in fault for fault in einvoice_faults(einvoice_of(snapshot)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"due_date": None}, "BR-CO-25"),
        ({"lines": []}, "BR-16"),
        ({"number": " "}, "BR-02"),
        ({"period": {"start": "2026-11-30", "end": "2026-11-01"}}, "BR-29"),
        ({"kind": "credit_note"}, "BR-55"),
        ({"total_minor": 436_509}, "BR-CO-15"),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(change: dict[str, Any], rule: str) -> None:
    assert any(rule in fault for fault in einvoice_faults(einvoice_of(complete(**change))))


def test_a_draft_and_an_unknown_snapshot_are_refused() -> None:
    for change in ({"number": None}, {"v": 2}):
        with pytest.raises(ValueError, match="final invoice"):
            einvoice_of(complete(**change))


def test_amounts_that_need_a_third_decimal_keep_to_the_pdf() -> None:
    parties = {side: complete()[side] for side in ("seller", "buyer")}
    even = einvoice_of(invoice_of([fee_line(1, "Fee", 10_000_000, [], "BHD")], "BHD") | parties)
    assert even.totals.total_minor == 1_210_000
    assert einvoice_faults(even) == []
    odd = replace(even, totals=replace(even.totals, prepaid_minor=1))
    assert any("BR-DEC" in fault for fault in einvoice_faults(odd))


# Figures, places and XML


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(0, "EUR", "0.00"), (5, "EUR", "0.05"), (-1250, "EUR", "-12.50"), (1200, "JPY", "1200"), (1250, "BHD", "1.25")],
)
def test_amounts_have_the_decimals_of_their_currency_and_at_most_two(minor: int, currency: str, written: str) -> None:
    assert amount(minor, currency) == written


def test_a_third_decimal_is_refused() -> None:
    with pytest.raises(TooPrecise):
        amount(1251, "BHD")


@pytest.mark.parametrize(
    ("value", "written"), [(1_500_000, "150"), (951_250, "95.125"), (3333, "0.3333"), (0, "0"), (-10_000, "-1")]
)
def test_zeros_are_trimmed_after_the_point_alone(value: int, written: str) -> None:
    assert scaled(value) == written


def test_percentages_have_two_decimals() -> None:
    assert (percent(2100), percent(550), percent(0)) == ("21.00", "5.50", "0.00")


@pytest.mark.parametrize(
    ("lines", "country", "address"),
    [
        (["Keizersgracht 214", "1016 DX Amsterdam", "Netherlands"], "", ("1016 DX", "Amsterdam", "NL")),
        (["Marktplatz 5", "D-80331 München"], "DE", ("80331", "München", "DE")),
        (["Rue 1", "75001 Paris", "FRANCE"], "", ("75001", "Paris", "FR")),
        (["Gatan 1", "111 22 Stockholm", "Sverige"], "", ("111 22", "Stockholm", "SE")),
        (["ul. Długa 1", "00-238 Warszawa", "Polska"], "", ("00-238", "Warszawa", "PL")),
        (["1 High Street", "London SW1A 1AA", "UK"], "", ("SW1A 1AA", "London", "GB")),
        (["1 High Street", "Leeds", "LS1 4AP", "England"], "", ("LS1 4AP", "Leeds", "GB")),
        (["Quay 1", "Utrecht"], "NL", ("", "", "NL")),
        (["12345 Somewhere"], "US", ("", "", "US")),
    ],
)
def test_an_address_is_taken_apart_where_it_can_be(lines: list[str], country: str, address: tuple) -> None:
    found = address_of(lines, country)
    assert (found.postcode, found.city, found.country) == address
    assert found.lines


def test_a_country_that_contradicts_the_address_stays_beside_it() -> None:
    assert address_of(["Street 1", "Belgium"], "NL") == Address(("Street 1", "Belgium"), country="NL")


def test_a_city_is_no_country() -> None:
    assert country_of(["Street 1", "Amsterdam"]) == ""
    assert country_of([]) == ""


def test_more_than_three_lines_of_street_share_the_third() -> None:
    assert Address(("a", "b", "c", "d")).three_lines == ("a", "b", "c, d")
    assert Address(("a",)).three_lines == ("a", "", "")


def test_xml_escapes_drops_what_is_illegal_and_leaves_no_empty_element() -> None:
    assert element("a", 'x < y & "z"\x00\x0b\ufffe', b='"q"&') == '<a b=\'"q"&amp;\'>x &lt; y &amp; "z"</a>'
    assert element("a", element("b", ""), Xml()) == ""
    assert document("r", {"": "urn:r"}, element("a", "ä")) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<r xmlns="urn:r"><a>\xc3\xa4</a></r>\n'
    )
