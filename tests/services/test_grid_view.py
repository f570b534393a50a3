"""What of a week grid travels to the browser: what rows share once, and nothing that says nothing."""

from datetime import date, timedelta

from agency_app.services.change_campaigns import CampaignForm, add_campaign
from agency_app.services.grid_rows import RowKey, keep_row
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_entry import entry_choices
from agency_app.services.read_grid import read_grid
from agency_app.states.grid_view import grid_view, key_text
from agency_app.states.views import campaigns_to_choose
from tests.services.conftest import Agency
from tests.services.test_approval import settings_are
from tests.services.test_entries import DAY, HOUR, NINE

MONDAY = DAY - timedelta(days=1)
ZONE = "Europe/Amsterdam"


def test_a_cell_says_how_long_and_each_entry_when_and_what(agency: Agency) -> None:
    touch = LogTime(
        agency.northwind,
        agency.optimisation,
        NINE,
        NINE + HOUR,
        agency.campaign,
        note="Bids\n and budgets",
        tags=("q4",),
    )
    timed = log_time(agency.owner, touch).entry_id
    alone = log_time(
        agency.owner,
        LogTime(agency.northwind, agency.optimisation, None, None, agency.campaign, day=MONDAY, seconds=5370),
    ).entry_id
    log_time(
        agency.owner, LogTime(agency.northwind, agency.optimisation, None, None, agency.campaign, day=DAY, seconds=900)
    )
    key = RowKey(agency.northwind, agency.campaign, agency.optimisation, True)
    view = grid_view(read_grid(agency.owner, MONDAY), DAY, ZONE)
    [[client, campaign, activity, billable, total, cells, kept]] = view["rows"]
    assert view["clients"][client] == [agency.northwind, "Northwind", "c1"]
    assert view["campaigns"][campaign] == [agency.campaign, "Autumn prospecting"]
    assert view["activities"][activity] == [agency.optimisation, "Optimisation"]
    assert (billable, total, kept, view["total"]) == (1, "2:45", 0, "2:45")
    assert key_text(key) == f"{agency.northwind}.{agency.campaign}.{agency.optimisation}.1"
    assert cells[0] == ["1:30", 0, [[alone, 1]]]
    text, lock, [first, second] = cells[1]
    assert (text, lock) == ("1:15", 0)
    assert first == [timed, 1, "09:00-10:00", "Bids and budgets #q4", "1:00"]
    assert second[2:] == ["", "", "0:15"]
    assert cells[2:] == [0] * 5


def test_locks_are_named_once_and_rows_without_time_are_counted(agency: Agency) -> None:
    for activity in (agency.reporting, agency.strategy):
        keep_row(agency.owner, DAY, RowKey(agency.summit, None, activity, True))
    settings_are(agency, locked_until=DAY.isoformat())
    view = grid_view(read_grid(agency.owner, MONDAY), DAY, ZONE)
    assert view["locks"] == ["Closed up to 17 Nov"]
    assert [row[1] for row in view["rows"]] == [-1, -1]
    assert [row[5] for row in view["rows"]] == [[["", 1, []]] * 2 + [0] * 5] * 2
    assert (view["empty_rows"], view["draws"]) == (2, [])


def test_what_the_weeks_work_draws_on_is_told(agency: Agency) -> None:
    log_time(agency.owner, LogTime(agency.northwind, agency.reporting, NINE, NINE + 9 * HOUR))
    [draw] = grid_view(read_grid(agency.owner, MONDAY), DAY, ZONE)["draws"]
    assert (draw["name"], draw["left"], draw["share"]) == ("Northwind, Performance", "27 h left", 25)
    assert draw["used"] == "9 of 36 h, November 2026"


def test_days_off_are_those_without_a_target_or_weekends_where_no_day_has_one(agency: Agency) -> None:
    flags = [day[5] for day in grid_view(read_grid(agency.owner, MONDAY), DAY, ZONE)["days"]]
    assert flags == [0, 1, 0, 0, 0, 2, 2]
    assert grid_view(read_grid(agency.owner, date(2026, 11, 23)), DAY, ZONE)["days"][0][0] == "2026-11-23"


def test_a_project_is_offered_for_a_row_by_its_name_alone_and_a_campaign_with_its_platform(agency: Agency) -> None:
    add_campaign(agency.owner, agency.northwind, CampaignForm("Relaunch"))
    add_campaign(agency.owner, agency.summit, CampaignForm("Spring", "TikTok"))
    offered = campaigns_to_choose(entry_choices(agency.owner).campaigns, agency.northwind)
    assert [one["name"] for one in offered] == ["Meta: Autumn prospecting", "Relaunch"]
