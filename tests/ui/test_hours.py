"""Working hours in a real browser: a member sets their own, a mistake is told, a day off can be put back."""

from playwright.sync_api import Browser, expect

from agency_app.serving.server import RunningServer
from tests.ui.conftest import sign_in


def test_a_member_sets_hours_and_a_lead_everybodys_days_off(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "ida@halden.example", "/settings/hours")
    expect(page.locator(".sec h2").first).to_have_text("A week of Ida Roos")
    expect(page.get_by_role("navigation", name="Whose hours")).to_have_count(0)
    page.fill("input[name=monday]", "many")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".fld-err")).to_contain_text("not a duration")
    page.fill("input[name=monday]", "7:30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("19.5 h a week")
    expect(page.locator(".tbl tbody tr").first).to_contain_text("7.5")
    expect(page.locator(".sec-l").first).to_contain_text("19.5 h this week")

    other, lead = sign_in(browser, server.url, "jonas@halden.example", "/settings")
    lead.get_by_role("link", name="Working hours").click()
    lead.get_by_role("link", name="Ida Roos").click()
    expect(lead.locator(".sec h2").first).to_have_text("A week of Ida Roos")
    lead.fill("input[name=first]", "2027-05-05")
    lead.fill("input[name=name]", "Liberation Day")
    lead.select_option("select[name=whose]", "everybody")
    lead.get_by_role("button", name="Add").click()
    row = page.locator("li", has_text="Liberation Day")
    expect(row).to_contain_text("Everybody")
    expect(row.get_by_role("button")).to_have_count(0)
    lead.locator("li", has_text="Liberation Day").get_by_role("button").click()
    expect(row).to_have_count(0)
    lead.keyboard.press("z")
    expect(row).to_be_visible()
    context.close()
    other.close()
