"""Figures as EN 16931 writes them: a decimal point, no grouping, amounts with at most two decimals."""

from datetime import date

from agency_app.domain.invoice import PRICE_SCALE
from agency_app.domain.money import exponent

MOST_DECIMALS = 2


class TooPrecise(ValueError):
    """An amount with more than the two decimals that EN 16931 allows (BR-DEC)."""


def amount(minor: int, currency: str) -> str:
    """Return an amount of minor units with the decimals of its currency, at most two: `12.50`, `1200`, `1.25`.

    Raises TooPrecise for 0.125 BHD, MoneyError for an unknown currency.
    """
    decimals = exponent(currency)
    while decimals > MOST_DECIMALS:
        minor, rest = divmod(minor, 10)
        if rest:
            raise TooPrecise(f"An amount in {currency} has more than the two decimals that EN 16931 allows.")
        decimals -= 1
    return _decimal(minor, decimals)


def scaled(value: int) -> str:
    """Return a price or quantity of 1/10000 without needless zeros: `95.125`, `0.3333`, `150`."""
    whole, _, decimals = _decimal(value, len(str(PRICE_SCALE)) - 1).partition(".")
    return f"{whole}.{decimals.rstrip('0')}".rstrip(".")


def percent(basis_points: int) -> str:
    """Return basis points as a percentage with two decimals: `21.00`."""
    return _decimal(basis_points, 2)


def compact(day: date) -> str:
    """Return a day as UN/CEFACT's format 102 writes it: `20261130`."""
    return f"{day:%Y%m%d}"


def _decimal(value: int, decimals: int) -> str:
    digits = f"{abs(value):0{decimals + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
