"""axe finds nothing serious or critical on the pages of the timesheet, in light and in dark, wide and on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in, today

PHONE: ViewportSize = {"width": 390, "height": 844}
GRAVE = {"serious", "critical"}
SETTLED = """() => Promise.race([
    Promise.allSettled(document.getAnimations().map((one) => one.finished)),
    new Promise((done) => setTimeout(done, 1000)),
])"""


def grave_faults(page: Page) -> list[str]:
    """Return what axe finds serious or critical: the rule, and where."""
    page.wait_for_timeout(300)  # what the page asks for on arrival is there
    page.evaluate(SETTLED)  # a changed figure flashes, and what fades has no colour to judge
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def the_week(page: Page) -> None:
    page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/?week={today().isoformat()}")
    expect(page.locator("#draft-total")).not_to_be_empty()


def the_week_before(page: Page) -> None:
    """A week with entries, some of them perhaps locked."""
    page.goto(page.url.split("?")[0] + f"?week={(today() - timedelta(days=7)).isoformat()}")
    expect(page.locator("[data-event-id]").first).to_be_visible()


def something_selected(page: Page) -> None:
    movable = page.locator("[data-event-id]:not(.is-locked):not(.is-routine)")
    if movable.count():
        movable.first.click(modifiers=["Shift"], position={"x": 20, "y": 8})
        expect(page.locator(".wk-chosen")).to_be_visible()


def the_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("button.day-b, .wk-event[data-event-id]:not(.is-routine)").first.click(position={"x": 20, "y": 8})
    expect(page.locator("#entry-dialog")).to_be_visible()


def the_split(page: Page) -> None:
    split = page.locator("#entry-dialog").get_by_role("button", name="Split", exact=True)
    if split.count():  # none where the entry is locked
        split.click()
        expect(page.locator("#split-dialog")).to_be_visible()


def the_line(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("#quick-line").fill("1h northwind")
    expect(page.locator(".ql-q").first).to_be_visible()


def page_at(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(f"http://{page.url.split('/')[2]}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(400)

    return go


def a_routine_form(page: Page) -> None:
    page.get_by_role("button", name="New routine").click()
    expect(page.locator("#routine-dialog")).to_be_visible()


def the_grid(page: Page) -> None:
    """The grid of a week with entries, one cell of it refused."""
    page.goto(f"http://{page.url.split('/')[2]}/grid?week={(today() - timedelta(days=7)).isoformat()}")
    expect(page.locator(".wg-c input").first).to_be_visible()
    open_cell = page.locator(".wg-c input:not([readonly])")
    if open_cell.count():
        open_cell.first.click()
        page.keyboard.type("abc")
        page.keyboard.press("Enter")
        expect(page.locator(".wg-f")).to_be_visible()
        page.wait_for_timeout(300)


def a_row_to_add(page: Page) -> None:
    page.locator("#grid-add").click()
    expect(page.locator("#row-dialog")).to_be_visible()


def a_retainer(page: Page) -> None:
    page.locator(".rt tbody a").first.click()
    expect(page.locator("#period-used")).to_be_visible()


WIDE = (
    the_week,
    the_week_before,
    something_selected,
    the_dialog,
    the_split,
    the_line,
    page_at("/entries"),
    page_at("/no/page"),
    page_at("/gaps"),
    page_at("/approvals"),
    page_at("/settings/hours"),
    page_at("/settings/activities"),
    page_at("/retainers"),
    a_retainer,
    page_at("/settings/templates"),
    a_routine_form,
    the_grid,
    a_row_to_add,
)
NARROW = (
    the_week,
    the_week_before,
    the_dialog,
    the_line,
    page_at("/entries"),
    page_at("/gaps"),
    page_at("/settings/templates"),
    the_grid,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_nothing_serious_on_the_pages_of_the_timesheet(
    browser: Browser, server: RunningServer, theme: str, size: str
) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example")
    page.wait_for_selector("#draft-total")
    page.evaluate("theme => localStorage.setItem('agency-theme', theme)", theme)
    if size == "phone":
        page.set_viewport_size(PHONE)
    page.reload()
    faults: list[str] = []
    for act in WIDE if size == "wide" else NARROW:
        act(page)
        assert page.evaluate("() => document.documentElement.dataset.theme") == theme
        faults += [f"{act.__qualname__}: {fault}" for fault in grave_faults(page)]
    assert faults == []
    context.close()
