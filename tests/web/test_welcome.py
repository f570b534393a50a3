"""The first visit over HTTP: once, and never again."""

import pytest
from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.sign_in import actor_of_token
from agency_app.store import people
from agency_app.store.engine import reading
from agency_app.web.session_cookie import COOKIE

FORM = {
    "agency_name": "Halden & Co",
    "owner_name": "Mara Halden",
    "email": "Mara@Halden.example",
    "password": "a long password",
    "currency": "GBP",
    "zone": "Europe/London",
    "address": "1 Quay Street\r\nManchester M1 2AB",
    "country": "United Kingdom",
    "vat_id": "",
    "iban": "",
}
OURS = {"Origin": "http://testserver"}


def test_the_first_visitor_is_led_to_the_welcome(browser: TestClient) -> None:
    assert browser.get("/").headers["location"] == "/sign-in"
    assert browser.get("/sign-in").headers["location"] == "/welcome"
    page = browser.get("/welcome")
    assert page.status_code == 200
    assert "Create the agency" in page.text


def test_the_welcome_creates_the_agency_signs_in_and_leads_to_the_first_client(browser: TestClient) -> None:
    answer = browser.post("/welcome", data=FORM, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?start=client")
    actor = actor_of_token(browser.cookies[COOKIE])
    assert actor is not None
    assert (actor.name, actor.role, actor.zone) == ("Mara Halden", "owner", "Europe/London")
    assert browser.get("/?start=client").text == "the app"
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
    assert workspace.address == "1 Quay Street\nManchester M1 2AB\nUnited Kingdom"
    assert (workspace.currency, workspace.legal_name) == ("GBP", "Halden & Co")


def test_there_is_one_welcome_only(owner: Actor, browser: TestClient) -> None:
    assert browser.get("/welcome").headers["location"] == "/sign-in"
    again = browser.post("/welcome", data=FORM | {"email": "eve@evil.example"}, headers=OURS)
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in")
    assert "set-cookie" not in again.headers
    with reading() as session:
        assert [member.email for member in people.members(session, owner.workspace_id)] == ["mara@halden.example"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("agency_name", "  ", "Give the agency its name."),
        ("owner_name", "", "Say who you are."),
        ("email", "mara", "Write an e-mail address"),
        ("password", "too short", "at least 10 characters"),
        ("currency", "EURO", "is not an ISO 4217 currency code"),
        ("zone", "Mars/Base", "is not a time zone"),
        ("address", "a line\n" * 9, "within 8 lines"),
        ("vat_id", "garbage", "A VAT number begins with its country"),
        ("iban", "NL00BAD", "7 letters and digits, one of NL has 18"),
        ("iban", "NL91 ABNA 0417 1643 01", "check digits"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    field: str, value: str, said: str, browser: TestClient
) -> None:
    answer = browser.post("/welcome", data=FORM | {field: value}, headers=OURS)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "a long password" not in answer.text
    assert ("Halden &amp; Co" in answer.text) is (field != "agency_name")
    assert "set-cookie" not in answer.headers
    with reading() as session:
        assert people.any_workspace(session) is None


def test_all_that_is_to_be_mended_is_said_at_once(browser: TestClient) -> None:
    wrong = {"agency_name": "", "vat_id": "garbage", "iban": "NL00BAD", "email": "mara", "password": "short"}
    answer = browser.post("/welcome", data=FORM | wrong, headers=OURS)
    assert answer.status_code == 422
    assert [name for name in FORM if f'id="{name}-error"' in answer.text] == [
        "agency_name", "email", "password", "vat_id", "iban"
    ]  # fmt: skip
    assert answer.text.count("autofocus") == 1


def test_what_the_welcome_took_is_stored_as_the_settings_would(browser: TestClient) -> None:
    browser.post("/welcome", data=FORM | {"vat_id": "nl001234567b01", "iban": "nl91 abna 0417 1643 00"}, headers=OURS)
    actor = actor_of_token(browser.cookies[COOKIE])
    assert actor is not None
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
    assert (workspace.vat_id, workspace.iban) == ("NL001234567B01", "NL91ABNA0417164300")
