"""Where alembic finds our tables and our engine. Run it plainly: `alembic upgrade head`."""

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
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(settings().resolved_database_url)
    with engine.connect() as opened:
        run(opened)
        opened.commit()
    engine.dispose()
