"""Templates and routines in a real browser: made on their page, faint on the week, asked about, one click each."""

from datetime import date, timedelta

from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.domain.routines import WEEKDAYS
from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_calendar import set_target_week
from agency_app.services.change_routines import RoutineForm, start_routine
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Client, Member, TaskTemplate, TimeEntry
from tests.ui.conftest import sign_in, today


def mara() -> Actor:
    with reading() as session:
        return actor_of(session.exec(select(Member).where(Member.email == "mara@halden.example")).one())


def entries() -> list[TimeEntry]:
    with reading() as session:
        return list(session.exec(select(TimeEntry)))


def daily(at: str, starts_on: date) -> str:
    """Put Daily optimisation for Fjord on every day of Mara's, who works every day here."""
    actor = mara()
    with reading() as session:
        template = session.exec(select(TaskTemplate.id).where(TaskTemplate.name == "Daily optimisation")).one()
        client = session.exec(select(Client.id).where(Client.name == "Fjord Outdoor")).one()
    set_target_week(actor, actor.member_id, starts_on - timedelta(days=8), (3600,) * 7, 1)
    return start_routine(actor, RoutineForm(template, actor.member_id, WEEKDAYS, client, at, starts_on))


def block(page: Page, routine: str, day: date):
    return page.locator(f'[data-event-id="routine:{routine}:{day.isoformat()}"]')


def test_todays_routine_is_faint_and_one_click_makes_it_an_entry(browser: Browser, server: RunningServer) -> None:
    routine = daily("06:00", today())
    context, page = sign_in(browser, server.url, "mara@halden.example", f"/?week={today().isoformat()}")
    faint = block(page, routine, today())
    expect(faint).to_be_visible()
    total = page.locator(".sum > b").inner_text()
    before = {entry.id for entry in entries()}
    faint.locator("b").click()
    expect(page.locator(".toast")).to_contain_text("Logged")
    expect(faint).to_have_count(0)
    (made,) = [entry for entry in entries() if entry.id not in before]
    assert (made.seconds, made.work_date) == (1800, today())
    expect(page.locator(".sum > b")).not_to_have_text(total)
    page.keyboard.press("z")
    expect(faint).to_be_visible()
    expect(page.locator(".sum > b")).to_have_text(total)
    assert {entry.id for entry in entries()} == before
    context.close()


def test_a_routine_is_dismissed_by_its_cross_or_by_delete(browser: Browser, server: RunningServer) -> None:
    routine = daily("", today())
    context, page = sign_in(browser, server.url, "mara@halden.example", f"/?week={today().isoformat()}")
    faint = block(page, routine, today())
    before = {entry.id for entry in entries()}
    faint.locator(".wk-skip").click()
    expect(page.locator(".toast")).to_contain_text("Skipped")
    expect(faint).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(faint).to_be_visible()
    faint.focus()
    page.keyboard.press("Delete")
    expect(faint).to_have_count(0)
    assert {entry.id for entry in entries()} == before
    context.close()


def test_a_past_day_is_a_question_with_two_answers(browser: Browser, server: RunningServer) -> None:
    past = today() - timedelta(days=2)
    routine = daily("09:00", past)
    context, page = sign_in(browser, server.url, "mara@halden.example", f"/?week={today().isoformat()}")
    asked = page.locator(".ask", has_text="Fjord")
    expect(asked).to_have_count(2)
    expect(asked.first).to_contain_text(f"{past:%A}")
    expect(asked.first).to_contain_text("Daily optimisation, 0 h 30. Did it happen?")
    expect(block(page, routine, past)).to_have_count(0)
    before = {entry.id for entry in entries()}
    asked.first.get_by_role("button", name="Yes, log it").click()
    expect(asked).to_have_count(1)
    (made,) = [entry for entry in entries() if entry.id not in before]
    assert made.work_date == past
    asked.get_by_role("button", name="No.").click()
    expect(asked).to_have_count(0)
    assert len(entries()) == len(before) + 1
    context.close()


def test_templates_and_routines_are_made_changed_ordered_and_put_away(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/settings/templates")
    rows = page.locator("section", has=page.get_by_role("heading", name="Templates", exact=True)).locator("ul").first
    expect(rows.locator("li").first).to_contain_text("Daily optimisation")
    page.get_by_role("button", name="New template").click()
    form = page.locator("#template-dialog")
    form.locator("input[name=name]").fill("Pacing check")
    form.locator("input[name=duration]").fill("soon")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".err")).to_contain_text("not a duration")
    form.locator("input[name=duration]").fill("15m")
    form.locator("select[name=client]").select_option(label="Lumen Skincare")
    form.locator("select[name=campaign]").select_option(label="Meta: Serum, always on")
    form.get_by_role("button", name="Save").click()
    expect(form).not_to_be_visible()
    row = rows.locator("li", has_text="Pacing check")
    expect(row).to_contain_text("Lumen Skincare · Serum, always on · Meta")
    expect(row).to_contain_text("0 h 15")
    page.get_by_role("button", name="Move up: Pacing check").click()
    expect(rows.locator("li").nth(3)).to_contain_text("Pacing check")
    page.get_by_role("button", name="Archive Creative swap").click()
    expect(rows.locator("li", has_text="Creative swap")).to_have_count(0)
    page.keyboard.press("z")
    expect(rows.locator("li", has_text="Creative swap")).to_have_count(1)

    page.get_by_role("button", name="New routine").click()
    form = page.locator("#routine-dialog")
    form.locator("select[name=template]").select_option(label="Pacing check")
    form.locator("input[name=at]").fill("08:30")
    form.get_by_label("Fri").uncheck()
    form.get_by_role("button", name="Save").click()
    expect(form).not_to_be_visible()
    routines = page.locator("section", has=page.get_by_role("heading", name="Routines", exact=True))
    made = routines.locator("li", has_text="Pacing check")
    expect(made).to_contain_text("Mon, Tue, Wed, Thu, at 08:30, Lumen")
    page.get_by_role("button", name="Edit the routine Pacing check").click()
    expect(form.get_by_label("Fri")).not_to_be_checked()
    form.get_by_label("Fri").check()
    form.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("Monday to Friday, at 08:30")
    page.get_by_role("button", name="Stop the routine Pacing check").click()
    expect(made).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(made).to_have_count(1)
    context.close()
