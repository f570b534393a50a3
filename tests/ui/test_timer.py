"""The timer runs on every page, in the title, on a second device and through a reload, and stops into an entry."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store import people
from agency_app.store.engine import transaction
from agency_app.tables import RunningTimer
from tests.ui.conftest import client_id, entries, sign_in, today


@pytest.fixture
def mara(browser: Browser, server: RunningServer):
    context, page = sign_in(
        browser,
        server.url,
        "mara@halden.example",
        f"/?week={today().isoformat()}&client={client_id('Brightside Dental')}",
    )
    page.wait_for_selector(".wk-lane")
    yield page
    context.close()


def start_by_key(page: Page, note: str) -> None:
    page.locator("body").press("t")
    dialog = page.locator("#timer-start")
    expect(dialog).to_be_visible()
    dialog.locator("[name=note]").fill(note)
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()


def test_the_timer_survives_pages_reloads_and_devices_and_is_logged_by_stopping(
    browser: Browser, server: RunningServer, mara: Page
) -> None:
    before = entries()
    second, phone = sign_in(browser, server.url, "mara@halden.example", "/invoices")
    start_by_key(mara, "Budgets before the weekend")
    for page in (mara, phone):
        expect(page.locator("[data-timer-clock]")).to_have_text(re.compile(r"0:00:\d\d"))
        expect(page).to_have_title(re.compile(r"^0:00 Brightside, .* · (Week|Invoices) · Agency$"))
    mara.get_by_role("link", name="Retainers", exact=True).click()
    expect(mara).to_have_title(re.compile(r"^0:00 .* · Retainers · Agency$"))
    mara.reload()
    expect(mara.locator("[data-timer-clock]")).to_have_text(re.compile(r"0:00:\d\d"))

    phone.locator("body").press("t")
    for page in (mara, phone):
        expect(page.locator("[data-timer-clock]")).to_have_count(0)
    expect(phone.locator(".toast")).to_contain_text("Logged 0 h 00 for Brightside")
    expect(mara).to_have_title("Retainers · Agency")
    [entry] = [entry for entry_id, entry in entries().items() if entry_id not in before]
    assert entry.note == "Budgets before the weekend"
    assert 1 <= entry.seconds < 60

    phone.get_by_role("button", name="Undo").click()
    expect(phone.locator(".toast")).to_contain_text("Undone")
    assert entries().keys() == before.keys()
    second.close()


def test_a_template_starts_for_the_client_in_focus_and_discarding_can_be_undone(mara: Page) -> None:
    before = entries()
    row = mara.locator(".tk", has_text="Weekly report")
    row.get_by_role("button", name="Start a timer for Weekly report").click()
    expect(mara.locator(".timer")).to_contain_text("Reporting")
    mara.locator(".timer-r").click()
    mara.get_by_role("button", name="Discard").click()
    expect(mara.locator(".timer")).to_have_count(0)
    mara.get_by_role("button", name="Undo").click()
    expect(mara.locator(".timer")).to_contain_text("Reporting")
    assert entries().keys() == before.keys()


def test_a_forgotten_timer_asks_until_when(mara: Page) -> None:
    before = entries()
    start_by_key(mara, "")
    expect(mara.locator(".timer")).to_be_visible()
    with transaction() as session:
        timer = session.exec(select(RunningTimer)).one()
        timer.started_at -= timedelta(hours=16)
        session.add(timer)
        people.raise_revision(session, timer.workspace_id)
    mara.reload()
    mara.get_by_role("button", name="Still working?").wait_for()
    mara.locator("#timer-toggle").click()
    dialog = mara.locator("#timer-until")
    expect(dialog).to_contain_text("nothing is logged before you say so")
    field = dialog.locator("[name=until]")
    begun = field.get_attribute("min")
    assert begun is not None
    field.fill(f"{begun[:11]}{begun[11:13]}:59" if begun[14:] < "58" else begun)
    assert entries().keys() == before.keys()
    dialog.get_by_role("button", name="Log until then").click()
    expect(dialog).to_be_hidden()
    [entry] = [entry for entry_id, entry in entries().items() if entry_id not in before]
    assert entry.seconds < 3600
