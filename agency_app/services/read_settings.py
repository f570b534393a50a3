"""Read the agency's settings for their form, and for those who may only look at them. Nothing here writes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agency_app.services.actor import Actor
from agency_app.services.change_workspace import FIELDS, MAY_CHANGE_WORKSPACE
from agency_app.services.number_series import KINDS, number_of, pattern_of, series_on
from agency_app.services.row_form import text_of
from agency_app.store import invoices, people
from agency_app.store.engine import reading
from agency_app.tables import InvoiceSeries, Workspace
from agency_app.tables.base import now


@dataclass(frozen=True)
class NextNumber:
    """The number that the next document of a kind gets this year, and the year from which changed settings hold: this
    one while nothing is numbered in it yet."""

    number: str
    changes_hold_from: int
    year: int


@dataclass(frozen=True)
class SettingsRead:
    """The settings as text, by field, and the version they have."""

    values: dict[str, str]
    version: int
    may_change: bool
    numbers: dict[str, NextNumber]
    """By kind of document, what is numbered next."""


def read_settings(actor: Actor) -> SettingsRead:
    """Return the settings of the actor's workspace."""
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        year = now().astimezone(ZoneInfo(workspace.zone)).year
        known = invoices.all_series(session, workspace.id)
        return SettingsRead(
            text_of(FIELDS, workspace),
            workspace.version,
            actor.role in MAY_CHANGE_WORKSPACE,
            {kind: _next(known, workspace, kind, year) for kind in KINDS},
        )


def _next(known: list[InvoiceSeries], workspace: Workspace, kind: str, year: int) -> NextNumber:
    year = max([year, *(one.year for one in known if one.kind == kind)])
    series = series_on(known, workspace, kind, year)
    begun = series is not None and series.last_issue_date is not None and series.last_issue_date.year == year
    pattern, last = (series.pattern, series.last_number) if series else (pattern_of(workspace, kind)[0], 0)
    return NextNumber(number_of(pattern, year, last + 1), year + 1 if begun else year, year)
