"""How amounts, times and dates read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.documents import wording
from agency_app.domain.money import MoneyError


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "read"),
    [
        (111_625, "EUR", "en", "€1,116.25"),
        (-500, "EUR", "en", "-€5.00"),
        (0, "USD", "en", "$0.00"),
        (1_200, "JPY", "en", "¥1,200"),
        (1_250, "BHD", "en", "BHD\xa01.250"),
        (-1_250, "BHD", "en", "-BHD\xa01.250"),
        (123_456, "IQD", "en", "IQD\xa0123.456"),
        (111_625, "EUR", "de", "1.116,25\xa0€"),
        (111_625, "EUR", "de-AT", "€\xa01.116,25"),
        (5, "EUR", "no such locale", "€0.05"),
        (10**17 + 1, "EUR", "en", "€1,000,000,000,000,000.01"),
    ],
)
def test_money_shows_exactly_the_currencys_decimals(minor: int, currency: str, locale: str, read: str) -> None:
    assert wording.money(minor, currency, locale) == read


def test_money_of_an_unknown_currency_is_refused() -> None:
    with pytest.raises(MoneyError):
        wording.money(1, "XXQ")


@given(st.integers(-(10**15), 10**15))
def test_money_reads_back_to_the_same_cents(minor: int) -> None:
    assert int(wording.money(minor, "EUR").replace("€", "").replace(",", "").replace(".", "")) == minor


@pytest.mark.parametrize(
    ("price", "currency", "read"),
    [
        (950_000, "EUR", "€95.00"),
        (951_250, "EUR", "€95.125"),
        (951_234, "EUR", "€95.1234"),
        (1_500_000, "JPY", "¥150"),
        (1_505_000, "JPY", "¥150.5"),
        (45_000, "BHD", "BHD\xa04.500"),
    ],
)
def test_a_rate_shows_the_decimals_it_needs_and_never_fewer_than_the_currency(
    price: int, currency: str, read: str
) -> None:
    assert wording.rate(price, currency) == read


def test_a_quantity_shows_all_four_decimals() -> None:
    assert wording.quantity(117_500) == "11.7500"
    assert [wording.quantity(number, least=2) for number in (117_500, 3_333)] == ["11.75", "0.3333"]
    assert wording.quantity(3_333) == "0.3333"
    assert wording.quantity(117_500, "de") == "11,7500"


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(42_300, "11.75"), (120_600, "33.5"), (144_000, "40"), (1_200, "0.33"), (0, "0"), (18, "0.01")],
)
def test_hours_for_screens_have_at_most_two_decimals(seconds: int, read: str) -> None:
    assert wording.hours(seconds) == read


@pytest.mark.parametrize(
    ("seconds", "read"),
    [(42_300, "11:45"), (0, "0:00"), (29, "0:00"), (30, "0:01"), (-1_800, "-0:30"), (360_000, "100:00")],
)
def test_hours_and_minutes_round_to_the_minute(seconds: int, read: str) -> None:
    assert wording.hours_minutes(seconds) == read


def test_the_clock_has_two_digit_hours() -> None:
    assert wording.clock(5_400) == "01:30"
    assert wording.clock(36_000) == "10:00"


def test_vat_percent_trims_zeros_after_the_point_only() -> None:
    assert wording.vat_percent(2_100) == "21%"
    assert wording.vat_percent(2_000) == "20%"
    assert wording.vat_percent(550) == "5.5%"
    assert wording.vat_percent(0) == "0%"


def test_a_currency_prefix_stands_apart_from_the_number_when_it_is_a_word() -> None:
    assert wording.currency_prefix("EUR") == "€"
    assert wording.currency_prefix("CHF") == "CHF\xa0"


def test_dates_read_as_in_the_design() -> None:
    day = date(2026, 11, 17)
    assert wording.short_date(day) == "17 Nov"
    assert wording.table_date(date(2026, 11, 6)) == "06 Nov"
    assert wording.weekday_date(day) == "Tue 17 Nov"
    assert wording.long_date(day) == "17 November 2026"


@pytest.mark.parametrize(
    ("first", "last", "read"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "1–30 November 2026"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 October – 3 November 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
        (date(2026, 11, 3), date(2026, 11, 3), "3 November 2026"),
    ],
)
def test_a_span_of_days_says_each_thing_once(first: date, last: date, read: str) -> None:
    assert wording.day_span(first, last) == read


def test_a_week_is_called_by_its_days_in_short() -> None:
    assert wording.week_title(date(2026, 11, 23), date(2026, 11, 29)) == "23–29 Nov 2026"
    assert wording.week_title(date(2026, 11, 30), date(2026, 12, 6)) == "30 Nov – 6 Dec 2026"
    assert wording.week_title(date(2026, 12, 28), date(2027, 1, 3)) == "28 Dec 2026 – 3 Jan 2027"


def test_a_short_span_of_days_leaves_the_year_out() -> None:
    assert wording.short_span(date(2026, 11, 23), date(2026, 11, 29)) == "23–29 Nov"
    assert wording.short_span(date(2026, 12, 28), date(2027, 1, 3)) == "28 Dec – 3 Jan"


def test_a_whole_month_is_named_and_a_part_of_it_is_not() -> None:
    assert wording.period_name(date(2026, 12, 1), date(2026, 12, 31)) == "December 2026"
    assert wording.period_name(date(2028, 2, 1), date(2028, 2, 29)) == "February 2028"
    assert wording.period_name(date(2028, 2, 1), date(2028, 2, 28)) == "1–28 February 2028"


def test_a_figure_of_a_retainer_is_money_where_its_unit_says_so() -> None:
    assert wording.retainer_amount(42_300, "", "EUR") == "11.75 h"
    assert wording.retainer_amount(42_300, "money", "EUR") == "€423.00"
