"""A member hands in a week, a lead approves it on another screen, and the member's blocks lock without a reload."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.services.actor import actor_of
from agency_app.services.change_workspace import change_workspace
from agency_app.services.read_settings import read_settings
from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading
from agency_app.tables import Member
from tests.ui.conftest import sign_in, today


@pytest.fixture
def approval(server: RunningServer) -> None:
    """Turn approval on, as the owner."""
    with reading() as session:
        owner = actor_of(session.exec(select(Member).where(Member.email == "mara@halden.example")).one())
    change_workspace(owner, read_settings(owner).version, {"approval": "on"})


def test_a_week_is_submitted_returned_approved_and_locked(
    browser: Browser, server: RunningServer, approval: None
) -> None:
    week = (today() - timedelta(days=7)).isoformat()
    member, ida = sign_in(browser, server.url, "ida@halden.example", f"/?week={week}")
    owner, mara = sign_in(browser, server.url, "mara@halden.example", "/approvals")
    expect(mara.get_by_text("Nothing waits for you")).to_be_visible()

    ida.get_by_role("button", name="Submit week").click()
    expect(ida.locator("#week-status")).to_have_text("Submitted")
    weeks = mara.locator(".handed > li")
    expect(weeks.first.get_by_role("button", name="Approve")).to_be_visible()
    count = weeks.count()

    _return_first(mara, "Which campaign was it?")
    expect(ida.locator("#week-status")).to_have_text("Returned")
    expect(ida.get_by_text("Which campaign was it?")).to_be_visible()
    ida.get_by_role("button", name="Submit week").click()
    expect(ida.locator("#week-status")).to_have_text("Submitted")

    approve = mara.get_by_role("button", name="Approve")
    expect(approve).to_have_count(count)
    for left in range(count, 0, -1):
        approve.first.click()
        expect(approve).to_have_count(left - 1)
    expect(ida.locator("#week-status")).to_have_text("Approved")
    blocks = ida.locator("[data-event-id]")
    expect(ida.locator("[data-event-id].is-locked")).to_have_count(blocks.count())
    blocks.first.click()
    expect(ida.get_by_text("Approved: read only.")).to_be_visible()
    for context in (member, owner):
        context.close()


def _return_first(page: Page, word: str) -> None:
    page.get_by_role("button", name="Return").first.click()
    page.get_by_role("button", name="Return the week").click()
    expect(page.get_by_text("Say in a word what is to be mended.")).to_be_visible()
    page.locator("[name=word]").fill(word)
    page.get_by_role("button", name="Return the week").click()
    expect(page.locator("[name=word]")).to_have_count(0)
