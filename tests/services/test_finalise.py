"""Finalising freezes exactly what the draft said, once, under the next number; whatever stops it changes nothing."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from agency_app.documents.invoice_pdf import render_invoice
from agency_app.services import finalise_invoice as finalising
from agency_app.services.actor import Actor, actor_of
from agency_app.services.finalise_invoice import Finalised, document_bytes, finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import LiveDraft, read_draft
from agency_app.services.refusal import Locked, NotAllowed, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.store.whole_workspace import objects
from agency_app.tables import (
    Client,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceSeries,
    LineWork,
    Member,
    RetainerPeriod,
    TimeEntry,
    Workspace,
)
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
ISSUED = date(2026, 11, 30)


def log(agency: Agency, client_id: str, hours: int = 2, start: datetime = NINE) -> str:
    """Log optimisation for a client and return the entry's id."""
    command = LogTime(client_id, agency.optimisation, start, start + timedelta(hours=hours))
    return log_time(agency.owner, command).entry_id


def finalise(agency: Agency, client_id: str, issued: date = ISSUED, actor: Actor | None = None) -> Finalised:
    """Finalise a client's November as it stands."""
    version = read_draft(agency.owner, client_id, DAY).version
    return finalise_invoice(actor or agency.owner, client_id, DAY, version, issue_date=issued)


def books(agency: Agency) -> list[object]:
    """Return every row that finalising writes, and the entries it locks."""
    kinds = (Invoice, InvoiceLine, LineWork, InvoiceDocument, InvoiceSeries, RetainerPeriod, TimeEntry)
    with reading() as session:
        return [[row.model_dump() for row in objects(session, kind, agency.workspace_id)] for kind in kinds]


def test_the_invoice_says_what_the_draft_said_and_locks_its_work(agency: Agency) -> None:
    entry_id = log(agency, agency.northwind)
    live = read_draft(agency.owner, agency.northwind, DAY)
    done = finalise(agency, agency.northwind)
    assert done.number == "INV-2026-0001"
    assert (done.issue_date, done.due_date) == (ISSUED, date(2026, 12, 14))
    with reading() as session:
        invoice = session.get_one(Invoice, done.invoice_id)
        lines = session.exec(select(InvoiceLine).order_by(col(InvoiceLine.position))).all()
        assert session.get_one(TimeEntry, entry_id).invoice_id == done.invoice_id
    totals = live.draft.totals
    assert (invoice.subtotal_minor, invoice.vat_minor, invoice.total_minor) == (19_000, 3_990, 22_990)
    assert (totals.subtotal_minor, totals.vat_minor, totals.total_minor) == (19_000, 3_990, 22_990)
    assert [(line.description, line.quantity, line.price, line.net_minor) for line in lines] == [
        (line.description, line.quantity, line.price, line.net_minor) for line in live.draft.lines
    ]
    assert json.loads(invoice.snapshot or "")["total_minor"] == 22_990
    again = read_draft(agency.owner, agency.northwind, DAY).draft
    assert again.totals == totals
    assert verify_workspace() == []


def test_a_fee_is_billed_without_any_work(agency: Agency) -> None:
    done = finalise(agency, agency.summit)
    with reading() as session:
        assert session.get_one(Invoice, done.invoice_id).total_minor == 242_000
    assert verify_workspace() == []


def test_a_draft_that_was_opened_becomes_the_invoice_itself(agency: Agency) -> None:
    log(agency, agency.northwind)
    opened = open_draft(agency.owner, agency.northwind, DAY)
    assert open_draft(agency.owner, agency.northwind, DAY) == opened
    assert finalise(agency, agency.northwind).invoice_id == opened


def test_numbers_follow_each_other_and_start_again_each_year(agency: Agency) -> None:
    log(agency, agency.northwind)
    december = NINE + timedelta(days=30)
    log(agency, agency.northwind, start=december)
    assert finalise(agency, agency.northwind).number == "INV-2026-0001"
    assert finalise(agency, agency.summit).number == "INV-2026-0002"
    version = read_draft(agency.owner, agency.northwind, december.date()).version
    done = finalise_invoice(agency.owner, agency.northwind, december.date(), version, issue_date=date(2027, 1, 2))
    assert done.number == "INV-2027-0001"
    assert verify_workspace() == []


def test_a_second_finalise_is_refused_and_names_the_invoice(agency: Agency) -> None:
    log(agency, agency.northwind)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    finalise(agency, agency.northwind)
    before = books(agency)
    with pytest.raises(Locked, match="INV-2026-0001"):
        finalise_invoice(agency.owner, agency.northwind, DAY, version, issue_date=ISSUED)
    assert books(agency) == before


def test_a_draft_that_changed_is_not_finalised_and_takes_no_number(agency: Agency) -> None:
    log(agency, agency.northwind)
    seen = read_draft(agency.owner, agency.northwind, DAY).version
    log(agency, agency.northwind, 1, NINE + timedelta(hours=4))
    before = books(agency)
    with pytest.raises(Stale):
        finalise_invoice(agency.owner, agency.northwind, DAY, seen, issue_date=ISSUED)
    assert books(agency) == before
    assert finalise(agency, agency.northwind).number == "INV-2026-0001"


def test_a_member_may_not_finalise_and_finance_may(agency: Agency) -> None:
    log(agency, agency.northwind)
    with transaction() as session:
        people = [
            Member(workspace_id=agency.workspace_id, email=f"{role}@halden.example", name=role, role=role)
            for role in ("member", "finance")
        ]
        session.add_all(people)
    member, finance = (actor_of(person) for person in people)
    before = books(agency)
    with pytest.raises(NotAllowed):
        finalise(agency, agency.northwind, actor=member)
    assert books(agency) == before
    assert finalise(agency, agency.northwind, actor=finance).number == "INV-2026-0001"


def test_every_missing_thing_is_named_at_once_and_nothing_changes(agency: Agency) -> None:
    log(agency, agency.northwind)
    with transaction() as session:
        session.get_one(Client, agency.northwind).address = ""
        session.get_one(Workspace, agency.workspace_id).legal_name = ""
    before = books(agency)
    with pytest.raises(Refused) as refused:
        finalise(agency, agency.northwind)
    assert "agency's legal name" in refused.value.message
    assert "Northwind Outdoor has no billing address" in refused.value.message
    assert books(agency) == before


def test_a_month_with_nothing_to_bill_is_refused(agency: Agency) -> None:
    before = books(agency)
    with pytest.raises(Refused, match="nothing to bill in November"):
        finalise(agency, agency.northwind)
    assert books(agency) == before


def test_an_issue_date_before_the_newest_invoice_is_refused(agency: Agency) -> None:
    log(agency, agency.northwind)
    finalise(agency, agency.northwind)
    before = books(agency)
    for earlier in (date(2026, 11, 29), date(2025, 12, 31)):
        with pytest.raises(Refused, match=r"before|has not begun"):
            finalise(agency, agency.summit, earlier)
    assert books(agency) == before
    assert finalise(agency, agency.summit).number == "INV-2026-0002"


def test_work_beyond_the_grant_is_split_into_time_and_overage(agency: Agency) -> None:
    entries = [log(agency, agency.northwind, 10, NINE + timedelta(days=day)) for day in range(4)]
    done = finalise(agency, agency.northwind)
    with reading() as session:
        lines = session.exec(select(InvoiceLine).order_by(col(InvoiceLine.position))).all()
        shares = {
            (line.kind, work.entry_id): work.seconds
            for line in lines
            for work in session.exec(select(LineWork).where(LineWork.line_id == line.id))
        }
        period = session.exec(select(RetainerPeriod)).one()
        assert session.get_one(Invoice, done.invoice_id).subtotal_minor == 36 * 9_500 + 4 * 12_500
    assert [(line.kind, line.quantity, line.price, line.net_minor) for line in lines] == [
        ("time", 360_000, 950_000, 342_000),
        ("overage", 40_000, 1_250_000, 50_000),
    ]
    assert shares == {
        **{("time", entry_id): 36_000 for entry_id in entries[:3]},
        ("time", entries[3]): 6 * 3600,
        ("overage", entries[3]): 4 * 3600,
    }
    assert (period.used_seconds, period.overage_seconds, period.remaining_seconds) == (40 * 3600, 4 * 3600, 0)
    assert period.closed_at is not None
    assert verify_workspace() == []


def test_the_document_is_the_same_bytes_whenever_it_is_drawn(agency: Agency) -> None:
    log(agency, agency.northwind)
    done = finalise(agency, agency.northwind)
    with reading() as session:
        stored = session.exec(select(InvoiceDocument)).one()
        invoice = session.get_one(Invoice, done.invoice_id)
    assert invoice.snapshot is not None
    assert invoice.finalised_at is not None
    assert stored.content.startswith(b"%PDF")
    assert render_invoice(json.loads(invoice.snapshot), invoice.finalised_at) == stored.content
    assert document_bytes(agency.lead, done.invoice_id) == stored.content
    assert hashlib.sha256(stored.content).hexdigest() == stored.sha256


def test_a_document_that_a_crash_kept_from_being_stored_is_drawn_later(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(agency, agency.northwind)

    def crash(*_: object) -> bytes:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(finalising, "document_bytes", crash)
        with pytest.raises(RuntimeError):
            finalise(agency, agency.northwind)
    with reading() as session:
        invoice = session.exec(select(Invoice)).one()
        assert session.exec(select(InvoiceDocument)).all() == []
    assert invoice.number == "INV-2026-0001"
    drawn = document_bytes(agency.owner, invoice.id)
    with reading() as session:
        assert session.exec(select(InvoiceDocument)).one().content == drawn
    assert verify_workspace() == []


def test_the_database_itself_refuses_to_change_what_is_final(agency: Agency) -> None:
    log(agency, agency.northwind)
    finalise(agency, agency.northwind)
    before = books(agency)
    for attack in (
        "UPDATE invoice SET total_minor = 1",
        "UPDATE invoice SET status = 'draft', number = NULL",
        "DELETE FROM invoice",
        "UPDATE invoice_line SET net_minor = 1",
        "DELETE FROM invoice_line",
        "UPDATE line_work SET seconds = 1",
        "DELETE FROM line_work",
        "UPDATE invoice_document SET sha256 = 'x'",
        "DELETE FROM invoice_document",
        "UPDATE time_entry SET seconds = 60",
        "UPDATE time_entry SET invoice_id = NULL",
        "DELETE FROM time_entry",
    ):
        with pytest.raises(DBAPIError, match=r"never changes|stays|never deleted"), transaction() as session:
            session.execute(text(attack))
    assert books(agency) == before
    assert verify_workspace() == []


def test_the_database_refuses_to_bill_more_seconds_than_an_entry_has(agency: Agency) -> None:
    entry_id = log(agency, agency.northwind)
    home: dict[str, Any] = {"workspace_id": agency.workspace_id}
    with transaction() as session:
        draft = Invoice(
            **home, client_id=agency.northwind, period_start=date(2026, 12, 1), period_end=date(2026, 12, 31)
        )
        session.add(draft)
        session.flush()
        lines = [
            InvoiceLine(
                **home,
                invoice_id=draft.id,
                position=position,
                kind="time",
                description="Optimisation",
                quantity=0,
                unit="h",
                price=0,
                net_minor=0,
                vat_category="S",
                vat_rate=2100,
            )
            for position in (1, 2)
        ]
        session.add_all(lines)

    def bill(line: InvoiceLine, seconds: int) -> None:
        with transaction() as session:
            session.add(
                LineWork(
                    **home,
                    invoice_id=draft.id,
                    line_id=line.id,
                    entry_id=entry_id,
                    seconds=seconds,
                    billed_seconds=seconds,
                    amount_minor=0,
                )
            )

    with pytest.raises(DBAPIError, match="more seconds billed"):
        bill(lines[0], 7201)
    bill(lines[0], 7000)
    with pytest.raises(DBAPIError, match="more seconds billed"):
        bill(lines[1], 201)
    bill(lines[1], 200)
    with pytest.raises(DBAPIError, match="more seconds billed"), transaction() as session:
        session.execute(text("UPDATE line_work SET seconds = seconds + 1"))


def test_a_race_with_failures_leaves_no_gap_and_no_duplicate(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        clients = [
            Client(
                workspace_id=agency.workspace_id,
                name=f"Client {place}",
                short_name=f"C{place}",
                address="" if place % 10 == 0 else "Street 1\nTown",
            )
            for place in range(20)
        ]
        session.add_all(clients)
    for client in clients:
        log(agency, client.id)
    close = finalising._close_periods

    def close_or_fail(session: Session, live: LiveDraft) -> None:
        """Fail one client in five after its number was taken and its lines were written."""
        if live.client.name.endswith(("2", "5")):
            raise RuntimeError("the power went")
        close(session, live)

    monkeypatch.setattr(finalising, "_close_periods", close_or_fail)

    def attempt(client: Client) -> str | None:
        try:
            return finalise(agency, client.id).number
        except (Refused, RuntimeError):
            return None

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(attempt, clients))
    assert [place for place, number in enumerate(numbers) if number is None] == [0, 2, 5, 10, 12, 15]
    assert sorted(number for number in numbers if number) == [f"INV-2026-{place:04}" for place in range(1, 15)]
    with reading() as session:
        assert session.exec(select(InvoiceSeries)).one().last_number == 14
        unbilled = session.exec(select(TimeEntry.client_id).where(col(TimeEntry.invoice_id).is_(None))).all()
    assert set(unbilled) == {clients[place].id for place in (0, 2, 5, 10, 12, 15)}
    assert verify_workspace() == []


def test_one_draft_finalised_by_many_at_once_becomes_one_invoice(agency: Agency) -> None:
    log(agency, agency.northwind)
    version = read_draft(agency.owner, agency.northwind, DAY).version

    def attempt(actor: Actor) -> str | None:
        try:
            return finalise_invoice(actor, agency.northwind, DAY, version, issue_date=ISSUED).number
        except Locked:
            return None

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(attempt, [agency.owner, agency.lead] * 4))
    assert sorted(numbers, key=str) == ["INV-2026-0001", *[None] * 7]
    assert verify_workspace() == []
