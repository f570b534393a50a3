"""Which tracker wrote a file, told by its heading."""

from dataclasses import dataclass

from agency_app.connectors.importers.clockify import CLOCKIFY
from agency_app.connectors.importers.export import ExportError
from agency_app.connectors.importers.harvest import HARVEST
from agency_app.connectors.importers.kimai import KIMAI, POSITIONS, begins_like_kimai, fits_by_position
from agency_app.connectors.importers.reading import Table
from agency_app.connectors.importers.rows import Format, plain_heading
from agency_app.connectors.importers.solidtime import SOLIDTIME
from agency_app.connectors.importers.toggl import TOGGL

# Clockify comes after Toggl Track: its heading is known by the same columns, but never has a plain "Duration".
FORMATS = (TOGGL, CLOCKIFY, HARVEST, KIMAI, SOLIDTIME)

# Exports people take for time exports: headings all present, what the file is, what to export instead.
_LOOKALIKES = (
    ({"id", "member_id", "start", "end"}, "the time entries of a solidtime organisation export (ids, not names)",
     "the generic time entries CSV"),
    ({"tracked (h)", "estimated (h)"}, "Clockify's projects report", "Clockify's detailed report"),
    ({"project code", "budget by", "total hours"}, "Harvest's projects report", "Harvest's detailed time report"),
    ({"client name", "address"}, "a list of clients", "the detailed time report"),
    ({"billable_default", "is_public"}, "solidtime's list of projects", "the generic time entries CSV"),
)  # fmt: skip


@dataclass(frozen=True)
class Detected:
    """A format and where its fields are: field name to column number, from 0."""

    format: Format
    positions: dict[str, int]
    language: str | None = None
    by_position: bool = False


def detect(table: Table, one_person: bool = False) -> Detected:
    """Tell the format by the heading, column order aside; translated Kimai exports by the shape of their columns.

    Raises ExportError for a heading that belongs to no known time export, or that lacks a column the import needs; the
    one that says who worked is not needed for `one_person`.
    """
    heading = [plain_heading(cell) for cell in table.heading.cells]
    for names, found, wanted in _LOOKALIKES:
        if names <= set(heading):
            raise ExportError(f"This file is {found}. Export {wanted} and import that.")
    for known in FORMATS:
        positions = _positions(known, heading)
        if all(name in positions for name in known.known_by):
            _require(known, positions, one_person)
            return Detected(known, positions, _language(heading) if known is KIMAI else None)
    rows = [row.cells for row in table.rows]
    if fits_by_position(heading, rows):
        return Detected(KIMAI, {name: position for position, name in enumerate(POSITIONS)}, by_position=True)
    if begins_like_kimai(rows):
        raise ExportError(
            "This looks like a Kimai export with headings in another language than English or German, and its columns "
            "are not the standard ones, so they cannot be told apart. Set your language in Kimai to English or German, "
            "and export it again."
        )
    shown = ", ".join(cell.strip() for cell in table.heading.cells[:8])[:200]
    raise ExportError(
        f"The heading is of no known time export (it begins: {shown}). Known are "
        f"{', '.join(known.product for known in FORMATS)}. Export the detailed report as CSV, with its heading."
    )


def _positions(known: Format, heading: list[str]) -> dict[str, int]:
    """The first column that goes by one of a field's headings."""
    return {
        name: next(heading.index(alias) for alias in aliases if alias in heading)
        for name, aliases in known.columns.items()
        if any(alias in heading for alias in aliases)
    }


def _require(known: Format, positions: dict[str, int], one_person: bool) -> None:
    needs = known.required if one_person else (*known.required, "|".join(known.person_fields))
    for need in needs:
        if not any(name in positions for name in need.split("|")):
            wanted = " or ".join(f"'{known.columns[name][0]}'" for name in need.split("|"))
            raise ExportError(
                f"The file looks like {known.product}, but has no column {wanted}. Export it again with that column."
            )


def _language(heading: list[str]) -> str:
    return "de" if "datum" in heading else "en"
