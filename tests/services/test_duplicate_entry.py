"""A copy of an entry is new work of another day, and of whoever copies it."""

from datetime import date, timedelta

import pytest

from agency_app.services.actor import Actor
from agency_app.services.change_entry import delete_entry
from agency_app.services.duplicate_entry import copied_to, duplicate_entry
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.refusal import Locked, NotFound
from agency_app.services.undo_change import undo_change
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, everything, invoice_november, log, row

KEPT = {"client_id", "retainer_id", "zone", "seconds", "billable", "note", "tags", "rate", "rate_source"}


def test_the_copy_is_alike_but_a_day_later_and_can_be_undone(agency: Agency) -> None:
    command = LogTime(
        agency.northwind,
        agency.optimisation,
        NINE,
        NINE + 2 * HOUR,
        agency.campaign,
        note="Budgets",
        tags=("q4",),
        title="Weekly",
    )
    logged = log_time(agency.owner, command)
    copy = duplicate_entry(agency.owner, logged.entry_id)
    first, second = row(logged.entry_id), row(copy.entry_id)
    assert first.model_dump(include=KEPT) == second.model_dump(include=KEPT)
    assert (second.started_at, second.work_date) == (NINE + 24 * HOUR, DAY + timedelta(days=1))
    assert copied_to(agency.owner, copy).isoformat() == "2026-11-18T09:00:00"
    undo_change(agency.owner, copy.undo_id)
    assert len(everything()[0]) == 1


def test_the_hands_of_the_clock_stay_over_a_change_of_the_clocks(agency: Agency) -> None:
    saturday = NINE.replace(month=10, day=24, hour=7)  # nine in Amsterdam, in summer time
    copy = duplicate_entry(agency.owner, log(agency, saturday).entry_id)
    assert copied_to(agency.owner, copy).isoformat() == "2026-10-25T09:00:00"
    assert row(copy.entry_id).seconds == 7200


def test_work_without_a_time_of_day_or_outside_the_retainer_stays_so(agency: Agency) -> None:
    command = LogTime(
        agency.northwind, agency.optimisation, None, None, retainer_id="none", day=DAY, seconds=900, billable=False
    )
    copy = row(duplicate_entry(agency.owner, log_time(agency.owner, command).entry_id).entry_id)
    assert (copy.started_at, copy.work_date, copy.seconds) == (None, date(2026, 11, 18), 900)
    assert (copy.retainer_id, copy.billable) == (None, False)


def test_a_copy_of_a_colleagues_locked_entry_is_ones_own_and_needs_an_open_day(agency: Agency, ida: Actor) -> None:
    on_the_last = NINE.replace(day=30)
    logged, early = log(agency, on_the_last), log(agency)
    invoice_november(agency)
    copy = row(duplicate_entry(ida, logged.entry_id).entry_id)
    assert (copy.member_id, copy.work_date) == (ida.member_id, date(2026, 12, 1))
    with pytest.raises(Locked):
        duplicate_entry(ida, early.entry_id)


def test_what_is_gone_is_not_copied(agency: Agency) -> None:
    logged = log(agency)
    delete_entry(agency.owner, logged.entry_id, logged.version)
    with pytest.raises(NotFound):
        duplicate_entry(agency.owner, logged.entry_id)
