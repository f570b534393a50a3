"""solidtime, generic time entries: instants with their offset."""

from agency_app.connectors.importers.dates import check_seconds, parse_instant
from agency_app.connectors.importers.export import ImportedRow, RowRefused
from agency_app.connectors.importers.rows import Format, Reading, Row, person, warn_of_zero


def read_row(row: Row, reading: Reading) -> ImportedRow:
    """Seconds are end - start; the work date is the local day of the start in the zone of the import."""
    start = parse_instant(row.text("start"))
    if not row.text("end"):
        raise RowRefused("still_running", "The entry has no end. Stop it in the source and export again.")
    end = parse_instant(row.text("end"))
    seconds = check_seconds(int((end - start).total_seconds()))
    return ImportedRow(
        line=row.line,
        user=person(row, reading, "user"),
        email=row.optional("email"),
        client=row.optional("client"),
        project=row.optional("project"),
        task=row.optional("task"),
        description=row.text("description"),
        seconds=warn_of_zero(row, seconds),
        billable=row.yes("billable"),
        work_date=start.astimezone(reading.zone).date(),
        start=start,
        end=end,
        local_start=start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        local_end=end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        tags=row.tags(),
    )


SOLIDTIME = Format(
    name="solidtime.generic",
    product="solidtime (generic time entries)",
    columns={
        "description": ("description",),
        "billable": ("billable",),
        "client": ("client",),
        "project": ("project",),
        "tags": ("tags",),
        "start": ("start",),
        "end": ("end",),
        "task": ("task",),
        "user": ("user_name",),
        "email": ("user_email",),
    },
    known_by=("start", "end"),
    required=("start", "end"),
    person_fields=("user", "email"),
    read_row=read_row,
)
