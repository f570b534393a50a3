"""A backup is whole while the server writes; a restore never loses what it replaces and never takes a bad file."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agency_app.services.backup import backup, restore
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.refusal import Refused
from agency_app.settings import settings
from agency_app.store import people
from agency_app.store.engine import dispose_engines, engine, reading
from tests.services.conftest import Agency, EmptyDatabase

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _log(agency: Agency, hour: int) -> None:
    start = START + timedelta(hours=hour)
    log_time(agency.owner, LogTime(agency.northwind, agency.reporting, start, start + timedelta(hours=1)))


def _dump(path: Path) -> str:
    dump_workspace(path)
    return path.read_text()


def test_a_restored_backup_is_the_same_workspace(
    agency: Agency, database: str, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    _log(agency, 0)
    before = _dump(tmp_path / "before.json")
    done = backup(tmp_path / "agency.backup")
    assert done.kind == ("sqlite" if database == "sqlite" else "json")
    assert (tmp_path / "agency.backup").stat().st_mode & 0o077 == 0
    empty_database()

    assert restore(tmp_path / "agency.backup").kind == done.kind

    assert _dump(tmp_path / "after.json") == before
    if database == "sqlite":
        assert restore(tmp_path / "agency.backup", force=True).replaced is not None


def test_a_restore_into_data_that_is_there_is_refused(agency: Agency, tmp_path: Path) -> None:
    backup(tmp_path / "agency.backup")
    _log(agency, 0)
    before = _dump(tmp_path / "before.json")
    with pytest.raises(Refused, match="workspace already"):
        restore(tmp_path / "agency.backup")
    assert _dump(tmp_path / "after.json") == before


def test_a_backup_does_not_overwrite_a_file_unless_told_to(agency: Agency, tmp_path: Path) -> None:
    backup(tmp_path / "agency.backup")
    with pytest.raises(Refused, match="exists already"):
        backup(tmp_path / "agency.backup")
    backup(tmp_path / "agency.backup", force=True)


def test_a_file_that_is_no_backup_is_refused(database: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("buy milk")
    for path in (tmp_path / "notes.txt", tmp_path / "nothing", tmp_path):
        with pytest.raises(Refused):
            restore(path)


only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@only_postgresql
def test_postgresql_refuses_to_overwrite_even_when_forced(agency: Agency, tmp_path: Path) -> None:
    backup(tmp_path / "agency.json")
    with pytest.raises(Refused, match="make an empty database"):
        restore(tmp_path / "agency.json", force=True)


@only_sqlite
def test_a_forced_restore_keeps_what_it_replaces_beside_it(agency: Agency, tmp_path: Path) -> None:
    backup(tmp_path / "old.backup")
    _log(agency, 0)
    before = _dump(tmp_path / "before.json")

    replaced = restore(tmp_path / "old.backup", force=True).replaced

    assert replaced is not None
    assert replaced.parent == settings().data_dir
    assert json.loads(_dump(tmp_path / "now.json"))["time_entry"] == []
    restore(replaced, force=True)
    assert _dump(tmp_path / "again.json") == before


@only_sqlite
def test_a_restore_reaches_a_server_that_has_the_database_open(agency: Agency, tmp_path: Path) -> None:
    backup(tmp_path / "old.backup")
    _log(agency, 0)
    with closing(sqlite3.connect(settings().data_dir / "agency.db")) as of_a_server:
        assert of_a_server.execute("SELECT count(*) FROM time_entry").fetchone() == (1,)
        restore(tmp_path / "old.backup", force=True)
        assert of_a_server.execute("SELECT count(*) FROM time_entry").fetchone() == (0,)


@only_sqlite
def test_a_backup_during_writes_holds_only_whole_changes(agency: Agency, tmp_path: Path) -> None:
    finished = threading.Event()

    def write() -> None:
        for hour in range(60):
            _log(agency, hour)
        finished.set()

    writer = threading.Thread(target=write)
    writer.start()
    count = 0
    while not finished.is_set() or count == 0:
        backup(tmp_path / f"{count}.backup")
        count += 1
    writer.join()
    for number in range(count):
        with closing(sqlite3.connect(tmp_path / f"{number}.backup")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            entries, events = (
                copy.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("time_entry", "audit_event")
            )
            assert entries == events


@only_sqlite
def test_a_damaged_backup_is_refused_and_the_data_stays(agency: Agency, tmp_path: Path) -> None:
    for hour in range(20):
        _log(agency, hour)
    before = _dump(tmp_path / "before.json")
    backup(tmp_path / "good.backup")
    content = bytearray((tmp_path / "good.backup").read_bytes())
    content[8192 : 8192 + 4096 * 20] = b"\x5a" * (4096 * 20)
    (tmp_path / "bad.backup").write_bytes(content)
    (tmp_path / "short.backup").write_bytes((tmp_path / "good.backup").read_bytes()[:9000])
    for name in ("bad.backup", "short.backup"):
        with pytest.raises(Refused, match="damaged"):
            restore(tmp_path / name, force=True)
    assert _dump(tmp_path / "after.json") == before
    assert [path.name for path in settings().data_dir.iterdir() if not path.name.startswith("agency.db")] == []


@only_sqlite
def test_a_database_of_something_else_or_of_a_newer_version_is_refused(agency: Agency, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (words)")
    with pytest.raises(Refused, match="no tables of ours"):
        restore(tmp_path / "other.db", force=True)
    backup(tmp_path / "newer.backup")
    with closing(sqlite3.connect(tmp_path / "newer.backup")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(Refused, match="newer version"):
        restore(tmp_path / "newer.backup", force=True)


@only_sqlite
def test_a_restore_mends_a_database_file_that_cannot_be_read(agency: Agency, tmp_path: Path) -> None:
    before = _dump(tmp_path / "before.json")
    backup(tmp_path / "good.backup")
    dispose_engines()
    file = settings().data_dir / "agency.db"
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.write_bytes(b"rubbish" * 1000)

    replaced = restore(tmp_path / "good.backup", force=True).replaced

    assert replaced is not None
    assert replaced.read_bytes() == b"rubbish" * 1000
    assert _dump(tmp_path / "after.json") == before


@only_sqlite
def test_a_restore_into_a_new_data_folder_needs_no_force(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(tmp_path / "good.backup")
    monkeypatch.setenv("AGENCY_DATA_DIR", str(tmp_path / "new" / "folder"))
    settings.cache_clear()
    assert restore(tmp_path / "good.backup").replaced is None
    with reading() as session:
        assert people.any_workspace(session) is not None
    assert engine().url.database == str(tmp_path / "new" / "folder" / "agency.db")


@only_sqlite
def test_a_dump_given_to_restore_is_sent_to_load(agency: Agency, tmp_path: Path) -> None:
    dump_workspace(tmp_path / "dump.json")
    with pytest.raises(Refused, match="agency load"):
        restore(tmp_path / "dump.json", force=True)
