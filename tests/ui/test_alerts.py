"""The bell in a real browser: it rings on every page when a share of a retainer is used, and stops once it was seen."""

from playwright.sync_api import Browser, expect

from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in


def test_the_bell_tells_of_a_retainer_on_every_page_until_it_was_seen(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "jonas@halden.example", "/clients")
    number = page.locator(".bell-n")
    expect(number).to_be_visible(timeout=15_000)
    rung = int(number.inner_text())
    page.get_by_label("Alerts,").click()
    fresh = page.locator(".bell-l li", has_text="New")
    expect(fresh).to_have_count(rung)
    about = fresh.first.locator(".bell-a").inner_text()
    fresh.first.get_by_role("link").click()
    page.wait_for_url("**/retainers/**")
    expect(page.locator("h1")).to_contain_text(about.partition(",")[0])
    if rung > 1:
        expect(number).to_have_text(str(rung - 1))
    page.goto(f"{server.url}/invoices")
    page.get_by_label("Alerts").click()
    if rung > 1:
        page.get_by_role("button", name="Mark all as seen").click()
    expect(number).to_have_count(0)
    expect(page.locator(".bell-l li")).to_have_count(rung)
    context.close()
