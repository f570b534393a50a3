"""Codes to pay by: what they say, and that a camera reads from the page what the invoice says."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from agency_app.documents.einvoice.reading import einvoice_of, stated_due_minor
from agency_app.documents.invoice_pdf import render_invoice
from agency_app.documents.payment_code import epc_payload, payment_reference, swiss_bill
from agency_app.domain.bank_account import is_qr_iban, is_swiss, qr_reference
from tests.documents.einvoice.random_snapshots import random_snapshot
from tests.documents.snapshots import fee_line, invoice_of, november
from tests.documents.test_translation import TEMPLATE, of_today, text_of

AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)
IBAN, QR_IBAN = "CH93 0076 2011 6238 5295 7", "CH44 3199 9123 0008 8901 2"


def swiss(iban: str = IBAN, currency: str = "CHF", **changes: Any) -> dict[str, Any]:
    snapshot = of_today("de", "de_CH", currency=currency)
    snapshot["seller"] |= {"address": ["Bahnhofstrasse 12", "8001 Zürich"], "country": "CH", "iban": iban}
    snapshot["buyer"] |= {"address": ["Rue du Marché 5a", "1204 Genève"], "country": "CH"}
    return snapshot | changes


def codes_in(snapshot: dict[str, Any], resolution: int = 144) -> list[tuple[int, str]]:
    """Return what a camera reads, with the number of the page."""
    document = pypdfium2.PdfDocument(render_invoice(snapshot, AT))
    return [
        (number, code.text)
        for number, page in enumerate(document, start=1)
        for code in zxingcpp.read_barcodes(page.render(scale=resolution // 72).to_pil())
    ]


def test_an_invoice_in_euro_carries_the_epc_code() -> None:
    assert codes_in(of_today("en")) == [
        (1, "BCD\n002\n1\nSCT\nABNANL2A\nHalden & Co\nNL91ABNA0417164300\nEUR4365.08\n\n\nINV-2026-0042")
    ]


def test_the_longest_epc_code_is_still_read() -> None:
    snapshot = of_today("en", number="INV/2026/" + "9" * 60)
    snapshot["seller"] |= {"name": "Größte Agentur für Außenwerbung und Straßenplakate in Südösterreich GmbH"}
    payload = epc_payload(snapshot, stated_due_minor(snapshot), snapshot["number"])
    assert [text for _, text in codes_in(snapshot)] == [payload]


@pytest.mark.parametrize("seed", range(6))
def test_random_invoices_carry_a_code_of_what_is_due(seed: int) -> None:
    snapshot: dict[str, Any] = random_snapshot(seed, ("EUR",)) | {
        "template": TEMPLATE,
        "language": "en",
        "kind": "invoice",
    }
    due = stated_due_minor(snapshot)
    payload = epc_payload(snapshot, due, snapshot["number"])
    payable = due > 0 and snapshot["seller"]["iban"].startswith("NL")
    assert [text for _, text in codes_in(snapshot)] == ([payload] if payable else [])
    if payable:
        assert f"EUR{due / 100:.2f}" in (payload or "").splitlines()


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "USD"},
        {"kind": "credit_note", "due_date": None},
        {"number": None},
        {"prepaid_minor": 436_508},
        {"template": "2"},
        {"seller": november()["seller"] | {"iban": "021000021 123456789"}},
        {"seller": november()["seller"] | {"iban": "NL92ABNA0417164300"}},
        {"seller": november()["seller"] | {"iban": "SA0380000000608010167519"}},
        {"seller": november()["seller"] | {"iban": ""}},
    ],
    ids=["dollars", "credit note", "draft", "paid", "template 2", "not an IBAN", "slip", "not in SEPA", "no account"],
)
def test_there_is_no_code_where_none_would_pay_the_invoice(change: Any) -> None:
    assert codes_in(of_today("en") | change) == []


def test_an_epc_code_never_carries_more_than_a_bank_takes() -> None:
    snapshot = of_today("en")
    snapshot["seller"] |= {"name": "ж" * 80, "bic": "NOT A BIC"}
    payload = epc_payload(snapshot, 1, "x" * 200)
    assert payload is None or len(payload.encode()) <= 331
    snapshot["seller"] |= {"name": "A" * 80}
    lines = (epc_payload(snapshot, 1, "x" * 200) or "").split("\n")
    assert (lines[4], len(lines[5]), lines[7], len(lines[10])) == ("", 70, "EUR0.01", 140)
    assert epc_payload(snapshot, 100_000_000_000, "1") is None


# The Swiss QR-bill


def test_a_swiss_invoice_ends_in_a_bill_that_says_all_of_it() -> None:
    (page, text), *others = codes_in(swiss())
    assert others == []
    assert page == 2
    assert text.split("\n") == [
        *("SPC", "0200", "1", "CH9300762011623852957"),
        *("S", "Halden & Co", "Bahnhofstrasse", "12", "8001", "Zürich", "CH"),
        *[""] * 7,
        *("4365.08", "CHF"),
        *("S", "Northwind Coffee", "Rue du Marché", "5a", "1204", "Genève", "CH"),
        *("NON", "", "INV-2026-0042", "EPD"),
    ]


def test_a_qr_iban_is_paid_with_a_qr_reference_and_the_e_invoice_names_it_too() -> None:
    snapshot = swiss(QR_IBAN, "EUR")
    reference = "000000000000000000202600427"
    ((_, text),) = codes_in(snapshot)
    assert text.split("\n")[-4:] == ["QRR", reference, "", "EPD"]
    assert "00 00000 00000 00000 02026 00427" in text_of(snapshot)
    payment = einvoice_of(snapshot).payment
    assert payment is not None
    assert payment.reference == payment_reference(snapshot) == reference


def test_the_bill_stands_on_the_page_of_the_sums_where_it_has_room() -> None:
    short = swiss() | invoice_of([fee_line(1, "Pauschale", 6_000_000, [])], "CHF")
    short = {**swiss(), **{key: short[key] for key in ("lines", "vat", "subtotal_minor", "vat_minor", "total_minor")}}
    short["retainers"] = []
    ((page, _),) = codes_in(short)
    assert page == 1
    text = text_of(short)
    for words in ("Seite 1 von 1", "Empfangsschein", "Zahlteil", "Zahlbar durch", "Annahmestelle", "726.00"):
        assert words in text, words


def test_a_buyer_whose_address_cannot_be_read_is_left_to_be_written() -> None:
    snapshot = swiss()
    snapshot["buyer"] |= {"address": ["Somewhere"], "country": ""}
    ((_, text),) = codes_in(snapshot)
    assert text.split("\n")[20:27] == [""] * 7
    assert "Zahlbar durch (Name/Adresse)" in text_of(snapshot)


def test_a_seller_without_a_whole_address_gets_the_plain_box() -> None:
    snapshot = swiss()
    snapshot["seller"] |= {"address": ["Bahnhofstrasse 12"]}
    assert swiss_bill(snapshot, 100, "1") is None
    assert codes_in(snapshot) == []
    assert "CH93 0076 2011 6238 5295 7" in text_of(snapshot)


def test_a_bill_embeds_its_fonts_too() -> None:
    with pikepdf.open(BytesIO(render_invoice(swiss(), AT))) as pdf:
        described = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert all("/FontFile2" in one for one in described)
        names = {str(one.FontName).partition("+")[2] for one in described}
    assert {"LiberationSans", "LiberationSansBold"} <= names


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        ("21 00000 00003 13947 14300 0901", "210000000003139471430009017"),
        ("", "0" * 27),
        ("INV-2026-0042", "000000000000000000202600427"),
    ],
)
def test_the_check_digit_of_a_qr_reference_is_that_of_the_guidelines(number: str, reference: str) -> None:
    assert qr_reference(number) == reference


def test_swiss_accounts_and_qr_ibans_are_told_apart() -> None:
    assert is_swiss(IBAN)
    assert not is_qr_iban(IBAN)
    assert is_qr_iban(QR_IBAN)
    assert is_swiss("LI21 0881 0000 2324 013A A")
    assert not is_swiss("CH94 0076 2011 6238 5295 7")
    assert not is_swiss("NL91ABNA0417164300")
