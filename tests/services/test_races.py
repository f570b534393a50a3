"""Writing and finalising at the same moment: one of them comes first, and the other sees what it did."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Barrier, Event
from types import ModuleType

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from agency_app.services import change_entry, log_time, undo_change
from agency_app.services import finalise_invoice as finalising
from agency_app.services.actor import Actor
from agency_app.services.change_entry import EditEntry
from agency_app.services.log_time import LogTime
from agency_app.services.plan_task import PlanTask, drop_task, plan_task
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import Locked, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.settings import settings
from agency_app.store.engine import reading
from agency_app.store.invoices import final_invoice_on
from agency_app.tables import Invoice, InvoiceDocument, TimeEntry
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 15, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE = 30
"""Seconds until a test gives up on a thread; no outcome depends on it."""

Write = Callable[[], object]
Make = Callable[[Agency], Write]
"""Prepares a write that changes what Northwind's November is billed for."""


def log(agency: Agency, start: datetime, client_id: str = "") -> log_time.Logged:
    command = LogTime(client_id or agency.northwind, agency.optimisation, start, start + HOUR)
    return log_time.log_time(agency.owner, command)


def log_new(agency: Agency) -> Write:
    return lambda: log(agency, NINE + 4 * HOUR)


def log_planned(agency: Agency) -> Write:
    task_id = plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Close report", 3600))
    return lambda: log_time.log_task(agency.owner, task_id, NINE + 4 * HOUR)


def move_in(agency: Agency) -> Write:
    late = log(agency, DECEMBER)
    return lambda: change_entry.move_entry(agency.owner, late.entry_id, late.version, NINE, NINE + HOUR)


def move_out(agency: Agency) -> Write:
    logged = log(agency, NINE + 2 * HOUR)
    return lambda: change_entry.move_entry(agency.owner, logged.entry_id, logged.version, DECEMBER, DECEMBER + HOUR)


def edit_in(agency: Agency) -> Write:
    logged = log(agency, NINE, agency.summit)
    command = EditEntry(agency.northwind, agency.optimisation, NINE, NINE + HOUR)
    return lambda: change_entry.edit_entry(agency.owner, logged.entry_id, logged.version, command)


def delete(agency: Agency) -> Write:
    logged = log(agency, NINE + 2 * HOUR)
    return lambda: change_entry.delete_entry(agency.owner, logged.entry_id, logged.version)


def undo_delete(agency: Agency) -> Write:
    logged = log(agency, NINE + 2 * HOUR)
    deleted = change_entry.delete_entry(agency.owner, logged.entry_id, logged.version)
    return lambda: undo_change.undo_change(agency.owner, deleted.undo_id)


def rivals(agency: Agency, make: Make) -> tuple[Write, Write]:
    """Return the write, and finalising Northwind's November as it is before that write."""
    log(agency, NINE)
    write = make(agency)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    return write, lambda: finalising.finalise_invoice(agency.lead, agency.northwind, DAY, version)


CHECKS: dict[Make, tuple[ModuleType, str]] = {
    log_new: (log_time, "refuse_locked_day"),
    log_planned: (log_time, "refuse_locked_day"),
    move_in: (change_entry, "refuse_locked_day"),
    move_out: (change_entry, "refuse_locked_day"),
    edit_in: (change_entry, "refuse_locked_day"),
    delete: (change_entry, "refuse_locked_entry"),
    undo_delete: (undo_change, "refuse_locked_day"),
}
"""The last check of each write for a final invoice, where it is halted."""


@pytest.mark.parametrize("make", CHECKS)
def test_a_write_that_saw_the_month_open_is_in_the_draft_before_it_can_be_finalised(
    agency: Agency, database: str, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    write, finalise = rivals(agency, make)
    first, second = at_once(database, monkeypatch, CHECKS[make], write, finalise)
    first.result()
    with pytest.raises(Stale):
        second.result()
    assert unbilled_work_of_invoiced_months() == []
    assert verify_workspace() == []


@pytest.mark.parametrize("make", CHECKS)
def test_a_write_that_comes_while_its_month_is_finalised_is_refused(
    agency: Agency, database: str, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    write, finalise = rivals(agency, make)
    first, second = at_once(database, monkeypatch, (finalising, "_close_periods"), finalise, write)
    first.result()
    with pytest.raises(Locked, match="INV-2026-0001"):
        second.result()
    assert unbilled_work_of_invoiced_months() == []
    assert verify_workspace() == []


def at_once(
    database: str, monkeypatch: pytest.MonkeyPatch, step: tuple[ModuleType, str], first: Write, second: Write
) -> tuple[Future[object], Future[object]]:
    """Run two writes at once: the first halts after a step of its transaction until the second is done or waits."""
    module, name = step
    real = getattr(module, name)
    halted, done = Event(), Event()

    def step_then_halt(*arguments: object) -> object:
        result = real(*arguments)
        if not halted.is_set():
            halted.set()
            until(lambda: done.is_set() or somebody_waits(database))
        return result

    monkeypatch.setattr(module, name, step_then_halt)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        until(lambda: halted.is_set() or one.done())
        two = pool.submit(second)
        two.add_done_callback(lambda _: done.set())
    return one, two


def until(holds: Callable[[], bool]) -> None:
    """Return as soon as something holds; fail when it never does."""
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, "neither thread gets on"
        time.sleep(0.005)


def somebody_waits(database: str) -> bool:
    """Tell whether a writer waits for the transaction of another: on SQLite whoever writes while one is open does."""
    if database == "postgresql":
        with reading() as session:
            waiting = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return session.execute(waiting).scalar_one() > 0
    connection = sqlite3.connect(settings().resolved_database_url.removeprefix("sqlite:///"), timeout=0)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        connection.close()
    return False


def unbilled_work_of_invoiced_months() -> list[str]:
    """Return the billable entries that a final invoice of their client and day should have billed, and did not."""
    with reading() as session:
        open_work = session.exec(select(TimeEntry).where(col(TimeEntry.invoice_id).is_(None), TimeEntry.billable)).all()
        return [
            entry.id
            for entry in open_work
            if final_invoice_on(session, entry.workspace_id, entry.client_id, entry.work_date) is not None
        ]


def test_a_document_drawn_by_many_at_once_is_stored_once(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    log(agency, NINE)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    with monkeypatch.context() as patch:
        patch.setattr(finalising, "document_bytes", lambda *_: b"")
        done = finalising.finalise_invoice(agency.owner, agency.northwind, DAY, version)
    together = Barrier(8, timeout=PATIENCE)

    def draw(_: int) -> bytes:
        together.wait()
        return finalising.document_bytes(agency.owner, done.invoice_id)

    with ThreadPoolExecutor(8) as pool:
        drawn = set(pool.map(draw, range(8)))
    with reading() as session:
        assert drawn == {session.exec(select(InvoiceDocument)).one().content}


def test_eight_people_who_log_move_undo_and_finalise_at_once_end_with_books_that_add_up(agency: Agency) -> None:
    months = [datetime(2026, month, 10, 8, tzinfo=UTC) for month in range(3, 9)]
    entries = [log(agency, month + place * HOUR) for month in months for place in range(4)]

    def work(seed: int) -> list[str]:
        """Do a person's share; return what was done. A refusal is an answer, an error of the database is none."""
        random, actor, done = Random(seed), (agency.owner, agency.lead)[seed % 2], list[str]()
        for turn in range(12):
            verb = finalise if turn == 11 else random.choice([move, move, log_and_undo, plan_and_log, finalise])
            try:
                verb(random, actor)
                done.append(verb.__name__)
            except Refused:
                continue
        return done

    def move(random: Random, actor: Actor) -> None:
        entry_id, start = random.choice(entries).entry_id, random.choice(months) + random.randrange(96) * HOUR
        with reading() as session:
            version = session.get_one(TimeEntry, entry_id).version
        moved = change_entry.move_entry(actor, entry_id, version, start, start + HOUR)
        if random.random() < 0.5:
            undo_change.undo_change(actor, moved.undo_id)

    def log_and_undo(random: Random, actor: Actor) -> None:
        start = random.choice(months)
        command = LogTime(agency.northwind, agency.reporting, start, start + HOUR)
        undo_change.undo_change(actor, log_time.log_time(actor, command).undo_id)

    def plan_and_log(random: Random, actor: Actor) -> None:
        task_id = plan_task(actor, PlanTask(agency.northwind, agency.reporting, "Report", 1800))
        try:
            log_time.log_task(actor, task_id, random.choice(months))
        except Locked:
            drop_task(actor, task_id)
            raise

    def finalise(random: Random, actor: Actor) -> None:
        day = random.choice(months).date()
        version = read_draft(actor, agency.northwind, day).version
        done = finalising.finalise_invoice(actor, agency.northwind, day, version, issue_date=date(2026, 9, 1))
        finalising.document_bytes(actor, done.invoice_id)

    with ThreadPoolExecutor(8) as pool:
        done = [name for share in pool.map(work, range(8)) for name in share]
    with reading() as session:
        final = session.exec(select(Invoice).where(Invoice.status == "final")).all()
    assert len(final) == done.count("finalise") > 0
    assert "move" in done
    assert unbilled_work_of_invoiced_months() == []
    assert verify_workspace() == []
