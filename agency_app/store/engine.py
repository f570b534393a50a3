"""The engine and the two ways to use it: a read, and a transaction.

SQLite: write-ahead log, full synchronous commits, foreign keys, a busy timeout, and write transactions that begin
IMMEDIATE, so that a transaction never has to upgrade its lock half-way. PostgreSQL: psycopg 3, by URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, create_engine

from agency_app.settings import settings
from agency_app.store.private_files import make_private_file

_engines: dict[str, Engine] = {}


def make_engine(url: str) -> Engine:
    """Return a new engine for a SQLAlchemy URL, with the pragmas and the transaction mode of this product."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    path = url.removeprefix("sqlite:///")
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    if path:
        event.listen(engine, "do_connect", lambda *_: make_private_file(Path(path)))
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def engine() -> Engine:
    """Return the engine of the configured database, one a process."""
    url = settings().resolved_database_url
    if url not in _engines:
        _engines[url] = make_engine(url)
    return _engines[url]


def dispose_engines() -> None:
    """Close every pooled connection: for tests, and before a restore replaces the file."""
    for known in _engines.values():
        known.dispose()
    _engines.clear()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session for reading; nothing is ever written by it."""
    with Session(engine(), expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def transaction() -> Iterator[Session]:
    """Open one write transaction: committed at the end, rolled back whole on any error."""
    with (
        engine().connect().execution_options(writes=True) as connection,
        connection.begin(),
        Session(bind=connection, expire_on_commit=False) as session,
    ):
        yield session
        session.flush()


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own; `_begin` does
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "busy_timeout=15000",
        "synchronous=FULL",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
