"""Target hours and days off: who may set them, from when they hold, and what is refused."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from agency_app.domain.calendar import target_between, target_seconds
from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_calendar import (
    add_days_off,
    remove_days_off,
    set_target_week,
    typed_hours,
)
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.load_workspace import load_workspace
from agency_app.services.member_calendars import calendars_of
from agency_app.services.read_calendar import read_calendar
from agency_app.services.refusal import FieldsRefused, NotAllowed, NotFound, Refused, Stale
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Member
from tests.services.conftest import Agency, EmptyDatabase

HOUR = 3600
FULL = (8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 0, 0)
SHORT = (8 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR, 0, 0, 0)
MONDAY, SUNDAY = date(2026, 9, 7), date(2026, 9, 13)


def _member(agency: Agency, role: str = "member") -> Actor:
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email=f"{role}@halden.example", name=f"Ida {role}", role=role)
        session.add(member)
        session.flush()
        return actor_of(member)


def _target(actor: Actor, first: date = MONDAY, last: date = SUNDAY) -> int:
    with reading() as session:
        return target_between(calendars_of(session, actor.workspace_id)[actor.member_id], first, last)


def test_targets_hold_from_their_day_and_keep_the_weeks_before(agency: Agency) -> None:
    ida = _member(agency)
    assert _target(ida) == 0
    set_target_week(ida, ida.member_id, date(2026, 1, 1), FULL, 0)
    set_target_week(agency.lead, ida.member_id, MONDAY, SHORT, 1)
    assert _target(ida) == 32 * HOUR
    assert _target(ida, date(2026, 8, 31), date(2026, 9, 6)) == 40 * HOUR
    assert _target(agency.lead) == 0


def test_days_off_take_the_target_away_for_one_or_for_everybody(agency: Agency) -> None:
    ida = _member(agency)
    set_target_week(ida, ida.member_id, date(2026, 1, 1), FULL, 0)
    set_target_week(agency.lead, agency.lead.member_id, date(2026, 1, 1), FULL, 0)
    leave = add_days_off(ida, ida.member_id, MONDAY, date(2026, 9, 8), "Leave")
    add_days_off(agency.owner, None, date(2026, 9, 9), date(2026, 9, 9), "Founders' day")
    add_days_off(ida, ida.member_id, date(2026, 9, 10), date(2026, 9, 10), "Dentist", half=True)
    assert (_target(ida), _target(agency.lead)) == (12 * HOUR, 32 * HOUR)
    remove_days_off(ida, leave.id)
    assert _target(ida) == 28 * HOUR
    with pytest.raises(NotFound):
        remove_days_off(ida, leave.id)


def test_a_member_changes_their_own_calendar_alone(agency: Agency) -> None:
    ida, finance = _member(agency), _member(agency, "finance")
    for actor in (ida, finance):
        with pytest.raises(NotAllowed):
            set_target_week(actor, agency.lead.member_id, MONDAY, FULL, 0)
        with pytest.raises(NotAllowed):
            add_days_off(actor, None, MONDAY, MONDAY)
        with pytest.raises(NotAllowed):
            set_target_week(replace(actor, role="owner"), agency.lead.member_id, MONDAY, FULL, 0)
    for actor in (agency.owner, agency.lead):
        add_days_off(actor, ida.member_id, MONDAY, MONDAY)
        removed = read_calendar(actor, ida.member_id).days_off[0]
        remove_days_off(actor, removed.id)
    assert [one.name for one in read_calendar(ida, agency.lead.member_id).members] == ["Ida member"]
    assert read_calendar(ida, agency.lead.member_id).member.id == ida.member_id
    assert len(read_calendar(agency.lead).members) == 4


def test_a_second_save_of_targets_is_refused_while_the_first_was_not_seen(agency: Agency) -> None:
    ida = _member(agency)
    seen = read_calendar(ida).seen
    set_target_week(agency.owner, ida.member_id, MONDAY, SHORT, seen)
    with pytest.raises(Stale):
        set_target_week(ida, ida.member_id, MONDAY, FULL, seen)
    assert _target(ida) == 32 * HOUR
    set_target_week(ida, ida.member_id, MONDAY, FULL, read_calendar(ida).seen)
    assert _target(ida) == 40 * HOUR
    with reading() as session:
        verbs = [event.verb for event in session.exec(select(AuditEvent))]
    assert verbs.count("set_target_week") == 2


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 9, 9), date(2026, 9, 8)),
        (date(2026, 1, 1), date(2027, 1, 2)),
        (date(1026, 1, 1), date(1026, 1, 2)),
        (date(2026, 9, 12), date(2026, 9, 14)),
    ],
)
def test_days_off_without_sense_are_refused(agency: Agency, first: date, last: date) -> None:
    lead = agency.lead
    add_days_off(lead, lead.member_id, date(2026, 9, 14), date(2026, 9, 18))
    with pytest.raises(Refused):
        add_days_off(lead, lead.member_id, first, last)
    assert len(read_calendar(lead).days_off) == 1


def test_hours_are_read_as_people_type_them() -> None:
    typed = {"monday": "8", "tuesday": "7:30", "wednesday": "7,5", "thursday": "450m", "friday": " ", "sunday": "0"}
    assert typed_hours(typed) == (8 * HOUR, 27000, 27000, 27000, 0, 0, 0)
    with pytest.raises(FieldsRefused) as refused:
        typed_hours({"monday": "lots", "tuesday": "25"})
    assert set(refused.value.errors) == {"monday", "tuesday"}


def test_a_calendar_is_dumped_and_loaded(agency: Agency, tmp_path: Path, empty_database: EmptyDatabase) -> None:
    set_target_week(agency.lead, agency.lead.member_id, MONDAY, SHORT, 0)
    add_days_off(agency.lead, None, SUNDAY, SUNDAY, "Fair")
    dump_workspace(tmp_path / "dump.json")
    empty_database()
    counts = load_workspace(tmp_path / "dump.json")
    assert (counts["target_week"], counts["day_off"]) == (1, 1)
    with reading() as session:
        calendar = calendars_of(session, agency.workspace_id)[agency.lead.member_id]
    assert target_seconds(calendar, MONDAY) == 8 * HOUR


def test_a_dump_of_before_there_were_calendars_still_loads(
    agency: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    dump_workspace(tmp_path / "dump.json")
    content: dict[str, Any] = json.loads((tmp_path / "dump.json").read_text())
    del content["target_week"], content["day_off"]
    (tmp_path / "dump.json").write_text(json.dumps(content))
    empty_database()
    assert load_workspace(tmp_path / "dump.json")["member"] == 2
    assert _target(agency.lead) == 0
