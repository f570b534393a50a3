"""The entry dialog's sentences: which retainer and why, the period before and after, what is drawn, which rate and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.services.change_agreement import set_scope
from agency_app.services.explain_entry import Planned, explain_entry
from agency_app.services.log_time import LogTime, log_time
from agency_app.states.entry_form import EMPTY_FORM
from agency_app.states.entry_words import EntryTold, planned_of, told_of
from agency_app.store.engine import transaction
from agency_app.tables import Retainer
from tests.services.conftest import Agency

HOUR = 3600
DAY = date(2026, 10, 6)


@pytest.fixture
def planned(agency: Agency) -> Planned:
    return Planned(agency.northwind, agency.optimisation, "", "", DAY, 2 * HOUR, billable=True)


def told(agency: Agency, planned: Planned, **changed: object) -> EntryTold:
    asked = replace(planned, **changed)  # pyright: ignore[reportArgumentType]
    return told_of(explain_entry(agency.owner, asked), asked)


def retainer(agency: Agency, name: str) -> str:
    with transaction() as session:
        row = Retainer(
            workspace_id=agency.workspace_id,
            client_id=agency.northwind,
            name=name,
            starts_on=date(2026, 1, 1),
            granted_seconds=10 * HOUR,
        )
        session.add(row)
    return row.id


def logged(agency: Agency, hours: int, **more: object) -> str:
    start = datetime(DAY.year, DAY.month, DAY.day, 6, tzinfo=UTC)
    touch = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=hours), **more)  # pyright: ignore[reportArgumentType]
    return log_time(agency.owner, touch).entry_id


def test_it_says_which_retainer_and_because_of_what(agency: Agency, planned: Planned) -> None:
    all_work = "it is for all of Northwind Outdoor's work"
    assert told(agency, planned)["falls"] == f"Falls to Performance because {all_work}."
    second = retainer(agency, "Second")
    assert told(agency, planned)["falls"].endswith(f"{all_work}, and is the oldest of 2 that are.")
    set_scope(agency.owner, second, 1, [(None, agency.reporting), (agency.campaign, None)])
    assert (
        told(agency, planned, activity_id=agency.reporting)["falls"] == "Falls to Second because it is for Reporting."
    )
    by_campaign = told(agency, planned, campaign_id=agency.campaign)["falls"]
    assert by_campaign == "Falls to Second because it is for Autumn prospecting."
    set_scope(agency.owner, second, 2, [(agency.campaign, agency.reporting)])
    both = told(agency, planned, campaign_id=agency.campaign, activity_id=agency.reporting)["falls"]
    assert both == "Falls to Second because it is for Reporting in Autumn prospecting."
    assert told(agency, planned, retainer_id=second)["falls"] == (
        f"You chose Second. By the rule: falls to Performance because {all_work}."
    )
    assert told(agency, planned, retainer_id="none")["falls"].startswith("You keep it out of every retainer.")
    early = told(agency, planned, day=date(2024, 5, 6))["falls"]
    assert early == "No retainer of Northwind Outdoor runs on 6 May: billed by the hour."
    set_scope(agency.owner, agency.northwind_retainer, 1, [(None, agency.strategy)])
    assert told(agency, planned)["falls"] == "No retainer of Northwind Outdoor is for this work: billed by the hour."


def test_it_says_what_saving_does_to_the_period(agency: Agency, planned: Planned) -> None:
    entry_id = logged(agency, 4)
    assert told(agency, planned)["change"] == "October 2026: 4 → 6 h of 36 h."
    assert told(agency, planned, seconds=33 * HOUR)["change"] == "October 2026: 4 → 37 h of 36 h, 1 h over."
    assert told(agency, planned, seconds=33 * HOUR)["over"]
    assert told(agency, planned, entry_id=entry_id)["change"] == "October 2026: 4 → 2 h of 36 h."
    assert told(agency, planned, billable=False)["change"] == ""
    assert told(agency, planned, seconds=0)["change"] == ""


def test_a_budget_is_told_in_money(agency: Agency, planned: Planned) -> None:
    with transaction() as session:
        row = session.get_one(Retainer, agency.northwind_retainer)
        row.basis, row.budget_minor = "budget", 50_000
    entry_id = logged(agency, 6)
    assert told(agency, planned)["change"] == "October 2026: €570.00 → €760.00 of €500.00, €260.00 over."
    assert told(agency, planned, entry_id=entry_id)["draws"] == (
        "It draws on October 2026: €500.00 included, €70.00 overage."
    )


def test_it_says_what_an_entry_draws(agency: Agency, planned: Planned) -> None:
    with transaction() as session:
        row = session.get_one(Retainer, agency.northwind_retainer)
        row.rollover, row.starts_on, row.granted_seconds = "all", date(2026, 9, 1), 3 * HOUR
    entry_id = logged(agency, 7)
    assert told(agency, planned, entry_id=entry_id)["draws"] == (
        "It draws on October 2026: 3:00 rolled in, 3:00 included, 1:00 overage."
    )
    assert told(agency, planned)["draws"] == ""


def test_it_says_which_rate_won_over_which(agency: Agency, planned: Planned) -> None:
    strategy = told(agency, planned, activity_id=agency.strategy)
    assert strategy["rate"] == "€140.00 / h: activity rate since 01 Jan 2025"
    assert strategy["rates"][0] == "€95.00 / h: workspace rate since 01 Jan 2025"
    assert strategy["rates"][1].endswith("workspace's standard rate")
    frozen = told(agency, planned, entry_id=logged(agency, 1))
    assert (frozen["rate"], frozen["rates"]) == ("€95.00 / h: workspace rate since 01 Jan 2025", [])


def test_the_form_is_read_with_what_was_picked_since(agency: Agency) -> None:
    form = EMPTY_FORM | {"client_id": agency.northwind, "date": "2026-10-06", "start": "22:30", "end": "23:00"}
    plain = planned_of(form, {})  # pyright: ignore[reportArgumentType]
    assert plain is not None
    assert (plain.seconds, plain.billable, plain.day) == (1800, True, DAY)
    picked = planned_of(form, {"end": "00:15", "billable": "false", "activity": agency.reporting})  # pyright: ignore[reportArgumentType]
    assert picked is not None
    assert (picked.seconds, picked.billable, picked.activity_id) == (105 * 60, False, agency.reporting)
    assert planned_of(form, {"date": ""}) is None  # pyright: ignore[reportArgumentType]
    assert planned_of(form, {"date": "0001-01-01"}) is None  # pyright: ignore[reportArgumentType]
    garbled = planned_of(form, {"duration": "a while"})  # pyright: ignore[reportArgumentType]
    assert garbled is not None
    assert garbled.seconds == 0
