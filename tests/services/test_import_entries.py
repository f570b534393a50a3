"""Imports: each row once, every bad row named, nothing half stored."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from agency_app.services.actor import actor_of
from agency_app.services.agreement import rate_for
from agency_app.services.approve_week import approve_week, read_approvals, submit_week
from agency_app.services.change_entry import delete_entry, move_entry
from agency_app.services.change_workspace import change_workspace
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.import_entries import ImportReport, import_entries
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store import people
from agency_app.store.engine import reading, transaction
from agency_app.tables import (
    Activity,
    AuditEvent,
    Campaign,
    Client,
    ImportedEntry,
    Member,
    Rate,
    Task,
    TimeEntry,
)
from tests.services.conftest import Agency

EXPORTS = Path(__file__).parents[1] / "connectors" / "exports"
SAMPLES = sorted(path.stem for path in EXPORTS.glob("*.csv"))
ZONE = "Europe/Berlin"
HEADING = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"


def toggl(*rows: str) -> bytes:
    return (HEADING + "".join(f"{row}\n" for row in rows)).encode()


def row(
    client: str = "Northwind Outdoor",
    day: str = "2026-09-14",
    *,
    person: str = "Mara Halden,mara@halden.example",
    description: str = "Budgets",
    task: str = "Optimisation",
    start: str = "09:00:00",
    end: str = "10:00:00",
    duration: str = "01:00:00",
) -> str:
    return f"{person},{client},,{task},{description},Yes,{day},{start},{day},{end},{duration},"


def run(agency: Agency, data: bytes, **options: Any) -> ImportReport:
    return import_entries(agency.owner, data, "export.csv", **{"zone": ZONE, **options})


def sample(name: str) -> tuple[bytes, dict[str, Any]]:
    expected = json.loads((EXPORTS / f"{name}.expected.json").read_text(encoding="utf-8"))
    return (EXPORTS / f"{name}.csv").read_bytes(), expected


def stored() -> list[TimeEntry]:
    with reading() as session:
        return list(
            session.exec(select(TimeEntry).order_by(col(TimeEntry.work_date), col(TimeEntry.started_at), TimeEntry.id))
        )


def counts() -> dict[str, int]:
    tables = (Task, TimeEntry, ImportedEntry, Client, Member, Activity, Campaign, AuditEvent)
    with reading() as session:
        return {table.__name__: session.exec(select(func.count()).select_from(table)).one() for table in tables}


def _revision(agency: Agency) -> int:
    with reading() as session:
        return people.workspace(session, agency.workspace_id).revision


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_export_comes_in_once_and_a_second_time_adds_nothing(agency: Agency, name: str) -> None:
    data, expected = sample(name)
    before = counts()
    report = run(agency, data, create_missing=True)
    entries = [entry for entry in expected["entries"] if entry["seconds"] > 0]
    assert report.format == expected["format"]
    assert (report.added, report.added_seconds) == (len(entries), expected["total_seconds"])
    assert report.rows_total == report.added + report.already_known + report.skipped + len(report.rejected)
    breaks = sum(fault["code"] == "break_row" for fault in expected["rows_rejected"])
    assert [fault.line for fault in report.rejected] == [
        fault["line"] for fault in expected["rows_rejected"] if fault["code"] != "break_row"
    ]
    assert report.skipped == len(expected["entries"]) - len(entries) + breaks
    assert counts()["TimeEntry"] == before["TimeEntry"] + len(entries)
    assert sum(entry.seconds for entry in stored()) == expected["total_seconds"]
    billable = [e for e in entries if e["billable"] and not e.get("invoiced") and e["client"]]
    assert sum(e.seconds for e in stored() if e.billable) == sum(e["seconds"] for e in billable)
    after, revision = counts(), _revision(agency)

    again = run(agency, data, create_missing=True)
    assert (again.added, again.already_known, again.stored) == (0, len(entries), False)
    assert (counts(), _revision(agency)) == (after, revision)
    assert verify_workspace() == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_dry_run_says_the_same_and_stores_nothing(agency: Agency, name: str) -> None:
    data, _ = sample(name)
    before = counts()
    planned = run(agency, data, create_missing=True, dry_run=True)
    assert (counts(), _revision(agency)) == (before, 0)
    done = run(agency, data, create_missing=True)
    assert replace(done, stored=False) == planned
    assert done.stored


def test_unknown_people_and_clients_are_listed_and_their_rows_stay_out(agency: Agency) -> None:
    data, _ = sample("toggl_detailed")
    report = run(agency, data)
    assert report.unknown_clients == ["Bluebird Bakery", "Tern Cycles"]
    assert report.unknown_members == ["Mira Olsen", "Tomas Reed"]
    assert [(fault.line, fault.code) for fault in report.rejected] == [
        (2, "unknown_member"),
        (4, "unknown_member"),
        (5, "unknown_member"),
    ]
    assert report.rejected[0].reason == (
        "Mira Olsen is not a member of this workspace. Bluebird Bakery is not a client of this workspace."
    )
    assert (report.added, report.stored, stored()) == (0, False, [])


def test_created_members_cannot_sign_in_and_created_clients_bill_in_the_workspaces_currency(agency: Agency) -> None:
    data, _ = sample("toggl_detailed")
    report = run(agency, data, create_missing=True)
    assert report.created_clients == ["Bluebird Bakery", "Tern Cycles"]
    assert report.created_members == ["Mira Olsen", "Tomas Reed"]
    assert report.created_activities == ["Paid social", "Imported work"]
    assert report.created_campaigns == ["Autumn launch (Bluebird Bakery)", "Search retainer (Tern Cycles)"]
    with reading() as session:
        members = {member.name: member for member in people.members(session, agency.workspace_id)}
        clients = {client.name: client for client in session.exec(select(Client))}
        campaigns = {campaign.name: campaign for campaign in session.exec(select(Campaign))}
        tasks = {task.title: task for task in session.exec(select(Task))}
    mira = members["Mira Olsen"]
    assert (mira.email, mira.role, mira.active, mira.password_hash) == ("mira@harbourpine.example", "member", False, "")
    bakery, tern = clients["Bluebird Bakery"], clients["Tern Cycles"]
    assert (bakery.currency, bakery.internal, bakery.colour, tern.colour) == ("EUR", False, 3, 4)
    assert (campaigns["Autumn launch"].platform, campaigns["Autumn launch"].client_id) == ("Other", bakery.id)
    assert tasks['Meta budgets, "warm" audiences'].platform == "Meta"
    assert tasks["Night fix 🌙"].platform == "Google Ads"


def test_the_true_seconds_of_a_night_and_of_a_clock_change_come_in(agency: Agency) -> None:
    data, _ = sample("toggl_detailed")
    run(agency, data, create_missing=True)
    change, _, night = stored()
    assert (change.seconds, change.work_date, change.zone) == (10_800, date(2026, 10, 25), ZONE)
    assert (night.seconds, night.work_date) == (2_701, date(2026, 11, 3))
    for entry in (change, night):
        assert entry.started_at is not None
        assert entry.ended_at == entry.started_at + timedelta(seconds=entry.seconds)


def test_a_break_shortens_the_span_and_never_the_time(agency: Agency) -> None:
    data, _ = sample("kimai_export_en")
    run(agency, data, create_missing=True)
    [workshop] = [entry for entry in stored() if entry.note == "Workshop with break"]
    assert workshop.seconds == 5400
    assert workshop.started_at == datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert workshop.ended_at == datetime(2026, 11, 3, 13, 30, tzinfo=UTC)


def test_hours_without_clock_times_stay_without_them(agency: Agency) -> None:
    data, _ = sample("harvest_time")
    run(agency, data, create_missing=True)
    assert all(entry.started_at is None and entry.ended_at is None for entry in stored())
    with reading() as session:
        members = {member.name: member.email for member in people.members(session, agency.workspace_id)}
    assert members["Mira Olsen"] == "mira.olsen@imported.invalid"


def test_work_without_a_client_is_the_agencys_own_and_never_billable(agency: Agency) -> None:
    data, _ = sample("harvest_time")
    report = run(agency, data, create_missing=True)
    assert "Internal" in report.unknown_clients
    with reading() as session:
        internal = session.exec(select(Client).where(Client.name == "Internal")).one()
    assert internal.internal
    assert [entry.billable for entry in stored() if entry.client_id == internal.id] == [False]
    other, _ = sample("clockify_detailed_us")
    assert "Internal" not in run(agency, other).unknown_clients
    assert sum(client.internal for client in _all_clients()) == 1


def _all_clients() -> list[Client]:
    with reading() as session:
        return list(session.exec(select(Client)))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("clockify_detailed_extended_eu", "(already invoiced on HP-0007)"),
        ("harvest_time", "(already invoiced elsewhere)"),
    ],
)
def test_work_invoiced_elsewhere_is_never_billed_again(agency: Agency, name: str, said: str) -> None:
    data, expected = sample(name)
    report = run(agency, data, create_missing=True)
    [invoiced] = [entry for entry in stored() if said in entry.note]
    assert not invoiced.billable
    [source] = [entry for entry in expected["entries"] if entry.get("invoiced")]
    assert invoiced.seconds == source["seconds"]
    assert "already_invoiced_elsewhere" in {warning.code for warning in report.warnings}


def test_bad_rows_are_named_and_the_rest_comes_in(agency: Agency) -> None:
    data = toggl(
        row(),
        row(day="2026-13-14"),
        row(person="Nobody Known,nobody@else.example"),
        row(client="Unknown & Sons"),
        row(description="Second", start="10:30:00", end="11:30:00"),
        row(person=","),
        row(start="11:00:00", end="11:00:00", duration="00:00:00"),
    )
    report = run(agency, data)
    assert [(fault.line, fault.code) for fault in report.rejected] == [
        (3, "invalid_date"),
        (4, "unknown_member"),
        (5, "unknown_client"),
        (7, "missing_user"),
    ]
    assert (report.added, report.skipped, report.rows_total) == (2, 1, 7)
    assert [(warning.line, warning.code) for warning in report.warnings] == [(8, "zero_length")]
    assert [entry.note for entry in stored()] == ["Budgets", "Second"]


def test_all_or_nothing_stores_nothing_when_a_row_is_bad(agency: Agency) -> None:
    before = counts()
    report = run(agency, toggl(row(), row(client="Unknown & Sons")), all_or_nothing=True)
    assert (report.stored, report.added, report.held_back, len(report.rejected)) == (False, 0, 1, 1)
    assert counts() == before
    again = run(agency, toggl(row(), row(client="Unknown & Sons")), all_or_nothing=True, create_missing=True)
    assert (again.stored, again.added) == (True, 2)


def test_a_break_does_not_keep_everything_out(agency: Agency) -> None:
    data, _ = sample("clockify_detailed_extended_eu")
    report = run(agency, data, create_missing=True, all_or_nothing=True)
    assert (report.stored, report.added, report.skipped, report.rejected) == (True, 2, 1, [])
    assert "break_row" in {warning.code for warning in report.warnings}


def test_rows_edited_or_deleted_since_do_not_come_back(agency: Agency) -> None:
    data = toggl(row(), row(description="Second", start="11:00:00", end="12:00:00"))
    run(agency, data)
    first, second = stored()
    assert first.started_at is not None
    later = first.started_at + timedelta(days=1)
    move_entry(agency.owner, first.id, first.version, later, later + timedelta(hours=2))
    delete_entry(agency.owner, second.id, second.version)
    report = run(agency, data)
    assert (report.added, report.already_known) == (0, 2)
    [left] = stored()
    assert (left.id, left.seconds) == (first.id, 7200)


def test_two_rows_that_are_alike_both_come_in_once(agency: Agency) -> None:
    data = toggl(row(), row())
    assert run(agency, data).added == 2
    assert run(agency, data).already_known == 2
    assert len(stored()) == 2


def test_a_longer_export_of_the_same_time_adds_only_what_is_new(agency: Agency) -> None:
    run(agency, toggl(row()))
    report = run(agency, toggl(row(day="2026-09-15"), row()))
    assert (report.added, report.already_known) == (1, 1)


def test_a_closed_month_takes_no_imported_work(agency: Agency) -> None:
    start = datetime(2026, 9, 2, 9, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=1)))
    live = read_draft(agency.owner, agency.northwind, start.date())
    number = finalise_invoice(agency.owner, agency.northwind, start.date(), live.version, date(2026, 10, 1)).number
    person = "New Hand,new@halden.example"
    report = run(agency, toggl(row(person=person), row(day="2026-10-01")), create_missing=True)
    [fault] = report.rejected
    assert (fault.line, fault.code) == (2, "closed_period")
    assert fault.reason == f"Northwind Outdoor's September 2026 is invoiced on {number} and closed."
    assert (report.added, report.created_members) == (1, [])
    assert verify_workspace() == []


def test_neither_the_lock_date_nor_an_approved_week_takes_imported_work(agency: Agency) -> None:
    change_workspace(agency.owner, 1, {"locked_until": "2026-09-02", "approval": "on"})
    start = datetime(2026, 9, 9, 9, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=1)))
    submit_week(agency.owner, start.date())
    [handed] = read_approvals(agency.owner)
    approve_week(agency.owner, handed.submission.id, handed.seen)
    mara = "Mara Halden,mara@halden.example"
    rows = (row(day="2026-09-02", person=mara), row(day="2026-09-10", person=mara), row(day="2026-09-16", person=mara))
    report = run(agency, toggl(*rows))
    assert [(fault.line, fault.code) for fault in report.rejected] == [(2, "locked"), (3, "approved_week")]
    assert report.rejected[0].reason == "The books are closed up to 02 Sep 2026."
    assert report.added == 1


def test_a_row_known_from_before_the_month_was_closed_is_known_and_not_bad(agency: Agency) -> None:
    run(agency, toggl(row()))
    live = read_draft(agency.owner, agency.northwind, date(2026, 9, 1))
    finalise_invoice(agency.owner, agency.northwind, date(2026, 9, 1), live.version, date(2026, 10, 1))
    report = run(agency, toggl(row()))
    assert (report.already_known, report.rejected) == (1, [])


def test_imported_work_burns_the_retainer_down_and_stands_on_the_draft(agency: Agency) -> None:
    run(agency, toggl(row(), row(task="Strategy", start="13:00:00", end="15:00:00", duration="02:00:00")))
    assert {entry.retainer_id for entry in stored()} == {agency.northwind_retainer}
    live = read_draft(agency.owner, agency.northwind, date(2026, 9, 14))
    assert [(line.description, line.net_minor) for line in live.draft.lines] == [
        ("Optimisation", 95_00),
        ("Strategy", 280_00),
    ]


def test_the_rate_and_its_source_are_those_that_logging_by_hand_would_give(agency: Agency) -> None:
    with transaction() as session:
        home = {"workspace_id": agency.workspace_id}
        summit, owner, strategy = agency.summit, agency.owner.member_id, agency.strategy
        session.add_all(
            [
                Rate(**home, starts_on=date(2026, 9, 10), rate=1_010_000),
                Rate(**home, starts_on=date(2026, 9, 12), rate=1_200_000, client_id=summit),
                Rate(**home, starts_on=date(2025, 6, 1), rate=1_300_000, member_id=owner),
                Rate(**home, starts_on=date(2026, 9, 20), rate=1_500_000, client_id=summit, activity_id=strategy),
                Rate(**home, starts_on=date(2026, 9, 1), rate=1_600_000, activity_id=strategy, member_id=owner),
            ]
        )
    people_of = ("Mara Halden,mara@halden.example", "Joris Vink,joris@halden.example")
    run(
        agency,
        toggl(
            *(
                row(client, f"2026-09-{day:02}", person=person, task=task)
                for client in ("Northwind Outdoor", "Summit Coffee")
                for day in (8, 11, 14, 22)
                for person in people_of
                for task in ("Optimisation", "Strategy")
            )
        ),
    )
    with reading() as session:
        tasks = {task.id: task for task in session.exec(select(Task))}
        for entry in stored():
            by_hand = rate_for(
                session,
                agency.workspace_id,
                entry.client_id,
                tasks[entry.task_id].activity_id,
                entry.member_id,
                entry.work_date,
            )
            assert (entry.rate, entry.rate_source) == (by_hand.rate, by_hand.source)
    assert len(stored()) == 32
    assert len({entry.rate for entry in stored()}) >= 6


def test_names_match_without_regard_to_case_and_spaces(agency: Agency) -> None:
    report = run(
        agency,
        toggl(
            row("NORTHWIND  outdoor", person="mara  HALDEN,", task="optimisation"),
            row("Northwind", person="Somebody,MARA@halden.example", description="By short name"),
            row("Northwind Outdoor B.V.", description="By legal name"),
        ),
    )
    assert (report.added, report.rejected, report.created_activities) == (3, [], [])
    assert {entry.member_id for entry in stored()} == {agency.owner.member_id}


def test_a_name_that_two_members_share_is_not_guessed(agency: Agency) -> None:
    with transaction() as session:
        session.add(Member(workspace_id=agency.workspace_id, email="mara2@halden.example", name="Mara Halden"))
    report = run(agency, toggl(row(person="Mara Halden,")), create_missing=True)
    assert [fault.code for fault in report.rejected] == ["two_members"]


def test_every_row_can_be_given_to_one_member(agency: Agency) -> None:
    report = run(
        agency, toggl(row(person="Someone Else,"), row(person="Another,")), member_email="Joris@halden.example"
    )
    assert (report.added, report.unknown_members) == (2, [])
    assert {entry.member_id for entry in stored()} == {agency.lead.member_id}
    nameless = toggl(row(person=","), row(person=",", description="Again"), row(client="", person=","))
    assert [fault.code for fault in run(agency, nameless).rejected] == ["missing_user"] * 3
    rescued = run(agency, nameless, member_email="joris@halden.example", create_missing=True)
    assert (rescued.added, rescued.rejected) == (3, [])
    assert {entry.member_id for entry in stored()} == {agency.lead.member_id}
    assert run(agency, nameless, member_email="joris@halden.example").already_known == 3
    with pytest.raises(NotFound) as refused:
        run(agency, toggl(row()), member_email="nobody@halden.example")
    assert refused.value.field == "member_email"


def test_a_fixed_price_that_cannot_be_kept_is_reported_with_its_line(agency: Agency) -> None:
    data, _ = sample("kimai_export_en")
    for dry_run in (True, False):
        report = run(agency, data, create_missing=True, dry_run=dry_run)
        notices = [notice for notice in report.warnings if notice.code == "fixed_price_not_kept"]
        assert [notice.line for notice in notices] == [3]
        assert "84.00 EUR" in notices[0].reason
    again = run(agency, data, create_missing=True)
    assert "fixed_price_not_kept" not in {notice.code for notice in again.warnings}


def test_a_file_that_is_no_export_is_refused_whole(agency: Agency) -> None:
    for data in (b"", b"a,b,c\n1,2,3\n", b"\xff\xfe\x00\x00\x00", b"PK\x03\x04\x00\x00"):
        with pytest.raises(Refused, match=r"^export\.csv: ") as refused:
            run(agency, data)
        assert refused.value.field == "file"
    with pytest.raises(Refused, match="time zone"):
        run(agency, toggl(row()), zone="Mars/Olympus")
    assert counts()["TimeEntry"] == 0


def test_only_owner_and_lead_may_import(agency: Agency) -> None:
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida")
        session.add(member)
        session.flush()
        actor = actor_of(member)
    with pytest.raises(NotAllowed):
        import_entries(actor, toggl(row()), "export.csv", zone=ZONE)
    assert stored() == []


def test_an_import_is_on_record_and_counts_as_a_change(agency: Agency) -> None:
    run(agency, toggl(row()))
    with reading() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.verb == "import_entries")).one()
    detail = json.loads(event.detail)
    assert (detail["file"], detail["added"], detail["format"]) == ("export.csv", 1, "toggl.detailed")
    assert _revision(agency) == 1


def test_the_same_file_imported_twice_at_the_same_moment_comes_in_once(agency: Agency) -> None:
    data, expected = sample("toggl_detailed")
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: run(agency, data, create_missing=True), range(2)))
    assert sorted((report.added, report.already_known) for report in reports) == [(0, 3), (3, 0)]
    assert sum(entry.seconds for entry in stored()) == expected["total_seconds"]


def test_ten_thousand_rows_take_seconds(agency: Agency) -> None:
    lines = []
    for number in range(10_000):
        day = date(2026, 1, 5) + timedelta(days=number % 200)
        hour, minute = 8 + number % 10, number % 50
        lines.append(
            row(
                day=day.isoformat(),
                description=f"Touch {number}",
                start=f"{hour:02}:{minute:02}:00",
                end=f"{hour:02}:{minute + 9:02}:00",
                duration="00:09:00",
            )
        )
    data = toggl(*lines)
    began = time.perf_counter()
    assert run(agency, data).added == 10_000
    took = time.perf_counter() - began
    began = time.perf_counter()
    assert run(agency, data).already_known == 10_000
    again = time.perf_counter() - began
    print(f"10,000 rows: {took:.1f} s, again: {again:.1f} s")
    assert took < 20
    assert again < 10


def test_the_tags_of_a_row_are_kept_on_its_entry(agency: Agency) -> None:
    run(agency, toggl(row() + '"Q4, New business,q4"', row(day="2026-09-15")))
    assert [entry.tags for entry in stored()] == ["new-business q4", ""]
    assert verify_workspace() == []
