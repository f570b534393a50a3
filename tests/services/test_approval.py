"""The lock date, and weeks that are submitted, approved and locked; what each refuses leaves nothing behind."""

from datetime import date, datetime, timedelta

import pytest

from agency_app.services.actor import Actor
from agency_app.services.approve_week import (
    approve_week,
    own_week,
    read_approvals,
    reopen_week,
    return_week,
    submit_week,
    withdraw_week,
)
from agency_app.services.change_client import change_client
from agency_app.services.change_entry import delete_entry, move_entry
from agency_app.services.change_workspace import change_workspace
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_clients import read_client
from agency_app.services.read_draft import read_draft
from agency_app.services.read_settings import read_settings
from agency_app.services.read_week import read_week
from agency_app.services.refusal import FieldsRefused, Locked, NotAllowed, NotReady, Refused, Stale
from agency_app.services.undo_change import undo_change
from agency_app.services.verify_workspace import verify_workspace
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, everything, log

MONDAY = date(2026, 11, 16)


def settings_are(agency: Agency, **typed: str) -> None:
    change_workspace(agency.owner, read_settings(agency.owner).version, typed)


def submitted(agency: Agency, by: Actor) -> str:
    """Turn approval on, submit the week of `by`, and return the submission's id."""
    settings_are(agency, approval="on")
    submit_week(by, DAY)
    [handed] = read_approvals(agency.owner)
    return handed.submission.id


def approve(agency: Agency, by: Actor | None = None) -> None:
    """Approve everything that waits, as it is."""
    for handed in read_approvals(agency.owner):
        if handed.submission.status == "submitted":
            approve_week(by or agency.owner, handed.submission.id, handed.seen)


# -- the lock date ----------------------------------------------------------------------------------------------


def test_up_to_the_lock_date_nothing_is_logged_changed_deleted_or_undone(agency: Agency) -> None:
    kept, gone = log(agency), log(agency, NINE + 3 * HOUR)
    deleted = delete_entry(agency.owner, gone.entry_id, gone.version)
    settings_are(agency, locked_until=DAY.isoformat())
    before = everything()
    next_week = NINE + timedelta(days=7)
    for refused in (
        lambda: log(agency),
        lambda: move_entry(agency.owner, kept.entry_id, kept.version, next_week, next_week + HOUR),
        lambda: delete_entry(agency.owner, kept.entry_id, kept.version),
        lambda: undo_change(agency.owner, kept.undo_id),
        lambda: undo_change(agency.owner, deleted.undo_id),
    ):
        with pytest.raises(Locked, match="closed up to 17 Nov 2026"):
            refused()
    assert everything() == before
    assert log(agency, NINE + timedelta(days=1)).version == 1
    later = log(agency, NINE + timedelta(days=1, hours=5))
    with pytest.raises(Locked):
        move_entry(agency.owner, later.entry_id, later.version, NINE, NINE + HOUR)


def test_the_lock_date_can_be_moved_back_and_says_what_it_cannot_read(agency: Agency) -> None:
    settings_are(agency, locked_until="2026-11-17")
    settings_are(agency, locked_until="2026-10-31")
    assert log(agency).version == 1
    settings_are(agency, locked_until="")
    assert read_settings(agency.owner).values["locked_until"] == ""
    with pytest.raises(FieldsRefused, match="such as 2026-10-31"):
        settings_are(agency, locked_until="the end of October")


def test_the_week_shows_what_is_locked_and_why(agency: Agency) -> None:
    first, second = log(agency), log(agency, NINE + timedelta(days=1))
    settings_are(agency, locked_until=DAY.isoformat())
    week = read_week(agency.owner, MONDAY, agency.northwind)
    assert week.locks == {first.entry_id: "Closed up to 17 Nov"}
    assert {row.id for row in week.entries} == {first.entry_id, second.entry_id}


# -- submit and approve -----------------------------------------------------------------------------------------


def test_without_the_setting_no_week_is_submitted_and_nothing_waits_for_approval(agency: Agency) -> None:
    log(agency)
    assert not own_week(agency.owner, DAY).asked
    with pytest.raises(Refused, match="does not ask"):
        submit_week(agency.owner, DAY)
    assert read_draft(agency.owner, agency.northwind, DAY).unapproved == ()


def test_an_approved_week_is_locked_for_its_member_and_client_alone(agency: Agency, ida: Actor) -> None:
    entry = log(agency, actor=ida)
    elsewhere = log_time(ida, LogTime(agency.summit, agency.optimisation, NINE + 4 * HOUR, NINE + 5 * HOUR))
    settings_are(agency, approval="on")
    assert submit_week(ida, DAY) == 2
    northwind = next(one for one in read_approvals(agency.lead) if one.client.id == agency.northwind)
    approve_week(agency.lead, northwind.submission.id, northwind.seen)

    assert own_week(ida, DAY).status == "partly"
    for refused in (
        lambda: move_entry(ida, entry.entry_id, entry.version, NINE, NINE + HOUR),
        lambda: delete_entry(agency.owner, entry.entry_id, entry.version),
        lambda: log(agency, NINE + 8 * HOUR, 1, ida),
        lambda: undo_change(ida, entry.undo_id),
    ):
        with pytest.raises(Locked, match=r"week of 16 Nov for Northwind Outdoor is approved by Joris Vink"):
            refused()
    assert read_week(ida, MONDAY, agency.northwind).locks == {entry.entry_id: "Approved"}
    delete_entry(ida, elsewhere.entry_id, elsewhere.version)
    assert log(agency, actor=agency.owner).version == 1
    assert log(agency, NINE + timedelta(days=7), 1, ida).version == 1


def test_an_approval_is_of_what_the_lead_saw(agency: Agency, ida: Actor) -> None:
    entry = log(agency, actor=ida)
    submission_id = submitted(agency, ida)
    [handed] = read_approvals(agency.lead)
    move_entry(ida, entry.entry_id, entry.version, NINE, NINE + 3 * HOUR)
    with pytest.raises(Stale, match="changed while you were looking"):
        approve_week(agency.lead, submission_id, handed.seen)
    assert own_week(ida, DAY).status == "submitted"
    approve(agency, agency.lead)
    assert own_week(ida, DAY).status == "approved"
    with pytest.raises(Stale, match="approved by now"):
        approve_week(agency.lead, submission_id, handed.seen)


def test_a_returned_week_says_the_word_and_can_be_submitted_again(agency: Agency, ida: Actor) -> None:
    log(agency, actor=ida)
    submission_id = submitted(agency, ida)
    with pytest.raises(Refused, match="Say in a word"):
        return_week(agency.lead, submission_id, "  ")
    return_week(agency.lead, submission_id, "Which campaign was this?")
    week = own_week(ida, DAY)
    assert (week.status, week.word) == ("returned", "Which campaign was this?")
    assert log(agency, NINE + 5 * HOUR, 1, ida).version == 1
    assert submit_week(ida, DAY) == 1
    assert (own_week(ida, DAY).status, own_week(ida, DAY).word) == ("submitted", "")


def test_a_submission_can_be_withdrawn_until_it_is_decided(agency: Agency, ida: Actor) -> None:
    log(agency, actor=ida)
    submitted(agency, ida)
    assert withdraw_week(ida, DAY) == 1
    assert own_week(ida, DAY).status == "open"
    submit_week(ida, DAY)
    approve(agency)
    with pytest.raises(Refused, match="Nothing of this week waits"):
        withdraw_week(ida, DAY)
    with pytest.raises(Refused, match="nothing new to submit"):
        submit_week(ida, DAY)


def test_only_who_answers_for_the_client_decides(agency: Agency, ida: Actor) -> None:
    log(agency, actor=ida)
    submission_id = submitted(agency, ida)
    with pytest.raises(NotAllowed):
        approve_week(ida, submission_id, "")
    assert read_approvals(ida) == []
    client = read_client(agency.owner, agency.northwind)
    with pytest.raises(FieldsRefused, match="Choose a lead"):
        change_client(agency.owner, agency.northwind, client.version, {"lead_id": ida.member_id})
    change_client(agency.owner, agency.northwind, client.version, {"lead_id": agency.owner.member_id})
    [handed] = read_approvals(agency.lead)
    assert not handed.may_decide
    assert own_week(agency.lead, DAY).to_decide == 0
    assert own_week(agency.owner, DAY).to_decide == 1
    with pytest.raises(NotAllowed, match="Only the lead of Northwind Outdoor or an owner"):
        approve_week(agency.lead, submission_id, handed.seen)
    approve_week(agency.owner, submission_id, handed.seen)


def test_unapproved_work_keeps_a_draft_from_being_finalised(agency: Agency, ida: Actor) -> None:
    log(agency, actor=ida)
    submitted(agency, ida)
    draft = read_draft(agency.owner, agency.northwind, DAY)
    with pytest.raises(NotReady, match="2 h of Ida Roos is not approved yet"):
        finalise_invoice(agency.owner, agency.northwind, DAY, draft.version)
    approve(agency)
    done = finalise_invoice(agency.owner, agency.northwind, DAY, draft.version)
    [handed] = read_approvals(agency.owner)
    with pytest.raises(Locked, match=done.number):
        reopen_week(agency.owner, handed.submission.id, "One more")
    assert verify_workspace() == []


def test_a_reopened_week_is_open_again(agency: Agency, ida: Actor) -> None:
    entry = log(agency, actor=ida)
    submission_id = submitted(agency, ida)
    approve(agency)
    reopen_week(agency.lead, submission_id, "The call was longer")
    moved = move_entry(ida, entry.entry_id, entry.version, NINE, NINE + 3 * HOUR)
    assert moved.version == entry.version + 1
    assert own_week(ida, DAY).word == "The call was longer"


def test_a_night_entry_belongs_to_the_week_of_its_work_date(agency: Agency, ida: Actor) -> None:
    sunday_night = datetime.fromisoformat("2026-11-22T23:00:00+01:00")
    entry = log(agency, sunday_night, 3, ida)
    submitted(agency, ida)
    approve(agency)
    with pytest.raises(Locked):
        delete_entry(ida, entry.entry_id, entry.version)
    assert log(agency, sunday_night + 2 * HOUR, 1, ida).version == 1


# -- weeks that begin on Sunday -----------------------------------------------------------------------------------


def test_where_weeks_begin_on_sunday_a_week_is_submitted_from_sunday_to_saturday(agency: Agency) -> None:
    before, sunday, saturday = (log(agency, NINE + timedelta(days=days)) for days in (-3, -2, 4))
    settings_are(agency, approval="on", first_weekday="sunday")
    submit_week(agency.owner, DAY)
    [handed] = read_approvals(agency.owner)
    assert handed.submission.monday == date(2026, 11, 15)
    assert {entry.id for entry in handed.entries} == {sunday.entry_id, saturday.entry_id}
    approve(agency)
    for locked in (sunday, saturday):
        with pytest.raises(Locked, match="week of 15 Nov"):
            delete_entry(agency.owner, locked.entry_id, locked.version)
    delete_entry(agency.owner, before.entry_id, before.version)
    week = read_week(agency.owner, date(2026, 11, 15), "")
    assert week.locks == dict.fromkeys((sunday.entry_id, saturday.entry_id), "Approved")
    assert week.first_weekday == 6


def test_what_was_approved_stays_so_when_weeks_begin_on_another_day(agency: Agency) -> None:
    kept = [log(agency, NINE + timedelta(days=days)) for days in (-1, 5)]
    submitted(agency, agency.owner)
    approve(agency)
    settings_are(agency, first_weekday="sunday")
    for entry in kept:
        with pytest.raises(Locked, match="week of 16 Nov"):
            delete_entry(agency.owner, entry.entry_id, entry.version)
    with pytest.raises(Locked):
        log(agency, NINE + timedelta(days=2))
    assert read_draft(agency.owner, agency.northwind, DAY).unapproved == ()
