"""Documents in the client's language: nothing is left untranslated, and nothing of it is said wrongly."""

import re
from dataclasses import asdict
from datetime import UTC, date, datetime
from io import BytesIO
from string import Formatter
from typing import Any

import pytest
from pypdf import PdfReader

from agency_app.documents import catalogues, wording
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.reading import einvoice_of, line_of
from agency_app.documents.invoice_pdf import render_invoice
from agency_app.documents.speech import speech_of
from agency_app.documents.translation import LANGUAGES, Words, language_of, locale_of, words_in
from agency_app.domain.invoice import adjusted_by_amount, adjusted_by_percent, totals_of
from agency_app.domain.money import share
from agency_app.domain.vat import CATEGORIES, vat_in_accounting_currency
from agency_app.services.finalise_invoice import TEMPLATE
from tests.documents.snapshots import CREATIVE, fee_line, invoice_of, november, time_line

OTHERS = LANGUAGES[1:]
AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)


def of_today(language: str, locale: str = "", **changes: Any) -> dict[str, Any]:
    """Return an invoice as one that is finalised today is drawn."""
    snapshot: dict[str, Any] = november() | {"template": TEMPLATE, "language": language, "locale": locale or language}
    snapshot["seller"] |= {"country": "NL"}
    snapshot["buyer"] |= {"country": "NL"}
    return snapshot | changes


def everything_added(language: str, locale: str = "") -> dict[str, Any]:
    """Return an invoice in another currency with discounts and surcharges of lines and of the whole, two VAT rates and
    one category without VAT, prepayments, an order number, terms and a note: whatever can be added to one."""
    lines = [time_line(1, "Optimierung", CREATIVE, 950_000, "USD"), fee_line(2, "Fee", 6_000_000, [], "USD")]
    off = {"kind": "allowance", "reason": "Kulanz", "amount_minor": 5_000}
    lines[0] |= {"adjustments": [off], "net_minor": lines[0]["net_minor"] - 5_000}
    for work, amount in zip(lines[0]["work"], share(lines[0]["net_minor"], [14_400, 4_500, 7_200]), strict=True):
        work["amount_minor"] = amount
    lines += [
        fee_line(3, "Media", 45_150_000, [], "USD") | {"detail": "20. November 2026", "kind": "media", "unit": "unit"},
        fee_line(4, "Books", 899_000, [], "USD") | {"vat_rate": 900},
        fee_line(5, "Course", 2_000_000, [], "USD") | {"vat_category": "E", "vat_rate": 0},
    ]
    plain = [line_of(line) for line in lines]
    adjustments = [
        *adjusted_by_percent(plain, "allowance", "A volume discount as agreed for the spring of 2026", 500),
        *adjusted_by_amount(plain, "charge", "Rush", 12_000),
    ]
    totals = totals_of(plain, "USD", adjustments, prepaid_minor=60_000)
    vat = [asdict(group) | {"reason": "Art. 11 Wet OB 1968" if group.category == "E" else ""} for group in totals.vat]
    snapshot = of_today(
        language,
        locale,
        currency="USD",
        lines=lines,
        adjustments=[asdict(one) for one in adjustments],
        vat=vat,
        **{name: getattr(totals, name) for name in _SUMS},
        prepayments=[
            {"description": "Deposit", "date": "2026-11-02", "amount_minor": 50_000},
            {"description": "Cheque", "date": None, "amount_minor": 10_000},
        ],
        accounting=asdict(vat_in_accounting_currency(totals.vat_minor, "USD", "EUR", 921_400)),
        terms="Within 14 days.",
        note="Thank you.\nGift Box goes live on 1 December.",
        rounding={"mode": "up", "step_seconds": 900, "scope": "entry"},
    )
    snapshot["buyer"] |= {"order": "PO-7781"}
    return snapshot


_SUMS = (
    "subtotal_minor",
    "vat_minor",
    "total_minor",
    "allowances_minor",
    "charges_minor",
    "prepaid_minor",
    "due_minor",
)


def text_of(snapshot: dict[str, Any]) -> str:
    pages = PdfReader(BytesIO(render_invoice(snapshot, AT))).pages
    return " ".join(re.sub(r"\s+", " ", page.extract_text()) for page in pages)


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_misses_a_text(language: str) -> None:
    assert list(catalogues.missing_in(language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_committed_catalogues_are_those_of_the_code(language: str) -> None:
    folder = catalogues.CATALOGUES / language / "LC_MESSAGES"
    text, compiled = catalogues.updated(language)
    assert (folder / "documents.mo").read_bytes() == compiled, "run python -m agency_app.documents.catalogues"
    assert (folder / "documents.po").read_bytes() == text, "run python -m agency_app.documents.catalogues"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_what_the_text_fills_in(language: str) -> None:
    for message in catalogues.catalogue_of(language):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translations = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if originals != [""]:
            assert {names(text) for text in originals} == {names(text) for text in translations}, originals


def names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_reason_of_the_vat_categories_is_in_the_catalogues() -> None:
    said = {message.id for message in catalogues.texts_said() if isinstance(message.id, str)}
    assert {category.reason for category in CATEGORIES.values() if category.reason} <= said


def test_what_is_asked_for_while_drawing_is_what_the_catalogues_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text put together in the code would be found in no catalogue."""
    asked: set[str] = set()
    say = Words.say

    def noted(words: Words, text: str, **values: object) -> str:
        asked.add(text)
        return say(words, text, **values)

    monkeypatch.setattr(Words, "say", noted)
    overdrawn = {"name": "R", "granted": 36_000, "rolled_in": -3_600, "used": 39_600, "overage": 7_200, "remaining": 0}
    covered = invoice_of([fee_line(1, "Retainer", 6_000_000, CREATIVE)], template=TEMPLATE, language="de")
    for snapshot in (
        of_today("de"),
        of_today("de", number=None),
        of_today("de", number=None, pro_forma=True),
        of_today("de", kind="credit_note", preceding={"number": "1", "issue_date": "2026-10-01"}, due_date=None),
        of_today("de", retainers=[overdrawn], prepaid_minor=100, rounding_minor=1, due_date=None),
        everything_added("de"),
        covered,
    ):
        render_invoice(snapshot, AT)
    known = {one for message in catalogues.texts_said() for one in (message.id, *message.id) if isinstance(one, str)}
    assert asked - {""} <= known
    assert len(asked) > 70


@pytest.mark.parametrize(
    ("language", "locale", "said"),
    [
        ("de", "de", ["Rechnung", "30. November 2026", "1.–30. November 2026", "11,7500 h", "95,00 €", "3.607,50 €"]),
        ("de", "de_CH", ["Leistungsnachweis", "30. November 2026", "EUR 3’607.50", "11.7500 h", "Di."]),
        (
            "fr",
            "fr",
            ["Facture", "1–30 novembre 2026", "Net à payer", "3 607,50 €", "TVA", "5 saisies, relevé, groupe 1"],
        ),
        (
            "es",
            "es",
            ["Factura", "30 de noviembre de 2026", "Total a pagar", "3.607,50 €", "IVA", "Registro de trabajo"],
        ),
        ("nl", "nl", ["Factuur", "30 november 2026", "Te betalen", "€ 3.607,50", "Btw", "Urenstaat", "11:45"]),
        ("en", "en", ["Invoice", "30 November 2026", "Total due", "€3,607.50", "VAT", "Work log"]),
        ("en", "da", ["Invoice", "30 November 2026", "Total due", "3.607,50 €"]),
    ],
)
def test_an_invoice_is_wholly_in_its_language(language: str, locale: str, said: list[str]) -> None:
    snapshot = of_today(language, locale)
    for line in snapshot["lines"][:4]:
        line["detail"] = speech_of(snapshot).words.count("{n} entry", "{n} entries", len(line["work"]))
    text = text_of(snapshot)
    for words in said:
        assert words in text, (words, text)
    if language != "en":
        for english in (
            " Due ",
            "Total due",
            "Work log",
            "Description",
            "Quantity",
            " of 2",
            "Reference",
            "entries",
            "Pay ",
        ):
            assert english not in text, english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["", "AT", "CH", "BE", "NL", "ES", "US"])
def test_every_amount_and_date_of_a_language_can_be_drawn(language: str, country: str) -> None:
    locale = locale_of(language, country, "en")
    snapshot = of_today(language, locale)
    text = text_of(snapshot)
    assert "□" not in text
    for minor in (snapshot["subtotal_minor"], snapshot["vat_minor"], snapshot["total_minor"]):
        assert re.sub(r"\s+", " ", wording.money(minor, "EUR", locale)) in text


def test_the_file_names_its_language() -> None:
    assert PdfReader(BytesIO(render_invoice(of_today("fr"), AT))).root_object["/Lang"] == "fr"


def test_the_e_invoice_gives_the_reason_that_the_page_gives() -> None:
    line = time_line(1, "Arbeit", CREATIVE, 950_000) | {"vat_category": "AE", "vat_rate": 0}
    reason = words_in("de").say(CATEGORIES["AE"].reason)
    snapshot = of_today("de") | {
        key: value for key, value in invoice_of([line]).items() if key in ("lines", "vat", "vat_minor", "total_minor")
    }
    snapshot["vat"][0]["reason"] = reason
    snapshot["subtotal_minor"] = snapshot["total_minor"]
    assert reason in text_of(snapshot)
    assert reason.encode() in write_cii(einvoice_of(snapshot))


def test_a_language_is_read_as_in_the_clients_country() -> None:
    assert locale_of("de", "CH", "en") == "de_CH"
    assert locale_of("de", "NL", "en") == "de"
    assert locale_of("en", "DE", "nl") == "en"
    assert locale_of("en", "DE", "en_GB") == "en_GB"
    assert locale_of("", "DE", "da") == "da"


def test_a_locale_without_catalogue_speaks_english() -> None:
    assert language_of("da") == "en"
    assert language_of("de-AT") == "de"
    assert words_in("da").say("Invoice") == "Invoice"
    assert wording.long_date(date(2026, 11, 30), "da") == "30 november 2026"
    assert speech_of(of_today("en", "da")).dates == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_ever_said_for_an_empty_text(language: str) -> None:
    """gettext keeps its own header under the empty text."""
    assert words_in(language).say("") == ""
