"""CSV as spreadsheets read it: UTF-8 with a mark, commas, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_MARK = b"\xef\xbb\xbf"
_PART = 64 * 1024
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Return rows as a file. Numbers stay numbers; a text that begins like a formula gets an apostrophe in front."""
    return b"".join(csv_parts(rows))


def csv_parts(rows: Iterable[Sequence[str | int | None]]) -> Iterator[bytes]:
    """Yield the same file in parts of some 64 kB, however many rows there are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    yield _MARK
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if text.tell() >= _PART:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def decimal(value: int, decimals: int) -> str:
    """Return a whole number of 1/10^decimals as a plain decimal number: `-12.50`."""
    sign, digits = "-" if value < 0 else "", str(abs(value)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def _cell(value: str | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    number = value.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{value}" if value.startswith(_STARTS_A_FORMULA) and not number else value
