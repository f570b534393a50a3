"""Bring a database to the newest migration, from inside the application."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from agency_app.store.engine import engine

ROOT = Path(__file__).resolve().parents[2]


def configuration() -> Config:
    """Return alembic's configuration, wherever the process was started."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic").replace("%", "%%"))
    return config


def upgrade() -> None:
    """Migrate the configured database to the newest revision; a database already there is left untouched."""
    config = configuration()
    with engine().connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check() -> None:
    """Raise `alembic.util.CommandError` when the tables and the migrations differ."""
    config = configuration()
    with engine().connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
