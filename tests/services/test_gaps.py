"""The gaps of a week: a member's own, everybody's for who leads, and the same figures on the week."""

from datetime import date, timedelta

import pytest

from agency_app.services import read_gaps as read_gaps_module
from agency_app.services import read_week as read_week_module
from agency_app.services.actor import Actor
from agency_app.services.change_calendar import set_target_week
from agency_app.services.change_workspace import change_workspace
from agency_app.services.read_gaps import read_gaps
from agency_app.services.read_settings import read_settings
from agency_app.services.read_week import read_week
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, log

MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the week be over."""
    for module in (read_gaps_module, read_week_module):
        monkeypatch.setattr(module, "now", lambda: NINE + timedelta(days=14))


def test_a_member_sees_their_own_gaps_and_a_lead_everybodys(agency: Agency, ida: Actor) -> None:
    _eight_hours_a_day(ida)
    log(agency, hours=3, actor=ida)
    log(agency, NINE + timedelta(days=1), 8, ida)
    [own] = read_gaps(ida, DAY)
    assert (own.name, own.logged) == ("Ida Roos", 11 * 3600)
    assert next(day.gap for day in own.days if day.day == DAY) == 5 * 3600
    everybody = read_gaps(agency.lead, DAY)
    assert [week.name for week in everybody] == ["Ida Roos", "Joris Vink", "Mara Halden"]
    assert everybody[0] == own
    assert {week.gap for week in everybody[1:]} == {0}


def test_the_week_says_the_same(agency: Agency, ida: Actor) -> None:
    _eight_hours_a_day(ida)
    log(agency, NINE + 2 * HOUR, 3, ida)
    [own] = read_gaps(ida, DAY)
    assert read_week(ida, MONDAY, agency.northwind).days == own.days


def _eight_hours_a_day(member: Actor) -> None:
    set_target_week(member, member.member_id, date(2026, 1, 1), (8 * 3600,) * 5 + (0, 0), 0)


def test_where_weeks_begin_on_sunday_a_sundays_gap_is_of_the_week_that_follows(agency: Agency, ida: Actor) -> None:
    _eight_hours_a_day(ida)
    change_workspace(agency.owner, read_settings(agency.owner).version, {"first_weekday": "sunday"})
    [own] = read_gaps(ida, date(2026, 11, 15))  # a Sunday
    assert [day.day for day in own.days] == [date(2026, 11, day) for day in range(15, 22)]
    assert read_gaps(ida, DAY) == [own]
