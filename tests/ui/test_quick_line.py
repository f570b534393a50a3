"""The quick line in a real browser, by the keyboard alone: read as one types, asked, logged, taken back."""

import re

from playwright.sync_api import Page, expect

from tests.ui.calendar_hand import block
from tests.ui.conftest import client_id
from tests.ui.test_main_job import at, entries_of, logged_between


def chips(page: Page) -> list[str]:
    return page.locator(".ql-c li").all_inner_texts()


def test_a_line_is_typed_asked_about_logged_and_undone_without_a_mouse(mara: Page) -> None:
    before, total, used = (
        entries_of(),
        mara.locator("#draft-total").inner_text(),
        mara.locator("#used-hours").inner_text(),
    )
    field, lane = mara.get_by_label("Log in one line"), mara.locator(".wk-lane").first.bounding_box()

    mara.keyboard.press("l")
    expect(field).to_be_focused()
    mara.keyboard.type("2h reviewed northwind meta today 20:00 #Q4")
    question = mara.get_by_role("group", name="Which activity?")
    expect(question).to_be_visible()
    expect(mara.locator(".ql-c")).to_contain_text("Meta")
    assert mara.locator(".wk-lane").first.bounding_box() == lane  # the week stays where it is
    assert chips(mara)[:2] == ["Northwind Coffee", "Meta"]
    assert chips(mara)[-3:] == ["2 h 00", "#q4", "reviewed"]

    mara.keyboard.press("Enter")  # unsure: nothing is logged, what was typed stays
    expect(question).to_be_visible()
    assert logged_between(before) == []
    mara.keyboard.press("Tab")
    mara.keyboard.press("Tab")
    expect(question.get_by_role("button", name="Optimisation")).to_be_focused()
    mara.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(field).to_be_focused()
    expect(mara.locator(".ql-f")).to_contain_text("Enter logs it")
    expect(mara.locator("#quick-line-effect")).to_contain_text(f"{used} → ")

    mara.keyboard.press("Enter")
    expect(mara.locator(".toast")).to_contain_text(re.compile("Logged 2 h 00 for Northwind Coffee"))
    expect(field).to_have_value("")
    expect(mara.locator(".ql-c")).to_have_count(0)
    expect(mara.locator("#draft-total")).not_to_have_text(total)
    expect(mara.locator("#used-hours")).not_to_have_text(used)
    (entry,) = logged_between(before)
    assert (entry.client_id, entry.started_at, entry.seconds) == (client_id(), at("20:00"), 7200)
    assert (entry.note, entry.tags) == ("reviewed", "q4")
    expect(block(mara, entry.id)).to_be_visible()

    mara.keyboard.press("Escape")
    field.blur()
    mara.keyboard.press("z")
    expect(mara.locator(".toast")).to_contain_text("Undone")
    assert logged_between(before) == []
    expect(mara.locator("#draft-total")).to_have_text(total)


def test_escape_clears_and_a_quick_enter_leaves_no_chips_behind(mara: Page) -> None:
    before = entries_of()
    field = mara.get_by_label("Log in one line")
    mara.keyboard.press("l")
    mara.keyboard.type("9-5 call fjord")
    expect(mara.get_by_role("group", name="Until when?")).to_be_visible()
    mara.keyboard.press("Escape")
    mara.keyboard.type("2h")  # at once, while the server still thinks of the line before
    expect(mara.locator(".ql-c")).to_contain_text("2 h 00")
    expect(field).to_have_value("2h")
    mara.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(mara.locator(".ql-q")).to_have_count(0)

    mara.keyboard.type("0h call fjord")
    expect(mara.locator(".ql").get_by_role("alert")).to_contain_text("take no time")
    mara.keyboard.press("Escape")
    expect(mara.locator(".ql").get_by_role("alert")).to_have_count(0)

    mara.keyboard.insert_text("45m strategy call fjord today 9am")
    mara.keyboard.press("Enter")
    mara.keyboard.press("Enter")  # a hasty second time: it is one entry all the same
    mara.keyboard.type("9-5")  # the next line is begun before the first is logged
    expect(mara.locator(".toast")).to_contain_text("Fjord Outdoor")
    expect(field).to_have_value("9-5")
    mara.keyboard.press("Escape")
    mara.wait_for_timeout(600)  # longer than the pause that reports what was typed
    expect(mara.locator(".ql-c")).to_have_count(0)
    expect(field).to_be_focused()
    (entry,) = logged_between(before)
    assert entry.seconds == 2700


def test_escape_leaves_an_empty_line_so_that_keys_are_keys_again(mara: Page) -> None:
    field = mara.get_by_label("Log in one line")
    mara.keyboard.press("l")
    mara.keyboard.type("45m call fjord")
    mara.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    mara.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    mara.keyboard.press("l")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
