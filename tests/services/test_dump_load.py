"""A dump holds everything, loads to the same, and a bad file is refused whole with the path of each fault."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.load_workspace import BadFile, load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import Refused
from agency_app.services.sign_in import hash_password
from agency_app.services.verify_workspace import verify_workspace
from agency_app.services.workspace_file import SCHEMA_FILE, json_schema
from agency_app.store import people
from agency_app.store.engine import reading, transaction
from agency_app.tables import LoginSession, Workspace
from tests.services.conftest import Agency, EmptyDatabase

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def worked(agency: Agency) -> Agency:
    """The agency with 40 hours of work in September for Northwind, invoiced, and two open hours for Summit."""
    for day in range(10):
        start = MONDAY + timedelta(days=day)
        log_time(
            agency.owner if day % 2 else agency.lead,
            LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=4), agency.campaign),
        )
    log_time(
        agency.owner,
        LogTime(agency.summit, agency.strategy, MONDAY, MONDAY + timedelta(hours=2), note="Ideen ☕", tags=("q4",)),
    )
    live = read_draft(agency.owner, agency.northwind, MONDAY.date())
    finalise_invoice(agency.owner, agency.northwind, MONDAY.date(), live.version, date(2026, 10, 1))
    return agency


def test_loading_a_dump_into_empty_data_and_dumping_again_gives_the_same_bytes(
    worked: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    counts = dump_workspace(tmp_path / "first.json")
    assert (counts["time_entry"], counts["invoice"], counts["invoice_document"]) == (11, 1, 1)
    empty_database()

    assert load_workspace(tmp_path / "first.json") == counts
    dump_workspace(tmp_path / "second.json")

    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "first.json").read_bytes()
    assert verify_workspace() == []


def test_dumping_twice_gives_the_same_bytes_in_a_file_for_its_owner_alone(worked: Agency, tmp_path: Path) -> None:
    dump_workspace(tmp_path / "first.json")
    dump_workspace(tmp_path / "second.json")
    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "first.json").read_bytes()
    assert (tmp_path / "first.json").stat().st_mode & 0o077 == 0


def test_instants_have_an_offset_and_login_sessions_stay_out(worked: Agency, tmp_path: Path) -> None:
    with transaction() as session:
        expires = MONDAY + timedelta(days=90)
        session.add(LoginSession(member_id=worked.owner.member_id, token_hash="of a cookie", expires_at=expires))
    dump_workspace(tmp_path / "dump.json")
    content = json.loads((tmp_path / "dump.json").read_text())
    assert min(row["started_at"] for row in content["time_entry"]) == "2026-09-07T09:00:00+00:00"
    assert "of a cookie" not in (tmp_path / "dump.json").read_text()
    assert "login_session" not in content


def test_a_loaded_invoice_is_as_final_as_before(worked: Agency, tmp_path: Path, empty_database: EmptyDatabase) -> None:
    dump_workspace(tmp_path / "dump.json")
    empty_database()
    load_workspace(tmp_path / "dump.json")
    start = MONDAY + timedelta(hours=6)
    with pytest.raises(Refused, match="invoiced on INV-2026-0001"):
        log_time(worked.owner, LogTime(worked.northwind, worked.reporting, start, start + timedelta(hours=1)))


def test_loading_beside_an_existing_workspace_is_refused(worked: Agency, tmp_path: Path) -> None:
    dump_workspace(tmp_path / "dump.json")
    with pytest.raises(Refused, match="There is a workspace already"):
        load_workspace(tmp_path / "dump.json")


def test_an_empty_database_has_nothing_to_dump(database: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no workspace yet"):
        dump_workspace(tmp_path / "dump.json")
    assert list(tmp_path.glob("*.json")) == []


def _set(table: str, position: int, key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content[table][position][key] = value

    return change


def _of_owner(**columns: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        [owner] = [row for row in content["member"] if row["role"] == "owner"]
        owner.update(columns)

    return change


def _append_copy(table: str) -> Callable[[dict[str, Any]], None]:
    return lambda content: content[table].append(dict(content[table][0]))


BAD_FILES = {
    "wrong type": (_set("time_entry", 3, "seconds", "long"), "time_entry[3].seconds: Input should be a valid integer"),
    "a boolean is no number": (_set("time_entry", 3, "seconds", True), "time_entry[3].seconds: "),
    "too large for the database": (_set("client", 0, "vat_rate", 2**40), "client[0].vat_rate: "),
    "an instant without offset": (
        _set("time_entry", 0, "created_at", "2026-09-07T09:00:00"),
        "time_entry[0].created_at: Input should have timezone info",
    ),
    "a date as a number": (_set("time_entry", 0, "work_date", 20), "time_entry[0].work_date: "),
    "not base64": (_set("invoice_document", 0, "content", "%%"), "invoice_document[0].content: is not base64"),
    "unknown key": (_set("client", 1, "fax", "1"), "client[1].fax: unknown key"),
    "unknown table": (lambda content: content.update(secrets=[]), "secrets: unknown key"),
    "missing key": (lambda content: content["member"][0].pop("email"), "member[0].email: is missing"),
    "missing table": (lambda content: content.pop("rate"), "rate: is missing"),
    "null where a value has to be": (_set("client", 0, "name", None), "client[0].name: "),
    "dangling reference": (
        _set("time_entry", 2, "task_id", "gone"),
        "time_entry[2].task_id: there is no task with the id 'gone'",
    ),
    "duplicate id": (_append_copy("activity"), "activity[3].id: duplicate id, as in activity[0]"),
    "duplicate name": (
        lambda content: content["client"][1].update(name=content["client"][0]["name"]),
        "client[1]: duplicate workspace_id, name, as in client[0]",
    ),
    "a table's rule": (_set("member", 0, "role", "king"), "member[0].role: must hold: role in"),
    "two columns' rule": (_set("time_entry", 1, "ended_at", None), "time_entry[1]: must hold: (started_at is null)"),
    "zone": (_set("member", 1, "zone", "Mars/Olympus"), "member[1].zone: 'Mars/Olympus' is not a time zone"),
    "currency": (_set("workspace", 0, "currency", "EUX"), "workspace[0].currency: 'EUX' is not a currency"),
    "weeks from Thursday": (_set("workspace", 0, "first_weekday", 3), "workspace[0].first_weekday: must be 0 (Monday)"),
    "no workspace": (lambda content: content.update(workspace=[]), "workspace: must hold exactly one row, not 0"),
    "other format": (lambda content: content.update(format="toggl"), "format: must be 'agency-workspace'"),
    "newer version": (lambda content: content.update(version=2), "version: must be 1"),
    "billed twice": (
        lambda content: content["line_work"][0].update(seconds=content["line_work"][0]["seconds"] + 86400),
        "line_work[0].seconds: bills",
    ),
    "an end before the start": (
        _set("time_entry", 2, "ended_at", "2020-01-01T00:00:00Z"),
        "time_entry[2].ended_at: the end is before the start",
    ),
    "seconds that are not those of the clock": (
        _set("time_entry", 2, "seconds", 60),
        "time_entry[2].seconds: 60 s are not the ",
    ),
    "nobody owns it": (_of_owner(role="lead"), "member: nobody is an active owner"),
    "the owner has left": (_of_owner(active=False), "member: nobody is an active owner"),
    "one address twice": (
        lambda content: content["member"][1].update(email=content["member"][0]["email"].upper()),
        "member[1].email: the address of member[0] but for capitals",
    ),
    "a password that is no hash": (
        _set("member", 1, "password_hash", "plain"),
        "member[1].password_hash: is no Argon2 hash",
    ),
    "a final invoice without a number": (
        _set("invoice", 0, "number", None),
        "invoice[0]: must hold: (status = 'final')",
    ),
}


def test_a_bad_file_is_refused_whole_with_the_path_of_each_fault(
    worked: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    dump_workspace(tmp_path / "good.json")
    good = (tmp_path / "good.json").read_text()
    empty_database()
    for name, (spoil, expected) in BAD_FILES.items():
        content = json.loads(good)
        spoil(content)
        (tmp_path / "bad.json").write_text(json.dumps(content))
        with pytest.raises(BadFile) as refused:
            load_workspace(tmp_path / "bad.json")
        assert any(fault.startswith(expected) for fault in refused.value.faults), (name, refused.value.faults)
        with reading() as session:
            assert people.any_workspace(session) is None, name


def test_a_hash_that_signs_people_in_is_taken(worked: Agency, tmp_path: Path, empty_database: EmptyDatabase) -> None:
    dump_workspace(tmp_path / "dump.json")
    content = json.loads((tmp_path / "dump.json").read_text())
    content["member"][0]["password_hash"] = hash_password("a long password")
    (tmp_path / "dump.json").write_text(json.dumps(content))
    empty_database()
    load_workspace(tmp_path / "dump.json")
    assert verify_workspace() == []


def test_every_fault_of_a_file_is_listed_at_once(worked: Agency, tmp_path: Path, empty_database: EmptyDatabase) -> None:
    dump_workspace(tmp_path / "dump.json")
    content = json.loads((tmp_path / "dump.json").read_text())
    content["time_entry"][0]["member_id"] = "nobody"
    content["campaign"][0]["client_id"] = "no client"
    (tmp_path / "dump.json").write_text(json.dumps(content))
    empty_database()
    with pytest.raises(BadFile) as refused:
        load_workspace(tmp_path / "dump.json")
    assert refused.value.faults == [
        "campaign[0].client_id: there is no client with the id 'no client'",
        "time_entry[0].member_id: there is no member with the id 'nobody'",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"[]", b'{"format": "agency-workspace"', b"\xff\xfe\x00", b"null"]
)
def test_a_file_that_is_no_workspace_at_all_is_refused(database: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(BadFile):
        load_workspace(tmp_path / "bad.json")
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Workspace)).one() == 0


def test_the_committed_json_schema_is_the_one_of_the_tables() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema(), "run: python -m agency_app.services.workspace_file"
