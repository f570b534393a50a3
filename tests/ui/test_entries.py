"""The list of entries in a real browser: found by words, kept as a filter, tidied, undone, and taken along as a file."""

import csv

from playwright.sync_api import Browser, Page, expect
from sqlmodel import func, select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import TimeEntry
from tests.ui.conftest import sign_in


def count_and_seconds() -> tuple[int, int]:
    with reading() as session:
        count, seconds = session.exec(select(func.count(), func.sum(TimeEntry.seconds))).one()
        return int(count), int(seconds or 0)


def ask(page: Page, words: str) -> None:
    page.locator("input[name=q]").fill(words)
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**/entries?*q={words}*")


def test_entries_are_found_kept_as_a_filter_and_taken_along(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/")
    page.get_by_role("navigation", name="Show as").get_by_role("link", name="List").click()
    rows = page.locator(".en-l tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Newer")).to_be_visible()

    ask(page, "Weekly")
    total = page.locator("#entries-total")
    expect(rows.first).to_contain_text("Weekly")
    shown = total.inner_text()
    page.get_by_placeholder("Name of this filter").fill("Reports")
    page.get_by_role("button", name="Save filter").click()
    page.get_by_role("link", name="Clear").click()
    expect(total).not_to_have_text(shown)
    page.get_by_role("link", name="Reports", exact=True).last.click()
    expect(total).to_have_text(shown)
    page.reload()
    expect(total).to_have_text(shown)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with download.value.path().open(newline="", encoding="utf-8-sig") as file:
        kept = list(csv.DictReader(file))
    assert f"{len(kept)} entries" in shown
    assert all("Weekly" in row["Note"] + row["Task"] for row in kept)
    context.close()


def test_entries_are_split_edited_together_deleted_and_brought_back(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/entries?when=this-month")
    rows = page.locator(".en-l tbody tr")
    expect(rows.first).to_be_visible()
    before = count_and_seconds()
    rows.first.get_by_role("button", name="Split").click()
    dialog = page.locator("#split-dialog")
    dialog.get_by_placeholder("0:45").fill("0:20")
    dialog.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Split")
    assert count_and_seconds() == (before[0] + 1, before[1])
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert count_and_seconds() == before

    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").click()
        expect(rows.nth(place).get_by_role("checkbox")).to_be_checked()
    expect(page.locator("#picked")).to_have_text("2 picked")
    page.get_by_role("region", name="Picked entries").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("2 entries")
    expect(page.locator("#picked")).to_have_count(0)
    assert count_and_seconds()[0] == before[0] - 2
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert count_and_seconds() == before
    context.close()
