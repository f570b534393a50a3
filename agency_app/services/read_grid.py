"""Read a member's week as a grid, from the same reading as the calendar: the two never disagree. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.agreement import ScopeRule
from agency_app.services.grid_rows import RowKey, row_kept, row_of
from agency_app.services.read_week import Week, read_week
from agency_app.services.weeks import week_of
from agency_app.store import approvals, clients, grid, imports, retainers
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow


@dataclass(frozen=True)
class GridCell:
    """The entries of a row on a day, in order of time, those without one last; and why nothing can be typed there, empty
    when it can."""

    entries: tuple[EntryRow, ...]
    lock: str


@dataclass(frozen=True)
class GridLine:
    """A row with its words and its seven cells. `kept` tells whether it stands there without time, too."""

    key: RowKey
    client: str
    colour: int
    campaign: str
    activity: str
    kept: bool
    cells: tuple[GridCell, ...]

    @property
    def seconds(self) -> int:
        """The seconds of the whole row."""
        return sum(entry.seconds for cell in self.cells for entry in cell.entries)


@dataclass(frozen=True)
class WeekGrid:
    """A week and its rows, by client, activity and campaign."""

    week: Week
    lines: tuple[GridLine, ...]


def read_grid(actor: Actor, day: date) -> WeekGrid:
    """Return the actor's grid of the week that holds a day: a row for each kind of work that has time in it, or that
    the actor keeps there."""
    with reading() as session:
        first = week_of(session, actor.workspace_id, day)
    week = read_week(actor, first, "")
    with reading() as session:
        home = actor.workspace_id
        kept = [row_kept(row) for row in grid.kept_rows(session, home, actor.member_id, first)]
        known = {client.id: client for client in clients.every_client(session, home)}
        campaigns = {campaign.id: campaign for campaign in imports.every_campaign(session, home)}
        activities = {activity.id: activity for activity in clients.every_activity(session, home)}
        cells: dict[tuple[RowKey, date], list[EntryRow]] = {}
        for entry in week.entries:
            cells.setdefault((row_of(entry), entry.work_date), []).append(entry)
        filled = {key for key, _ in cells}
        shown = filled | {key for key in kept if not known[key.client_id].archived}
        why = _DayLocks(session, actor, week)
        lines = [
            GridLine(
                key,
                known[key.client_id].short_name,
                known[key.client_id].colour,
                campaigns[key.campaign_id].name if key.campaign_id else "",
                activities[key.activity_id].name,
                key in kept,
                tuple(_cell(cells.get((key, day.day), []), why.lock(key, day.day), week.locks) for day in week.days),
            )
            for key in shown
        ]

        def place(line: GridLine) -> tuple[object, ...]:
            activity = activities[line.key.activity_id]
            own = (line.client.casefold(), line.key.client_id, activity.position, activity.name)
            return (*own, line.campaign.casefold(), line.key.campaign_id or "", not line.key.billable)

        return WeekGrid(week, tuple(sorted(lines, key=place)))


def _cell(entries: list[EntryRow], lock: str, locks: Mapping[str, str]) -> GridCell:
    notes = [locks.get(entry.id, "") for entry in entries]
    in_order = sorted(entries, key=lambda entry: (entry.started_at is None, str(entry.started_at), entry.id))
    return GridCell(tuple(in_order), lock or (notes[0] if notes and all(notes) else ""))


class _DayLocks:
    """Why nothing can be logged for a row on a day, as `log_time` would refuse it: read once, asked for each cell."""

    def __init__(self, session: Session, actor: Actor, week: Week) -> None:
        home = actor.workspace_id
        self._week = week
        self._invoiced = imports.closed_periods(session, home)
        approved = approvals.approved(session, home, week.first_day, week.last_day)
        self._approved = {client_id for member_id, client_id, _ in approved if member_id == actor.member_id}
        self._closed = retainers.closed_periods(session, home)
        self._retainers = clients.retainers(session, home)
        self._rule = ScopeRule(session, home, self._retainers)

    def lock(self, key: RowKey, day: date) -> str:
        """Return why, in a few words; empty when it can."""
        until = self._week.locked_until
        if until is not None and day <= until:
            return f"Closed up to {wording.short_date(until)}"
        for client_id, first, last, number in self._invoiced:
            if client_id == key.client_id and first <= day <= last:
                return f"Invoiced on {number}"
        if key.client_id in self._approved:
            return "Approved"
        return "Period closed" if key.billable and self._falls_to_closed(key, day) else ""

    def _falls_to_closed(self, key: RowKey, day: date) -> bool:
        if not self._closed:
            return False
        own = [one for one in self._retainers if one.client_id == key.client_id and clients.runs_on(one, day)]
        chosen = self._rule.choose(own, day, key.activity_id, key.campaign_id) if own else None
        return chosen is not None and any(
            retainer_id == chosen.id and first <= day <= last for retainer_id, first, last in self._closed
        )
