"""Each kind of document is counted in its own series, by the pattern and the count of the settings, from a year's begin."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.services.change_workspace import change_workspace
from agency_app.services.credit_invoice import credit_invoice, read_creditable
from agency_app.services.finalise_invoice import Finalised, finalise_invoice
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.read_settings import read_settings
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.verify_workspace import verify_workspace
from tests.services.conftest import Agency


def bill(agency: Agency, year: int, month: int) -> Finalised:
    """Invoice an hour of Northwind's month on the last of it."""
    start = datetime(year, month, 10, 8, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=1)))
    day = start.date()
    version = read_draft(agency.owner, agency.northwind, day).version
    return finalise_invoice(agency.owner, agency.northwind, day, version, date(year, month, 28))


def credit(agency: Agency, invoice_id: str, issued: date) -> str:
    version = read_creditable(agency.owner, invoice_id).version
    return credit_invoice(agency.owner, invoice_id, None, "Wrong", version, issued).number


def settings(agency: Agency, **typed: str) -> None:
    change_workspace(agency.owner, read_settings(agency.owner).version, typed)


def test_invoices_that_count_on_and_on_keep_counting_over_the_years(agency: Agency) -> None:
    settings(agency, invoice_pattern="A{number:05}", invoice_yearly="on")
    assert [bill(agency, year, month).number for year, month in ((2026, 11), (2026, 12), (2027, 1), (2029, 1))] == [
        "A00001",
        "A00002",
        "A00003",
        "A00004",
    ]
    assert verify_workspace() == []


def test_a_changed_pattern_holds_from_the_next_year_for_a_count_that_goes_on_too(agency: Agency) -> None:
    settings(agency, invoice_pattern="A{number}", invoice_yearly="on")
    assert bill(agency, 2026, 10).number == "A1"
    settings(agency, invoice_pattern="B{year}-{number}", invoice_yearly="yearly")
    assert bill(agency, 2026, 11).number == "A2"
    assert bill(agency, 2027, 1).number == "B2027-1"
    settings(agency, invoice_pattern="A{number}", invoice_yearly="on")
    assert bill(agency, 2027, 2).number == "B2027-2"
    with pytest.raises(Refused, match="A1 is taken"):
        bill(agency, 2028, 1)
    assert verify_workspace() == []


def test_credit_notes_have_a_pattern_and_a_count_of_their_own(agency: Agency) -> None:
    settings(agency, credit_pattern="C-{year}-{number:03}", credit_yearly="on")
    first, second = bill(agency, 2026, 11), bill(agency, 2026, 12)
    assert credit(agency, first.invoice_id, date(2026, 12, 28)) == "C-2026-001"
    assert credit(agency, second.invoice_id, date(2027, 1, 5)) == "C-2027-002"
    assert bill(agency, 2027, 1).number == "INV-2027-0001"
    assert verify_workspace() == []


def test_a_credit_note_is_never_dated_before_the_newest_of_its_series(agency: Agency) -> None:
    first, second = bill(agency, 2026, 10), bill(agency, 2026, 11)
    credit(agency, first.invoice_id, date(2026, 12, 20))
    with pytest.raises(Refused, match="newest credit note"):
        credit(agency, second.invoice_id, date(2026, 12, 19))
    assert verify_workspace() == []


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"invoice_pattern": "INV-{number}"}, "invoice_pattern", "{year} too"),
        ({"credit_pattern": "CN-{number:04}"}, "credit_pattern", "{year} too"),
        ({"credit_pattern": "inv-{year}-{number}"}, "credit_pattern", "differ"),
        ({"invoice_pattern": "X"}, "invoice_pattern", "{number} once"),
    ],
)
def test_a_pattern_that_could_give_a_number_twice_is_refused(
    agency: Agency, typed: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(FieldsRefused) as refused:
        settings(agency, **typed)
    assert said in refused.value.errors[field]


def test_the_settings_tell_the_next_numbers_and_from_when_a_change_holds(agency: Agency) -> None:
    numbers = read_settings(agency.owner).numbers
    year = numbers["invoice"].year
    assert (numbers["invoice"].number, numbers["credit_note"].number) == (f"INV-{year}-0001", f"CN-{year}-0001")
    assert numbers["invoice"].changes_hold_from == year
