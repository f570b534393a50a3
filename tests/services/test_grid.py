"""The week grid edits the same entries as the calendar: what is typed into a cell, its rows, and last week's copy."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from agency_app.services.actor import Actor
from agency_app.services.change_entry import delete_entry, move_to_day
from agency_app.services.change_many import ManyRefused
from agency_app.services.copy_week import copy_rows, copy_times, read_last_week
from agency_app.services.grid_rows import MOST_ROWS, RowKey, drop_empty_rows, drop_row, keep_row, recent_rows, row_of
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_grid import GridCell, GridLine, read_grid
from agency_app.services.read_week import read_week
from agency_app.services.recent_changes import recent_changes, undo_last
from agency_app.services.refusal import Locked, NotFound, Refused, Stale
from agency_app.services.type_in_cell import Cell, CellChange, type_in_cell
from agency_app.services.undo_change import undo_change
from agency_app.store.engine import transaction
from agency_app.tables import Client
from tests.services.conftest import Agency
from tests.services.test_approval import approve, settings_are, submitted
from tests.services.test_entries import DAY, HOUR, NINE, everything, foreign, invoice_november, log, row, state

__all__ = ["foreign"]

MONDAY = DAY - timedelta(days=DAY.weekday())
WEEK = timedelta(days=7)


def optimisation(agency: Agency, *, billable: bool = True) -> RowKey:
    return RowKey(agency.northwind, None, agency.optimisation, billable)


def line(actor: Actor, key: RowKey, monday: date = MONDAY) -> GridLine:
    [found] = [one for one in read_grid(actor, monday).lines if one.key == key]
    return found


def cell(actor: Actor, key: RowKey, day: date = DAY) -> GridCell:
    return line(actor, key, day - timedelta(days=day.weekday())).cells[day.weekday()]


def put(actor: Actor, key: RowKey, text: str, day: date = DAY) -> CellChange | None:
    """Type into a cell as somebody who sees it as it is."""
    of_day = [one for one in read_week(actor, day - timedelta(days=day.weekday()), "").entries if one.work_date == day]
    seen = {one.id: one.version for one in of_day if row_of(one) == key}
    return type_in_cell(actor, Cell(key, day), text, seen)


def logged(change: CellChange | None) -> str:
    assert change is not None
    return change.logged.entry_id


# -- a cell ---------------------------------------------------------------------------------------------------------


def test_typing_into_an_empty_cell_logs_an_entry_at_no_time_of_day_that_the_calendar_shows(agency: Agency) -> None:
    key = RowKey(agency.northwind, agency.campaign, agency.optimisation, True)
    change = put(agency.owner, key, "1,5")
    assert change is not None
    assert (change.did, change.seconds) == ("logged", 5400)
    entry = row(change.logged.entry_id)
    assert (entry.started_at, entry.ended_at, entry.work_date, entry.seconds) == (None, None, DAY, 5400)
    assert (entry.retainer_id, entry.rate, entry.billable) == (agency.northwind_retainer, 950_000, True)
    assert [one.id for one in read_week(agency.owner, MONDAY, "").entries] == [entry.id]
    assert [one.id for one in cell(agency.owner, key).entries] == [entry.id]
    undo_last(agency.owner)
    assert cell(agency.owner, key).entries == ()


def test_the_one_entry_of_a_cell_becomes_as_long_as_typed_and_keeps_all_else(agency: Agency) -> None:
    touch = LogTime(
        agency.northwind, agency.optimisation, NINE, NINE + HOUR, note="Budgets", tags=("q4",), title="Daily"
    )
    entry_id = log_time(agency.owner, touch).entry_id
    before = state(entry_id)
    change = put(agency.owner, optimisation(agency), "90m")
    assert change is not None
    assert change.did == "changed"
    end = NINE + timedelta(minutes=90)
    assert state(entry_id) == before | {"ended_at": end, "seconds": 5400}
    undo_change(agency.owner, change.logged.undo_id)
    assert state(entry_id) == before


def test_a_length_alone_stays_one(agency: Agency) -> None:
    key = optimisation(agency)
    entry_id = logged(put(agency.owner, key, "1:30"))
    assert logged(put(agency.owner, key, "2")) == entry_id
    assert (row(entry_id).seconds, row(entry_id).started_at, row(entry_id).work_date) == (7200, None, DAY)


def test_typing_what_a_cell_shows_rewrites_no_second(agency: Agency) -> None:
    key = optimisation(agency)
    entry_id = logged(put(agency.owner, key, "1h29m40s"))
    assert put(agency.owner, key, "1:30") is None
    assert (row(entry_id).seconds, row(entry_id).version) == (5380, 1)
    put(agency.owner, key, "1h29m41s")
    assert row(entry_id).seconds == 5381


def test_an_emptied_cell_loses_its_entry_and_keeps_its_row(agency: Agency) -> None:
    key = optimisation(agency)
    entry_id = log(agency).entry_id
    before = state(entry_id)
    change = put(agency.owner, key, " ")
    assert change is not None
    assert (change.did, change.seconds) == ("deleted", 7200)
    assert cell(agency.owner, key).entries == ()
    assert line(agency.owner, key).kept
    undo_change(agency.owner, change.logged.undo_id)
    assert state(entry_id) == before
    assert put(agency.owner, key, "", DAY + timedelta(days=1)) is None


def test_several_entries_in_a_cell_are_never_chosen_between_and_a_plus_adds_one(agency: Agency) -> None:
    key = optimisation(agency)
    log(agency, hours=1)
    put(agency.owner, key, "+0:30")
    assert [one.seconds for one in cell(agency.owner, key).entries] == [3600, 1800]
    before = everything()
    for text in ("3", ""):
        with pytest.raises(Refused, match=r"2 entries are here, 1:30 together\. Open the one to change"):
            put(agency.owner, key, text)
    assert everything() == before


def test_what_a_tab_sends_once_more_for_want_of_an_answer_is_logged_once(agency: Agency) -> None:
    key, there, name = optimisation(agency), Cell(optimisation(agency), DAY), "019acb3f5a10" + "7" * 20
    log(agency, hours=1)
    first = type_in_cell(agency.owner, there, "+0:30", {}, name)
    assert type_in_cell(agency.owner, there, "+0:30", {}, name) is None
    assert [one.seconds for one in cell(agency.owner, key).entries] == [3600, 1800]
    type_in_cell(agency.lead, there, "+0:30", {}, name)  # another member's is another one
    assert [one.seconds for one in cell(agency.lead, key).entries] == [1800]
    type_in_cell(agency.owner, there, "+0:30", {}, name[:-1] + "8")
    assert [one.seconds for one in cell(agency.owner, key).entries] == [3600, 1800, 1800]

    delete_entry(agency.owner, logged(first), 1)  # meanwhile, in another tab
    assert type_in_cell(agency.owner, there, "+0:30", {}, name) is None
    assert [one.seconds for one in cell(agency.owner, key).entries] == [3600, 1800]

    tomorrow = Cell(key, DAY + timedelta(days=1))
    type_in_cell(agency.owner, tomorrow, "1:30", {}, name[:-1] + "9")
    assert type_in_cell(agency.owner, tomorrow, "1:30", {}, name[:-1] + "9") is None
    assert [one.seconds for one in cell(agency.owner, key, tomorrow.day).entries] == [5400]


@pytest.mark.parametrize("text", ["abc", "-1", "25h", "24:01", "0", "1:75", "+", "+0"])
def test_what_is_no_duration_saves_nothing(agency: Agency, text: str) -> None:
    log(agency)
    before = everything()
    with pytest.raises(Refused) as refused:
        put(agency.owner, optimisation(agency), text)
    assert refused.value.field == "cell"
    assert everything() == before


def test_the_second_of_two_who_type_is_told_what_changed_and_may_still_put_theirs(agency: Agency) -> None:
    key = optimisation(agency)
    entry_id = logged(put(agency.owner, key, "1"))
    move_to_day(agency.lead, entry_id, 1, DAY, 7200)
    with pytest.raises(Stale, match=r"^Joris Vink changed this cell after you began: it is 2:00 now\. Enter puts"):
        type_in_cell(agency.owner, Cell(key, DAY), "3", {entry_id: 1})
    assert row(entry_id).seconds == 7200
    type_in_cell(agency.owner, Cell(key, DAY), "3", {entry_id: 2})
    assert row(entry_id).seconds == 10_800
    delete_entry(agency.lead, entry_id, 3)
    with pytest.raises(Stale, match="Joris Vink changed this cell after you began: it is empty now"):
        type_in_cell(agency.owner, Cell(key, DAY), "4", {entry_id: 3})


def test_one_more_is_added_whatever_else_came_meanwhile(agency: Agency) -> None:
    key = optimisation(agency)
    put(agency.owner, key, "1")
    type_in_cell(agency.owner, Cell(key, DAY), "+1", {})
    assert len(cell(agency.owner, key).entries) == 2


def test_billable_and_not_are_rows_apart_and_what_is_typed_is_what_the_row_says(agency: Agency) -> None:
    free = optimisation(agency, billable=False)
    put(agency.owner, optimisation(agency), "1")
    entry = row(logged(put(agency.owner, free, "2")))
    assert entry.billable is False
    assert [one.seconds for one in read_grid(agency.owner, MONDAY).lines] == [3600, 7200]


def test_only_ones_own_week_is_on_the_grid(agency: Agency) -> None:
    log(agency)
    put(agency.lead, optimisation(agency), "1")
    assert line(agency.owner, optimisation(agency)).seconds == 7200
    assert line(agency.lead, optimisation(agency)).seconds == 3600


def test_ids_of_another_workspace_are_refused(agency: Agency, foreign: dict[str, str]) -> None:
    own = optimisation(agency)
    for key in (
        own._replace(client_id=foreign["client"]),
        own._replace(activity_id=foreign["activity"]),
        own._replace(campaign_id=foreign["campaign"]),
    ):
        with pytest.raises(NotFound):
            type_in_cell(agency.owner, Cell(key, DAY), "1", {})
        with pytest.raises(NotFound):
            keep_row(agency.owner, DAY, key)
    assert read_grid(agency.owner, MONDAY).lines == ()


# -- what is locked -------------------------------------------------------------------------------------------------


def test_a_cell_says_why_nothing_can_be_typed_there_and_typing_is_refused(agency: Agency) -> None:
    northwind, summit = optimisation(agency), RowKey(agency.summit, None, agency.strategy, True)
    log(agency)
    for key in (northwind, summit):
        keep_row(agency.owner, MONDAY + WEEK, key)
    keep_row(agency.owner, MONDAY, summit)
    invoice_november(agency)
    settings_are(agency, locked_until=MONDAY.isoformat())
    locks = {key: [one.lock for one in line(agency.owner, key).cells] for key in (northwind, summit)}
    assert locks[summit] == ["Closed up to 16 Nov", *[""] * 6]
    assert locks[northwind][0] == "Closed up to 16 Nov"
    assert all(lock.startswith("Invoiced on") for lock in locks[northwind][1:])
    for key in (northwind, summit):
        for place, one in enumerate(line(agency.owner, key).cells):
            if one.lock:
                with pytest.raises(Locked):
                    put(agency.owner, key, "+1", MONDAY + timedelta(days=place))
            else:
                put(agency.owner, key, "1", MONDAY + timedelta(days=place))
    next_week = line(agency.owner, northwind, MONDAY + WEEK)
    assert [bool(one.lock) for one in next_week.cells] == [True] * 7  # 23 to 29 November is November's too


def test_an_approved_client_locks_its_rows_and_no_other(agency: Agency) -> None:
    log(agency)
    summit = RowKey(agency.summit, None, agency.strategy, True)
    submitted(agency, agency.owner)
    approve(agency)
    assert {one.lock for one in line(agency.owner, optimisation(agency)).cells} == {"Approved"}
    with pytest.raises(Locked, match="approved"):
        put(agency.owner, optimisation(agency), "+1", DAY + timedelta(days=1))
    put(agency.owner, summit, "1")
    assert {one.lock for one in line(agency.owner, summit).cells} == {""}


def test_an_approved_week_locks_its_own_days_also_when_weeks_begin_on_another_day(agency: Agency) -> None:
    log(agency)
    submitted(agency, agency.owner)
    approve(agency)
    settings_are(agency, first_weekday="sunday")
    sunday = MONDAY - timedelta(days=1)
    assert [one.lock for one in line(agency.owner, optimisation(agency)).cells] == ["", *["Approved"] * 6]
    type_in_cell(agency.owner, Cell(optimisation(agency), sunday), "1", {})
    with pytest.raises(Locked, match="approved"):
        type_in_cell(agency.owner, Cell(optimisation(agency), MONDAY), "1", {})


# -- rows -----------------------------------------------------------------------------------------------------------


def test_a_row_stays_without_time_until_it_is_removed(agency: Agency) -> None:
    key = keep_row(agency.owner, DAY, optimisation(agency))
    assert keep_row(agency.owner, DAY, key) == key
    assert [one.key for one in read_grid(agency.owner, MONDAY).lines] == [key]
    assert read_grid(agency.owner, MONDAY + WEEK).lines == ()
    assert read_grid(agency.lead, MONDAY).lines == ()
    drop_row(agency.owner, DAY, key)
    assert read_grid(agency.owner, MONDAY).lines == ()


def test_all_empty_rows_go_at_once_and_those_with_time_stay(agency: Agency) -> None:
    put(agency.owner, optimisation(agency), "1")
    for activity in (agency.reporting, agency.strategy):
        keep_row(agency.owner, DAY, RowKey(agency.summit, None, activity, True))
    assert drop_empty_rows(agency.owner, DAY) == 2
    assert [one.key for one in read_grid(agency.owner, MONDAY).lines] == [optimisation(agency)]


def test_a_row_of_the_agencys_own_work_is_not_billable(agency: Agency) -> None:
    with transaction() as session:
        own = Client(workspace_id=agency.workspace_id, name="Halden", short_name="Halden", internal=True)
        session.add(own)
        session.flush()
        client_id = own.id
    key = keep_row(agency.owner, DAY, RowKey(client_id, None, agency.reporting, True))
    assert key.billable is False
    put(agency.owner, key, "1")
    assert [one.key for one in read_grid(agency.owner, MONDAY).lines] == [key]


def test_a_week_holds_so_many_rows(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ROWS >= 50
    monkeypatch.setattr("agency_app.services.grid_rows.MOST_ROWS", 1)
    keep_row(agency.owner, DAY, optimisation(agency))
    with pytest.raises(Refused, match="A week holds 1 rows"):
        keep_row(agency.owner, DAY, RowKey(agency.summit, None, agency.strategy, True))


def test_in_a_full_week_time_is_still_typed_into_a_row_that_is_there_for_its_time(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(agency, hours=1)
    monkeypatch.setattr("agency_app.services.grid_rows.MOST_ROWS", 1)
    keep_row(agency.owner, DAY, RowKey(agency.summit, None, agency.strategy, True))
    put(agency.owner, optimisation(agency), "2")
    put(agency.owner, optimisation(agency), "+0:30")
    assert [one.seconds for one in cell(agency.owner, optimisation(agency)).entries] == [7200, 1800]


def test_recent_rows_are_the_kinds_of_work_of_late_that_are_not_here_yet(agency: Agency) -> None:
    log(agency, NINE - 3 * WEEK)
    log_time(agency.owner, LogTime(agency.summit, agency.strategy, NINE - WEEK, NINE - WEEK + HOUR, billable=False))
    log_time(agency.owner, LogTime(agency.northwind, agency.reporting, NINE - 30 * WEEK, NINE - 30 * WEEK + HOUR))
    log_time(agency.lead, LogTime(agency.northwind, agency.strategy, NINE - WEEK, NINE - WEEK + HOUR))
    found = recent_rows(agency.owner, DAY)
    strategy = RowKey(agency.summit, None, agency.strategy, False)
    assert [one.key for one in found] == [strategy, optimisation(agency)]
    assert (found[0].client, found[0].activity, found[0].latest) == ("Summit", "Strategy", DAY - WEEK)
    keep_row(agency.owner, DAY, strategy)
    put(agency.owner, optimisation(agency), "1")
    assert recent_rows(agency.owner, DAY) == []


# -- last week ------------------------------------------------------------------------------------------------------


def test_last_weeks_rows_come_without_time_once(agency: Agency) -> None:
    log(agency, NINE - WEEK)
    keep_row(agency.owner, DAY - WEEK, RowKey(agency.summit, None, agency.strategy, True))
    assert copy_rows(agency.owner, DAY) == 2
    lines = read_grid(agency.owner, MONDAY).lines
    assert [(one.key.client_id, one.seconds) for one in lines] == [(agency.northwind, 0), (agency.summit, 0)]
    with pytest.raises(Refused, match="no row that is not here already"):
        copy_rows(agency.owner, DAY)


def test_last_weeks_time_is_logged_again_on_the_same_days_as_one_change(agency: Agency) -> None:
    touch = LogTime(agency.northwind, agency.optimisation, NINE - WEEK, NINE - WEEK + HOUR, note="Bids", tags=("q4",))
    log_time(agency.owner, touch)
    put(agency.owner, RowKey(agency.summit, None, agency.strategy, True), "2", MONDAY - WEEK)
    found = read_last_week(agency.owner, DAY)
    assert (len(found.rows), len(found.entries), found.seconds, found.occupied) == (2, 2, 3 * 3600, 0)
    done = copy_times(agency.owner, DAY)
    assert (done.count, done.seconds, done.faults) == (2, 3 * 3600, ())
    [copy] = cell(agency.owner, optimisation(agency)).entries
    assert (copy.started_at, copy.seconds, copy.note, copy.tags) == (NINE, 3600, "Bids", "q4")
    [anytime] = cell(agency.owner, RowKey(agency.summit, None, agency.strategy, True), MONDAY).entries
    assert (anytime.started_at, anytime.seconds) == (None, 7200)
    with pytest.raises(Refused, match="Everything of last week is here already"):
        copy_times(agency.owner, DAY)
    assert recent_changes(agency.owner)[0].entries == 2
    undo_change(agency.owner, done.logged.undo_id)
    assert read_grid(agency.owner, MONDAY).lines == ()


def test_last_weeks_time_comes_where_a_cell_is_empty_and_what_is_locked_is_named(agency: Agency) -> None:
    for place in range(3):
        log(agency, NINE - WEEK + timedelta(days=place), 1)
    put(agency.owner, optimisation(agency), "4", DAY + timedelta(days=2))
    settings_are(agency, locked_until=DAY.isoformat())
    done = copy_times(agency.owner, DAY)
    assert (done.count, done.seconds) == (1, 3600)
    [fault] = done.faults
    assert fault.entry == "Northwind, Optimisation, Tue 10 Nov, 1:00"
    assert "closed up to 17 Nov 2026" in fault.message
    seconds = [sum(one.seconds for one in each.entries) for each in line(agency.owner, optimisation(agency)).cells]
    assert seconds == [0, 0, 3600, 14_400, 0, 0, 0]


def test_where_nothing_can_be_copied_nothing_is(agency: Agency) -> None:
    with pytest.raises(Refused, match="Nothing was logged last week"):
        copy_times(agency.owner, DAY)
    log(agency, NINE - WEEK)
    settings_are(agency, locked_until=(MONDAY + timedelta(days=6)).isoformat())
    before = everything()
    with pytest.raises(ManyRefused) as refused:
        copy_times(agency.owner, DAY)
    assert len(refused.value.faults) == 1
    assert everything() == before


def test_a_copy_over_the_change_of_the_clock_keeps_its_seconds_and_its_wall_time(agency: Agency) -> None:
    """Wednesday 21 October 2026 at nine is summer time; a week later it is winter time."""
    summer = NINE - 4 * WEEK + timedelta(days=1) - HOUR
    log(agency, summer, 1)
    copy_times(agency.owner, date(2026, 10, 28))
    [copy] = cell(agency.owner, optimisation(agency), date(2026, 10, 28)).entries
    assert (copy.started_at, copy.seconds) == (summer + WEEK + HOUR, 3600)


def test_where_weeks_begin_on_sunday_the_grid_does_too_and_keeps_the_rows_of_weeks_from_monday(agency: Agency) -> None:
    key, early = optimisation(agency), optimisation(agency, billable=False)
    keep_row(agency.owner, DAY, early)
    settings_are(agency, first_weekday="sunday")
    sunday = MONDAY - timedelta(days=1)
    put(agency.owner, key, "1:30", sunday)
    grid = read_grid(agency.owner, DAY)
    assert grid.week.first_day == sunday
    assert [one.key for one in grid.lines if one.cells[0].entries] == [key]
    assert early in [one.key for one in grid.lines]
    assert read_last_week(agency.owner, DAY + WEEK).first_day == sunday


def test_a_copy_stays_on_its_day_where_the_member_has_travelled_since(agency: Agency) -> None:
    """One in the morning in Amsterdam is the evening before in New York."""
    log(agency, NINE - WEEK - 8 * HOUR, 1)
    abroad = replace(agency.owner, zone="America/New_York")
    copy_times(abroad, DAY)
    [copy] = cell(abroad, optimisation(agency)).entries
    assert copy.started_at is not None
    assert (f"{copy.started_at.astimezone(ZoneInfo(abroad.zone)):%H:%M}", copy.work_date) == ("01:00", DAY)
    with pytest.raises(Refused, match="Everything of last week is here already"):
        copy_times(abroad, DAY)
