"""Crediting in the browser: minutes are typed, the sum answers, and the credit note and its invoice lead to each other."""

from playwright.sync_api import Browser, expect

from agency_app.services.verify_workspace import verify_workspace
from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in


def test_minutes_and_a_line_are_credited_and_the_invoice_says_so(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/invoices")
    page.locator(".tbl-inv tr", has_text="INV-2026").first.locator("a.strong").click()
    page.get_by_role("link", name="Credit this invoice").click()
    lines = page.locator(".cr-l > li")
    expect(page.get_by_role("button", name="Issue credit note")).to_be_disabled()
    lines.nth(0).locator("summary").click()
    lines.nth(0).locator(".cr-t").first.fill("9:00")
    lines.nth(0).locator(".cr-t").first.blur()
    expect(page.locator(".err")).to_contain_text("more than is left")
    lines.nth(0).locator(".cr-t").first.fill("0:30")
    lines.nth(0).locator(".cr-t").first.blur()
    expect(page.locator("#credited")).not_to_have_text("€0.00")
    expect(page.locator(".err")).to_have_count(0)
    lines.nth(1).locator("input[type=checkbox]").click()
    expect(lines.nth(1).locator("input[type=checkbox]")).to_be_checked()
    page.get_by_role("button", name="Issue credit note").click()
    expect(page.locator(".err")).to_contain_text("Say why")
    page.fill("input[name=reason]", "Half an hour was logged twice")
    with page.expect_download() as download:
        page.get_by_role("button", name="Issue credit note").click()
    assert download.value.suggested_filename.startswith("CN-")
    expect(page.get_by_role("heading", name="Credit note")).to_be_visible()
    page.locator(".af a.strong").click()
    expect(page.locator(".af-n li")).to_have_count(1)
    assert verify_workspace() == []
    context.close()
