"""Templates and routines: what each verb leaves, that a routine is never hours before somebody says so, and undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agency_app.domain.routines import WORKING_DAYS
from agency_app.services import answer_routine as answer_module
from agency_app.services import change_routines as change_module
from agency_app.services import read_gaps as gaps_module
from agency_app.services import read_routines as read_module
from agency_app.services import read_week as week_module
from agency_app.services.actor import Actor
from agency_app.services.answer_routine import confirm_routine, dismiss_routine
from agency_app.services.change_calendar import add_days_off, set_target_week
from agency_app.services.change_entry import move_to_day
from agency_app.services.change_routines import RoutineForm, change_routine, start_routine, stop_routine
from agency_app.services.change_templates import (
    TemplateForm,
    add_template,
    archive_template,
    change_template,
    place_template,
)
from agency_app.services.change_workspace import change_workspace
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import Logged, log_template
from agency_app.services.read_gaps import read_gaps
from agency_app.services.read_routines import DueRoutine, read_routines
from agency_app.services.read_settings import read_settings
from agency_app.services.read_week import read_week
from agency_app.services.recent_changes import redo_last, undo_last
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.services.timer import start_from_template
from agency_app.services.undo_change import undo_change
from agency_app.store import routines, timers
from agency_app.store.engine import reading
from agency_app.tables import TimeEntry
from tests.services.conftest import Agency, EmptyDatabase
from tests.services.test_entries import everything, row

MONDAY = date(2026, 11, 16)
TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
HOUR = 3600
MODULES = (answer_module, change_module, gaps_module, read_module, week_module)


@pytest.fixture(autouse=True)
def on_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Wednesday at noon."""
    _let_it_be(monkeypatch, datetime(2026, 11, 18, 11, tzinfo=UTC))


def _let_it_be(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    for module in MODULES:
        monkeypatch.setattr(module, "now", lambda: instant)


@pytest.fixture
def template(agency: Agency) -> str:
    """Daily optimisation, half an hour, for Northwind's campaign."""
    return add_template(
        agency.owner,
        TemplateForm("Daily optimisation", agency.optimisation, 1800, agency.northwind, agency.campaign),
    )


def routine(actor: Actor, template_id: str, at: str = "09:00", **more: object) -> str:
    """Put a template on the actor's working days from Monday on."""
    form = {"weekdays": WORKING_DAYS, "starts_at": at, "starts_on": MONDAY} | more
    return start_routine(actor, RoutineForm(template_id, actor.member_id, **form))  # pyright: ignore[reportArgumentType]


def due(actor: Actor, monday: date = MONDAY) -> list[DueRoutine]:
    return read_week(actor, monday, "").routines


def days(found: list[DueRoutine]) -> list[int]:
    return [one.day.weekday() for one in found]


# Templates


def test_a_template_keeps_its_client_and_campaign_and_logs_for_them(agency: Agency, template: str) -> None:
    logged = log_template(agency.owner, template, agency.summit, datetime(2026, 11, 17, 8, tzinfo=UTC))
    entry = row(logged.entry_id)
    assert (entry.client_id, entry.seconds) == (agency.northwind, 1800)
    [offer] = read_week(agency.owner, MONDAY, agency.summit).templates
    assert offer.client is not None
    assert (offer.client.id, offer.platform) == (agency.northwind, "Meta")
    started = start_from_template(agency.lead, template, "")
    with reading() as session:
        timer = timers.timer_of(session, agency.workspace_id, agency.lead.member_id)
    assert timer is not None
    assert (timer.id, timer.client_id, timer.campaign_id) == (started.timer_id, agency.northwind, agency.campaign)


def test_templates_are_put_in_order_and_archived_ones_leave_the_week(agency: Agency, template: str) -> None:
    report = add_template(agency.lead, TemplateForm("Weekly report", agency.reporting, HOUR))
    call = add_template(agency.lead, TemplateForm("Call", agency.strategy, 2700, platform="Call"))

    def names() -> list[str]:
        return [offer.name for offer in read_week(agency.owner, MONDAY, "").templates]

    assert names() == ["Daily optimisation", "Weekly report", "Call"]
    place_template(agency.owner, call, -2)
    place_template(agency.owner, report, 9)
    assert names() == ["Call", "Daily optimisation", "Weekly report"]
    assert archive_template(agency.owner, template) == "Daily optimisation"
    assert names() == ["Call", "Weekly report"]
    with pytest.raises(NotFound):
        log_template(agency.owner, template, agency.northwind, datetime(2026, 11, 17, 8, tzinfo=UTC))
    archive_template(agency.owner, template, archived=False)
    assert set(names()) == {"Call", "Daily optimisation", "Weekly report"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "daily OPTIMISATION"}, "name"),
        ({"activity_id": "unknown"}, "activity"),
        ({"client_id": "unknown"}, "client"),
        ({"campaign_id": "unknown"}, "campaign"),
        ({"platform": "Fax"}, "platform"),
    ],
)
def test_a_template_that_makes_no_sense_names_its_field(
    agency: Agency, template: str, change: dict[str, str], field: str
) -> None:
    before = everything()
    form = replace(TemplateForm("New", agency.reporting, 60), **change)  # pyright: ignore[reportArgumentType]
    with pytest.raises(Refused) as refused:
        add_template(agency.owner, form)
    assert refused.value.field == field
    assert everything() == before


def test_templates_are_changed_by_owners_and_leads_and_never_over_somebody_elses_change(
    agency: Agency, template: str, ida: Actor
) -> None:
    form = TemplateForm("Daily check", agency.reporting, 900)
    with pytest.raises(NotAllowed):
        change_template(ida, template, 1, form)
    change_template(agency.lead, template, 1, form)
    with pytest.raises(Stale):
        change_template(agency.owner, template, 1, TemplateForm("Mine", agency.reporting, 900))
    assert [one.name for one in read_routines(ida).templates] == ["Daily check"]


def test_the_length_of_a_template_is_typed_as_any_other() -> None:
    assert TemplateForm.of_form({"name": "A", "activity": "b", "duration": "1,5"}).seconds == 5400
    with pytest.raises(Refused) as refused:
        TemplateForm.of_form({"name": "A", "activity": "b", "duration": "soon"})
    assert refused.value.field == "duration"


# Routines


def test_a_routine_is_asked_for_on_working_days_and_is_nobodys_hours(agency: Agency, template: str) -> None:
    set_target_week(agency.owner, agency.owner.member_id, date(2026, 1, 1), (HOUR,) * 5 + (0, 0), 0)
    before = read_gaps(agency.owner, MONDAY)
    routine(agency.owner, template)
    found = due(agency.owner)
    assert days(found) == [0, 1, 2, 3, 4]
    assert [one.past for one in found] == [True, True, False, False, False]
    assert [one.to_come for one in found] == [False, False, False, True, True]
    week = read_week(agency.owner, MONDAY, "")
    assert week.entries == []
    assert sum(day.logged for day in week.days) == 0
    assert read_gaps(agency.owner, MONDAY) == before
    mine = next(one for one in before if one.member_id == agency.owner.member_id)
    assert mine.gap == 2 * HOUR
    assert due(agency.lead) == []


def test_days_off_and_holidays_are_skipped(agency: Agency, template: str) -> None:
    routine(agency.owner, template)
    add_days_off(agency.owner, agency.owner.member_id, MONDAY, MONDAY, "Leave")
    add_days_off(agency.owner, None, THURSDAY, THURSDAY, "Holiday")
    assert days(due(agency.owner)) == [1, 2, 4]
    with pytest.raises(NotFound):
        confirm_routine(agency.owner, due(agency.owner)[0].routine_id, MONDAY)


def test_confirming_logs_an_entry_as_every_other_and_undo_asks_again(agency: Agency, template: str) -> None:
    routine_id = routine(agency.owner, template)
    logged = confirm_routine(agency.owner, routine_id, TUESDAY)
    entry = row(logged.entry_id)
    assert (entry.started_at, entry.seconds) == (datetime(2026, 11, 17, 8, tzinfo=UTC), 1800)
    assert (entry.client_id, entry.retainer_id, entry.rate) == (agency.northwind, agency.northwind_retainer, 950_000)
    assert days(due(agency.owner)) == [0, 2, 3, 4]
    with pytest.raises(Stale):
        confirm_routine(agency.owner, routine_id, TUESDAY)
    undo_change(agency.owner, logged.undo_id)
    assert days(due(agency.owner)) == [0, 1, 2, 3, 4]
    assert everything()[0] == []


def test_an_undo_leaves_an_entry_that_was_changed_since(agency: Agency, template: str) -> None:
    routine_id = routine(agency.owner, template, at="")
    logged = confirm_routine(agency.owner, routine_id, TUESDAY)
    entry = row(logged.entry_id)
    assert (entry.started_at, entry.work_date, entry.seconds) == (None, TUESDAY, 1800)
    move_to_day(agency.owner, entry.id, 1, MONDAY)
    with pytest.raises(Stale):
        undo_change(agency.owner, logged.undo_id)
    assert days(due(agency.owner)) == [0, 2, 3, 4]


def test_dismissing_logs_nothing_and_undo_asks_again(agency: Agency, template: str) -> None:
    routine_id = routine(agency.owner, template)
    said = dismiss_routine(agency.owner, routine_id, THURSDAY)
    assert days(due(agency.owner)) == [0, 1, 2, 4]
    assert everything()[0] == []
    undo_change(agency.owner, said.undo_id)
    assert days(due(agency.owner)) == [0, 1, 2, 3, 4]
    with pytest.raises(Stale):
        undo_change(agency.owner, said.undo_id)


def test_a_day_to_come_is_not_confirmed_and_nobody_answers_for_another(agency: Agency, template: str) -> None:
    routine_id = routine(agency.owner, template)
    with pytest.raises(Refused, match="still to come"):
        confirm_routine(agency.owner, routine_id, THURSDAY)
    with pytest.raises(NotAllowed):
        confirm_routine(agency.lead, routine_id, TUESDAY)
    with pytest.raises(NotFound):
        confirm_routine(agency.owner, routine_id, MONDAY + timedelta(days=5))
    assert everything()[0] == []


def test_on_monday_the_week_before_is_still_asked_about(
    agency: Agency, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    routine_id = routine(agency.owner, template)
    for place in range(4):
        dismiss_routine(agency.owner, routine_id, MONDAY + timedelta(days=place))
    _let_it_be(monkeypatch, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert [one.day for one in due(agency.owner, MONDAY + timedelta(days=7)) if one.past] == [date(2026, 11, 20)]


def test_a_day_on_which_nothing_can_be_logged_is_not_asked_about(agency: Agency, template: str) -> None:
    routine(agency.owner, template)
    change_workspace(agency.owner, read_settings(agency.owner).version, {"locked_until": MONDAY.isoformat()})
    assert days(due(agency.owner)) == [1, 2, 3, 4]


def test_a_routine_needs_a_client_a_day_and_a_time_that_is_one(agency: Agency) -> None:
    anybody = add_template(agency.owner, TemplateForm("Weekly report", agency.reporting, HOUR))
    for change, field in (
        ({}, "client"),
        ({"client_id": "unknown"}, "client"),
        ({"client_id": agency.summit, "weekdays": ()}, "weekdays"),
        ({"client_id": agency.summit, "starts_at": "9"}, "at"),
    ):
        with pytest.raises(Refused) as refused:
            routine(agency.owner, anybody, **change)
        assert refused.value.field == field
    routine(agency.owner, anybody, client_id=agency.summit)
    assert {one.client.id for one in due(agency.owner)} == {agency.summit}


def test_a_lead_puts_a_routine_on_anybodys_days_and_a_member_on_their_own(
    agency: Agency, template: str, ida: Actor
) -> None:
    with pytest.raises(NotAllowed):
        start_routine(ida, RoutineForm(template, agency.owner.member_id, WORKING_DAYS))
    routine_id = start_routine(agency.lead, RoutineForm(template, ida.member_id, WORKING_DAYS, starts_on=MONDAY))
    assert days(due(ida)) == [0, 1, 2, 3, 4]
    change_routine(ida, routine_id, 1, RoutineForm(template, ida.member_id, ("wed",), starts_on=MONDAY))
    assert days(due(ida)) == [2]
    with pytest.raises(Stale):
        change_routine(agency.lead, routine_id, 1, RoutineForm(template, ida.member_id, ("fri",)))
    assert stop_routine(ida, routine_id) == "Daily optimisation"
    assert due(ida) == []
    with pytest.raises(NotFound):
        confirm_routine(ida, routine_id, MONDAY + timedelta(days=2))
    stop_routine(ida, routine_id, stopped=False)
    assert days(due(ida)) == [2]
    assert [one.id for one in read_routines(ida).routines] == [routine_id]


def test_an_archived_template_asks_for_nothing(agency: Agency, template: str) -> None:
    routine(agency.owner, template)
    archive_template(agency.lead, template)
    assert due(agency.owner) == []


def test_routines_and_what_was_said_of_them_survive_dump_and_load(
    agency: Agency, template: str, empty_database: EmptyDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    routine_id = routine(agency.owner, template)
    confirm_routine(agency.owner, routine_id, TUESDAY)
    file = tmp_path_factory.mktemp("dump") / "agency.json"
    dump_workspace(file)
    empty_database()
    load_workspace(file)
    assert days(due(agency.owner)) == [0, 2, 3, 4]
    with reading() as session:
        decided = routines.decided(session, routine_id, TUESDAY)
        assert decided is not None
        assert session.get_one(TimeEntry, decided.entry_id).seconds == 1800


@pytest.mark.parametrize("answer", [confirm_routine, dismiss_routine])
def test_an_answer_goes_back_and_forth(agency: Agency, template: str, answer: Callable[..., Logged]) -> None:
    answer(agency.owner, routine(agency.owner, template), TUESDAY)
    logged = len(everything()[0])
    assert undo_last(agency.owner).verb in ("routine", "dismiss_routine")
    assert days(due(agency.owner)) == [0, 1, 2, 3, 4]
    redo_last(agency.owner)
    assert days(due(agency.owner)) == [0, 2, 3, 4]
    assert len(everything()[0]) == logged
