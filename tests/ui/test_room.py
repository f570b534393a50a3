"""The week where there is less room: icons at the left, whose figures they are at the right; and what covers nothing."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from agency_app.serving.server import RunningServer
from tests.ui.calendar_hand import carry, drag_in, place, press_at
from tests.ui.conftest import address, open_week, sign_in, today
from tests.ui.test_main_job import entries_of, log_report, logged_between


@pytest.fixture
def tablet(mara: Page) -> Page:
    mara.set_viewport_size({"width": 1024, "height": 768})
    expect(mara.locator(".strip")).to_be_visible()
    return mara


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def test_the_left_rail_becomes_icons_that_drag_open_their_deeds_and_say_their_names(tablet: Page) -> None:
    assert box_of(tablet.locator(".rail.left"))["width"] <= 88
    row = tablet.locator(".tk", has_text="Weekly report")
    expect(row.locator(".pf")).to_be_visible()
    expect(row).to_have_attribute("title", "Weekly report, 1 h 00")
    for words in tablet.locator(".rail.left .tk-n, .rail.left .p1 b").all():
        assert words.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1"), words.inner_text()
    row.hover()
    row.get_by_role("button", name="Log it at…").click()
    expect(tablet.locator("#place-dialog")).to_be_visible()
    tablet.keyboard.press("Escape")

    before = entries_of()
    drag_in(tablet, row, today().isoformat(), "20:00")
    expect(tablet.locator(".toast")).to_contain_text("Logged")
    assert [entry.seconds for entry in logged_between(before)] == [3600]


@pytest.mark.parametrize("width", [1440, 1280, 1110, 1024, 700])
def test_the_totals_of_the_week_are_whole_at_any_width(browser: Browser, server: RunningServer, width: int) -> None:
    last_week = today() - timedelta(days=7)
    context, page = sign_in(browser, server.url, "jonas@halden.example", f"/?week={last_week.isoformat()}")
    open_week(page)
    page.set_viewport_size({"width": width, "height": 800})
    row, totals = box_of(page.locator(".sum")), page.locator(".totals")
    hidden = totals.evaluate("(one) => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]")
    assert hidden == [0, 0]
    assert totals.locator("a").count() > 1
    for total in totals.locator("a").all():
        box = box_of(total)
        assert row["x"] <= box["x"], total.inner_text()
        assert box["x"] + box["width"] <= row["x"] + row["width"], total.inner_text()
    context.close()


def test_the_week_stays_where_it_is_when_hours_are_logged(mara: Page) -> None:
    week, heights = mara.locator(".wk"), set()
    for _ in range(4):
        waiting = mara.locator(".pc").count()
        heights.add(box_of(week)["y"])
        drag_in(
            mara,
            mara.locator(".pc", has_text=re.compile("Northwind|Fjord|Brightside")).first,
            today().isoformat(),
            "20:00",
        )
        expect(mara.locator(".pc")).to_have_count(waiting - 1)
    for total in mara.locator(".totals a").all():
        assert box_of(total)["x"] + box_of(total)["width"] <= box_of(mara.locator(".sum .focus-select"))["x"]
    heights.add(box_of(week)["y"])
    assert len(heights) == 1


def test_the_head_of_the_grid_takes_two_rows_of_a_phone_and_names_its_week(mara: Page, server: RunningServer) -> None:
    mara.set_viewport_size({"width": 390, "height": 844})
    for day, named in (("2026-11-25", "23–29 Nov"), ("2026-12-30", "28 Dec – 3 Jan")):
        mara.goto(f"{server.url}/grid?week={day}")
        title = mara.locator(".wk-nav .on-phone")
        expect(title).to_have_text(named)
        assert title.evaluate("(one) => one.scrollWidth <= one.clientWidth"), named
        assert box_of(mara.locator(".topbar"))["height"] <= 100
        assert mara.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_the_strip_at_the_right_says_whose_hours_and_whose_draft_they_are(tablet: Page) -> None:
    strip = tablet.locator(".strip")
    assert box_of(strip)["width"] == 44
    expect(strip).to_contain_text("Northwind Coffee")
    expect(strip.locator(".chip")).to_contain_text("h ")  # left, or over
    total = tablet.locator("#draft-total").text_content() or ""
    expect(strip).to_contain_text(f"Draft {total}")
    strip.click()
    expect(tablet.locator("#draft-total")).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(tablet.locator("#draft-total")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 1024])
def test_what_is_carried_says_its_name_and_how_long_until_it_is_over_the_week(mara: Page, width: int) -> None:
    mara.set_viewport_size({"width": width, "height": 900})
    for source, said in (
        (mara.locator(".left .tk", has_text="Weekly report"), ["Weekly report", "1 h 00"]),
        (mara.locator(".left .pc").nth(1), ["Fjord Outdoor", "Review asset groups by margin", "1 h 15"]),
    ):
        place(mara, today().isoformat(), "10:00")
        source.scroll_into_view_if_needed()
        x, y = press_at(mara, source, at_height=10)
        for to_x, to_y in ((x + 20, y + 30), (400, 110)):  # over the rail, and between it and the days
            carry(mara, to_x, to_y)
            carried = mara.locator("body > [data-task]")
            for words in said:
                expect(carried).to_contain_text(words)
            assert carried.evaluate("(one) => getComputedStyle(one).backgroundColor") not in ("rgba(0, 0, 0, 0)", "")
            clipped = carried.locator(".tk-n, .p1 b").evaluate("(one) => one.scrollWidth > one.clientWidth")
            assert not clipped
        carry(mara, *place(mara, today().isoformat(), "10:00", scroll=False))
        expect(carried).to_be_hidden()
        expect(source).to_contain_text(said[0])  # and its place says where it goes
        expect(source).to_have_attribute("data-dropping", re.compile(r"\d\d:\d\d–"))
        whole, name = box_of(source), box_of(source.locator(".tk-n, .p1 b"))
        assert name["width"] >= 40
        assert name["y"] >= whole["y"]
        mara.keyboard.press("Escape")
        mara.mouse.up()


def test_the_line_of_now_lies_behind_blocks_and_any_time_keeps_clear_of_the_edge(mara: Page) -> None:
    log_report(mara)
    layers = mara.locator(".wk-lane.is-today").evaluate(
        """(lane) => [lane.querySelector('.wk-now').parentElement, lane.querySelector('.wk-lane-inner')]
            .map((one) => Number(getComputedStyle(one).zIndex))"""
    )
    assert layers[0] < layers[1]

    mara.get_by_role("button", name="New entry").click()
    dialog = mara.locator("#entry-dialog")
    for name, typed in (("start", ""), ("end", ""), ("duration", "1:30")):
        dialog.locator(f"[name={name}]").fill(typed)
    dialog.get_by_role("button", name="Save").click()
    label = mara.locator(".wk-anytime")
    expect(label).to_be_visible()
    space = label.evaluate(
        """(one) => {
            const words = document.createRange();
            words.selectNodeContents(one);
            const week = one.closest('.wk').getBoundingClientRect();
            return words.getBoundingClientRect().left - week.left;
        }"""
    )
    assert space >= 6


def test_the_line_of_now_is_at_the_members_time_from_the_first_moment(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", address(), zone="Pacific/Auckland")
    for _ in range(3):  # the member's zone may come before the calendar is drawn, or after it
        line = page.locator(".wk-now")
        line.wait_for(state="attached")
        open_week(page)
        now = datetime.now(ZoneInfo("Europe/Amsterdam"))
        _, y = place(page, now.date().isoformat(), now.strftime("%H:%M"), scroll=False)
        assert abs(box_of(line)["y"] - y) < 4
        page.reload()
    context.close()


def test_the_handles_of_a_block_touch_none_of_its_words(mara: Page) -> None:
    entry = log_report(mara)
    shown = mara.locator(f'[data-event-id="{entry.id}"]')
    shown.hover()
    first, last = box_of(shown.locator(".wk-1 b")), box_of(shown.locator(".wk-3"))
    whole = box_of(shown)
    for handle in ("top", "bottom"):
        height = shown.locator(f".wk-handle-{handle}").evaluate(
            "(one) => parseFloat(getComputedStyle(one, '::after').height)"
        )
        assert height == 3
    assert first["y"] >= whole["y"] + 3
    assert (
        last["y"] + last["height"] - 2 <= whole["y"] + whole["height"] - 3
    )  # no letter of a length goes below the line
