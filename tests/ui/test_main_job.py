"""The main job with a real mouse in two browsers: log, move, edit, undo, finalise, and what the database and PDF say."""

import io
import re
from datetime import datetime, timedelta

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from agency_app.services.actor import actor_of
from agency_app.services.change_entry import move_entry
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.verify_workspace import verify_workspace
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Activity, Client, Invoice, InvoiceDocument, Member, TimeEntry
from tests.ui.calendar_hand import block, carry, drag_block, drag_in, place, press_at, resize_block, sweep, tip
from tests.ui.conftest import AMSTERDAM, address, client_id, open_week, sign_in, today


def entries_of() -> dict[str, TimeEntry]:
    with reading() as session:
        return {entry.id: entry for entry in session.exec(select(TimeEntry))}


def logged_between(before: dict[str, TimeEntry]) -> list[TimeEntry]:
    return [entry for entry_id, entry in entries_of().items() if entry_id not in before]


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"{today().isoformat()}T{time}").replace(tzinfo=AMSTERDAM)


@pytest.fixture
def jonas(browser: Browser, server: RunningServer):
    context, page = sign_in(browser, server.url, "jonas@halden.example", address())
    open_week(page)
    yield page
    context.close()


def log_report(page: Page, time: str = "20:00") -> TimeEntry:
    """Drag the weekly report (an hour) onto today and return what was logged."""
    before = entries_of()
    drag_in(page, page.locator(".tk", has_text="Weekly report"), today().isoformat(), time)
    expect(page.locator(".toast")).to_contain_text("Logged")
    (entry,) = logged_between(before)
    expect(block(page, entry.id)).to_be_visible()
    return entry


def test_dropping_a_template_logs_it_and_both_browsers_show_it(mara: Page, jonas: Page) -> None:
    before, total, used = (
        entries_of(),
        mara.locator("#draft-total").inner_text(),
        mara.locator("#used-hours").inner_text(),
    )
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00", drop=False)
    said = tip(mara)
    assert said.startswith(f"Northwind {today():%b}: {used} → ")
    assert "Esc cancels" in said
    assert "Adds €" in said
    mara.mouse.up()

    for page in (mara, jonas):
        expect(page.locator("#draft-total")).not_to_have_text(total)
        expect(page.locator("#used-hours")).not_to_have_text(used)
    assert mara.locator("#draft-total").inner_text() == jonas.locator("#draft-total").inner_text()
    (entry,) = logged_between(before)
    assert (entry.started_at, entry.seconds) == (at("20:00"), 3600)
    assert entry.client_id == client_id()
    assert entry.rate_source
    assert said.split(" → ")[1].split(" of ")[0] == mara.locator("#used-hours").inner_text()


def test_the_draft_says_by_how_much_it_just_changed_in_both_browsers(mara: Page, jonas: Page) -> None:
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00", drop=False)
    foretold = re.search(r"Adds (\S+) to", tip(mara))
    assert foretold
    mara.mouse.up()
    for page in (mara, jonas):
        expect(page.locator(".just")).to_have_text(f"just updated +{foretold[1]}")
    expect(mara.locator(".toast")).to_contain_text("Logged")
    mara.keyboard.press("z")
    for page in (mara, jonas):
        expect(page.locator(".just")).to_have_text(f"just updated −{foretold[1]}")
    for page in (mara, jonas):
        expect(page.locator(".just .chip")).to_have_count(0)  # after four seconds
    mara.get_by_label("Client in focus").select_option(label="Lumen Skincare")
    expect(mara).to_have_url(re.compile(client_id("Lumen Skincare")))
    expect(mara.locator(".just .chip")).to_have_count(0)


def test_an_inbox_task_leaves_the_inbox_when_it_is_dropped(mara: Page) -> None:
    waiting = mara.locator(".pc").count()
    before = entries_of()
    drag_in(mara, mara.locator(".pc").first, today().isoformat(), "20:00")
    expect(mara.locator(".pc")).to_have_count(waiting - 1)
    assert len(logged_between(before)) == 1


def test_a_drop_is_one_block_and_one_entry(mara: Page) -> None:
    blocks = mara.locator("[data-event-id]").count()
    log_report(mara)
    expect(mara.locator("[data-event-id]")).to_have_count(blocks + 1)
    expect(mara.locator(".is-pending")).to_have_count(0)


def test_a_refused_drop_leaves_no_block_behind(mara: Page) -> None:
    before = entries_of()
    invoiced = (today().replace(day=1) - timedelta(days=1)).isoformat()
    mara.goto(mara.url.replace(today().isoformat(), invoiced))
    mara.wait_for_selector(f".wk-lane.wk-on-{invoiced}")
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), invoiced, "20:00")
    expect(mara.locator(".toast")).to_contain_text("invoiced")
    expect(mara.locator(".is-pending")).to_have_count(0)
    shown = mara.locator("[data-event-id]").evaluate_all("blocks => blocks.map((block) => block.dataset.eventId)")
    assert before.keys() >= set(shown)
    assert entries_of().keys() == before.keys()


def test_letting_go_beside_the_week_logs_nothing(mara: Page) -> None:
    before = entries_of()
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00", drop=False)
    heading = mara.locator("#draft-total").bounding_box()
    assert heading is not None
    carry(mara, heading["x"], heading["y"])
    mara.mouse.up()
    mara.wait_for_timeout(400)
    assert entries_of().keys() == before.keys()
    expect(mara.locator(".toast")).to_have_count(0)


def test_moving_and_resizing_change_the_entry_once_each(mara: Page) -> None:
    entry = log_report(mara)
    drag_block(mara, entry.id, today().isoformat(), "21:00")
    expect(mara.locator(".toast")).to_contain_text("Moved")
    moved = entries_of()[entry.id]
    assert (moved.started_at, moved.seconds, moved.version) == (at("21:00"), 3600, 2)

    resize_block(mara, entry.id, today().isoformat(), "22:30")
    expect(block(mara, entry.id)).to_contain_text("1 h 30")
    resized = entries_of()[entry.id]
    assert (resized.started_at, resized.seconds, resized.version) == (at("21:00"), 5400, 3)


def test_sweeping_an_empty_slot_opens_the_form_and_saves(mara: Page) -> None:
    before = entries_of()
    sweep(mara, today().isoformat(), "20:00", "21:30")
    dialog = mara.locator("#entry-dialog")
    expect(dialog).to_be_visible()
    assert dialog.locator("[name=start]").input_value() == "20:00"
    assert dialog.locator("[name=end]").input_value() == "21:30"
    dialog.locator("[name=note]").fill("Bids and budgets before the weekend")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    (entry,) = logged_between(before)
    assert (entry.seconds, entry.note) == (5400, "Bids and budgets before the weekend")


def test_editing_and_deleting_with_undo(mara: Page) -> None:
    entry = log_report(mara)
    block(mara, entry.id).click()
    dialog = mara.locator("#entry-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[name=end]").fill("20:15")
    dialog.locator("[name=billable]").uncheck()
    dialog.get_by_role("button", name="Save").click()
    expect(block(mara, entry.id)).to_have_attribute("aria-label", re.compile(r"0 h 15, .* 20:00 to 20:15$"))
    edited = entries_of()[entry.id]
    assert (edited.seconds, edited.billable) == (900, False)

    block(mara, entry.id).click()
    dialog.get_by_role("button", name="Delete").click()
    expect(block(mara, entry.id)).to_have_count(0)
    assert entry.id not in entries_of()
    mara.locator(".toast").get_by_role("button", name="Undo").click()
    expect(block(mara, entry.id)).to_be_visible()
    assert entries_of()[entry.id].seconds == 900


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(mara: Page) -> None:
    before = entries_of()
    mara.get_by_role("button", name="New entry").click()
    dialog = mara.locator("#entry-dialog")
    dialog.locator("[name=start]").fill("10:00")
    dialog.locator("[name=end]").fill("10:00")
    dialog.locator("[name=note]").fill("kept")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert dialog.locator("[name=note]").input_value() == "kept"
    assert logged_between(before) == []


def test_the_keyboard_moves_a_block_too(mara: Page) -> None:
    entry = log_report(mara)
    block(mara, entry.id).focus()
    mara.keyboard.press("ArrowDown")
    expect(mara.locator(".toast")).to_contain_text("Moved")
    assert entries_of()[entry.id].started_at == at("20:15")


def test_finalising_numbers_locks_and_downloads(mara: Page, jonas: Page, server: RunningServer) -> None:
    entry = log_report(mara)
    mara.get_by_role("button", name="Review").click()
    mara.wait_for_url("**/invoices/*")
    expect(mara.locator(".il tbody tr").first).to_be_visible()
    mara.locator(".il button", has_text="Reporting").click()
    expect(mara.locator(".tk-t tbody tr").first).to_be_visible()
    total = mara.locator("#invoice-total").inner_text()

    mara.get_by_role("button", name="Finalise & download").click()
    with mara.expect_download() as download:
        mara.locator("#finalise-dialog").get_by_role("button", name="Finalise & download").click()
    content = download.value.path().read_bytes()
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)

    with reading() as session:
        invoice = session.exec(
            select(Invoice).where(Invoice.client_id == client_id(), col(Invoice.period_start) == today().replace(day=1))
        ).one()
        document = session.exec(select(InvoiceDocument).where(InvoiceDocument.invoice_id == invoice.id)).one()
    assert invoice.status == "final"
    assert invoice.number is not None
    assert document.content == content
    assert invoice.number in text
    assert total in text
    assert "Work log" in text
    assert download.value.suggested_filename == f"{invoice.number}.pdf"
    assert entries_of()[entry.id].invoice_id == invoice.id
    with mara.expect_download() as again:
        mara.get_by_role("link", name="Download PDF").click()
    assert again.value.path().read_bytes() == content
    with mara.expect_download() as download:
        mara.get_by_role("link", name="E-invoice (UBL)").click()
    assert download.value.suggested_filename == f"{invoice.number}.xml"
    assert invoice.number in download.value.path().read_text(encoding="utf-8")
    assert verify_workspace() == []
    expect(jonas.locator(".di-h")).to_contain_text(invoice.number)

    mara.goto(f"{server.url}{address()}")
    block(mara, entry.id).wait_for()
    assert mara.locator(".di .acts .btn").all_inner_texts() == ["Open invoice"]
    drag_block(mara, entry.id, today().isoformat(), "18:00")
    mara.wait_for_timeout(400)
    assert entries_of()[entry.id].started_at == at("20:00")


def test_a_stale_draft_is_not_finalised(mara: Page, jonas: Page) -> None:
    mara.get_by_role("button", name="Finalise & download").click()
    mara.locator("#finalise-dialog").wait_for()
    with reading() as session:
        client = session.get_one(Client, client_id())
    from agency_app.store.engine import transaction

    with transaction() as session:
        stored = session.get_one(Client, client.id)
        stored.address = ""
        session.add(stored)
    mara.locator("#finalise-dialog").get_by_role("button", name="Finalise & download").click()
    expect(mara.locator("#finalise-dialog").get_by_role("alert")).to_contain_text("billing address")
    with reading() as session:
        rows = session.exec(select(Invoice).where(Invoice.client_id == client.id, Invoice.status == "draft")).all()
    assert rows


def test_week_and_client_survive_a_reload_and_the_way_back(mara: Page) -> None:
    title = mara.locator(".wk-nav b").inner_text()
    mara.get_by_role("link", name="Previous week").click()
    expect(mara.locator(".wk-nav b")).not_to_have_text(title)
    earlier = mara.locator(".wk-nav b").inner_text()
    mara.reload()
    open_week(mara)
    expect(mara.locator(".wk-nav b")).to_have_text(earlier)
    mara.go_back()
    expect(mara.locator(".wk-nav b")).to_have_text(title)


def test_previewing_and_escaping_saves_nothing(mara: Page) -> None:
    before = entries_of()
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00", drop=False)
    mara.keyboard.press("Escape")
    mara.mouse.up()
    mara.wait_for_timeout(400)
    assert logged_between(before) == []


def test_an_entry_without_a_time_of_day_stands_above_the_hours_and_can_be_given_one(mara: Page) -> None:
    with reading() as session:
        actor = actor_of(session.exec(select(Member).where(Member.email == "mara@halden.example")).one())
        activity = session.exec(select(Activity.id).where(Activity.name == "Reporting")).one()
    logged = log_time(actor, LogTime(client_id(), activity, None, None, day=today(), seconds=4_825))
    strip = block(mara, logged.entry_id)
    expect(strip).to_contain_text("1 h 20")
    assert "any time" in mara.locator(".wk").inner_text()

    strip.click()
    expect(mara.locator("#entry-dialog input[name=start]")).to_have_value("")
    mara.fill("#entry-dialog textarea[name=note]", "Numbers of the quarter")
    mara.fill("#entry-dialog input[name=tags]", "q4, report")
    mara.get_by_role("button", name="Save").click()
    expect(mara.locator("#entry-dialog")).to_be_hidden()
    entry = entries_of()[logged.entry_id]
    assert (entry.seconds, entry.note, entry.tags) == (4_825, "Numbers of the quarter", "q4 report")

    monday = today() - timedelta(days=today().weekday())
    week = [monday + timedelta(days=number) for number in range(7)]
    day = next((day for day in week if day != today() and day.month == today().month), today())
    x, _ = place(mara, day.isoformat(), "12:00", scroll=False)
    _, y = press_at(mara, strip)
    carry(mara, x, y + 2)
    if day != today():
        assert "stays" in tip(mara)
    mara.mouse.up()
    if day != today():
        expect(mara.locator(".toast")).to_contain_text("Moved")
    entry = entries_of()[logged.entry_id]
    assert (entry.work_date, entry.started_at, entry.seconds) == (day, None, 4_825)

    drag_block(mara, logged.entry_id, today().isoformat(), "20:00")
    expect(block(mara, logged.entry_id)).to_contain_text("1 h 20")
    expect(mara.locator(".toast")).to_contain_text("Moved")
    expect(mara.locator(".wk")).not_to_contain_text("any time")
    entry = entries_of()[logged.entry_id]
    assert (entry.work_date, entry.started_at, entry.seconds) == (today(), at("20:00"), 4_825)


def test_the_plan_form_marks_the_field_it_refuses_and_keeps_what_was_typed(mara: Page) -> None:
    waiting = mara.locator(".pc").count()
    mara.get_by_role("button", name="Add a task to the Inbox").click()
    form = mara.locator("#plan-dialog form")
    title, duration = form.locator("[name=title]"), form.locator("[name=duration]")
    title.fill("Check the audiences")
    duration.fill("soon")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_have_text(
        "Planned time: “soon” is not a duration. Write 1:30, 1.5, 90m or 1h30."
    )
    expect(duration).to_have_attribute("aria-invalid", "true")
    expect(duration).to_have_accessible_description(
        "Planned time: “soon” is not a duration. Write 1:30, 1.5, 90m or 1h30."
    )
    expect(title).to_have_attribute("aria-invalid", "false")
    expect(title).to_have_value("Check the audiences")

    duration.fill("45m")
    title.fill("   ")
    form.get_by_role("button", name="Add").click()
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(duration).to_have_attribute("aria-invalid", "false")
    expect(form.get_by_role("alert")).to_have_text("Task: Say in a few words what is to be done.")

    title.fill("Check the audiences")
    form.get_by_role("button", name="Add").click()
    expect(mara.locator("#plan-dialog")).not_to_be_visible()
    expect(mara.locator(".pc")).to_have_count(waiting + 1)
    expect(form.locator("[aria-invalid=true]")).to_have_count(0)
    expect(title).to_have_value("")


def test_the_tip_says_that_an_invoiced_month_takes_nothing(mara: Page) -> None:
    invoiced = (today().replace(day=1) - timedelta(days=1)).isoformat()
    mara.goto(mara.url.replace(today().isoformat(), invoiced))
    open_week(mara)
    drag_in(mara, mara.locator(".tk", has_text="Weekly report"), invoiced, "20:00", drop=False)
    assert "is invoiced on INV-" in tip(mara)
    assert "This will not be taken" in tip(mara)
    mara.keyboard.press("Escape")
    mara.mouse.up()


def test_the_form_keeps_to_what_is_typed(mara: Page) -> None:
    entry = log_report(mara)
    block(mara, entry.id).click()
    dialog = mara.locator("#entry-dialog")
    for name, typed, said in (
        ("duration", "25h", "longer than 24 h"),
        ("duration", "1:30", "20:00 to 21:00 is not 1 h 30"),
        ("duration", "abc", "abc"),
        ("end", "19:00", "The end, 19:00, is before the start, 20:00"),
    ):
        before = dialog.locator(f"[name={name}]").input_value()
        dialog.locator(f"[name={name}]").fill(typed)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_role("alert")).to_contain_text(said)
        dialog.locator(f"[name={name}]").fill(before)
    assert entries_of()[entry.id].version == 1
    dialog.locator("[name=end]").fill("")
    dialog.locator("[name=duration]").fill("1:30")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert entries_of()[entry.id].seconds == 5400


def test_a_form_that_somebody_overtook_says_who_changed_what_and_keeps_what_was_typed(mara: Page) -> None:
    entry = log_report(mara)
    block(mara, entry.id).click()
    dialog = mara.locator("#entry-dialog")
    dialog.locator("[name=note]").fill("Mine")
    with reading() as session:
        jonas = actor_of(session.exec(select(Member).where(Member.email == "jonas@halden.example")).one())
    move_entry(jonas, entry.id, 1, at("20:30"), at("21:30"))
    dialog.get_by_role("button", name="Save").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("Jonas Vik changed this entry after you opened it")
    expect(alert).to_contain_text("Kept of theirs: the start is now “20:30”; the end is now “21:30”. Yours: the note.")
    expect(dialog.locator("[name=start]")).to_have_value("20:30")
    assert dialog.locator("[name=note]").input_value() == "Mine"
    assert entries_of()[entry.id].note != "Mine"
    dialog.get_by_role("button", name="Take theirs").click()
    expect(dialog.locator("[name=start]")).to_have_value("20:30")
    expect(alert).to_have_count(0)
    expect(dialog.get_by_role("button", name="Take theirs")).to_have_count(0)
    move_entry(jonas, entry.id, 2, at("20:45"), at("21:45"))
    dialog.locator("[name=note]").fill("Mine")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Keep mine").click()
    expect(dialog).to_be_hidden()
    saved = entries_of()[entry.id]
    assert (saved.note, saved.started_at, saved.version) == ("Mine", at("20:45"), 4)


def test_deleting_what_somebody_changed_meanwhile_is_asked_once_and_saving_still_merges(mara: Page) -> None:
    entry = log_report(mara)
    block(mara, entry.id).click()
    dialog = mara.locator("#entry-dialog")
    expect(dialog.locator("[name=start]")).to_have_value("20:00")
    with reading() as session:
        jonas = actor_of(session.exec(select(Member).where(Member.email == "jonas@halden.example")).one())
    move_entry(jonas, entry.id, 1, at("20:30"), at("21:30"))
    dialog.locator("[name=note]").fill("Mine")
    dialog.get_by_role("button", name="Delete").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("Press Delete again")
    dialog.get_by_role("button", name="Save").click()
    expect(alert).to_contain_text("Kept of theirs: the start is now “20:30”")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(dialog).to_be_hidden()
    assert (entries_of()[entry.id].note, entries_of()[entry.id].started_at) == ("Mine", at("20:30"))
    block(mara, entry.id).click()
    expect(dialog.locator("[name=start]")).to_have_value("20:30")
    expect(dialog).to_be_visible()
    move_entry(jonas, entry.id, 3, at("20:45"), at("21:45"))
    dialog.get_by_role("button", name="Delete").click()
    expect(alert).to_contain_text("Press Delete again")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog).to_be_hidden()
    assert entry.id not in entries_of()


def test_a_dismissed_task_comes_back_by_undo(mara: Page) -> None:
    waiting = mara.locator(".pc").count()
    mara.locator(".pc").first.get_by_role("button", name="Dismiss").click()
    expect(mara.locator(".pc")).to_have_count(waiting - 1)
    mara.locator("body").press("z")
    expect(mara.locator(".pc")).to_have_count(waiting)
