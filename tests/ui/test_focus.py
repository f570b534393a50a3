"""What was logged without a drag is seen: its client comes into focus, its block on screen, another week is offered."""

import re
from datetime import date, timedelta

from playwright.sync_api import Browser, Page, expect

from agency_app.serving.server import RunningServer
from tests.ui.calendar_hand import block, drag_in, place
from tests.ui.conftest import address, client_id, open_week, sign_in, today
from tests.ui.test_main_job import entries_of, logged_between


def log_line(page: Page, line: str) -> None:
    page.locator("#quick-line").fill(line)
    expect(page.locator(".ql-f")).to_contain_text("Enter logs it")
    page.locator("#quick-line").press("Enter")
    expect(page.locator("#quick-line")).to_have_value("")


def log_by_form(page: Page, client: str, day: date, start: str, end: str) -> None:
    page.get_by_role("button", name="New entry").click()
    dialog = page.locator("#entry-dialog")
    dialog.locator("[name=client]").select_option(label=client)
    dialog.locator("[name=date]").fill(day.isoformat())
    dialog.locator("[name=start]").fill(start)
    dialog.locator("[name=end]").fill(end)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def in_focus(page: Page, client: str) -> None:
    """Expect a client in focus at the right, in the strip of clients, and in the address."""
    expect(page.get_by_label("Client in focus")).to_have_value(client_id(client))
    expect(page.locator('.totals [aria-current="true"]')).to_contain_text(client.split()[0])
    expect(page).to_have_url(re.compile(f"client={client_id(client)}"))


def is_on_screen(page: Page, entry_id: str) -> bool:
    """Tell whether all of a block is inside what is to be seen of the week."""
    return page.evaluate(
        """(id) => {
            const block = document.querySelector(`.wk [data-event-id="${id}"]`);
            let pane = block?.parentElement;
            while (pane && !(pane.scrollHeight > pane.clientHeight && getComputedStyle(pane).overflowY === "auto")) pane = pane.parentElement;
            const [box, seen] = [block?.getBoundingClientRect(), pane?.getBoundingClientRect()];
            return Boolean(box && seen && box.top >= seen.top - 1 && box.bottom <= seen.bottom + 1);
        }""",  # noqa: E501
        entry_id,
    )


def scrolled(page: Page) -> float:
    return page.locator(".wk-lane").first.evaluate("(lane) => lane.getBoundingClientRect().top")


def test_a_line_for_another_client_puts_it_in_focus_and_leaves_the_keyboard_in_the_line(mara: Page) -> None:
    in_focus(mara, "Northwind Coffee")
    before, steps = entries_of(), mara.evaluate("history.length")
    mara.locator("#quick-line").focus()
    mara.keyboard.insert_text("45m strategy call fjord today 9am")
    mara.keyboard.press("Enter")
    mara.keyboard.type("30m rep")  # the next line is begun before the first is logged
    expect(mara.locator(".toast")).to_contain_text("Fjord Outdoor")
    in_focus(mara, "Fjord Outdoor")
    mara.wait_for_timeout(400)  # what the new address brings is there
    expect(mara.locator("#quick-line")).to_be_focused()
    expect(mara.locator("#quick-line")).to_have_value("30m rep")
    mara.keyboard.type("ort")
    expect(mara.locator("#quick-line")).to_have_value("30m report")
    assert len(logged_between(before)) == 1

    used = mara.locator("#used-hours").inner_text()
    mara.locator(".toast").get_by_role("button", name="Undo").click()
    expect(mara.locator(".toast")).to_contain_text("Undone")
    expect(mara.locator("#used-hours")).not_to_have_text(used)
    in_focus(mara, "Fjord Outdoor")
    assert mara.evaluate("history.length") == steps  # logging is no step of the way: back leads to where one was before


def test_the_form_and_the_timer_put_their_client_in_focus_and_a_drag_leaves_it(mara: Page) -> None:
    log_by_form(mara, "Brightside Dental", today(), "20:00", "20:30")
    in_focus(mara, "Brightside Dental")

    mara.locator("body").press("t")
    start = mara.locator("#timer-start")
    start.locator("[name=client]").select_option(label="Lumen Skincare")
    start.get_by_role("button", name="Start").click()
    expect(mara.locator("[data-timer-clock]")).to_be_visible()
    in_focus(mara, "Brightside Dental")  # what is only begun changes no figure
    mara.get_by_role("button", name="Stop the timer").click()
    in_focus(mara, "Lumen Skincare")

    before = entries_of()
    waiting = mara.locator(".pc").count()
    drag_in(mara, mara.locator(".pc", has_text="Fjord Outdoor").first, today().isoformat(), "20:00")
    expect(mara.locator(".pc")).to_have_count(waiting - 1)  # the toast of the timer says "Logged" too
    assert [entry.client_id for entry in logged_between(before)] == [client_id("Fjord Outdoor")]
    in_focus(mara, "Lumen Skincare")


def test_the_form_of_a_planned_task_follows_it_too(mara: Page) -> None:
    mara.locator(".pc", has_text="Fjord Outdoor").first.get_by_role("button", name="Log it at…").click()
    mara.locator("#place-dialog").get_by_role("button", name="Log").click()
    expect(mara.locator("#place-dialog")).to_be_hidden()
    in_focus(mara, "Fjord Outdoor")


def test_the_week_scrolls_to_what_was_logged_out_of_sight_and_only_then(
    browser: Browser, server: RunningServer, mara: Page
) -> None:
    context, other = sign_in(browser, server.url, "mara@halden.example", address())
    open_week(other)
    for line, time in (("30m report fjord today from 23:15", "23:15"), ("30m report fjord today from 05:30", "05:30")):
        there, before = scrolled(other), entries_of()
        log_line(mara, line)
        expect(mara.locator(".toast")).to_contain_text("Logged 0 h 30")
        (entry,) = logged_between(before)
        expect(block(mara, entry.id)).to_have_attribute("aria-label", re.compile(f"{time} to"))
        mara.wait_for_function("(id) => document.querySelector(`[data-event-id='${id}']`)", arg=entry.id)
        for _ in range(40):
            if is_on_screen(mara, entry.id):
                break
            mara.wait_for_timeout(50)
        assert is_on_screen(mara, entry.id)
        expect(block(other, entry.id)).to_have_count(1)
        assert scrolled(other) == there  # the week of nobody else moves
    context.close()

    mara.wait_for_timeout(600)
    place(mara, today().isoformat(), "20:00")
    there, before = scrolled(mara), entries_of()
    log_line(mara, "30m report fjord today from 20:00")
    expect(mara.locator(".toast")).to_contain_text("Logged 0 h 30")
    (entry,) = logged_between(before)
    expect(block(mara, entry.id)).to_have_count(1)
    mara.wait_for_timeout(700)
    assert scrolled(mara) == there


def test_the_toast_leads_to_what_was_logged_in_another_week(mara: Page) -> None:
    before, next_week = entries_of(), today() + timedelta(days=7)
    log_by_form(mara, "Fjord Outdoor", next_week, "22:30", "23:00")
    toast = mara.locator(".toast")
    show = toast.get_by_role("button", name="Show")
    expect(show).to_be_visible()
    (entry,) = logged_between(before)
    assert entry.work_date == next_week
    expect(block(mara, entry.id)).to_have_count(0)
    show.click()
    expect(block(mara, entry.id)).to_be_focused()
    in_focus(mara, "Fjord Outdoor")
    expect(show).to_have_count(0)
    assert is_on_screen(mara, entry.id)
    toast.get_by_role("button", name="Undo").click()
    expect(block(mara, entry.id)).to_have_count(0)


def test_a_day_of_the_week_on_screen_is_offered_on_a_phone_alone(mara: Page) -> None:
    other_day = today() + timedelta(days=1 if today().weekday() < 6 else -1)
    before, show = entries_of(), mara.locator(".toast").get_by_role("button", name="Show")
    log_by_form(mara, "Fjord Outdoor", other_day, "20:00", "20:30")
    expect(mara.locator(".toast")).to_contain_text("Logged")
    (entry,) = logged_between(before)
    expect(block(mara, entry.id)).to_be_visible()
    expect(show).to_have_count(0)

    mara.set_viewport_size({"width": 390, "height": 844})
    expect(mara.locator(".day")).to_have_attribute("data-day", today().isoformat())
    show.click()
    expect(mara.locator(".day")).to_have_attribute("data-day", other_day.isoformat())
    expect(mara.locator(f'.day [data-event-id="{entry.id}"]')).to_be_visible()
    mara.locator(".totals a", has_text="Fjord").click()
    in_focus(mara, "Fjord Outdoor")
    expect(mara.locator(".day")).to_have_attribute("data-day", other_day.isoformat())


def test_a_new_tab_opens_with_the_client_that_was_worked_for_last(
    browser: Browser, server: RunningServer, mara: Page
) -> None:
    log_line(mara, "30m report lumen today from 21:00")
    expect(mara.locator(".toast")).to_contain_text("Lumen Skincare")
    context, fresh = sign_in(browser, server.url, "mara@halden.example", "/")
    expect(fresh.get_by_label("Client in focus")).to_have_value(client_id("Lumen Skincare"))
    context.close()
