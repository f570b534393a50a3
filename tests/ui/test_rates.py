"""The rate card in a real browser: a rate is added, changed, taken away and put back; a mistake is told where it is."""

from playwright.sync_api import Browser, expect

from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in


def test_a_rate_is_added_changed_removed_and_put_back(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "jonas@halden.example", "/settings")
    page.get_by_role("link", name="Rates", exact=True).click()
    form = page.get_by_role("region", name="Add a rate")
    form.get_by_label("Client").select_option(label="Northwind Coffee, EUR")
    form.get_by_label("Activity").select_option(label="Reporting")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("such as 95")
    form.get_by_label("An hour").fill("112.50")
    form.get_by_role("button", name="Add").click()
    expect(page.locator(".toast")).to_contain_text("from now on")
    row = page.locator("li", has_text="Northwind Coffee").filter(has_text="Reporting")
    expect(row).to_contain_text("€112.50 an hour")

    row.locator("input[name=rate]").fill("120")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("€120.00 an hour")
    row.get_by_role("button", name="Remove this rate").click()
    expect(row).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("€120.00 an hour")
    context.close()


def test_a_member_reads_the_rates_and_changes_none(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "ida@halden.example", "/settings/rates")
    expect(page.get_by_role("region", name="The rate card")).to_contain_text("standard rate")
    expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(0)
    expect(page.locator("input[name=rate]")).to_have_count(0)
    context.close()
