"""A retainer's life in a real browser: signed for named work, closed after its figures were told, late work placed."""

from datetime import timedelta

from playwright.sync_api import Browser, expect

from agency_app.services.verify_workspace import verify_workspace
from agency_app.serving.server import RunningServer
from tests.ui.conftest import NORTHWIND, sign_in, today


def test_a_retainer_is_for_a_project_and_for_an_activity_that_are_added_for_it(
    browser: Browser, server: RunningServer
) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/settings/activities")
    form = page.get_by_role("region", name="Add an activity")
    form.locator("[name=name]").fill("reporting")
    form.get_by_role("button", name="Add").click()
    expect(form.locator(".err")).to_contain_text("of that name")
    form.locator("[name=name]").fill("Development")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_role("button", name="Save Development")).to_be_visible()
    page.goto(f"{server.url}/clients")
    page.get_by_role("link", name=NORTHWIND).click()
    page.get_by_role("button", name="New campaign").click()
    dialog = page.locator("#campaign-dialog")
    dialog.locator("[name=name]").fill("Website relaunch")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("aside")).to_contain_text("Website relaunch")
    page.get_by_role("button", name="New retainer").click()
    dialog = page.locator("#new-retainer-dialog")
    dialog.locator("[name=name]").fill("Relaunch")
    dialog.locator("[name=hours]").fill("20")
    dialog.locator("[name=overage]").select_option("absorb")
    dialog.locator("[name=starts_on]").fill(today().isoformat())
    dialog.locator("[name=campaign_0]").select_option(label="Website relaunch")
    dialog.locator("[name=activity_0]").select_option(label="Development")
    dialog.get_by_role("button", name="Start").click()
    expect(page.locator(".facts")).to_contain_text("Website relaunch · Development")
    context.close()


def test_a_budget_of_weeks_is_signed_closed_and_late_work_is_placed(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/retainers")
    monday = today() - timedelta(days=today().weekday())
    page.get_by_role("button", name="New retainer").click()
    dialog = page.locator("#new-retainer-dialog")
    dialog.locator("[name=client]").select_option(label=NORTHWIND)
    dialog.locator("[name=name]").fill("Launch")
    expect(dialog.locator("[name=hours]")).to_be_visible()
    dialog.locator("[name=basis]").select_option("budget")
    expect(dialog.locator("[name=hours]")).not_to_be_visible()
    dialog.locator("[name=budget]").fill("800")
    dialog.locator("[name=cycle_unit]").select_option("week")
    dialog.locator("[name=starts_on]").fill((monday - timedelta(days=7)).isoformat())
    dialog.locator("[name=activity_0]").select_option(label="Creative")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.locator(".err")).to_contain_text("overage rate")
    dialog.locator("[name=overage_rate]").fill("120")
    dialog.get_by_role("button", name="Start").click()
    expect(page.locator(".facts")).to_contain_text("Creative")
    expect(page.locator("#period-used")).to_have_text("€0.00")

    page.locator(".note-f textarea").fill("Renewal in March")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".notes")).to_contain_text("Mara Halden")
    page.get_by_label("Period history").get_by_role("link").nth(1).click()
    page.get_by_role("button", name="Close period").click()
    expect(page.locator("#close-dialog")).to_contain_text("€800.00")
    page.locator("#close-dialog").get_by_role("button", name="Close", exact=True).last.click()
    expect(page.locator(".said")).to_have_text("The period is closed.")
    retainer = page.url.partition("?")[0]

    other, week = sign_in(browser, server.url, "ida@halden.example", "/")
    week.locator("#new-entry").click()
    entry = week.locator("#entry-dialog")
    entry.locator("[name=client]").select_option(label=NORTHWIND)
    entry.locator("[name=activity]").select_option(label="Creative")
    expect(entry.locator(".told")).to_contain_text("Falls to Launch because it is for Creative")
    entry.locator("[name=date]").fill((monday - timedelta(days=5)).isoformat())
    entry.locator("[name=start]").fill("10:00")
    entry.locator("[name=end]").fill("11:00")
    entry.get_by_role("button", name="Save").click()
    entry.get_by_label("Hand it in as late work").check()
    entry.get_by_role("button", name="Save").click()
    expect(week.locator(".toast")).to_contain_text("a lead says where it goes")

    page.goto(f"{server.url}/retainers")
    expect(page.locator(".late-n")).to_contain_text("Launch: 1 h in 1 entry")
    page.goto(retainer)
    line = page.locator(".late li")
    expect(line).to_contain_text("Ida")
    line.get_by_label("Where it goes").select_option("next")
    line.get_by_role("button", name="Place").click()
    expect(page.locator(".late")).to_have_count(0)
    expect(page.locator(".ent")).to_contain_text("late work of an earlier period")
    expect(page.locator("#period-used")).not_to_have_text("€0.00")
    assert verify_workspace() == []
    other.close()
    context.close()
