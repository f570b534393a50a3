"""The PDF of an invoice: behind the cookie, inside the workspace, never cached."""

import hashlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.start_client import StartClient, start_client
from agency_app.store import clients, people
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, LoginSession
from agency_app.tables.base import now
from agency_app.web.session_cookie import COOKIE
from tests.stranger import add_stranger
from tests.web.conftest import sign_in_at


@pytest.fixture
def client_id(owner: Actor) -> str:
    """A client with an hour of work this month, of an agency that may send invoices."""
    with transaction() as session:
        workspace = people.workspace(session, owner.workspace_id)
        workspace.address = "Keizersgracht 1\nAmsterdam\nNetherlands"
        workspace.invoice_pattern = "H/{year}/{number:03}"
        session.add(workspace)
    terms = StartClient(
        "Northwind", "Retainer", "hours", date(2025, 1, 1), 36_000, rate=950_000, address="Quay 1\nUtrecht"
    )
    client_id = start_client(owner, terms)
    with reading() as session:
        activity = clients.activities(session, owner.workspace_id)[0]
    start = now().replace(hour=10, minute=0, second=0, microsecond=0)
    log_time(owner, LogTime(client_id, activity.id, start, start + timedelta(hours=1)))
    return client_id


@pytest.fixture
def invoice_id(owner: Actor, client_id: str) -> str:
    """A final invoice."""
    return finalise_invoice(
        owner, client_id, date.today(), read_draft(owner, client_id, date.today()).version
    ).invoice_id


def test_a_member_downloads_the_stored_pdf(owner: Actor, invoice_id: str, browser: TestClient) -> None:
    sign_in_at(browser)
    for path in (f"/invoices/{invoice_id}/pdf", f"/invoices/{invoice_id}/pdf?kind=invoice"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        number = f"H/{datetime.now(ZoneInfo(owner.zone)).year}/001"
        quoted = number.replace("/", "%2F")
        plain = number.replace("/", "-")
        wanted = f"attachment; filename=\"{plain}.pdf\"; filename*=UTF-8''{quoted}.pdf"
        assert answer.headers["content-disposition"] == wanted
        assert answer.headers["cache-control"] == "private, no-store"


def test_without_a_session_the_pdf_leads_to_the_sign_in(owner: Actor, invoice_id: str, browser: TestClient) -> None:
    answer = browser.get(f"/invoices/{invoice_id}/pdf")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/invoices/{invoice_id}")
    browser.cookies.set(COOKIE, "x" * 43)
    assert browser.get(f"/invoices/{invoice_id}/pdf").status_code == 303


def test_a_member_of_another_workspace_finds_nothing(owner: Actor, invoice_id: str, browser: TestClient) -> None:
    browser.cookies.set(COOKIE, _session_of_a_stranger())
    answer = browser.get(f"/invoices/{invoice_id}/pdf")
    assert (answer.status_code, answer.text) == (404, "That invoice is not in this workspace.")


def test_drafts_unknown_ids_and_unknown_kinds_have_no_pdf(owner: Actor, client_id: str, browser: TestClient) -> None:
    sign_in_at(browser)
    draft_id = open_draft(owner, client_id, date.today())
    for path in (f"/invoices/{draft_id}/pdf", "/invoices/unknown/pdf", f"/invoices/{draft_id}/pdf?kind=../etc"):
        assert browser.get(path).status_code == 404


def _complete(owner: Actor, client_id: str) -> None:
    with transaction() as session:
        workspace = people.workspace(session, owner.workspace_id)
        workspace.vat_id = "NL001234567B01"
        client = session.get_one(Client, client_id)
        client.country = "NL"
        session.add_all([workspace, client])


def test_a_member_downloads_the_e_invoice(owner: Actor, client_id: str, browser: TestClient) -> None:
    _complete(owner, client_id)
    version = read_draft(owner, client_id, date.today()).version
    invoice_id = finalise_invoice(owner, client_id, date.today(), version).invoice_id
    sign_in_at(browser)
    answer = browser.get(f"/invoices/{invoice_id}/ubl")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].endswith("001.xml")
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice ')
    assert browser.get(f"/invoices/{invoice_id}/ubl").content == answer.content


def test_an_invoice_that_says_too_little_has_no_e_invoice_and_the_answer_says_why(
    invoice_id: str, browser: TestClient
) -> None:
    sign_in_at(browser)
    answer = browser.get(f"/invoices/{invoice_id}/ubl")
    assert answer.status_code == 409
    assert "Northwind has no country" in answer.text
    assert "needs the agency's VAT id" in answer.text


def test_the_e_invoice_is_behind_the_cookie_and_inside_the_workspace(
    owner: Actor, client_id: str, invoice_id: str, browser: TestClient
) -> None:
    answer = browser.get(f"/invoices/{invoice_id}/ubl")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/invoices/{invoice_id}")
    browser.cookies.set(COOKIE, _session_of_a_stranger())
    assert browser.get(f"/invoices/{invoice_id}/ubl").status_code == 404


def test_a_draft_has_no_e_invoice(owner: Actor, client_id: str, browser: TestClient) -> None:
    sign_in_at(browser)
    assert browser.get(f"/invoices/{open_draft(owner, client_id, date.today())}/ubl").status_code == 404


def _session_of_a_stranger() -> str:
    token = "s" * 43
    stranger, until = add_stranger(), now() + timedelta(days=1)
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    with transaction() as session:
        session.add(LoginSession(member_id=stranger.member_id, token_hash=token_hash, expires_at=until))
    return token
