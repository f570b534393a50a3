"""Everything on the week by keys alone, what goes over the wire for it, and the switch of single keys."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect
from sqlmodel import select, update

from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_entry import move_entry
from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading, transaction
from agency_app.tables import Activity, Client, Member, Workspace
from tests.ui.calendar_hand import block
from tests.ui.conftest import AMSTERDAM, entries, sign_in, today

MONDAY = today() + timedelta(days=7 - today().weekday())
"""Next week's: nothing of the demo is in it, and nothing of it is ever invoiced."""
TEN = datetime.combine(MONDAY + timedelta(days=2), datetime.min.time(), AMSTERDAM) + timedelta(hours=10)
MOST_BYTES = 25_000


def member(email: str) -> Actor:
    with reading() as session:
        return actor_of(session.exec(select(Member).where(Member.email == email)).one())


def ids_of(table: type[Client] | type[Activity]) -> list[str]:
    with reading() as session:
        return [row.id for row in session.exec(select(table)) if not row.archived]


def log(start: datetime, minutes: int = 60, place: int = 0) -> Logged:
    clients, activities = ids_of(Client), ids_of(Activity)
    client, activity = clients[place % len(clients)], activities[place % len(activities)]
    return log_time(member("mara@halden.example"), LogTime(client, activity, start, start + timedelta(minutes=minutes)))


def span(entry_id: str) -> tuple[str, str]:
    """Return from when to when an entry is, in the agency's zone."""
    entry = entries()[entry_id]
    assert entry.started_at is not None
    assert entry.ended_at is not None
    return f"{entry.started_at.astimezone(AMSTERDAM):%a %H:%M}", f"{entry.ended_at.astimezone(AMSTERDAM):%H:%M}"


@pytest.fixture
def logged(server: RunningServer) -> Logged:
    """An hour of Mara's on next week's Wednesday at ten."""
    return log(TEN)


@pytest.fixture
def mara(browser: Browser, server: RunningServer, logged: Logged) -> Iterator[Page]:
    context, page = sign_in(browser, server.url, "mara@halden.example", f"/?week={MONDAY.isoformat()}")
    block(page, logged.entry_id).wait_for()
    yield page
    context.close()


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)


def reach(page: Page, entry_id: str) -> None:
    """Go from block to block until an entry has the keyboard; what a routine asks for is on the way."""
    for _ in range(12):
        press(page, "j")
        focused = page.evaluate("() => document.activeElement.dataset.eventId ?? ''")
        if not focused.startswith("routine:"):
            break
    expect(block(page, entry_id)).to_be_focused()


def said(page: Page, words: str) -> Locator:
    """Wait for a toast that says this, and return it."""
    toast = page.locator(".toast", has_text=words)
    expect(toast).to_be_visible()
    return toast


def named(page: Page, entry_id: str, words: str) -> None:
    """Wait until a block is drawn as it is now, and has the keyboard."""
    found = block(page, entry_id)
    expect(found).to_have_attribute("aria-label", words_like(words))
    expect(found).to_be_focused()


def words_like(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


def test_every_gesture_on_an_entry_has_a_key_and_its_undo(mara: Page, logged: Logged) -> None:
    entry = logged.entry_id
    reach(mara, entry)
    outline = block(mara, entry).evaluate(
        "(block) => getComputedStyle(block).boxShadow + getComputedStyle(block).outlineStyle"
    )
    assert outline != "nonenone"
    wednesday, thursday = TEN.date(), TEN.date() + timedelta(days=1)
    for key, shown in (
        ("ArrowDown", f"{wednesday:%a} {wednesday.day} {wednesday:%b} 10:15 to 11:15"),
        ("ArrowUp", f"{wednesday.day} {wednesday:%b} 10:00 to 11:00"),
        ("Shift+ArrowDown", "10:00 to 11:15"),
        ("Shift+ArrowUp", "10:00 to 11:00"),
        ("ArrowRight", f"{thursday.day} {thursday:%b} 10:00"),
        ("ArrowLeft", f"{wednesday.day} {wednesday:%b} 10:00"),
    ):
        press(mara, key)
        named(mara, entry, shown)
    assert span(entry) == ("Wed 10:00", "11:00")

    known = set(entries())
    press(mara, "d")
    said(mara, "Duplicated to")
    [copy] = set(entries()) - known
    expect(block(mara, copy)).to_be_focused()
    assert span(copy) == ("Thu 10:00", "11:00")
    press(mara, "Backspace")
    said(mara, "Deleted")
    assert set(entries()) == known

    for words in ("Undone: deleted", "Undone: logged", "Undone: moved"):
        press(mara, "z")
        said(mara, words)
    assert span(entry) == ("Thu 10:00", "11:00")
    assert set(entries()) == known
    press(mara, "Shift+Z")
    said(mara, "Redone: moved")
    assert span(entry) == ("Wed 10:00", "11:00")


def test_a_new_entry_and_the_tasks_go_where_the_cursor_is(mara: Page, logged: Logged) -> None:
    reach(mara, logged.entry_id)
    press(mara, "n")
    dialog = mara.locator("#entry-dialog")
    expect(dialog.locator("[name=start]")).to_have_value("11:00")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=date]")).to_have_value(TEN.date().isoformat())
    press(mara, "2")  # typed into the field, and no key of the week
    press(mara, "Escape")
    expect(dialog).to_be_hidden()

    known = set(entries())
    block(mara, logged.entry_id).focus()
    press(mara, "2")
    said(mara, "Logged from Wed")
    [placed] = set(entries()) - known
    expect(block(mara, placed)).to_be_focused()
    assert span(placed)[0] == "Wed 11:00"

    waiting = mara.locator(".pc").first
    waiting.focus()
    press(mara, "Enter")
    form = mara.locator("#place-dialog")
    form.locator("[name=start]").fill(f"{(MONDAY + timedelta(days=4)).isoformat()}T14:30")
    form.get_by_role("button", name="Log", exact=True).click()
    expect(form).to_be_hidden()
    said(mara, "Logged from Fri")
    [third] = set(entries()) - known - {placed}
    assert span(third)[0] == "Fri 14:30"
    mara.locator(".tk", has_text="Weekly report").get_by_role("button", name="Log it at…").click()
    expect(form).to_be_visible()


def test_undo_says_whose_change_it_leaves_alone(mara: Page, logged: Logged) -> None:
    reach(mara, logged.entry_id)
    press(mara, "ArrowDown")
    said(mara, "Moved")
    entry = entries()[logged.entry_id]
    move_entry(member("jonas@halden.example"), entry.id, entry.version, TEN, TEN + timedelta(hours=3))
    expect(block(mara, entry.id)).to_have_attribute("aria-label", words_like("10:00 to 13:00"))
    press(mara, "z")
    said(mara, "Jonas Vik changed this entry since")
    assert span(entry.id) == ("Wed 10:00", "13:00")


def test_the_recent_changes_go_back_and_forth_one_by_one(mara: Page, logged: Logged) -> None:
    reach(mara, logged.entry_id)
    press(mara, "ArrowDown")
    said(mara, "Moved").get_by_role("button", name="Recent").click()
    rows = mara.locator("#recent-changes li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("10:00–11:00 → 10:15–11:15")
    rows.first.get_by_role("button", name="Undo").click()
    expect(rows.first.get_by_role("button", name="Redo")).to_be_visible()
    assert span(logged.entry_id) == ("Wed 10:00", "11:00")
    rows.first.get_by_role("button", name="Redo").click()
    expect(rows.first.get_by_role("button", name="Undo")).to_be_visible()
    rows.nth(1).get_by_role("button", name="Undo").click()
    expect(mara.locator("#recent-changes")).to_contain_text("You changed this entry since")


def test_keys_go_to_pages_and_can_be_switched_off(mara: Page) -> None:
    press(mara, "g")
    press(mara, "r")
    expect(mara).to_have_url(words_like("/retainers"))
    expect(mara.locator(".nav [aria-current]")).to_have_text("Retainers")
    press(mara, "?")
    keys = mara.locator("#keys")
    expect(keys).to_be_visible()
    keys.get_by_label("Single keys are shortcuts").click()
    expect(mara.locator("#commands")).to_have_attribute("data-single-keys", "off")
    press(mara, "Escape")
    press(mara, "g")
    press(mara, "i")
    press(mara, "?")
    mara.wait_for_timeout(300)
    expect(keys).to_be_hidden()
    expect(mara).to_have_url(words_like("/retainers"))
    mara.get_by_label("Your account").click()
    mara.get_by_role("link", name="Keyboard").click()
    switch = mara.locator("main").get_by_label("Single keys are shortcuts")
    expect(switch).not_to_be_checked()
    switch.click()
    expect(mara.locator("#commands")).to_have_attribute("data-single-keys", "on")
    mara.locator("h1").click()
    press(mara, "g")
    press(mara, "w")
    expect(mara).to_have_url(words_like("/"))
    mara.locator(".wk-lane").first.wait_for()


def test_a_gesture_in_a_week_of_a_hundred_entries_is_one_event_up_and_one_small_delta_down(
    mara: Page, logged: Logged
) -> None:
    with transaction() as session:  # an alert that a gesture raises is a change of its own, with a delta of its own
        session.execute(update(Workspace).values(alert_thresholds="", alert_under_serviced=False))
    start = TEN - timedelta(days=2, hours=3)
    for place in range(99):
        log(start + timedelta(days=place % 5, minutes=35 * (place // 5)), 25, place)
    up: list[str] = []
    down: list[str] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: up.append(frame if isinstance(frame, str) else frame.decode()))
        socket.on("framereceived", lambda frame: down.append(frame if isinstance(frame, str) else frame.decode()))

    mara.on("websocket", follow)
    mara.reload()
    expect(mara.locator('.wk [data-event-id]:not([data-event-id^="routine:"])')).to_have_count(100)
    entry = logged.entry_id
    block(mara, entry).focus()
    measured: dict[str, tuple[int, int]] = {}
    for key in ("ArrowDown", "Shift+ArrowDown", "ArrowRight", "d", "Delete", "z"):
        mara.wait_for_timeout(800)  # what came before is over
        up.clear()
        down.clear()
        press(mara, key)
        mara.wait_for_timeout(1500)
        events = [frame for frame in up if '"name"' in frame]
        deltas = [frame for frame in down if '"delta":{' in frame and "workbench" in frame]
        assert len(events) == 1, (key, events)
        assert len(deltas) == 1, (key, [len(frame) for frame in deltas])
        measured[key] = (len(events[0].encode()), sum(len(frame.encode()) for frame in down))
    print("\nbytes up and down by key:", json.dumps(measured))
    assert max(below for _, below in measured.values()) < MOST_BYTES, measured
