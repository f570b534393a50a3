"""Tabs share what they read, and no tab is shown what was there before a change that it was told of."""

import asyncio
import threading

import pytest

from agency_app.services.actor import Actor, revision_of
from agency_app.services.log_time import LogTime, log_time
from agency_app.states import readings
from agency_app.states.readings import changed, shared_reading
from agency_app.store import work
from agency_app.store.engine import reading
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE
from tests.stranger import add_stranger


def hours_of_the_day(actor: Actor) -> int:
    with reading() as session:
        return len(work.week_entries(session, actor.workspace_id, actor.member_id, DAY, DAY))


def log(agency: Agency) -> None:
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, NINE, NINE + HOUR))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions that were looked up in the database."""
    found: list[int] = []

    def look(workspace_id: str) -> int:
        found.append(revision_of(workspace_id))
        return found[-1]

    monkeypatch.setattr(readings, "revision_of", look)
    return found


async def test_readings_after_one_change_look_once_and_the_next_change_is_seen(
    agency: Agency, looks: list[int]
) -> None:
    changed(agency.workspace_id)
    assert [await shared_reading(hours_of_the_day, agency.owner) for _ in range(5)] == [0] * 5
    assert len(looks) == 1
    log(agency)
    changed(agency.workspace_id)
    assert [await shared_reading(hours_of_the_day, agency.owner) for _ in range(5)] == [1] * 5
    assert len(looks) == 2


async def test_readings_at_the_same_time_look_once(agency: Agency, looks: list[int]) -> None:
    changed(agency.workspace_id)
    log(agency)
    asked = (shared_reading(hours_of_the_day, one) for one in (agency.owner, agency.lead, agency.owner))
    assert await asyncio.gather(*asked) == [1, 0, 1]
    assert len(looks) == 1


async def test_what_all_members_read_alike_is_read_once_and_stays_in_its_workspace(agency: Agency) -> None:
    asked: list[Actor] = []

    def workspace_of(actor: Actor) -> str:
        asked.append(actor)
        return actor.workspace_id

    stranger = add_stranger()
    for member in (agency.owner, agency.lead, stranger):
        assert await shared_reading(workspace_of, member, alike=True) == member.workspace_id
    assert asked == [agency.owner, stranger]
    assert await shared_reading(workspace_of, agency.lead) == agency.workspace_id
    assert asked == [agency.owner, stranger, agency.lead]


async def test_a_change_that_nobody_told_of_is_seen_after_a_moment(
    agency: Agency, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "_SECONDS_BELIEVED", 0.0)
    assert await shared_reading(hours_of_the_day, agency.owner) == 0
    log(agency)
    assert await shared_reading(hours_of_the_day, agency.owner) == 1
    assert len(looks) == 2


async def test_a_look_that_was_under_way_when_a_change_was_told_of_is_not_believed(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(agency.workspace_id)
    looked, go_on = threading.Event(), threading.Event()

    def slow_look(workspace_id: str) -> int:
        found = revision_of(workspace_id)
        looked.set()
        go_on.wait(10)
        return found

    monkeypatch.setattr(readings, "revision_of", slow_look)
    slow = asyncio.create_task(shared_reading(hours_of_the_day, agency.owner))
    await asyncio.to_thread(looked.wait, 10)
    log(agency)
    changed(agency.workspace_id)
    go_on.set()
    await slow
    assert await shared_reading(hours_of_the_day, agency.owner) == 1
