"""The `agency` command as scripts use it: JSON on standard output, errors on standard error with exit code 2."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner, Result

from agency_app import cli
from agency_app.services.finalise_invoice import open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.settings import settings
from agency_app.store import schema_version
from agency_app.store.engine import dispose_engines, engine, transaction
from agency_app.tables import Client
from tests.services.conftest import (  # noqa: F401  (fixtures)
    Agency,
    EmptyDatabase,
    agency,
    database,
    empty_database,
    make_empty_database,
    postgres_server,
    sqlite_template,
)

START = datetime(2026, 9, 7, 7, 0, tzinfo=UTC)


def call(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def call_json(*arguments: str | Path) -> Any:
    """Run the command with --json, expect success, and return what it printed."""
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str | Path) -> str:
    """Run the command, expect exit code 2 and nothing on standard output, and return standard error."""
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def worked(agency: Agency) -> Agency:  # noqa: F811
    """The agency with 38 h of Northwind in September 2026: 2 h over its 36."""
    for day in range(9):
        start = START + timedelta(days=day)
        log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=4)))
    start = START + timedelta(days=10)
    log_time(agency.lead, LogTime(agency.northwind, agency.reporting, start, start + timedelta(hours=2)))
    return agency


@pytest.fixture
def no_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting says where data are; what a command settles on is forgotten after the test."""
    monkeypatch.delenv("AGENCY_DATABASE_URL", raising=False)
    monkeypatch.setenv("AGENCY_DATA_DIR", "nowhere")
    settings.cache_clear()
    yield
    dispose_engines()
    settings.cache_clear()


def test_draft_prints_the_documented_shape(worked: Agency) -> None:
    draft = call_json("draft", "Northwind Outdoor", "--period", "2026-09")
    assert list(draft) == ["client", "period", "currency", "lines", "subtotal", "vat", "total", "version"]
    assert draft["client"] == "Northwind Outdoor"
    assert draft["period"] == {"start": "2026-09-01", "end": "2026-09-30"}
    time_line, overage = draft["lines"]
    assert {key: value for key, value in time_line.items() if key != "entries"} == {
        "kind": "time",
        "description": "Optimisation",
        "quantity": "36.0000",
        "unit": "h",
        "price": "95.00",
        "net": {"minor": 342000, "currency": "EUR"},
        "vat_rate": 2100,
    }
    assert sum(entry["seconds"] for entry in time_line["entries"]) == 36 * 3600
    assert (overage["kind"], overage["quantity"], overage["price"]) == ("overage", "2.0000", "125.00")
    assert [{**entry, "id": ""} for entry in overage["entries"]] == [
        {"id": "", "date": "2026-09-17", "member": "Joris Vink", "activity": "Reporting", "seconds": 7200}
    ]
    assert draft["subtotal"] == {"minor": 367000, "currency": "EUR"}
    assert draft["vat"] == [
        {
            "rate": 2100,
            "base": {"minor": 367000, "currency": "EUR"},
            "amount": {"minor": 77070, "currency": "EUR"},
        }
    ]
    assert draft["total"] == {"minor": 444070, "currency": "EUR"}


def test_finalise_writes_the_pdf_and_adds_what_the_invoice_got(worked: Agency, tmp_path: Path) -> None:
    draft = call_json("draft", "northwind", "--period", "2026-09")
    done = call_json("finalise", "northwind", "--period", "2026-09", "--out", tmp_path / "out")
    added = {key: done.pop(key) for key in ("number", "issue_date", "due_date", "pdf", "xml", "sha256", "chain_sha256")}
    assert done == draft
    year = datetime.now(UTC).year
    assert added["number"] in {f"INV-{year}-0001", f"INV-{year + 1}-0001"}
    assert ElementTree.parse(added["xml"]).getroot().tag.endswith("}Invoice")
    assert added["sha256"] == hashlib.sha256(Path(added["pdf"]).read_bytes()).hexdigest()
    assert len(added["chain_sha256"]) == 64
    pages = pypdf.PdfReader(added["pdf"]).pages
    assert added["number"] in "".join(page.extract_text() for page in pages)

    invoiced = call_json("draft", "northwind", "--period", "2026-09")
    assert invoiced.pop("number") == added["number"]
    assert invoiced | {"version": draft["version"]} == draft
    assert "already invoiced" in refused("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)
    assert call("verify").stdout == "Everything adds up.\n"


def test_credit_gives_back_chosen_minutes_then_the_rest_and_the_list_says_so(worked: Agency, tmp_path: Path) -> None:
    billed = call_json("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)
    entry = billed["lines"][0]["entries"][0]["id"]
    seen = call_json("credit", billed["number"], "--line", "1", "--entry", entry, "--minutes", "30", "--dry-run")
    assert seen == {
        "corrects": billed["number"],
        "credited": {"minor": 5_748, "currency": "EUR"},
        "left": {"minor": billed["total"]["minor"] - 5_748, "currency": "EUR"},
    }
    part = ("--line", "1", "--entry", entry, "--minutes", "30", "--reason", "Twice", "--out", tmp_path)
    first = call_json("credit", billed["number"], *part)
    assert first["number"].startswith("CN-")
    assert Path(first["pdf"]).read_bytes().startswith(b"%PDF")
    assert ElementTree.parse(first["xml"]).getroot().tag.endswith("}CreditNote")
    assert "30" in call("credit", billed["number"], "--dry-run").stdout
    assert "Say why" in refused("credit", billed["number"], "--all", "--out", tmp_path)
    call_json("credit", billed["number"], "--all", "--reason", "All of it", "--out", tmp_path)
    invoice = next(row for row in call_json("invoices") if row["number"] == billed["number"])
    assert (invoice["open"]["minor"], invoice["credited"]) == (0, billed["total"])
    again = ("--all", "--reason", "Again", "--out", tmp_path)
    assert "credited already" in refused("credit", billed["number"], *again)
    assert "no invoice" in refused("credit", "INV-9", *again)
    assert call("verify").exit_code == 0


def test_credit_asks_what_to_credit_and_says_what_it_credited(worked: Agency, tmp_path: Path) -> None:
    number = call_json("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)["number"]
    why = ("--reason", "Billed twice", "--out", tmp_path)
    lines = ["line 1: Optimisation, 36:00 h, EUR 3,420.00 net", "line 2: Overage, 2:00 h, EUR 250.00 net"]
    asked = refused("credit", number, *why)
    assert f"Nothing was credited. Say what: --all for what is left of {number}, EUR 4,440.70, or --line" in asked
    assert [line.strip() for line in asked.splitlines()[1:]] == lines
    assert "not both" in refused("credit", number, "--all", "--line", "1", *why)
    assert not list(tmp_path.glob("CN-*"))

    seen = call("credit", number, "--dry-run").stdout
    assert seen.splitlines()[-1] == f"--all would credit EUR 4,440.70: nothing would be left of {number}."
    part = call("credit", number, "--line", "2", *why).stdout.splitlines()
    note = part[0].partition(" ")[0]
    assert part == [
        f"{note} credits EUR 302.50 of {number}, EUR 4,138.20 is left:",
        "  " + lines[1],
        f"Written to {tmp_path / note}.pdf and {note}.xml.",
    ]
    rest = call("credit", number, "--all", *why).stdout.splitlines()
    assert rest[0].endswith(f"credits EUR 4,138.20 of {number}, nothing is left:")
    assert rest[1:-1] == ["  " + lines[0]]


def test_a_pro_forma_is_written_and_takes_no_number(worked: Agency, tmp_path: Path) -> None:
    written = call_json("pro-forma", "north", "--period", "2026-09", "--out", tmp_path)
    text = pypdf.PdfReader(written["pdf"]).pages[0].extract_text()
    assert "Pro forma invoice" in text
    assert call_json("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)["number"].endswith("-0001")


def test_finalise_takes_no_number_when_the_pdf_could_not_be_written(worked: Agency, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused("finalise", "northwind", "--period", "2026-09", "--out", tmp_path / "file")
    assert "number" not in call_json("draft", "northwind", "--period", "2026-09")


def test_a_client_is_found_by_id_name_and_beginning(worked: Agency) -> None:
    for wanted in (worked.summit, "Summit Coffee", "summit coffee", "SUMMIT", "sum"):
        assert call_json("draft", wanted, "--period", "2026-09")["client"] == "Summit Coffee"
    with transaction() as session:
        session.add(Client(workspace_id=worked.workspace_id, name="Summer Camps", short_name="Camps"))
    assert "could be Summer Camps or Summit Coffee" in refused("draft", "sum", "--period", "2026-09")
    assert "There is no client 'acme'" in refused("draft", "acme", "--period", "2026-09")
    short = refused("draft", "no", "--period", "2026-09")
    assert "3 letters" in short
    assert "Known: Northwind Outdoor, Summer Camps, Summit Coffee" in short
    refused("draft", "", "--period", "2026-09")


def test_a_month_that_is_none_is_refused(worked: Agency) -> None:
    for period in ("2026-13", "2026-9", "September", "2026-09-01", "", "9999-12", "0001-01", "0000-01"):
        assert "is not a month" in refused("draft", "summit", "--period", period)
    assert "is not a month" in refused("reports", "--to", "9999-12")


def test_clients_lists_their_retainers(agency: Agency) -> None:  # noqa: F811
    northwind, summit = call_json("clients")
    assert northwind["retainers"][0]["granted"] == 36 * 3600
    assert summit["retainers"][0]["fee"] == {"minor": 200000, "currency": "EUR"}
    assert "Northwind Outdoor" in (shown := call("clients").stdout)
    assert "hours, 36 h, every month" in shown


def test_a_member_may_be_named_and_their_role_counts(worked: Agency, tmp_path: Path) -> None:
    assert call_json("clients", "--member", "JORIS@halden.example")
    assert "No active member" in refused("clients", "--member", "nobody@halden.example")
    with engine().begin() as connection:
        connection.execute(text("UPDATE member SET role = 'member' WHERE name = 'Joris Vink'"))
    arguments = ("finalise", "northwind", "--period", "2026-09", "--out", tmp_path, "--member", "joris@halden.example")
    assert "This is for owners, leads and finance to do" in refused(*arguments)


def test_dump_and_load_go_round(
    worked: Agency,
    tmp_path: Path,
    empty_database: EmptyDatabase,  # noqa: F811
) -> None:
    counts = call_json("dump", tmp_path / "first.json")["rows"]
    assert counts["time_entry"] == 10
    assert "workspace already" in refused("load", tmp_path / "first.json")
    empty_database()
    assert call_json("load", tmp_path / "first.json")["rows"] == counts
    assert call("dump", tmp_path / "second.json").exit_code == 0
    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "first.json").read_bytes()


def test_a_bad_dump_is_refused_with_the_path_of_each_fault(
    worked: Agency,
    tmp_path: Path,
    empty_database: EmptyDatabase,  # noqa: F811
) -> None:
    call("dump", tmp_path / "dump.json")
    content = json.loads((tmp_path / "dump.json").read_text())
    content["time_entry"][3]["seconds"] = "long"
    content["client"][0]["fax"] = "1"
    (tmp_path / "dump.json").write_text(json.dumps(content))
    empty_database()
    said = refused("load", tmp_path / "dump.json").splitlines()
    assert "2 faults, nothing was saved" in said[0]
    assert said[1:] == [
        "  client[0].fax: unknown key",
        "  time_entry[3].seconds: Input should be a valid integer",
    ]
    assert "no workspace yet" in refused("dump", tmp_path / "again.json")


def test_a_dump_is_written_over_nothing_that_is_there_unless_it_is_asked_to(worked: Agency, tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_text("mine")
    assert "exists already" in refused("dump", file)
    assert file.read_text() == "mine"
    assert call("dump", file, "--force").exit_code == 0
    assert json.loads(file.read_text())["format"] == "agency-workspace"
    for verb in ("dump", "backup"):
        assert "is a folder: name the file" in refused(verb, tmp_path, "--force")


@pytest.mark.parametrize("content", ["{}", "not JSON", None])
def test_a_load_that_is_refused_leaves_no_data_behind(content: str | None, tmp_path: Path, no_data: None) -> None:
    file = tmp_path / "dump.json"
    if content is not None:
        file.write_text(content)
    refused("load", file, "--data-dir", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.fixture
def two_drafts(worked: Agency, tmp_path: Path) -> Path:
    """A dump with two open drafts of a client for one month: sound row by row, and refused by the database."""
    open_draft(worked.owner, worked.northwind, START.date())
    file = tmp_path / "two-drafts.json"
    call_json("dump", file)
    content = json.loads(file.read_text())
    [draft] = content["invoice"]
    content["invoice"].append(draft | {"id": "second"})
    file.write_text(json.dumps(content))
    return file


@pytest.mark.parametrize("found", ["no folder", "an empty folder", "a folder in use"])
def test_a_dump_that_the_database_alone_refuses_leaves_the_data_folder_as_it_was(
    two_drafts: Path, found: str, tmp_path: Path, no_data: None
) -> None:
    home = tmp_path / "home"
    folder = home / "data"
    if found != "no folder":
        folder.mkdir(parents=True)
    if found == "a folder in use":
        (folder / "notes.txt").write_text("mine")
    before = sorted(home.rglob("*"))
    assert "the database refuses it" in refused("load", two_drafts, "--data-dir", folder)
    assert sorted(home.rglob("*")) == before
    assert home.exists() == (found != "no folder")


def test_a_refused_load_leaves_the_empty_data_that_were_there(two_drafts: Path, empty_database: EmptyDatabase) -> None:  # noqa: F811
    empty_database()
    assert "the database refuses it" in refused("load", two_drafts)
    assert schema_version.is_newest()
    assert "no workspace yet" in refused("clients")


@pytest.mark.parametrize("content", [b"not a backup", b"SQLite format 3\x00 and then nothing of the kind"])
def test_a_restore_that_is_refused_leaves_no_data_behind(content: bytes, tmp_path: Path, no_data: None) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    refused("restore", file, "--data-dir", tmp_path / "home" / "data")
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(os.name != "posix", reason="on Windows the rights of the user's folder hold")
def test_the_data_are_closed_to_other_users_of_the_machine(tmp_path: Path, no_data: None) -> None:
    folder = tmp_path / "home" / "agency"
    assert call("demo", "--seed-only", "--data-dir", folder).exit_code == 0
    names = ("agency.db", "agency.db-wal", "agency.db-shm")

    def rights() -> set[int]:
        return {(folder / name).stat().st_mode & 0o777 for name in names if (folder / name).exists()}

    assert (folder.stat().st_mode & 0o777, rights()) == (0o700, {0o600})
    folder.chmod(0o755)
    (folder / "agency.db").chmod(0o644)
    [finding] = [one for one in json.loads(call("doctor", "--json").stdout) if one["name"] == "Database"]
    assert (finding["well"], "agency.db" in finding["found"]) == (False, True)
    assert call("clients", "--data-dir", folder).exit_code == 0
    assert (folder.stat().st_mode & 0o777, rights()) == (0o700, {0o600})
    (tmp_path / "home").chmod(0o755)
    assert call("clients", "--data-dir", folder).exit_code == 0
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o755


def test_verify_exits_with_1_and_the_list(worked: Agency) -> None:
    assert call_json("verify") == {"faults": []}
    with engine().begin() as connection:
        connection.execute(text("UPDATE time_entry SET retainer_id = NULL WHERE work_date = '2026-09-07'"))
    result = call("verify")
    assert (result.exit_code, result.stdout.count("\n")) == (1, 1)
    assert "its retainer is not the retainer of its task" in result.stdout
    result = call("verify", "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["faults"])) == (1, 1)


def test_backup_and_restore(worked: Agency, database: str, tmp_path: Path) -> None:  # noqa: F811
    assert call_json("backup", tmp_path / "b")["kind"] == ("sqlite" if database == "sqlite" else "json")
    assert "workspace already" in refused("restore", tmp_path / "b")
    if database == "sqlite":
        assert Path(call_json("restore", tmp_path / "b", "--force")["replaced"]).exists()
        assert call_json("restore", tmp_path / "b", "--data-dir", tmp_path / "new")["replaced"] is None
        assert len(call_json("clients", "--data-dir", tmp_path / "new")) == 2


def test_import_reports_and_stores_once(agency: Agency, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "toggl.csv"
    file.write_text(
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
        "Amount (EUR)\n"
        "Mara Halden,mara@halden.example,Northwind Outdoor,Autumn,,Report,Yes,2026-09-07,09:00:00,2026-09-07,"
        "10:30:00,01:30:00,,\n"
        "Mara Halden,mara@halden.example,Zenith,Spring,,Call,Yes,2026-09-08,09:00:00,2026-09-08,10:00:00,"
        "01:00:00,,\n"
    )
    dry = call_json("import", file, "--dry-run")
    assert (dry["added"], dry["stored"], dry["unknown_clients"]) == (1, False, ["Zenith"])
    assert [note["line"] for note in dry["rejected"]] == [3]
    assert "Nothing was imported" in call("import", file, "--all-or-nothing").stderr
    held = json.loads(call("import", file, "--all-or-nothing", "--json").stdout)
    assert (held["stored"], held["added"], held["held_back"], held["rows_total"]) == (False, 0, 1, 2)
    assert call_json("draft", "northwind", "--period", "2026-09")["lines"] == []

    stored = call_json("import", file)
    assert (stored["added"], stored["stored"]) == (1, True)
    again = call_json("import", file, "--create-missing")
    assert (again["added"], again["already_known"], again["created_clients"]) == (1, 1, ["Zenith"])
    assert call_json("import", file)["added"] == 0


def test_an_import_of_which_nothing_comes_in_is_an_error(agency: Agency, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "kimai.csv"
    heading = "Date,From,To,Duration,Currency,Price,Fixed price,User,Customer,Description,Billable\n"
    bad = "2026-09-08,09:00,10:30,1.5,EUR,0,,Mara Halden,{},Report,1\n"
    file.write_text(heading + bad.format("Zenith") + bad.format(""))

    def not_imported(*options: str) -> str:
        result = call("import", file, *options)
        assert result.exit_code == 2, result.output
        return result.stderr

    assert "Nothing was imported: 2 of 2 rows were refused." in not_imported()
    assert call("import", file, "--dry-run").exit_code == 0  # it was asked what would happen, and says so
    assert "line 3, refused: The row names no client, and there is no client Internal" in call("import", file).stdout
    good = "2031-09-07,09:00,10:30,1.5,EUR,0,,Mara Halden,Northwind Outdoor,Report,1\n"
    file.write_text(heading + good)
    said = call("import", file)
    assert "line 2, note: It is of 07 Sep 2031, a day still to come. Check the year." in said.stdout
    assert said.exit_code == 0
    file.write_text(heading + good + bad.format("Zenith"))
    assert call("import", file).exit_code == 0  # the other is here already: the second import of a file is no error
    assert "Nothing was imported: 1 of 2 rows were refused." in not_imported("--all-or-nothing")


def test_an_import_says_in_a_sentence_what_came_of_it(agency: Agency, tmp_path: Path) -> None:  # noqa: F811
    file, row = tmp_path / "kimai.csv", "2026-09-{},09:00,10:30,1.5,EUR,0,,Mara Halden,{},Report,1\n"
    heading = "Date,From,To,Duration,Currency,Price,Fixed price,User,Customer,Description,Billable\n"
    file.write_text(heading + row.format("07", "Northwind Outdoor"))

    def said(*options: str) -> list[str]:
        return call("import", file, *options).stdout.splitlines()[:2]

    name = "kimai.csv (Kimai)"
    would = f"1 entry, 1:30 h, would be imported from {name}. Nothing is stored yet: run it again without --dry-run."
    assert said("--dry-run") == [would, "1 row: 1 new."]
    assert said() == [f"Imported 1 entry, 1:30 h, from {name}.", "1 row: 1 new."]
    nothing = f"Nothing new in {name}: all of its work is here already. Nothing was changed."
    assert said("--dry-run") == said() == [nothing, "1 row: 1 known already."]
    file.write_text(heading + row.format("08", "Northwind Outdoor") + row.format("09", "Zenith"))
    held = "1 row is refused, and --all-or-nothing asks for all. Without it, 1 entry, 1:30 h, would come in."
    counts = "2 rows: 1 new, 1 refused."
    assert said("--all-or-nothing", "--dry-run") == [f"Nothing would be imported from {name}: {held}", counts]
    assert said("--all-or-nothing") == [f"Nothing was imported from {name}: {held}", counts]
    file.write_text(heading)
    assert said() == [f"Nothing to import from {name}. Nothing was changed.", "The file has no rows."]


def test_import_gives_nameless_rows_to_a_member_and_names_fixed_prices(agency: Agency, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "kimai.csv"
    file.write_text(
        "Date,From,To,Duration,Currency,Price,Fixed price,User,Customer,Description,Billable\n"
        "2026-09-07,09:00,10:00,1,EUR,0,84,,Northwind Outdoor,Report,1\n"
    )
    assert "does not say who did the work" in call("import", file).stdout
    shown = call("import", file, "--member", "joris@halden.example", "--dry-run").stdout
    assert "line 2, note: The fixed price of 84.00 EUR is not kept" in shown
    stored = call_json("import", file, "--member", "joris@halden.example")
    assert stored["added"] == 1
    assert [(note["line"], note["code"]) for note in stored["warnings"]] == [(2, "fixed_price_not_kept")]


def test_import_refuses_what_it_cannot_read(agency: Agency, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "notes.txt").write_text("buy milk\n")
    refused("import", tmp_path / "notes.txt")
    assert "No such file" in refused("import", tmp_path / "nothing.csv")
    assert "is not a time zone" in refused("import", tmp_path / "notes.txt", "--zone", "Mars")
    assert "day or month" in refused("import", tmp_path / "notes.txt", "--date-order", "year")


def test_doctor_says_what_is_there(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    findings = {finding["name"]: finding for finding in call_json("doctor")}
    assert findings["Workspace"]["found"] == "Halden & Co"
    assert all(finding["well"] for finding in findings.values())
    monkeypatch.setenv("AGENCY_REDIS_URL", "redis://:hush@127.0.0.1:1/0")
    settings.cache_clear()
    result = call("doctor")
    assert result.exit_code == 1
    assert "BAD Redis" in result.stdout
    assert "AGENCY_REDIS_URL" in result.stdout
    assert "hush" not in result.stdout


def test_an_unreachable_database_is_an_error_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENCY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AGENCY_DATABASE_URL", "postgresql://agency:hush@127.0.0.1:1/agency")
    settings.cache_clear()
    said = refused("clients")
    assert said.startswith("error: The database cannot be used")
    assert "hush" not in said
    result = call("doctor")
    assert result.exit_code == 1
    assert "BAD Database" in result.stdout
    assert "hush" not in result.stdout
    dispose_engines()
    settings.cache_clear()


def test_a_data_folder_without_data_is_not_made_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGENCY_DATABASE_URL", raising=False)
    monkeypatch.setenv("AGENCY_DATA_DIR", str(tmp_path))
    folder = tmp_path / "typo"
    for command in (("clients",), ("verify",), ("dump", tmp_path / "x.json"), ("backup", tmp_path / "x.db")):
        assert "There is no data in" in refused(*command, "--data-dir", folder)
        assert "There is no data in" in refused("--data-dir", folder, *command)
    assert not folder.exists()
    settings.cache_clear()


def test_the_demo_is_seeded_once_where_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGENCY_DATABASE_URL", raising=False)
    monkeypatch.setenv("AGENCY_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    first = call_json("demo", "--seed-only")
    assert first["data_dir"] == str(tmp_path)
    assert [member["role"] for member in first["members"]].count("owner") == 1
    assert call_json("verify") == {"faults": []}
    call("dump", tmp_path / "first.json")
    assert call("demo", "--seed-only").exit_code == 0
    call("dump", tmp_path / "second.json")
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()
    dispose_engines()
    settings.cache_clear()


def test_without_a_setting_the_demo_has_a_folder_of_its_own_that_a_refusal_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AGENCY_DATABASE_URL", "AGENCY_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path))
    settings.cache_clear()
    assert call_json("demo", "--seed-only")["data_dir"] == str(tmp_path / "demo")
    monkeypatch.delenv("AGENCY_DATA_DIR")  # the command named it for itself
    settings.cache_clear()
    assert f"add --data-dir {tmp_path / 'demo'}" in refused("clients")
    dispose_engines()
    settings.cache_clear()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_demo_does_not_move_in_with_a_real_agency(agency: Agency) -> None:  # noqa: F811
    folder = str(settings().data_dir)
    assert "lives here, not the demo" in refused("demo", "--seed-only", "--data-dir", folder)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_clients_starts_fast_and_never_imports_reflex(agency: Agency) -> None:  # noqa: F811
    dispose_engines()
    libraries = "import typer, sqlmodel, pydantic_settings"
    command = "import sys; from agency_app import cli; cli.app(standalone_mode=False); print(sorted(sys.modules))"
    shown = _run_python(command, "clients")[1]
    assert "Northwind Outdoor" in shown
    for module in ("'reflex'", "'alembic'", "'fpdf'", "'babel'"):
        assert module not in shown
    # Against the libraries alone on the same machine at the same time, whatever else it is doing.
    times = [(_run_python(libraries)[0], _run_python(command, "clients")[0]) for _ in range(3)]
    assert min(own for _, own in times) < 2 * min(alone for alone, _ in times)


def _run_python(code: str, *arguments: str) -> tuple[float, str]:
    """Return the seconds that a new interpreter took for some code, and what it printed."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return time.monotonic() - began, done.stdout


def test_a_wrong_option_exits_with_2() -> None:
    assert call("draft", "x").exit_code == 2
    assert call("run", "--port", "0").exit_code == 2
    assert call("nonsense").exit_code == 2


def test_retainers_lists_every_period_with_figures_that_add_up(worked: Agency) -> None:
    [read] = call_json("retainers", "--client", "north", "--as-of", "2026-10-05")
    assert (read["client"], read["retainer"], read["basis"]) == ("Northwind Outdoor", "Performance", "hours")
    september, october = read["periods"][-2:]
    assert (september["start"], september["end"], september["closed"]) == ("2026-09-01", "2026-09-30", False)
    assert (september["used"], september["overage"], september["status"]) == (38 * 3600, 2 * 3600, "Over")
    assert october["rolled_in"] == september["rolled_out"]
    assert list(read) == ["client", "retainer", "basis", "periods"]
    for one in read["periods"]:
        assert " ".join(one) == (
            "start end closed granted rolled_in used overage written_off remaining expired deficit rolled_out status "
            "run_out"
        )
        assert one["granted"] + one["rolled_in"] == one["used"] - one["overage"] + one["remaining"]
    assert len(call_json("retainers")) == 2
    for day in ("yesterday", "9999-12-31", "0001-01-01"):
        assert "is not a day" in refused("retainers", "--as-of", day)
    assert "used 38.00" in call("retainers", "--client", "north", "--as-of", "2026-10-05").stdout


def test_data_of_a_version_that_is_not_known_are_refused_and_left_alone(agency: Agency) -> None:  # noqa: F811
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert "made by another version of this program" in refused("clients")
    with transaction() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0002"
        newest = schema_version.known_revisions()[-1]
        session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})


def test_every_command_takes_json_and_is_in_the_readme() -> None:
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text()
    commands = typer.main.get_group(cli.app).commands
    assert len(commands) > 15
    for name, command in commands.items():
        assert any("--json" in option.opts for option in command.params), name
        assert f"`agency {name}" in readme, name


def test_what_cannot_be_undone_asks_for_a_clients_name_in_full(worked: Agency, tmp_path: Path) -> None:
    said = refused("finalise", "northwin", "--period", "2026-09", "--out", tmp_path)
    assert "in full" in said
    assert "Known: Northwind Outdoor, Summit Coffee" in said
    assert call_json("invoices") == []
    assert call_json("finalise", "northwind outdoor", "--period", "2026-09", "--out", tmp_path)["number"]


def test_a_refused_finalise_prints_the_refusal_alone(worked: Agency, tmp_path: Path) -> None:
    plan_task(worked.owner, PlanTask(worked.northwind, worked.reporting, "Report", 3600))
    nothing = refused("finalise", "northwind", "--period", "2020-01", "--out", tmp_path)
    assert nothing == "error: Northwind Outdoor has nothing to bill in January 2020.\n"
    done = call("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)
    assert "note: Still in the Inbox: 1 task for Northwind Outdoor." in done.stderr
    again = refused("finalise", "northwind", "--period", "2026-09", "--out", tmp_path)
    assert again.startswith("error: ")
    assert again.count("\n") == 1
