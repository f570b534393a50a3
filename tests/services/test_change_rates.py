"""The rate card is changed by those who may, and only what is logged afterwards follows it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.services.actor import Actor
from agency_app.services.change_rates import RateOf, add_rate, change_rate, read_rates, remove_rate
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading
from agency_app.tables import TimeEntry
from tests.services.conftest import Agency

START = date(2026, 1, 1)


def rate_of(agency: Agency, hour: int, by: Actor | None = None) -> tuple[int, str]:
    """Log an hour for Northwind and return the rate it got, and why."""
    start = datetime(2026, 11, 17, hour, tzinfo=UTC)
    command = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=1))
    entry_id = log_time(by or agency.owner, command).entry_id
    with reading() as session:
        entry = session.get_one(TimeEntry, entry_id)
        return entry.rate, entry.rate_source


def test_the_most_specific_rate_wins_and_what_is_logged_keeps_its_own(agency: Agency) -> None:
    assert rate_of(agency, 6)[0] == 950_000
    add_rate(agency.lead, RateOf(agency.northwind, None, None), START, 1_000_000)
    assert rate_of(agency, 7) == (1_000_000, "client rate since 01 Jan 2026")
    by_activity = add_rate(agency.lead, RateOf(agency.northwind, agency.optimisation, None), START, 1_100_000)
    of_owner = add_rate(
        agency.lead, RateOf(agency.northwind, agency.optimisation, agency.owner.member_id), date(2026, 11, 1), 1_500_000
    )
    assert rate_of(agency, 8)[0] == 1_500_000
    assert rate_of(agency, 9, agency.lead)[0] == 1_100_000
    change_rate(agency.lead, by_activity.id, 1_100_000, 1_200_000)
    remove_rate(agency.lead, of_owner.id, 1_500_000)
    assert rate_of(agency, 10) == (1_200_000, "client and activity rate since 01 Jan 2026")
    with reading() as session:
        assert {entry.rate for entry in session.query(TimeEntry)} == {
            950_000,
            1_000_000,
            1_500_000,
            1_100_000,
            1_200_000,
        }
    assert verify_workspace() == []


def test_a_rate_of_a_later_day_waits_for_it(agency: Agency) -> None:
    add_rate(agency.lead, RateOf(agency.northwind, None, None), date(2026, 11, 18), 2_000_000)
    assert rate_of(agency, 6)[0] == 950_000


def test_a_second_save_is_refused_while_the_first_was_not_seen(agency: Agency) -> None:
    row = add_rate(agency.lead, RateOf(agency.northwind, None, None), START, 1_000_000)
    change_rate(agency.owner, row.id, 1_000_000, 1_050_000)
    with pytest.raises(Stale):
        change_rate(agency.lead, row.id, 1_000_000, 990_000)
    with pytest.raises(Stale):
        remove_rate(agency.lead, row.id, 1_000_000)
    remove_rate(agency.lead, row.id, 1_050_000)
    with pytest.raises(Stale):
        change_rate(agency.lead, row.id, 1_050_000, 1)


def test_what_makes_no_sense_is_refused_and_nothing_is_saved(agency: Agency, ida: Actor) -> None:
    before = [row.id for row in read_rates(agency.owner).rates]
    of = RateOf(agency.northwind, None, None)
    add_rate(agency.lead, of, START, 0)
    for arguments, refusal in {
        (of, START, 1): Refused,
        (of, date(1999, 1, 1), 1): Refused,
        (of, START + timedelta(days=1), -1): Refused,
        (of, START + timedelta(days=1), 10**15): Refused,
        (RateOf("unknown", None, None), START, 1): NotFound,
        (RateOf(None, "unknown", None), START, 1): NotFound,
        (RateOf(None, None, "unknown"), START, 1): NotFound,
    }.items():
        with pytest.raises(refusal):
            add_rate(agency.lead, *arguments)
    with pytest.raises(NotAllowed):
        add_rate(ida, of, date(2026, 5, 1), 1)
    read = read_rates(ida)
    assert (len(read.rates), read.may_change) == (len(before) + 1, False)
