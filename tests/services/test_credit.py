"""A credit note gives back exactly what is chosen of its invoice, releases that for billing again, and never more."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from agency_app.services.actor import Actor
from agency_app.services.change_entry import EditEntry, delete_entry, edit_entry
from agency_app.services.credit_invoice import Chosen, credit_invoice, read_creditable
from agency_app.services.draft_head import save_head
from agency_app.services.dump_workspace import dump_workspace, workspace_content
from agency_app.services.finalise_invoice import Finalised, document_bytes, finalise_invoice, open_draft
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import engine, reading, transaction
from agency_app.store.imports import closed_periods
from agency_app.tables import Client, Invoice, InvoiceLine, InvoiceSeries, LineWork, TimeEntry
from tests.services.conftest import Agency, EmptyDatabase

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
ISSUED = date(2026, 11, 30)
CREDITED = date(2026, 12, 2)
HOUR = 3600


@pytest.fixture(autouse=True)
def books_add_up(database: str) -> Iterator[None]:
    yield
    assert verify_workspace() == []


def log(agency: Agency, client_id: str = "", hours: float = 2, day: int = 0) -> str:
    start = NINE + timedelta(days=day)
    command = LogTime(client_id or agency.northwind, agency.optimisation, start, start + timedelta(hours=hours))
    return log_time(agency.owner, command).entry_id


def finalise(agency: Agency, client_id: str = "", issued: date = ISSUED) -> Finalised:
    client_id = client_id or agency.northwind
    return finalise_invoice(agency.owner, client_id, DAY, read_draft(agency.owner, client_id, DAY).version, issued)


def credit(
    agency: Agency, invoice_id: str, chosen: Chosen | None = None, issued: date = CREDITED, actor: Actor | None = None
) -> Finalised:
    version = read_creditable(agency.owner, invoice_id).version
    return credit_invoice(actor or agency.owner, invoice_id, chosen, "Billed twice", version, issued)


def locked_by(entry_id: str) -> str | None:
    with reading() as session:
        return session.get_one(TimeEntry, entry_id).invoice_id


def invoice(invoice_id: str) -> Invoice:
    with reading() as session:
        return session.get_one(Invoice, invoice_id)


def test_a_whole_credit_gives_everything_back_to_be_billed_again(agency: Agency) -> None:
    entry_id = log(agency)
    billed = finalise(agency)
    done = credit(agency, billed.invoice_id)
    note = invoice(done.invoice_id)
    assert (done.number, note.kind, note.corrects_id, note.closing) == (
        "CN-2026-0001",
        "credit_note",
        billed.invoice_id,
        True,
    )
    assert (note.subtotal_minor, note.vat_minor, note.total_minor, note.due_minor) == (19_000, 3_990, 22_990, 22_990)
    assert locked_by(entry_id) is None
    assert read_creditable(agency.owner, billed.invoice_id).left_minor == 0
    assert open_draft(agency.owner, agency.northwind, DAY) != billed.invoice_id
    again = finalise(agency, issued=CREDITED)
    assert again.number == "INV-2026-0002"
    assert again.invoice_id != billed.invoice_id
    assert invoice(again.invoice_id).subtotal_minor == 19_000
    assert locked_by(entry_id) == again.invoice_id


def test_crediting_part_of_a_line_releases_only_those_minutes(agency: Agency) -> None:
    entry_id, other = log(agency), log(agency, day=1)
    billed = finalise(agency)
    done = credit(agency, billed.invoice_id, {1: {entry_id: HOUR // 2}})
    assert invoice(done.invoice_id).subtotal_minor == 4_750
    assert locked_by(entry_id) == locked_by(other) == billed.invoice_id
    live = read_draft(agency.owner, agency.northwind, DAY)
    assert [(work.entry_id, work.seconds) for line in live.draft.lines for work in line.work] == [(entry_id, HOUR // 2)]
    assert live.invoiced_on == ""
    again = finalise(agency, issued=CREDITED)
    assert invoice(again.invoice_id).subtotal_minor == 4_750
    assert locked_by(entry_id) == billed.invoice_id
    assert read_draft(agency.owner, agency.northwind, DAY).invoiced_on == again.number
    with pytest.raises(Locked, match=again.number):
        finalise(agency, issued=CREDITED)


def test_an_entry_whose_first_invoice_lets_go_of_it_is_locked_by_the_one_that_bills_it_still(agency: Agency) -> None:
    entry_id = log(agency)
    first = finalise(agency)
    credit(agency, first.invoice_id, {1: {entry_id: HOUR}})
    second = finalise(agency, issued=CREDITED)
    credit(agency, first.invoice_id)
    assert locked_by(entry_id) == second.invoice_id
    credit(agency, second.invoice_id)
    assert locked_by(entry_id) is None
    live = read_draft(agency.owner, agency.northwind, DAY)
    assert [work.seconds for line in live.draft.lines for work in line.work] == [2 * HOUR]


def test_a_fee_that_is_credited_is_charged_again_and_one_that_is_not_is_not(agency: Agency) -> None:
    entry_id = log(agency, agency.summit)
    billed = finalise(agency, agency.summit)
    assert invoice(billed.invoice_id).subtotal_minor == 200_000
    assert read_draft(agency.owner, agency.summit, DAY).invoiced_on == billed.number
    with pytest.raises(Refused, match="credit it whole"):
        credit(agency, billed.invoice_id, {1: {entry_id: HOUR}})
    credit(agency, billed.invoice_id, {1: None})
    assert locked_by(entry_id) == billed.invoice_id  # its overage, priced at nothing, is still on it
    again = finalise(agency, agency.summit, issued=CREDITED)
    assert invoice(again.invoice_id).subtotal_minor == 200_000


def test_overage_that_is_credited_is_billed_again_as_overage(agency: Agency) -> None:
    entries = [log(agency, hours=10, day=day) for day in range(4)]
    billed = finalise(agency)
    credit(agency, billed.invoice_id, {2: {entries[3]: 2 * HOUR}})
    again = finalise(agency, issued=CREDITED)
    with reading() as session:
        rows = session.exec(select(InvoiceLine).where(InvoiceLine.invoice_id == again.invoice_id)).all()
    assert [(row.kind, row.quantity, row.price, row.net_minor) for row in rows] == [
        ("overage", 20_000, 1_250_000, 25_000)
    ]


def test_a_line_is_credited_in_parts_to_the_last_cent_and_never_beyond(agency: Agency) -> None:
    entries = [log(agency, hours=1 / 3, day=day) for day in range(3)]
    billed = finalise(agency)
    for entry_id in entries[:2]:
        credit(agency, billed.invoice_id, {1: {entry_id: 1200}})
    last = credit(agency, billed.invoice_id)
    with reading() as session:
        notes = session.exec(select(Invoice).where(Invoice.kind == "credit_note")).all()
    assert sum(note.due_minor or 0 for note in notes) == invoice(billed.invoice_id).total_minor == 11_495
    assert sum(note.subtotal_minor or 0 for note in notes) == 9_500
    assert [note.closing for note in sorted(notes, key=lambda note: note.number or "")] == [False, False, True]
    assert invoice(last.invoice_id).number == "CN-2026-0003"
    for chosen in (None, {1: None}, {1: {entries[0]: 60}}):
        with pytest.raises(Refused, match="credited already"):
            credit(agency, billed.invoice_id, chosen)


def test_more_than_is_left_nothing_no_reason_and_an_early_date_are_refused(agency: Agency) -> None:
    entry_id = log(agency)
    billed = finalise(agency)
    before = workspace_content()
    version = read_creditable(agency.owner, billed.invoice_id).version
    for chosen, said in (
        ({1: {entry_id: 2 * HOUR + 60}}, "more than is left"),
        ({1: {"unknown": 60}}, "more than is left"),
        ({1: {entry_id: 0}}, "choose some"),
        ({}, "Choose what"),
        ({7: None}, "no line 7"),
    ):
        with pytest.raises(Refused, match=said):
            credit(agency, billed.invoice_id, chosen)
    with pytest.raises(Refused, match="Say why"):
        credit_invoice(agency.owner, billed.invoice_id, None, "  ", version, CREDITED)
    with pytest.raises(Refused, match="before its invoice"):
        credit(agency, billed.invoice_id, issued=date(2026, 11, 29))
    assert workspace_content() == before


def test_only_final_invoices_are_credited_and_only_by_those_who_finalise(agency: Agency, ida: Actor) -> None:
    log(agency)
    opened = open_draft(agency.owner, agency.northwind, DAY)
    with pytest.raises(Refused, match="final invoice"):
        read_creditable(agency.owner, opened)
    billed = finalise(agency)
    with pytest.raises(NotAllowed):
        credit(agency, billed.invoice_id, actor=ida)
    done = credit(agency, billed.invoice_id)
    with pytest.raises(Refused, match="final invoice"):
        read_creditable(agency.owner, done.invoice_id)
    with pytest.raises(NotFound):
        read_creditable(agency.owner, "unknown")


def test_of_two_who_credit_the_same_at_once_one_is_told_so(agency: Agency) -> None:
    log(agency)
    billed = finalise(agency)
    version = read_creditable(agency.owner, billed.invoice_id).version

    def attempt(actor: Actor) -> str:
        try:
            return credit_invoice(actor, billed.invoice_id, None, "Twice", version, CREDITED).number
        except Stale:
            return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [agency.owner, agency.lead])) == ["", "CN-2026-0001"]


def test_a_credit_note_names_its_invoice_and_keeps_the_parties_of_it(agency: Agency) -> None:
    log(agency)
    billed = finalise(agency)
    with transaction() as session:
        session.get_one(Client, agency.northwind).legal_name = "Northwind Holding"
    done = credit(agency, billed.invoice_id)
    snapshot = json.loads(invoice(done.invoice_id).snapshot or "")
    assert snapshot["preceding"] == {"number": "INV-2026-0001", "issue_date": "2026-11-30"}
    assert snapshot["buyer"]["name"] == "Northwind Outdoor B.V."
    assert snapshot["note"] == "Billed twice"
    xml = document_bytes(agency.owner, done.invoice_id, "ubl").decode()
    assert "<cbc:CreditNoteTypeCode>381<" in xml
    assert "INV-2026-0001" in xml
    assert document_bytes(agency.owner, done.invoice_id).startswith(b"%PDF")


def test_a_credit_note_states_its_vat_in_the_agency_s_currency_at_the_rate_of_its_invoice(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Client, agency.northwind).currency = "USD"
    log(agency)
    save_head(agency.owner, open_draft(agency.owner, agency.northwind, DAY), 0, {"exchange_rate": "0.9214"})
    billed = finalise(agency)
    (entry_id,) = read_creditable(agency.owner, billed.invoice_id).lines[1].seconds_left
    part = credit(agency, billed.invoice_id, {1: {entry_id: 1800}})
    rest = credit(agency, billed.invoice_id)
    said = [json.loads(invoice(one.invoice_id).snapshot or "") for one in (billed, part, rest)]
    assert [(one["vat_minor"], one["accounting"]["vat_minor"]) for one in said] == [
        (3_990, 3_676),
        (998, 920),
        (2_993, 2_756),  # by itself 2,757.75: the last one takes the rest, so that both give back what was charged
    ]
    assert {one["accounting"]["exchange_rate"] for one in said} == {921_400}
    xml = document_bytes(agency.owner, part.invoice_id, "ubl").decode()
    assert '<cbc:TaxAmount currencyID="EUR">9.20' in xml


def test_work_that_was_credited_can_change_but_is_never_deleted(agency: Agency) -> None:
    with transaction() as session:
        client = Client(
            workspace_id=agency.workspace_id, name="Loose Ends", short_name="Loose", address="Street 1\nTown"
        )
        session.add(client)
    entry_id = log(agency, client.id)
    billed = finalise(agency, client.id)
    credit(agency, billed.invoice_id)
    command = EditEntry(client.id, agency.optimisation, NINE, NINE + timedelta(hours=1))
    with reading() as session:
        version = session.get_one(TimeEntry, entry_id).version
    changed = edit_entry(agency.owner, entry_id, version, command)
    with pytest.raises(Locked, match="credited"):
        delete_entry(agency.owner, entry_id, changed.version)
    again = finalise(agency, client.id, issued=CREDITED)
    assert invoice(again.invoice_id).subtotal_minor == 9_500


def test_the_database_itself_keeps_credit_notes_as_they_are_and_within_their_invoice(agency: Agency) -> None:
    entry_id = log(agency)
    billed = finalise(agency)
    done = credit(agency, billed.invoice_id, {1: {entry_id: HOUR}})
    before = workspace_content()
    only = f"invoice_id = '{done.invoice_id}'"
    for attack in (
        f"UPDATE invoice SET due_minor = 1 WHERE id = '{done.invoice_id}'",
        f"UPDATE invoice SET corrects_id = NULL WHERE id = '{done.invoice_id}'",
        f"DELETE FROM invoice WHERE id = '{done.invoice_id}'",
        f"UPDATE invoice_line SET net_minor = 1 WHERE {only}",
        f"DELETE FROM invoice_line WHERE {only}",
        f"UPDATE line_work SET seconds = 1 WHERE {only}",
        f"DELETE FROM line_work WHERE {only}",
        f"UPDATE invoice_document SET sha256 = 'x' WHERE {only}",
        f"DELETE FROM invoice_document WHERE {only}",
        f"UPDATE time_entry SET invoice_id = NULL WHERE id = '{entry_id}'",
        f"UPDATE time_entry SET invoice_id = '{done.invoice_id}' WHERE id = '{entry_id}'",
    ):
        with pytest.raises(DBAPIError, match=r"never changes|stays|never deleted"), transaction() as session:
            session.execute(text(attack))
    assert workspace_content() == before


def test_the_database_refuses_to_credit_more_than_was_billed(agency: Agency) -> None:
    entry_id = log(agency)
    billed = finalise(agency)
    with reading() as session:
        work = session.exec(select(LineWork).where(LineWork.entry_id == entry_id)).one()

    def forged(seconds: int, minor: int) -> None:
        with transaction() as session:
            note = Invoice(
                workspace_id=agency.workspace_id,
                client_id=agency.northwind,
                period_start=date(2026, 11, 1),
                period_end=date(2026, 11, 30),
                kind="credit_note",
                corrects_id=billed.invoice_id,
                total_minor=minor,
            )
            session.add(note)
            session.flush()
            line = InvoiceLine(
                workspace_id=agency.workspace_id,
                invoice_id=note.id,
                position=1,
                kind="time",
                description="Optimisation",
                quantity=0,
                unit="h",
                price=0,
                net_minor=0,
                vat_category="S",
                vat_rate=2100,
                credits_id=work.line_id,
            )
            session.add(line)
            session.flush()
            session.add(
                LineWork(
                    workspace_id=agency.workspace_id,
                    invoice_id=note.id,
                    line_id=line.id,
                    entry_id=entry_id,
                    seconds=seconds,
                    billed_seconds=seconds,
                    amount_minor=0,
                    credits_id=work.id,
                )
            )
            session.flush()
            note.status, note.number = "final", "CN-FORGED"
            session.add(note)

    with pytest.raises(DBAPIError, match="more seconds credited"):
        forged(2 * HOUR + 1, 1)
    with pytest.raises(DBAPIError, match="more credited than the invoice"):
        forged(60, 22_991)


def test_a_dump_with_credited_and_rebilled_work_loads_to_the_same(
    agency: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    entry_id = log(agency)
    billed = finalise(agency)
    credit(agency, billed.invoice_id, {1: {entry_id: HOUR}})
    second = finalise(agency, issued=CREDITED)
    credit(agency, second.invoice_id)
    finalise(agency, issued=CREDITED)
    dump_workspace(tmp_path / "books.json")
    before = (tmp_path / "books.json").read_bytes()
    empty_database()
    load_workspace(tmp_path / "books.json")
    dump_workspace(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == before
    assert verify_workspace() == []


def test_sixteen_who_finalise_and_credit_while_some_fail_leave_no_gap_in_either_series(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agency_app.services import credit_invoice as crediting

    with transaction() as session:
        clients = [
            Client(
                workspace_id=agency.workspace_id, name=f"Client {place}", short_name=f"C{place}", address="A 1\nTown"
            )
            for place in range(20)
        ]
        session.add_all(clients)
    names = {client.id: client.name for client in clients}
    for client in clients:
        log(agency, client.id)
    billed = {client.id: finalise(agency, client.id) for client in clients}
    release = crediting.invoices.release_entries

    def release_or_fail(session: Session, entry_ids: list[str]) -> list[str]:
        """Fail one in five after its number was taken and its lines were written."""
        if int(names[session.get_one(TimeEntry, entry_ids[0]).client_id].split()[1]) % 5 == 3:
            raise RuntimeError("the power went")
        return release(session, entry_ids)

    monkeypatch.setattr(crediting.invoices, "release_entries", release_or_fail)
    monkeypatch.setattr(crediting, "document_bytes", lambda *_: b"")

    def attempt(client: Client) -> str | None:
        try:
            return credit(agency, billed[client.id].invoice_id).number
        except RuntimeError:
            return None

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(attempt, clients))
    assert [place for place, number in enumerate(numbers) if number is None] == [3, 8, 13, 18]
    assert sorted(number for number in numbers if number) == [f"CN-2026-{place:04}" for place in range(1, 17)]
    with reading() as session:
        query = select(InvoiceSeries).order_by(col(InvoiceSeries.kind))
        assert [(row.kind, row.last_number) for row in session.exec(query)] == [("credit_note", 16), ("invoice", 20)]


def test_the_lock_of_an_entry_holds_every_column(database: str) -> None:
    """A column added later needs the trigger made anew, or an invoiced entry could change in it."""
    if database != "sqlite":
        return
    with engine().connect() as connection:
        trigger = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'entry_no_update'")).scalar_one()
    for column in TimeEntry.model_fields:
        assert column == "invoice_id" or f"NEW.{column} IS OLD.{column}" in trigger


def test_an_import_into_a_month_is_refused_while_its_invoice_is_in_force(agency: Agency) -> None:
    log(agency)
    billed = finalise(agency)
    with reading() as session:
        assert [row[3] for row in closed_periods(session, agency.workspace_id)] == [billed.number]
    credit(agency, billed.invoice_id)
    with reading() as session:
        assert closed_periods(session, agency.workspace_id) == []
