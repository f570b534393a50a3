"""A void draft is put aside with its address; a pro forma is a draft's PDF that nothing keeps."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.pro_forma import pro_forma
from agency_app.services.read_draft import read_draft
from agency_app.services.read_invoice import list_invoices, read_invoice
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused
from agency_app.services.set_draft_aside import restore_draft, void_draft
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.tables import Invoice, InvoiceDocument, InvoiceSeries
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)


@pytest.fixture
def draft(agency: Agency) -> str:
    start = datetime(2026, 11, 17, 8, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    return open_draft(agency.owner, agency.northwind, DAY)


def test_a_void_draft_keeps_its_address_and_is_not_finalised_until_it_is_restored(agency: Agency, draft: str) -> None:
    void_draft(agency.owner, draft)
    assert open_draft(agency.owner, agency.northwind, DAY) == draft
    version = read_draft(agency.owner, agency.northwind, DAY).version
    with pytest.raises(Refused, match="void"):
        finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30))
    assert [(row.status, row.number) for row in list_invoices(agency.owner)] == [("void", "")]
    restore_draft(agency.owner, draft)
    done = finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30))
    assert done.invoice_id == draft
    assert verify_workspace() == []


def test_what_is_final_is_not_voided_and_nothing_is_done_twice(agency: Agency, draft: str, ida: Actor) -> None:
    with pytest.raises(Refused, match="not void"):
        restore_draft(agency.owner, draft)
    with pytest.raises(NotAllowed):
        void_draft(ida, draft)
    with pytest.raises(NotFound):
        void_draft(agency.owner, "unknown")
    void_draft(agency.owner, draft)
    with pytest.raises(Refused, match="void already"):
        void_draft(agency.owner, draft)
    with transaction() as session:
        other = Invoice(
            workspace_id=agency.workspace_id,
            client_id=agency.northwind,
            period_start=date(2026, 11, 1),
            period_end=date(2026, 11, 30),
        )
        session.add(other)
    with pytest.raises(Refused, match="another draft"):
        restore_draft(agency.owner, draft)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    done = finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30))
    assert done.invoice_id == other.id
    with pytest.raises(Locked, match="Credit it"):
        void_draft(agency.owner, done.invoice_id)


def test_a_pro_forma_says_what_the_draft_says_without_a_number_and_is_kept_nowhere(agency: Agency, draft: str) -> None:
    name, content = pro_forma(agency.owner, draft)
    assert name == "Pro forma Northwind Outdoor 2026-11"
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    assert all("PRO FORMA" in page for page in pages)
    assert "Pro forma invoice" in pages[0]
    assert "Not numbered yet" in pages[0]
    assert "229.90" in pages[0]
    assert not PdfReader(BytesIO(content)).attachments
    with reading() as session:
        assert session.exec(select(InvoiceDocument)).all() == []
        assert session.exec(select(InvoiceSeries)).all() == []
    assert read_invoice(agency.owner, draft).invoice.status == "draft"


def test_only_a_draft_with_something_to_bill_has_a_pro_forma(agency: Agency, draft: str) -> None:
    empty = open_draft(agency.owner, agency.northwind, date(2027, 3, 1))
    with pytest.raises(Refused, match="no line"):
        pro_forma(agency.owner, empty)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    done = finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30))
    with pytest.raises(Refused, match="only a draft"):
        pro_forma(agency.owner, done.invoice_id)
