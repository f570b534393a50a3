"""Gestures on the week with a real mouse: copies with Alt, several at once, the edges, the snap, and the paths beside."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_entry import move_entry
from agency_app.services.log_time import LogTime, log_time
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Activity, Client, Member
from tests.ui.calendar_hand import block, carry, drag_block, drag_in, place, press_at, resize_block, sweep, tip
from tests.ui.conftest import AMSTERDAM, entries, sign_in, today


def sem() -> Actor:
    """Who logs nothing in the demo: an empty week."""
    with reading() as session:
        return actor_of(session.exec(select(Member).where(Member.email == "sem@halden.example")).one())


def at(time: str, days: int = 0) -> datetime:
    day = today() + timedelta(days=days)
    return datetime.fromisoformat(f"{day.isoformat()}T{time}").replace(tzinfo=AMSTERDAM)


def log(time: str, hours: float = 1, days: int = 0) -> str:
    """Log for Fjord, whose last month is still open, today at a time, or some days later."""
    with reading() as session:
        client = session.exec(select(Client.id).where(Client.name == "Fjord Outdoor")).one()
        activity = session.exec(select(Activity.id).where(Activity.name == "Reporting")).one()
    start = at(time, days)
    return log_time(sem(), LogTime(client, activity, start, start + timedelta(hours=hours), note="Weekly")).entry_id


def begins(entry_id: str) -> datetime | None:
    return entries()[entry_id].started_at


@pytest.fixture
def ids(data_dir: object) -> list[str]:
    """Two entries of today, at nine and at eleven."""
    return [log("09:00"), log("11:00")]


@pytest.fixture
def week(browser: Browser, server: RunningServer, ids: list[str]) -> Iterator[Page]:
    context, page = sign_in(browser, server.url, "sem@halden.example", f"/?week={today().isoformat()}")
    expect(block(page, ids[1])).to_be_visible()
    yield page
    context.close()


def other_day() -> str:
    """A day of this week that is not today, and not on an edge of it."""
    return (today() + timedelta(days=1 if today().weekday() < 4 else -1)).isoformat()


def days_to(day: str) -> int:
    return (datetime.fromisoformat(day).date() - today()).days


def choose(page: Page, *ids: str) -> None:
    for entry_id in ids:
        block(page, entry_id).click(modifiers=["Shift"], position={"x": 30, "y": 20})
    expect(page.locator(".wk-chosen b")).to_contain_text(f"{len(ids)} selected")


def test_a_drag_with_alt_copies_and_one_undo_takes_the_copy_back(week: Page, ids: list[str]) -> None:
    before, day = entries(), other_day()
    drag_block(week, ids[0], day, "14:00", drop=False)
    week.keyboard.down("Alt")
    expect(week.locator("#wk-tip .s").first).to_contain_text("A copy.")
    week.mouse.up()
    week.keyboard.up("Alt")
    expect(week.locator(".toast")).to_contain_text("Copied")
    (copy,) = [entry for entry in entries().values() if entry.id not in before]
    assert (copy.started_at, copy.seconds, copy.note) == (at("14:00", days_to(day)), 3600, "Weekly")
    assert begins(ids[0]) == at("09:00")
    expect(block(week, copy.id)).to_be_visible()
    week.keyboard.press("z")
    expect(block(week, copy.id)).to_have_count(0)
    assert entries().keys() == before.keys()


def test_the_dialog_duplicates_too(week: Page, ids: list[str]) -> None:
    before, day = entries(), other_day()
    block(week, ids[0]).click()
    form = week.locator("#entry-dialog")
    form.get_by_role("button", name="Duplicate").click()
    expect(form.get_by_role("heading")).to_contain_text("Copy: Fjord Outdoor")
    form.locator("input[name=date]").fill(day)
    form.get_by_role("button", name="Save").click()
    expect(week.locator(".toast")).to_contain_text("Logged")
    (copy,) = [entry for entry in entries().values() if entry.id not in before]
    assert (copy.started_at, copy.note) == (at("09:00", days_to(day)), "Weekly")


def test_what_is_selected_with_shift_moves_together_and_back_with_one_undo(week: Page, ids: list[str]) -> None:
    choose(week, *ids)
    day = other_day()
    drag_block(week, ids[0], day, "13:00", drop=False)
    assert tip(week).startswith("Moves 2 entries")
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Moved 2 entries")
    days = days_to(day)
    assert [begins(one) for one in ids] == [at("13:00", days), at("15:00", days)]
    week.keyboard.press("z")
    expect(week.locator(".toast")).to_contain_text("Undone")
    assert [begins(one) for one in ids] == [at("09:00"), at("11:00")]


def test_what_is_selected_is_deleted_together_and_comes_back_with_one_undo(week: Page, ids: list[str]) -> None:
    choose(week, *ids)
    week.locator(".wk-chosen").get_by_role("button", name="Delete").click()
    expect(week.locator(".toast")).to_contain_text("Deleted 2 entries")
    expect(block(week, ids[0])).to_have_count(0)
    expect(week.locator(".wk-chosen")).to_have_count(0)
    week.keyboard.press("z")
    expect(block(week, ids[0])).to_be_visible()
    expect(block(week, ids[1])).to_be_visible()


def test_the_keyboard_selects_with_shift_enter_and_moves_and_deletes_together(week: Page, ids: list[str]) -> None:
    for entry_id in ids:
        block(week, entry_id).focus()
        week.keyboard.press("Shift+Enter")
    expect(week.locator(".wk-chosen b")).to_contain_text("2 selected")
    week.keyboard.press("ArrowDown")
    expect(week.locator(".toast")).to_contain_text("Moved 2 entries")
    assert [begins(one) for one in ids] == [at("09:15"), at("11:15")]
    expect(block(week, ids[1])).to_be_focused()
    week.keyboard.press("Delete")
    expect(block(week, ids[0])).to_have_count(0)
    assert not set(ids) & entries().keys()


def test_a_form_moves_or_copies_what_is_selected(week: Page, ids: list[str]) -> None:
    before, day = entries(), other_day()
    choose(week, *ids)
    week.get_by_role("button", name="Move or copy").click()
    form = week.locator("#move-dialog")
    form.locator("input[name=days]").fill("x")
    form.get_by_role("button", name="Do it").click()
    expect(form.locator(".err")).to_contain_text("whole number")
    form.locator("input[name=days]").fill("1")
    form.locator("select[name=what]").select_option("copy")
    if days_to(day) < 0:
        form.locator("select[name=towards]").select_option("earlier")
    form.locator("input[name=time]").fill("0:30")
    form.get_by_role("button", name="Do it").click()
    expect(form).not_to_be_visible()
    made = sorted(str(one.started_at) for one in entries().values() if one.id not in before)
    shift = timedelta(days=1, minutes=30) * days_to(day)
    assert made == [str((at(time) + shift).astimezone(ZoneInfo("UTC"))) for time in ("09:00", "11:00")]


def test_escape_and_a_plain_click_leave_the_selection(week: Page, ids: list[str]) -> None:
    choose(week, *ids)
    week.keyboard.press("Escape")
    expect(week.locator(".wk-chosen")).to_have_count(0)
    choose(week, ids[0])
    block(week, ids[0]).click(modifiers=["Shift"])
    expect(week.locator(".wk-chosen")).to_have_count(0)


def test_holding_a_block_at_the_edge_carries_it_into_the_next_week(week: Page, ids: list[str]) -> None:
    x, y = place(week, today().isoformat(), "09:00")
    press_at(week, block(week, ids[0]), at_height=9)
    frame = week.locator(".wk").bounding_box()
    assert frame is not None
    carry(week, frame["x"] + frame["width"] - 10, y + 9)
    expect(week.locator(".is-turning-on")).to_have_count(1)
    target = (today() + timedelta(days=7 - today().weekday() + 2)).isoformat()  # Wednesday of next week
    week.wait_for_selector(f".wk-lane.wk-on-{target}")
    x, y = place(week, target, "09:00", scroll=False)
    carry(week, x, y + 9)
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Moved")
    moved = entries()[ids[0]]
    assert (moved.work_date.isoformat(), moved.seconds) == (target, 3600)
    expect(block(week, ids[0])).to_be_visible()
    assert f"week={(today() + timedelta(days=7 - today().weekday())).isoformat()}" in week.url
    week.keyboard.press("z")
    expect(week.locator(".toast")).to_contain_text("Undone")
    assert begins(ids[0]) == at("09:00")


def test_the_snap_is_the_members_choice_and_stays(week: Page, ids: list[str]) -> None:
    week.get_by_label("Round gestures to").select_option("5")
    expect(week.locator(".wk-slot-at-5").first).to_be_attached()
    drag_block(week, ids[0], today().isoformat(), "14:05")
    expect(week.locator(".toast")).to_contain_text("Moved")
    assert begins(ids[0]) == at("14:05")
    week.reload()
    expect(week.get_by_label("Round gestures to")).to_have_value("5")
    week.get_by_label("Round gestures to").select_option("30")
    expect(week.locator(".wk-slot-at-15")).to_have_count(0)
    sweep(week, today().isoformat(), "17:10", "18:20")
    form = week.locator("#entry-dialog")
    expect(form.locator("input[name=start]")).to_have_value("17:00")
    expect(form.locator("input[name=end]")).to_have_value("18:30")


def test_the_week_opens_where_the_work_begins(browser: Browser, server: RunningServer) -> None:
    early = log("06:30")
    context, page = sign_in(browser, server.url, "sem@halden.example", f"/?week={today().isoformat()}")
    expect(block(page, early)).to_be_in_viewport()
    _, top = place(page, today().isoformat(), "06:15", scroll=False)
    head = page.locator(".wk-heads").last.bounding_box()
    assert head is not None
    assert abs(top - (head["y"] + head["height"])) < 60
    context.close()


def test_an_overlap_is_said_at_the_pointer_on_the_block_and_in_the_dialog(week: Page, ids: list[str]) -> None:
    drag_block(week, ids[0], today().isoformat(), "11:30", drop=False)
    assert "Overlaps Fjord, 11:00–12:00." in tip(week)
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Moved")
    expect(block(week, ids[0]).locator(".wk-overlap")).to_be_visible()
    block(week, ids[0]).click(position={"x": 20, "y": 20})
    expect(week.locator("#entry-dialog .told")).to_contain_text("Overlaps Fjord, Reporting, 11:00–12:00.")
    week.locator("#entry-dialog input[name=start]").fill("12:00")
    week.locator("#entry-dialog input[name=end]").fill("13:00")
    expect(week.locator("#entry-dialog .told")).not_to_contain_text("Overlaps")


def test_work_past_midnight_is_split_there_and_its_halves_lead_to_each_other(week: Page, ids: list[str]) -> None:
    night = log("22:30", 3)
    before = entries()
    expect(block(week, night).first).to_be_visible()
    block(week, night).first.click()
    form = week.locator("#entry-dialog")
    expect(form.locator(".night")).to_contain_text("1 h 30 of it was worked after")
    form.get_by_role("button", name="Split at midnight").click()
    expect(form).to_be_hidden()
    [half] = [entry for entry in entries().values() if entry.id not in before]
    assert (half.work_date, half.seconds) == (today() + timedelta(days=1), 5400)
    expect(block(week, night)).to_have_attribute("aria-label", re.compile("goes on after midnight"))
    block(week, night).press("Enter")  # the toast may lie over it
    form.get_by_role("button", name="Goes on after midnight").click()
    expect(form.locator("[name=date]")).to_have_value(half.work_date.isoformat())
    expect(form.get_by_role("button", name="Goes on from")).to_be_visible()
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_be_hidden()
    block(week, ids[0]).focus()
    week.keyboard.press("s")
    expect(week.locator("#split-dialog")).to_be_visible()
    week.keyboard.press("Escape")
    expect(week.locator("#split-dialog")).to_be_hidden()
    week.keyboard.press("z")
    expect(week.locator(".toast")).to_contain_text("Undone")
    assert entries().keys() == before.keys()


def test_an_arrow_out_of_the_week_takes_the_week_along(week: Page) -> None:
    sunday = 6 - today().weekday()
    last = log("15:00", days=sunday)
    block(week, last).focus()
    week.keyboard.press("ArrowRight")
    expect(week.locator(f".wk-lane.wk-on-{(today() + timedelta(days=sunday + 1)).isoformat()}")).to_be_visible()
    expect(block(week, last)).to_be_focused()
    assert begins(last) == at("15:00", sunday + 1)
    week.keyboard.press("ArrowLeft")
    expect(week.locator(f".wk-lane.wk-on-{today().isoformat()}")).to_be_visible()
    expect(block(week, last)).to_be_focused()
    assert begins(last) == at("15:00", sunday)


def test_the_keyboard_goes_on_where_a_form_was_closed(week: Page, ids: list[str]) -> None:
    dialog = week.locator("#entry-dialog")
    block(week, ids[1]).click()
    expect(dialog).to_be_visible()
    week.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(block(week, ids[1])).to_be_focused()
    week.keyboard.press("ArrowDown")
    expect(week.locator(".toast")).to_contain_text("Moved")
    assert begins(ids[1]) == at("11:15")

    sweep(week, today().isoformat(), "14:00", "15:00")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[name=start]")).to_have_value("14:00")
    week.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(week.locator(".is-sweep")).to_have_count(0)


def test_a_block_that_is_held_while_the_week_changes_lands_where_it_is_let_go(week: Page, ids: list[str]) -> None:
    day = other_day()
    drag_block(week, ids[0], day, "14:00", drop=False)
    said = tip(week)
    before = {one: begins(one) for one in ids}
    came = log("16:00")  # from elsewhere, into the week under the hand
    expect(block(week, came)).to_be_visible()
    expect(week.locator("#wk-tip")).not_to_have_text(said)  # what it foretells counts the hours that came
    assert {one: begins(one) for one in ids} == before
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Moved")
    assert begins(ids[0]) == at("14:00", days_to(day))
    for one in (*ids, came):
        expect(block(week, one)).to_have_count(1)
    expect(week.locator("#wk-tip")).to_have_count(0)


def test_an_edge_and_a_template_that_are_held_while_the_week_changes_do_what_they_would(
    week: Page, ids: list[str]
) -> None:
    resize_block(week, ids[0], today().isoformat(), "10:30", drop=False)
    expect(block(week, log("16:00"))).to_be_visible()
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Resized")
    assert entries()[ids[0]].seconds == 5400

    before = entries()
    drag_in(week, week.locator(".tk", has_text="Weekly report"), today().isoformat(), "18:00", drop=False)
    came = log("17:00")
    expect(block(week, came)).to_be_visible()
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Logged")
    (made,) = [entry for entry in entries().values() if entry.id not in {*before, came}]
    assert made.started_at == at("18:00")
    expect(week.locator(".is-pending")).to_have_count(0)


def test_a_block_that_someone_moves_under_the_hand_is_not_moved_over_them(week: Page, ids: list[str]) -> None:
    drag_block(week, ids[0], other_day(), "14:00", drop=False)
    expect(week.locator(".is-ghost .wk-2")).to_have_text("14:00–15:00")
    move_entry(sem(), ids[0], entries()[ids[0]].version, at("19:00"), at("20:00"))
    expect(week.locator(f'[data-event-id="{ids[0]}"][aria-label*="19:00"]')).to_be_attached()
    week.mouse.up()
    expect(week.locator(".toast")).to_be_visible()
    assert begins(ids[0]) == at("19:00")
    _, y = place(week, today().isoformat(), "19:00")
    box = block(week, ids[0]).bounding_box()
    assert box is not None
    assert abs(box["y"] - y) < 6


def test_a_drop_styles_what_changed_not_the_whole_page(browser: Browser, week: Page) -> None:
    task = week.locator(".tk", has_text="Weekly report")
    drag_in(week, task, other_day(), "18:00", drop=False)
    week.wait_for_timeout(200)
    browser.start_tracing(page=week, categories=["devtools.timeline"])
    week.mouse.up()
    expect(week.locator(".toast")).to_contain_text("Logged")
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [event["args"].get("elementCount", 0) for event in trace if event["name"] == "UpdateLayoutTree"]
    elements = week.locator("*").count()
    assert 0 < max(styled) < elements / 3  # a selector that ends in "any element" after :has() makes it all of them


def test_an_edge_pulled_past_the_other_one_stops_a_snap_before_it(week: Page, ids: list[str]) -> None:
    resize_block(week, ids[1], today().isoformat(), "10:15", drop=False)
    expect(week.locator(".is-ghost")).to_contain_text("0 h 15")
    week.mouse.up()
    expect(block(week, ids[1])).to_have_attribute("aria-label", re.compile("0 h 15, .*11:00 to 11:15"))

    place(week, today().isoformat(), "10:30")
    block(week, ids[0]).hover()
    press_at(week, block(week, ids[0]), at_height=1)
    carry(week, *place(week, today().isoformat(), "10:40", scroll=False))
    expect(week.locator(".is-ghost")).to_contain_text("0 h 15")
    week.mouse.up()
    expect(block(week, ids[0])).to_have_attribute("aria-label", re.compile("0 h 15, .*09:45 to 10:00"))
    assert [entries()[each].seconds for each in ids] == [900, 900]

    resize_block(week, ids[1], today().isoformat(), "13:00", drop=False)
    week.keyboard.press("Escape")
    week.mouse.up()
    expect(week.locator(".is-ghost")).to_have_count(0)
    assert entries()[ids[1]].seconds == 900


def test_what_is_held_stays_under_the_mouse_when_the_wheel_turns_the_hours(week: Page, ids: list[str]) -> None:
    place(week, today().isoformat(), "10:00")
    press_at(week, block(week, ids[0]), at_height=20)
    x, y = place(week, today().isoformat(), "12:00", scroll=False)
    lane = week.locator(f".wk-lane.wk-on-{today().isoformat()}").bounding_box()
    assert lane is not None
    carry(week, x, y)
    expect(week.locator(".is-ghost")).to_be_visible()
    week.mouse.wheel(0, -102)  # two hours
    week.wait_for_function(
        """([day, top, y]) => {
            const box = (one) => document.querySelector(one).getBoundingClientRect();
            const [lane, ghost] = [box(`.wk-lane.wk-on-${day}`), box(".is-ghost")];
            return Math.abs(lane.top - top - 102) < 2 && ghost.top <= y && y <= ghost.bottom;
        }""",
        arg=[today().isoformat(), lane["y"], y],
    )
    week.mouse.up()
    expect(block(week, ids[0])).to_have_attribute("aria-label", re.compile("1 h 00, .*09:(30|45) to 10:"))


def test_one_block_alone_is_carried_into_another_week(week: Page, ids: list[str]) -> None:
    place(week, today().isoformat(), "12:00")
    press_at(week, block(week, ids[0]), at_height=9)
    frame = week.locator(".wk").bounding_box()
    assert frame is not None
    carry(week, frame["x"] + frame["width"] - 8, frame["y"] + 300)
    monday = today() + timedelta(days=7 - today().weekday())
    lane = week.locator(f".wk-lane.wk-on-{monday.isoformat()}")
    lane.wait_for()
    x, y = place(week, monday.isoformat(), "13:00", scroll=False)
    carry(week, x, y)
    expect(week.locator(".wk .is-ghost")).to_be_visible()
    carried = week.locator("body > .wk-event")
    assert carried.evaluate_all("all => all.every((one) => getComputedStyle(one).visibility === 'hidden')")
    week.keyboard.press("Escape")
    week.mouse.up()
    assert begins(ids[0]) == at("09:00")
