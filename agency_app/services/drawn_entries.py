"""Which entries draw on a period of a retainer, and what each of them draws."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.money import exponent
from agency_app.domain.retainer import Period
from agency_app.services.retainer_books import worth
from agency_app.store import retainers, work
from agency_app.store.retainers import PlacedEntry
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Retainer


@dataclass(frozen=True)
class DrawnEntry:
    """An entry of a period with what it draws of what was rolled in and of what was granted, and what is over: seconds,
    minor units of a budget. `late` is where it was placed when its own period was closed already."""

    row: EntryRow
    rolled: int
    granted: int
    overage: int
    late: str = ""
    reason: str = ""


def drawn_entries(session: Session, client: Client, retainer: Retainer, period: Period) -> list[DrawnEntry]:
    """Return the billable entries of a period in the order they draw on it, then late ones that draw nothing of it."""
    workspace_id, decimals = retainer.workspace_id, exponent(client.currency)
    late = {entry.entry_id: entry for entry in retainers.late_entries(session, [retainer.id])}

    def placed(placement: str) -> list[EntryRow]:
        """Late work counts in the period it was worked in, and in another only when it was placed there."""
        ids = [
            entry.entry_id
            for entry in late.values()
            if entry.placement == placement
            and period.first <= (entry.counts_on if placement == "next" else entry.work_date) <= period.last
        ]
        return work.entries_by_id(session, workspace_id, ids) if ids else []

    rows = [
        row
        for row in work.period_entries(session, workspace_id, client.id, period.first, period.last)
        if row.retainer_id == retainer.id and row.billable and row.id not in late
    ]
    found = draw_of([*rows, *placed("next")], period, decimals, late)
    over = [
        DrawnEntry(row, 0, 0, worth(row.seconds, row.rate, period.terms, decimals), "overage")
        for row in placed("overage")
    ]
    return [
        *found,
        *over,
        *(DrawnEntry(row, 0, 0, 0, "written_off", late[row.id].reason) for row in placed("written_off")),
    ]


def draw_of(
    rows: list[EntryRow], period: Period, decimals: int, late: Mapping[str, PlacedEntry] | None = None
) -> list[DrawnEntry]:
    """Return what entries draw on a period, in the order they draw: by the day they count on, then start, then id."""
    placed = late or {}
    by_id = {row.id: row for row in rows}
    drawn = arithmetic.draw(
        [
            (
                row.id,
                placed[row.id].counts_on if row.id in placed else row.work_date,
                row.started_at,
                worth(row.seconds, row.rate, period.terms, decimals),
            )
            for row in rows
        ],
        period.balance.available,
        max(0, period.balance.rolled_in),
    )
    return [
        DrawnEntry(
            by_id[one.entry_id],
            one.rolled_seconds,
            one.included_seconds - one.rolled_seconds,
            one.overage_seconds,
            "next" if one.entry_id in placed else "",
        )
        for one in drawn
    ]
