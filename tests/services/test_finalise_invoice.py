"""Finalising: the number, the freeze, the locks and the race; and a refusal changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import document_bytes, finalise_invoice
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import Locked, NotAllowed, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Invoice, InvoiceSeries, LineWork, Member, TimeEntry
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)


def log(agency: Agency, client_id: str, hours: int = 2, start: datetime = NINE) -> str:
    command = LogTime(client_id, agency.optimisation, start, start + timedelta(hours=hours))
    return log_time(agency.owner, command).entry_id


def test_the_invoice_says_what_the_draft_said_and_its_work_is_locked(agency: Agency) -> None:
    entry_id = log(agency, agency.northwind)
    live = read_draft(agency.owner, agency.northwind, DAY)
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live.version, issue_date=date(2026, 11, 30))
    assert done.number == "INV-2026-0001"
    assert (done.issue_date, done.due_date) == (date(2026, 11, 30), date(2026, 12, 14))
    with reading() as session:
        invoice = session.get_one(Invoice, done.invoice_id)
        assert session.get_one(TimeEntry, entry_id).invoice_id == done.invoice_id
    assert invoice.total_minor == live.draft.totals.total_minor
    assert document_bytes(agency.owner, done.invoice_id) == document_bytes(agency.owner, done.invoice_id)
    assert verify_workspace() == []
    with pytest.raises(Locked):
        finalise_invoice(agency.owner, agency.northwind, DAY, live.version)


def test_work_beyond_the_grant_is_overage_at_its_own_rate(agency: Agency) -> None:
    for day in range(4):
        log(agency, agency.northwind, 10, NINE + timedelta(days=day))
    live = read_draft(agency.owner, agency.northwind, DAY)
    assert [(line.kind, line.quantity, line.price) for line in live.draft.lines] == [
        ("time", 360_000, 950_000),
        ("overage", 40_000, 1_250_000),
    ]
    finalise_invoice(agency.owner, agency.northwind, DAY, live.version)
    assert verify_workspace() == []


def test_a_draft_that_changed_is_not_finalised_and_takes_no_number(agency: Agency) -> None:
    log(agency, agency.northwind)
    seen = read_draft(agency.owner, agency.northwind, DAY).version
    log(agency, agency.northwind, 1, NINE + timedelta(hours=4))
    with pytest.raises(Stale):
        finalise_invoice(agency.owner, agency.northwind, DAY, seen)
    with reading() as session:
        assert session.exec(select(InvoiceSeries)).all() == []
        assert all(entry.invoice_id is None for entry in session.exec(select(TimeEntry)))


def test_every_missing_thing_is_named_at_once(agency: Agency) -> None:
    log(agency, agency.northwind)
    with transaction() as session:
        client = session.get_one(Client, agency.northwind)
        client.address = ""
        session.add(client)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    with pytest.raises(Refused, match="billing address"):
        finalise_invoice(agency.owner, agency.northwind, DAY, version)


def test_a_member_may_not_finalise(agency: Agency) -> None:
    log(agency, agency.northwind)
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida Roos")
        session.add(member)
    ida = Actor(member.id, agency.workspace_id, member.name, "IR", "member", member.zone)
    with pytest.raises(NotAllowed):
        finalise_invoice(ida, agency.northwind, DAY, read_draft(ida, agency.northwind, DAY).version)


def test_dates_never_run_backwards_in_a_series(agency: Agency) -> None:
    log(agency, agency.northwind)
    log(agency, agency.summit, 1, NINE + timedelta(hours=3))
    first = read_draft(agency.owner, agency.northwind, DAY).version
    finalise_invoice(agency.owner, agency.northwind, DAY, first, issue_date=date(2026, 11, 30))
    second = read_draft(agency.owner, agency.summit, DAY).version
    with pytest.raises(Refused, match="before"):
        finalise_invoice(agency.owner, agency.summit, DAY, second, issue_date=date(2026, 11, 29))
    done = finalise_invoice(agency.owner, agency.summit, DAY, second, issue_date=date(2026, 11, 30))
    assert done.number == "INV-2026-0002"


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE invoice SET total_minor = 1",
        "DELETE FROM invoice",
        "UPDATE invoice SET status = 'draft', number = NULL",
        "UPDATE invoice_line SET net_minor = 1",
        "DELETE FROM invoice_line",
        "UPDATE line_work SET seconds = 1",
        "DELETE FROM line_work",
        "UPDATE invoice_document SET sha256 = 'x'",
        "DELETE FROM invoice_document",
        "UPDATE time_entry SET seconds = 60",
        "DELETE FROM time_entry",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_final(agency: Agency, attack: str) -> None:
    log(agency, agency.northwind)
    finalise_invoice(agency.owner, agency.northwind, DAY, read_draft(agency.owner, agency.northwind, DAY).version)
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(attack))
    assert verify_workspace() == []


def test_the_database_refuses_to_bill_more_seconds_than_an_entry_has(agency: Agency) -> None:
    entry_id = log(agency, agency.northwind)
    with transaction() as session:
        draft = Invoice(
            workspace_id=agency.workspace_id,
            client_id=agency.northwind,
            period_start=date(2026, 12, 1),
            period_end=date(2026, 12, 31),
        )
        session.add(draft)
        session.flush()
        session.execute(
            text(
                "INSERT INTO invoice_line (id, workspace_id, invoice_id, position, kind, description, quantity, unit, "
                "price, net_minor, vat_category, vat_rate) "
                "VALUES ('line', :home, :invoice, 1, 'time', 'x', 0, 'h', 0, 0, 'S', 0)"
            ),
            {"home": agency.workspace_id, "invoice": draft.id},
        )
    with pytest.raises(DBAPIError), transaction() as session:
        session.add(
            LineWork(
                workspace_id=agency.workspace_id,
                invoice_id=draft.id,
                line_id="line",
                entry_id=entry_id,
                seconds=7201,
                billed_seconds=7201,
                amount_minor=0,
            )
        )


def test_a_race_leaves_no_gap_and_no_duplicate(agency: Agency) -> None:
    with transaction() as session:
        clients = [
            Client(
                workspace_id=agency.workspace_id,
                name=f"Client {place}",
                short_name=f"C{place}",
                address="" if place % 5 == 0 else "Street 1\nTown",
            )
            for place in range(16)
        ]
        session.add_all(clients)
    for client in clients:
        log(agency, client.id)

    def finalise(client: Client) -> str | None:
        version = read_draft(agency.owner, client.id, DAY).version
        try:
            return finalise_invoice(agency.owner, client.id, DAY, version, issue_date=date(2026, 11, 30)).number
        except Refused:
            return None

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(number for number in pool.map(finalise, clients) if number)
    assert numbers == [f"INV-2026-{place:04}" for place in range(1, 13)]
    assert verify_workspace() == []
