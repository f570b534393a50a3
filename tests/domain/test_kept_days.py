"""Which days an address, an option or a form may name."""

from datetime import date

import pytest

from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY, kept_day


@pytest.mark.parametrize("day", [FIRST_DAY, date(2026, 11, 27), LAST_DAY])
def test_a_day_of_this_century_is_read(day: date) -> None:
    assert kept_day(day.isoformat()) == day


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01", "2026-02-29", "0001-01-01", "1999-12-31", "2100-01-01"])
def test_what_is_no_day_and_a_day_of_another_century_are_refused_alike(written: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|must be in|is not in|out of range"):
        kept_day(written)


def test_the_last_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="2000 to 2099"):
        kept_day(date.max.isoformat())
