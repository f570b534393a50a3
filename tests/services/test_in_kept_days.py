"""A day of another century is refused by every verb that is given one, naming the input and what to choose instead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY
from agency_app.services.agreed_terms import NewTerms
from agency_app.services.change_calendar import add_days_off, set_target_week
from agency_app.services.change_rates import RateOf, add_rate
from agency_app.services.change_routines import RoutineForm, start_routine
from agency_app.services.change_templates import TemplateForm, add_template
from agency_app.services.cost_rates import set_cost_rate
from agency_app.services.decide_billing import Seen, move_to_period
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_retainers import read_retainer, read_retainers
from agency_app.services.refusal import Refused
from agency_app.services.start_agreement import NewAgreement, start_agreement
from agency_app.services.start_client import StartClient, start_client
from tests.services.conftest import Agency

HOUR = 3600
TERMS = NewTerms("hours", granted_seconds=10 * HOUR, overage_rate=1_000_000)
SOME_DAY = date(2026, 11, 20)


def target_week(agency: Agency, day: date) -> object:
    return set_target_week(agency.owner, agency.owner.member_id, day, (HOUR,) * 7, 0)


def routine(agency: Agency, day: date) -> object:
    template = add_template(agency.owner, TemplateForm("Daily", agency.optimisation, HOUR, agency.northwind))
    return start_routine(agency.owner, RoutineForm(template, agency.owner.member_id, ("mon",), starts_on=day))


def period(agency: Agency, day: date) -> object:
    logged = log_time(agency.owner, LogTime(agency.northwind, agency.reporting, None, None, day=SOME_DAY, seconds=HOUR))
    return move_to_period(agency.owner, Seen(logged.entry_id, logged.version), day)


def span(agency: Agency, day: date) -> object:
    start = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return log_time(agency.owner, LogTime(agency.northwind, agency.reporting, start, start + timedelta(hours=1)))


VERBS: dict[str, tuple[Callable[[Agency, date], object], str]] = {
    "log a duration": (
        lambda agency, day: log_time(
            agency.owner, LogTime(agency.northwind, agency.reporting, None, None, day=day, seconds=HOUR)
        ),
        "date",
    ),
    "log a span": (span, "start"),
    "move to a period": (period, "day"),
    "target week": (target_week, "starts_on"),
    "first day off": (lambda agency, day: add_days_off(agency.owner, None, day, day, "Fair"), "first"),
    "routine": (routine, "since"),
    "rate": (
        lambda agency, day: add_rate(agency.owner, RateOf(agency.northwind, None, None), day, 900_000),
        "starts_on",
    ),
    "cost": (lambda agency, day: set_cost_rate(agency.owner, agency.owner.member_id, day, 1, 0), "starts_on"),
    "retainer": (
        lambda agency, day: start_agreement(agency.owner, NewAgreement(agency.northwind, "New", day, None, TERMS)),
        "starts_on",
    ),
    "client": (
        lambda agency, day: start_client(agency.owner, StartClient("Fjord", "First", "hours", day, HOUR, rate=950_000)),
        "starts_on",
    ),
    "retainers as of": (lambda agency, day: read_retainers(agency.owner, day), "as_of"),
    "retainer as of": (lambda agency, day: read_retainer(agency.owner, agency.northwind_retainer, day), "as_of"),
}


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
@pytest.mark.parametrize("verb", VERBS)
def test_a_day_of_another_century_is_refused_by_its_input(agency: Agency, verb: str, day: date) -> None:
    act, field = VERBS[verb]
    with pytest.raises(Refused, match=r"^Choose .* in the years 2000 to 2099\.$") as refused:
        act(agency, day)
    assert refused.value.field == field


@pytest.mark.parametrize("verb", ["target week", "first day off", "routine", "rate", "cost"])
def test_the_last_day_of_this_century_is_taken(agency: Agency, verb: str) -> None:
    act, _ = VERBS[verb]
    act(agency, LAST_DAY)


def test_a_retainer_ends_in_this_century(agency: Agency) -> None:
    endless = NewAgreement(agency.northwind, "New", SOME_DAY, LAST_DAY + timedelta(days=1), TERMS)
    with pytest.raises(Refused, match="Choose a last day") as refused:
        start_agreement(agency.owner, endless)
    assert refused.value.field == "ends_on"
