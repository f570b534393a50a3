"""How long the dashboard of the retainers takes to read: 40 retainers, 24 periods each, 100,000 entries.

Run it by hand: `python -m tests.bench.retainers`. It fails beyond 150 ms (the median of several readings) or beyond 12
SQL statements.
"""

import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, update
from sqlmodel import select

from agency_app.services.actor import actor_of
from agency_app.services.read_retainers import read_dashboard, read_retainers
from agency_app.store.engine import engine, reading, transaction
from agency_app.tables import Client, Member, Retainer, Workspace
from tests.bench.fill import fill_up_to, services_on
from tests.demo_data import seed_demo_into

RETAINERS, ENTRIES = 40, 100_000
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
MOST_MILLISECONDS, MOST_STATEMENTS, READINGS = 150, 12, 15
HOUR = 3600


def main() -> None:
    """Seed, fill, measure, and say so."""
    with tempfile.TemporaryDirectory() as folder, services_on(Path(folder)):
        seed_demo_into(folder)
        _add_retainers()
        fill_up_to(ENTRIES, FIRST, LAST)
        with reading() as session:
            actor = actor_of(session.exec(select(Member).where(Member.role == "owner")).one())
        day = date(2025, 12, 18)
        statements: list[str] = []
        event.listen(engine(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        dashboard = read_dashboard(actor, day)
        count = sum(text.lstrip().upper().startswith("SELECT") for text in statements)
        milliseconds = [_timed(lambda: read_dashboard(actor, day)) for _ in range(READINGS)]
        every_period = _timed(lambda: read_retainers(actor, day))
        median = statistics.median(milliseconds)
        periods = sum(len(read.periods) for read in read_retainers(actor, day))
        print(f"{len(dashboard.rows)} retainers, {periods} periods, {ENTRIES} entries")
        print(f"dashboard: median {median:.0f} ms, worst {max(milliseconds):.0f} ms, {count} SQL statements")
        print(f"every period: {every_period:.0f} ms")
        if median > MOST_MILLISECONDS or count > MOST_STATEMENTS:
            raise SystemExit(1)


def _add_retainers() -> None:
    """Let every other retainer roll over without ever being closed, the dearest case, from the first day on."""
    with transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        session.connection().execute(update(Retainer).values(starts_on=FIRST))
        there = len(session.exec(select(Retainer)).all())
        for place in range(RETAINERS - there):
            client = Client(workspace_id=workspace.id, name=f"Client {place:02}", short_name=f"C{place:02}")
            session.add(client)
            session.flush()
            terms: dict[str, Any] = {"rollover": "all", "rollover_expires_after": 3} if place % 2 else {}
            session.add(
                Retainer(
                    workspace_id=workspace.id,
                    client_id=client.id,
                    name="All work",
                    starts_on=FIRST,
                    granted_seconds=30 * HOUR,
                    **terms,
                )
            )


def _timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
