"""Names and addresses as people type them into a form: cleaned, and refused by their field when they are too long."""

from agency_app.services.refusal import Refused

LONGEST_LINE = 120
LONGEST_ADDRESS = 500
MOST_ADDRESS_LINES = 8


def typed_line(typed: str, field: str, when_empty: str = "") -> str:
    """Return one line with single spaces.

    Raises Refused naming the field when it is longer than 120 characters, and, if `when_empty` says something, with
    those words when there is nothing in it.
    """
    cleaned = " ".join(typed.split())
    if not cleaned and when_empty:
        raise Refused(when_empty, field)
    if len(cleaned) > LONGEST_LINE:
        raise Refused(f"Keep this within {LONGEST_LINE} characters; it has {len(cleaned)}.", field)
    return cleaned


def typed_address(typed: str, country: str = "") -> str:
    """Return an address without empty lines, the country last; nothing when there is a country alone. Raises Refused
    naming "address" or "country"."""
    lines = [cleaned for line in typed.splitlines() if (cleaned := " ".join(line.split()))]
    last = typed_line(country, "country")
    if last and lines and lines[-1].casefold() != last.casefold():
        lines.append(last)
    if len(lines) > MOST_ADDRESS_LINES or sum(map(len, lines)) > LONGEST_ADDRESS:
        raise Refused(
            f"Keep the address within {MOST_ADDRESS_LINES} lines and {LONGEST_ADDRESS} characters.", "address"
        )
    return "\n".join(lines)
