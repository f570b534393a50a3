"""Decimal numbers with a point or a comma, settled over the whole file."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from agency_app.connectors.importers.export import RowRefused

_SHAPE = re.compile(r"-?[0-9.,]+")
_SPACES = re.compile(r"[\s'’]")  # group thousands in some locales


def settle_decimal_mark(texts: Iterable[str]) -> str:
    """Return "." or ",", whichever more numbers of the file prove; "." where none does.

    1,5 and 2.000,0 prove the comma, 0.333 and 2,000.0 the point; 1.000 and 1,000 prove nothing.
    """
    points = commas = 0
    for text in texts:
        mark = _mark_of(_bare(text))
        points += mark == "."
        commas += mark == ","
    return "," if commas > points else "."


def parse_decimal(text: str, mark: str) -> Decimal | None:
    """Read a number whose decimals follow `mark`; None where there is no text. Raises RowRefused "invalid_number".

    The other mark may only group thousands, so 1,5 in a file with decimal points is refused and never read as 15.
    """
    bare = _bare(text)
    if not bare:
        return None
    group = re.escape("," if mark == "." else ".")
    whole = rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,3}}|[0-9]{{1,12}})"
    if not re.fullmatch(rf"-?{whole}(?:{re.escape(mark)}[0-9]{{0,6}})?", bare):
        expected = "comma" if mark == "," else "point"
        raise RowRefused("invalid_number", f"'{text[:40]}' is not a number with a decimal {expected}, as in this file.")
    return Decimal(bare.replace("," if mark == "." else ".", "").replace(mark, "."))


def seconds_of(hours: Decimal) -> int:
    """Decimal hours as whole seconds, half away from zero."""
    return int((hours * 3600).quantize(Decimal(1), ROUND_HALF_UP))


def price_text(price: Decimal | None) -> str | None:
    """A price as text with a decimal point and at least two decimals."""
    if price is None:
        return None
    whole, _, decimals = f"{price:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def cents(price: Decimal) -> Decimal:
    """Rounded to two decimals, half away from zero."""
    return price.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _bare(text: str) -> str:
    return _SPACES.sub("", text).replace("−", "-")


def _mark_of(bare: str) -> str | None:
    if not _SHAPE.fullmatch(bare):
        return None
    bare = bare.removeprefix("-")
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        return max(".", ",", key=bare.rfind)
    mark = "." if points else ","
    if points + commas == 0:
        return None
    if points + commas > 1:  # a mark that repeats groups thousands
        return "," if points else "."
    whole, _, decimals = bare.partition(mark)
    could_group = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return None if could_group else mark
