"""What of an entry is billed: less, written off, on another invoice, split. No second is billed twice, none is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.change_entry import delete_entry, move_entry
from agency_app.services.decide_billing import Seen, bill_seconds, bill_whole, move_to_period, write_off
from agency_app.services.draft_edits import undo_draft_change
from agency_app.services.dump_workspace import workspace_content
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import LiveDraft, read_draft
from agency_app.services.read_invoice import read_invoice
from agency_app.services.read_retainers import read_retainer
from agency_app.services.refusal import Locked, NotAllowed, Refused, Stale
from agency_app.services.split_entry import split_entry
from agency_app.services.undo_change import undo_change
from agency_app.services.verify_workspace import verify_workspace
from agency_app.states.builder_view import board_of, work_of
from agency_app.store import builder
from agency_app.store.engine import reading, transaction
from agency_app.tables import EntryDecision, InvoiceLine, LineWork, TimeEntry
from tests.services.conftest import Agency

DAY, DECEMBER = date(2026, 11, 17), date(2026, 12, 1)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
HOUR = 3600


def log(agency: Agency, hours: int = 2, start: datetime = NINE, actor: Actor | None = None) -> Seen:
    command = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=hours))
    logged = log_time(actor or agency.owner, command)
    return Seen(logged.entry_id, logged.version)


def again(seen: Seen, decision_version: int) -> Seen:
    return Seen(seen.entry_id, seen.version, decision_version)


def live(agency: Agency, day: date = DAY) -> LiveDraft:
    return read_draft(agency.owner, agency.northwind, day)


def finalise(agency: Agency, day: date = DAY) -> str:
    issued = date(2026, 12, 31) if day == DECEMBER else date(2026, 11, 30)
    return finalise_invoice(agency.owner, agency.northwind, day, live(agency, day).version, issued).invoice_id


def test_across_new_year_a_month_is_named_with_its_year(agency: Agency) -> None:
    stays, moves, back = (log(agency, start=datetime(2026, 12, day, 8, tzinfo=UTC)) for day in (1, 2, 3))
    assert stays
    december = open_draft(agency.owner, agency.northwind, DECEMBER)

    def moved_to() -> str:
        stats = board_of(read_invoice(agency.owner, december), "owner")["stats"]
        return next(one["name"] for one in stats if one["name"].startswith("Moved"))

    assert moved_to() == "Moved to January 2027"
    move_to_period(agency.owner, moves, date(2027, 1, 5))
    move_to_period(agency.owner, back, DAY)
    assert moved_to() == "Moved to November and January 2027"

    january = open_draft(agency.owner, agency.northwind, date(2027, 1, 1))
    read = read_invoice(agency.owner, january)
    worked = [row["month"] for line in read.snapshot["lines"] for row in work_of(read, line["position"])]
    assert worked == ["December 2026"]


def test_ninety_of_a_hundred_and_twenty_minutes_are_billed_and_all_of_them_draw(agency: Agency) -> None:
    seen = log(agency)
    bill_seconds(agency.owner, seen, 90 * 60)
    [line] = live(agency).draft.lines
    assert (line.quantity, line.net_minor, line.work[0].seconds) == (15_000, 14_250, 90 * 60)
    shown = read_retainer(agency.owner, agency.northwind_retainer, DAY).shown
    assert shown is not None
    assert (shown.used, shown.written_off) == (2 * HOUR, 0)
    finalise(agency)
    assert verify_workspace() == []


def test_what_is_written_off_needs_a_reason_and_shows_in_the_retainer_s_period(agency: Agency) -> None:
    seen = log(agency)
    with pytest.raises(Refused, match="Say why"):
        write_off(agency.owner, seen, HOUR, "  ")
    off = write_off(agency.owner, seen, HOUR, "Our own mistake")
    assert live(agency).draft.totals.subtotal_minor == 9_500
    shown = read_retainer(agency.owner, agency.northwind_retainer, DAY).shown
    assert shown is not None
    assert (shown.used, shown.written_off) == (2 * HOUR, HOUR)
    undo_draft_change(agency.owner, off.undo_id)
    assert live(agency).draft.totals.subtotal_minor == 19_000


def test_billing_less_keeps_the_write_off_and_never_counts_a_second_twice(agency: Agency) -> None:
    seen = log(agency)
    write_off(agency.owner, seen, HOUR, "Rework")
    bill_seconds(agency.owner, again(seen, 1), HOUR // 2)
    with reading() as session:
        row = builder.decision(session, seen.entry_id)
    assert row is not None
    assert (row.less_seconds, row.written_off_seconds) == (HOUR // 2, HOUR)
    with pytest.raises(Refused, match="between nothing and 1 h"):
        bill_seconds(agency.owner, again(seen, 2), HOUR + 1)
    write_off(agency.owner, again(seen, 2), 2 * HOUR, "All of it")
    assert live(agency).draft.lines == ()
    bill_whole(agency.owner, again(seen, 3))
    assert live(agency).draft.totals.subtotal_minor == 19_000


def test_an_entry_moves_to_the_next_invoice_and_draws_there(agency: Agency) -> None:
    stays, moves = log(agency), log(agency, start=NINE + timedelta(hours=3))
    move_to_period(agency.owner, moves, DECEMBER)
    assert live(agency).draft.totals.subtotal_minor == 19_000
    assert [work.entry_id for work in live(agency, DECEMBER).draft.lines[0].work] == [moves.entry_id]
    periods = [read_retainer(agency.owner, agency.northwind_retainer, day).shown for day in (DAY, DECEMBER)]
    assert [shown.used for shown in periods if shown] == [2 * HOUR, 2 * HOUR]
    finalise(agency)
    with pytest.raises(Locked, match="is invoiced on"):
        move_to_period(agency.owner, again(moves, 1), DAY)
    finalise(agency, DECEMBER)
    with reading() as session:
        assert (
            session.get_one(TimeEntry, moves.entry_id).invoice_id
            != session.get_one(TimeEntry, stays.entry_id).invoice_id
        )
    assert verify_workspace() == []


def test_its_own_month_brings_a_moved_entry_back(agency: Agency) -> None:
    seen = log(agency)
    move_to_period(agency.owner, seen, DECEMBER)
    move_to_period(agency.owner, again(seen, 1), date(2026, 11, 30))
    assert live(agency).draft.totals.subtotal_minor == 19_000
    assert live(agency, DECEMBER).draft.lines == ()


def test_a_split_makes_two_entries_of_the_same_seconds_and_undo_makes_one_again(agency: Agency) -> None:
    seen = log(agency)
    split = split_entry(agency.owner, seen.entry_id, seen.version, 30 * 60, "Audiences")
    with reading() as session:
        rows = session.exec(select(TimeEntry).order_by(TimeEntry.started_at)).all()  # pyright: ignore[reportArgumentType]
    assert [(row.seconds, row.note) for row in rows] == [(30 * 60, ""), (90 * 60, "Audiences")]
    assert rows[0].ended_at == rows[1].started_at
    assert rows[1].ended_at == NINE + timedelta(hours=2)
    assert live(agency).draft.totals.subtotal_minor == 19_000
    undo_change(agency.owner, split.undo_id)
    with reading() as session:
        [row] = session.exec(select(TimeEntry)).all()
    assert (row.id, row.seconds, row.ended_at) == (seen.entry_id, 2 * HOUR, NINE + timedelta(hours=2))


@pytest.mark.parametrize("seconds", [0, 2 * HOUR, -1])
def test_a_split_leaves_both_parts_some_time(agency: Agency, seconds: int) -> None:
    seen = log(agency)
    with pytest.raises(Refused):
        split_entry(agency.owner, seen.entry_id, seen.version, seconds)


def test_an_entry_cannot_become_shorter_than_what_is_held_back_of_it_nor_go(agency: Agency) -> None:
    seen = log(agency)
    write_off(agency.owner, seen, HOUR, "Rework")
    with pytest.raises(Refused, match="cannot be shorter"):
        move_entry(agency.owner, seen.entry_id, seen.version, NINE, NINE + timedelta(minutes=30))
    with pytest.raises(Refused, match="written off"):
        delete_entry(agency.owner, seen.entry_id, seen.version)
    with pytest.raises(Refused, match="written off"):
        split_entry(agency.owner, seen.entry_id, seen.version, 600)


def test_a_decision_on_what_changed_since_is_refused_with_who_changed_it(agency: Agency) -> None:
    seen = log(agency)
    write_off(agency.lead, seen, HOUR, "Rework")
    with pytest.raises(Stale, match="Joris Vink changed what is written off"):
        bill_seconds(agency.owner, seen, HOUR)
    moved = move_entry(agency.owner, seen.entry_id, seen.version, NINE, NINE + timedelta(hours=3))
    with pytest.raises(Stale, match="Mara Halden changed this entry"):
        bill_seconds(agency.owner, again(seen, 1), HOUR)
    assert moved.version == 2


def test_only_those_who_bill_decide_and_invoiced_work_stays_as_it_was_decided(agency: Agency, ida: Actor) -> None:
    seen = log(agency)
    with pytest.raises(NotAllowed):
        write_off(ida, seen, HOUR, "Rework")
    bill_seconds(agency.owner, seen, HOUR)
    finalise(agency)
    with pytest.raises(Locked):
        bill_whole(agency.owner, again(seen, 1))
    for attack in ("UPDATE entry_decision SET less_seconds = 0", "DELETE FROM entry_decision"):
        with pytest.raises(DBAPIError, match="invoiced entry"), transaction() as session:
            session.connection().execute(text(attack))
    assert verify_workspace() == []


def test_the_database_refuses_to_bill_what_is_held_back(agency: Agency) -> None:
    seen = log(agency)
    bill_seconds(agency.owner, seen, HOUR)
    november = open_draft(agency.owner, agency.northwind, DAY)
    with pytest.raises(DBAPIError, match="more seconds billed and written off"):
        _bill(agency, november, seen.entry_id, HOUR + 1)
    _bill(agency, november, seen.entry_id, HOUR)
    for attack in (
        "UPDATE entry_decision SET less_seconds = less_seconds + 1",
        "UPDATE time_entry SET seconds = seconds - 1",
        "UPDATE line_work SET seconds = seconds + 1",
    ):
        with pytest.raises(DBAPIError, match="more seconds"), transaction() as session:
            session.connection().execute(text(attack))


def test_two_drafts_that_bill_the_same_entry_at_once_never_bill_more_than_it_has(agency: Agency) -> None:
    """Past the services, which come one after the other: the database alone lets one of the two through."""
    seen = log(agency)
    bill_seconds(agency.owner, seen, 90 * 60)
    drafts = [open_draft(agency.owner, agency.northwind, day) for day in (DAY, DECEMBER)]
    together = Barrier(2)

    def bill(invoice_id: str) -> bool:
        together.wait(30)
        try:
            _bill(agency, invoice_id, seen.entry_id, 60 * 60)
        except DBAPIError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(bill, drafts))
    assert answers == [False, True]


def test_a_draft_that_bills_and_one_that_moves_the_entry_away_agree(agency: Agency) -> None:
    seen = log(agency)
    log(agency, start=NINE + timedelta(hours=4))
    version = live(agency).version
    together = Barrier(2)

    def bill() -> str:
        together.wait(30)
        try:
            return finalise_invoice(agency.owner, agency.northwind, DAY, version, date(2026, 11, 30)).number
        except Stale:
            return "stale"

    def move() -> str:
        together.wait(30)
        try:
            return move_to_period(agency.lead, seen, DECEMBER).undo_id
        except Locked:
            return "locked"

    with ThreadPoolExecutor(2) as pool:
        billing, moving = pool.submit(bill), pool.submit(move)
        assert (billing.result() == "stale") == (moving.result() != "locked")
    drafted = finalise(agency, DECEMBER) if moving.result() != "locked" else ""
    with reading() as session:
        billed = [row.invoice_id for row in session.exec(select(LineWork).where(LineWork.entry_id == seen.entry_id))]
    assert len(billed) == 1
    assert billed[0] == drafted or not drafted
    assert verify_workspace() == []


def test_the_entry_says_which_lines_billed_it(agency: Agency) -> None:
    seen = log(agency)
    invoice_id = finalise(agency)
    with reading() as session:
        [line] = builder.lines_billing(session, agency.workspace_id, seen.entry_id)
    assert (line.invoice_id, line.number, line.position, line.amount_minor) == (invoice_id, "INV-2026-0001", 1, 19_000)


def test_a_dump_of_before_has_no_decisions_and_one_of_now_has(agency: Agency) -> None:
    write_off(agency.owner, log(agency), HOUR, "Rework")
    assert [row["reason"] for row in workspace_content()["entry_decision"]] == ["Rework"]
    with reading() as session:
        assert len(session.exec(select(EntryDecision)).all()) == 1


def _bill(agency: Agency, invoice_id: str, entry_id: str, seconds: int) -> None:
    with transaction() as session:
        line = InvoiceLine(
            workspace_id=agency.workspace_id,
            invoice_id=invoice_id,
            position=1,
            kind="time",
            description="Work",
            quantity=1,
            unit="h",
            price=0,
            net_minor=0,
            vat_category="S",
            vat_rate=2100,
        )
        session.add(line)
        session.flush()
        session.add(
            LineWork(
                workspace_id=agency.workspace_id,
                invoice_id=invoice_id,
                line_id=line.id,
                entry_id=entry_id,
                seconds=seconds,
                billed_seconds=seconds,
                amount_minor=0,
            )
        )
