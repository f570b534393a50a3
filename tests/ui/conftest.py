"""A real browser on a real server with the demonstration agency, as `agency demo` serves it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select

from agency_app.services.seed_demo import DEMO_PASSWORD
from agency_app.serving.server import RunningServer, running_server
from agency_app.store.engine import reading
from agency_app.tables import Client, TimeEntry
from tests.demo_data import seed_demo_into
from tests.ui.chromium import opened_chromium

NORTHWIND = "Northwind Coffee"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""The zone of the demo."""

expect.set_options(timeout=15_000)  # a wait ends when what it waits for is there: it is long for a busy machine only


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a fresh demo, seeded once a session by the command itself."""
    folder = tmp_path_factory.mktemp("demo")
    seed_demo_into(folder)
    return folder


@pytest.fixture(scope="session")
def home(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the session's server lives on."""
    folder = tmp_path_factory.mktemp("home") / "data"
    shutil.copytree(seeded, folder)
    return folder


@pytest.fixture(scope="session")
def running(home: Path) -> Iterator[RunningServer]:
    """The production build, served on a free port of this machine for the whole session: a start costs seconds."""
    with running_server(home) as server:
        yield server


@pytest.fixture
def data_dir(seeded: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo's data as it was seeded, for one test; the test's own services read it too."""
    from agency_app.settings import settings
    from agency_app.store.engine import dispose_engines

    _restore(seeded / "agency.db", home / "agency.db")
    monkeypatch.setenv("AGENCY_DATA_DIR", str(home))
    monkeypatch.delenv("AGENCY_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield home
    dispose_engines()
    settings.cache_clear()


def _restore(seeded: Path, live: Path) -> None:
    """Lay the seeded rows over those of a database that a server may have open.

    The revision goes on from where it was: to the server, and to what it remembers by revision, this is one more
    change.
    """
    with closing(sqlite3.connect(seeded)) as source, closing(sqlite3.connect(live, timeout=30)) as target:
        [revision] = target.execute("SELECT max(revision) FROM workspace").fetchone()
        source.backup(target)
        target.execute("UPDATE workspace SET revision = ?", (revision + 1,))
        target.commit()


@pytest.fixture
def server(data_dir: Path, running: RunningServer) -> RunningServer:
    """The session's server, on the data as it was seeded."""
    return running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module: Playwright's event loop must have ended before the next asynchronous test begins."""
    with opened_chromium() as chromium:
        yield chromium


@pytest.fixture
def mara(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """The owner on this week, with Northwind in focus."""
    context, page = sign_in(browser, server.url, "mara@halden.example", address())
    open_week(page)
    yield page
    context.close()


def sign_in(
    browser: Browser, origin: str, email: str, path: str = "/", *, zone: str | None = None
) -> tuple[BrowserContext, Page]:
    """Return a context of its own, signed in as a member, with a page open.

    Close the context, not the page: Chromium drops a ``page.close()`` that meets the commit of a navigation, and
    Playwright waits for it without limit (microsoft/playwright issues 42068, 42366; crbug.com/536385539).
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True, timezone_id=zone)
    page = context.new_page()
    page.goto(f"{origin}{path}")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("button[type=submit]")
    return context, page


def address() -> str:
    """The workbench on this week, with Northwind in focus."""
    return f"/?week={today().isoformat()}&client={client_id()}"


def open_week(page: Page) -> None:
    """Wait until the week and the draft of the client in focus are on screen."""
    page.wait_for_selector(".wk-lane")
    expect(page.locator("#draft-total")).not_to_be_empty()


def client_id(name: str = NORTHWIND) -> str:
    """The id of a client of the demo."""
    with reading() as session:
        return session.exec(select(Client.id).where(Client.name == name)).one()


def entries() -> dict[str, TimeEntry]:
    """Every time entry by its id."""
    with reading() as session:
        return {entry.id: entry for entry in session.exec(select(TimeEntry))}


def today() -> date:
    """The demo's today, in the agency's zone: a day whose month is never invoiced yet."""
    return datetime.now(AMSTERDAM).date()
