"""Every verb on an entry and its undo: what it leaves in the table, and that a refusal leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, func, select

from agency_app.services.actor import Actor
from agency_app.services.change_entry import EditEntry, delete_entry, edit_entry, move_entry, move_to_day
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.log_time import Logged, LogTime, log_task, log_template, log_time
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_draft import read_draft
from agency_app.services.read_week import read_week
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.undo_change import undo_change
from agency_app.store.engine import reading, transaction
from agency_app.tables import (
    Activity,
    AuditEvent,
    Campaign,
    Client,
    Member,
    Retainer,
    Task,
    TaskTemplate,
    TimeEntry,
    Workspace,
)
from tests.services.conftest import Agency
from tests.stranger import add_stranger

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
"""Nine o'clock on a Tuesday in Amsterdam."""
DAY = date(2026, 11, 17)


def log(agency: Agency, start: datetime = NINE, hours: int = 2, actor: Actor | None = None) -> Logged:
    """Log optimisation for Northwind, by the owner unless told."""
    command = LogTime(agency.northwind, agency.optimisation, start, start + hours * HOUR)
    return log_time(actor or agency.owner, command)


def row(entry_id: str) -> TimeEntry:
    """Return an entry as the table has it."""
    with reading() as session:
        return session.get_one(TimeEntry, entry_id)


def state(entry_id: str) -> dict[str, object]:
    """Return all of an entry but its version, which only ever goes up."""
    return row(entry_id).model_dump(exclude={"version"})


def everything() -> tuple[list[dict[str, object]], list[dict[str, object]], int, int]:
    """Return all that a verb on entries could write: entries, tasks, how many audit events, the revision."""
    with reading() as session:
        entries = [entry.model_dump() for entry in session.exec(select(TimeEntry).order_by(col(TimeEntry.id)))]
        tasks = [task.model_dump() for task in session.exec(select(Task).order_by(col(Task.id)))]
        events = session.exec(select(func.count()).select_from(AuditEvent)).one()
        return entries, tasks, events, session.exec(select(func.sum(Workspace.revision))).one()


@pytest.fixture
def foreign(agency: Agency) -> dict[str, str]:
    """A row of each kind in a second workspace, by the name of the field that would take it."""
    home: dict[str, Any] = {"workspace_id": add_stranger().workspace_id}
    with transaction() as session:
        client = Client(**home, name="Stranger", short_name="Stranger")
        activity = Activity(**home, name="Foreign work")
        session.add_all([client, activity])
        session.flush()
        campaign = Campaign(**home, client_id=client.id, platform="Meta", name="Foreign")
        retainer = Retainer(**home, client_id=client.id, name="Foreign", starts_on=date(2025, 1, 1))
        session.add_all([campaign, retainer])
    return {"client": client.id, "activity": activity.id, "campaign": campaign.id, "retainer": retainer.id}


def invoice_november(agency: Agency) -> str:
    """Finalise Northwind's November 2026 and return the number."""
    version = read_draft(agency.owner, agency.northwind, DAY).version
    return finalise_invoice(agency.owner, agency.northwind, DAY, version).number


# Round trips


def test_a_logged_touch_keeps_all_that_was_said_and_what_the_agreement_adds(agency: Agency) -> None:
    command = LogTime(
        agency.northwind,
        agency.strategy,
        NINE,
        NINE + HOUR,
        campaign_id=agency.campaign,
        platform="Meta",
        title="  Quarter plan ",
        note=" With the client ",
        billable=False,
    )
    entry = row(log_time(agency.lead, command).entry_id)
    with reading() as session:
        task = session.get_one(Task, entry.task_id)
    assert (entry.started_at, entry.ended_at, entry.seconds, entry.work_date) == (NINE, NINE + HOUR, 3600, DAY)
    assert (entry.member_id, entry.zone, entry.note, entry.billable) == (
        agency.lead.member_id,
        "Europe/Amsterdam",
        "With the client",
        False,
    )
    assert (entry.rate, entry.rate_source) == (1_400_000, "activity rate since 01 Jan 2025")
    assert (task.title, task.platform, task.campaign_id, task.activity_id) == (
        "Quarter plan",
        "Meta",
        agency.campaign,
        agency.strategy,
    )
    assert entry.retainer_id == task.retainer_id == agency.northwind_retainer


def test_a_touch_that_no_special_rate_matches_has_the_rate_of_the_whole_workspace(agency: Agency) -> None:
    entry = row(log(agency).entry_id)
    assert (entry.rate, entry.rate_source) == (950_000, "workspace rate since 01 Jan 2025")


def test_undoing_a_logged_touch_takes_it_away(agency: Agency) -> None:
    logged = log(agency)
    assert undo_change(agency.owner, logged.undo_id) == logged.entry_id
    assert everything()[0] == []
    with pytest.raises(Stale):
        undo_change(agency.owner, logged.undo_id)


def test_a_move_and_its_undo_leave_the_entry_as_it_was(agency: Agency) -> None:
    logged = log(agency)
    before = state(logged.entry_id)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE + 24 * HOUR, NINE + 25 * HOUR)
    after = row(logged.entry_id)
    assert (after.seconds, after.work_date, after.version) == (3600, date(2026, 11, 18), moved.version)
    assert moved.version == logged.version + 1
    undo_change(agency.owner, moved.undo_id)
    assert state(logged.entry_id) == before
    assert row(logged.entry_id).version == moved.version + 1


def test_an_edit_and_its_undo_leave_the_entry_and_its_task_as_they_were(agency: Agency) -> None:
    logged = log(agency)
    before = state(logged.entry_id)
    command = EditEntry(
        agency.summit, agency.reporting, NINE + HOUR, NINE + 2 * HOUR, note=" Moved over ", billable=False
    )
    edited = edit_entry(agency.owner, logged.entry_id, logged.version, command)
    after = row(logged.entry_id)
    assert (after.client_id, after.retainer_id, after.rate) == (agency.summit, agency.summit_retainer, 1_100_000)
    assert (after.started_at, after.seconds, after.note, after.billable) == (NINE + HOUR, 3600, "Moved over", False)
    with reading() as session:
        assert session.get_one(Task, after.task_id).activity_id == agency.reporting
    undo_change(agency.owner, edited.undo_id)
    assert state(logged.entry_id) == before


def test_an_edit_that_keeps_client_and_activity_keeps_the_frozen_rate(agency: Agency) -> None:
    logged = log(agency)
    with transaction() as session:
        entry = session.get_one(TimeEntry, logged.entry_id)
        entry.rate, entry.rate_source = 777_000, "agreed by hand"
    command = EditEntry(agency.northwind, agency.optimisation, NINE, NINE + 3 * HOUR, campaign_id=agency.campaign)
    edit_entry(agency.owner, logged.entry_id, logged.version, command)
    assert (row(logged.entry_id).rate, row(logged.entry_id).rate_source) == (777_000, "agreed by hand")


def test_a_deleted_entry_comes_back_whole_under_its_id_and_only_once(agency: Agency) -> None:
    logged = log(agency)
    before = state(logged.entry_id)
    deleted = delete_entry(agency.owner, logged.entry_id, logged.version)
    assert everything()[0] == []
    assert undo_change(agency.owner, deleted.undo_id) == logged.entry_id
    assert state(logged.entry_id) == before
    with pytest.raises(Stale):
        undo_change(agency.owner, deleted.undo_id)
    with pytest.raises(Stale):  # who still holds the version of before the deletion does not overwrite what came back
        move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + HOUR)


def test_what_was_logged_is_in_the_week_of_its_member_alone(agency: Agency) -> None:
    logged = log(agency)
    monday = date(2026, 11, 16)
    assert [entry.id for entry in read_week(agency.owner, monday, agency.northwind).entries] == [logged.entry_id]
    assert read_week(agency.lead, monday, agency.northwind).entries == []
    week = read_week(agency.lead, monday, agency.northwind)
    assert week.falls_to[agency.northwind, agency.reporting] == agency.northwind_retainer
    [left] = week.left[agency.northwind_retainer]
    assert (left.used, left.period.balance.available) == (7200, 36 * 3600)


# Spans, midnight and clock changes


@pytest.mark.parametrize(
    "length",
    [timedelta(0), -HOUR, timedelta(hours=24, seconds=1)],
    ids=["zero", "negative", "over a day"],
)
def test_an_impossible_span_is_refused_and_nothing_is_saved(agency: Agency, length: timedelta) -> None:
    logged = log(agency)
    before = everything()
    edited = EditEntry(agency.northwind, agency.optimisation, NINE, NINE + length)
    for attempt in (
        lambda: log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, NINE, NINE + length)),
        lambda: move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + length),
        lambda: edit_entry(agency.owner, logged.entry_id, logged.version, edited),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.field == "end"
    assert everything() == before


def test_a_span_of_exactly_a_day_is_taken(agency: Agency) -> None:
    assert row(log(agency, hours=24).entry_id).seconds == 86400


@pytest.mark.parametrize(
    ("start", "end", "seconds", "work_date"),
    [
        pytest.param(
            datetime(2026, 11, 17, 23, 30, tzinfo=AMSTERDAM),
            datetime(2026, 11, 18, 1, tzinfo=AMSTERDAM),
            5400,
            date(2026, 11, 17),
            id="over midnight",
        ),
        pytest.param(
            datetime(2026, 10, 25, 1, tzinfo=AMSTERDAM),
            datetime(2026, 10, 25, 4, tzinfo=AMSTERDAM),
            4 * 3600,
            date(2026, 10, 25),
            id="clock goes back",
        ),
        pytest.param(
            datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM),
            datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1),
            3600,
            date(2026, 10, 25),
            id="same clock, an hour later",
        ),
        pytest.param(
            datetime(2026, 3, 29, 1, tzinfo=AMSTERDAM),
            datetime(2026, 3, 29, 4, tzinfo=AMSTERDAM),
            2 * 3600,
            date(2026, 3, 29),
            id="clock goes forward",
        ),
        pytest.param(
            datetime(2026, 3, 28, 23, tzinfo=AMSTERDAM),
            datetime(2026, 3, 29, 4, tzinfo=AMSTERDAM),
            4 * 3600,
            date(2026, 3, 28),
            id="over midnight and forward",
        ),
    ],
)
def test_true_seconds_are_counted_once_and_belong_to_the_work_date_of_the_start(
    agency: Agency, start: datetime, end: datetime, seconds: int, work_date: date
) -> None:
    logged = log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, end))
    entry = row(logged.entry_id)
    assert (entry.seconds, entry.work_date) == (seconds, work_date)
    assert (entry.started_at, entry.ended_at) == (start.astimezone(UTC), end.astimezone(UTC))
    draft = read_draft(agency.owner, agency.northwind, work_date).draft
    assert sum(work.seconds for line in draft.lines for work in line.work) == seconds
    # a move to another day and back over the clock change counts the same
    away = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + HOUR)
    move_entry(agency.owner, logged.entry_id, away.version, start, end)
    assert (row(logged.entry_id).seconds, row(logged.entry_id).work_date) == (seconds, work_date)


def test_work_of_the_last_night_of_a_month_is_billed_in_that_month_alone(agency: Agency) -> None:
    start = datetime(2026, 10, 31, 23, tzinfo=AMSTERDAM)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + 3 * HOUR))
    assert len(read_draft(agency.owner, agency.northwind, date(2026, 10, 1)).entries) == 1
    assert len(read_draft(agency.owner, agency.northwind, date(2026, 11, 1)).entries) == 0


# Rows that are unknown, or of somebody else


@pytest.mark.parametrize("field", ["client", "activity", "campaign", "retainer"])
@pytest.mark.parametrize("known", [True, False], ids=["of another workspace", "unknown"])
def test_a_row_that_is_not_of_this_workspace_is_refused_by_its_field(
    agency: Agency, foreign: dict[str, str], field: str, known: bool
) -> None:
    logged = log(agency)
    before = everything()
    ids: dict[str, Any] = {"client_id": agency.northwind, "activity_id": agency.optimisation}
    ids[f"{field}_id"] = foreign[field] if known else "0" * 32
    attempts: tuple[Callable[[], Logged], ...] = (
        lambda: log_time(agency.owner, LogTime(**ids, start=NINE, end=NINE + HOUR)),
        lambda: edit_entry(
            agency.owner, logged.entry_id, logged.version, EditEntry(**ids, start=NINE, end=NINE + HOUR)
        ),
    )
    for attempt in attempts:
        with pytest.raises(NotFound) as refused:
            attempt()
        assert refused.value.field == field
    assert everything() == before


@pytest.mark.parametrize("field", ["campaign", "retainer"])
def test_a_campaign_or_retainer_of_another_client_is_refused_by_its_field(agency: Agency, field: str) -> None:
    ids: dict[str, Any] = (
        {"campaign_id": agency.campaign} if field == "campaign" else {"retainer_id": agency.northwind_retainer}
    )
    with pytest.raises(NotFound, match="Summit Coffee") as refused:
        log_time(agency.owner, LogTime(agency.summit, agency.optimisation, NINE, NINE + HOUR, **ids))
    assert refused.value.field == field
    assert everything()[:2] == ([], [])


def test_a_retainer_that_does_not_run_on_the_day_is_refused_by_its_field(agency: Agency) -> None:
    start = datetime(2024, 12, 31, 9, tzinfo=UTC)
    command = LogTime(agency.northwind, agency.optimisation, start, start + HOUR, retainer_id=agency.northwind_retainer)
    with pytest.raises(Refused, match="does not run") as refused:
        log_time(agency.owner, command)
    assert refused.value.field == "retainer"
    assert everything()[:2] == ([], [])


def test_an_entry_of_another_workspace_cannot_be_reached(agency: Agency) -> None:
    logged = log(agency)
    eve = add_stranger()
    before = everything()
    for attempt in (
        lambda: move_entry(eve, logged.entry_id, logged.version, NINE, NINE + HOUR),
        lambda: delete_entry(eve, logged.entry_id, logged.version),
        lambda: undo_change(eve, logged.undo_id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert everything() == before


# Two people at once


def test_a_change_of_an_entry_that_somebody_changed_is_refused_and_the_row_stays(agency: Agency) -> None:
    logged = log(agency)
    move_entry(agency.lead, logged.entry_id, logged.version, NINE, NINE + 3 * HOUR)
    before = everything()
    for attempt in (
        lambda: move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + 5 * HOUR),
        lambda: edit_entry(
            agency.owner,
            logged.entry_id,
            logged.version,
            EditEntry(agency.northwind, agency.reporting, NINE, NINE + HOUR),
        ),
        lambda: delete_entry(agency.owner, logged.entry_id, logged.version),
    ):
        with pytest.raises(Stale):
            attempt()
    assert everything() == before


def test_a_member_may_not_change_an_entry_of_somebody_else(agency: Agency, ida: Actor) -> None:
    logged = log(agency)
    before = everything()
    for attempt in (
        lambda: move_entry(ida, logged.entry_id, logged.version, NINE, NINE + HOUR),
        lambda: edit_entry(
            ida, logged.entry_id, logged.version, EditEntry(agency.northwind, agency.reporting, NINE, NINE + HOUR)
        ),
        lambda: delete_entry(ida, logged.entry_id, logged.version),
        lambda: undo_change(ida, logged.undo_id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert everything() == before


def test_a_member_changes_their_own_entry_and_a_lead_changes_it_too(agency: Agency, ida: Actor) -> None:
    logged = log(agency, actor=ida)
    moved = move_entry(ida, logged.entry_id, logged.version, NINE, NINE + HOUR)
    longer = move_entry(agency.lead, logged.entry_id, moved.version, NINE, NINE + 4 * HOUR)
    assert (row(logged.entry_id).seconds, row(logged.entry_id).member_id) == (4 * 3600, ida.member_id)
    delete_entry(agency.lead, logged.entry_id, longer.version)
    assert everything()[0] == []


def test_somebody_whose_account_was_closed_changes_nothing(agency: Agency, ida: Actor) -> None:
    logged = log(agency, actor=ida)
    with transaction() as session:
        session.get_one(Member, ida.member_id).active = False
    before = everything()
    with pytest.raises(NotAllowed):
        move_entry(ida, logged.entry_id, logged.version, NINE, NINE + HOUR)
    with pytest.raises(NotAllowed):
        log(agency, actor=ida)
    assert everything() == before


def test_undo_refuses_after_somebody_elses_change(agency: Agency) -> None:
    logged = log(agency)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + 3 * HOUR)
    move_entry(agency.lead, logged.entry_id, moved.version, NINE, NINE + 4 * HOUR)
    before = everything()
    for undo_id in (moved.undo_id, logged.undo_id):
        with pytest.raises(Stale):
            undo_change(agency.owner, undo_id)
    assert everything() == before


def test_undo_refuses_after_somebody_else_deleted_the_entry(agency: Agency) -> None:
    logged = log(agency)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + 3 * HOUR)
    delete_entry(agency.lead, logged.entry_id, moved.version)
    with pytest.raises(Stale):
        undo_change(agency.owner, moved.undo_id)
    assert everything()[0] == []


# Invoiced periods


def test_an_invoiced_period_takes_no_work_in_and_lets_none_out(agency: Agency) -> None:
    logged = log(agency)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + HOUR)
    gone = log(agency, NINE + 4 * HOUR)
    deleted = delete_entry(agency.owner, gone.entry_id, gone.version)
    december = NINE + timedelta(days=30)
    late = log(agency, december)
    summit = log_time(agency.owner, LogTime(agency.summit, agency.optimisation, NINE, NINE + HOUR))
    number = invoice_november(agency)
    before = everything()
    northwind_now = EditEntry(agency.northwind, agency.optimisation, NINE, NINE + HOUR)
    for attempt in (
        lambda: log(agency, NINE + timedelta(days=1)),
        lambda: move_entry(agency.owner, logged.entry_id, moved.version, december, december + HOUR),
        lambda: edit_entry(agency.owner, logged.entry_id, moved.version, northwind_now),
        lambda: delete_entry(agency.owner, logged.entry_id, moved.version),
        lambda: undo_change(agency.owner, moved.undo_id),
        lambda: undo_change(agency.owner, deleted.undo_id),
        lambda: move_entry(agency.owner, late.entry_id, late.version, NINE, NINE + HOUR),
        lambda: edit_entry(agency.owner, summit.entry_id, summit.version, northwind_now),
    ):
        with pytest.raises(Locked) as refused:
            attempt()
        assert number in refused.value.message
    assert everything() == before


def test_undoing_a_move_out_of_a_month_that_is_invoiced_by_now_is_refused(agency: Agency) -> None:
    log(agency)
    logged = log(agency, NINE + 4 * HOUR)
    december = NINE + timedelta(days=30)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, december, december + HOUR)
    number = invoice_november(agency)
    with pytest.raises(Locked, match=number):
        undo_change(agency.owner, moved.undo_id)
    assert row(logged.entry_id).work_date == date(2026, 12, 17)


# Templates and planned tasks


def test_a_template_is_logged_for_as_long_as_it_says(agency: Agency) -> None:
    with transaction() as session:
        template = TaskTemplate(
            workspace_id=agency.workspace_id,
            name="Weekly check",
            activity_id=agency.reporting,
            platform="Meta",
            default_seconds=2700,
        )
        session.add(template)
    entry = row(log_template(agency.owner, template.id, agency.summit, NINE).entry_id)
    with reading() as session:
        task = session.get_one(Task, entry.task_id)
    assert (entry.seconds, entry.client_id, entry.rate) == (2700, agency.summit, 1_100_000)
    assert (task.title, task.platform, task.activity_id) == ("Weekly check", "Meta", agency.reporting)
    for template_id, client_id, field in (
        ("0" * 32, agency.summit, "template"),
        (template.id, "", "client"),
        (template.id, "0" * 32, "client"),
    ):
        with pytest.raises(Refused) as refused:
            log_template(agency.owner, template_id, client_id, NINE)
        assert refused.value.field == field
    assert len(everything()[0]) == 1


def test_a_template_of_another_workspace_is_refused(agency: Agency, foreign: dict[str, str]) -> None:
    with transaction() as session:
        activity = session.get_one(Activity, foreign["activity"])
        template = TaskTemplate(
            workspace_id=activity.workspace_id, name="Theirs", activity_id=activity.id, default_seconds=900
        )
        session.add(template)
    with pytest.raises(NotFound) as refused:
        log_template(agency.owner, template.id, agency.northwind, NINE)
    assert refused.value.field == "template"
    assert everything()[0] == []


def test_a_planned_task_is_logged_once_and_goes_back_to_the_inbox_when_its_entry_goes(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Close report", 5400))
    logged = log_task(agency.owner, task_id, NINE)
    assert (row(logged.entry_id).seconds, row(logged.entry_id).task_id) == (5400, task_id)
    with pytest.raises(NotFound) as refused:
        log_task(agency.lead, task_id, NINE)
    assert refused.value.field == "task"
    assert len(everything()[0]) == 1
    deleted = delete_entry(agency.owner, logged.entry_id, logged.version)
    inbox = read_week(agency.owner, date(2026, 11, 16), agency.northwind).inbox
    assert [offer.id for offer in inbox] == [task_id]
    undo_change(agency.owner, deleted.undo_id)
    assert read_week(agency.owner, date(2026, 11, 16), agency.northwind).inbox == []
    with pytest.raises(NotFound):
        log_task(agency.owner, task_id, NINE)


def test_a_planned_task_that_cannot_be_logged_stays_in_the_inbox(agency: Agency) -> None:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Close report", 5400))
    log(agency)
    invoice_november(agency)
    with pytest.raises(Locked):
        log_task(agency.owner, task_id, NINE)
    inbox = read_week(agency.owner, date(2026, 11, 16), agency.northwind).inbox
    assert [offer.id for offer in inbox] == [task_id]
    undone = log_task(agency.owner, task_id, NINE + timedelta(days=30))
    undo_change(agency.owner, undone.undo_id)
    inbox = read_week(agency.owner, date(2026, 11, 16), agency.northwind).inbox
    assert [offer.id for offer in inbox] == [task_id]


# The retainer that an entry draws on


def test_a_move_to_a_month_where_its_retainer_does_not_run_finds_the_one_that_does(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Retainer, agency.northwind_retainer).ends_on = date(2026, 11, 30)
        follow_up = Retainer(
            workspace_id=agency.workspace_id,
            client_id=agency.northwind,
            name="Performance 2",
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 31),
            granted_seconds=3600,
        )
        session.add(follow_up)
    logged = log(agency)
    other = log(agency, NINE + 4 * HOUR)
    before = state(logged.entry_id)
    december = NINE + timedelta(days=30)
    moved = move_entry(agency.owner, logged.entry_id, logged.version, december, december + HOUR)
    entry = row(logged.entry_id)
    with reading() as session:
        assert session.get_one(Task, entry.task_id).retainer_id == entry.retainer_id == follow_up.id
    january = december + timedelta(days=31)
    gone = move_entry(agency.owner, logged.entry_id, moved.version, january, january + HOUR)
    assert row(logged.entry_id).retainer_id is None
    back = move_entry(agency.owner, logged.entry_id, gone.version, NINE, NINE + 2 * HOUR)
    assert row(logged.entry_id).retainer_id == agency.northwind_retainer
    again = move_entry(agency.owner, logged.entry_id, back.version, december, december + HOUR)
    undo_change(agency.owner, again.undo_id)
    assert state(logged.entry_id) | {"task_id": ""} == before | {"task_id": ""}
    assert row(other.entry_id).retainer_id == agency.northwind_retainer


def test_work_kept_out_of_every_retainer_stays_out_when_it_moves(agency: Agency) -> None:
    command = LogTime(agency.northwind, agency.optimisation, NINE, NINE + HOUR, retainer_id="none")
    logged = log_time(agency.owner, command)
    assert row(logged.entry_id).retainer_id is None
    moved = move_entry(agency.owner, logged.entry_id, logged.version, NINE, NINE + 2 * HOUR)
    assert row(logged.entry_id).retainer_id is None
    december = NINE + timedelta(days=30)
    move_entry(agency.owner, logged.entry_id, moved.version, december, december + HOUR)
    assert row(logged.entry_id).retainer_id is None


# Entries at no time of day in particular


def untimed(agency: Agency, seconds: int = 5_025) -> Logged:
    command = LogTime(agency.northwind, agency.optimisation, None, None, day=DAY, seconds=seconds)
    return log_time(agency.lead, command)


def test_a_length_on_a_day_is_logged_without_start_and_end(agency: Agency) -> None:
    entry = row(untimed(agency).entry_id)
    assert (entry.started_at, entry.ended_at, entry.work_date, entry.seconds) == (None, None, DAY, 5_025)
    assert entry.retainer_id is not None
    assert read_draft(agency.owner, agency.northwind, DAY).entries


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
def test_a_length_that_cannot_be_is_refused_naming_the_duration(agency: Agency, seconds: int) -> None:
    before = everything()
    with pytest.raises(Refused) as refused:
        untimed(agency, seconds)
    assert refused.value.field == "duration"
    assert everything() == before


def test_neither_a_span_nor_a_length_is_refused(agency: Agency) -> None:
    with pytest.raises(Refused, match="a start and an end, or a day and a duration"):
        log_time(agency.lead, LogTime(agency.northwind, agency.optimisation, None, None, day=DAY))


def test_an_entry_without_a_time_of_day_moves_by_day_and_takes_one_when_it_is_given_one(agency: Agency) -> None:
    logged = untimed(agency)
    moved = move_to_day(agency.lead, logged.entry_id, logged.version, DAY + timedelta(days=1))
    entry = row(logged.entry_id)
    assert (entry.started_at, entry.work_date, entry.seconds) == (None, DAY + timedelta(days=1), 5_025)
    timed = move_entry(agency.lead, logged.entry_id, moved.version, NINE, NINE + timedelta(seconds=5_025))
    entry = row(logged.entry_id)
    assert (entry.started_at, entry.work_date, entry.seconds) == (NINE, DAY, 5_025)
    with pytest.raises(Refused, match="has a start and an end"):
        move_to_day(agency.lead, logged.entry_id, timed.version, DAY)
    undo_change(agency.lead, timed.undo_id)
    assert row(logged.entry_id).started_at is None


def test_an_edit_can_take_the_time_of_day_away_and_sets_the_tags(agency: Agency) -> None:
    logged = log_time(agency.lead, LogTime(agency.northwind, agency.optimisation, NINE, NINE + HOUR, tags=("q4",)))
    command = EditEntry(
        agency.northwind, agency.optimisation, None, None, day=DAY, seconds=1_800, tags=("Launch day", "q4")
    )
    edit_entry(agency.lead, logged.entry_id, logged.version, command)
    entry = row(logged.entry_id)
    assert (entry.started_at, entry.ended_at, entry.seconds, entry.tags) == (None, None, 1_800, "launch-day q4")


def test_an_entry_without_a_time_of_day_does_not_move_into_an_invoiced_month(agency: Agency) -> None:
    kept = untimed(agency)
    invoice_november(agency)
    december = log_time(
        agency.lead,
        LogTime(agency.northwind, agency.optimisation, None, None, day=date(2026, 12, 1), seconds=600),
    )
    with pytest.raises(Locked):
        move_to_day(agency.lead, december.entry_id, december.version, DAY)
    with pytest.raises(Locked):
        move_to_day(agency.lead, kept.entry_id, kept.version, date(2026, 12, 2))
