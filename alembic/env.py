"""Where alembic finds our tables and our engine. Run it plainly: `alembic upgrade head`."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import agency_app.tables  # noqa: F401  (registers the tables)
from agency_app.settings import settings
from agency_app.store.engine import make_engine


def run(connection: Connection) -> None:
    """Migrate over one open connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with _foreign_keys_off(connection), context.begin_transaction():
        context.run_migrations()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables that others refer to, which is how it changes constraints; what is dangling at the end
    is an error. SQLite takes this setting outside transactions alone."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None or connection.in_transaction():
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")  # pyright: ignore[reportAttributeAccessIssue]
    try:
        yield
        dangling = raw.execute("PRAGMA foreign_key_check").fetchall()  # pyright: ignore[reportAttributeAccessIssue]
        if dangling:
            raise RuntimeError(f"The migration left rows that refer to nothing: {dangling[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")  # pyright: ignore[reportAttributeAccessIssue]


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(settings().resolved_database_url)
    with engine.connect() as opened:
        run(opened)
        opened.commit()
    engine.dispose()
