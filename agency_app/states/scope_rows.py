"""The rows of a form that says which campaigns and activities a retainer is for."""

from typing import TypedDict

FIRST_ROWS = 2


class ScopeRow(TypedDict):
    """A row with its choices; its number is in the names of its fields."""

    number: str
    campaign: str
    activity: str


def blank_rows(start: int, count: int = FIRST_ROWS) -> list[ScopeRow]:
    """Return rows in which nothing is chosen, numbered from a number on."""
    return [{"number": str(number), "campaign": "", "activity": ""} for number in range(start, start + count)]
