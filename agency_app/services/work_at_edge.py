"""The work at the edge of what was agreed: which of it is included and which is over follows from its order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from agency_app.domain.retainer import Period, UsedByDay, work_order
from agency_app.store import work

_REACH = 24 * 3600
"""Seconds before the edge that the longest entry can move over it."""


@dataclass(frozen=True)
class AtEdge:
    """The billable work of a period from shortly before what was agreed is used up, in the order it draws: (work date,
    start or None, seconds, rate in 1/10000 an hour). `before` are the seconds that were used before it."""

    before: int
    rows: tuple[tuple[date, datetime | None, int, int], ...]


def work_at_edge(
    session: Session, workspace_id: str, wanted: Iterable[tuple[str, Period, UsedByDay]]
) -> dict[tuple[str, date], AtEdge]:
    """Return it for periods of retainers, by retainer and first day; where no entry would reach the edge there is none.

    Of interest where hours are billed at their rates: not for a fee, whose included hours cost nothing, and not for a
    budget of money. One query for all of them.
    """
    near = {
        (retainer_id, period.first): (period, day, before, used.between(period.first, period.last))
        for retainer_id, period, used in wanted
        if period.terms.basis not in ("fee", "budget") and not period.closed
        for day, before in [_first_in_reach(period, used)]
        if day is not None
    }
    if not near:
        return {}
    found: dict[str, list[tuple[date, datetime | None, str, int, int]]] = {}
    span = min(day for _, day, _, _ in near.values()), max(period.last for period, _, _, _ in near.values())
    for retainer_id, day, start, entry_id, seconds, rate in work.billable_work(
        session, workspace_id, {one for one, _ in near}, *span
    ):
        found.setdefault(retainer_id, []).append((day, start, entry_id, seconds, rate))
    edges: dict[tuple[str, date], AtEdge] = {}
    for (retainer_id, first), (period, day, before, used) in near.items():
        rows = sorted(
            (row for row in found.get(retainer_id, []) if day <= row[0] <= period.last),
            key=lambda row: work_order(row[0], row[1], row[2]),
        )
        if before + sum(row[3] for row in rows) == used:  # else work was placed here from another period
            edges[retainer_id, first] = AtEdge(before, tuple((row[0], row[1], row[3], row[4]) for row in rows))
    return edges


def _first_in_reach(period: Period, used: UsedByDay) -> tuple[date | None, int]:
    """Return the first day whose work an entry could move over the edge, with what was used before it."""
    before = 0
    for day, seconds in used.rows(period.first, period.last):
        if before + seconds + _REACH > period.balance.available:
            return day, before
        before += seconds
    return None, before
