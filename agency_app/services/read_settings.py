"""Read the agency's settings for their form, and for those who may only look at them. Nothing here writes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from agency_app.services.actor import Actor
from agency_app.services.change_workspace import FIELDS, MAY_CHANGE_WORKSPACE
from agency_app.services.number_series import KINDS, NextNumber, next_number
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
            {kind: next_number(known, workspace, kind, year) for kind in KINDS},
        )
