"""The profit report in a real browser: the address holds all of it, it follows the work, and others do not see it."""

import csv
from pathlib import Path

from playwright.sync_api import Browser, expect

from agency_app.serving.server import RunningServer
from tests.ui.calendar_hand import drag_in
from tests.ui.conftest import NORTHWIND, address, open_week, sign_in, today


def test_finance_reads_filters_and_downloads_the_report(
    browser: Browser, server: RunningServer, tmp_path: Path
) -> None:
    context, page = sign_in(browser, server.url, "sem@halden.example", "/retainers")
    expect(page.locator("th", has_text="Margin so far")).to_be_visible()
    expect(page.locator(".rt tbody .mg").first).to_contain_text("%")
    expect(page.locator(".kpi", has_text="Revenue at risk")).to_be_visible()
    page.get_by_role("link", name="Reports").click()
    rows = page.locator(".rts .rp tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_role("link", name="By member").click()
    page.wait_for_url("**by=member**")
    expect(rows.filter(has_text="Jonas Vik")).to_have_count(1)
    everything = page.locator(".rp-kpis b").first.inner_text()
    page.select_option(".rp-f select[name=client]", label=NORTHWIND)
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**client=**")
    expect(rows).to_have_count(3)
    expect(page.locator(".rts .rp tfoot")).not_to_contain_text(everything)
    earned = page.locator(".rp-kpis b").first.inner_text()
    page.reload()
    expect(page.locator(".rp-kpis b").first).to_have_text(earned)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "report.csv")
    read = list(csv.reader((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()))
    total = next(row for row in read if row and row[0] == "Total")
    assert earned == f"€{float(total[4]):,.2f}"

    other, week = sign_in(browser, server.url, "mara@halden.example", address())
    open_week(week)
    drag_in(week, week.locator(".tk", has_text="Weekly report"), today().isoformat(), "20:00")
    expect(page.locator(".rp-kpis b").first).not_to_have_text(earned)
    context.close()
    other.close()


def test_a_lead_sees_neither_costs_nor_margins(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "jonas@halden.example", "/retainers")
    expect(page.locator(".rt tbody tr")).to_have_count(4)
    expect(page.locator("th", has_text="Margin")).to_have_count(0)
    expect(page.get_by_role("link", name="Reports")).to_have_count(0)
    for path in ("/reports", "/settings/costs"):
        page.goto(f"{server.url}{path}")
        expect(page.locator(".say")).to_contain_text("Only an owner or finance")
    assert page.request.get(f"{server.url}/reports.csv").status == 403
    context.close()


def test_a_cost_rate_is_set_from_a_day_on(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "mara@halden.example", "/settings/costs")
    row = page.locator("li", has_text="Ida Roos")
    row.locator("input[name=rate]").fill("much")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".err")).to_contain_text("not an amount")
    row.locator("input[name=rate]").fill("39.50")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".cost-w")).to_contain_text("€39.50")
    context.close()
