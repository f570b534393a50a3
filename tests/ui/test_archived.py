"""What is put away on a page folds under its list, and one press brings it back."""

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Campaign
from tests.ui.conftest import sign_in


@pytest.mark.parametrize("address", ["/settings/activities", "/settings/templates", "/clients/"])
def test_what_was_archived_is_brought_back_from_the_fold(browser: Browser, server: RunningServer, address: str) -> None:
    if address == "/clients/":
        with reading() as session:
            address += session.exec(select(Campaign.client_id)).first() or ""
    context, page = sign_in(browser, server.url, "jonas@halden.example", address)
    away = page.get_by_role("button", name="Archive ").first
    name = (away.get_attribute("aria-label") or "").removeprefix("Archive ")
    again = page.get_by_role("button", name=f"Archive {name}", exact=True)
    away.click()
    expect(page.locator(".toast")).to_contain_text(f"{name} is archived")
    expect(again).to_have_count(0)

    page.locator("summary", has_text="Archived").click()
    page.get_by_role("button", name=f"Bring back {name}", exact=True).click()
    expect(again).to_be_visible()
    expect(page.locator("details.arch")).to_have_count(0)
    context.close()
