"""The week grid in a real browser: typed by keys alone, opened by the mouse, on a phone by touch, live, and small on
the wire."""

import json
import re
from datetime import date, datetime, timedelta

from playwright.sync_api import Browser, Locator, Page, ViewportSize, WebSocket, WebSocketRoute, expect
from sqlmodel import select, update

from agency_app.services.actor import Actor, actor_of
from agency_app.services.log_time import LogTime, log_time
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading, transaction
from agency_app.tables import Activity, Campaign, Client, Member, TimeEntry, Workspace
from tests.ui.conftest import AMSTERDAM, sign_in, today

MONDAY = today() - timedelta(days=today().weekday())
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_BYTES = 25_000
SEM = "sem@halden.example"
"""Who logs nothing in the demo: every week is empty."""


def week(number: int) -> date:
    """Return the Monday of a week to come, which nothing of the demo is in."""
    return MONDAY + timedelta(days=7 * number)


def sem() -> Actor:
    with reading() as session:
        return actor_of(session.exec(select(Member).where(Member.email == SEM)).one())


def kind(client: str = "Fjord Outdoor", activity: str = "Reporting") -> tuple[str, str]:
    with reading() as session:
        return (
            session.exec(select(Client.id).where(Client.name == client)).one(),
            session.exec(select(Activity.id).where(Activity.name == activity)).one(),
        )


def log(day: date, seconds: int, note: str = "", activity: str = "Reporting", hour: int | None = None) -> str:
    """Log for Sem, at an hour of the day or at none."""
    client_id, activity_id = kind(activity=activity)
    start = None if hour is None else datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM)
    end = None if start is None else start + timedelta(seconds=seconds)
    return log_time(sem(), LogTime(client_id, activity_id, start, end, note=note, day=day, seconds=seconds)).entry_id


def lengths(first: date) -> dict[str, list[int]]:
    """Return the seconds of Sem's entries of a week, by the day of the week."""
    found: dict[str, list[int]] = {}
    with reading() as session:
        query = select(TimeEntry).where(TimeEntry.member_id == sem().member_id, TimeEntry.work_date >= first)
        for entry in session.exec(query.where(TimeEntry.work_date < first + timedelta(days=7))):
            found.setdefault(f"{entry.work_date:%a}", []).append(entry.seconds)
    return found


def opened(browser: Browser, server: RunningServer, first: date) -> Page:
    _, page = sign_in(browser, server.url, SEM, f"/grid?week={first.isoformat()}")
    expect(page.locator(".wg-t thead")).to_contain_text(f"{first.day}")
    return page


def cell(page: Page, day: date, words: str = "Fjord, Reporting") -> Locator:
    return page.get_by_role("textbox", name=f"{words}, {day:%a} {day.day}")


def said(page: Page, words: str) -> Locator:
    toast = page.locator(".toast", has_text=words)
    expect(toast).to_be_visible()
    return toast


def test_a_week_is_typed_by_keys_alone_and_the_calendar_shows_the_same(browser: Browser, server: RunningServer) -> None:
    first = week(1)
    page = opened(browser, server, first)
    keys = page.keyboard
    expect(page.get_by_text("Nothing in this week yet.")).to_be_visible()
    keys.press("n")
    dialog = page.locator("#row-dialog")
    dialog.get_by_label("Client").select_option(label="Fjord Outdoor")
    dialog.get_by_label("Activity").select_option(label="Reporting")
    dialog.get_by_role("button", name="Add row").press("Enter")
    monday, tuesday, wednesday = (first + timedelta(days=place) for place in range(3))
    expect(cell(page, monday)).to_be_focused()
    for typed in ("1:30", "1,5", "90m"):
        keys.type(typed)
        keys.press("Tab")
    for day in (monday, tuesday, wednesday):
        expect(cell(page, day)).to_have_value("1:30")
    expect(page.locator("#grid-total")).to_have_text("4:30")
    assert lengths(first) == {"Mon": [5400], "Tue": [5400], "Wed": [5400]}

    keys.press("ArrowLeft")
    expect(cell(page, wednesday)).to_be_focused()
    keys.type("3")
    keys.press("Escape")
    expect(cell(page, wednesday)).to_have_value("1:30")
    keys.press("Delete")
    keys.press("Enter")
    said(page, "Deleted 1:30")
    expect(cell(page, wednesday)).to_have_value("")
    expect(page.locator("#grid-total")).to_have_text("3:00")
    keys.press("z")  # no duration begins with it: in a cell as it is, a key is a key
    said(page, "Undone")
    expect(cell(page, wednesday)).to_have_value("1:30")

    page.reload()
    expect(cell(page, wednesday)).to_have_value("1:30")
    page.get_by_role("navigation", name="Show as").get_by_role("link", name="Week").click()
    expect(page.locator(".wk [data-event-id]:not([data-event-id^='routine:'])")).to_have_count(3)
    keys.press("g")
    keys.press("g")
    expect(page).to_have_url(f"{server.url}/grid")
    page.context.close()


def test_what_is_refused_stays_in_its_cell_with_the_reason_and_several_entries_open_on_click(
    browser: Browser, server: RunningServer
) -> None:
    first = week(2)
    log(first, 3600, "Weekly report", hour=9)
    log(first, 1800, "Corrections")
    page = opened(browser, server, first)
    keys, tuesday = page.keyboard, cell(page, first + timedelta(days=1))
    tuesday.click()
    for typed, why in (("abc", "“abc” is not a duration"), ("25", "longer than 24 h"), ("0", "empty the cell")):
        keys.type(typed)
        keys.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=why)).to_be_visible()
        expect(tuesday).to_have_value(typed)
        expect(tuesday).to_have_attribute("aria-invalid", "true")
        tuesday.click()
        keys.press("Escape")
        expect(tuesday).to_have_value("")
        expect(page.locator(".wg-f")).to_have_count(0)

    monday = cell(page, first)
    monday.click()
    expect(monday).to_have_value("1:30")
    entries = page.locator(".wg-b [data-entry]")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("09:00–10:00")
    keys.type("3")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("2 entries are here, 1:30 together")
    monday.click()
    keys.press("Escape")
    keys.type("+15m")
    keys.press("Enter")
    said(page, "Logged 0:15")
    expect(monday).to_have_value("1:45")
    assert sorted(lengths(first)["Mon"]) == [900, 1800, 3600]

    monday.focus()
    keys.press("Enter")
    expect(entries.first).to_be_focused()
    entries.first.click()
    dialog = page.locator("#entry-dialog")
    dialog.locator("[name=end]").fill("11:00")
    dialog.get_by_role("button", name="Save").click()
    expect(monday).to_have_value("2:45")
    expect(page).to_have_url(re.compile(r"/grid/?\?week="))  # only the week follows the client of what was logged
    tuesday.click()
    page.locator(".wg-new").click()
    expect(dialog.locator("[name=date]")).to_have_value((first + timedelta(days=1)).isoformat())
    dialog.locator("[name=duration]").fill("0:45")
    dialog.locator("[name=note]").fill("A call with Ana")
    dialog.get_by_role("button", name="Save").click()
    expect(tuesday).to_have_value("0:45")
    expect(page.locator(".wg-b [data-entry]")).to_contain_text("A call with Ana")
    page.context.close()


def test_what_is_sent_again_for_want_of_an_answer_counts_once(browser: Browser, server: RunningServer) -> None:
    first = week(4)
    log(first, 3600)
    context, page = sign_in(browser, server.url, SEM, "/")
    expect(page.locator(".wk")).to_be_visible()
    held: list[str | bytes] = []
    line = {"holds": False}

    def between(route: WebSocketRoute) -> None:
        """Hold back what the server says while the line holds; its heartbeat goes on."""
        upstream = route.connect_to_server()
        route.on_message(upstream.send)
        later.append(route)
        upstream.on_message(
            lambda said: held.append(said) if line["holds"] and str(said).startswith("42") else route.send(said)
        )

    later: list[WebSocketRoute] = []
    page.route_web_socket(lambda address: "/_event" in address, between)
    page.clock.install()
    page.goto(f"{server.url}/grid?week={first.isoformat()}")
    expect(cell(page, first)).to_have_value("1:00")
    for text, total in (("+0:30", "1:30"), ("+0:15", "1:45")):
        line["holds"] = True
        cell(page, first).fill(text)
        cell(page, first).press("Enter")
        page.clock.fast_forward(12_500)
        expect(page.get_by_role("alert")).to_contain_text("No answer from the server yet")
        if text == "+0:30":  # sent once more; without that, an answer that comes late will do
            cell(page, first).press("Enter")
            expect(page.get_by_role("alert")).to_have_count(0)
        page.wait_for_timeout(500)
        line["holds"] = False
        for said_late in held:
            later[-1].send(said_late)
        held.clear()
        expect(cell(page, first)).to_have_value(total)
        expect(page.get_by_role("alert")).to_have_count(0)
    assert lengths(first) == {"Mon": [3600, 1800, 900]}
    context.close()


def test_another_browser_follows_and_who_types_second_is_told_what_changed(
    browser: Browser, server: RunningServer
) -> None:
    first = week(3)
    log(first, 3600)
    here, there = opened(browser, server, first), opened(browser, server, first)
    cell(there, first).click()
    there.keyboard.type("3")
    cell(here, first).click()
    here.keyboard.type("2")
    here.keyboard.press("Enter")
    expect(cell(here, first)).to_have_value("2:00")
    expect(there.locator("#grid-total")).to_have_text("2:00")
    expect(cell(there, first)).to_have_value("3")
    there.keyboard.press("Enter")
    expect(there.get_by_role("alert")).to_contain_text("changed this cell after you began: it is 2:00 now")
    assert lengths(first) == {"Mon": [7200]}
    cell(there, first).press("Enter")
    expect(cell(there, first)).to_have_value("3:00")
    expect(cell(here, first)).to_have_value("3:00")
    here.context.close()
    there.context.close()


def test_rows_come_from_lately_and_from_last_week_with_or_without_times(
    browser: Browser, server: RunningServer
) -> None:
    before, first = week(5), week(6)
    log(before, 3600, "Weekly report", hour=9)
    log(before + timedelta(days=4), 5400, activity="Strategy call")
    page = opened(browser, server, first)
    page.locator("#grid-add").click()
    page.locator("#row-dialog").get_by_role("button", name="Fjord Reporting").click()
    expect(cell(page, first)).to_be_focused()
    page.reload()
    expect(cell(page, first)).to_have_value("")
    page.locator("#grid-copy").click()
    dialog = page.locator("#copy-dialog")
    expect(dialog).to_contain_text("1 row")
    expect(dialog).to_contain_text("2 entries, 2:30")
    dialog.get_by_role("button", name="Rows only").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Remove empty rows").click()
    expect(page.locator("[data-row]")).to_have_count(0)

    page.locator("#grid-copy").click()
    dialog.get_by_role("button", name="Rows with times").click()
    said(page, "Copied 2 entries, 2:30").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.keyboard.press("Shift+Z")
    said(page, "Redone")
    expect(page.locator("#grid-total")).to_have_text("2:30")
    assert lengths(first) == {"Mon": [3600], "Fri": [5400]}
    page.context.close()


def test_a_phone_types_by_touch_and_the_page_is_no_wider_than_it(browser: Browser, server: RunningServer) -> None:
    first = week(4)
    log(first, 3600, "Weekly report")
    desk = opened(browser, server, first)
    state = desk.context.storage_state()
    desk.context.close()
    context = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        storage_state=state,  # pyright: ignore[reportArgumentType]
    )
    page = context.new_page()
    page.goto(f"{server.url}/grid?week={first.isoformat()}")
    last = cell(page, first + timedelta(days=6))
    last.tap()
    page.keyboard.type("45m")
    page.locator(".wg-h").tap()
    expect(last).to_have_value("0:45")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    cell(page, first).tap()
    row = page.locator("tbody .wg-r").bounding_box()
    there = cell(page, first).bounding_box()
    assert row is not None
    assert there is not None
    assert there["x"] >= row["x"] + row["width"]  # not beneath the row's name
    page.locator(".wg-b [data-entry]").tap()
    expect(page.locator("#entry-dialog")).to_be_visible()
    context.close()


def test_locked_cells_say_so_and_the_others_go_on(browser: Browser, server: RunningServer) -> None:
    first = week(8)
    tuesday, wednesday = first + timedelta(days=1), first + timedelta(days=2)
    log(first, 3600, "Weekly report")
    log(tuesday, 1800)
    log(wednesday, 1800)
    with transaction() as session:
        session.execute(update(Workspace).values(locked_until=tuesday))
    page = opened(browser, server, first)
    name = f"Closed up to {tuesday.day} {tuesday:%b}"
    for day in (first, tuesday):
        expect(cell(page, day)).to_have_attribute("readonly", "")
        expect(cell(page, day)).to_have_attribute("title", name)
    cell(page, first).click()
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, wednesday)).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("ArrowLeft")  # within what is typed
    page.keyboard.press("Tab")
    expect(cell(page, wednesday)).to_have_value("2:00")
    cell(page, first).click()
    page.locator(".wg-b [data-entry]").click()
    expect(page.locator("#entry-dialog .lockline")).to_contain_text("read only")
    assert lengths(first) == {"Mon": [3600], "Tue": [1800], "Wed": [7200]}
    page.context.close()


def test_what_is_typed_in_a_week_of_a_hundred_entries_is_one_event_up_and_one_small_delta_down(
    browser: Browser, server: RunningServer
) -> None:
    first = week(10)
    with transaction() as session:  # an alert that a gesture raises is a change of its own, with a delta of its own
        session.execute(update(Workspace).values(alert_thresholds="", alert_under_serviced=False))
    with reading() as session:
        campaigns = [one for one in session.exec(select(Campaign)) if not one.archived]
        activities = list(session.exec(select(Activity.id).order_by(Activity.id)))
    for place in range(100):
        campaign, day = campaigns[place // 5 % len(campaigns)], first + timedelta(days=place % 5)
        start = datetime(day.year, day.month, day.day, 7, tzinfo=AMSTERDAM) + timedelta(minutes=35 * (place // 5))
        touch = LogTime(
            campaign.client_id,
            activities[place // 5 % len(activities)],
            start,
            start + timedelta(minutes=25),
            campaign.id,
            note=f"Budgets moved to what sells, checked with the team {place}",
        )
        log_time(sem(), touch)
    up: list[str] = []
    down: list[str] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: up.append(frame if isinstance(frame, str) else frame.decode()))
        socket.on("framereceived", lambda frame: down.append(frame if isinstance(frame, str) else frame.decode()))

    _, page = sign_in(browser, server.url, SEM)
    page.wait_for_selector("#draft-total")
    page.on("websocket", follow)
    page.goto(f"{server.url}/grid?week={first.isoformat()}")
    expect(page.locator("#grid-total")).to_have_text("41:40")
    rows = page.locator("[data-row]").count()
    single = page.locator(".wg-c:not(.is-several) input").filter(visible=True)
    measured: dict[str, tuple[int, int]] = {}
    single.first.click()
    for typed in ("1:10", "", "z"):
        page.wait_for_timeout(800)  # what came before is over
        up.clear()
        down.clear()
        if typed == "z":
            page.keyboard.press("z")
        else:
            page.keyboard.press("Control+a")
            page.keyboard.press("Delete")
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            page.keyboard.press("ArrowUp")
        page.wait_for_timeout(1500)
        events = [frame for frame in up if '"name"' in frame]
        deltas = [frame for frame in down if '"delta":{' in frame and "grid" in frame]
        assert len(events) == 1, (typed, events)
        assert len(deltas) == 1, (typed, [len(frame) for frame in deltas])
        measured[typed or "emptied"] = (len(events[0].encode()), sum(len(frame.encode()) for frame in down))
    print(f"\nbytes up and down with {rows} rows:", json.dumps(measured))
    assert max(below for _, below in measured.values()) < MOST_BYTES, measured
    page.context.close()
