"""Logging, moving, editing, deleting and undoing an entry; and every refusal leaves things as they were."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from agency_app.services.actor import Actor
from agency_app.services.change_entry import EditEntry, delete_entry, edit_entry, move_entry
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.log_time import Logged, LogTime, log_task, log_time
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.undo_change import undo_change
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Member, TimeEntry, Workspace
from tests.services.conftest import Agency

NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
"""Nine o'clock in Amsterdam."""


def log(agency: Agency, start: datetime = NINE, hours: int = 2, actor: Actor | None = None) -> Logged:
    command = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=hours))
    return log_time(actor or agency.owner, command)


def entry(entry_id: str) -> TimeEntry:
    with reading() as session:
        return session.get_one(TimeEntry, entry_id)


def count() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(TimeEntry)).one()


def test_a_logged_touch_freezes_its_rate_retainer_and_work_date(agency: Agency) -> None:
    logged = entry(log(agency).entry_id)
    assert (logged.seconds, logged.work_date, logged.rate) == (7200, date(2026, 11, 17), 950_000)
    assert logged.retainer_id == agency.northwind_retainer
    assert "rate since" in logged.rate_source


@pytest.mark.parametrize(
    "length",
    [timedelta(0), timedelta(hours=-1), timedelta(hours=24, seconds=1)],
    ids=["zero", "negative", "over a day"],
)
def test_an_impossible_span_is_refused_and_nothing_is_saved(agency: Agency, length: timedelta) -> None:
    with pytest.raises(Refused) as refused:
        log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, NINE, NINE + length))
    assert refused.value.field == "end"
    assert count() == 0


@pytest.mark.parametrize(
    ("start", "seconds", "work_date"),
    [
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 5 * 3600, date(2026, 10, 25)),  # 00:00 to 04:00, the clock goes back
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 3 * 3600, date(2026, 3, 29)),  # 00:00 to 04:00, the clock goes forward
        (datetime(2026, 11, 17, 22, 30, tzinfo=UTC), 5400, date(2026, 11, 17)),  # 23:30 to 01:00 belongs to its start
    ],
)
def test_clock_changes_and_midnight_count_true_seconds_once(
    agency: Agency, start: datetime, seconds: int, work_date: date
) -> None:
    command = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(seconds=seconds))
    logged = entry(log_time(agency.owner, command).entry_id)
    assert (logged.seconds, logged.work_date) == (seconds, work_date)
    billed = read_draft(agency.owner, agency.northwind, work_date).draft
    assert sum(work.seconds for line in billed.lines for work in line.work) == seconds


def test_rows_of_another_workspace_are_refused_by_field(agency: Agency) -> None:
    with transaction() as session:
        other = Workspace(name="Other")
        session.add(other)
        session.flush()
        stranger = Client(workspace_id=other.id, name="Stranger", short_name="Stranger")
        session.add(stranger)
    with pytest.raises(NotFound) as refused:
        log_time(agency.owner, LogTime(stranger.id, agency.optimisation, NINE, NINE + timedelta(hours=1)))
    assert refused.value.field == "client"
    with pytest.raises(NotFound) as refused:
        log_time(
            agency.owner, LogTime(agency.summit, agency.optimisation, NINE, NINE + timedelta(hours=1), agency.campaign)
        )
    assert refused.value.field == "campaign"
    assert count() == 0


def test_moving_an_entry_that_somebody_changed_is_refused(agency: Agency) -> None:
    logged = log(agency)
    move_entry(agency.lead, logged.entry_id, logged.version, NINE, NINE + timedelta(hours=3))
    with pytest.raises(Stale):
        move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + timedelta(hours=5))
    assert entry(logged.entry_id).seconds == 3 * 3600


def test_a_member_changes_only_their_own_entries(agency: Agency) -> None:
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida Roos")
        session.add(member)
    ida = Actor(member.id, agency.workspace_id, member.name, "IR", "member", member.zone)
    logged = log(agency)
    with pytest.raises(NotAllowed):
        delete_entry(ida, logged.entry_id, logged.version)
    assert count() == 1


def test_editing_ties_the_entry_to_another_client_at_its_rate_and_undo_puts_it_back(agency: Agency) -> None:
    logged = log(agency)
    command = EditEntry(agency.summit, agency.reporting, NINE, NINE + timedelta(hours=1), note="Moved over")
    edited = edit_entry(agency.owner, logged.entry_id, logged.version, command)
    row = entry(logged.entry_id)
    assert (row.client_id, row.rate, row.seconds, row.note) == (agency.summit, 1_100_000, 3600, "Moved over")
    undo_change(agency.owner, edited.undo_id)
    row = entry(logged.entry_id)
    assert (row.client_id, row.retainer_id, row.rate, row.seconds) == (
        agency.northwind,
        agency.northwind_retainer,
        950_000,
        7200,
    )


def test_a_deleted_entry_comes_back_under_its_id(agency: Agency) -> None:
    logged = log(agency)
    deleted = delete_entry(agency.owner, logged.entry_id, logged.version)
    assert count() == 0
    assert undo_change(agency.owner, deleted.undo_id) == logged.entry_id
    assert entry(logged.entry_id).seconds == 7200
    with pytest.raises(Stale):
        undo_change(agency.owner, deleted.undo_id)


def test_undo_refuses_after_somebody_elses_change(agency: Agency) -> None:
    logged = log(agency)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + timedelta(hours=3))
    move_entry(agency.lead, logged.entry_id, moved.version, NINE, NINE + timedelta(hours=4))
    with pytest.raises(Stale):
        undo_change(agency.owner, moved.undo_id)
    assert entry(logged.entry_id).seconds == 4 * 3600


def test_a_planned_task_is_logged_once(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Close report", 5400))
    assert entry(log_task(agency.owner, task_id, NINE).entry_id).seconds == 5400
    with pytest.raises(NotFound):
        log_task(agency.lead, task_id, NINE)
    assert count() == 1


def test_an_invoiced_period_takes_no_work_in_and_lets_none_out(agency: Agency) -> None:
    logged = log(agency)
    draft = read_draft(agency.owner, agency.northwind, date(2026, 11, 17))
    number = finalise_invoice(agency.owner, agency.northwind, date(2026, 11, 17), draft.version).number
    december = NINE + timedelta(days=30)
    for attempt in (
        lambda: log(agency, NINE + timedelta(days=1)),
        lambda: move_entry(agency.owner, logged.entry_id, logged.version, december, december + timedelta(hours=1)),
        lambda: delete_entry(agency.owner, logged.entry_id, logged.version),
    ):
        with pytest.raises(Locked) as refused:
            attempt()
        assert number in refused.value.message
    late = log(agency, december)
    with pytest.raises(Locked):
        move_entry(agency.owner, late.entry_id, late.version, NINE, NINE + timedelta(hours=1))
    with reading() as session:
        rows = session.exec(select(TimeEntry.seconds).order_by(col(TimeEntry.work_date))).all()
    assert rows == [7200, 7200]
