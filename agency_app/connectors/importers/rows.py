"""A row seen by field name, and what the whole file settled; what every format's reader is given."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from agency_app.connectors.importers.dates import parse_date
from agency_app.connectors.importers.decimals import parse_decimal
from agency_app.connectors.importers.export import ImportedRow, RowRefused

_YES = {"1", "yes", "true", "y", "ja"}
_NO = {"", "0", "no", "false", "n", "nein"}
_CURRENCY = re.compile(r"(?:^|[(\s-])([A-Z]{3})\)?\s*$")


@dataclass(frozen=True)
class Reading:
    """What holds for every row of one file."""

    zone: ZoneInfo
    date_order: str
    decimal_mark: str
    currency: str | None
    whole_durations_are_seconds: bool = False
    one_person: bool = False
    """Whose time it is was said beside the file, so a row need not say it."""


@dataclass
class Row:
    """One row of the file, its cells found by field name; `warn` notes what a person should know if the row is kept."""

    line: int
    cells: Mapping[str, str]
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the file has the column at all."""
        return name in self.cells

    def text(self, name: str) -> str:
        """The cell without its outer blanks; empty where the column is missing."""
        return self.cells.get(name, "").strip()

    def optional(self, name: str) -> str | None:
        """The cell, or None where it is empty."""
        return self.text(name) or None

    def tags(self) -> tuple[str, ...]:
        """The tags of the row, which every format joins by commas."""
        return tuple(tag.strip() for tag in self.text("tags").split(",") if tag.strip())

    def yes(self, name: str) -> bool:
        """Whether the cell says yes. Raises RowRefused "invalid_boolean" for anything else than a plain yes or no."""
        answer = self.text(name).casefold()
        if answer in _YES:
            return True
        if answer in _NO:
            return False
        raise RowRefused("invalid_boolean", f"'{self.text(name)[:40]}' is neither yes nor no.")

    def number(self, name: str, reading: Reading) -> Decimal | None:
        """The cell as a number, or None where it is empty. Raises RowRefused "invalid_number"."""
        return parse_decimal(self.text(name), reading.decimal_mark)

    def day(self, name: str, reading: Reading) -> date:
        """The cell as a date. Raises RowRefused "invalid_date"."""
        return parse_date(self.text(name), reading.date_order)

    def warn(self, code: str, reason: str) -> None:
        """Note something a person should know about the row if it is kept."""
        self.warnings.append((code, reason))


def _unchanged(rows: Sequence[Row], reading: Reading) -> Reading:
    return reading


@dataclass(frozen=True)
class Format:
    """One tracker's export: how its heading is known and how a row of it is read.

    `columns` maps each field to the headings it goes by, as `plain_heading` writes them; one of the `person_fields` has
    to be there, unless whose time it is was said beside the file. `settle` may look at the whole file before the first
    row is read.
    """

    name: str
    product: str
    columns: Mapping[str, tuple[str, ...]]
    known_by: tuple[str, ...]
    required: tuple[str, ...]
    person_fields: tuple[str, ...]
    read_row: Callable[[Row, Reading], ImportedRow]
    date_fields: tuple[str, ...] = ()
    number_fields: tuple[str, ...] = ()
    settle: Callable[[Sequence[Row], Reading], Reading] = _unchanged


def plain_heading(heading: str) -> str:
    """A heading for comparison: composed letters, lower case, single spaces, without the currency it may carry."""
    composed = " ".join(unicodedata.normalize("NFC", heading).split())
    return re.sub(r"\s*\([A-Z]{3}\)$", "", composed).casefold()


def currency_in(text: str) -> str | None:
    """The ISO 4217 code that ends a text such as 'Amount (EUR)', 'Euro - EUR' or 'EUR'."""
    found = _CURRENCY.search(text.strip())
    return found[1] if found else None


def person(row: Row, reading: Reading, *name_fields: str) -> str:
    """Who did the work: the first filled field, else the e-mail address.

    Raises RowRefused "missing_user" when the row does not say; it need not where the whole file is one person's.
    """
    for name in (*name_fields, "email"):
        if row.text(name):
            return row.text(name)
    if reading.one_person:
        return ""
    raise RowRefused(
        "missing_user", "The row does not say who did the work. Fill it in, or say whose it all is with --member EMAIL."
    )


def warn_of_invoiced(row: Row, invoiced: bool) -> bool:
    """Return the flag, with a warning on the row where it is set."""
    if invoiced:
        row.warn("already_invoiced_elsewhere", "Invoiced in the source already: it must not appear as unbilled here.")
    return invoiced


def warn_of_zero(row: Row, seconds: int) -> int:
    """Return the seconds, with a warning on the row where there are none."""
    if seconds == 0:
        row.warn("zero_length", "The entry has no duration.")
    return seconds
