"""Where each document of the list stands, in a word that a phone has room for."""

from dataclasses import replace
from datetime import date

from agency_app.services.read_invoice import InvoiceListed
from agency_app.states.invoices import standing_of
from agency_app.tables import Client

DUE = date(2026, 11, 30)
ROW = InvoiceListed(
    "i",
    Client(workspace_id="w", name="A", short_name="A"),
    date(2026, 10, 1),
    "INV-1",
    date(2026, 11, 1),
    DUE,
    10_000,
    "EUR",
)


def said(today: date = DUE, **changed: object) -> tuple[str, str, str]:
    standing = standing_of(replace(ROW, **changed), today)  # pyright: ignore[reportArgumentType]
    return standing["state"], standing["until"], standing["credited"]


def test_an_invoice_is_due_until_its_day_and_past_due_after_it() -> None:
    assert said() == ("Due", "Due 30 Nov", "")
    assert said(date(2026, 12, 1)) == ("Past due", "Past due 30 Nov", "")
    assert said(due_date=None) == ("Due", "Due", "")


def test_what_is_credited_is_told_beside_it_and_an_invoice_that_is_credited_whole_is_not_due() -> None:
    assert said(date(2026, 12, 1), credited_minor=4_000) == ("Past due", "Past due 30 Nov", "€40.00 credited")
    assert said(date(2026, 12, 1), credited_minor=10_000) == ("Credited", "Credited", "")


def test_drafts_and_credit_notes_say_what_they_are() -> None:
    assert said(status="draft", number="") == ("Draft", "", "")
    assert said(status="void", number="") == ("Void", "", "")
    assert said(kind="credit_note", corrects="INV-1") == ("Credit note", "", "")
