"""The named spans of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.day_spans import SPANS, named_span
from agency_app.domain.weeks import SUNDAY

days = st.dates(date(2000, 2, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("this-week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last-week", date(2026, 11, 9), date(2026, 11, 15)),
        ("this-month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("last-30-days", date(2026, 10, 19), date(2026, 11, 17)),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_spans_as_seen_from_a_tuesday_in_november(word: str, first: date, last: date) -> None:
    assert named_span(word, date(2026, 11, 17)) == (first, last)


@given(days)
def test_what_is_now_holds_the_day_and_what_was_ends_the_day_before_it_begins(today: date) -> None:
    for word in SPANS:
        first, last = named_span(word, today)
        assert first <= last
        assert (first <= today <= last) == (not word.endswith(("-week", "-month")) or word.startswith("this"))
    for unit in ("week", "month"):
        assert named_span(f"last-{unit}", today)[1] + timedelta(days=1) == named_span(f"this-{unit}", today)[0]


def test_where_weeks_begin_on_sunday_so_do_the_named_ones() -> None:
    sunday = date(2026, 11, 22)
    assert named_span("this-week", sunday, SUNDAY) == (sunday, date(2026, 11, 28))
    assert named_span("last-week", sunday, SUNDAY) == (date(2026, 11, 15), date(2026, 11, 21))
    assert named_span("this-week", sunday) == (date(2026, 11, 16), sunday)
