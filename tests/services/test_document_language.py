"""The language of a client's documents: a draft follows it at once, a final invoice keeps the one it was written in."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from pypdf import PdfReader

from agency_app.services.change_client import change_client
from agency_app.services.finalise_invoice import TEMPLATE, document_bytes, finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.read_invoice import read_invoice
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading
from agency_app.tables import Client
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)


def log(agency: Agency) -> None:
    start = datetime(2026, 11, 17, 8, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))


def change(agency: Agency, **typed: str) -> None:
    with reading() as session:
        version = session.get_one(Client, agency.northwind).version
    change_client(agency.owner, agency.northwind, version, typed)


def test_a_draft_speaks_the_clients_language_and_a_final_invoice_keeps_it(agency: Agency) -> None:
    log(agency)
    english = read_invoice(agency.owner, open_draft(agency.owner, agency.northwind, DAY))
    assert (english.snapshot["language"], english.snapshot["locale"]) == ("en", "en")
    change(agency, language="de", country="CH", vat_category="AE", vat_id="CHE-123.456.789", vat_rate="0")
    draft = read_invoice(agency.owner, english.invoice.id)
    assert (draft.snapshot["language"], draft.snapshot["locale"]) == ("de", "de_CH")
    assert draft.snapshot["lines"][0]["detail"] == "1 Eintrag"
    assert draft.snapshot["vat"][0]["reason"] == "Steuerschuldnerschaft des Leistungsempfängers."
    assert draft.version != english.version

    version = read_draft(agency.owner, agency.northwind, DAY).version
    done = finalise_invoice(agency.owner, agency.northwind, DAY, version, issue_date=date(2026, 11, 30))
    change(agency, language="fr")
    frozen = read_invoice(agency.owner, done.invoice_id)
    assert frozen.snapshot["language"] == "de"
    text = PdfReader(BytesIO(document_bytes(agency.owner, done.invoice_id))).pages[0].extract_text()
    assert "Rechnungsdatum" in text
    assert "30. November 2026" in text
    assert verify_workspace() == []
    assert json.loads(frozen.invoice.snapshot or "")["template"] == TEMPLATE


def test_what_an_agreement_is_charged_for_is_named_in_the_clients_language(agency: Agency) -> None:
    log(agency)
    change(agency, language="nl")
    described = {line.description for line in read_draft(agency.owner, agency.northwind, DAY).draft.lines}
    assert not described & {"Retainer fee", "Overage"}
