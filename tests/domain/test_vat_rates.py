"""The standard rates that an agency of a country starts with."""

import pytest

from agency_app.domain.vat import category_at, check_rate, is_untold
from agency_app.domain.vat_number import is_vat_number
from agency_app.domain.vat_rates import STANDARD_RATES, standard_rate

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905


def test_every_member_state_has_a_standard_rate_within_the_directive() -> None:
    for country in EU:
        assert 1500 <= STANDARD_RATES[country] <= 2700  # Directive 2006/112/EC, article 97: at least 15 %


@pytest.mark.parametrize(("written", "country"), [("EL", "GR"), ("XI", "GB"), ("NL", "NL")])
def test_what_a_vat_number_begins_with_names_the_country(written: str, country: str) -> None:
    assert standard_rate(written) == STANDARD_RATES[country]
    assert is_vat_number({"EL": "EL123456789", "XI": "XI123456789", "NL": "NL001234567B01"}[written])


@pytest.mark.parametrize("country", ["", "US", "ZZ", "nl"])
def test_of_a_country_that_is_not_known_no_rate_is_made_up(country: str) -> None:
    assert standard_rate(country) is None


def test_a_rate_that_nobody_said_may_be_on_no_invoice() -> None:
    assert category_at(2100) == ("S", 2100)
    assert category_at(0) == ("Z", 0)
    assert category_at(None) == ("S", 0)
    assert is_untold(*category_at(None))
    assert not is_untold(*category_at(0))
    assert list(check_rate(*category_at(None)))
    assert not list(check_rate(*category_at(0)))
