"""Read the agency's settings for their form, and for those who may only look at them. Nothing here writes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agency_app.services.actor import Actor
from agency_app.services.change_workspace import FIELDS, MAY_CHANGE_WORKSPACE
from agency_app.services.number_series import number_of
from agency_app.services.row_form import text_of
from agency_app.store import invoices, people
from agency_app.store.engine import reading
from agency_app.tables.base import now


@dataclass(frozen=True)
class SettingsRead:
    """The settings as text, by field, and the version they have."""

    values: dict[str, str]
    version: int
    may_change: bool
    next_number: str
    """The number the next invoice of this year gets."""
    pattern_from_year: int
    """The year in which a changed pattern counts: this one while it has no invoice yet."""


def read_settings(actor: Actor) -> SettingsRead:
    """Return the settings of the actor's workspace."""
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        year = now().astimezone(ZoneInfo(workspace.zone)).year
        series = next((one for one in invoices.all_series(session, workspace.id) if one.year == year), None)
        pattern, last = (series.pattern, series.last_number) if series else (workspace.invoice_pattern, 0)
        return SettingsRead(
            text_of(FIELDS, workspace),
            workspace.version,
            actor.role in MAY_CHANGE_WORKSPACE,
            number_of(pattern, year, last + 1),
            year + 1 if series else year,
        )
