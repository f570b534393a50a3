"""An empty migrated SQLite database for each test, the routes over it, and an agency that was just set up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.start_workspace import StartWorkspace, start_workspace
from agency_app.settings import settings
from agency_app.store.engine import dispose_engines
from agency_app.web.routes import make_routes
from tests.migrated import migrate

EMAIL = "mara@halden.example"
PASSWORD = "a long password"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Configure an empty migrated database and return its data folder."""
    shutil.copy(migrated_file, tmp_path / "agency.db")
    monkeypatch.setenv("AGENCY_DATA_DIR", str(tmp_path))
    for name in ("AGENCY_DATABASE_URL", "AGENCY_REDIS_URL", "AGENCY_COOKIE_SECURE", "AGENCY_SESSION_DAYS"):
        monkeypatch.delenv(name, raising=False)
    dispose_engines()
    settings.cache_clear()
    yield tmp_path
    dispose_engines()
    settings.cache_clear()


@pytest.fixture
def owner(database: Path) -> Actor:
    """The owner of a workspace that was just set up."""
    return start_workspace(StartWorkspace("Halden & Co", "Mara Halden", EMAIL, PASSWORD, country="NL"))


@pytest.fixture
def browser(database: Path) -> Iterator[TestClient]:
    """A browser before the routes, with a page mounted under them; it shows redirects instead of following them."""
    routes = make_routes()
    routes.mount("", PlainTextResponse("the app"))
    with TestClient(routes, follow_redirects=False) as client:
        yield client


def sign_in_at(browser: TestClient, password: str = PASSWORD, following: str = "/", email: str = EMAIL):
    """Send the sign-in form as our own page would."""
    return browser.post(
        "/sign-in",
        data={"email": email, "password": password, "next": following},
        headers={"Origin": "http://testserver"},
    )
