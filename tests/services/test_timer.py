"""The timer: one a member, logged by stopping, asked about when it was probably forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from agency_app.services import timer as timer_module
from agency_app.services.actor import Actor
from agency_app.services.change_workspace import change_workspace
from agency_app.services.explain_entry import explain_entry
from agency_app.services.explain_timer import planned_by_timer
from agency_app.services.log_line import UnsureLine
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.timer import (
    StartTimer,
    discard_timer,
    read_timer,
    start_from_entry,
    start_from_line,
    start_from_template,
    start_timer,
    stop_timer,
)
from agency_app.services.undo_change import undo_change
from agency_app.states.entry_words import told_of
from agency_app.store.engine import reading, transaction
from agency_app.tables import RunningTimer, TaskTemplate, TimeEntry
from tests.services.conftest import Agency
from tests.services.test_entries import everything, log, row

START = datetime(2026, 11, 17, 8, tzinfo=UTC)
"""Nine o'clock on a Tuesday in Amsterdam."""


class Clock:
    """What the timer takes for now."""

    def __init__(self) -> None:
        self.at = START

    def go(self, **time: int) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only moves when it is told to."""
    clock = Clock()
    monkeypatch.setattr(timer_module, "now", lambda: clock.at)
    return clock


def optimising(agency: Agency) -> StartTimer:
    return StartTimer(
        agency.northwind, agency.optimisation, agency.campaign, note="Budgets", tags=("q4", "meta"), platform=""
    )


def timers() -> list[RunningTimer]:
    with reading() as session:
        return list(session.exec(select(RunningTimer)))


def test_stopping_logs_what_ran_as_every_other_touch_is_logged(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(minutes=47, seconds=12)
    entry = row(stop_timer(agency.owner).entry_id)
    assert (entry.started_at, entry.seconds) == (START, 47 * 60 + 12)
    assert (entry.note, entry.tags, entry.rate) == ("Budgets", "meta q4", 950_000)
    assert entry.retainer_id == agency.northwind_retainer
    assert timers() == []
    with pytest.raises(NotFound, match="No timer runs"):
        stop_timer(agency.owner)


def test_undoing_a_stopped_timer_takes_its_entry_away(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(minutes=5)
    undo_change(agency.owner, stop_timer(agency.owner).undo_id)
    with reading() as session:
        assert session.exec(select(TimeEntry)).all() == []


def test_starting_another_logs_the_first_without_a_gap(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(minutes=30)
    started = start_timer(agency.owner, StartTimer(agency.summit, agency.reporting))
    assert started.logged is not None
    first = row(started.logged.entry_id)
    assert (first.seconds, first.ended_at) == (1800, clock.at)
    [running] = timers()
    assert (running.client_id, running.started_at) == (agency.summit, clock.at)


def test_each_member_has_a_timer_of_their_own_and_no_second_one(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    start_timer(agency.lead, optimising(agency))
    assert {timer.member_id for timer in timers()} == {agency.owner.member_id, agency.lead.member_id}
    copy = timers()[0].model_dump(exclude={"id"})
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(RunningTimer(**copy))


def test_a_timer_stopped_at_once_is_a_second_long(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    assert row(stop_timer(agency.owner).entry_id).seconds == 1


@pytest.mark.parametrize("hours", [10, 16, 40])
def test_a_forgotten_timer_is_not_logged_before_it_is_said_until_when(agency: Agency, clock: Clock, hours: int) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(hours=hours, seconds=1)
    before = everything()
    found = read_timer(agency.owner)
    assert found is not None
    assert found.forgotten
    with pytest.raises(Refused, match=r"has run since Tue 17 Nov 09:00\. Say until when") as refused:
        stop_timer(agency.owner)
    assert refused.value.field == "end"
    with pytest.raises(Refused, match="Say until when"):
        start_timer(agency.owner, StartTimer(agency.summit, agency.reporting))
    for end in (START, START - timedelta(hours=1), clock.at + timedelta(seconds=1)):
        with pytest.raises(Refused, match="between the start of the timer and now"):
            stop_timer(agency.owner, end)
    assert everything() == before
    assert len(timers()) == 1
    entry = row(stop_timer(agency.owner, START + timedelta(hours=2, minutes=15)).entry_id)
    assert entry.seconds == 2 * 3600 + 900


def test_more_than_a_day_is_never_logged(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(hours=30)
    with pytest.raises(Refused, match="at most 24 hours"):
        stop_timer(agency.owner, START + timedelta(hours=25))
    assert len(timers()) == 1


def test_a_timer_that_passes_midnight_is_asked_about(agency: Agency, clock: Clock) -> None:
    clock.at = datetime(2026, 11, 17, 22, 30, tzinfo=UTC)
    start_timer(agency.owner, optimising(agency))
    clock.go(minutes=20)
    assert not read_timer(agency.owner).forgotten  # pyright: ignore[reportOptionalMemberAccess]
    clock.go(minutes=20)
    assert read_timer(agency.owner).forgotten  # pyright: ignore[reportOptionalMemberAccess]
    entry = row(stop_timer(agency.owner, clock.at).entry_id)
    assert (entry.work_date.day, entry.seconds) == (17, 2400)


def test_a_discarded_timer_comes_back_running_since_its_start(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    [before] = timers()
    undo_id = discard_timer(agency.owner)
    assert timers() == []
    clock.go(minutes=10)
    with pytest.raises(NotAllowed):
        undo_change(agency.lead, undo_id)
    undo_change(agency.owner, undo_id)
    assert timers() == [before]
    with pytest.raises(Stale, match="undone already"):
        undo_change(agency.owner, undo_id)
    discarded = discard_timer(agency.owner)
    start_timer(agency.owner, optimising(agency))
    with pytest.raises(Stale, match="Another timer runs"):
        undo_change(agency.owner, discarded)


def test_a_timer_that_may_not_be_logged_runs_on(agency: Agency, clock: Clock) -> None:
    start_timer(agency.owner, optimising(agency))
    clock.go(hours=1)
    change_workspace(agency.owner, 1, {"locked_until": "2026-11-17"})
    with pytest.raises(Locked, match="closed up to"):
        stop_timer(agency.owner)
    assert len(timers()) == 1


def test_it_starts_from_a_template_an_entry_or_a_line(agency: Agency, clock: Clock, ida: Actor) -> None:
    with transaction() as session:
        template = TaskTemplate(
            workspace_id=agency.workspace_id,
            name="Weekly report",
            activity_id=agency.reporting,
            platform="Report",
            default_seconds=3600,
        )
        session.add(template)
    start_from_template(ida, template.id, agency.summit)
    assert (read_timer(ida).client, read_timer(ida).activity) == ("Summit", "Reporting")  # pyright: ignore[reportOptionalMemberAccess]
    clock.go(minutes=1)
    start_from_entry(ida, log(agency).entry_id)
    assert (read_timer(ida).client, read_timer(ida).activity) == ("Northwind", "Optimisation")  # pyright: ignore[reportOptionalMemberAccess]
    clock.go(minutes=1)
    start_from_line(ida, "report summit #q4")
    [timer] = timers()
    assert (timer.client_id, timer.activity_id, timer.tags) == (agency.summit, agency.reporting, "q4")
    with pytest.raises(UnsureLine):
        start_from_line(ida, "summit")
    with pytest.raises(NotFound):
        start_from_entry(ida, "nothing")


def test_it_is_told_what_stopping_does_to_the_period(agency: Agency) -> None:
    assert planned_by_timer(agency.owner) is None
    with time_machine.travel(START, tick=False):
        start_timer(agency.owner, optimising(agency))
    with time_machine.travel(START + timedelta(minutes=90), tick=False):
        planned = planned_by_timer(agency.owner)
        assert planned is not None
        told = told_of(explain_entry(agency.owner, planned), planned, agency.owner.zone)
        stop_timer(agency.owner)
    assert told["change"] == "November 2026: 0 → 1.5 h of 36 h."
    assert told["falls"].startswith("Falls to Performance")
