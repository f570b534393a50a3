"""A quick line against a real workspace: understood, asked about, logged, and taken back."""

from datetime import UTC, date, datetime

import pytest

from agency_app.services.change_entry import delete_entry
from agency_app.services.log_line import UnsureLine, log_line, understand_line
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_entry import read_entry
from agency_app.services.refusal import Refused
from agency_app.services.undo_change import undo_change
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store import work
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Workspace
from tests.services.conftest import Agency

NOW = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
"""14:00 in Amsterdam, a Wednesday."""


def entries(agency: Agency) -> list[work.EntryRow]:
    with reading() as session:
        return work.week_entries(
            session, agency.workspace_id, agency.owner.member_id, date(2026, 1, 1), date(2026, 12, 31)
        )


def test_a_sure_line_is_logged_as_it_was_understood(agency: Agency) -> None:
    line, logged = log_line(
        agency.owner, "2h northwind meta optimisation yesterday 9pm budget shift #Q4 #launch", at=NOW
    )
    row = read_entry(agency.owner, logged.entry_id)
    assert (row.client_id, row.activity_id, row.platform) == (agency.northwind, agency.optimisation, "Meta")
    assert (
        (row.started_at, row.ended_at)
        == (line.start, line.end)
        == (
            datetime(2026, 11, 17, 20, tzinfo=UTC),
            datetime(2026, 11, 17, 22, tzinfo=UTC),
        )
    )
    assert (row.seconds, row.work_date) == (7200, date(2026, 11, 17))
    assert (row.note, row.tags) == ("budget shift", "launch q4")
    assert (row.retainer_id, row.rate) == (agency.northwind_retainer, 950_000)
    assert verify_workspace() == []


def test_a_campaign_brings_its_client_and_platform(agency: Agency) -> None:
    _, logged = log_line(agency.owner, "45m autumn strategy", at=NOW)
    row = read_entry(agency.owner, logged.entry_id)
    assert (row.client_id, row.campaign_id, row.platform) == (agency.northwind, agency.campaign, "Meta")


def test_an_unsure_line_saves_nothing_and_names_the_candidates(agency: Agency) -> None:
    with transaction() as session:
        session.add(Client(workspace_id=agency.workspace_id, name="Summer Camps", short_name="Camps"))
    with pytest.raises(UnsureLine) as refused:
        log_line(agency.owner, "2h sum reviewed", at=NOW)
    assert refused.value.faults == [
        "client: Summer Camps, Summit Coffee",
        "activity: Optimisation, Reporting, Strategy",
    ]
    assert entries(agency) == []
    answers = {"client": agency.summit, "activity": agency.reporting}
    line, _ = log_line(agency.owner, "2h sum reviewed", answers, at=NOW)
    assert line.note == "reviewed"
    assert [row.client_id for row in entries(agency)] == [agency.summit]


def test_an_answer_counts_only_while_the_line_asks_for_it(agency: Agency) -> None:
    answers = {"client": agency.summit, "activity": agency.reporting, "start": "2026-11-17T09:00:00+01:00"}
    line = understand_line(agency.owner, "2h northwind strategy yesterday 9pm", answers, at=NOW)
    assert (line.client and line.client.id, line.activity and line.activity.id) == (agency.northwind, agency.strategy)
    assert line.start == datetime(2026, 11, 17, 20, tzinfo=UTC)
    chained = understand_line(agency.owner, "northwind strategy yesterday", answers | {"seconds": "3600"}, at=NOW)
    assert (chained.sure, chained.seconds, chained.start) == (True, 3600, datetime(2026, 11, 17, 8, tzinfo=UTC))


def test_zero_and_more_than_a_day_are_refused(agency: Agency) -> None:
    for text in ("0h reporting summit", "25h reporting summit", "09:00-09:00 reporting summit"):
        with pytest.raises(Refused) as refused:
            log_line(agency.owner, text, at=NOW)
        assert not isinstance(refused.value, UnsureLine)
        assert refused.value.field == "seconds"
    assert entries(agency) == []


def test_the_end_of_the_last_entry_is_offered_where_the_start_is_missing(agency: Agency) -> None:
    begin, end = datetime(2026, 11, 17, 10, tzinfo=UTC), datetime(2026, 11, 17, 11, 15, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.summit, agency.reporting, begin, end))
    line = understand_line(agency.owner, "1h reporting summit yesterday", at=NOW)
    (question,) = line.unsure
    assert [answer.value for answer in question.candidates] == [
        "2026-11-17T12:15:00+01:00",
        "2026-11-17T09:00:00+01:00",
    ]


def test_archived_names_and_other_workspaces_are_not_understood(agency: Agency) -> None:
    elsewhere = Workspace(name="Elsewhere")
    with transaction() as session:
        session.add(elsewhere)
        session.flush()
        session.add(Client(workspace_id=elsewhere.id, name="Zenith", short_name="Zenith"))
        session.add(Client(workspace_id=agency.workspace_id, name="Orbit", short_name="Orbit", archived=True))
    for name in ("zenith", "orbit"):
        line = understand_line(agency.owner, f"1h reporting {name}", at=NOW)
        assert (line.client, line.note) == (None, name)
    answered = understand_line(agency.owner, "1h reporting zenith", {"client": "somebody else's"}, at=NOW)
    assert answered.client is None


def test_a_logged_line_is_undone_like_any_gesture(agency: Agency) -> None:
    _, logged = log_line(agency.owner, "45m reporting summit #q4", at=NOW)
    deleted = delete_entry(agency.owner, logged.entry_id, logged.version)
    undo_change(agency.owner, deleted.undo_id)
    assert [row.tags for row in entries(agency)] == ["q4"]
    _, again = log_line(agency.owner, "45m reporting northwind", at=NOW)
    undo_change(agency.owner, again.undo_id)
    assert [row.client_id for row in entries(agency)] == [agency.summit]


def test_what_no_database_keeps_is_left_out_and_a_long_line_is_refused(agency: Agency) -> None:
    _, logged = log_line(agency.owner, "45m reporting summit tab\x00bed \ud800 ☕👩‍💻", at=NOW)
    assert read_entry(agency.owner, logged.entry_id).note == "tab bed ? ☕👩‍💻"
    with pytest.raises(Refused, match="at most 500"):
        understand_line(agency.owner, "x" * 501)


def test_a_workspace_without_names_asks_without_candidates(agency: Agency) -> None:
    empty = Workspace(name="New")
    with transaction() as session:
        session.add(empty)
    actor = type(agency.owner)(**(agency.owner.__dict__ | {"workspace_id": empty.id}))
    assert [one.field for one in understand_line(actor, "2h northwind", at=NOW).unsure] == ["client", "activity"]
