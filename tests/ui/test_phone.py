"""The week on a phone, by touch alone: one day, big targets, a line to write, the timer, and no swipe."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Member, TimeEntry
from tests.ui.conftest import sign_in, today

PHONE: ViewportSize = {"width": 390, "height": 844}
TARGETS = "a, button, summary, input:not([type=hidden]), select, textarea"
LEAST = 44


@pytest.fixture
def phone(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """Sem's phone: nothing is logged there in the demo."""
    desk, page = sign_in(browser, server.url, "sem@halden.example", "/")
    page.wait_for_selector("#draft-total")
    context = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        storage_state=desk.storage_state(),  # pyright: ignore[reportArgumentType]
    )
    desk.close()
    hand = context.new_page()
    hand.goto(f"{server.url}/?week={today().isoformat()}")
    expect(hand.locator(".day h2")).to_be_visible()
    yield hand
    context.close()


def entries_of_sem() -> list[TimeEntry]:
    with reading() as session:
        sem = session.exec(select(Member.id).where(Member.email == "sem@halden.example")).one()
        return list(session.exec(select(TimeEntry).where(TimeEntry.member_id == sem)))


def small_targets(page: Page, inside: str) -> list[str]:
    """Return what can be tapped inside an element, and is less than 44 pixels high or wide."""
    return page.locator(inside).evaluate_all(
        """(roots, [targets, least]) => roots.flatMap((root) => [...root.querySelectorAll(targets)]).filter((one) => {
            const label = one.matches('input[type=checkbox]') ? one.closest('label') : one;
            const box = label.getBoundingClientRect();
            const shown = box.width > 0 && getComputedStyle(one).visibility !== 'hidden';
            return shown && (box.width < least - .5 || box.height < least - .5);
        }).map((one) => `${one.outerHTML.slice(0, 90)} ${JSON.stringify(one.getBoundingClientRect())}`)""",
        [TARGETS, LEAST],
    )


def named(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def test_a_phone_shows_one_day_and_no_columns(phone: Page) -> None:
    expect(phone.locator(".wk-lane")).to_have_count(0)
    expect(phone.locator(".day h2")).to_contain_text(named(today()))
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


def test_previous_and_next_day_are_links_that_cross_weeks_and_survive_reload(phone: Page) -> None:
    for days in range(1, 9):
        phone.get_by_role("link", name="Next day").tap()
        expect(phone.locator(".day h2")).to_contain_text(named(today() + timedelta(days=days)))
    phone.reload()
    expect(phone.locator(".day h2")).to_contain_text(named(today() + timedelta(days=8)))
    phone.get_by_role("link", name="Previous day").tap()
    expect(phone.locator(".day h2")).to_contain_text(named(today() + timedelta(days=7)))
    phone.locator(".day-h").get_by_role("link", name="Today").tap()
    expect(phone.locator(".day h2")).to_contain_text(named(today()))
    monday = today() - timedelta(days=today().weekday())
    phone.locator(".day-d").first.tap()
    expect(phone.locator(".day h2")).to_contain_text(named(monday))


def test_the_line_logs_with_its_button_and_the_entry_is_mended_by_a_tap(phone: Page) -> None:
    phone.locator("#quick-line").fill("45m call fjord today from 8:00")  # before eight, 8:00 alone is asked about
    expect(phone.locator(".ql-c")).to_contain_text("Fjord")
    phone.get_by_role("button", name="Log", exact=True).tap()
    row = phone.locator(".day-b", has_text="Fjord")
    expect(row).to_contain_text("0 h 45")
    row.tap()
    form = phone.locator("#entry-dialog")
    form.locator("input[name=end]").fill("09:00")
    assert small_targets(phone, "#entry-dialog") == []
    form.get_by_role("button", name="Save").tap()
    expect(row).to_contain_text("1 h 00")
    assert [entry.seconds for entry in entries_of_sem()] == [3600]
    phone.get_by_role("button", name="Undo").tap()
    expect(row).to_contain_text("0 h 45")


def test_what_is_typed_stays_in_sight_beside_what_it_would_do(phone: Page) -> None:
    field = phone.locator("#quick-line")
    field.fill("45m call fjord today from 8:00")
    effect = phone.locator("#quick-line-effect")
    expect(effect).to_be_visible()
    box, above = field.bounding_box(), effect.bounding_box()
    assert box is not None
    assert above is not None
    assert box["width"] >= 200
    assert above["y"] + above["height"] <= box["y"] + 1
    phone.get_by_role("button", name="Log", exact=True).tap()
    expect(phone.locator(".toast")).to_contain_text("Logged 0 h 45 for Fjord Outdoor")
    field.fill("30m report fjord")
    expect(phone.locator(".ql-c")).to_be_visible()
    said, asked = phone.locator(".toast").bounding_box(), phone.locator(".ql-c").bounding_box()
    assert said is not None
    assert asked is not None
    assert said["y"] + said["height"] <= asked["y"]  # neither lies over the other


def test_the_timer_starts_and_stops_by_tap(phone: Page) -> None:
    phone.get_by_role("button", name="Start a timer", exact=True).tap()
    phone.locator("#timer-start").get_by_role("button", name="Start", exact=True).tap()
    stop = phone.get_by_role("button", name="Stop the timer")
    expect(stop).to_be_visible()
    expect(phone.locator("[data-timer-clock]")).not_to_have_text("0:00:00")
    assert small_targets(phone, ".timer") == []
    stop.tap()
    expect(phone.locator(".day-b")).to_have_count(1)


def test_new_entry_opens_on_the_day_that_is_shown(phone: Page) -> None:
    phone.get_by_role("link", name="Previous day").tap()
    expect(phone.locator(".day h2")).to_contain_text(named(today() - timedelta(days=1)))
    phone.locator(".day").get_by_role("button", name="New entry").tap()
    form = phone.locator("#entry-dialog")
    expect(form.locator("input[name=date]")).to_have_value((today() - timedelta(days=1)).isoformat())
    expect(form.locator("input[name=start]")).to_have_value("09:00")


def test_everything_that_can_be_tapped_is_44_pixels_or_more(phone: Page) -> None:
    phone.locator("#quick-line").fill("1h northwind")
    expect(phone.locator(".ql-q").first).to_be_visible()
    assert small_targets(phone, ".topbar, .cal, .rail.left, .rail.right") == []


def test_a_routine_is_answered_by_tap(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/")
    page.set_viewport_size(PHONE)
    expect(page.locator(".day h2")).to_contain_text(named(today()))
    if today().weekday() >= 4:  # her routine is for the days she works on: Monday to Thursday
        page.goto(f"{server.url}/?week={(today() - timedelta(days=today().weekday() - 7)).isoformat()}")
        expect(page.get_by_role("button", name="Skip Daily optimisation")).to_be_visible()
        expect(page.get_by_role("button", name="Log Daily optimisation")).to_have_count(0)
    else:
        page.get_by_role("button", name="Log Daily optimisation").click()
        expect(page.locator("button.day-b", has_text="Northwind").filter(has_text="0 h 30")).to_have_count(1)
    context.close()


def test_the_head_leaves_the_screen_to_the_day_and_every_page_is_in_its_menu(phone: Page) -> None:
    head = phone.locator(".topbar")
    assert height_of(head) <= 96
    phone.get_by_role("button", name="Start a timer", exact=True).tap()
    phone.locator("#timer-start").get_by_role("button", name="Start", exact=True).tap()
    expect(phone.get_by_role("button", name="Stop the timer")).to_be_visible()
    assert height_of(head) <= 96

    places = phone.locator(".places")
    expect(places.locator("summary")).to_have_text("Week")
    places.locator("summary").tap()
    links = places.get_by_role("link")
    expect(links).to_have_text(["Week", "Retainers", "Invoices", "Clients", "Reports", "Settings"])
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] >= LEAST
    phone.touchscreen.tap(360, 500)  # beside the menu
    expect(links).to_have_count(0)
    places.locator("summary").tap()
    places.get_by_role("link", name="Settings").tap()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(places.locator("summary")).to_have_text("Settings")
    expect(links).to_have_count(0)
    assert height_of(head) <= 96

    phone.get_by_label("Your account").tap()
    before = phone.locator("html").get_attribute("data-theme")
    phone.get_by_role("button", name="Light or dark").tap()
    expect(phone.locator("html")).not_to_have_attribute("data-theme", before or "")


def height_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]
