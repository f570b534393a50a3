"""Turn a week grid, as the services read it, into what travels to the browser. Pure: values in, small values out.

What rows and cells have in common travels once; `assets/week_grid.js` unpacks it. A week of a hundred entries and what
they say of themselves is some fifteen kilobytes.
"""

from datetime import date, timedelta
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.domain.durations import hours_minutes
from agency_app.domain.gaps import DayAccount, gap_of
from agency_app.domain.tags import tags_in
from agency_app.domain.weeks import first_of_week, week_number
from agency_app.services.grid_rows import RowKey
from agency_app.services.read_grid import GridCell, GridLine, WeekGrid
from agency_app.services.read_week import PeriodLeft
from agency_app.states.retainer_words import amount
from agency_app.store.work import EntryRow

_LONGEST_NOTE = 40
_NO_CELL = 0
_FRIDAY = 4


class DrawRow(TypedDict):
    """What a retainer period has left after the week's work; `share` in percent, 100 at most."""

    key: str
    name: str
    colour: str
    used: str
    left: str
    share: int
    fill: str


class GridView(TypedDict):
    """The page. The lists of lists are told of in `grid_view`."""

    ready: bool
    first_day: str
    title: str
    brief: str
    number: str
    previous: str
    next: str
    today: str
    total: str
    target: str
    gap: str
    gap_href: str
    days: list[list[Any]]
    clients: list[list[Any]]
    campaigns: list[list[str]]
    activities: list[list[str]]
    locks: list[str]
    rows: list[list[Any]]
    draws: list[DrawRow]
    empty_rows: int


def no_grid() -> GridView:
    """Return the page before anything is known, or when signed out: what its top bar needs, as every change of the
    workspace sends this to the pages beside."""
    return cast(GridView, {"ready": False, "first_day": "", "previous": "/grid", "next": "/grid", "today": "/grid"})


def grid_view(grid: WeekGrid, today: date, zone: str) -> GridView:
    """Return a grid for the browser.

    A day is [ISO date, weekday, day of the month, total, target, flags]: 1 for today, 2 for a day off, 4 for
    one that has ended with less. A client is [id, name, colour], a campaign and an activity [id, name]. A row is
    [client, campaign or -1, activity, billable, total, cells, kept], by place. A cell is 0 where it is empty and open, or
    [text, lock from 1 or 0, entries]; an entry is [id, version, clock, words, duration, lock from 1 or 0], without what is
    empty at its end. The duration of one that is alone in its cell is the cell's text.
    """
    week, packed = grid.week, _Packed(zone)
    rows = [packed.row(line, grid) for line in grid.lines]
    target, gap = sum(day.target for day in week.days), gap_of(week.days)
    total = sum(entry.seconds for entry in week.entries)
    return {
        "ready": True,
        "first_day": week.first_day.isoformat(),
        "title": wording.week_title(week.first_day, week.last_day),
        "brief": wording.short_span(week.first_day, week.last_day),
        "number": f"Week {week_number(week.first_day)}",
        "previous": address(week.first_day - timedelta(days=7)),
        "next": address(week.first_day + timedelta(days=7)),
        "today": address(first_of_week(today, week.first_weekday)),
        "total": hours_minutes(total),
        "target": f"of {hours_minutes(target)}" if target else "",
        "gap": f"{wording.hours(gap)} h unaccounted for" if gap else "",
        "gap_href": f"/gaps?week={week.first_day.isoformat()}",
        "days": [
            [
                day.day.isoformat(),
                wording.weekday_name(day.day),
                day.day.day,
                hours_minutes(day.logged) if day.logged else "",
                hours_minutes(day.target) if day.target else "",
                (day.day == today) + 2 * _is_off(day, target) + 4 * (day.gap > 0),
            ]
            for day in week.days
        ],
        "clients": [list(one) for one in packed.clients],
        "campaigns": [list(one) for one in packed.campaigns],
        "activities": [list(one) for one in packed.activities],
        "locks": list(packed.locks),
        "rows": rows,
        "draws": _draws(grid),
        "empty_rows": sum(not line.seconds for line in grid.lines),
    }


def _is_off(day: DayAccount, target: int) -> bool:
    """Tell whether nothing is meant to be worked on a day: a weekend, where no day of the week says."""
    return not day.target if target else day.day.weekday() > _FRIDAY


def address(first: date) -> str:
    """Return the grid's address for a week."""
    return f"/grid?week={first.isoformat()}"


def key_text(key: RowKey) -> str:
    """Return a row's key as the browser names it."""
    return ".".join((key.client_id, key.campaign_id or "", key.activity_id, str(int(key.billable))))


def entry_words(row: EntryRow) -> str:
    """Return what an entry says of itself, in short: its note or its task, then its tags."""
    note = " ".join((row.note or row.title).split())
    short = note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1].rstrip()}…"
    return " ".join(part for part in (short, *(f"#{tag}" for tag in tags_in(row.tags))) if part)


class _Packed:
    """The tables that rows and cells refer to by place."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self.clients: dict[tuple[str, str, str], int] = {}
        self.campaigns: dict[tuple[str, str], int] = {}
        self.activities: dict[tuple[str, str], int] = {}
        self.locks: dict[str, int] = {}

    def row(self, line: GridLine, grid: WeekGrid) -> list[Any]:
        client = (line.key.client_id, line.client, f"c{line.colour}")
        activity = (line.key.activity_id, line.activity)
        campaign = -1
        if line.key.campaign_id:
            campaign = _place(self.campaigns, (line.key.campaign_id, line.campaign))
        return [
            _place(self.clients, client),
            campaign,
            _place(self.activities, activity),
            int(line.key.billable),
            hours_minutes(line.seconds) if line.seconds else "",
            [self._cell(cell, grid.week.locks) for cell in line.cells],
            int(line.kept),
        ]

    def _cell(self, cell: GridCell, locks: dict[str, str]) -> Any:
        if not cell.entries and not cell.lock:
            return _NO_CELL
        seconds = sum(entry.seconds for entry in cell.entries)
        alone = len(cell.entries) == 1
        entries = [self._entry(entry, alone, locks.get(entry.id, "")) for entry in cell.entries]
        return [hours_minutes(seconds) if entries else "", self._lock(cell.lock), entries]

    def _entry(self, row: EntryRow, alone: bool, lock: str) -> list[Any]:
        clock = ""
        if row.started_at and row.ended_at:
            clock = f"{row.started_at.astimezone(self._zone):%H:%M}-{row.ended_at.astimezone(self._zone):%H:%M}"
        told = [row.id, row.version, clock, entry_words(row), "" if alone else hours_minutes(row.seconds)]
        told.append(self._lock(lock))
        while not told[-1]:
            told.pop()
        return told

    def _lock(self, lock: str) -> int:
        return 1 + _place(self.locks, lock) if lock else 0


def _place(table: dict[Any, int], what: Any) -> int:
    return table.setdefault(what, len(table))


def _draws(grid: WeekGrid) -> list[DrawRow]:
    """Return the retainer periods that the week's work draws on, by client."""
    drawn = {entry.retainer_id: entry for entry in grid.week.entries if entry.retainer_id and entry.billable}
    rows = [
        _draw(left, drawn[retainer_id])
        for retainer_id, held in grid.week.left.items()
        for left in held
        if retainer_id in drawn
    ]
    return sorted(rows, key=lambda row: row["name"].casefold())


def _draw(left: PeriodLeft, entry: EntryRow) -> DrawRow:
    period, terms = left.period, left.period.terms
    available = period.balance.available
    rest = available - left.used
    used = amount(left.used, terms, left.currency)
    return {
        "key": f"{left.retainer.id}@{period.first.isoformat()}",
        "name": f"{entry.client_short}, {left.retainer.name}",
        "colour": f"c{entry.colour}",
        "used": f"{used.removesuffix(' h')} of {amount(available, terms, left.currency)}, "
        f"{wording.period_name(period.first, period.last)}"
        if available
        else f"{used}, {wording.period_name(period.first, period.last)}",
        "left": f"{amount(abs(rest), terms, left.currency)} {'left' if rest >= 0 else 'over'}" if available else "",
        "share": min(100, left.used * 100 // available) if available else 0,
        "fill": "f-bad" if available and rest < 0 else "f-ok",
    }
