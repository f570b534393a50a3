"""Read and write a workspace as a whole, table by table: for the dump, the load and the verification."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, exists, func, insert, select, update
from sqlmodel import Session, SQLModel

from agency_app import tables
from agency_app.store.engine import reading

Model = TypeVar("Model", bound=SQLModel)

NOT_DUMPED = ("login_session", "sign_in_attempt")
"""Tables about browsers, not about the agency's work: they stay where they are."""


def dumped_tables() -> list[type[SQLModel]]:
    """Return the tables of a workspace, each after those that it refers to."""
    by_name = {_table(model).name: model for model in (getattr(tables, name) for name in tables.__all__)}
    ordered = [by_name[table.name] for table in SQLModel.metadata.sorted_tables if table.name in by_name]
    return [model for model in ordered if _table(model).name not in NOT_DUMPED]


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


@contextmanager
def reading_at_one_instant() -> Iterator[Session]:
    """Open a session in which every query sees the database as of the same instant, whatever others commit."""
    with reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def rows(session: Session, model: type[SQLModel], workspace_id: str) -> list[dict[str, Any]]:
    """Return every row of a table that belongs to the workspace, by id in the order of its characters."""
    table = _table(model)
    owner = table.c.id if table.name == "workspace" else table.c.workspace_id
    found = session.execute(select(table).where(owner == workspace_id)).mappings()
    return sorted((dict(row) for row in found), key=lambda row: row["id"])


def objects(session: Session, model: type[Model], workspace_id: str) -> list[Model]:
    """Return every row of a table with a `workspace_id` as objects of its class, by id."""
    table = _table(model)
    query = select(model).where(table.c.workspace_id == workspace_id).order_by(table.c.id)
    return list(session.execute(query).scalars())


def dangling(session: Session) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield, for each column whose rows name a row that is not there: table, id of the first, column, what it names, and
    the number of such rows."""
    for table in SQLModel.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            named = key.column.table.alias()
            gone = ~exists().where(named.c[key.column.name] == key.parent)
            query = select(func.count(), func.min(table.c.id)).where(key.parent.is_not(None), gone)
            count, first = session.execute(query).one()
            if count:
                yield table.name, first, key.parent.name, key.column.table.name, count


def insert_rows(session: Session, model: type[SQLModel], values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as they are, ids included."""
    if values:
        session.execute(insert(_table(model)), [dict(value) for value in values])


def set_columns(
    session: Session,
    model: type[SQLModel],
    columns: Sequence[str],
    values: Sequence[Mapping[str, Any]],
) -> None:
    """Set some columns of rows that are found by their ids; the versions of the rows stay as they are."""
    if not values:
        return
    table = _table(model)
    statement = (
        update(table)
        .where(table.c.id == bindparam("of_id"))
        .values({column: bindparam(f"to_{column}") for column in columns})
    )
    session.connection().execute(
        statement,
        [{"of_id": row["id"]} | {f"to_{column}": row[column] for column in columns} for row in values],
    )
