"""Which week the workbench means before its page has told it one."""

from datetime import date

import pytest
import reflex as rx
import time_machine

from agency_app.states import approvals, gaps
from agency_app.states.retainer_rows import day_shown
from agency_app.states.workbench import Workbench
from tests.services.conftest import Agency
from tests.services.test_approval import settings_are


@pytest.mark.parametrize(("begins", "first"), [("monday", date(2026, 11, 16)), ("sunday", date(2026, 11, 22))])
async def test_before_the_page_has_loaded_the_week_is_that_of_today_as_the_workspace_counts_it(
    agency: Agency, begins: str, first: date
) -> None:
    settings_are(agency, first_weekday=begins)
    board = await rx.State().get_state(Workbench)
    with time_machine.travel("2026-11-22T12:00:00+01:00", tick=False):  # a Sunday
        assert await board._first_day(agency.owner) == first
    board.week = "2026-11-02"
    assert await board._first_day(agency.owner) == date(2026, 11, 2)


@pytest.mark.parametrize("named", ["0001-01-01", "9999-12-31", "1999-12-31", "2100-01-01", "2026-13-01", "soon", ""])
def test_an_address_that_names_no_day_of_this_century_means_today(agency: Agency, named: str) -> None:
    today = date(2026, 11, 22)
    with time_machine.travel("2026-11-22T12:00:00+01:00", tick=False):
        assert approvals._day(named, agency.owner) == today
        assert gaps._day_asked(named, agency.owner) == today
        assert day_shown(named[:7], today) == today
