"""The invoice document: what it says, that it is PDF/A-3B, that it is the same every time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from agency_app.documents import wording
from agency_app.documents.invoice_pdf import render_invoice
from agency_app.documents.translation import words_in
from agency_app.documents.work_log import rounding_words
from tests.documents.snapshots import (
    CREATIVE,
    OPTIMISATION,
    fee_line,
    invoice_of,
    many_rows,
    november,
    time_line,
)

AT = datetime(2026, 11, 30, 16, 20, 5, 999, tzinfo=UTC)


def pages_of(snapshot: dict[str, Any]) -> list[str]:
    """Return the text of each page, every run of white space as one space."""
    reader = PdfReader(BytesIO(render_invoice(snapshot, AT)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def opened(snapshot: dict[str, Any]) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(render_invoice(snapshot, AT)))


# What it says


def test_the_first_page_says_everything_the_snapshot_says() -> None:
    snapshot = november()
    first = pages_of(snapshot)[0]
    for side in (snapshot["seller"], snapshot["buyer"]):
        for text in (side["name"], *side["address"], side["vat_id"]):
            assert text in first
    for text in ("INV-2026-0042", "30 November 2026", "14 December 2026", "1–30 November 2026", "PO NWC-1187", "EUR"):
        assert text in first
    for line in snapshot["lines"]:
        assert line["description"] in first
        assert wording.quantity(line["quantity"]) in first
        assert wording.rate(line["price"], "EUR") in first
        assert wording.money(line["net_minor"], "EUR") in first
    for field in ("subtotal_minor", "vat_minor", "total_minor"):
        assert wording.money(snapshot[field], "EUR") in first
    assert "33.5 of 40 h used." in first
    assert "Granted 36 h + 4 h rolled in." in first
    assert "6.5 h remain. No overage." in first


def test_the_payment_box_groups_the_iban_and_gives_the_reference() -> None:
    first = pages_of(november())[0]
    assert "Pay €4,365.08 by 14 December 2026" in first
    assert "NL91 ABNA 0417 1643 00" in first
    assert "ABNANL2A" in first


def test_the_work_log_shows_every_entry_under_its_line_and_adds_up_to_the_subtotal() -> None:
    snapshot = november()
    log = pages_of(snapshot)[1]
    for line in snapshot["lines"]:
        for work in line["work"]:
            assert f"{work['member']} {work['task']} {work['platform']}" in log.replace("  ", " ")
            assert wording.money(work["amount_minor"], "EUR") in log
    assert "Logged work, lines 1–4, 12 entries" in log
    assert "Line 5, Retainer fee (no time)" in log
    assert "Subtotal on page 1" in log
    assert wording.money(snapshot["subtotal_minor"], "EUR") in log
    for words in ("Mara Halden 14:15", "Jonas Vik 9:30", "Ida Roos 7:15", "Google Ads 12:00", "Total 31:00"):
        assert words in log
    assert "Time is rounded up to 15 minutes per entry." in log


def test_work_under_a_fee_has_no_amount_of_its_own() -> None:
    log = pages_of(invoice_of([fee_line(1, "Retainer", 6_000_000, CREATIVE)]))[1]
    assert log.count("in the fee") == len(CREATIVE)
    assert "Line 1, Retainer (covers 3 entries)" in log
    assert "Work covered by a fee has no amount of its own." in log


def test_an_invoice_without_work_has_no_annex() -> None:
    pages = pages_of(invoice_of([fee_line(1, "Retainer", 6_000_000, [])]))
    assert len(pages) == 1
    assert "work log" not in pages[0].lower()


def test_logged_time_stands_beside_billed_time_where_rounding_made_them_differ() -> None:
    snapshot = november()
    snapshot["lines"][0]["work"][0]["seconds"] = 10_000
    log = pages_of(snapshot)[1]
    assert "Logged" in log
    assert "Billed" in log
    assert "2:47" in log
    assert "h:mm" not in log


def test_a_draft_says_so_on_every_page_and_asks_for_no_payment() -> None:
    pages = pages_of(november() | {"number": None})
    assert all("DRAFT" in page for page in pages)
    assert "Nothing is due until it has a number." in pages[0]
    assert "NL91" not in pages[0]
    assert not any("DRAFT" in page for page in pages_of(november()))


def test_reverse_charge_is_said_in_words() -> None:
    line = time_line(1, "Optimisation", OPTIMISATION, 950_000) | {"vat_category": "AE", "vat_rate": 0}
    first = pages_of(invoice_of([line]))[0]
    assert "Reverse charge: the customer accounts for the VAT." in first
    assert "0% reverse charge" in first


def test_every_vat_rate_has_its_row() -> None:
    lines = [
        time_line(1, "Optimisation", OPTIMISATION, 950_000),
        time_line(2, "Creative", CREATIVE, 950_000) | {"vat_rate": 900},
        fee_line(3, "Books", 1_000_000, []) | {"vat_category": "Z", "vat_rate": 0},
    ]
    first = pages_of(invoice_of(lines))[0]
    for label in ("VAT 9%", "VAT 21%", "VAT 0% zero rated"):
        assert label in first


def test_a_retainer_over_its_hours_shows_the_overage_and_a_carried_deficit() -> None:
    retainer = {"name": "", "granted": 36_000, "rolled_in": -3_600, "used": 39_600, "overage": 7_200, "remaining": 0}
    first = pages_of(november() | {"retainers": [retainer]})[0]
    assert "11 of 9 h used." in first
    assert "Granted 10 h − 1 h carried over." in first
    assert "2 h overage." in first


def test_a_budget_is_printed_as_money() -> None:
    retainer = {"name": "", "granted": 50_000, "rolled_in": 0, "used": 71_000, "overage": 21_000, "remaining": 0}
    first = pages_of(november() | {"retainers": [retainer | {"unit": "money"}]})[0]
    assert "€710.00 of €500.00 used." in first
    assert "€210.00 overage." in first


def test_missing_details_leave_no_empty_labels() -> None:
    snapshot = november()
    snapshot["seller"] |= {"vat_id": None, "registration": "", "email": None, "iban": "", "bic": None}
    snapshot["buyer"] |= {"attention": None, "vat_id": "", "reference": None}
    snapshot["lines"][0]["work"][0]["platform"] = None
    first, log = pages_of(snapshot)
    assert "Attn." not in first
    assert "IBAN" not in first
    assert "Your reference" not in first
    assert "None" not in first + log
    assert "No platform" in log


# Pages


def test_a_thousand_rows_fill_pages_that_repeat_their_headings() -> None:
    snapshot = many_rows(1_000)
    pages = pages_of(snapshot)
    assert len(pages) > 20
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in page
    for page in pages[1:-1]:
        assert "Date Person Activity Task Platform h:mm Amount" in page
        assert "Line " in page
    assert sum(page.count("in the fee") for page in pages) == 333
    assert sum(page.count("continued") for page in pages) > 10


def test_many_and_long_invoice_lines_run_over_pages_and_none_is_lost() -> None:
    lines = [fee_line(number, f"Item {number} " + "of many words " * 20, 1_000_000, []) for number in range(1, 41)]
    lines.append(fee_line(41, "Endless " * 900 + "the end", 1_000_000, []))
    pages = pages_of(invoice_of(lines))
    assert len(pages) > 4
    text = " ".join(pages)
    assert all(f"Item {number} of" in text for number in range(1, 41))
    assert text.count("Endless") == 900
    assert "the end" in text
    assert all("Description" in page for page in pages[:-1])


def test_a_subtotal_on_a_later_page_is_pointed_at() -> None:
    lines = [time_line(1, "Optimisation", OPTIMISATION, 950_000)]
    lines += [fee_line(number, f"Item {number}", 1_000_000, []) for number in range(2, 41)]
    assert "Subtotal on page 3" in " ".join(pages_of(invoice_of(lines)))


def test_a_task_longer_than_a_page_is_printed_to_its_end() -> None:
    snapshot = november()
    snapshot["lines"][0]["work"][0]["task"] = "Endless " * 900 + "the end"
    text = " ".join(pages_of(snapshot))
    assert text.count("Endless") == 900
    assert "the end" in text


def test_long_names_without_spaces_stay_on_the_page() -> None:
    snapshot = november()
    long = "Donaudampfschifffahrtsgesellschaft" * 6
    snapshot["seller"] |= {"name": long}
    snapshot["buyer"] |= {"name": long, "reference": long}
    snapshot["lines"][0]["work"][0] |= {"member": long, "platform": long, "activity": long}
    for page in PdfReader(BytesIO(render_invoice(snapshot, AT))).pages:
        width = float(page.mediabox.width)
        places: list[float] = []
        page.extract_text(visitor_text=lambda text, _, matrix, *rest, into=places: into.append(float(matrix[4])))
        assert all(0 <= place < width for place in places)


def test_each_line_leads_to_its_group_and_back() -> None:
    snapshot = november()
    reader = PdfReader(BytesIO(render_invoice(snapshot, AT)))

    def targets(page: int) -> list[int]:
        links = (note.get_object() for note in reader.pages[page].get("/Annots", []))
        numbers = {other.indirect_reference: index for index, other in enumerate(reader.pages)}
        return [numbers[link["/Dest"][0].indirect_reference or link["/Dest"].get_object()[0]] for link in links]

    with_work = [line for line in snapshot["lines"] if line["work"]]
    assert targets(0) == [1] * (2 * len(with_work))
    assert targets(1) == [0] * len(with_work)


def test_the_outline_lists_the_groups() -> None:
    with opened(november()) as pdf, pdf.open_outline() as outline:
        invoice, log = outline.root
        assert (invoice.title, log.title) == ("Invoice", "Work log")
        assert next(child.title for child in log.children) == "Line 1 Optimisation"


# Characters


def test_what_the_fonts_lack_shows_as_a_box_and_everything_else_as_itself() -> None:
    snapshot = november()
    snapshot["lines"][0]["work"][0]["task"] = "日本 launch 👩‍👩‍👧 Ćevapčići Ω Привет\tZoe\u0301\x07"
    log = pages_of(snapshot)[1]
    assert "□ launch □ Ćevapčići Ω Привет Zoé" in log


def test_control_characters_and_markup_do_not_break_the_metadata() -> None:
    snapshot = november()
    snapshot["seller"]["name"] = "A & B <Media>\x00\ufffe"
    with opened(snapshot) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:creator"] == ["A & B <Media>"]


# Structure


def fonts_of(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
            yield thing


@pytest.mark.parametrize("snapshot", [november(), november() | {"number": None}, many_rows(60)])
def test_the_document_has_the_structure_of_pdf_a_3b(snapshot: dict[str, Any]) -> None:
    with opened(snapshot) as pdf:
        root = pdf.Root
        assert "/Info" not in pdf.trailer
        intents = list(root.OutputIntents)
        assert [str(intent.S) for intent in intents] == ["/GTS_PDFA1"]
        assert intents[0].DestOutputProfile.read_bytes()[36:40] == b"acsp"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "B"
            assert metadata["dc:title"] == ("Invoice INV-2026-0042" if snapshot["number"] else "Draft invoice")
            assert metadata["dc:creator"] == ["Halden & Co"]
            assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-11-30T16:20:05+00:00"
        assert "/ID" in pdf.trailer
        assert "/Encrypt" not in pdf.trailer
        assert str(root.Lang) == "en"
        assert "/AcroForm" not in root
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary):
                assert thing.get("/S") not in ("/JavaScript", "/Launch")
                if thing.get("/Subtype") == "/Link":
                    assert int(thing.get("/F", 0)) & 4, "a link must be printable (ISO 19005-3, 6.3.2)"


def test_every_font_is_an_embedded_subset_of_inter() -> None:
    with opened(november()) as pdf:
        described = 0
        for font in fonts_of(pdf):
            assert re.match(r"/[A-Z]{6}\+Inter", str(font.BaseFont)), font.BaseFont
            if font.Subtype == "/Type0":
                assert "/ToUnicode" in font
                continue
            assert "/FontFile2" in font.FontDescriptor
            described += 1
        assert described == 4


# Sameness


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    first = render_invoice(november(), AT)
    assert render_invoice(november(), AT) == first
    assert render_invoice(november(), AT.astimezone(timezone(timedelta(hours=5)))) == first
    assert render_invoice(november(), AT + timedelta(seconds=1)) != first


def test_rendering_leaves_the_snapshot_alone() -> None:
    snapshot = november()
    render_invoice(snapshot, AT)
    assert snapshot == november()


def test_a_naive_time_and_an_unknown_snapshot_version_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_invoice(november(), datetime(2026, 11, 30))
    with pytest.raises(ValueError, match="version 2"):
        render_invoice(november() | {"v": 2}, AT)


@pytest.mark.parametrize(
    ("mode", "step", "scope", "words"),
    [
        ("none", 0, "entry", "Time is billed as logged, without rounding."),
        ("nearest", 360, "line", "Time is rounded to the nearest 6 minutes per invoice line."),
        ("down", 3600, "entry", "Time is rounded down to 1 hour per entry."),
        ("up", 90, "entry", "Time is rounded up to 90 seconds per entry."),
    ],
)
def test_the_rounding_policy_is_said_in_words(mode: str, step: int, scope: str, words: str) -> None:
    assert rounding_words({"mode": mode, "step_seconds": step, "scope": scope}, words_in("en")) == words


def test_a_locale_decides_how_numbers_look() -> None:
    snapshot = invoice_of([time_line(1, "Arbeit", OPTIMISATION, 95_000_000, "JPY")], "JPY", locale="de")
    first = pages_of(snapshot)[0]
    assert "11,7500" in first
    assert "111.625 ¥" in first
