"""The migrations and the tables say the same, on both databases."""

from alembic import command
from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, select

from agency_app.services.finalise_invoice import document_bytes
from agency_app.services.grid_rows import RowKey, keep_row
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store import migrations
from agency_app.store.engine import engine, reading
from agency_app.tables import InvoiceDocument
from tests.services.conftest import Agency
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
    document_bytes(agency.owner, first.invoice_id, "ubl")  # the chain begins with the next document
    with reading() as session:
        places = {one.kind: one.sequence for one in session.exec(select(InvoiceDocument))}
    assert places == {"pdf": None, "ubl": 1}
    assert verify_workspace() == []


def downgraded_to(revision: str) -> None:
    config = migrations.configuration()
    with engine().connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
