"""What the retainers' pages say: the period that was opened, its chart, its tasks, and what there is to decide."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine

from agency_app.services.decide_overage import decide_overage
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_retainers import read_dashboard, read_periods_on, read_retainer
from agency_app.services.start_client import StartClient, start_client
from agency_app.states.focus_balance import put_balance
from agency_app.states.focus_view import no_focus
from agency_app.states.retainer_page import RetainerPage, retainer_page
from agency_app.states.retainer_rows import RetainerList, retainer_list
from agency_app.store.engine import transaction
from agency_app.tables import Client, Retainer
from tests.services.conftest import Agency

HOUR = 3600
TODAY = date(2026, 10, 14)  # a Wednesday, working day 10 of 22
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _wednesday() -> Any:
    with time_machine.travel(datetime(2026, 10, 14, 16, tzinfo=UTC), tick=False):
        yield


def work(agency: Agency, day: date, hours: float, **more: Any) -> None:
    start = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    activity_id = more.pop("activity_id", agency.optimisation)
    log_time(agency.owner, LogTime(agency.northwind, activity_id, start, start + timedelta(hours=hours), **more))


def each_day(agency: Agency, hours: float, *days: int) -> None:
    for day in days:
        work(agency, date(2026, 10, day), hours)


def set_terms(agency: Agency, **terms: Any) -> None:
    with transaction() as session:
        row = session.get_one(Retainer, agency.northwind_retainer)
        for name, value in terms.items():
            setattr(row, name, value)


def page(agency: Agency, day: date | None = None) -> RetainerPage:
    return retainer_page(read_retainer(agency.owner, agency.northwind_retainer, day), TODAY, agency.owner)


def listed(agency: Agency, day: date = TODAY) -> RetainerList:
    return retainer_list(read_dashboard(agency.owner, day), "", "", TODAY)


def kpi(view: RetainerList, name: str) -> tuple[str, str]:
    return next((one["value"], one["note"]) for one in view["kpis"] if one["name"] == name)


def test_an_earlier_period_is_opened_as_it_ended_and_the_history_stays_whole(agency: Agency) -> None:
    set_terms(agency, rollover="all", starts_on=date(2026, 8, 1))
    for day in (3, 10, 17):
        work(agency, date(2026, 8, day), 10)
    shown = page(agency, date(2026, 8, 1))
    assert (shown["period"], shown["status"], shown["left"]) == ("August 2026", "On pace", "6 h left")
    assert shown["forecast"] == "It ended with 6 h left and is not closed yet"
    assert (shown["ahead"], shown["chart"]["today_text"], shown["chart"]["forecast"]) == ("", "", "")
    assert [row["name"] for row in shown["history"]] == ["October 2026", "September 2026", "August 2026"]
    assert [row["rolled_in"] for row in shown["history"]] == ["42", "6", "–"]
    assert [row["here"] for row in shown["history"]] == [False, False, True]


def test_today_stays_today_when_work_is_logged_ahead_and_the_forecast_goes_on_from_there(agency: Agency) -> None:
    each_day(agency, 1, 12, 13, 14)
    plain = page(agency)["chart"]
    each_day(agency, 2, 20)
    ahead = page(agency)["chart"]
    assert ahead["today_x"] == plain["today_x"]
    assert (plain["today_text"], ahead["today_text"]) == ("Today, 33 h left", "Today")
    assert ahead["days"][-1]["day"] == "Tue 20 Oct"
    assert ahead["forecast"].startswith(f"M{ahead['actual'].rpartition('L')[2]}L")


def test_a_forecast_past_what_is_available_goes_below_zero_and_names_the_day(agency: Agency) -> None:
    each_day(agency, 6, 8, 9)
    each_day(agency, 3, 12, 13, 14)
    chart = page(agency)["chart"]
    zero = next(level["y"] for level in chart["levels"] if level["text"] == "0")
    end_y = chart["forecast"].rpartition(",")[2]
    assert float(end_y) > float(zero)
    assert chart["end"]["text"] == "22 Oct"
    assert float(chart["pin_to"]) < float(zero)
    spread = [float(place.partition(",")[2]) for place in chart["spread"].split()]
    assert spread[1] < float(end_y) < spread[2]
    assert re.search(r"forecast [\d.]+ h used at the end, between [\d.]+ and [\d.]+ h\.$", chart["text"])
    assert page(agency)["forecast"].startswith("On pace to finish Thu 22 Oct, 9 days early: ")


def test_work_of_one_name_is_one_task_however_often_it_was_taken_up(agency: Agency) -> None:
    for day in (5, 6):
        work(agency, date(2026, 10, day), 1, title="Weekly report", activity_id=agency.reporting)
    work(agency, date(2026, 10, 7), 3)
    work(agency, date(2026, 10, 8), 1, title="Weekly report")
    assert [tuple(task.values()) for task in page(agency)["tasks"]] == [
        ("Optimisation", "3:00", "1", "Optimisation", "Wed 7 Oct"),
        ("Weekly report", "2:00", "2", "Reporting", "Tue 6 Oct"),
        ("Weekly report", "1:00", "1", "Optimisation", "Thu 8 Oct"),
    ]


def test_overage_that_waits_is_the_first_thing_to_decide_until_it_is_decided(agency: Agency) -> None:
    set_terms(agency, overage="approval")
    each_day(agency, 9.5, 5, 6, 7, 8)
    view = listed(agency)
    [one] = view["decide"]
    assert one["client"] + one["text"] == (
        "Northwind Outdoor, Performance: 2 h over, €250.00 so far. Agree the overage before more is logged."
    )
    assert (one["verb"], one["goes"]) == ("Decide", f"/retainers/{agency.northwind_retainer}")
    assert kpi(view, "Revenue at risk") == ("€250.00", "Overage not agreed: Northwind 2 h × €125.00")
    decide_overage(agency.owner, agency.northwind_retainer, TODAY, "bill")
    view = listed(agency)
    assert view["decide"][0]["text"] == ", Performance: 2 h over, €250.00 so far, which will be billed."
    assert kpi(view, "Revenue at risk")[0] == "–"
    decide_overage(agency.owner, agency.northwind_retainer, TODAY, "absorb")
    view = listed(agency)
    assert view["decide"][0]["text"].endswith("2 h over, which is absorbed and earns nothing.")
    assert kpi(view, "Revenue at risk") == ("€250.00", "Absorbed: Northwind 2 h × €125.00")


def test_a_client_whose_hours_run_hot_can_be_written_to(agency: Agency) -> None:
    each_day(agency, 5, 7, 8, 9, 12, 13, 14)
    assert listed(agency)["decide"][0]["verb"] == "Open"
    with transaction() as session:
        session.get_one(Client, agency.northwind).email = "jo&co@northwind.example"
    [one] = listed(agency)["decide"]
    assert one["text"].startswith(", Performance: 6 h left. At this pace the rest is gone by Fri 16 Oct, 15 days early")
    assert (one["verb"], one["mails"]) == ("Tell the client", True)
    assert one["goes"].startswith("mailto:jo%26co@northwind.example?subject=Performance%2C%20October%202026&body=")
    assert "30 h of 36 h are used, 6 h left. At this pace" in unquote(one["goes"])


def test_hours_that_will_likely_go_unused_lead_to_the_week(agency: Agency) -> None:
    each_day(agency, 1, 12, 13, 14)
    [one] = listed(agency)["decide"]
    assert one["text"].endswith("h likely unused on 31 Oct.")
    assert (one["verb"], one["goes"]) == ("Plan hours", f"/?client={agency.northwind}")
    assert listed(agency, date(2026, 9, 30))["decide"] == []  # another month is not there to be decided about


def test_what_goes_past_a_budget_is_at_risk_in_money(agency: Agency) -> None:
    set_terms(agency, basis="budget", budget_minor=100_000, overage="absorb")
    each_day(agency, 6, 5, 6)  # 12 h × 95.00
    assert kpi(listed(agency), "Revenue at risk") == ("€140.00", "Absorbed: Northwind €140.00")


def test_an_overrun_that_the_next_period_makes_good_is_not_at_risk(agency: Agency) -> None:
    set_terms(agency, overage="absorb", carry_deficit=True)
    each_day(agency, 9.5, 5, 6, 7, 8)
    view = listed(agency)
    assert kpi(view, "Revenue at risk")[0] == "–"
    assert view["decide"][0]["text"].endswith("2 h over, which the next period makes good.")


def test_a_retainer_that_was_just_set_up_is_not_called_behind_for_the_days_before(agency: Agency) -> None:
    terms = StartClient("Harbour", "Search", "hours", date(2026, 10, 1), 22 * HOUR, rate=950_000)
    client_id = start_client(agency.owner, terms)

    def said() -> tuple[str, dict[str, str]]:
        view = no_focus()
        put_balance(view, read_periods_on(agency.owner, client_id, TODAY, TODAY), TODAY, "")
        retainer_id = view["href"].removeprefix("/retainers/")
        shown = retainer_page(read_retainer(agency.owner, retainer_id), TODAY, agency.owner)
        return shown["ahead"], {fact["name"]: fact["value"] for fact in view["facts"]}

    ahead, facts = said()
    assert ahead == "set up 14 Oct, nothing logged before"
    assert (facts["Ideal by today"], facts["Set up 14 Oct"]) == ("10 h", "nothing logged before")
    start = datetime(2026, 10, 14, 6, tzinfo=UTC)
    log_time(agency.owner, LogTime(client_id, agency.optimisation, start, start + timedelta(hours=2)))
    assert said() == (ahead, facts)
    start -= timedelta(days=6)  # its work before is brought along: now the pace of the whole period is known
    log_time(agency.owner, LogTime(client_id, agency.optimisation, start, start + timedelta(hours=3)))
    ahead, facts = said()
    assert (ahead, facts["Ideal by today"]) == ("5 h behind ideal", "10 h, 5 h behind")
    assert "Set up 14 Oct" not in facts


@pytest.mark.parametrize(("day", "name"), [(date(2027, 1, 14), "December 2026"), (date(2026, 12, 14), "November")])
def test_what_rolled_in_across_new_year_names_the_year_it_came_from(agency: Agency, day: date, name: str) -> None:
    set_terms(agency, rollover="all")
    view = no_focus()
    put_balance(view, read_periods_on(agency.owner, agency.northwind, day, day), day, "")
    assert f"Rollover from {name}" in {fact["name"] for fact in view["facts"]}


def test_a_month_that_has_not_begun_says_when_it_does_and_nothing_of_a_pace(agency: Agency) -> None:
    view = no_focus()
    put_balance(view, read_periods_on(agency.owner, agency.northwind, date(2026, 11, 2), TODAY), TODAY, "")
    assert view["forecast"] == "The month begins on 1 Nov"
    assert "Ideal by today" not in {fact["name"] for fact in view["facts"]}
    assert view["curve"]["today_text"] == ""


def test_any_day_of_the_running_period_shows_it_as_it_stands_today(agency: Agency) -> None:
    each_day(agency, 2, 12, 13, 14)
    assert page(agency)["ahead"] != ""
    for day in (date(2026, 10, 1), date(2026, 10, 30)):
        assert page(agency, day) == page(agency)
