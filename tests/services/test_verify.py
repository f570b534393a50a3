"""Whoever changes the books behind the program's back is found out, and the row is named."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from agency_app.services.actor import actor_of
from agency_app.services.change_activities import rename_activity
from agency_app.services.credit_invoice import credit_invoice, read_creditable
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import chain_hash, finalise_invoice
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import engine, reading
from agency_app.tables import Activity, Invoice, LineWork, Member
from tests.services.conftest import Agency

Tamper = Callable[[str], None]


@pytest.fixture(scope="module")
def kept_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that holds the books after the first test made them: each PDF is drawn once, not for every test."""
    return tmp_path_factory.mktemp("books") / "books.json"


@pytest.fixture
def books(request: pytest.FixtureRequest, database: str, kept_books: Path) -> None:
    """Three months of Northwind invoiced (one of them over its hours) and one of Summit: four invoices in a chain."""
    if kept_books.exists():
        load_workspace(kept_books)
        return
    agency: Agency = request.getfixturevalue("agency")
    for month, hours in ((7, 5), (8, 9), (9, 3)):
        for day in range(5):
            start = datetime(2026, month, 6 + day, 7, 0, tzinfo=UTC)
            log_time(
                agency.owner,
                LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=hours), agency.campaign),
            )
        _finalise(agency, agency.northwind, date(2026, month, 1))
    start = datetime(2026, 9, 6, 7, 0, tzinfo=UTC)
    log_time(agency.lead, LogTime(agency.summit, agency.strategy, start, start + timedelta(minutes=50)))
    _finalise(agency, agency.summit, date(2026, 9, 1))
    dump_workspace(kept_books)


def _finalise(agency: Agency, client_id: str, day: date) -> None:
    live = read_draft(agency.owner, client_id, day)
    finalise_invoice(agency.owner, client_id, day, live.version, date(2026, 10, 2))


@pytest.fixture
def tamper(database: str) -> Tamper:
    """Return a function that runs a statement with triggers and foreign keys off, as an intruder would."""

    def run(statement: str) -> None:
        with engine().connect() as connection:
            if database == "sqlite":
                connection.rollback()
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")  # type: ignore[no-untyped-call]
                for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET session_replication_role = replica"))
            changed = connection.execute(text(statement)).rowcount
            connection.commit()
            connection.invalidate()
            assert changed >= 1, f"changed nothing: {statement}"

    return run


def test_books_kept_by_the_program_have_no_fault(books: None) -> None:
    assert verify_workspace() == []


def test_an_installation_without_a_workspace_has_no_fault(database: str) -> None:
    assert verify_workspace() == []


TAMPERED = {
    "tags": ("UPDATE time_entry SET tags = 'Q4 q4' WHERE id = (SELECT min(id) FROM time_entry)", ["Entry "]),
    "a total": (
        "UPDATE invoice SET total_minor = total_minor + 1 WHERE number = 'INV-2026-0002'",
        ["Invoice INV-2026-0002: BR-CO-15", "Invoice INV-2026-0002: total_minor is"],
    ),
    "a line's net": (
        "UPDATE invoice_line SET net_minor = net_minor - 1 WHERE kind = 'overage'",
        ["Invoice INV-2026-0002: Line 2 (Overage): R120", "Invoice INV-2026-0002: line 2 net_minor is"],
    ),
    "a line's quantity": (
        "UPDATE invoice_line SET quantity = quantity + 2500 WHERE kind = 'overage'",
        ["Invoice INV-2026-0002: Line 2 (Overage)"],
    ),
    "a line's words": (
        "UPDATE invoice_line SET description = 'Gifts' WHERE kind = 'overage'",
        ["Invoice INV-2026-0002: line 2 description is 'Gifts' in the stored row and 'Overage' in the snapshot."],
    ),
    "the amount of a piece of work": (
        "UPDATE line_work SET amount_minor = amount_minor + 1 WHERE line_id IN "
        "(SELECT id FROM invoice_line WHERE kind = 'overage')",
        ["Invoice INV-2026-0002: Line 2 (Overage):", "Invoice INV-2026-0002: line 2: the work stored under it"],
    ),
    "billing more than was worked": (
        "UPDATE time_entry SET seconds = 600 WHERE work_date = '2026-07-06'",
        ["Entry", "Retainer Performance, period from 2026-07-01: used is"],
    ),
    "moving an invoiced entry": (
        "UPDATE time_entry SET work_date = '2026-07-20' WHERE work_date = '2026-07-06'",
        ["Invoice INV-2026-0001: line 1: entry"],
    ),
    "the note of an invoiced entry": (
        "UPDATE time_entry SET note = 'forged' WHERE work_date = '2026-07-06'",
        ["Invoice INV-2026-0001: line 1: entry"],
    ),
    "whose an invoiced entry is": (
        "UPDATE time_entry SET member_id = (SELECT id FROM member WHERE role = 'lead') WHERE work_date = '2026-07-06'",
        ["Invoice INV-2026-0001: line 1: entry"],
    ),
    "the activity of an invoiced entry": (
        "UPDATE task SET activity_id = (SELECT min(id) FROM activity WHERE name <> 'Optimisation') WHERE id = "
        "(SELECT task_id FROM time_entry WHERE work_date = '2026-07-06')",
        ["Invoice INV-2026-0001: line 1: entry"],
    ),
    "a member whose entries remain": (
        "DELETE FROM member WHERE role = 'lead'",
        ["time_entry "],
    ),
    "an entry that ends before it begins": (
        "UPDATE time_entry SET ended_at = '2020-01-01 00:00:00+00:00' WHERE work_date = '2026-07-06'",
        ["Entry "],
    ),
    "nobody owns it": ("UPDATE member SET role = 'lead'", ["Members: nobody is an active owner."]),
    "one address twice": (
        "UPDATE member SET email = (SELECT upper(email) FROM member WHERE role = 'owner') WHERE role = 'lead'",
        ["Member "],
    ),
    "a password that is no hash": (
        "UPDATE member SET password_hash = 'plain' WHERE role = 'lead'",
        ["Member Joris Vink: the stored password hash is none."],
    ),
    "unlocking an entry": (
        "UPDATE time_entry SET invoice_id = NULL WHERE work_date = '2026-09-06'",
        ["Entry"],
    ),
    "deleting billed work": (
        "DELETE FROM time_entry WHERE work_date = '2026-09-10'",
        ["Invoice INV-2026-0003: the entry", "Retainer Performance, period from 2026-09-01: used is"],
    ),
    "deleting the tie to the work": (
        "DELETE FROM line_work WHERE line_id IN (SELECT id FROM invoice_line WHERE kind = 'overage')",
        ["Invoice INV-2026-0002: Line 2 (Overage): it bills hours, but no work is tied to it."],
    ),
    "an entry of another client than its task": (
        "UPDATE time_entry SET client_id = (SELECT id FROM client WHERE name = 'Summit Coffee') "
        "WHERE work_date = '2026-07-07'",
        ["Entry"],
    ),
    "a closed period": (
        "UPDATE retainer_period SET overage_seconds = 0 WHERE overage_seconds > 0",
        ["Retainer Performance, period from 2026-08-01: overage is 32400 s, the closed period says 0 s."],
    ),
    "a snapshot": (
        "UPDATE invoice SET snapshot = replace(snapshot, 'Marktplein', 'Marktplatz') WHERE number = 'INV-2026-0002'",
        ["Invoice INV-2026-0002: its content was changed after it was finalised"],
    ),
    "a snapshot that is no snapshot": (
        "UPDATE invoice SET snapshot = '[1]' WHERE number = 'INV-2026-0002'",
        ["Invoice INV-2026-0002: the snapshot is missing or is not JSON"],
    ),
    "a hash in the middle": (
        "UPDATE invoice SET sha256 = 'feed' WHERE number = 'INV-2026-0002'",
        ["Invoice INV-2026-0002: its content was changed", "Invoice INV-2026-0003: it does not continue the chain"],
    ),
    "an invoice in the middle is gone": (
        "DELETE FROM invoice WHERE number = 'INV-2026-0002'",
        [
            "Series invoice 2026: missing before INV-2026-0003: INV-2026-0002.",
            "Invoice INV-2026-0003: it does not continue the chain",
        ],
    ),
    "the newest invoice is gone": (
        "DELETE FROM invoice WHERE number = 'INV-2026-0004'",
        [
            "Series invoice 2026: missing at its end: INV-2026-0004.",
            "Series invoice 2026: the head of the chain is not the hash of the newest invoice.",
        ],
    ),
    "the counter was set back": (
        "UPDATE invoice_series SET last_number = 3",
        ["Series invoice 2026: the counter says 3, the newest invoice is number 4."],
    ),
    "another number": (
        "UPDATE invoice SET number = 'INV-2026-0009' WHERE number = 'INV-2026-0003'",
        ["Invoice INV-2026-0009: number 3 of its series is INV-2026-0003."],
    ),
    "a date that runs backwards": (
        "UPDATE invoice SET issue_date = '2026-09-30' WHERE number = 'INV-2026-0002'",
        ["Invoice INV-2026-0002: its issue date 2026-09-30 is before that of the invoice before it"],
    ),
    "an invoice out of the series": (
        "UPDATE invoice SET series_id = NULL WHERE number = 'INV-2026-0004'",
        ["Invoice INV-2026-0004: a final invoice is in no number series."],
    ),
    "a document": (
        "UPDATE invoice_document SET sha256 = 'feed' WHERE invoice_id IN "
        "(SELECT id FROM invoice WHERE number = 'INV-2026-0001')",
        ["Invoice INV-2026-0001: its stored pdf was changed: its hash does not match."],
    ),
    "a document that is gone": (
        "DELETE FROM invoice_document WHERE invoice_id IN (SELECT id FROM invoice WHERE number = 'INV-2026-0002')",
        ["Invoice INV-2026-0003: a document that was stored before its pdf is gone."],
    ),
    "the newest document is gone": (
        "DELETE FROM invoice_document WHERE invoice_id IN (SELECT id FROM invoice WHERE number = 'INV-2026-0004')",
        ["The newest stored document is gone or was exchanged"],
    ),
    "a document taken out of the chain": (
        "UPDATE invoice_document SET sequence = NULL, chain = '' WHERE sequence = 2",
        [
            "Invoice INV-2026-0002: its pdf has no place in the chain of stored documents.",
            "Invoice INV-2026-0003: a document that was stored before its pdf is gone.",
        ],
    ),
    "a document put beside the chain": (
        "INSERT INTO invoice_document (id, workspace_id, invoice_id, kind, content, sha256, created_at, chain) "
        "SELECT 'forged', workspace_id, invoice_id, 'ubl', content, sha256, '2020-01-01 00:00:00+00:00', '' "
        "FROM invoice_document WHERE sequence = 2",
        ["Invoice INV-2026-0002: its ubl has no place in the chain of stored documents."],
    ),
}


@pytest.mark.parametrize("what", sorted(TAMPERED))
def test_tampering_is_found_and_the_row_is_named(what: str, books: None, tamper: Tamper) -> None:
    statement, expected = TAMPERED[what]
    tamper(statement)
    faults = verify_workspace()
    for beginning in expected:
        assert any(fault.startswith(beginning) for fault in faults), faults


def test_an_activity_renamed_by_the_program_is_no_fault(books: None, tamper: Tamper) -> None:
    with reading() as session:
        owner = actor_of(session.exec(select(Member).where(Member.role == "owner")).one())
        activity = session.exec(select(Activity).where(Activity.name == "Optimisation")).one()
    rename_activity(owner, activity.id, "Tuning")
    rename_activity(owner, activity.id, "Fine tuning")
    assert verify_workspace() == []
    tamper(f"UPDATE audit_event SET detail = '{{}}' WHERE subject_id = '{activity.id}'")
    assert len(verify_workspace()) == 15  # each entry that was billed


@pytest.mark.parametrize("number", ["INV-2026-0002", "INV-2026-0004"])
def test_a_document_exchanged_for_another_with_its_hash_made_right_breaks_their_chain(
    number: str, books: None, tamper: Tamper
) -> None:
    digest = hashlib.sha256(b"forged").hexdigest()
    content = "convert_to('forged', 'UTF8')" if engine().dialect.name == "postgresql" else "CAST('forged' AS BLOB)"
    tamper(
        f"UPDATE invoice_document SET content = {content}, sha256 = '{digest}' "
        f"WHERE invoice_id IN (SELECT id FROM invoice WHERE number = '{number}')"
    )
    assert verify_workspace() == [f"Invoice {number}: its pdf does not continue the chain of stored documents."]


def test_a_consistent_forgery_of_one_invoice_still_breaks_the_chain(books: None, tamper: Tamper) -> None:
    """Row, snapshot and hash of one invoice are changed together; the invoices after it give it away."""
    with engine().connect() as connection:
        query = "SELECT previous_sha256, snapshot FROM invoice WHERE number = 'INV-2026-0001'"
        previous, snapshot = connection.execute(text(query)).one()
    forged = chain_hash(previous, snapshot.replace("Marktplein", "Marktplatz"))
    tamper(
        f"UPDATE invoice SET sha256 = '{forged}', snapshot = replace(snapshot, 'Marktplein', 'Marktplatz') "
        "WHERE number = 'INV-2026-0001'"
    )
    assert verify_workspace() == [
        "Invoice INV-2026-0002: it does not continue the chain: the hash of the invoice before it is another one.",
        "Invoice INV-2026-0001: its pdf does not continue the chain of stored documents.",
    ]


@pytest.fixture
def credited(request: pytest.FixtureRequest, books: None, database: str) -> None:
    """The same books, with the newest invoice of Northwind credited in two parts."""
    with reading() as session:
        invoice = session.exec(select(Invoice).where(Invoice.number == "INV-2026-0003")).one()
        owner = actor_of(session.exec(select(Member).where(Member.role == "owner").limit(1)).one())
        entry = session.exec(select(LineWork).where(LineWork.invoice_id == invoice.id)).first()
    assert entry is not None
    for chosen in ({1: {entry.entry_id: 3600}}, None):
        version = read_creditable(owner, invoice.id).version
        credit_invoice(owner, invoice.id, chosen, "Wrong", version, date(2026, 10, 3))


CREDIT_TAMPERED = {
    "what it gives back": (
        "UPDATE invoice SET due_minor = due_minor + 1 WHERE number = 'CN-2026-0001'",
        ["Credit note CN-2026-0001: due_minor is", "Invoice INV-2026-0003: 172426 minor units are credited"],
    ),
    "the released seconds": (
        "UPDATE line_work SET seconds = seconds + 60 WHERE credits_id IS NOT NULL AND invoice_id IN "
        "(SELECT id FROM invoice WHERE number = 'CN-2026-0001')",
        ["Credit note CN-2026-0001: line 1: the work stored under it", "Invoice INV-2026-0003: 10860 s of entry"],
    ),
    "the invoice it corrects": (
        "UPDATE invoice SET corrects_id = (SELECT id FROM invoice WHERE number = 'INV-2026-0001') "
        "WHERE number = 'CN-2026-0002'",
        [
            "Credit note CN-2026-0002: it says that it corrects INV-2026-0003",
            "Credit note CN-2026-0002: line 1 gives back",
        ],
    ),
    "that it closes its invoice": (
        "UPDATE invoice SET closing = (1 = 0) WHERE number = 'CN-2026-0002'",
        ["Invoice INV-2026-0003: its credit notes do not close it, but nothing is left."],
    ),
    "the newest credit note is gone": (
        "DELETE FROM invoice WHERE number = 'CN-2026-0002'",
        ["Series credit_note 2026: missing at its end: CN-2026-0002."],
    ),
    "its words": (
        "UPDATE invoice SET snapshot = replace(snapshot, 'Wrong', 'Right') WHERE number = 'CN-2026-0001'",
        ["Credit note CN-2026-0001: its content was changed"],
    ),
    "its VAT in the agency's currency": (
        "UPDATE invoice SET snapshot = replace(snapshot, '\"adjustments\"\\:', "
        r"""'"accounting"\:{"currency"\:"USD","exchange_rate"\:1,"vat_minor"\:7},"adjustments"\:') """
        "WHERE number = 'CN-2026-0001'",
        ["Invoice INV-2026-0003: its credit notes state 7 minor units of VAT in the agency's currency, it says 0."],
    ),
    "its document": (
        "UPDATE invoice_document SET content = 'forged' WHERE invoice_id IN "
        "(SELECT id FROM invoice WHERE number = 'CN-2026-0001')",
        ["Credit note CN-2026-0001: its stored pdf was changed"],
    ),
    "a released entry is locked by nothing": (
        "UPDATE time_entry SET invoice_id = (SELECT id FROM invoice WHERE number = 'INV-2026-0003') "
        "WHERE invoice_id IS NULL",
        ["Entry "],
    ),
}


@pytest.mark.parametrize("what", sorted(CREDIT_TAMPERED))
def test_tampering_with_credit_notes_is_found(what: str, credited: None, tamper: Tamper) -> None:
    assert verify_workspace() == []
    statement, expected = CREDIT_TAMPERED[what]
    tamper(statement)
    faults = verify_workspace()
    for beginning in expected:
        assert any(fault.startswith(beginning) for fault in faults), faults
