"""The list of entries as a CSV file that is made while it is sent. The columns are told in docs/entries.md."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from agency_app.documents.csv_file import csv_parts, decimal
from agency_app.domain.money import round_half_up
from agency_app.services.actor import Actor
from agency_app.services.find_entries import stream_entries
from agency_app.store.entry_search import EntryFilter
from agency_app.store.work import EntryRow

COLUMNS = (
    "Date",
    "Start",
    "End",
    "Zone",
    "Hours",
    "Seconds",
    "Member",
    "Client",
    "Retainer",
    "Campaign",
    "Platform",
    "Activity",
    "Task",
    "Note",
    "Tags",
    "Billable",
    "Rate",
    "Currency",
    "Invoice",
    "Entry",
)


def entries_csv(actor: Actor, asked: EntryFilter) -> Iterator[bytes]:
    """Yield the parts of the file: a heading, then every entry that is asked for and the actor may see."""
    return csv_parts(_rows(actor, asked))


def _rows(actor: Actor, asked: EntryFilter) -> Iterator[tuple[str | int | None, ...]]:
    yield COLUMNS
    for row, retainer, currency in stream_entries(actor, asked):
        yield (
            row.work_date.isoformat(),
            *_wall_times(row),
            row.zone,
            decimal(round_half_up(row.seconds * 10_000, 3600), 4),
            row.seconds,
            row.member,
            row.client,
            retainer,
            row.campaign,
            row.platform,
            row.activity,
            row.title,
            row.note,
            row.tags,
            "yes" if row.billable else "no",
            decimal(row.rate, 4),
            currency,
            row.invoice_number,
            row.id,
        )


def _wall_times(row: EntryRow) -> tuple[str, str]:
    """Return start and end as the clock of the entry's zone showed them, with the offset; empty without a time."""
    zone = ZoneInfo(row.zone)
    ends = (row.started_at, row.ended_at)
    start, end = (instant.astimezone(zone).isoformat(timespec="seconds") if instant else "" for instant in ends)
    return start, end
