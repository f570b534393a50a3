"""Entries about midnight and on the nights that clocks change: moved and pulled by hand, split in linked halves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency_app.services.actor import actor_of
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.merge_entries import merge_entries
from agency_app.services.place_by_hand import STEPS, move_to_wall, nudge_entry, resize_to_walls
from agency_app.services.read_draft import read_draft
from agency_app.services.read_entry import read_entry
from agency_app.services.read_night import halves, read_night
from agency_app.services.read_week import read_week
from agency_app.services.refusal import Locked, Refused
from agency_app.services.split_entry import split_entry
from agency_app.services.undo_change import undo_change
from agency_app.store.engine import transaction
from agency_app.tables import Member, TimeEntry
from tests.services.conftest import Agency
from tests.services.test_entries import AMSTERDAM, HOUR, NINE, everything, log, row, state
from tests.services.test_tidy import close_books, entries

MINUTE = timedelta(minutes=1)
TEN_AT_NIGHT = datetime(2026, 11, 17, 21, tzinfo=UTC)


def wall(entry: TimeEntry) -> str:
    """Return from when to when an entry is by the clock in Amsterdam, with its length."""
    assert entry.started_at is not None
    assert entry.ended_at is not None
    first, last = (at.astimezone(AMSTERDAM) for at in (entry.started_at, entry.ended_at))
    return f"{first:%a %H:%M}-{last:%H:%M} {entry.seconds // 60}"


# By hand over a change of the clocks


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        (datetime(2026, 3, 29, 1), "Sun 01:00-04:00 120"),  # the clock goes from two to three
        (datetime(2026, 3, 29, 2, 15), "Sun 03:15-05:15 120"),  # a time that it skips
        (datetime(2026, 10, 25, 1), "Sun 01:00-02:00 120"),  # the clock goes from three back to two
        (datetime(2026, 11, 17, 23, 30), "Tue 23:30-01:30 120"),
    ],
)
def test_a_move_keeps_the_seconds_over_a_change_of_the_clocks(agency: Agency, to: datetime, shown: str) -> None:
    logged = log(agency)
    before = state(logged.entry_id)
    moved = move_to_wall(agency.owner, logged.entry_id, logged.version, to)
    assert wall(row(logged.entry_id)) == shown
    undo_change(agency.owner, moved.undo_id)
    assert state(logged.entry_id) == before


def test_pulling_one_edge_leaves_the_other_in_its_pass_of_an_hour_that_comes_twice(agency: Agency) -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 2:30, an hour after the first 2:30
    logged = log(agency, second, 1)
    longer = resize_to_walls(
        agency.owner, logged.entry_id, 1, datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 4, 30)
    )
    assert (row(logged.entry_id).started_at, row(logged.entry_id).seconds) == (second, 2 * 3600)
    nudge_entry(agency.owner, logged.entry_id, longer.version, "later")
    assert row(logged.entry_id).started_at == second + 15 * MINUTE


def test_each_key_and_its_opposite_leave_an_entry_as_it_was(agency: Agency) -> None:
    logged = log(agency, datetime(2026, 10, 25, 0, 45, tzinfo=UTC), 1)
    before, version = state(logged.entry_id), logged.version
    for step, back in (("later", "earlier"), ("day_after", "day_before"), ("longer", "shorter")):
        for one in (step, back):
            version = nudge_entry(agency.owner, logged.entry_id, version, one).version
        assert state(logged.entry_id) == before, step
    assert {"earlier", "later", "day_before", "day_after", "shorter", "longer"} == STEPS.keys()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)), st.integers(1, 24 * 60))
def test_wherever_it_is_moved_an_entry_keeps_its_seconds_and_the_day_it_begins_on(
    agency: Agency, to: datetime, minutes: int
) -> None:
    logged = log(agency, NINE, 1)
    long = resize_to_walls(
        agency.owner,
        logged.entry_id,
        logged.version,
        datetime(2026, 11, 17, 9),
        datetime(2026, 11, 17, 9) + minutes * MINUTE,
    )
    move_to_wall(agency.owner, logged.entry_id, long.version, to)
    entry = row(logged.entry_id)
    assert entry.started_at is not None
    assert entry.seconds == minutes * 60
    assert entry.work_date == entry.started_at.astimezone(AMSTERDAM).date()
    assert entry.ended_at == entry.started_at + minutes * MINUTE


# Midnight


def test_an_entry_over_midnight_is_one_and_split_there_it_is_two_that_belong_together(agency: Agency) -> None:
    logged = log(agency, TEN_AT_NIGHT, 5)
    night = read_night(agency.owner, read_entry(agency.owner, logged.entry_id))
    assert (night.first_seconds, night.earlier, night.later) == (2 * 3600, None, None)
    before = state(logged.entry_id)
    split = split_entry(agency.owner, logged.entry_id, logged.version, night.first_seconds)
    first, second = entries()
    assert [wall(one) for one in (first, second)] == ["Tue 22:00-00:00 120", "Wed 00:00-03:00 180"]
    assert (first.work_date, second.work_date) == (date(2026, 11, 17), date(2026, 11, 18))
    assert first.task_id == second.task_id
    ends, begins = (read_night(agency.owner, read_entry(agency.owner, one.id)) for one in (first, second))
    assert ends.later is not None
    assert begins.earlier is not None
    assert (ends.later.id, begins.earlier.id) == (second.id, first.id)
    assert (ends.first_seconds, ends.earlier, begins.first_seconds, begins.later) == (0, None, 0, None)
    for monday in (
        date(2026, 11, 16),
        date(2026, 11, 18),
        date(2026, 11, 11),
    ):  # also where one half is of another week
        assert read_week(agency.owner, monday, "").nights == {(first.id, second.id)}
    undo_change(agency.owner, split.undo_id)
    assert len(entries()) == 1
    assert state(logged.entry_id) == before


def test_halves_can_be_merged_again_and_what_does_not_touch_at_midnight_is_no_half(agency: Agency) -> None:
    logged = log(agency, TEN_AT_NIGHT, 5)
    split_entry(agency.owner, logged.entry_id, logged.version, 2 * 3600)
    first, second = entries()
    merge_entries(agency.owner, [(first.id, first.version), (second.id, second.version)])
    [whole] = entries()
    assert wall(whole) == "Tue 22:00-03:00 300"
    assert whole.work_date == date(2026, 11, 17)
    one, two = log(agency, NINE, 1), log(agency, NINE + HOUR, 1)
    assert read_night(agency.owner, read_entry(agency.owner, one.entry_id)).later is None
    assert halves([read_entry(agency.owner, found.entry_id) for found in (one, two)]) == set()


def test_the_second_half_is_billed_in_the_month_it_is_worked_in(agency: Agency) -> None:
    logged = log(agency, datetime(2026, 11, 30, 21, tzinfo=UTC), 5)
    split_entry(agency.owner, logged.entry_id, logged.version, 2 * 3600)
    november, december = (
        read_draft(agency.owner, agency.northwind, day) for day in (date(2026, 11, 30), date(2026, 12, 1))
    )
    assert [one.seconds for one in november.entries.values()] == [2 * 3600]
    assert [one.seconds for one in december.entries.values()] == [3 * 3600]


def test_a_half_is_not_put_on_a_day_that_is_closed_and_no_half_is_left_behind(agency: Agency) -> None:
    logged = log(agency, TEN_AT_NIGHT, 5)
    with pytest.raises(Refused, match="shorter than 5 h 00"):
        split_entry(agency.owner, logged.entry_id, logged.version, 5 * 3600)
    close_books(agency, date(2026, 11, 18))
    before = everything()
    with pytest.raises(Locked):
        split_entry(agency.owner, logged.entry_id, logged.version, 2 * 3600)
    assert everything() == before


def test_a_member_in_another_zone_splits_at_their_own_midnight(agency: Agency) -> None:
    with transaction() as session:
        member = session.get_one(Member, agency.owner.member_id)
        member.zone = "America/New_York"
        session.add(member)
        session.flush()
        away = actor_of(member)
    start = datetime(2026, 11, 18, 3, tzinfo=UTC)  # ten at night of the 17th there, four in the morning in Amsterdam
    logged = log_time(away, LogTime(agency.northwind, agency.optimisation, start, start + 4 * HOUR))
    entry = row(logged.entry_id)
    assert (entry.work_date, entry.zone) == (date(2026, 11, 17), "America/New_York")
    night = read_night(agency.lead, read_entry(agency.lead, logged.entry_id))  # a lead in Amsterdam looks at it
    assert night.first_seconds == 2 * 3600
    split_entry(away, logged.entry_id, logged.version, night.first_seconds)
    assert [(one.work_date.day, one.seconds // 3600) for one in entries()] == [(17, 2), (18, 2)]
    assert entries()[1].started_at == datetime(2026, 11, 18, 0, tzinfo=ZoneInfo("America/New_York"))
