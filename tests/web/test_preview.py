"""The preview over HTTP: for signed-in members, in a frame of our own page, never kept."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import open_draft
from agency_app.services.preview_document import preview_document
from agency_app.services.refusal import NotFound
from agency_app.services.start_client import StartClient, start_client
from tests.stranger import add_stranger
from tests.web.conftest import sign_in_at


def draft_of(owner: Actor) -> str:
    client = start_client(owner, StartClient("Northwind", "Retainer", "fee", date(2025, 1, 1), fee=10_000_000))
    return open_draft(owner, client, date.today())


def test_a_draft_is_shown_in_place_to_our_own_page_alone(owner: Actor, browser: TestClient) -> None:
    invoice_id = draft_of(owner)
    sign_in_at(browser)
    answer = browser.get(f"/invoices/{invoice_id}/preview?v=1")
    assert answer.status_code == 200
    assert answer.content[:5] == b"%PDF-"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert "no-store" in answer.headers["cache-control"]


def test_a_visitor_and_a_stranger_see_nothing(owner: Actor, browser: TestClient) -> None:
    invoice_id = draft_of(owner)
    with pytest.raises(NotFound):
        preview_document(add_stranger(), invoice_id)
    assert browser.get(f"/invoices/{invoice_id}/preview").status_code in (303, 401)
    sign_in_at(browser)
    assert browser.get("/invoices/nobodys/preview").status_code == 404
