"""Which revision a database is at, and which ones this program knows: without alembic, which is slow to import."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from agency_app.store.engine import engine

VERSIONS = Path(__file__).resolve().parents[2] / "alembic" / "versions"


def known_revisions() -> list[str]:
    """Return the revisions this program brings along, oldest first; their file names begin with them."""
    return sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database, or None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_newest() -> bool:
    """Tell whether the configured database is at the newest revision."""
    with engine().connect() as connection:
        return revision_of(connection) == known_revisions()[-1]


def is_foreign() -> bool:
    """Tell whether the configured database is at a revision that this program does not know."""
    with engine().connect() as connection:
        return (revision_of(connection) or known_revisions()[0]) not in known_revisions()
