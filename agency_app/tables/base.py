"""What every table shares: the constraint names, the identifiers and the column kinds."""

import secrets
import time
from datetime import UTC, datetime

from sqlalchemy import BigInteger
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Amount = BigInteger
"""Money in minor units, rates in 1/10000, time in seconds: always whole numbers of 64 bits."""


def new_id() -> str:
    """Return a fresh identifier: 32 hex digits, the first twelve the millisecond, so that indexes stay local."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def now() -> datetime:
    """Return the present instant in UTC: the one clock of the tables and the services."""
    return datetime.now(UTC)
