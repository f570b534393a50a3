"""The retainers' pages in real browsers: they follow the workbench, and an agreement is changed from a day on."""

import re
from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlmodel import select

from agency_app.domain.retainer import period_of
from agency_app.services.verify_workspace import verify_workspace
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import RetainerTerms
from tests.ui.calendar_hand import drag_block, drag_in, resize_block
from tests.ui.conftest import NORTHWIND, address, open_week, sign_in, today
from tests.ui.test_main_job import entries_of, logged_between


def test_the_dashboard_and_the_detail_follow_what_is_done_on_the_workbench(
    browser: Browser, server: RunningServer
) -> None:
    context, week = sign_in(browser, server.url, "mara@halden.example", address())
    open_week(week)
    other, page = sign_in(browser, server.url, "jonas@halden.example", "/retainers")
    row = page.locator(".rt tbody tr", has_text=NORTHWIND)
    expect(row).to_be_visible()
    used = row.locator(".bl b")
    logged = page.locator(".kpi b").first
    before, figures = entries_of(), (used.inner_text(), logged.inner_text())

    drag_in(week, week.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00")
    expect(used).not_to_have_text(figures[0])
    expect(logged).not_to_have_text(figures[1])
    (entry,) = logged_between(before)
    figures = used.inner_text(), logged.inner_text()
    resize_block(week, entry.id, today().isoformat(), "22:00")
    expect(used).not_to_have_text(figures[0])
    expect(logged).not_to_have_text(figures[1])

    page.get_by_role("link", name=NORTHWIND).click()
    expect(page.locator("#period-used")).to_have_text(week.locator("#used-hours").inner_text())
    line = page.locator(".ent tr", has_text="2:00").filter(has_text="Weekly report")
    expect(line).to_contain_text(f"{today():%a} {today().day} {today():%b}")
    monday = today() - timedelta(days=today().weekday())
    target = monday if today() != monday else monday + timedelta(days=1)
    if period_of(target) == period_of(today()):  # else it leaves the period, and the page
        drag_block(week, entry.id, target.isoformat(), "18:00")
        expect(line).to_contain_text(f"{target:%a} {target.day} {target:%b}")
    page.keyboard.press("v")
    expect(page.locator(".chart-data table")).to_be_visible()
    context.close()
    other.close()


def test_new_terms_hold_from_the_day_that_was_typed(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/retainers?show=attention&sort=name")
    expect(page.locator("[aria-current=true]", has_text="Needs attention")).to_be_visible()
    page.get_by_role("link", name=re.compile("^All ")).click()  # who needs attention depends on the day of the month
    page.get_by_role("link", name=NORTHWIND).click()
    page.get_by_role("button", name="Change", exact=True).click()
    dialog = page.locator("#terms-dialog")
    since = dialog.locator("input[name=since]")
    assert since.input_value() == (period_of(today())[1] + timedelta(days=1)).isoformat()
    dialog.locator("input[name=hours]").fill("a few")
    dialog.get_by_role("button", name="Agree").click()
    expect(dialog.locator(".err")).to_be_visible()
    dialog.locator("input[name=hours]").fill("48")
    dialog.locator("input[name=note]").fill("Second market")
    dialog.get_by_role("button", name="Agree").click()
    expect(page.locator(".chg")).to_contain_text("Second market")
    expect(dialog).not_to_be_visible()
    with reading() as session:
        changed = session.exec(select(RetainerTerms)).one()
    assert (changed.granted_seconds, changed.starts_on) == (48 * 3600, period_of(today())[1] + timedelta(days=1))
    assert verify_workspace() == []
    context.close()
