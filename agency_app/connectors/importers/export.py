"""What an import yields: rows of work, rows refused, and what a person should know about the rows kept."""

from dataclasses import dataclass
from datetime import date, datetime


class ExportError(ValueError):
    """The whole file cannot be imported; the message says what to do about it."""


class RowRefused(ValueError):
    """One row cannot be imported; the rest of the file goes on."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class RowFault:
    """Something about one row: `line` is the physical line the row starts on, the heading of the file being line 1."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True)
class ImportedRow:
    """One piece of work as another tracker recorded it.

    `seconds` is the raw time, never the rounded one. `start` and `end` are aware UTC instants, or None where the
    format has no clock times; `local_start` and `local_end` are the same as the file states them, in ISO 8601 (with
    a closing Z where the file states instants). `work_date` is the local day of the start in the zone of the import.
    `rate`, `amount` and `fixed_price` are decimal texts with a point and at least two decimals, in `currency`.
    `break_seconds` is the part of the span that was no work, where the file shows it. `key` names the row across
    exports of the same data: see `keys.py`.
    """

    line: int
    user: str
    email: str | None
    client: str | None
    project: str | None
    task: str | None
    description: str
    seconds: int
    billable: bool
    work_date: date
    start: datetime | None = None
    end: datetime | None = None
    local_start: str | None = None
    local_end: str | None = None
    tags: tuple[str, ...] = ()
    invoiced: bool = False
    external_invoice: str | None = None
    rate: str | None = None
    amount: str | None = None
    fixed_price: str | None = None
    rounded_seconds: int | None = None
    break_seconds: int | None = None
    currency: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Export:
    """A file, read. Every row of the file is either in `rows` or in `rejected`; `warnings` concern rows that were kept.

    A warning on line 1 concerns the heading, so the whole file. `currency` is None when the file names none or several.
    `date_order` is "iso", "day" or "month"; `decimal_mark` is "." or ","; `language` is set for translated headings.
    """

    format: str
    rows: tuple[ImportedRow, ...]
    rejected: tuple[RowFault, ...]
    warnings: tuple[RowFault, ...]
    rows_total: int
    currency: str | None
    bom: bool
    delimiter: str
    newline: str
    date_order: str
    decimal_mark: str
    language: str | None

    @property
    def total_seconds(self) -> int:
        """Raw seconds of all rows kept."""
        return sum(row.seconds for row in self.rows)

    @property
    def billable_seconds(self) -> int:
        """Raw seconds of the billable rows."""
        return sum(row.seconds for row in self.rows if row.billable)

    @property
    def nonbillable_seconds(self) -> int:
        """Raw seconds of the other rows."""
        return self.total_seconds - self.billable_seconds

    @property
    def people(self) -> tuple[str, ...]:
        """Who did the work, sorted, each once."""
        return tuple(sorted({row.user for row in self.rows}))

    @property
    def clients(self) -> tuple[str, ...]:
        """The clients named, sorted, each once."""
        return tuple(sorted({row.client for row in self.rows if row.client}))
