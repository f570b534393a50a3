"""The logo over HTTP: the picture for those who are signed in, the upload for those who may, and nothing that runs."""

from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.change_logo import read_logo
from tests.documents.test_logo import SVG, picture
from tests.web.conftest import sign_in_at


def test_an_uploaded_logo_is_shown_and_can_be_taken_away(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    assert browser.get("/settings/logo").status_code == 404
    answer = browser.put("/settings/logo", content=SVG)
    assert (answer.status_code, answer.json()) == (200, {"message": ""})
    shown = browser.get("/settings/logo")
    assert shown.content == SVG
    assert shown.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "no-store" in shown.headers["cache-control"]
    assert browser.put("/settings/logo", content=picture()).status_code == 200
    assert browser.get("/settings/logo").headers["content-type"] == "image/png"
    assert browser.delete("/settings/logo").status_code == 200
    assert read_logo(owner) is None


def test_a_file_that_is_none_is_refused_in_words(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    for content in (b"GIF89a", b"", b"<svg", bytes(3_000_000)):
        answer = browser.put("/settings/logo", content=content)
        assert answer.status_code == 422
        assert answer.json()["message"]
    assert read_logo(owner) is None


def test_visitors_and_other_sites_neither_see_nor_change_it(owner: Actor, browser: TestClient) -> None:
    assert browser.get("/settings/logo").status_code == 303
    assert browser.put("/settings/logo", content=SVG).status_code == 401
    sign_in_at(browser)
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.put("/settings/logo", content=SVG, headers=elsewhere).status_code == 403
    assert read_logo(owner) is None
