"""The migrations and the tables say the same, on both databases."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col, select

from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import document_bytes
from agency_app.services.grid_rows import RowKey, keep_row
from agency_app.services.load_workspace import load_workspace
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store import migrations
from agency_app.store.engine import engine, reading, transaction
from agency_app.tables import InvoiceDocument
from tests.services.conftest import Agency, EmptyDatabase
from tests.services.test_credit import DAY, finalise, log


def test_alembic_finds_nothing_to_add(database: str) -> None:
    migrations.check()


def test_migrating_a_migrated_database_changes_nothing(database: str) -> None:
    before = sorted(inspect(engine()).get_table_names())
    migrations.upgrade()
    assert sorted(inspect(engine()).get_table_names()) == before
    assert set(SQLModel.metadata.tables) <= set(before)


def test_sqlite_keeps_its_promises(database: str) -> None:
    if database != "sqlite":
        return
    with Session(engine()) as session:
        pragmas = [
            session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        ]
    assert pragmas == [1, "wal", 2, 15000]


def test_what_is_stored_outlives_the_way_back_to_0018_and_forth(agency: Agency) -> None:
    """Final invoices and their documents refuse every change of a row; the columns beside it come and go."""
    log(agency)
    first = finalise(agency)
    kept = document_bytes(agency.owner, first.invoice_id)
    keep_row(agency.owner, DAY, RowKey(agency.northwind, None, agency.optimisation, True))
    downgraded_to("0018")
    assert "grid_row" not in inspect(engine()).get_table_names()
    migrations.upgrade()
    migrations.check()
    assert verify_workspace() == []
    assert document_bytes(agency.owner, first.invoice_id) == kept
    document_bytes(agency.owner, first.invoice_id, "ubl")
    with reading() as session:
        places = {one.kind: one.sequence for one in session.exec(select(InvoiceDocument))}
    assert places == {"pdf": 1, "ubl": 2}
    assert verify_workspace() == []
    with pytest.raises(DBAPIError, match="a document that was issued never changes"), transaction() as session:
        session.connection().exec_driver_sql("UPDATE invoice_document SET kind = 'note'")


def test_documents_of_before_the_chain_and_a_file_of_them_join_it_at_its_end(
    agency: Agency, empty_database: EmptyDatabase, tmp_path: Path
) -> None:
    for client_id in (agency.northwind, agency.summit):
        log(agency, client_id)
        document_bytes(agency.owner, finalise(agency, client_id).invoice_id, "ubl")
    downgraded_to("0018")  # takes the places away, as if the documents had been stored before there was a chain
    migrations.upgrade()
    with reading() as session:
        rows = session.exec(select(InvoiceDocument).order_by(col(InvoiceDocument.created_at))).all()
    assert [one.sequence for one in rows] == list(range(1, len(rows) + 1))
    assert verify_workspace() == []

    file = tmp_path / "agency.json"
    dump_workspace(file)
    held = json.loads(file.read_text())
    held["workspace"][0]["document_head"] = ""
    for row in held["invoice_document"]:
        row.update(sequence=None, chain="")
    file.write_text(json.dumps(held))
    empty_database()
    load_workspace(file)
    with reading() as session:
        assert {one.id: one.chain for one in session.exec(select(InvoiceDocument))} == {
            one.id: one.chain for one in rows
        }
    assert verify_workspace() == []

    held["invoice_document"][0]["sequence"] = 1
    file.write_text(json.dumps(held))
    empty_database()
    load_workspace(file)
    assert any("has no place in the chain" in fault for fault in verify_workspace())


def downgraded_to(revision: str) -> None:
    config = migrations.configuration()
    with engine().connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
