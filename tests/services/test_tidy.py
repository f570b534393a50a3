"""Splitting, merging and changing many entries: no second is lost, all or nothing, and undone as one change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from agency_app.services.actor import Actor
from agency_app.services.change_entry import move_entry
from agency_app.services.change_many import ManyEdit, ManyRefused, change_many, delete_many, foretell_many
from agency_app.services.change_workspace import change_workspace
from agency_app.services.log_time import Logged, LogTime, log_task, log_time
from agency_app.services.merge_entries import merge_entries, read_merger
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_settings import read_settings
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.split_entry import split_entry
from agency_app.services.undo_change import undo_change
from agency_app.store import retainers, work
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Client, Task, TimeEntry
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, everything, invoice_november, log, row, state

MINUTE = timedelta(minutes=1)


def entries() -> list[TimeEntry]:
    """Return every entry, by when it began."""
    with reading() as session:
        return list(session.exec(select(TimeEntry).order_by(col(TimeEntry.started_at), col(TimeEntry.id))))


def versions(*logged: Logged) -> dict[str, int]:
    """Return entries with the versions they have now."""
    return {one.entry_id: row(one.entry_id).version for one in logged}


def close_books(agency: Agency, day: date) -> None:
    change_workspace(agency.owner, read_settings(agency.owner).version, {"locked_until": day.isoformat()})


# Split


def test_a_split_makes_two_entries_of_the_same_seconds_that_touch(agency: Agency) -> None:
    logged = log(agency)
    before = row(logged.entry_id)
    split_entry(agency.owner, logged.entry_id, logged.version, 45 * 60, "Audiences")
    first, second = entries()
    assert (first.id, first.seconds, second.seconds) == (logged.entry_id, 2700, before.seconds - 2700)
    assert first.started_at == NINE
    assert first.ended_at == second.started_at == NINE + 45 * MINUTE
    assert second.ended_at == before.ended_at
    same = ("task_id", "client_id", "retainer_id", "member_id", "rate", "rate_source", "work_date", "zone", "billable")
    assert [getattr(second, name) for name in same] == [getattr(before, name) for name in same]
    assert (first.note, second.note) == (before.note, "Audiences")


def test_a_split_is_undone_as_one_change_and_never_in_parts(agency: Agency) -> None:
    logged = log(agency)
    before = state(logged.entry_id)
    split = split_entry(agency.owner, logged.entry_id, logged.version, 600)
    with reading() as session:
        parts = [event.id for event in session.exec(select(AuditEvent)) if "part_of" in event.detail]
    assert len(parts) == 2
    for part in parts:
        with pytest.raises(NotFound, match="larger change"):
            undo_change(agency.owner, part)
    undo_change(agency.owner, split.undo_id)
    assert len(entries()) == 1
    assert state(logged.entry_id) == before


def test_a_split_of_which_a_half_changed_since_is_left_as_it_is(agency: Agency) -> None:
    logged = log(agency)
    split = split_entry(agency.owner, logged.entry_id, logged.version, 600)
    second = entries()[1]
    move_entry(agency.lead, second.id, second.version, NINE + 3 * HOUR, NINE + 4 * HOUR)
    before = everything()
    with pytest.raises(Stale, match="One of these"):
        undo_change(agency.owner, split.undo_id)
    assert everything() == before


def test_an_entry_at_no_time_of_day_is_split_by_its_length(agency: Agency) -> None:
    touch = LogTime(agency.northwind, agency.optimisation, None, None, day=DAY, seconds=5400)
    logged = log_time(agency.owner, touch)
    split_entry(agency.owner, logged.entry_id, logged.version, 1800)
    assert sorted((one.seconds, one.started_at, one.work_date) for one in entries()) == [
        (1800, None, DAY),
        (3600, None, DAY),
    ]


@pytest.mark.parametrize("seconds", [0, -60, 7200, 9000])
def test_a_split_leaves_both_parts_some_time(agency: Agency, seconds: int) -> None:
    logged = log(agency)
    before = everything()
    with pytest.raises(Refused, match="shorter than 2 h 00"):
        split_entry(agency.owner, logged.entry_id, logged.version, seconds)
    assert everything() == before


def test_what_is_locked_stale_or_anothers_is_neither_split_nor_merged(agency: Agency, ida: Actor) -> None:
    one, other = log(agency), log(agency, NINE + 2 * HOUR)
    with pytest.raises(NotAllowed):
        split_entry(ida, one.entry_id, one.version, 600)
    with pytest.raises(NotAllowed):
        merge_entries(ida, [*versions(one, other).items()])
    with pytest.raises(Stale):
        split_entry(agency.owner, one.entry_id, one.version + 1, 600)
    with pytest.raises(Stale):
        merge_entries(agency.owner, [(one.entry_id, one.version), (other.entry_id, other.version + 1)])
    close_books(agency, DAY)
    before = everything()
    with pytest.raises(Locked):
        split_entry(agency.owner, one.entry_id, one.version, 600)
    with pytest.raises(Locked):
        merge_entries(agency.owner, [*versions(one, other).items()])
    assert everything() == before


# Merge


def test_neighbours_become_one_entry_of_all_their_seconds_words_and_tags(agency: Agency) -> None:
    first = log_time(
        agency.owner,
        LogTime(agency.northwind, agency.optimisation, NINE, NINE + HOUR, note="Budgets", tags=("q4",)),
    )
    second = log_time(
        agency.owner,
        LogTime(agency.northwind, agency.optimisation, NINE + HOUR, NINE + 3 * HOUR, note="Bids", tags=("meta",)),
    )
    told = read_merger(agency.owner, [second.entry_id, first.entry_id])
    assert (told.start, told.end, told.seconds, told.apart) == (NINE, NINE + 3 * HOUR, 3 * 3600, 0)
    merged = merge_entries(agency.owner, [*versions(second, first).items()])
    (entry,) = entries()
    assert (entry.id, entry.seconds, entry.note, entry.tags) == (first.entry_id, 3 * 3600, "Budgets\nBids", "meta q4")
    assert (entry.started_at, entry.ended_at) == (NINE, NINE + 3 * HOUR)
    undo_change(agency.owner, merged.undo_id)
    assert [(one.id, one.seconds, one.note) for one in entries()] == [
        (first.entry_id, 3600, "Budgets"),
        (second.entry_id, 7200, "Bids"),
    ]


def test_time_between_neighbours_is_told_and_not_logged(agency: Agency) -> None:
    first, second = log(agency, hours=1), log(agency, NINE + 2 * HOUR, hours=1)
    assert read_merger(agency.owner, [first.entry_id, second.entry_id]).apart == 3600
    merge_entries(agency.owner, [*versions(first, second).items()])
    (entry,) = entries()
    assert (entry.seconds, entry.started_at, entry.ended_at) == (7200, NINE, NINE + 2 * HOUR)


def test_overlapping_entries_keep_all_their_seconds(agency: Agency) -> None:
    first, second = log(agency, hours=1), log(agency, NINE + 30 * MINUTE, hours=1)
    assert read_merger(agency.owner, [first.entry_id, second.entry_id]).apart == -1800
    merge_entries(agency.owner, [*versions(first, second).items()])
    assert [one.seconds for one in entries()] == [7200]


def test_merging_says_what_rounding_of_each_entry_makes_of_it(agency: Agency) -> None:
    with transaction() as session:
        client = session.get_one(Client, agency.northwind)
        client.rounding_mode, client.rounding_step_seconds, client.rounding_scope = "up", 900, "entry"
        session.add(client)
    commands = [
        LogTime(agency.northwind, agency.optimisation, NINE + place * 10 * MINUTE, NINE + (place * 10 + 5) * MINUTE)
        for place in (0, 1)
    ]
    told = read_merger(agency.owner, [log_time(agency.owner, command).entry_id for command in commands])
    assert (told.billed_before, told.billed_after) == (1800, 900)


def test_what_does_not_belong_together_is_not_merged(agency: Agency) -> None:
    one = log(agency, hours=1)
    others = {
        "members": log(agency, NINE + HOUR, actor=agency.lead),
        "days": log(agency, NINE + timedelta(days=1)),
        "clients": log_time(agency.owner, LogTime(agency.summit, agency.optimisation, NINE + HOUR, NINE + 2 * HOUR)),
        "activities": log_time(agency.owner, LogTime(agency.northwind, agency.reporting, NINE + HOUR, NINE + 2 * HOUR)),
        "campaigns": log_time(
            agency.owner,
            LogTime(agency.northwind, agency.optimisation, NINE + HOUR, NINE + 2 * HOUR, campaign_id=agency.campaign),
        ),
        "retainers": log_time(
            agency.owner,
            LogTime(agency.northwind, agency.optimisation, NINE + HOUR, NINE + 2 * HOUR, retainer_id="none"),
        ),
        "billable": log_time(
            agency.owner, LogTime(agency.northwind, agency.optimisation, NINE + HOUR, NINE + 2 * HOUR, billable=False)
        ),
    }
    before = everything()
    for word, other in others.items():
        with pytest.raises(Refused, match=word):
            merge_entries(agency.owner, [*versions(one, other).items()])
    with pytest.raises(Refused, match="from two"):
        merge_entries(agency.owner, [*versions(one).items()])
    assert everything() == before


def test_a_planned_task_that_is_merged_away_does_not_come_back_to_the_inbox(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.optimisation, "Check bids", 3600))
    first, second = log(agency, hours=1), log_task(agency.owner, task_id, NINE + HOUR)
    merged = merge_entries(agency.owner, [*versions(first, second).items()])
    with reading() as session:
        assert retainers.waiting(session, agency.workspace_id)[""] == (0, 0)
    undo_change(agency.owner, merged.undo_id)
    with reading() as session:
        assert session.get_one(Task, task_id).done
    assert len(entries()) == 2


# Many at once


def test_many_entries_change_together_and_are_undone_together(agency: Agency) -> None:
    logged = [log(agency, NINE + place * 3 * HOUR) for place in range(3)]
    before = [state(one.entry_id) for one in logged]
    edit = ManyEdit(
        client_id=agency.summit, activity_id=agency.strategy, billable=False, add_tags=("Q4",), remove_tags=("old",)
    )
    done = change_many(agency.owner, versions(*logged), edit)
    for entry in entries():
        assert (entry.client_id, entry.retainer_id, entry.billable) == (agency.summit, agency.summit_retainer, False)
        assert (entry.tags, entry.rate) == ("q4", 1_100_000)
    undo_change(agency.owner, done.undo_id)
    assert [state(one.entry_id) for one in logged] == before


def test_fields_that_are_not_named_stay_as_they_are_on_each(agency: Agency) -> None:
    one = log_time(
        agency.owner,
        LogTime(
            agency.northwind,
            agency.reporting,
            NINE,
            NINE + HOUR,
            campaign_id=agency.campaign,
            retainer_id="none",
            note="Report",
            tags=("q4",),
        ),
    )
    other = log(agency, NINE + HOUR)
    change_many(agency.owner, versions(one, other), ManyEdit(add_tags=("meta",)))
    with reading() as session:
        first = work.entry_row(session, agency.workspace_id, one.entry_id)
        second = work.entry_row(session, agency.workspace_id, other.entry_id)
    assert first is not None
    assert second is not None
    assert (first.activity_id, first.campaign_id, first.retainer_id) == (agency.reporting, agency.campaign, None)
    assert (first.note, first.tags) == ("Report", "meta q4")
    assert (second.activity_id, second.retainer_id, second.tags) == (
        agency.optimisation,
        agency.northwind_retainer,
        "meta",
    )


def test_an_edit_is_foretold_without_a_trace(agency: Agency) -> None:
    logged = [log(agency), log(agency, NINE + 2 * HOUR, hours=3)]
    stays = log(agency, NINE + 6 * HOUR, hours=1)
    before = everything()
    told = foretell_many(agency.owner, [one.entry_id for one in logged], ManyEdit(client_id=agency.summit))
    assert everything() == before
    assert told.versions == versions(*logged)
    effects = told.effects
    assert (effects.count, effects.seconds, effects.billable) == (2, 5 * 3600, (5 * 3600, 5 * 3600))
    assert effects.worth == {"EUR": (475_00, 550_00)}
    assert [(one.client, one.first, one.before, one.after, one.available) for one in effects.periods] == [
        ("Northwind", date(2026, 11, 1), 6 * 3600, 3600, 36 * 3600),
        ("Summit", date(2026, 11, 1), 0, 5 * 3600, 0),
    ]
    change_many(agency.owner, told.versions, ManyEdit(client_id=agency.summit))
    assert row(stays.entry_id).client_id == agency.northwind


def test_an_entry_that_cannot_change_is_named_and_nothing_changes(agency: Agency, ida: Actor) -> None:
    logged = [log(agency, NINE - timedelta(days=31)), log(agency), log(agency, NINE + 2 * HOUR, actor=ida)]
    close_books(agency, date(2026, 10, 31))
    before = everything()
    edit = ManyEdit(activity_id=agency.reporting)
    for attempt in (
        lambda: change_many(agency.lead, versions(*logged), edit),
        lambda: delete_many(agency.lead, versions(*logged)),
        lambda: foretell_many(agency.lead, [*versions(*logged)], edit),
    ):
        with pytest.raises(ManyRefused, match="1 of 3 entries cannot change") as refused:
            attempt()
        (fault,) = refused.value.faults
        assert fault.entry_id == logged[0].entry_id
        assert fault.entry == "Northwind, Optimisation, Sat 17 Oct, 2:00"
        assert "closed up to 31 Oct" in fault.message
        assert everything() == before
    with pytest.raises(ManyRefused, match="2 of 3"):
        change_many(ida, versions(*logged), edit)
    assert everything() == before


def test_an_edit_that_was_foretold_of_other_versions_is_refused(agency: Agency) -> None:
    logged = log(agency)
    told = foretell_many(agency.owner, [logged.entry_id], ManyEdit(billable=False))
    move_entry(agency.lead, logged.entry_id, logged.version, NINE + HOUR, NINE + 2 * HOUR)
    with pytest.raises(ManyRefused) as refused:
        change_many(agency.owner, told.versions, ManyEdit(billable=False))
    assert "Somebody changed this entry" in refused.value.faults[0].message


def test_many_entries_are_deleted_together_and_come_back_together(agency: Agency) -> None:
    logged = [log(agency, NINE + place * 3 * HOUR) for place in range(3)]
    before = {one.id: one.model_dump(exclude={"version"}) for one in entries()}
    done = delete_many(agency.owner, versions(*logged))
    assert entries() == []
    undo_change(agency.owner, done.undo_id)
    assert {one.id: one.model_dump(exclude={"version"}) for one in entries()} == before


def test_deleted_entries_come_back_all_or_none(agency: Agency) -> None:
    november = log(agency)
    december = log(agency, datetime(2026, 12, 1, 8, tzinfo=UTC))
    done = delete_many(agency.owner, versions(november, december))
    log(agency, NINE + 4 * HOUR)
    invoice_november(agency)
    with pytest.raises(Locked):
        undo_change(agency.owner, done.undo_id)
    assert len(entries()) == 1


def test_nothing_too_many_and_what_is_gone_are_refused(agency: Agency) -> None:
    with pytest.raises(Refused, match="Choose the entries"):
        change_many(agency.owner, {}, ManyEdit(billable=False))
    with pytest.raises(Refused, match="more than the 500"):
        delete_many(agency.owner, {str(number): 1 for number in range(501)})
    with pytest.raises(Refused, match="gone"):
        delete_many(agency.owner, {"nothing": 1})
