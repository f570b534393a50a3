"""Kimai, CSV export: one date column, clock times to the minute, decimal hours at two decimals, translated headings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agency_app.connectors.importers.dates import check_seconds, parse_clock, parse_date, parse_duration
from agency_app.connectors.importers.decimals import price_text, seconds_of
from agency_app.connectors.importers.export import ImportedRow, RowRefused
from agency_app.connectors.importers.rows import Format, Reading, Row, currency_in, person, warn_of_zero
from agency_app.connectors.importers.spans import resolve

# Half of 0.01 h: as far as a duration at two decimals can lie from the clock times it was made of.
_ROUNDING_SECONDS = 18
# Both clock times are cut to the minute, so less than this is hidden seconds and not a break.
_HIDDEN_SECONDS = 60 + _ROUNDING_SECONDS

# field, English, German, in the order of the standard export; extra columns follow these 25.
_STANDARD_COLUMNS = (
    ("date", "Date", "Datum"),
    ("from", "From", "Von"),
    ("to", "To", "Bis"),
    ("duration", "Duration", "Dauer"),
    ("currency", "Currency", "Währung"),
    ("amount", "Price", "Preis"),
    ("internal_price", "Internal price", "Interner Preis"),
    ("rate", "Hourly price", "Preis pro Stunde"),
    ("fixed_price", "Fixed price", "Festpreis"),
    ("name", "Name", "Name"),
    ("user", "User", "Benutzer"),
    ("email", "E-mail", "E-Mail"),
    ("staff_number", "Staff number", "Personalnummer"),
    ("client", "Customer", "Kunde"),
    ("project", "Project", "Projekt"),
    ("task", "Activity", "Tätigkeit"),
    ("description", "Description", "Beschreibung"),
    ("billable", "Billable", "Abrechenbar"),
    ("tags", "Tags", "Schlagworte"),
    ("type", "Type", "Typ"),
    ("category", "category", "category"),
    ("account", "Account", "Kundennummer"),
    ("project_number", "Project number", "Projektnummer"),
    ("vat_id", "VAT-ID", "Umsatzsteuer-ID"),
    ("order_number", "Order number", "Bestellnummer"),
)
POSITIONS = tuple(name for name, _, _ in _STANDARD_COLUMNS)


def read_row(row: Row, reading: Reading) -> ImportedRow:
    """To - From where it is within 18 seconds of the duration, else the duration with a warning.

    To before From means the next day. Fixed price 0 means none.
    """
    kind, category = row.text("type").casefold(), row.text("category").casefold()
    if kind not in ("", "timesheet") or category not in ("", "work"):
        raise RowRefused("not_work", f"The row is of type '{kind[:40]}', category '{category[:40]}', not work.")
    work_date = row.day("date", reading)
    if not row.text("to"):
        raise RowRefused("still_running", "The entry has no end. Stop it in the source and export again.")
    stated = _stated_seconds(row, reading)
    start, end = _clocks(row, reading, stated)
    if end.date() > work_date:
        row.warn("crosses_midnight", "The end lies on the next day; the work counts for the day it started.")
    span = resolve(start, end, reading.zone, stated)
    apart = span.elapsed - stated
    agrees = abs(apart) <= _ROUNDING_SECONDS and span.elapsed >= 0
    if not agrees:
        row.warn(
            "duration_differs",
            f"From and To are {span.elapsed} seconds apart, the duration says {stated}: seconds not shown, or a break. "
            "The duration was taken.",
        )
    fixed_price = row.number("fixed_price", reading)
    return ImportedRow(
        line=row.line,
        user=person(row, reading, "name", "user"),
        email=row.optional("email"),
        client=row.optional("client"),
        project=row.optional("project"),
        task=row.optional("task"),
        description=row.text("description"),
        seconds=warn_of_zero(row, check_seconds(span.elapsed if agrees else stated)),
        billable=row.yes("billable"),
        work_date=work_date,
        start=span.start,
        end=span.end,
        local_start=start.isoformat(),
        local_end=end.isoformat(),
        tags=row.tags(),
        rate=price_text(row.number("rate", reading)),
        amount=price_text(row.number("amount", reading)),
        fixed_price=price_text(fixed_price) if fixed_price else None,
        break_seconds=apart if apart >= _HIDDEN_SECONDS else None,
        currency=currency_in(row.text("currency")),
    )


def settle(rows: Sequence[Row], reading: Reading) -> Reading:
    """Find out whether a column of whole numbers states hours or, by another template, seconds: ask the clock times."""
    if any(row.text("duration") and not re.fullmatch(r"[0-9]{1,9}", row.text("duration")) for row in rows):
        return reading
    seconds_fit = hours_fit = 0
    for row in rows:
        try:
            stated = int(row.text("duration"))
            start, end = _clocks(row, reading, stated)
        except (ValueError, OverflowError):
            continue
        apart = int((end - start).total_seconds())
        seconds_fit += abs(apart - stated) < abs(apart - stated * 3600)
        hours_fit += abs(apart - stated) > abs(apart - stated * 3600)
    return replace(reading, whole_durations_are_seconds=seconds_fit > hours_fit)


def fits_by_position(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a heading in another language stands over the 25 standard columns, as their cells show.

    Every kind of cell that can be told by its shape is looked at, so that a moved or missing column is noticed.
    """
    if len(heading) < len(POSITIONS):
        return False
    if not rows:
        return heading[POSITIONS.index("category")].strip().casefold() == "category"
    return _most(rows, _has_standard_shape)


def begins_like_kimai(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows under an unknown heading begin with a date, two clock times, a duration and a currency."""
    return _most(rows, _begins_like_kimai)


def _stated_seconds(row: Row, reading: Reading) -> int:
    text = row.text("duration")
    if ":" in text:
        return parse_duration(text)
    number = row.number("duration", reading)
    if number is None:
        raise RowRefused("invalid_duration", "The duration is missing.")
    return check_seconds(int(number) if reading.whole_durations_are_seconds else seconds_of(number))


def _clocks(row: Row, reading: Reading, stated: int) -> tuple[datetime, datetime]:
    day = row.day("date", reading)
    start, end = (datetime.combine(day, parse_clock(row.text(name))[0]) for name in ("from", "to"))
    # An earlier To may be the same day, in the hour that the clocks repeat in autumn; then the duration fits.
    if end < start:
        tomorrow = end + timedelta(days=1)
        today = resolve(start, end, reading.zone, stated)
        same_day = today.elapsed >= 0 and abs(today.elapsed - stated) <= _ROUNDING_SECONDS
        return start, end if same_day else tomorrow
    if end == start and stated > 12 * 3600:
        return start, end + timedelta(days=1)
    return start, end


def _most(rows: Sequence[Sequence[str]], fits: Callable[[Sequence[str]], bool]) -> bool:
    sample = rows[:50]
    return sum(map(fits, sample)) * 2 > len(sample)


def _has_standard_shape(cells: Sequence[str]) -> bool:
    if len(cells) < len(POSITIONS) or not _begins_like_kimai(cells):
        return False
    cell = dict(zip(POSITIONS, (cell.strip() for cell in cells), strict=False))
    prices = (cell[name] for name in ("amount", "internal_price", "rate", "fixed_price"))
    return (
        all(re.fullmatch(r"(-?[0-9][0-9.,' ]*)?", price) for price in prices)
        and (not cell["email"] or "@" in cell["email"])
        and cell["billable"] in ("", "0", "1")
        and all(re.fullmatch(r"[a-z_]+", cell[name]) for name in ("type", "category"))  # words that no language changes
    )


def _begins_like_kimai(cells: Sequence[str]) -> bool:
    if len(cells) < 5 or not re.fullmatch(r"[A-Z]{3}", cells[4].strip()):
        return False
    try:
        for cell in cells[1:3]:
            parse_clock(cell)
    except RowRefused:
        return False
    return any(_is_date(cells[0], order) for order in ("day", "month")) and bool(re.match(r"-?[0-9]", cells[3].strip()))


def _is_date(text: str, order: str) -> bool:
    try:
        parse_date(text, order)
    except RowRefused:
        return False
    return True


def _languages() -> dict[str, tuple[str, ...]]:
    return {name: (english.casefold(), german.casefold()) for name, english, german in _STANDARD_COLUMNS}


KIMAI = Format(
    name="kimai.csv",
    product="Kimai (CSV export, English or German)",
    columns=_languages(),
    known_by=("date", "from", "to", "duration"),
    required=("date", "from", "to", "duration"),
    person_fields=("name", "user", "email"),
    read_row=read_row,
    date_fields=("date",),
    number_fields=("duration", "amount", "rate", "fixed_price"),
    settle=settle,
)
