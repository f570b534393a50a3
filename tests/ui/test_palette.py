"""The command palette: a combobox that finds, goes, runs and logs, on every page, without a mouse."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import RunningTimer, TimeEntry
from tests.ui.conftest import sign_in


@pytest.fixture
def mara(browser: Browser, server: RunningServer) -> Iterator[Page]:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/retainers")
    page.locator("h1").wait_for()
    yield page
    context.close()


def entries() -> dict[str, TimeEntry]:
    with reading() as session:
        return {entry.id: entry for entry in session.exec(select(TimeEntry))}


def search(page: Page, text: str) -> None:
    """Open the palette and type, once what can be found has come."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    expect(page.locator("#palette-list [role=option]", has_text="Northwind").first).to_be_visible()
    page.keyboard.type(text)


def chosen(page: Page) -> str:
    """Return the option that Enter takes, as a screen reader is told it."""
    option = page.locator("#palette-input").get_attribute("aria-activedescendant")
    found = page.locator(f"#{option}")
    assert found.get_attribute("aria-selected") == "true"
    return found.get_attribute("aria-label") or ""


def test_it_goes_to_pages_clients_retainers_and_invoices_by_number(mara: Page) -> None:
    for text, address, title in (
        ("approv", r"/approvals$", "Approvals"),
        ("INV-2026-0003", r"/invoices/\w+$", "Invoice"),
        ("northwind social", r"/retainers/\w+$", "Retainer"),
        ("gaps", r"/gaps", "Gaps"),
    ):
        search(mara, text)
        expect(mara.locator("#palette-list [role=option]").first).to_contain_text(re.compile(text.split()[0], re.I))
        mara.keyboard.press("Enter")
        expect(mara).to_have_url(re.compile(address))
        expect(mara).to_have_title(f"{title} · Agency")
        expect(mara.locator("#palette")).to_be_hidden()
    search(mara, "fjord")
    first = chosen(mara)
    assert first == "Fjord Outdoor, Focus on a client"
    mara.keyboard.press("ArrowDown")
    assert chosen(mara) != first
    mara.keyboard.press("ArrowUp")
    assert chosen(mara) == first
    mara.keyboard.press("Enter")  # the first is the focus
    expect(mara).to_have_url(re.compile(r"/\?week=[\d-]+&client=\w+"))
    expect(mara.get_by_label("Client in focus").locator("option:checked")).to_have_text("Fjord Outdoor")


def test_it_logs_a_line_asks_what_is_unsure_and_starts_and_stops_the_timer(mara: Page) -> None:
    known = set(entries())
    search(mara, "45m call fjord")
    expect(mara.locator("#palette-list [role=option]").first).to_contain_text("Log it")
    mara.keyboard.press("Enter")
    expect(mara.locator(".toast")).to_contain_text("Logged 0 h 45 for Fjord")
    [logged] = set(entries()) - known
    mara.keyboard.press("z")
    expect(mara.locator(".toast")).to_contain_text("Undone")
    assert logged not in entries()

    search(mara, "30m rebalanced meta")
    expect(mara.locator("#palette-status")).to_contain_text("Which client?")
    assert set(entries()) == known
    mara.keyboard.press("Enter")  # the first answer
    expect(mara.locator("#palette-list [role=option]").first).to_contain_text("Log it")
    mara.keyboard.press("Enter")
    expect(mara.locator(".toast")).to_contain_text("Logged 0 h 30")
    assert len(set(entries()) - known) == 1

    search(mara, "report fjord")
    expect(mara.locator("#palette-list [role=option]").first).to_contain_text("Start a timer")
    mara.keyboard.press("Enter")
    expect(mara.locator(".timer")).to_contain_text("Fjord")
    with reading() as session:
        assert session.exec(select(RunningTimer)).one().note == ""
    search(mara, "stop")
    mara.keyboard.press("Enter")
    expect(mara.locator(".timer")).to_have_count(0)


def test_finalise_leads_to_the_drafts_confirmation(mara: Page) -> None:
    search(mara, "finalise lumen")
    mara.keyboard.press("Enter")
    expect(mara).to_have_url(re.compile(r"/invoices/\w+\?finalise=1"))
    expect(mara.locator("#finalise-dialog")).to_be_visible()


def test_it_keeps_the_focus_tells_what_is_chosen_and_closes_on_escape(mara: Page) -> None:
    search(mara, "n")
    field = mara.get_by_role("combobox", name="Search or run")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-controls", "palette-list")
    expect(mara.locator("#palette-list")).to_have_role("listbox")
    expect(mara.locator("#palette-list [aria-selected=true]")).to_have_count(1)
    expect(mara.locator("#palette-status")).to_contain_text(re.compile(r"\d+ results"))
    mara.keyboard.type("zzzz")
    expect(mara.locator("#palette-status")).to_contain_text("Nothing is called that")
    mara.keyboard.press("Escape")
    expect(mara.locator("#palette")).to_be_hidden()
    mara.get_by_role("button", name="Search or run").click()
    mara.locator("#palette-list [role=option]", has_text="Keys").click()
    expect(mara.locator("#keys")).to_be_visible()


def test_an_address_without_a_page_says_so_and_leads_back(mara: Page) -> None:
    answer = mara.goto(f"http://{mara.url.split('/')[2]}/no/page")
    assert answer is not None
    assert answer.status == 404
    expect(mara.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    mara.get_by_role("link", name="To the week").click()
    expect(mara.locator(".wk-lane").first).to_be_visible()
