"""How long a report of twelve months takes to read: 40 retainers, 100,000 entries, cost rates, by every grouping.

Run it by hand: `python -m tests.bench.profit`. It fails when the median of several readings of any grouping is beyond
500 ms, or when reading holds more than 64 MB at its height.
"""

import statistics
import tempfile
import time
import tracemalloc
from datetime import date
from pathlib import Path

from sqlmodel import select

from agency_app.services.actor import actor_of
from agency_app.services.read_profit import GROUPS, ProfitQuestion, read_profit
from agency_app.store.engine import reading
from agency_app.tables import Member
from tests.bench.fill import fill_up_to, services_on
from tests.bench.retainers import _add_retainers
from tests.demo_data import seed_demo_into

ENTRIES = 100_000
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
MOST_MILLISECONDS, MOST_BYTES, READINGS = 500, 64_000_000, 7


def main() -> None:
    """Seed, fill, measure, and say so."""
    with tempfile.TemporaryDirectory() as folder, services_on(Path(folder)):
        seed_demo_into(folder)
        _add_retainers()
        fill_up_to(ENTRIES, FIRST, LAST)
        with reading() as session:
            actor = actor_of(session.exec(select(Member).where(Member.role == "owner")).one())
        failed = False
        for group in GROUPS:
            question = ProfitQuestion(FIRST, LAST, group)
            milliseconds = []
            for _ in range(READINGS):
                started = time.perf_counter()
                read = read_profit(actor, question)
                milliseconds.append((time.perf_counter() - started) * 1000)
            tracemalloc.start()
            read = read_profit(actor, question)
            _, height = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            median = statistics.median(milliseconds)
            failed |= median > MOST_MILLISECONDS or height > MOST_BYTES
            print(
                f"by {group}: {len(read.rows)} rows, median {median:.0f} ms, worst {max(milliseconds):.0f} ms, "
                f"{height / 1_000_000:.0f} MB at its height"
            )
        if failed:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
