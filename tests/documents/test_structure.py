"""Documents of today's template taken apart: PDF/A-3B with its e-invoice, and every word and figure of the snapshot."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from agency_app.documents import wording
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.reading import einvoice_of
from agency_app.documents.invoice_pdf import render_invoice
from agency_app.documents.speech import speech_of
from agency_app.documents.work_log import rounding_words
from tests.documents.snapshots import many_rows
from tests.documents.test_logo import SVG
from tests.documents.test_payment_code import IBAN, QR_IBAN, swiss
from tests.documents.test_reproducible import with_logo
from tests.documents.test_translation import everything_added, of_today

AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)
DOCUMENTS: dict[str, tuple[dict[str, Any], bytes | None]] = {
    "English": (of_today("en"), None),
    "German for Austria": (of_today("de", "de_AT"), None),
    "Spanish": (of_today("es"), None),
    "French, Swiss bill": (swiss(IBAN, language="fr", locale="fr_CH"), None),
    "Swiss bill in euro": (swiss(QR_IBAN, "EUR"), None),
    "Dutch with a logo": (with_logo(SVG), SVG),
    "everything added": (everything_added("en"), None),
    "everything added, in German": (everything_added("de"), None),
    "long log": (
        of_today("nl")
        | {
            key: value
            for key, value in many_rows(120).items()
            if key in ("lines", "vat", "vat_minor", "subtotal_minor", "total_minor")
        },
        None,
    ),
}


@pytest.fixture(scope="module", params=DOCUMENTS, ids=str)
def drawn(request: pytest.FixtureRequest) -> tuple[dict[str, Any], bytes]:
    """A snapshot and its document."""
    snapshot, logo = DOCUMENTS[request.param]
    return snapshot, render_invoice(snapshot, AT, logo=logo)


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing


def test_it_has_the_structure_of_pdf_a_3b(drawn: tuple[dict[str, Any], bytes]) -> None:
    snapshot, document = drawn
    with pikepdf.open(BytesIO(document)) as pdf:
        root = pdf.Root
        (intent,) = list(root.OutputIntents)
        assert str(intent.S) == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert "/Info" not in pdf.trailer
        assert "/ID" in pdf.trailer
        assert str(root.Lang) == snapshot["language"]
        assert "/AcroForm" not in root
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
            assert metadata["dc:creator"] == [snapshot["seller"]["name"]]
            assert snapshot["number"] in str(metadata["dc:title"])
        fonts = 0
        for thing in dictionaries(pdf):
            assert thing.get("/S") not in ("/JavaScript", "/Launch")
            if thing.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in thing
                fonts += 1
            if thing.get("/Type") == "/Font":
                assert re.match(r"/[A-Z]{6}\+", str(thing.BaseFont)), "an embedded subset"
            if thing.get("/Subtype") == "/Link":
                assert int(thing.get("/F", 0)) & 4, "a link must be printable"
            if thing.get("/Subtype") == "/Image":
                assert "/SMask" not in thing
        assert fonts >= 4


def test_the_e_invoice_is_inside_as_an_alternative(drawn: tuple[dict[str, Any], bytes]) -> None:
    snapshot, document = drawn
    with pikepdf.open(BytesIO(document)) as pdf:
        (associated,) = list(pdf.Root.AF)
        assert str(associated.AFRelationship) == "/Alternative"
    name, content = get_facturx_xml_from_pdf(document, check_xsd=True)
    assert name == "factur-x.xml"
    assert content == write_cii(einvoice_of(snapshot))


def _added(snapshot: dict[str, Any], money: Callable[[int], str]) -> Iterator[str]:
    """Yield what the sums say besides lines and VAT: names and figures of what was added."""
    speech = speech_of(snapshot)
    for one in snapshot.get("adjustments", []):
        yield from one["reason"].split()  # a long one is broken, with its amount beside the first line
        yield money(-one["amount_minor"] if one["kind"] == "allowance" else one["amount_minor"])
    for one in snapshot.get("prepayments", []):
        yield one["description"]
        yield money(-one["amount_minor"])
        yield from wording.long_date(date.fromisoformat(one["date"]), speech.dates).split() if one["date"] else ()
    if snapshot.get("due_minor") is not None:
        yield money(snapshot["due_minor"])
    accounting = snapshot.get("accounting")
    if accounting:
        vat = wording.money(accounting["vat_minor"], accounting["currency"], speech.figures)
        yield re.sub(r"\s+", " ", vat)
        yield wording.exchange_rate(accounting["exchange_rate"], speech.figures)


def test_every_word_and_figure_of_the_snapshot_is_on_the_pages(drawn: tuple[dict[str, Any], bytes]) -> None:
    snapshot, document = drawn
    pages = PdfReader(BytesIO(document)).pages
    text = " ".join(re.sub(r"\s+", " ", page.extract_text()) for page in pages)
    speech, currency = speech_of(snapshot), snapshot["currency"]

    def money(minor: int) -> str:
        return re.sub(r"\s+", " ", wording.money(minor, currency, speech.figures))

    expected = [snapshot["number"], snapshot["seller"]["name"], snapshot["buyer"]["name"]]
    expected += [*snapshot["seller"]["address"], *snapshot["buyer"]["address"], snapshot["buyer"]["reference"]]
    expected += [
        wording.long_date(date.fromisoformat(snapshot[name]), speech.dates) for name in ("issue_date", "due_date")
    ]
    expected += [money(snapshot[name]) for name in ("subtotal_minor", "vat_minor", "total_minor")]
    expected += [*_added(snapshot, money), *snapshot["note"].splitlines(), snapshot.get("terms", "")]
    expected += [rounding_words(snapshot["rounding"], speech.words), snapshot["buyer"].get("order", "")]
    for group in snapshot["vat"]:
        net, vat = group["base_minor"], group["amount_minor"]
        expected += [wording.vat_percent(group["rate"], speech.figures).replace("\u00a0", " ")]
        expected += [money(net), money(vat), money(net + vat), group.get("reason", "")]
    for retainer in snapshot["retainers"]:
        expected += [retainer["name"], wording.hours(retainer["used"], speech.figures)]
    for line in snapshot["lines"]:
        expected += [line["detail"], wording.rate(line["price"], currency, speech.figures).replace("\u00a0", " ")]
        for one in line.get("adjustments", []):
            expected += [
                one["reason"],
                money(-one["amount_minor"] if one["kind"] == "allowance" else one["amount_minor"]),
            ]
        expected += [line["description"], wording.quantity(line["quantity"], speech.figures), money(line["net_minor"])]
        for work in line["work"]:
            expected += [work["task"], work["member"], work["platform"], wording.hours_minutes(work["billed_seconds"])]
            expected += [money(work["amount_minor"])] if work["amount_minor"] else []
    for words in expected:
        assert words in text, words
    for number in range(1, len(pages) + 1):
        assert speech.words.say("page {page} of {pages}", page=number, pages=len(pages)) in text
