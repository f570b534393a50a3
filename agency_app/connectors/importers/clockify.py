"""Clockify, detailed report, in its variants: Activity for Task, no Client or Client last, with Type and Invoiced."""

from decimal import Decimal

from agency_app.connectors.importers.dates import parse_duration
from agency_app.connectors.importers.decimals import cents, price_text
from agency_app.connectors.importers.export import ImportedRow, RowRefused
from agency_app.connectors.importers.rows import Format, Reading, Row, person, warn_of_invoiced, warn_of_zero
from agency_app.connectors.importers.spans import read_clocks


def read_row(row: Row, reading: Reading) -> ImportedRow:
    """Duration (h) is right and Duration (decimal), rounded to 0.01 h, ignored; without it, end - start in the zone."""
    _refuse_what_is_not_work(row.text("type"))
    stated = parse_duration(row.text("duration")) if row.has("duration") else None
    when = read_clocks(row, reading, stated)
    rate, amount = row.number("rate", reading), row.number("amount", reading)
    invoiced = warn_of_invoiced(row, row.yes("invoiced"))
    _compare_amount(row, when.seconds, rate, amount)
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
        invoiced=invoiced,
        external_invoice=row.optional("invoice_id"),
        rate=price_text(rate),
        amount=price_text(amount),
        currency=reading.currency,
    )


def _refuse_what_is_not_work(kind: str) -> None:
    if kind.casefold() == "break":
        raise RowRefused("break_row", "The row is a break, not work.")
    if kind.casefold() not in ("", "regular"):
        raise RowRefused("not_work", f"The row is of type '{kind[:40]}', not work.")


def _compare_amount(row: Row, seconds: int, rate: Decimal | None, amount: Decimal | None) -> None:
    """Say so where the file's amount is not the rate times the time; one cent may be a matter of rounding."""
    if rate is None or amount is None:
        return
    exact = cents(rate * seconds / 3600)
    if abs(amount - exact) <= Decimal("0.01"):
        return
    rounded_hours = cents(Decimal(seconds) / 3600)
    if abs(amount - cents(rate * rounded_hours)) <= Decimal("0.01"):
        reason = f"The file's amount {price_text(amount)} comes from {rounded_hours} h; the time gives {exact}."
        row.warn("amount_from_rounded_hours", reason)
    else:
        row.warn("amount_differs", f"The file's amount is {price_text(amount)}; rate and time give {exact}.")


CLOCKIFY = Format(
    name="clockify.detailed",
    product="Clockify (detailed report)",
    columns={
        "project": ("project",),
        "client": ("client",),
        "description": ("description",),
        "task": ("task", "activity"),
        "user": ("user",),
        "group": ("group",),
        "email": ("email",),
        "tags": ("tags",),
        "type": ("type",),
        "billable": ("billable",),
        "invoiced": ("invoiced",),
        "invoice_id": ("invoice id",),
        "start_date": ("start date",),
        "start_time": ("start time",),
        "end_date": ("end date",),
        "end_time": ("end time",),
        "duration": ("duration (h)",),
        "rate": ("billable rate",),
        "amount": ("billable amount",),
    },
    known_by=("start_date", "start_time"),
    required=("start_date", "start_time", "duration|end_time"),
    person_fields=("user", "email"),
    read_row=read_row,
    date_fields=("start_date", "end_date"),
    number_fields=("rate", "amount"),
)
