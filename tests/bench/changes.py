"""How long the record of changes takes to search when it is long: `python -m tests.bench.changes`.

100,000 changes over two years, one in twenty a decision about an entry. To reach, as the median of several readings: the
decisions about the oldest entry, and the latest changes of a member who made none, each in 25 ms.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agency_app.services.draft_edits import DECISION
from agency_app.services.start_workspace import StartWorkspace, start_workspace
from agency_app.store import changes, migrations
from agency_app.store.engine import reading, transaction
from agency_app.store.whole_workspace import insert_rows
from agency_app.tables import AuditEvent
from agency_app.tables.base import new_id, now
from tests.bench.fill import services_on

CHANGES, ENTRIES, DAYS = 100_000, 30_000, 700
MOST_MILLISECONDS, READINGS = 25, 9
VERBS = ("log_time", "move_entry", "edit_entry")


def main() -> None:
    """Fill, measure, and say so; end with 1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as folder, services_on(Path(folder)):
        migrations.upgrade()
        owner = start_workspace(
            StartWorkspace("Halden & Co", "Mara Halden", "mara@halden.example", "a long password", country="NL")
        )
        entries, begin = [new_id() for _ in range(ENTRIES)], now() - timedelta(days=DAYS)
        _fill(owner.workspace_id, owner.member_id, entries, begin)
        workspace_id, oldest = owner.workspace_id, entries[0]
        all_verbs = frozenset({*VERBS, DECISION})
        missed = False
        for what, search in {
            "decisions about the oldest entry": lambda session: changes.subjects_about(
                session, workspace_id, DECISION, "entry_id", oldest, begin
            ),
            "latest changes of a member": lambda session: changes.latest_events(
                session, workspace_id, owner.member_id, all_verbs, "part_of"
            ),
            "latest changes of a member who made none": lambda session: changes.latest_events(
                session, workspace_id, "nobody", all_verbs, "part_of"
            ),
        }.items():
            median = statistics.median(_milliseconds(search) for _ in range(READINGS))
            missed |= median > MOST_MILLISECONDS
            print(f"{what}: median {median:.1f} ms of {MOST_MILLISECONDS} ms")
    sys.exit(1 if missed else 0)


def _fill(workspace_id: str, member_id: str, entries: list[str], begin: datetime) -> None:
    chance = random.Random(1)
    columns = {f"column_{number}": "a value of some length" for number in range(18)}

    def change(number: int) -> dict[str, Any]:
        subject, verb = new_id(), DECISION if number % 20 == 0 else chance.choice(VERBS)
        after = columns | {"id": subject, "entry_id": chance.choice(entries)}
        return {
            "id": new_id(),
            "workspace_id": workspace_id,
            "member_id": member_id,
            "at": begin + timedelta(days=DAYS) * number / CHANGES,
            "verb": verb,
            "subject_id": subject,
            "detail": json.dumps({"after": after}, sort_keys=True),
        }

    with transaction() as session:
        for first in range(0, CHANGES, 5_000):
            insert_rows(session, AuditEvent, [change(number) for number in range(first, first + 5_000)])


def _milliseconds(search: Callable[[Any], object]) -> float:
    with reading() as session:
        session.connection()
        started = time.perf_counter()
        search(session)
        return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
