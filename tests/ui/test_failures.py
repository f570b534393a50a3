"""What people see when something fails beneath the page, and that what they did meanwhile is not lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from agency_app.serving.server import free_port, running_server
from tests.ui.calendar_hand import block, drag_block, drag_in
from tests.ui.conftest import AMSTERDAM, address, entries, open_week, sign_in, today


def test_what_is_done_while_the_server_is_away_is_done_once_when_it_is_back(data_dir: Path, browser: Browser) -> None:
    port, day = free_port(), today().isoformat()
    before = entries()
    with running_server(data_dir, port=port) as server:
        context, page = sign_in(browser, server.url, "mara@halden.example", address())
        open_week(page)
        drag_in(page, page.locator(".tk", has_text="Weekly report"), day, "19:00")
        expect(page.locator(".toast")).to_contain_text("Logged")
        [mine] = entries().keys() - before.keys()
        expect(block(page, mine)).to_be_visible()

    notice, blocks = page.locator(".offline"), page.locator('.wk-event[data-event-id]:not([data-event-id=""])')
    count = blocks.count()
    expect(notice).to_contain_text("No connection to the server")
    drag_block(page, mine, day, "20:00")
    drag_in(page, page.locator(".tk", has_text="Strategy call"), day, "17:00")
    assert entries().keys() - before.keys() == {mine}

    with running_server(data_dir, port=port) as server:
        expect(notice).to_have_count(0)
        expect(blocks).to_have_count(count + 1)
        [later] = entries().keys() - before.keys() - {mine}
        assert entries()[later].client_id == entries()[mine].client_id
        assert [hours_of(entry_id) for entry_id in (mine, later)] == ["20:00", "17:00"]

        other, week = sign_in(browser, server.url, "sem@halden.example", address())
        open_week(week)
        total = page.locator("#draft-total").inner_text()
        drag_in(week, week.locator(".tk", has_text="Weekly report"), day, "15:00")
        expect(page.locator("#draft-total")).not_to_have_text(total)
        other.close()
        context.close()


def test_an_error_of_the_database_is_told_with_what_became_of_the_gesture(mara: Page, data_dir: Path) -> None:
    before = entries().keys()
    line = mara.locator("#quick-line")
    rename(data_dir, "audit_event", "away")
    try:
        line.press_sequentially("northwind strategy call 1h")
        line.press("Enter")
        expect(mara.locator(".toast.bad")).to_contain_text("The database could not be used, and nothing was saved.")
        assert entries().keys() == before
    finally:
        rename(data_dir, "away", "audit_event")
    line.press("Enter")
    expect(mara.locator(".toast:not(.bad)")).to_contain_text("Logged")
    assert len(entries()) == len(before) + 1


def test_a_page_that_cannot_be_drawn_says_so_and_leads_on(mara: Page) -> None:
    page = mara.context.new_page()
    page.goto(mara.url)
    open_week(page)
    page.evaluate(
        """() => {
        const map = Array.prototype.map;
        Array.prototype.map = function (...given) {
            if (this[0]?.key?.startsWith?.("template:")) throw new Error("A template that cannot be drawn");
            return map.apply(this, given);
        };
    }"""
    )
    drag_in(page, page.locator(".tk", has_text="Weekly report"), today().isoformat(), "19:00")
    expect(page.get_by_role("heading")).to_have_text("This page could not be shown")
    expect(page.locator("pre")).to_have_text("A template that cannot be drawn")
    page.get_by_role("button", name="Load the page again").click()
    open_week(page)
    assert page.url == mara.url


def hours_of(entry_id: str) -> str:
    started = entries()[entry_id].started_at
    assert started is not None
    return f"{started.astimezone(AMSTERDAM):%H:%M}"


def rename(data_dir: Path, table: str, to: str) -> None:
    with closing(sqlite3.connect(data_dir / "agency.db", timeout=30)) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {to}")
        database.commit()
