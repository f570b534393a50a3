"""Bytes to a table: encoding, delimiter, quoted cells with line breaks, and the physical line each row starts on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agency_app.connectors.importers.export import ExportError

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class TableRow:
    """The cells of one row and the physical line it starts on, counted from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as rows of text: the heading, the rows below it that hold anything, and how the file was written."""

    heading: TableRow
    rows: tuple[TableRow, ...]
    bom: bool
    delimiter: str
    newline: str


def read_table(data: bytes) -> Table:
    """Read a delimited text file; rows that hold nothing are left out, but their lines count.

    Cells keep backslashes as they are; a line break inside a cell becomes one line feed, whatever the file uses.
    Raises ExportError for a file that is not text in UTF-8 (or UTF-16 with its mark), or that is empty.
    """
    text, bom = _decode(data)
    first_line, delimiter = 1, None
    separator_hint = re.match(r"sep=([,;\t|])(?:\r\n|\r|\n)", text)
    if separator_hint:  # a line spreadsheets write above the heading
        first_line, delimiter, text = 2, separator_hint[1], text[separator_hint.end() :]
    if delimiter is None:
        delimiter = _delimiter_of(text)
    rows = [row for row in _rows(text, delimiter, first_line) if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise ExportError("The file is empty. Export it again and choose a date range that holds time entries.")
    return Table(rows[0], tuple(rows[1:]), bom, delimiter, _newline_of(text))


def _decode(data: bytes) -> tuple[str, bool]:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    bom = utf16 or data.startswith(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError(
            f"The file is not UTF-8 text (byte {error.start + 1} cannot be read). "
            "Import the CSV as it was downloaded, or save it again as 'CSV UTF-8'."
        ) from error
    if "\x00" in text:
        raise ExportError("The file is not a CSV file. Export the detailed report as CSV, not as Excel or PDF.")
    return text, bom


def _delimiter_of(text: str) -> str:
    """The delimiter that splits the heading into the most cells."""
    start = text.lstrip("\r\n")[:20_000]
    counts = {mark: len(next(iter(_rows(start, mark, 1)), TableRow(1, ())).cells) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _newline_of(text: str) -> str:
    found = re.search(r"\r\n|\r|\n", text)
    return {"\r\n": "CRLF", "\r": "CR"}.get(found[0], "LF") if found else "LF"


def _rows(text: str, delimiter: str, first_line: int) -> Iterator[TableRow]:
    """Split into rows. A quote that never closes is read as a plain character: it spoils its cell, not the file.

    The standard library's reader would swallow the rest of the file there, and its line count names a row's last line.
    """
    mark = re.escape(delimiter)
    cell = re.compile(rf'"([^"]*(?:""[^"]*)*)"(?={mark}|\r|\n|\Z)|([^{mark}\r\n]*)')
    line, position, length = first_line, 0, len(text)
    while position < length:
        started, cells = line, []
        while True:
            found = cell.match(text, position)
            assert found is not None  # the second alternative matches the empty text
            position = found.end()
            quoted = found[1]
            if quoted is None:
                cells.append(found[2])
            else:
                unbroken = quoted.replace('""', '"').replace("\r\n", "\n").replace("\r", "\n")
                line += unbroken.count("\n")
                cells.append(unbroken)
            if position < length and text[position] == delimiter:
                position += 1
                continue
            break
        position += 2 if text.startswith("\r\n", position) else 1
        line += 1
        yield TableRow(started, tuple(cells))
