"""What a person types into a cell of the week grid: a length of time, one more of it, or nothing."""

from dataclasses import dataclass
from typing import Literal

from agency_app.domain.durations import DurationError, hours_minutes, parse_duration


@dataclass(frozen=True)
class TypedCell:
    """What is to become of a cell: "set" its one entry to so many seconds, "add" an entry of so many, or "clear" it."""

    what: Literal["set", "add", "clear"]
    seconds: int = 0


def read_typed_cell(text: str) -> TypedCell:
    """Read what was typed: a duration as everywhere, one after a plus sign, or nothing.

    Raises DurationError for what is no duration, for zero, and for more than 24 hours.
    """
    typed = text.strip()
    if not typed:
        return TypedCell("clear")
    if typed.strip("0:.,") == "" and "0" in typed:
        raise DurationError("To delete what is here, empty the cell.")
    if typed.startswith("+"):
        return TypedCell("add", parse_duration(typed[1:]))
    return TypedCell("set", parse_duration(typed))


def shows_as_typed(seconds: int, typed: TypedCell) -> bool:
    """Tell whether an entry already is what was typed. A cell shows whole minutes: to type what it shows leaves the
    seconds beneath as they are."""
    if typed.seconds % 60:
        return typed.seconds == seconds
    return hours_minutes(typed.seconds) == hours_minutes(seconds)
