"""The shapes of VAT numbers."""

import pytest

from agency_app.domain.vat_number import compact_vat_number, is_vat_number


@pytest.mark.parametrize(
    "written",
    [
        "NL001234567B01",
        "nl 0012.34.567.B01",
        "DE 123 456 789",
        "ATU12345678",
        "BE 0123.456.789",
        "ESB12345678",
        "ESX1234567L",
        "FRXX123456789",
        "IE1234567FA",
        "EL123456789",
        "GB 123 4567 89",
        "XI123456789",
        "CHE-123.456.789 MWST",
        "NO 999 999 999 MVA",
        "AU51824753556",
    ],
)
def test_a_number_as_its_country_writes_it(written: str) -> None:
    assert is_vat_number(written)


@pytest.mark.parametrize(
    "written",
    ["garbage", "123", "001234567B01", "NL001234567", "DE12345678", "NL00BAD", "AU", "", "US-none", "12-3456789"],
)
def test_what_is_none(written: str) -> None:
    assert not is_vat_number(written)


def test_a_file_holds_it_without_what_stands_between() -> None:
    assert compact_vat_number(" che-123.456.789 mwst") == "CHE123456789MWST"
