"""The format of a workspace in one JSON file: derived from the tables, so that it can never lag behind them.

The file is an object with `format`, `version` and one list a table, named as the table. Every column of a row is a key
and has to be there; a file of an earlier release may lack tables and columns that came later, which are then empty or
as by default. Money is in minor units, rates in 1/10000 an hour, VAT in basis points, time in seconds, instants
ISO 8601 with an offset, dates ISO 8601, bytes base64. It holds the members' password hashes (Argon2id), so that people
can sign in after a load: keep it as safe as the database. Login sessions and failed sign-ins are left out.
"""

import base64
import binascii
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    create_model,
)
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, String
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from agency_app.store.whole_workspace import dumped_tables

FORMAT = "agency-workspace"
VERSION = 1
FIRST_TABLES = frozenset(
    [
        "activity",
        "audit_event",
        "campaign",
        "client",
        "imported_entry",
        "invoice",
        "invoice_document",
        "invoice_line",
        "invoice_series",
        "late_entry",
        "line_work",
        "member",
        "rate",
        "retainer",
        "retainer_pause",
        "retainer_period",
        "retainer_scope",
        "retainer_terms",
        "task",
        "task_template",
        "time_entry",
        "workspace",
    ]
)
"""The tables that every file has. A file of an earlier release may lack the later ones."""
SCHEMA_FILE = Path(__file__).resolve().parents[2] / "docs" / "workspace.schema.json"


class WorkspaceFile(BaseModel):
    """What every version of the format has; `file_model()` adds the tables."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["agency-workspace"]
    version: Literal[1]


def _from_base64(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("must be a text in base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None


Bytes = Annotated[
    bytes,
    PlainValidator(_from_base64),
    PlainSerializer(lambda value: base64.b64encode(value).decode("ascii")),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]


def file_model() -> type[WorkspaceFile]:
    """Return the pydantic model of the whole file: strict types, unknown keys refused."""
    fields: dict[str, Any] = {}
    for model in dumped_tables():
        name = str(model.__tablename__)
        summary = (model.__doc__ or "").strip().splitlines()[0]
        missing: Any = {} if name in FIRST_TABLES else {"default_factory": list}
        fields[name] = (list[_row_model(model)], Field(description=summary, **missing))
    return create_model("AgencyWorkspace", __base__=WorkspaceFile, __doc__=__doc__, **fields)


def _row_model(model: type[SQLModel]) -> type[BaseModel]:
    columns = SQLModel.metadata.tables[str(model.__tablename__)].columns
    fields: dict[str, Any] = {
        # a column with a default in the database came after the first release
        column.name: (
            _type_of(column),
            ... if column.server_default is None else model.model_fields[column.name].get_default(),
        )
        for column in columns
    }
    return create_model(
        f"{model.__name__}Row",
        __config__=ConfigDict(extra="forbid", strict=True),
        __doc__=model.__doc__,
        **fields,
    )


def _type_of(column: Column[Any]) -> Any:
    """Return the type of a column's values in the file, within what the database can hold."""
    kind = column.type
    if isinstance(kind, LargeBinary):
        plain: Any = Bytes
    elif isinstance(kind, Boolean):
        plain = bool
    elif isinstance(kind, Integer):
        bits = 64 if isinstance(kind, BigInteger) else 32
        plain = Annotated[int, Field(ge=-(2 ** (bits - 1)), lt=2 ** (bits - 1))]
    elif isinstance(kind, Date):
        plain = date
    elif isinstance(kind, UTCDateTime):
        plain = AwareDatetime
    elif isinstance(kind, String | AutoString):
        plain = Annotated[str, Field(min_length=1)] if column.primary_key else str
    else:
        raise TypeError(f"{column}: the workspace file has no form for {kind!r}")
    return plain | None if column.nullable else plain


def as_text(content: dict[str, Any]) -> str:
    """Return a file's content as its one text: sorted keys, one key a line, UTF-8, a line feed at the end."""
    return json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a {type(value).__name__} has no place in a workspace file")


def json_schema() -> str:
    """Return the JSON Schema of the file as text, as it is kept in docs/workspace.schema.json."""
    schema = file_model().model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_json_schema(path: Path = SCHEMA_FILE) -> None:
    """Write the JSON Schema: run `python -m agency_app.services.workspace_file` after a change of the tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json_schema(), encoding="utf-8")


if __name__ == "__main__":
    write_json_schema()
