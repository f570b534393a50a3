"""The forecast counts with the calendars of those who do the work, on every screen that shows it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from agency_app.services.change_calendar import add_days_off, set_target_week
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.read_retainers import read_dashboard, read_periods_on
from agency_app.states.focus_view import focus_view
from tests.services.conftest import Agency

HOUR = 3600
FRIDAY = date(2026, 9, 11)
FULL = (8 * HOUR,) * 5 + (0, 0)


@pytest.fixture
def worked(agency: Agency) -> Agency:
    """Two hours a working day for Northwind, by the lead, from 1 to 11 September 2026: nine days of 22."""
    for place in range(11):
        start = datetime(2026, 9, 1 + place, 9, tzinfo=UTC)
        if start.weekday() < 5:
            log_time(agency.lead, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    return agency


def _forecast(agency: Agency) -> int | None:
    (row,) = [row for row in read_dashboard(agency.owner, FRIDAY).rows if row.retainer.id == agency.northwind_retainer]
    period = row.on(FRIDAY)
    assert period is not None
    return period.pace.forecast_used


def test_without_calendars_monday_to_friday_are_to_come(worked: Agency) -> None:
    assert _forecast(worked) == 44 * HOUR


def test_leave_of_who_does_the_work_counts_and_leave_of_others_does_not(worked: Agency) -> None:
    add_days_off(worked.owner, worked.owner.member_id, date(2026, 9, 14), date(2026, 9, 18))
    assert _forecast(worked) == 44 * HOUR
    add_days_off(worked.lead, worked.lead.member_id, date(2026, 9, 14), date(2026, 9, 18))
    assert _forecast(worked) == 34 * HOUR
    add_days_off(worked.owner, None, date(2026, 9, 30), date(2026, 9, 30), half=True)
    assert _forecast(worked) == 33 * HOUR


def test_a_part_time_week_ends_on_its_own_days(worked: Agency) -> None:
    set_target_week(worked.lead, worked.lead.member_id, date(2026, 9, 14), (8 * HOUR,) * 4 + (0, 0, 0), 0)
    # Thirteen days were to come; the Fridays of the 18th and 25th are none any more.
    assert _forecast(worked) == 40 * HOUR


@time_machine.travel(datetime(2026, 9, 11, 15, tzinfo=UTC), tick=False)
def test_the_workbench_says_the_same_run_out_day_as_the_dashboard(worked: Agency) -> None:
    add_days_off(worked.lead, worked.lead.member_id, date(2026, 9, 14), date(2026, 9, 18))
    for place in (21, 22):
        start = datetime(2026, 9, place, 9, tzinfo=UTC)
        log_time(worked.lead, LogTime(worked.northwind, worked.optimisation, start, start + timedelta(hours=8)))
    (row,) = [row for row in read_dashboard(worked.owner, FRIDAY).rows if row.client.id == worked.northwind]
    period = row.on(FRIDAY)
    assert period is not None
    assert period.pace.run_out is not None
    live = read_draft(worked.owner, worked.northwind, FRIDAY)
    held = read_periods_on(worked.owner, worked.northwind, FRIDAY, FRIDAY)
    card = focus_view(live, held, FRIDAY, FRIDAY, "")
    assert f"{period.pace.run_out.day} Sep" in card["forecast"]
