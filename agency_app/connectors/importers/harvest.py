"""Harvest, detailed time report: decimal hours, no clock times, no e-mail address."""

from decimal import ROUND_HALF_UP, Decimal

from agency_app.connectors.importers.dates import check_seconds
from agency_app.connectors.importers.decimals import cents, price_text, seconds_of
from agency_app.connectors.importers.export import ImportedRow, RowRefused
from agency_app.connectors.importers.rows import (
    Format,
    Reading,
    Row,
    currency_in,
    person,
    warn_of_invoiced,
    warn_of_zero,
)


def read_row(row: Row, reading: Reading) -> ImportedRow:
    """Seconds are Hours x 3600; Hours Rounded is what was billed and is kept beside, never as raw time."""
    work_date = row.day("date", reading)
    hours = row.number("hours", reading)
    if hours is None:
        raise RowRefused("invalid_duration", "The hours are missing.")
    seconds = check_seconds(seconds_of(hours))
    _warn_of_coarse_hours(row, hours)
    rounded = row.number("hours_rounded", reading)
    name = f"{row.text('first_name')} {row.text('last_name')}".strip()
    return ImportedRow(
        line=row.line,
        user=name or person(row, reading),
        email=row.optional("email"),
        client=row.optional("client"),
        project=row.optional("project"),
        task=row.optional("task"),
        description=row.text("description"),
        seconds=warn_of_zero(row, seconds),
        billable=row.yes("billable"),
        work_date=work_date,
        invoiced=warn_of_invoiced(row, row.yes("invoiced")),
        rate=price_text(row.number("rate", reading)),
        amount=price_text(row.number("amount", reading)),
        rounded_seconds=None if rounded is None else check_seconds(seconds_of(rounded)),
        currency=currency_in(row.text("currency")),
    )


def _warn_of_coarse_hours(row: Row, hours: Decimal) -> None:
    """Say so where the hours are whole minutes cut to two decimals (0.33 for 20 min). The time is not guessed."""
    minutes = (hours * 60).quantize(Decimal(1), ROUND_HALF_UP)
    if hours * 60 != minutes and cents(minutes / 60) == hours:
        row.warn(
            "coarse_hours",
            f"{hours} h is {seconds_of(hours)} seconds; the source probably had {minutes} minutes and rounded.",
        )


HARVEST = Format(
    name="harvest.time",
    product="Harvest (detailed time report)",
    columns={
        "date": ("date",),
        "client": ("client",),
        "project": ("project",),
        "task": ("task",),
        "description": ("notes",),
        "hours": ("hours",),
        "hours_rounded": ("hours rounded",),
        "billable": ("billable?",),
        "invoiced": ("invoiced?",),
        "first_name": ("first name",),
        "last_name": ("last name",),
        "email": ("email",),
        "rate": ("billable rate",),
        "amount": ("billable amount",),
        "currency": ("currency",),
    },
    known_by=("date", "hours"),
    required=("date", "hours"),
    person_fields=("first_name", "last_name", "email"),
    read_row=read_row,
    date_fields=("date",),
    number_fields=("hours", "hours_rounded", "rate", "amount"),
)
