"""The builder in a real browser: every gesture is on the paper at once, in the other tab too, and can be taken back."""

import re

from playwright.sync_api import Browser, Page, expect

from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in

MARA, SEM = "mara@halden.example", "sem@halden.example"


def open_draft(page: Page, client: str) -> None:
    page.locator(".tbl-inv tbody tr", has_text=client).locator("a", has_text="Draft").click()
    expect(page.locator(".il tbody tr").first).to_be_visible()


def words(page: Page) -> list[str]:
    return page.locator(".line-b").all_inner_texts()


def test_a_draft_is_built_beside_its_paper(browser: Browser, server: RunningServer) -> None:
    _, page = sign_in(browser, server.url, MARA, "/invoices")
    open_draft(page, "Northwind")
    _, other = sign_in(browser, server.url, SEM, re.sub(r"^https?://[^/]+", "", page.url))
    total = page.locator("#invoice-total")
    first = total.inner_text()

    page.locator(".tk-t button", has_text="Adjust").first.click()
    page.get_by_label("Bill 15 minutes less").click()
    expect(page.locator(".toast")).to_contain_text("min billed")
    expect(total).not_to_have_text(first)
    expect(other.locator("#invoice-total")).to_have_text(total.inner_text())
    page.keyboard.press("z")
    expect(total).to_have_text(first)

    page.locator("#add-menu summary").click()
    page.locator("#add-menu button", has_text="Fixed item").click()
    page.locator("#item-dialog input[name=description]").fill("Landing page")
    page.locator("#item-dialog input[name=price]").fill("1,250")
    page.locator("#item-dialog button[type=submit]").click()
    expect(page.locator("#item-dialog .err")).to_contain_text("two ways")
    page.locator("#item-dialog input[name=price]").fill("1250.00")
    page.locator("#item-dialog button[type=submit]").click()
    expect(page.locator(".il")).to_contain_text("Landing page")
    expect(other.locator(".il")).to_contain_text("Landing page")

    before = words(page)
    page.locator(".line-b").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".line-b").first).to_have_text(before[1])
    page.locator(".il tbody tr:nth-child(2) .grip").drag_to(page.locator(".il tbody tr:nth-child(1) .grip"))
    expect(page.locator(".line-b").first).to_have_text(before[0])

    page.locator(".line-b").first.click()
    page.locator(".line-words").fill("Work of the month")
    page.keyboard.press("Enter")
    expect(page.locator(".line-b").first).to_have_text("Work of the month")
    page.locator(".tools select").select_option("member")
    expect(page.locator(".il")).not_to_contain_text("Work of the month")
    page.locator(".tools select").select_option("activity")
    expect(page.locator(".line-b").first).to_have_text("Work of the month")

    a_rounding_is_shown_while_it_is_chosen(page)
    a_check_opens_what_mends_it(page)
    an_entry_shows_its_record_and_moves_to_another_month(page)


def a_rounding_is_shown_while_it_is_chosen(page: Page) -> None:
    page.get_by_role("button", name="Rounding").click()
    dialog = page.locator("#rounding-dialog")
    dialog.get_by_label("Time is").select_option("up")
    expect(dialog.get_by_role("alert")).to_contain_text("how many minutes")
    dialog.get_by_label("To minutes").fill("60")
    expect(dialog.get_by_role("status")).to_contain_text("more")
    dialog.get_by_label("Time is").select_option("none")
    expect(dialog.get_by_role("status")).to_contain_text("Nothing changes")
    dialog.get_by_role("button", name="Cancel").click()


def a_check_opens_what_mends_it(page: Page) -> None:
    page.get_by_role("button", name="Note, due date, order").click()
    page.locator("#head-dialog input[name=due_on]").fill("2020-01-01")
    page.locator("#head-dialog button[type=submit]").click()
    stop = page.locator(".chk .bad", has_text="before the issue date")
    stop.get_by_role("button", name="Change it").click()
    page.locator("#head-dialog input[name=due_on]").fill("")
    page.locator("#head-dialog button[type=submit]").click()
    expect(stop).to_have_count(0)


def an_entry_shows_its_record_and_moves_to_another_month(page: Page) -> None:
    row = page.locator(".tk-t tbody tr", has_text="Adjust").first
    task = row.locator(".task").inner_text()
    row.get_by_role("button", name="Adjust").click()
    expect(page.locator(".tk-t tr:has(+ tr.adjust) .task")).to_have_text(task)  # another one may have been open
    expect(page.get_by_label("Evidence")).to_contain_text("Logged by")
    page.get_by_label("Month whose invoice bills it").select_option(index=1)
    page.get_by_role("button", name="Move there").click()
    moved = page.locator(".set-aside li", has_text="invoice")
    expect(moved).to_contain_text(task)
    moved.get_by_role("button", name="Bill here").click()
    expect(moved).to_have_count(0)
