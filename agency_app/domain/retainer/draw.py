"""Which hours an entry draws: those that were rolled in, those that were granted, or overage."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple


class Drawn(NamedTuple):
    """How one entry was drawn from a retainer period: seconds included and seconds over; their sum is the entry.

    `rolled_seconds` are those of the included seconds that earlier periods handed on.
    """

    entry_id: str
    included_seconds: int
    overage_seconds: int
    rolled_seconds: int = 0


def draw(entries: Iterable[tuple[str, date, datetime | None, int]], available: int, rolled_in: int = 0) -> list[Drawn]:
    """Draw entries (id, work date, start or None, seconds) from the available seconds, first worked first drawn.

    Order: work date, then start (entries without one after those with one), then id. The entry that crosses the edge
    is split. Of the available seconds, `rolled_in` are drawn first. Raises ValueError for negative seconds.
    """
    left = max(0, available)
    rolled_left = max(0, min(rolled_in, left))
    drawn: list[Drawn] = []
    for entry_id, _, _, seconds in sorted(entries, key=lambda entry: work_order(entry[1], entry[2], entry[0])):
        if seconds < 0:
            raise ValueError(f"Entry {entry_id} has negative time.")
        included = min(seconds, left)
        rolled = min(included, rolled_left)
        left -= included
        rolled_left -= rolled
        drawn.append(Drawn(entry_id, included, seconds - included, rolled))
    return drawn


_UNTIMED = datetime.max.replace(tzinfo=UTC)


def work_order(work_date: date, started_at: datetime | None, entry_id: str) -> tuple[date, datetime, str]:
    """Return the key by which work is ordered: work date, start (none comes last), id."""
    return work_date, started_at or _UNTIMED, entry_id
