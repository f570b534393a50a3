"""Read a whole workspace from a file that `dump_workspace` wrote: all of it, or with any fault nothing of it."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import CheckConstraint, String, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import AutoString

from agency_app.domain.money import MoneyError, exponent
from agency_app.domain.weeks import MONDAY, SUNDAY, WEEK_STARTS
from agency_app.services.document_chain import chain_all
from agency_app.services.refusal import Refused
from agency_app.services.sound_rows import is_password_hash, same_addresses, span_fault
from agency_app.services.workspace_file import FORMAT, VERSION, file_model
from agency_app.store import people
from agency_app.store.engine import engine, reading, transaction
from agency_app.store.whole_workspace import dumped_tables, insert_rows, set_columns
from agency_app.tables import Invoice, TimeEntry

Content = dict[str, list[dict[str, Any]]]
"""The rows of each table, by its name."""


class BadFile(Refused):
    """The file is not a workspace that can be loaded; `faults` says where and why, one text each."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{path} was not loaded: {count}, nothing was saved.", "file")
        self.faults = faults


def load_workspace(path: Path, content: Content | None = None) -> dict[str, int]:
    """Load a workspace into empty data and return the number of rows of each table.

    `content` is what `read_workspace_file` returned for the file, if somebody read it already. Raises as it does, and
    Refused when there is a workspace already.
    """
    _refuse_existing()
    content = content or read_workspace_file(path)
    hashes = {row["id"]: row["sha256"] or "" for row in content["invoice"]}
    chain_all(content["workspace"][0], content["invoice_document"], hashes)
    try:
        with transaction() as session:
            if people.any_workspace(session) is not None:
                raise Refused(_EXISTS)
            _insert(session, content)
    except DBAPIError as error:
        raise BadFile(path, [f"$: the database refuses it: {str(error.orig).strip()}"]) from error
    return {name: len(rows) for name, rows in content.items()}


def read_workspace_file(path: Path) -> Content:
    """Return the rows of each table in a file, without a look at the database.

    Raises BadFile with the JSON path of every fault (unknown keys, wrong types, dangling references, duplicates,
    broken rules of a table), and Refused when the file cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "file") from error
    content = _validated(path, text)
    faults = list(_faults(content))
    if faults:
        raise BadFile(path, faults)
    return content


_EXISTS = "There is a workspace already. Load into empty data: choose another --data-dir or an empty database."


def _refuse_existing() -> None:
    with reading() as session:
        if people.any_workspace(session) is not None:
            raise Refused(_EXISTS)


def _validated(path: Path, text: bytes) -> Content:
    try:
        checked = file_model().model_validate_json(text)
    except ValidationError as error:
        raise BadFile(
            path,
            [_fault(found["loc"], found["type"], found["msg"]) for found in error.errors()],
        ) from None
    names = [str(model.__tablename__) for model in dumped_tables()]
    return {name: [dict(row) for row in getattr(checked, name)] for name in names}


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".") or "$"
    if kind == "json_invalid":
        return f"$: this is not JSON: {message}"
    if where in {"format", "version"}:
        return f"{where}: must be {FORMAT!r}" if where == "format" else f"{where}: must be {VERSION}"
    said = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(kind, message)
    return f"{where}: {said.removeprefix('Value error, ')}"


def _faults(content: Content) -> Iterator[str]:
    """Yield the faults of rows that are well formed one by one but do not fit together, or break a table's rule."""
    if len(content["workspace"]) != 1:
        yield f"workspace: must hold exactly one row, not {len(content['workspace'])}"
    known = {name: {row["id"] for row in rows} for name, rows in content.items()}
    for model in dumped_tables():
        table = SQLModel.metadata.tables[str(model.__tablename__)]
        rows = content[table.name]
        yield from _duplicates(table, rows)
        yield from _dangling(table, rows, known)
        yield from _broken_rules(table, rows)
        yield from _meaningless(table, rows)
    yield from _unsound_entries(content)
    yield from _unsound_members(content)
    yield from _overbilled(content)
    yield from _torn_work(content)


def _duplicates(table: Table, rows: list[dict[str, Any]]) -> Iterator[str]:
    groups: list[tuple[str, ...]] = [("id",)]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            groups.append(tuple(column.name for column in constraint.columns))
    for columns in sorted(groups):
        first: dict[tuple[Any, ...], int] = {}
        for position, row in enumerate(rows):
            key = tuple(row[column] for column in columns)
            if None in key:
                continue
            if key in first:
                where = f"{table.name}[{position}]" + (f".{columns[-1]}" if len(columns) == 1 else "")
                yield f"{where}: duplicate {', '.join(columns)}, as in {table.name}[{first[key]}]"
            first.setdefault(key, position)


def _dangling(table: Table, rows: list[dict[str, Any]], known: dict[str, set[str]]) -> Iterator[str]:
    references = [(column.name, key.column.table.name) for column in table.columns for key in column.foreign_keys]
    for position, row in enumerate(rows):
        for column, target in references:
            if row[column] is not None and row[column] not in known[target]:
                yield f"{table.name}[{position}].{column}: there is no {target} with the id {row[column]!r}"


def _broken_rules(table: Table, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Check the rows against the CHECK constraints of the table itself, by letting an SQLite evaluate them."""
    rules = [str(rule.sqltext) for rule in table.constraints if isinstance(rule, CheckConstraint)]
    columns = [column.name for column in table.columns if any(column.name in rule for rule in rules)]
    if not rules:
        return
    values = ", ".join(f'? AS "{column}"' for column in columns)
    query = f"SELECT {', '.join(rules)} FROM (SELECT {values})"
    scratch = sqlite3.connect(":memory:")
    for position, row in enumerate(rows):
        held = scratch.execute(query, [_scalar(row[column]) for column in columns]).fetchone()
        for rule, answer in zip(rules, held, strict=True):
            if answer == 0:
                named = [column for column in columns if column in rule]
                where = f"{table.name}[{position}]" + (f".{named[0]}" if len(named) == 1 else "")
                yield f"{where}: must hold: {rule}"
    scratch.close()


def _scalar(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str | bytes) else str(value)


def _meaningless(table: Table, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield zones, currencies and weeks that nothing could work with, and text that PostgreSQL cannot hold."""
    texts = [column.name for column in table.columns if isinstance(column.type, String | AutoString)]
    no_nul = engine().dialect.name == "postgresql"
    for position, row in enumerate(rows):
        if row.get("first_weekday", MONDAY) not in WEEK_STARTS.values():
            yield f"{table.name}[{position}].first_weekday: must be {MONDAY} (Monday) or {SUNDAY} (Sunday)"
        for name in texts:
            value = row[name]
            if name == "zone" and not _is_zone(value):
                yield f"{table.name}[{position}].zone: {value!r} is not a time zone"
            elif name == "currency" and not _is_currency(value):
                yield f"{table.name}[{position}].currency: {value!r} is not a currency"
            elif no_nul and isinstance(value, str) and "\x00" in value:
                yield f"{table.name}[{position}].{name}: holds a NUL character, which PostgreSQL cannot store"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; malformed; the name of a folder
        return False
    return True


def _is_currency(code: str) -> bool:
    try:
        exponent(code)
    except MoneyError:
        return False
    return True


def _unsound_entries(content: Content) -> Iterator[str]:
    for position, row in enumerate(content["time_entry"]):
        column, fault = span_fault(row["started_at"], row["ended_at"], row["seconds"])
        if fault:
            yield f"time_entry[{position}].{column}: {fault}"


def _unsound_members(content: Content) -> Iterator[str]:
    members = content["member"]
    if not any(row["role"] == "owner" and row["active"] for row in members):
        yield "member: nobody is an active owner; without one nobody could change what only owners may"
    for position, before in same_addresses([row["email"] for row in members]):
        yield f"member[{position}].email: the address of member[{before}] but for capitals"
    for position, row in enumerate(members):
        if not is_password_hash(row["password_hash"]):
            yield f"member[{position}].password_hash: is no Argon2 hash; leave it empty for a member without a password"


def _overbilled(content: Content) -> Iterator[str]:
    seconds = {row["id"]: (position, row["seconds"]) for position, row in enumerate(content["time_entry"])}
    billed: dict[str, int] = {}
    credited: dict[str, int] = {}
    bills = {row["id"]: row for row in content["line_work"]}
    for position, row in enumerate(content["line_work"]):
        source = bills.get(row["credits_id"] or "")
        if source is None:
            continue
        credited[source["id"]] = credited.get(source["id"], 0) + row["seconds"]
        if credited[source["id"]] > source["seconds"] or source["entry_id"] != row["entry_id"]:
            yield (
                f"line_work[{position}].seconds: credits {credited[source['id']]} s of line_work {source['id']}, "
                f"which bills {source['seconds']} s of entry {source['entry_id']}"
            )
    for position, row in enumerate(content["line_work"]):
        entry_id = row["entry_id"]
        if row["credits_id"] is None:
            billed[entry_id] = billed.get(entry_id, 0) + row["seconds"] - credited.get(row["id"], 0)
        else:
            billed.setdefault(entry_id, 0)
        entry, available = seconds.get(entry_id, (0, billed[entry_id]))
        if billed[entry_id] > available:
            yield (
                f"line_work[{position}].seconds: bills {billed[entry_id]} s of time_entry[{entry}], "
                f"which has {available} s"
            )


def _torn_work(content: Content) -> Iterator[str]:
    invoice_of_line = {row["id"]: row["invoice_id"] for row in content["invoice_line"]}
    for position, row in enumerate(content["line_work"]):
        if invoice_of_line.get(row["line_id"], row["invoice_id"]) != row["invoice_id"]:
            yield f"line_work[{position}].invoice_id: its line is on another invoice"


def _insert(session: Session, content: Content) -> None:
    """Insert table by table. Entries are locked, and invoices made final, last: the triggers refuse it otherwise.

    Invoices, lines and work go in by the time they were made final, so that what a credit note released is there, and
    released, before it is billed again. Until then final ones are void, because a period has one open draft at most.
    """
    finalised = {row["id"]: row["finalised_at"] for row in content["invoice"]}
    latest = datetime.max.replace(tzinfo=UTC)

    def in_order(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: (finalised.get(row[key]) or latest, row["id"]))

    rows = {
        "invoice": [
            row | ({"status": "void", "number": None} if row["status"] == "final" else {})
            for row in in_order(content["invoice"], "id")
        ],
        "time_entry": [row | {"invoice_id": None} for row in content["time_entry"]],
        "invoice_line": in_order(content["invoice_line"], "invoice_id"),
        "line_work": in_order(content["line_work"], "invoice_id"),
    }
    for model in dumped_tables():
        name = str(model.__tablename__)
        insert_rows(session, model, rows.get(name, content[name]))
    locked = [row for row in content["time_entry"] if row["invoice_id"] is not None]
    set_columns(session, TimeEntry, ["invoice_id"], locked)
    final = [row for row in in_order(content["invoice"], "id") if row["status"] == "final"]
    set_columns(session, Invoice, ["status", "number"], final)
