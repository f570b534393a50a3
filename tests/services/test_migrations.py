"""The migrations and the tables say the same, on both databases."""

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel

from agency_app.store import migrations
from agency_app.store.engine import engine


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
