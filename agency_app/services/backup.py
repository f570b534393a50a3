"""Keep a copy of everything, and put one back.

SQLite: SQLite's own online backup, which is consistent while the server runs, to one file. PostgreSQL: the workspace
as a JSON dump (see `dump_workspace`); a PostgreSQL of any size also has `pg_dump`, which knows its server better.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from agency_app.services.dump_workspace import dump_workspace, refuse_existing
from agency_app.services.load_workspace import load_workspace
from agency_app.services.refusal import Refused
from agency_app.settings import settings
from agency_app.store import migrations
from agency_app.store.engine import dispose_engines, engine
from agency_app.store.private_files import make_private_folder
from agency_app.store.schema_version import is_newest, known_revisions
from agency_app.tables.base import now

_SQLITE_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Backup:
    """What was written: the file, and whether it is a "sqlite" database or a "json" dump."""

    path: Path
    kind: str


@dataclass(frozen=True)
class Restored:
    """What was put back, and where the data that it replaced lies now (None when there was none)."""

    path: Path
    kind: str
    replaced: Path | None


def backup(path: Path, force: bool = False) -> Backup:
    """Write a backup of the configured database to a file that only its owner may read.

    Raises Refused when the file exists (unless `force`), when there is nothing to back up, or when it cannot be
    written. A backup that fails leaves no file behind.
    """
    refuse_existing(path, force)
    if engine().dialect.name != "sqlite":
        dump_workspace(path, force)
        return Backup(path, "json")
    source = _database_file()
    if not source.exists():
        raise Refused(f"There is no database at {source} yet: nothing to back up.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(path)
        try:
            _copy(source, beside)
            _check(beside, path)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"{path} cannot be written: {error}.", "file") from error
    return Backup(path, "sqlite")


def restore(path: Path, force: bool = False) -> Restored:
    """Put a backup back as the configured database.

    The file is checked first: its integrity, and that its revision is one this program knows. Data that is there
    already is refused without `force`; with it, a copy of that data is kept beside the database. On SQLite the content
    is exchanged inside the database file in one transaction, so that a running server sees it whole or not at all.
    On PostgreSQL a JSON dump is loaded into an empty database, and `force` is refused: final invoices cannot be
    deleted there. Raises Refused.
    """
    if not path.is_file():
        raise Refused(f"There is no file {path}.", "file")
    if engine().dialect.name != "sqlite":
        if force:
            raise Refused(
                "On PostgreSQL nothing is overwritten: make an empty database and restore into that one.",
                "force",
            )
        load_workspace(path)
        return Restored(path, "json", None)
    target = _database_file()
    make_private_folder(target.parent)
    incoming = _beside(target)
    try:
        shutil.copyfile(path, incoming)
        _check(incoming, path)
        replaced = _keep_what_is_there(target, force)
        dispose_engines()
        _copy(incoming, target, standing_alone=False)
        target.chmod(0o600)
        if not is_newest():
            migrations.upgrade()
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"{path} was not restored: {error}.", "file") from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            incoming.with_name(incoming.name + ending).unlink(missing_ok=True)
    return Restored(path, "sqlite", replaced)


def _database_file() -> Path:
    return Path(settings().resolved_database_url.removeprefix("sqlite:///"))


def _beside(path: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    return Path(name)


def _copy(source: Path, target: Path, standing_alone: bool = True) -> None:
    """Copy a database while others may use both ends; `standing_alone` leaves one file without a log beside it."""
    with (
        closing(sqlite3.connect(source, timeout=30)) as reader,
        closing(sqlite3.connect(target, timeout=30)) as writer,
    ):
        reader.backup(writer)
        if standing_alone:
            writer.execute("PRAGMA journal_mode=DELETE")
        else:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(database: Path, named: Path) -> None:
    """Raise Refused unless the file is a sound database of this product, at a revision that is known here."""
    with database.open("rb") as file:
        start = file.read(len(_SQLITE_HEADER))
    if start != _SQLITE_HEADER:
        hint = " A JSON dump goes in with `agency load`." if start.lstrip()[:1] == b"{" else ""
        raise Refused(f"{named} is not a backup: it is not an SQLite database.{hint}", "file")
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            if found != ["ok"]:
                raise Refused(f"{named} is damaged: {'; '.join(found)}.", "file")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise Refused(
                    f"{named} is damaged: some of its rows refer to rows that are not there.",
                    "file",
                )
            revision = _revision(connection)
    except sqlite3.DatabaseError as error:
        raise Refused(f"{named} is damaged: {error}.", "file") from error
    if revision is None:
        raise Refused(f"{named} is not a backup of an agency: it has no tables of ours.", "file")
    if revision not in known_revisions():
        raise Refused(
            f"{named} was made by a newer version ({revision}): update agency_app first.",
            "file",
        )


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _keep_what_is_there(target: Path, force: bool) -> Path | None:
    """Return a copy of the data about to be replaced, or None when there is none; refuse without `force`."""
    if not target.exists() or target.stat().st_size == 0:
        return None
    if not force and _has_workspace(target):
        raise Refused(
            f"{target} holds a workspace already: --force replaces it and keeps a copy beside it.",
            "force",
        )
    kept = target.with_name(f"{target.name}.replaced-{now():%Y%m%d-%H%M%S-%f}")
    try:
        _copy(target, kept)
        kept.chmod(0o600)
    except sqlite3.DatabaseError:  # what is there cannot be read as a database: move it aside as it is
        for ending in ("", "-wal", "-shm"):
            if (file := target.with_name(target.name + ending)).exists():
                os.replace(file, kept.with_name(kept.name + ending))
    return kept


def _has_workspace(database: Path) -> bool:
    """Tell whether data would be lost; a file that cannot be read as a database counts as data."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'workspace'").fetchone():
                return bool(connection.execute("SELECT 1 FROM sqlite_master").fetchone())
            return bool(connection.execute("SELECT 1 FROM workspace").fetchone())
    except sqlite3.DatabaseError:
        return True
