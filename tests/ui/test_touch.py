"""The week on a touch screen: a block is held, then dragged or pulled; tasks are dragged in; a swipe only scrolls."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from agency_app.serving.server import RunningServer
from tests.ui.calendar_hand import Finger, block, place
from tests.ui.conftest import sign_in, today
from tests.ui.test_gestures import at, begins, entries, log

DAY = today().isoformat()


@pytest.fixture
def entry(data_dir: object) -> str:
    """An hour of today, at nine."""
    return log("09:00")


@pytest.fixture
def tablet(browser: Browser, server: RunningServer, entry: str) -> Iterator[Page]:
    desk, _ = sign_in(browser, server.url, "sem@halden.example", "/")
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        has_touch=True,
        storage_state=desk.storage_state(),  # pyright: ignore[reportArgumentType]
    )
    desk.close()
    page = context.new_page()
    page.goto(f"{server.url}/?week={DAY}")
    expect(block(page, entry)).to_be_visible()
    yield page
    context.close()


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 3, box["y"] + box["height"] / 2


def test_every_gesture_of_the_week_is_made_by_a_finger(tablet: Page, entry: str) -> None:
    finger, toast = Finger(tablet), tablet.locator(".toast")
    place(tablet, DAY, "13:00")  # scrolled so that morning and afternoon are on screen

    def at_time(time: str, below: float = 0) -> tuple[float, float]:
        x, y = place(tablet, DAY, time, scroll=False)
        return x, y + below

    finger.drag(at_time("09:00", 9), at_time("11:00", 9))
    expect(toast).to_contain_text("Moved")
    assert begins(entry) == at("11:00")

    finger.drag(at_time("11:30"), at_time("11:30"), steps=0)  # held and let go: its edges can be pulled
    expect(block(tablet, entry)).to_have_class(re.compile("is-held"))
    finger.drag(at_time("12:00", -5), at_time("13:00", -5), hold_ms=0)
    expect(toast).to_contain_text("Resized")
    assert entries()[entry].seconds == 2 * 3600

    known = set(entries())
    finger.drag(middle(tablet, ".tk"), at_time("14:00", 6))
    expect(toast).to_contain_text("Logged")
    [placed] = set(entries()) - known
    assert begins(placed) == at("14:00")

    finger.drag(at_time("16:00", 3), at_time("17:00", -4))
    form = tablet.locator("#entry-dialog")
    expect(form.locator("[name=start]")).to_have_value("16:00")
    expect(form.locator("[name=end]")).to_have_value("17:00")
    form.get_by_role("button", name="Cancel").tap()
    expect(form).to_be_hidden()

    block(tablet, entry).tap(position={"x": 30, "y": 30})
    expect(form).to_be_visible()
    form.get_by_role("button", name="Cancel").tap()
    expect(form).to_be_hidden()

    before, lane = entries(), f".wk-lane.wk-on-{DAY}"
    top = tablet.locator(lane).evaluate("(lane) => lane.getBoundingClientRect().top")
    finger.drag(at_time("12:00"), at_time("14:30"), hold_ms=0)
    scrolled = "([lane, top]) => document.querySelector(lane).getBoundingClientRect().top > top + 40"
    tablet.wait_for_function(scrolled, arg=[lane, top])
    assert {one: begins(one) for one in before} == {one: entry.started_at for one, entry in before.items()}
