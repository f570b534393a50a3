"""Money: exponents, exact rounding, exact sharing, and no mixing of currencies."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.money import Money, MoneyError, exponent, round_half_up, share

amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("GBP", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4)])
def test_exponent_is_that_of_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def test_common_currencies_agree_with_the_locale_data() -> None:
    for currency in ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY", "KRW", "KWD"):
        assert currency in list_currencies()
        assert exponent(currency) == get_currency_precision(currency)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "XYZ"])
def test_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(MoneyError, match="ISO 4217"):
        exponent(code)


@given(amounts, st.integers(-(10**6), 10**6).filter(bool))
def test_rounding_is_half_away_from_zero(numerator: int, denominator: int) -> None:
    # Decimal divides to 28 digits, too few to see a tie of large numbers, so the tie is decided on the doubled value.
    whole, remainder = divmod(abs(numerator), abs(denominator))
    expected = whole + (2 * remainder >= abs(denominator))
    assert round_half_up(numerator, denominator) == (expected if numerator * denominator >= 0 else -expected)


@given(amounts)
def test_rounding_agrees_with_decimal(value: int) -> None:
    assert round_half_up(value, 100) == int((Decimal(value) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def test_ties_go_away_from_zero_on_both_sides() -> None:
    assert [round_half_up(numerator, 2) for numerator in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_dividing_by_zero_is_refused() -> None:
    with pytest.raises(MoneyError):
        round_half_up(1, 0)


@given(amounts, amounts)
def test_adding_and_taking_away_undo_each_other(first: int, second: int) -> None:
    a, b = Money(first, "EUR"), Money(second, "EUR")
    assert a + b - b == a
    assert a + -a == Money(0, "EUR")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(MoneyError, match="EUR and GBP"):
        _ = Money(1, "EUR") + Money(1, "GBP")
    with pytest.raises(MoneyError):
        _ = Money(1, "EUR") - Money(1, "GBP")


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=60).filter(any))
def test_shares_add_up_and_are_each_within_one_of_their_due(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert weight or part == 0


def test_equal_remainders_favour_the_earlier_part() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]


def test_nothing_shared_over_nothing_is_nothing() -> None:
    assert share(0, []) == []
    assert share(0, [0, 0]) == [0, 0]
    with pytest.raises(MoneyError):
        share(1, [0, 0])
    with pytest.raises(MoneyError):
        share(1, [2, -1])
