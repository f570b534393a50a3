"""The last ten changes of a member go back one by one and forth again, and stop where somebody else was."""

import json
from datetime import timedelta

import pytest
from sqlmodel import col, select

from agency_app.services.actor import Actor, acting
from agency_app.services.change_entry import EditEntry, delete_entry, edit_entry, move_entry
from agency_app.services.change_together import together
from agency_app.services.log_time import Logged, log_task
from agency_app.services.plan_task import PlanTask, drop_task, plan_task
from agency_app.services.recent_changes import recent_changes, redo_last, undo_last
from agency_app.services.redo_change import redo_change
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.split_entry import split_entry
from agency_app.services.timer import StartTimer, discard_timer, read_timer, start_timer
from agency_app.services.undo_change import undo_change
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Retainer, Task
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, everything, invoice_november, log, row, state


def entries() -> list[dict[str, object]]:
    """Return every entry, but for the versions, which only ever go up."""
    return [{name: value for name, value in one.items() if name != "version"} for one in everything()[0]]


def changed_much(agency: Agency) -> tuple[Logged, list[list[dict[str, object]]]]:
    """Log, move, edit, split and delete an entry; return what was logged and the entries before each of these."""
    seen = [entries()]
    logged = log(agency)
    seen.append(entries())
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE + HOUR, NINE + 3 * HOUR)
    seen.append(entries())
    note = EditEntry(agency.summit, agency.strategy, NINE + HOUR, NINE + 3 * HOUR, note="A call")
    edited = edit_entry(agency.owner, logged.entry_id, moved.version, note)
    seen.append(entries())
    split = split_entry(agency.owner, logged.entry_id, edited.version, 1800, "The rest")
    seen.append(entries())
    delete_entry(agency.owner, logged.entry_id, split.version)
    seen.append(entries())
    return logged, seen


def test_changes_go_back_one_by_one_and_forth_again_as_often_as_one_likes(agency: Agency) -> None:
    _, seen = changed_much(agency)
    for _ in range(3):
        for before in reversed(seen[:-1]):
            undo_last(agency.owner)
            assert entries() == before
        with pytest.raises(NotFound):
            undo_last(agency.owner)
        for after in seen[1:]:
            redo_last(agency.owner)
            assert entries() == after
        with pytest.raises(NotFound):
            redo_last(agency.owner)


def test_versions_only_go_up_so_that_a_form_opened_before_never_overwrites(agency: Agency) -> None:
    logged = log(agency)
    versions = [row(logged.entry_id).version]
    move_entry(agency.owner, logged.entry_id, logged.version, NINE + HOUR, NINE + 3 * HOUR)
    versions.append(row(logged.entry_id).version)
    for step in (undo_last, redo_last, undo_last):
        step(agency.owner)
        versions.append(row(logged.entry_id).version)
    undo_last(agency.owner)
    redo_last(agency.owner)
    versions.append(row(logged.entry_id).version)
    assert versions == sorted(set(versions))


def test_the_list_says_what_was_done_newest_first_and_what_is_undone(agency: Agency) -> None:
    changed_much(agency)
    undo_last(agency.owner)
    told = recent_changes(agency.owner)
    assert [change.verb for change in told] == ["delete_entry", "split", "edit_entry", "move_entry", "log_time"]
    assert [change.undone for change in told] == [True, False, False, False, False]
    moved = told[3]
    assert (moved.client, moved.activity, moved.entries) == ("Northwind", "Optimisation", 1)
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.start, moved.after.start) == (NINE, NINE + HOUR)
    assert (moved.after.day, moved.after.seconds) == (DAY, 7200)
    assert told[0].client == "Summit"


def test_ten_changes_are_kept_and_each_member_has_their_own(agency: Agency) -> None:
    log(agency, NINE + 8 * HOUR, actor=agency.lead)
    logged = [log(agency, NINE + timedelta(days=day)) for day in range(12)]
    assert [change.id for change in recent_changes(agency.owner)] == [one.undo_id for one in reversed(logged[2:])]
    for _ in range(10):
        undo_last(agency.owner)
    with pytest.raises(NotFound):
        undo_last(agency.owner)
    assert {row["id"] for row in entries()} >= {logged[0].entry_id, logged[1].entry_id}
    assert len(entries()) == 3
    assert len(recent_changes(agency.lead)) == 1


def test_something_new_leaves_nothing_to_redo(agency: Agency) -> None:
    log(agency)
    undo_last(agency.owner)
    log(agency, NINE + 4 * HOUR)
    with pytest.raises(NotFound):
        redo_last(agency.owner)


def test_undo_and_redo_refuse_after_somebody_elses_change_and_say_whose(agency: Agency) -> None:
    logged = log(agency)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE + HOUR, NINE + 2 * HOUR)
    undo_last(agency.owner)
    version = row(logged.entry_id).version
    theirs = move_entry(agency.lead, logged.entry_id, version, NINE, NINE + 5 * HOUR)
    before = everything()
    with pytest.raises(Stale, match="Joris Vink changed this entry since"):
        redo_last(agency.owner)
    with pytest.raises(Stale, match="Joris Vink"):
        undo_last(agency.owner)
    assert everything() == before
    undo_change(agency.lead, theirs.undo_id)  # as it was: mine can be redone again
    redo_change(agency.owner, moved.undo_id)
    assert row(logged.entry_id).started_at == NINE + HOUR


def test_an_older_change_of_the_same_entry_waits_for_the_newer(agency: Agency) -> None:
    logged = log(agency)
    move_entry(agency.owner, logged.entry_id, logged.version, NINE + HOUR, NINE + 2 * HOUR)
    with pytest.raises(Stale, match="You changed this entry since"):
        undo_change(agency.owner, logged.undo_id)


def test_nobody_redoes_anothers_change_and_nothing_twice(agency: Agency, ida: Actor) -> None:
    logged = log(agency)
    with pytest.raises(Stale, match="nothing to redo"):
        redo_change(agency.owner, logged.undo_id)
    undo_change(agency.owner, logged.undo_id)
    with pytest.raises(Stale, match="undone already"):
        undo_change(agency.owner, logged.undo_id)
    with pytest.raises(NotAllowed):
        redo_change(ida, logged.undo_id)
    redo_change(agency.owner, logged.undo_id)
    with pytest.raises(Stale):
        redo_change(agency.owner, logged.undo_id)


def test_what_is_invoiced_by_now_is_not_redone(agency: Agency) -> None:
    log(agency, NINE + 4 * HOUR)
    log(agency)
    undo_last(agency.owner)
    number = invoice_november(agency)
    before = everything()
    with pytest.raises(Locked, match=number):
        redo_last(agency.owner)
    assert everything() == before


def test_a_retainer_that_stops_takes_no_more_by_redoing(agency: Agency) -> None:
    log(agency, NINE, 20)
    undo_last(agency.owner)
    log(agency, NINE, 20, actor=agency.lead)
    with transaction() as session:
        retainer = session.get_one(Retainer, agency.northwind_retainer)
        retainer.overage = "stop"
        session.add(retainer)
    before = everything()
    with pytest.raises(Refused):
        redo_last(agency.owner)
    assert everything() == before


def test_a_planned_task_is_not_logged_twice_by_redoing(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.optimisation, "Budgets", 3600))
    log_task(agency.owner, task_id, NINE)
    undo_last(agency.owner)
    log_task(agency.lead, task_id, NINE)
    with pytest.raises(Stale, match="logged or dismissed since"):
        redo_last(agency.owner)


def test_a_dismissed_task_and_a_discarded_timer_go_back_and_forth(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.optimisation, "Budgets", 3600))
    drop_task(agency.owner, task_id)
    start_timer(agency.owner, StartTimer(agency.northwind, agency.optimisation))
    discard_timer(agency.owner)

    def waits() -> bool:
        with reading() as session:
            return not session.get_one(Task, task_id).done

    for _ in range(2):
        undo_last(agency.owner)
        undo_last(agency.owner)
        assert waits()
        assert read_timer(agency.owner) is not None
        redo_last(agency.owner)
        redo_last(agency.owner)
        assert not waits()
        assert read_timer(agency.owner) is None


def test_what_was_changed_together_goes_back_and_forth_whole_or_not_at_all(agency: Agency) -> None:
    logged = [log(agency, NINE + day * 24 * HOUR) for day in range(3)]
    before = entries()
    moved = [move_entry(agency.owner, one.entry_id, one.version, NINE + HOUR, NINE + 2 * HOUR) for one in logged]
    with acting(agency.owner) as session:
        whole = together(session, agency.owner, "move 3", moved)
    after = entries()
    told = recent_changes(agency.owner)[0]
    assert (told.id, told.verb, told.entries) == (whole.undo_id, "move", 3)
    for _ in range(2):
        undo_last(agency.owner)
        assert entries() == before
        redo_last(agency.owner)
        assert entries() == after
    undo_last(agency.owner)
    one = logged[1].entry_id
    move_entry(agency.lead, one, row(one).version, NINE, NINE + 5 * HOUR)
    kept = entries()
    with pytest.raises(Stale, match="all were left"):
        redo_last(agency.owner)
    assert entries() == kept
    with pytest.raises(NotFound, match="part of a larger change"):
        redo_change(agency.owner, moved[0].undo_id)


def test_every_undo_is_on_record(agency: Agency) -> None:
    logged = log(agency)
    undo_last(agency.owner)
    redo_last(agency.owner)
    with reading() as session:
        events = [
            (event.verb, json.loads(event.detail).get("of"))
            for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.at)))
            if event.verb in {"undo", "redo"}
        ]
    assert events == [("undo", logged.undo_id), ("redo", logged.undo_id)]
    assert state(logged.entry_id)["seconds"] == 7200
