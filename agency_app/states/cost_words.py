"""Whose work is not in a cost or a margin, in words. Pure."""

from agency_app.documents import wording
from agency_app.services.read_profit import ProfitRow

NAMED = 2


def without_words(row: ProfitRow) -> str:
    """Return who is not in the cost and the margin of a row, for want of a cost rate: "without Sem and 2 others"; empty
    where everybody is."""
    names = sorted(row.without)
    if not names:
        return ""
    others = len(names) - NAMED
    if others <= 0:
        return f"without {' and '.join(names)}"
    return f"without {', '.join(names[:NAMED])} and {others} other{'s' if others > 1 else ''}"


def without_sentence(row: ProfitRow) -> str:
    """Return the same as a sentence with the hours: "Without Sem, 12 h: no cost rate on those days."; or nothing."""
    said = [f"{name}, {wording.hours(seconds)} h" for name, seconds in sorted(row.without.items())]
    return f"Without {'; '.join(said)}: no cost rate on those days." if said else ""
