"""Several entries moved or copied by the same wall time: all or none, seconds kept, undone as one; and the snap."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.services.change_many import ManyRefused, copy_many, shift_many
from agency_app.services.change_preferences import set_snap
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_week import read_week
from agency_app.services.refusal import Refused
from agency_app.services.undo_change import undo_change
from agency_app.states.week_view import opening_time
from agency_app.store import work
from agency_app.store.engine import reading
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, everything, invoice_november, log, row, state

WEEK = timedelta(days=7)
HALF_HOUR = timedelta(minutes=30)


def untimed(agency: Agency) -> str:
    """Log an hour of today at no time of day in particular."""
    command = LogTime(agency.northwind, agency.reporting, None, None, day=DAY, seconds=3600)
    return log_time(agency.owner, command).entry_id


def test_entries_move_together_and_each_keeps_its_seconds(agency: Agency) -> None:
    one, two = log(agency), log(agency, NINE + 5 * HOUR, 1)
    anytime = untimed(agency)
    before = [state(entry_id) for entry_id in (one.entry_id, two.entry_id, anytime)]
    moved = shift_many(agency.owner, {one.entry_id: 1, two.entry_id: 1, anytime: 1}, timedelta(days=2) + HALF_HOUR)
    assert row(one.entry_id).started_at == NINE + timedelta(days=2) + HALF_HOUR
    assert row(two.entry_id).seconds == 3600
    assert (row(anytime).work_date, row(anytime).started_at) == (DAY + timedelta(days=2), None)
    undo_change(agency.owner, moved.undo_id)
    assert [state(entry_id) for entry_id in (one.entry_id, two.entry_id, anytime)] == before


def test_a_shift_is_of_wall_time_and_a_changed_clock_takes_no_second(agency: Agency) -> None:
    """Wednesday 21 October, 9:00 in summer time, is 9:00 a week later in winter time."""
    summer = datetime(2026, 10, 21, 7, tzinfo=UTC)
    night = datetime(2026, 10, 24, 23, tzinfo=UTC)  # Sunday, one o'clock: the clock goes back two hours later
    one, two = log(agency, summer), log(agency, night - WEEK, 4)
    shift_many(agency.owner, {one.entry_id: 1, two.entry_id: 1}, WEEK)
    assert row(one.entry_id).started_at == summer + WEEK + HOUR
    slept = row(two.entry_id)
    assert (slept.started_at, slept.ended_at, slept.seconds) == (night, night + 4 * HOUR, 4 * 3600)


def test_with_one_that_is_locked_or_changed_since_none_moves(agency: Agency) -> None:
    one = log(agency)
    invoice_november(agency)
    two = log(agency, NINE + timedelta(days=30))
    before = everything()
    with pytest.raises(ManyRefused) as refused:
        shift_many(agency.owner, {one.entry_id: 1, two.entry_id: 9}, WEEK)
    assert {fault.entry_id for fault in refused.value.faults} == {one.entry_id, two.entry_id}
    assert everything() == before


def test_a_copy_is_a_touch_of_its_own_also_of_locked_work(agency: Agency) -> None:
    touch = LogTime(
        agency.northwind,
        agency.optimisation,
        NINE,
        NINE + HOUR,
        agency.campaign,
        note="Budgets",
        tags=("q4",),
        title="Daily",
    )
    logged = log_time(agency.owner, touch)
    invoice_november(agency)
    done = copy_many(agency.lead, [logged.entry_id], timedelta(days=30))
    with reading() as session:
        copy = work.entry_row(session, agency.workspace_id, done.entry_id)
    assert copy is not None
    assert (copy.member_id, copy.started_at, copy.seconds) == (agency.lead.member_id, NINE + timedelta(days=30), 3600)
    assert (copy.campaign_id, copy.note, copy.tags, copy.title) == (agency.campaign, "Budgets", "q4", "Daily")
    assert copy.retainer_id == agency.northwind_retainer
    assert row(done.entry_id).task_id != row(logged.entry_id).task_id
    undo_change(agency.lead, done.undo_id)
    with reading() as session:
        assert work.entry(session, agency.workspace_id, done.entry_id) is None


def test_a_copy_stays_out_of_a_retainer_where_a_person_kept_it_out(agency: Agency) -> None:
    command = LogTime(agency.northwind, agency.optimisation, NINE, NINE + HOUR, retainer_id="none")
    done = copy_many(agency.owner, [log_time(agency.owner, command).entry_id], WEEK)
    assert row(done.entry_id).retainer_id is None


def test_the_snap_is_five_fifteen_or_thirty_minutes(agency: Agency) -> None:
    assert read_week(agency.owner, DAY, "").snap_minutes == 15
    set_snap(agency.owner, 5)
    assert read_week(agency.owner, DAY, "").snap_minutes == 5
    assert read_week(agency.lead, DAY, "").snap_minutes == 15
    with pytest.raises(Refused):
        set_snap(agency.owner, 10)


@pytest.mark.parametrize(
    ("hours", "opens"),
    [([], "07:45:00"), ([9, 14], "07:45:00"), ([6, 14], "05:45:00"), ([2, 9], "07:45:00"), ([20], "19:45:00")],
)
def test_a_week_opens_where_its_work_begins(agency: Agency, hours: list[int], opens: str) -> None:
    for hour in hours:
        log(agency, datetime(2026, 11, 17, hour - 1, tzinfo=UTC), 1)
    entries = read_week(agency.owner, date(2026, 11, 16), "").entries
    assert opening_time(entries, "Europe/Amsterdam") == opens
