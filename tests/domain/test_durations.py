"""Durations: what people type, what they read back, and the limits of an entry."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.durations import (
    DurationError,
    apart,
    check_span,
    hours_minutes,
    later_by_the_clock,
    local_work_date,
    merged_span,
    parse_duration,
    prose,
    seconds_to_midnight,
    seconds_until,
    split_seconds,
)

instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:30", 5400),
        (" 1:30 ", 5400),
        ("0:05", 300),
        (":45", 2700),
        ("1:00:30", 3630),
        ("1.5", 5400),
        ("1,5", 5400),
        (".25", 900),
        ("2", 7200),
        ("24", 86400),
        ("0.3333", 1200),
        ("90m", 5400),
        ("90 min", 5400),
        ("45 minutes", 2700),
        ("1h30", 5400),
        ("1h5", 3900),
        ("1h 30m", 5400),
        ("1 h 30", 5400),
        ("1H30", 5400),
        ("2h", 7200),
        ("2 hours", 7200),
        ("1,5h", 5400),
        ("30s", 30),
        ("3045s", 3045),
        ("1h2m3s", 3723),
    ],
)
def test_typed_durations_are_understood(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", " ", "h", ":", ".", "abc", "1:60", "1:5", "1:30:75", "-1", "-1:30", "1.2.3", "1h30x", "+2", "١", "1e3"]
)
def test_unreadable_durations_are_refused_with_examples(text: str) -> None:
    with pytest.raises(DurationError, match=r"1:30, 1\.5, 90m or 1h30"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0", "0:00", "0m", "0.00001"])
def test_zero_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="longer than zero"):
        parse_duration(text)


def test_more_than_a_day_is_refused_unless_the_caller_lifts_the_limit() -> None:
    with pytest.raises(DurationError, match="90m for ninety minutes"):
        parse_duration("90")
    with pytest.raises(DurationError, match="24 h"):
        parse_duration("24:01")
    assert parse_duration("40:00", longest_seconds=None) == 40 * 3600
    assert parse_duration("120", longest_seconds=None) == 120 * 3600


@given(st.text(max_size=12))
def test_any_text_gives_a_valid_entry_or_a_duration_error(text: str) -> None:
    with suppress(DurationError):
        assert 0 < parse_duration(text) <= 86400


@given(st.integers(1, 24 * 60))
def test_what_is_shown_reads_back_the_same(minutes: int) -> None:
    assert parse_duration(hours_minutes(minutes * 60)) == minutes * 60
    assert parse_duration(prose(minutes * 60)) == minutes * 60


def test_shown_to_the_nearest_minute() -> None:
    assert [hours_minutes(seconds) for seconds in (0, 29, 30, 5400, 359_970, -5400, -29)] == [
        "0:00", "0:00", "0:01", "1:30", "100:00", "-1:30", "0:00",
    ]  # fmt: skip
    assert [prose(seconds) for seconds in (0, 2700, 5400, 7200, -1800)] == [
        "0 h 00", "0 h 45", "1 h 30", "2 h 00", "-0 h 30",
    ]  # fmt: skip


def test_work_date_is_the_members_own_day() -> None:
    late = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)
    assert local_work_date(late, "Europe/Paris") == date(2025, 3, 2)
    assert local_work_date(late, "Europe/London") == date(2025, 3, 1)
    assert local_work_date(late, "America/New_York") == date(2025, 3, 1)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe", "/etc"])
def test_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(DurationError, match="time zone"):
        local_work_date(datetime(2025, 3, 1, tzinfo=UTC), zone)


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2025, 3, 1)
    with pytest.raises(DurationError, match="needs its time zone"):
        local_work_date(naive, "Europe/Paris")
    with pytest.raises(DurationError, match="needs its time zone"):
        check_span(naive, naive)


@given(instants, st.integers(1, 86400))
def test_a_span_counts_whole_seconds(start: datetime, seconds: int) -> None:
    assert check_span(start, start + timedelta(seconds=seconds)) == seconds


@given(instants, st.integers(-(10**6), 0) | st.integers(86401, 10**6))
def test_zero_negative_and_longer_than_a_day_are_refused(start: datetime, seconds: int) -> None:
    with pytest.raises(DurationError):
        check_span(start, start + timedelta(seconds=seconds))


def test_a_fraction_over_a_day_is_refused_and_a_fraction_of_a_second_is_dropped() -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC)
    assert check_span(start, start + timedelta(seconds=5, milliseconds=900)) == 5
    with pytest.raises(DurationError, match="24 hours"):
        check_span(start, start + timedelta(days=1, microseconds=1))
    with pytest.raises(DurationError, match="the same"):
        check_span(start, start + timedelta(milliseconds=900))


def test_spans_are_real_time_when_clocks_change() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert check_span(datetime(2025, 3, 30, 1, tzinfo=paris), datetime(2025, 3, 30, 4, tzinfo=paris)) == 2 * 3600
    assert check_span(datetime(2025, 10, 26, 1, tzinfo=paris), datetime(2025, 10, 26, 4, tzinfo=paris)) == 4 * 3600


@given(instants, st.integers(2, 86400), st.data())
def test_cutting_an_entry_conserves_its_seconds(start: datetime, seconds: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, seconds - 1))
    parts = split_seconds(start, start + timedelta(seconds=seconds), start + timedelta(seconds=cut))
    assert parts == (cut, seconds - cut)


@pytest.mark.parametrize("at", [-1, 0, 60, 61])
def test_a_cut_outside_the_entry_is_refused(at: int) -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC)
    with pytest.raises(DurationError, match="between its start and its end"):
        split_seconds(start, start + timedelta(seconds=60), start + timedelta(seconds=at))


# Cutting at a time of day, and merging

AMSTERDAM = "Europe/Amsterdam"


def _offset(instant: datetime) -> timedelta | None:
    return instant.astimezone(ZoneInfo(AMSTERDAM)).utcoffset()


@given(instants, st.integers(2, 86400), st.data())
def test_the_time_at_which_an_entry_is_cut_leaves_exactly_the_seconds_before_it(
    start: datetime, seconds: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, seconds - 1))
    clock = (start + timedelta(seconds=first)).astimezone(ZoneInfo(AMSTERDAM)).time()
    cut = None
    with suppress(DurationError):  # where the clocks go back, it shows this time at another moment of the entry too
        cut = seconds_until(start, start + timedelta(seconds=seconds), clock, AMSTERDAM)
    assert cut in (first, None)
    if _offset(start) == _offset(start + timedelta(seconds=seconds)):
        assert cut == first


def test_on_a_night_that_is_an_hour_shorter_the_clock_skips_an_hour() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half past one; at two the clock goes to three
    assert seconds_until(start, start + timedelta(hours=2), time(3, 15), AMSTERDAM) == 45 * 60
    with pytest.raises(DurationError, match="between"):
        seconds_until(start, start + timedelta(hours=2), time(2, 30), AMSTERDAM)


def test_on_a_night_that_is_an_hour_longer_a_time_that_comes_twice_is_asked() -> None:
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # half past one; at three the clock goes back to two
    with pytest.raises(DurationError, match="twice"):
        seconds_until(start, start + timedelta(hours=3), time(2, 15), AMSTERDAM)
    assert seconds_until(start, start + timedelta(hours=3), time(3, 0), AMSTERDAM) == 5400 + 3600
    assert seconds_until(start, start + timedelta(hours=1), time(2, 15), AMSTERDAM) == 45 * 60


def test_a_time_after_midnight_cuts_an_entry_of_the_evening() -> None:
    start = datetime(2026, 11, 17, 22, tzinfo=UTC)  # eleven at night
    assert seconds_until(start, start + timedelta(hours=3), time(0, 0), AMSTERDAM) == 3600


spans = st.lists(
    st.tuples(instants, st.integers(1, 7200)).map(lambda one: (one[0], one[0] + timedelta(seconds=one[1]), one[1])),
    min_size=1,
    max_size=12,
)


@given(spans)
def test_merging_conserves_every_second_and_begins_with_the_earliest(
    found: list[tuple[datetime | None, datetime | None, int]],
) -> None:
    start, seconds = merged_span(found)
    assert seconds == sum(one[2] for one in found)
    assert start == min(one[0] for one in found if one[0])
    assert merged_span([*found, (None, None, 60)]) == (None, seconds + 60)


@given(instants, st.integers(2, 86400), st.data())
def test_what_is_cut_and_merged_again_is_as_it_was(start: datetime, seconds: int, data: st.DataObject) -> None:
    end = start + timedelta(seconds=seconds)
    cut = start + timedelta(seconds=data.draw(st.integers(1, seconds - 1)))
    first, second = split_seconds(start, end, cut)
    halves = [(start, cut, first), (cut, end, second)]
    assert merged_span(halves) == (start, seconds)
    assert apart(halves) == 0


def test_what_lies_between_entries_is_counted_and_overlaps_are_negative() -> None:
    nine = datetime(2026, 11, 17, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert apart([(nine, nine + hour, 3600), (nine + 2 * hour, nine + 3 * hour, 3600)]) == 3600
    assert apart([(nine, nine + hour, 3600), (nine + hour / 2, nine + hour, 1800)]) == -1800
    assert apart([(None, None, 3600), (nine, nine + hour, 3600)]) == 0


def test_no_merged_entry_is_longer_than_a_day() -> None:
    with pytest.raises(DurationError, match="24 hours"):
        merged_span([(None, None, 86400), (None, None, 1)])


# Midnight, the days of 23 and 25 hours, and zones of all kinds

ZONES = (
    "Europe/Amsterdam",
    "America/New_York",
    "America/Sao_Paulo",  # once changed its clocks at midnight: a day began at one, or had 23:30 twice
    "Asia/Beirut",  # still does
    "Australia/Lord_Howe",  # changes by half an hour
    "Asia/Kathmandu",  # is 5:45 ahead
    "Pacific/Kiritimati",
    "UTC",
)
zones = st.sampled_from(ZONES)
DAYS = timedelta(days=1)


@given(instants, st.integers(2, 86400), zones)
def test_a_cut_at_midnight_puts_each_second_on_its_own_day(start: datetime, seconds: int, zone: str) -> None:
    end = start + timedelta(seconds=seconds)
    first = seconds_to_midnight(start, end, zone)
    day = local_work_date(start, zone)
    if first == 0:
        assert local_work_date(end - timedelta(seconds=1), zone) == day
        return
    assert sum(split_seconds(start, end, start + timedelta(seconds=first))) == seconds
    assert local_work_date(start + timedelta(seconds=first), zone) == day + DAYS
    assert local_work_date(start + timedelta(seconds=first - 1), zone) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 17), 24)]
)
def test_the_hours_before_midnight_are_as_many_as_the_day_has(day: date, hours: int) -> None:
    start = datetime.combine(day, time(0, 0, 1), ZoneInfo(AMSTERDAM))
    # a second into the day, so that what is left of a day of 25 hours is reached by an entry in two steps
    noon = datetime.combine(day, time(12), ZoneInfo(AMSTERDAM)).astimezone(UTC)
    morning = (noon - start.astimezone(UTC)) // timedelta(seconds=1)
    assert morning + seconds_to_midnight(noon, noon + timedelta(hours=20), AMSTERDAM) == hours * 3600 - 1


def test_a_day_whose_clock_skips_midnight_begins_with_its_first_moment() -> None:
    late = datetime(2026, 3, 28, 23, tzinfo=ZoneInfo("Asia/Beirut"))  # at midnight it goes to one
    assert seconds_to_midnight(late, late.astimezone(UTC) + timedelta(hours=2), "Asia/Beirut") == 3600


@given(instants, st.integers(-40, 40), zones)
def test_moved_by_whole_days_the_clock_shows_the_same_but_where_it_skips_that_time(
    instant: datetime, days: int, zone: str
) -> None:
    place = ZoneInfo(zone)
    before = instant.astimezone(place)
    after = later_by_the_clock(instant, timedelta(days=days), zone).astimezone(place)
    meant = before.replace(tzinfo=None) + timedelta(days=days)
    shown = after.replace(tzinfo=None)
    assert shown == meant or timedelta(0) < shown - meant <= timedelta(hours=1)
    if days == 0:
        assert after == before


def test_within_an_hour_that_comes_twice_a_step_stays_in_its_pass() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 2:30 in Amsterdam, in winter time already
    assert later_by_the_clock(second, timedelta(minutes=15), AMSTERDAM) == second + timedelta(minutes=15)
    assert later_by_the_clock(second, timedelta(minutes=-15), AMSTERDAM) == second - timedelta(minutes=15)
