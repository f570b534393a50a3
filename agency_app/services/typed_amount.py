"""Amounts and percentages as people type them: 95, 95.00, 95,50, 1,250.00, 1.250,00. Never a float."""

import re

from agency_app.services.refusal import Refused

_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_PLAIN = re.compile(r"(\d{1,10})[.,](\d{1,4})", re.ASCII)
_GROUPED = (
    re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{1,4})", re.ASCII),
    re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{1,4})", re.ASCII),
    re.compile(r"(\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:\.\d{3}){2,})()", re.ASCII),
)


def typed_amount(typed: str, field: str, what: str) -> int:
    """Return an amount in 1/10000 units; nothing typed is 0.

    `what` begins the sentence of a refusal ("The rate"). Raises Refused naming the field, also for an amount that can
    be read in two ways, such as 1,250.
    """
    compact = re.sub(r"[\s'’]", "", typed)
    if not compact:
        return 0
    if _WHOLE.fullmatch(compact):
        return int(compact) * 10_000
    if plain := _PLAIN.fullmatch(compact):
        whole, decimals = plain.groups()
        if len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0"):
            raise Refused(
                f"{what} {compact} can be read in two ways. Write {whole}{decimals} or {whole}.{decimals}0.", field
            )
    else:
        grouped = next((found for shape in _GROUPED if (found := shape.fullmatch(compact))), None)
        if grouped is None:
            raise Refused(f"{what} “{typed.strip()[:40]}” is not an amount. Write it as 95.00.", field)
        whole, decimals = re.sub(r"[.,]", "", grouped.group(1)), grouped.group(2)
    return int(whole) * 10_000 + int(decimals.ljust(4, "0"))


def typed_percent(typed: str, field: str, what: str) -> int:
    """Return a percentage in basis points: 21, 5.5 or 21 %; nothing typed is 0. Raises Refused naming the field."""
    percent = typed_amount(typed.strip().removesuffix("%"), field, what)
    if percent % 100:
        raise Refused(f"{what} has at most two decimals, such as 5.5.", field)
    return percent // 100
