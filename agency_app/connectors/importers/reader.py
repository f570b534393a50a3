"""Read a time export of another tracker: the way from bytes to rows."""

from zoneinfo import ZoneInfo

from agency_app.connectors.importers.dates import DateOrder, check_day, settle_date_order
from agency_app.connectors.importers.decimals import settle_decimal_mark
from agency_app.connectors.importers.detection import Detected, detect
from agency_app.connectors.importers.export import Export, ExportError, ImportedRow, RowFault, RowRefused
from agency_app.connectors.importers.keys import with_keys
from agency_app.connectors.importers.reading import Table, TableRow, read_table
from agency_app.connectors.importers.rows import Reading, Row, currency_in


def read_export(data: bytes, zone: str, date_order: DateOrder | None = None, *, one_person: bool = False) -> Export:
    """Read the bytes of a Toggl Track, Clockify, Harvest, Kimai or solidtime time export.

    `zone` is the IANA zone in which the file's local times were written. `date_order` says which of day and month comes
    first where the file does not show it. With `one_person` the caller knows whose time it all is: rows, or the whole
    file, need not say, and the user of such a row is empty. Rows that cannot be read are in `rejected`, with line and
    reason; the rest is read. Raises ExportError, with a message a person can act on, for a file that cannot be read at all.
    """
    place = _zone(zone)
    table = read_table(data)
    detected = detect(table, one_person)
    known = detected.format
    rows: list[Row] = []
    rejected: list[RowFault] = []
    for table_row in table.rows:
        try:
            rows.append(_named(table_row, table, detected))
        except RowRefused as refusal:
            rejected.append(RowFault(table_row.line, refusal.code, refusal.reason))
    order = settle_date_order(((row.line, row.text(name)) for row in rows for name in known.date_fields), date_order)
    mark = settle_decimal_mark(row.text(name) for row in rows for name in known.number_fields)
    reading = known.settle(rows, Reading(place, order, mark, _heading_currency(table, detected), one_person=one_person))

    read: list[ImportedRow] = []
    warnings: list[RowFault] = []
    if "billable" not in detected.positions:
        reason = "The file has no column that says what is billable; nothing is taken as billable."
        warnings.append(RowFault(table.heading.line, "billable_missing", reason))
    if detected.by_position:
        reason = "The headings are in neither English nor German; Kimai's standard columns were taken, in their order."
        warnings.append(RowFault(table.heading.line, "read_by_position", reason))
    for row in rows:
        try:
            found = known.read_row(row, reading)
            check_day(found.work_date)
        except RowRefused as refusal:
            rejected.append(RowFault(row.line, refusal.code, refusal.reason))
        else:
            read.append(found)
            warnings.extend(RowFault(row.line, code, reason) for code, reason in row.warnings)
    currencies = {row.currency for row in read if row.currency} or {reading.currency}
    return Export(
        format=known.name,
        rows=with_keys(known.name, read),
        rejected=tuple(sorted(rejected, key=lambda fault: fault.line)),
        warnings=tuple(warnings),
        rows_total=len(table.rows),
        currency=currencies.pop() if len(currencies) == 1 else None,
        bom=table.bom,
        delimiter=table.delimiter,
        newline=table.newline,
        date_order=order,
        decimal_mark=mark,
        language=detected.language,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, malformed, or a folder of the zone database
        raise ExportError(f"'{name}' is not a time zone. Use a name like Europe/Berlin.") from error


def _named(row: TableRow, table: Table, detected: Detected) -> Row:
    """Find the cells by field. Missing last cells are empty; extra filled cells mean that the cells have shifted."""
    width = len(table.heading.cells)
    if any(cell.strip() for cell in row.cells[width:]):
        raise RowRefused("too_many_cells", f"The row has {len(row.cells)} cells under {width} headings.")
    named = Row(
        row.line,
        {name: row.cells[at] if at < len(row.cells) else "" for name, at in detected.positions.items()},
    )
    if len(row.cells) < width:
        named.warn("short_row", f"{len(row.cells)} cells under {width} headings: the missing last ones are empty.")
    return named


def _heading_currency(table: Table, detected: Detected) -> str | None:
    cells = table.heading.cells
    named = {currency_in(cells[detected.positions[name]]) for name in ("amount", "rate") if name in detected.positions}
    named.discard(None)
    return named.pop() if len(named) == 1 else None
