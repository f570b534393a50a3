"""The documents with a real browser: the draft's PDF on its page, kept in step, and the logo on it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Workspace
from tests.documents.test_logo import SVG
from tests.ui.conftest import client_id, sign_in
from tests.ui.test_settings import draft_id

FRAME = "#pdf-frames iframe:not(.next)"


@pytest.fixture
def mara(browser: Browser, server: RunningServer):
    context, page = sign_in(browser, server.url, "mara@halden.example", "/settings")
    expect(page.locator("form.rf")).to_be_visible()
    yield page
    context.close()


def logo_hash() -> str:
    with reading() as session:
        return session.exec(select(Workspace.logo_sha256)).one()


def test_the_pdf_of_a_draft_is_on_its_page_and_follows_every_change(mara: Page, server: RunningServer) -> None:
    with mara.expect_response(lambda answer: urlsplit(answer.url).path.endswith("/preview")) as answered:
        mara.goto(f"{server.url}/invoices/{draft_id()}")
        mara.get_by_role("link", name="PDF", exact=True).click()
    assert answered.value.headers["content-type"] == "application/pdf"
    expect(mara).to_have_url(f"{server.url}/invoices/{draft_id()}?view=pdf")
    frame = mara.locator(FRAME)
    expect(frame).to_have_count(1, timeout=20_000)
    expect(mara.locator(".paper")).to_be_hidden()
    expect(mara.locator(".pdf-mark")).to_have_text("Draft")
    before = frame.get_attribute("data-source")

    mara.reload()
    expect(mara.locator(FRAME)).to_have_attribute("data-source", before or "", timeout=20_000)

    other = mara.context.new_page()
    other.goto(f"{server.url}/clients/{client_id()}")
    other.get_by_label("Language of invoices").select_option("de")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator(".toast")).to_contain_text("Saved")
    expect(mara.locator(FRAME)).not_to_have_attribute("data-source", before or "", timeout=20_000)
    expect(mara.locator("#pdf-frames iframe")).to_have_count(1)

    mara.get_by_role("link", name="Lines", exact=True).click()
    expect(mara.locator(".paper")).to_be_visible()
    expect(mara.locator("#pdf-pane")).to_have_count(0)


def test_the_logo_is_chosen_refused_in_words_and_taken_away(mara: Page, tmp_path: Path) -> None:
    bad, good = tmp_path / "logo.gif", tmp_path / "logo.svg"
    bad.write_bytes(b"GIF89a")
    good.write_bytes(SVG)
    section = mara.get_by_label("Logo", exact=True)
    mara.locator("#logo-file").set_input_files(bad)
    expect(section.get_by_role("alert")).to_contain_text("Choose a PNG, JPEG or SVG file.")
    assert logo_hash() == ""
    mara.locator("#logo-file").set_input_files(good)
    expect(section.get_by_role("img")).to_be_visible()
    expect(section.get_by_role("alert")).to_be_hidden()
    assert logo_hash() != ""
    mara.reload()
    expect(section.get_by_role("img")).to_be_visible()
    section.get_by_role("button", name="Remove").click()
    expect(section.get_by_text("No logo yet")).to_be_visible()
    assert logo_hash() == ""
