"""A new agency from an empty folder: its first client, its first hours, its first invoice, credit note and report."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agency_app.serving.server import RunningServer, running_server
from tests.migrated import migrate


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[RunningServer]:
    """A server over a folder in which there is nothing yet."""
    folder = tmp_path / "data"
    folder.mkdir()
    migrate(f"sqlite:///{folder / 'agency.db'}")
    with running_server(folder) as server:
        yield server


@pytest.fixture
def page(browser: Browser, empty: RunningServer) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.goto(empty.url)
    page.fill("#agency_name", "Halden Media")
    page.fill("#zone", "UTC")
    page.fill("#country", "Netherlands")
    page.fill("#owner_name", "Mara Halden")
    page.fill("#email", "mara@halden.example")
    page.fill("#password", "long enough 1")
    page.get_by_role("button", name="Create the agency").click()
    yield page
    context.close()


def test_a_refused_welcome_says_all_there_is_to_mend_and_keeps_the_password(
    browser: Browser, empty: RunningServer
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(empty.url)
    typed = {"agency_name": "Halden", "zone": "UTC", "vat_id": "garbage", "iban": "NL00BAD", "owner_name": "Mara"}
    for name, value in (typed | {"email": "mara@halden.example", "password": "long enough 1"}).items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Create the agency").click()
    expect(page.locator("#iban-error")).to_contain_text("7 letters and digits, one of NL has 18")
    expect(page.locator("#vat_id")).to_be_focused()
    expect(page.locator("#password")).to_have_value("long enough 1")
    expect(page.locator("#agency_name")).to_have_value("Halden")
    page.fill("#vat_id", "NL001234567B01")
    page.fill("#iban", "")
    page.get_by_role("button", name="Create the agency").click()
    expect(page.locator("#start-dialog")).to_be_visible()
    context.close()


def test_without_a_country_the_vat_rate_is_asked_for_before_the_first_invoice(
    browser: Browser, empty: RunningServer
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(empty.url)
    typed = {"agency_name": "Halden", "zone": "UTC", "owner_name": "Mara", "email": "mara@halden.example"}
    for name, value in (typed | {"password": "long enough 1"}).items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Create the agency").click()
    dialog = page.locator("#start-dialog")
    expect(dialog).to_be_visible()
    for name, value in {"name": "Northwind Outdoor", "hours": "20", "rate": "95"}.items():
        dialog.locator(f"[name={name}]").fill(value)
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()
    page.fill("#quick-line", "northwind 1h30 report")
    page.keyboard.press("Enter")
    expect(page.get_by_text("VAT, no rate yet")).to_be_visible()
    expect(page.locator("#draft-total")).to_contain_text("142.50")
    page.get_by_role("button", name="Finalise & download").click()
    asked = page.locator("#finalise-dialog").get_by_role("listitem").filter(has_text="has no VAT rate yet")
    asked.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/clients/\w+\?back=.*#vat_rate"))
    page.fill("#vat_rate", "8.1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".toast").get_by_role("link", name="Back to finalising").click()
    expect(page.locator("#finalise-dialog")).to_contain_text("billing address")
    expect(asked).to_have_count(0)
    expect(page.locator("#draft-total")).to_contain_text("154.04")
    context.close()


def test_the_form_of_the_first_client_stays_away_once_it_was_put_away(page: Page, empty: RunningServer) -> None:
    dialog = page.locator("#start-dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.goto(f"{empty.url}/retainers")
    expect(page.get_by_text("No retainer yet")).to_be_visible()
    expect(page.locator(".rt tfoot, .key")).to_have_count(0)
    page.goto(empty.url)
    page.wait_for_selector(".wk-lane")
    page.wait_for_timeout(500)
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Start with one retainer client").click()
    expect(dialog).to_be_visible()


def test_a_new_agency_comes_from_its_first_client_to_its_first_report(page: Page, empty: RunningServer) -> None:
    dialog = page.locator("#start-dialog")
    expect(dialog).to_be_visible()
    today = date.fromisoformat(page.evaluate("new Date().toISOString().slice(0, 10)"))
    expect(dialog.locator("[name=starts_on]")).to_have_value(today.replace(day=1).isoformat())

    def asked() -> list[str]:
        names = dialog.locator("input[name], select[name]").evaluate_all(
            "all => all.filter((one) => one.offsetParent).map((one) => one.name)"
        )
        return [name for name in names if name in ("hours", "fee", "budget", "rate", "overage_rate")]

    for basis, fields in (
        ("fee", ["fee", "hours", "overage_rate"]),
        ("hybrid", ["fee", "hours", "rate", "overage_rate"]),
        ("budget", ["budget", "rate"]),
        ("hours", ["hours", "rate", "overage_rate"]),
    ):
        dialog.locator("[name=basis]").select_option(basis)
        assert asked() == fields
    dialog.locator("[name=name]").fill("Northwind Outdoor")
    dialog.locator("[name=hours]").fill("20")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.locator(".fld-err")).to_have_text("Rate per hour: Give the rate an hour is billed at.")
    expect(dialog.locator("[name=name]")).to_have_value("Northwind Outdoor")
    dialog.locator("[name=rate]").fill("95")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()
    page.wait_for_url(f"**/?week={today.isoformat()}&client=*")  # a phone shows today, not the week's first day

    page.fill("#quick-line", "northwind 1h30 report")
    page.keyboard.press("Enter")
    expect(page.locator("#draft-total")).to_contain_text("172.43")  # 1.5 h × 95 and 21 % VAT
    page.wait_for_timeout(2_000)  # so long the server may take to derive alerts: there must be none
    expect(page.locator("[aria-label^=Alerts]").first).to_have_attribute("aria-label", "Alerts, all seen")

    page.get_by_role("link", name="Invoices").click()
    expect(page.locator(".tbl-inv tbody tr", has_text="Draft")).to_contain_text("€172.43")
    page.get_by_role("link", name="Week", exact=True).first.click()

    page.get_by_role("button", name="Finalise & download").click()
    finalise = page.locator("#finalise-dialog")
    expect(finalise.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    finalise.get_by_role("alert").get_by_role("link").first.click()
    page.fill("#address", "Keizersgracht 214\n1016 DX Amsterdam\nNetherlands")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".toast").get_by_role("link", name="Back to finalising").click()
    finalise.get_by_role("alert").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/clients/\w+\?back="))
    page.fill("#address", "Westerstraat 18\n1015 MJ Amsterdam\nNetherlands")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".toast").get_by_role("link", name="Back to finalising").click()
    with page.expect_download():
        finalise.get_by_role("button", name="Finalise & download").click()
    expect(finalise).to_be_hidden()

    page.goto(f"{empty.url}/invoices")
    row = page.locator(".tbl-inv tbody tr", has_text="INV-")
    expect(row.locator("td").nth(7)).to_have_text("Due")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(row.locator(".chip.on-phone")).to_have_text(re.compile(r"^Due \d+ \w+$"))
    expect(row.locator(".chip.on-phone")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})

    page.goto(f"{empty.url}/reports")
    expect(page.locator(".rp-sum")).to_contain_text("€142.50 earned in 1.5 h")
    page.get_by_role("link", name="Set cost rates").click()
    page.wait_for_url("**/settings/costs")
