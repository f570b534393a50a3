"""Fill a copy of the demo with many time entries at once, past the services: only measurements do that."""

import itertools
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from agency_app.settings import settings
from agency_app.store import clients as agreements
from agency_app.store.engine import dispose_engines, reading, transaction
from agency_app.tables import Activity, Client, Member, Task, TimeEntry

ENTRIES_OF_A_TASK = 4


@contextmanager
def services_on(folder: Path) -> Iterator[None]:
    """Let the services of this process work on a data folder for the length of a ``with`` block."""
    os.environ["AGENCY_DATA_DIR"] = str(folder)
    os.environ.pop("AGENCY_DATABASE_URL", None)
    settings.cache_clear()
    try:
        yield
    finally:
        dispose_engines()
        os.environ.pop("AGENCY_DATA_DIR")
        settings.cache_clear()


def fill_up_to(total: int, first: date, last: date) -> int:
    """Add entries of every billed client and every member, evenly over the days, until the database holds `total`."""
    with reading() as session:
        there = session.exec(select(func.count()).select_from(TimeEntry)).one()
        clients = list(session.exec(select(Client).where(col(Client.internal).is_(False)).order_by(Client.name)))
        members = list(session.exec(select(Member).order_by(Member.email)))
    _add(clients, members, max(0, total - there), first, last)
    return max(0, total - there)


def fill_client(client_id: str, email: str, count: int, first: date, last: date) -> None:
    """Add `count` entries of one client, worked by one member, evenly over the days."""
    with reading() as session:
        client = session.exec(select(Client).where(Client.id == client_id)).one()
        member = session.exec(select(Member).where(Member.email == email)).one()
    _add([client], [member], count, first, last)


def _add(clients: Sequence[Client], members: Sequence[Member], count: int, first: date, last: date) -> None:
    days = (last - first).days + 1
    workspace_id = clients[0].workspace_id
    turns = itertools.product(members, clients)
    pairs = itertools.islice(itertools.cycle(turns), count)
    tasks: dict[str, dict[str, Any]] = {}
    entries: list[dict[str, Any]] = []
    newest: dict[tuple[str, str | None], tuple[str, int]] = {}
    now = datetime.now(UTC)
    with transaction() as session:
        activities = list(session.exec(select(Activity.id).where(Activity.workspace_id == workspace_id)))
        retainers = {client.id: agreements.retainers(session, workspace_id, client.id) for client in clients}
        for number, (member, client) in enumerate(pairs):
            day = first + timedelta(days=number * days // count)
            covering = [retainer.id for retainer in retainers[client.id] if agreements.runs_on(retainer, day)]
            retainer_id = covering[0] if covering else None
            task_id, used = newest.get((client.id, retainer_id), ("", ENTRIES_OF_A_TASK))
            if used >= ENTRIES_OF_A_TASK:
                task_id, used = uuid.uuid4().hex, 0
                tasks[task_id] = {
                    "id": task_id,
                    "workspace_id": workspace_id,
                    "client_id": client.id,
                    "retainer_id": retainer_id,
                    "activity_id": activities[number % len(activities)],
                    "title": "Audience test, second round",
                    "platform": "Meta",
                    "done": True,
                    "created_at": now,
                    "version": 1,
                }
            newest[client.id, retainer_id] = (task_id, used + 1)
            started = datetime.combine(day, time(7 + number % 10), UTC)
            entries.append(
                {
                    "id": uuid.uuid4().hex,
                    "workspace_id": workspace_id,
                    "task_id": task_id,
                    "client_id": client.id,
                    "retainer_id": retainer_id,
                    "member_id": member.id,
                    "started_at": started,
                    "ended_at": started + timedelta(minutes=15),
                    "work_date": day,
                    "zone": member.zone,
                    "seconds": 900,
                    "billable": True,
                    "note": f"Round {number} of the audience test",
                    "rate": 950_000,
                    "rate_source": "workspace's standard rate",
                    "created_at": now,
                    "version": 1,
                }
            )
        _insert(session, Task, list(tasks.values()))
        _insert(session, TimeEntry, entries)


def _insert(session: Session, table: type[Task] | type[TimeEntry], rows: list[dict[str, Any]]) -> None:
    if rows:  # through the table's class, whose defaults fill what a measurement does not care for
        session.connection().execute(insert(table), [table(**row).model_dump() for row in rows])
