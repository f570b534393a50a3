"""The e-invoice of a final invoice: what the snapshot keeps for it, where it is stored, who finds it changed."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from sqlalchemy import text
from sqlmodel import select

from agency_app.documents.einvoice.ubl import UblSays, read_ubl
from agency_app.services import draw_document
from agency_app.services.draw_document import NotAnEInvoice
from agency_app.services.finalise_invoice import TEMPLATE, document_bytes, finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.read_invoice import read_invoice
from agency_app.services.refusal import NotFound
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import engine, reading, transaction
from agency_app.tables import Client, Invoice, InvoiceDocument, Workspace
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def finalised(agency: Agency) -> str:
    """Return the id of an invoice over two hours of work at 95.00."""
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, NINE, NINE + timedelta(hours=2)))
    version = read_draft(agency.owner, agency.northwind, DAY).version
    return finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30)).invoice_id


def change(table: type[Client] | type[Workspace], row_id: str, **columns: Any) -> None:
    with transaction() as session:
        row = session.get_one(table, row_id)
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)


def snapshot_of(invoice_id: str) -> dict[str, Any]:
    with reading() as session:
        return json.loads(session.get_one(Invoice, invoice_id).snapshot or "")


def test_the_ubl_file_is_stored_when_first_asked_for_and_is_the_same_ever_after(agency: Agency) -> None:
    invoice_id = finalised(agency)
    content = document_bytes(agency.owner, invoice_id, "ubl")
    assert read_ubl(content) == UblSays("INV-2026-0001", "229.90", "EUR")
    change(Workspace, agency.workspace_id, legal_name="Another name")
    assert document_bytes(agency.lead, invoice_id, "ubl") == content
    with reading() as session:
        kinds = [row.kind for row in session.exec(select(InvoiceDocument))]
    assert sorted(kinds) == ["pdf", "ubl"]
    assert verify_workspace() == []


def test_the_pdf_holds_the_e_invoice(agency: Agency) -> None:
    with pikepdf.open(BytesIO(document_bytes(agency.owner, finalised(agency)))) as pdf:
        assert list(pdf.attachments) == ["factur-x.xml"]


def test_the_country_is_read_from_the_address_unless_it_is_given(agency: Agency) -> None:
    change(Client, agency.northwind, country="BE")
    snapshot = snapshot_of(finalised(agency))
    assert (snapshot["seller"]["country"], snapshot["buyer"]["country"]) == ("NL", "BE")


def test_the_snapshot_keeps_what_the_e_invoice_needs(agency: Agency) -> None:
    change(
        Workspace,
        agency.workspace_id,
        contact="Mara Halden",
        phone="+31 20 123 45 67",
        tax_number="123",
        electronic_scheme="0106",
        electronic_address="12345678",
    )
    change(Client, agency.northwind, purchase_order="PO-7", email="ap@northwind.example", reference="04011000-12345-34")
    snapshot = snapshot_of(finalised(agency))
    seller, buyer = snapshot["seller"], snapshot["buyer"]
    assert snapshot["template"] == TEMPLATE
    assert (seller["contact"], seller["phone"], seller["tax_number"]) == ("Mara Halden", "+31 20 123 45 67", "123")
    assert seller["electronic_address"] == {"scheme": "0106", "value": "12345678"}
    assert (buyer["order"], buyer["reference"]) == ("PO-7", "04011000-12345-34")
    assert buyer["electronic_address"] == {"scheme": "EM", "value": "ap@northwind.example"}


def test_a_buyer_with_a_leitweg_id_gets_an_xrechnung(agency: Agency) -> None:
    change(Workspace, agency.workspace_id, contact="Mara Halden", phone="+31 20 123 45 67")
    change(Client, agency.northwind, email="ap@northwind.example", reference="04011000-12345-34")
    root = ElementTree.fromstring(document_bytes(agency.owner, finalised(agency), "ubl"))
    assert "xrechnung_3.0" in root.findtext(f"{CBC}CustomizationID", "")


def test_an_exemption_is_given_in_the_clients_words(agency: Agency) -> None:
    change(Client, agency.northwind, vat_category="E", vat_rate=0, vat_reason="Art. 44, services abroad")
    invoice_id = finalised(agency)
    assert snapshot_of(invoice_id)["vat"][0]["reason"] == "Art. 44, services abroad"
    assert b"Art. 44, services abroad" in document_bytes(agency.owner, invoice_id, "ubl")


def test_what_an_e_invoice_lacks_is_said_but_keeps_nobody_from_finalising(agency: Agency) -> None:
    change(Client, agency.northwind, address="Marktplein 5\nUtrecht")
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, NINE, NINE + timedelta(hours=1)))
    read = read_invoice(agency.owner, open_draft(agency.owner, agency.northwind, DAY))
    assert read.faults == []
    assert [(missing.message[:12], missing.party, missing.field) for missing in read.missing_for_einvoice] == [
        ("BR-09, BR-11", "buyer", "country")
    ]
    invoice_id = finalised(agency)
    with pikepdf.open(BytesIO(document_bytes(agency.owner, invoice_id))) as pdf:
        assert list(pdf.attachments) == []
    with pytest.raises(NotAnEInvoice, match=r"Northwind Outdoor B.V\. has no country"):
        document_bytes(agency.owner, invoice_id, "ubl")
    with reading() as session:
        assert [row.kind for row in session.exec(select(InvoiceDocument))] == ["pdf"]


def test_an_empty_draft_lacks_nothing_yet(agency: Agency) -> None:
    read = read_invoice(agency.owner, open_draft(agency.owner, agency.northwind, DAY))
    assert read.missing_for_einvoice == []


def test_an_unknown_kind_of_document_is_refused_and_stores_nothing(agency: Agency) -> None:
    with pytest.raises(NotFound):
        document_bytes(agency.owner, finalised(agency), "edifact")


def test_a_changed_ubl_file_is_found_out_even_with_its_hash_made_right(
    agency: Agency, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice_id = finalised(agency)
    write = draw_document.write_ubl
    with monkeypatch.context() as patch:
        # An intruder's file, stored with its own right hash.
        patch.setattr(
            draw_document, "write_ubl", lambda *told: write(*told).replace(b"229.90</cbc:Pay", b"9.90</cbc:Pay")
        )
        document_bytes(agency.owner, invoice_id, "ubl")
    (fault,) = verify_workspace()
    assert "INV-2026-0001: its stored ubl says" in fault
    assert "9.90" in fault


def test_a_ubl_file_that_is_none_is_found_out(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice_id = finalised(agency)
    for content, words in ((b"no xml", "not XML"), (b"<Invoice/>", "no amount due")):
        with pytest.raises(ValueError, match=words):
            read_ubl(content)
    monkeypatch.setattr(draw_document, "write_ubl", lambda *_: b"no xml")
    document_bytes(agency.owner, invoice_id, "ubl")
    (fault,) = verify_workspace()
    assert "its stored ubl cannot be read" in fault


def test_rows_of_before_have_the_new_columns_empty(database: str, agency: Agency) -> None:
    with engine().connect() as connection:
        rows = connection.execute(text("SELECT country, purchase_order, vat_reason, electronic_address FROM client"))
        assert {tuple(row) for row in rows} == {("", "", "", "")}
