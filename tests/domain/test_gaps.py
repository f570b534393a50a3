"""What is unaccounted for: never negative, never made up for by another day, and none before a day has ended."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.calendar import MemberCalendar, TimeOff, WeekHours
from agency_app.domain.gaps import accounts_of, gap_of

MONDAY = date(2026, 11, 16)
EIGHT = 8 * 3600
FULL_TIME = MemberCalendar((WeekHours(date(2026, 1, 1), (EIGHT,) * 5 + (0, 0)),))


def test_a_day_short_of_its_target_has_a_gap_once_it_has_ended() -> None:
    logged = {MONDAY: EIGHT - 1800, MONDAY + timedelta(days=1): EIGHT + 3600, MONDAY + timedelta(days=2): 3600}
    days = accounts_of(FULL_TIME, logged, MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=2))
    assert [day.gap for day in days] == [1800, 0, 0, 0, 0, 0, 0]
    assert gap_of(days) == 1800
    assert [day.target for day in days] == [EIGHT] * 5 + [0, 0]


def test_a_day_off_is_no_gap_and_half_a_day_off_half_of_one() -> None:
    off = (TimeOff(MONDAY, MONDAY), TimeOff(MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), half=True))
    days = accounts_of(
        MemberCalendar(FULL_TIME.weeks, off), {}, MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=9)
    )
    assert [day.gap for day in days] == [0, EIGHT // 2]


def test_without_a_target_nothing_is_missing() -> None:
    days = accounts_of(MemberCalendar(), {}, MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=30))
    assert gap_of(days) == 0


@given(
    st.lists(st.integers(0, 86400), min_size=7, max_size=7),
    st.dictionaries(st.integers(0, 6), st.integers(0, 86400)),
    st.integers(-3, 10),
)
def test_the_gap_of_a_week_is_the_sum_of_its_days_and_lies_between_nothing_and_the_target(
    meant: list[int], worked: dict[int, int], ended: int
) -> None:
    calendar = MemberCalendar((WeekHours(MONDAY, tuple(meant)),))
    logged = {MONDAY + timedelta(days=place): seconds for place, seconds in worked.items()}
    days = accounts_of(calendar, logged, MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=ended))
    assert gap_of(days) == sum(max(0, day.target - day.logged) for day in days[: max(0, ended)])
    assert 0 <= gap_of(days) <= sum(meant)
