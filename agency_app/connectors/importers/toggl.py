"""Toggl Track, detailed report."""

from agency_app.connectors.importers.dates import parse_duration
from agency_app.connectors.importers.decimals import price_text
from agency_app.connectors.importers.export import ImportedRow
from agency_app.connectors.importers.rows import Format, Reading, Row, person, warn_of_zero
from agency_app.connectors.importers.spans import read_clocks


def read_row(row: Row, reading: Reading) -> ImportedRow:
    """The Duration column is right; the local clock may have changed between start and end."""
    when = read_clocks(row, reading, parse_duration(row.text("duration")))
    return ImportedRow(
        line=row.line,
        user=person(row, reading, "user"),
        email=row.optional("email"),
        client=row.optional("client"),
        project=row.optional("project"),
        task=row.optional("task"),
        description=row.text("description"),
        seconds=warn_of_zero(row, when.seconds),
        billable=row.yes("billable"),
        work_date=when.work_date,
        start=when.start,
        end=when.end,
        local_start=when.local_start,
        local_end=when.local_end,
        tags=row.tags(),
        amount=price_text(row.number("amount", reading)),
        currency=reading.currency,
    )


TOGGL = Format(
    name="toggl.detailed",
    product="Toggl Track (detailed report)",
    columns={
        "user": ("user",),
        "email": ("email",),
        "client": ("client",),
        "project": ("project",),
        "task": ("task",),
        "description": ("description",),
        "billable": ("billable",),
        "start_date": ("start date",),
        "start_time": ("start time",),
        "end_date": ("end date",),
        "end_time": ("end time",),
        "duration": ("duration",),
        "tags": ("tags",),
        "amount": ("amount",),
    },
    known_by=("start_date", "duration"),
    required=("start_date", "duration"),
    person_fields=("user", "email"),
    read_row=read_row,
    date_fields=("start_date", "end_date"),
    number_fields=("amount",),
)
