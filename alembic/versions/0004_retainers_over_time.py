"""Retainers over time: cycles, budgets, amendments, pauses, scope, frozen terms on closed periods, late entries."""

import json

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW_TERMS = (
    ("budget_minor", "BIGINT NOT NULL DEFAULT 0", "budget", "budget_minor >= 0"),
    ("cycle_unit", "VARCHAR NOT NULL DEFAULT 'month'", "cycle_unit", "cycle_unit in ('month', 'week')"),
    ("cycle_every", "INTEGER NOT NULL DEFAULT 1", "cycle_every", "cycle_every between 1 and 120"),
    ("anchor_on", "DATE NOT NULL DEFAULT '2001-01-01'", "", ""),
    ("proration", "VARCHAR NOT NULL DEFAULT 'none'", "proration", "proration in ('none', 'day', 'working_day')"),
    ("rollover_cap_share", "INTEGER", "cap_share", "rollover_cap_share >= 0"),
    ("rollover_expires_after", "INTEGER", "expires_after", "rollover_expires_after >= 1"),
    ("carry_deficit", "BOOLEAN NOT NULL DEFAULT false", "", ""),
)
_PERIOD = (
    ("fee_minor", "BIGINT NOT NULL DEFAULT 0", "", ""),
    ("terms", "TEXT NOT NULL DEFAULT ''", "", ""),
    ("lots_in", "VARCHAR NOT NULL DEFAULT '[]'", "", ""),
    ("lots_out", "VARCHAR NOT NULL DEFAULT '[]'", "", ""),
    (
        "overage_decision",
        "VARCHAR NOT NULL DEFAULT ''",
        "overage_decision",
        "overage_decision in ('', 'bill', 'absorb')",
    ),
)
_WIDER = (
    ("basis", "basis in ('hours', 'fee', 'hybrid')", "basis in ('hours', 'fee', 'budget', 'hybrid')"),
    ("overage", "overage in ('bill', 'absorb')", "overage in ('bill', 'approval', 'absorb', 'stop')"),
)
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    _add_columns("retainer", _NEW_TERMS)
    _add_columns("retainer_period", _PERIOD)
    for name, narrow, wide in _WIDER:
        _replace_check("retainer", f"ck_retainer_{name}", narrow, wide)
    _create_tables()
    _freeze_terms()
    op.drop_index("ix_time_entry_retainer_id_work_date", "time_entry")
    op.create_index(
        "ix_time_entry_retainer_use",
        "time_entry",
        ["workspace_id", "retainer_id", "work_date", "billable", "seconds"],
    )


def downgrade() -> None:
    """Take it back. Retainers that use what is new must be changed first: the older rules refuse them."""
    op.drop_index("ix_time_entry_retainer_use", "time_entry")
    op.create_index("ix_time_entry_retainer_id_work_date", "time_entry", ["retainer_id", "work_date"])
    for name in ("late_entry", "retainer_scope", "retainer_pause", "retainer_terms"):
        op.drop_table(name)
    for name, narrow, wide in _WIDER:
        _replace_check("retainer", f"ck_retainer_{name}", wide, narrow)
    for table, columns in (("retainer_period", _PERIOD), ("retainer", _NEW_TERMS)):
        for name, _, check, rule in reversed(columns):
            if check and op.get_bind().dialect.name == "sqlite":
                # SQLite refuses to drop a column that its own rule still names.
                _rewrite(table, f" CONSTRAINT ck_{table}_{check} CHECK ({rule})", "")
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _add_columns(table: str, columns: tuple[tuple[str, str, str, str], ...]) -> None:
    """Add columns with their rules, without making the table anew: other tables refer to its rows."""
    for name, kind, check, rule in columns:
        constraint = f" CONSTRAINT ck_{table}_{check} CHECK ({rule})" if check else ""
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}{constraint}")
        if op.get_bind().dialect.name != "sqlite" and "DEFAULT" in kind:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")


def _replace_check(table: str, name: str, old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, f"CONSTRAINT {name} CHECK ({old})", f"CONSTRAINT {name} CHECK ({new})")
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({new})")


def _rewrite(table: str, old: str, new: str) -> None:
    """Change a rule in the text of an SQLite table, as sqlite.org/lang_altertable.html describes for such a change.

    Making the table anew would delete its rows for a moment, which the foreign keys that point to them forbid.
    """
    connection = op.get_bind()
    text = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar()
    if not text or old not in text:
        raise RuntimeError(f"The table {table} does not have the rule {old}.")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar() or 0
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text.replace(old, new), table)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _create_tables() -> None:
    op.create_table(
        "retainer_terms",
        sa.Column("basis", _TEXT(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("granted_seconds", sa.BigInteger(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("cycle_unit", _TEXT(), nullable=False),
        sa.Column("cycle_every", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("proration", _TEXT(), nullable=False),
        sa.Column("rollover", _TEXT(), nullable=False),
        sa.Column("rollover_cap_seconds", sa.BigInteger(), nullable=False),
        sa.Column("rollover_cap_share", sa.Integer(), nullable=True),
        sa.Column("rollover_expires_after", sa.Integer(), nullable=True),
        sa.Column("carry_deficit", sa.Boolean(), nullable=False),
        sa.Column("overage", _TEXT(), nullable=False),
        sa.Column("overage_rate", sa.BigInteger(), nullable=False),
        *_identity(),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("note", _TEXT(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_retainer_terms_{name}")) for _, _, name, rule in _NEW_TERMS if name),
        *(sa.CheckConstraint(wide, name=op.f(f"ck_retainer_terms_{name}")) for name, _, wide in _WIDER),
        sa.CheckConstraint("rollover in ('expire', 'all', 'capped')", name=op.f("ck_retainer_terms_rollover")),
        sa.CheckConstraint(
            "fee_minor >= 0 and granted_seconds >= 0 and overage_rate >= 0",
            name=op.f("ck_retainer_terms_not_negative"),
        ),
        *_keys("retainer_terms", ["retainer_id", "starts_on"]),
    )
    op.create_table(
        "retainer_pause",
        *_identity(),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", _TEXT(), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_retainer_pause_order")),
        *_keys("retainer_pause", ["retainer_id", "starts_on"]),
    )
    op.create_table(
        "retainer_scope",
        *_identity(),
        sa.Column("campaign_id", _TEXT(), nullable=True),
        sa.Column("activity_id", _TEXT(), nullable=True),
        sa.CheckConstraint("campaign_id is not null or activity_id is not null", name=op.f("ck_retainer_scope_named")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_retainer_scope_campaign_id")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_retainer_scope_activity_id")),
        *_keys("retainer_scope", ["retainer_id", "campaign_id", "activity_id"]),
    )
    op.create_table(
        "late_entry",
        *_identity(),
        sa.Column("entry_id", _TEXT(), nullable=False),
        sa.Column("placement", _TEXT(), nullable=False),
        sa.Column("counts_on", sa.Date(), nullable=False),
        sa.Column("reason", _TEXT(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("placement in ('overage', 'next', 'written_off')", name=op.f("ck_late_entry_placement")),
        sa.CheckConstraint("placement <> 'written_off' or reason <> ''", name=op.f("ck_late_entry_reason")),
        sa.ForeignKeyConstraint(["entry_id"], ["time_entry.id"], name=op.f("fk_late_entry_entry_id")),
        *_keys("late_entry", ["entry_id"]),
    )
    op.create_index("ix_late_entry_retainer_id", "late_entry", ["retainer_id"])
    for table in ("retainer_terms", "retainer_pause", "retainer_scope", "late_entry"):
        op.create_index(f"ix_{table}_workspace_id", table, ["workspace_id"])


def _identity() -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, _TEXT(), nullable=False) for name in ("id", "workspace_id", "retainer_id"))


def _keys(table: str, unique: list[str]) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        sa.ForeignKeyConstraint(["retainer_id"], ["retainer.id"], name=op.f(f"fk_{table}_retainer_id")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")),
    )


def _freeze_terms() -> None:
    """Put the terms of its retainer on each period that is closed already: they were the same then."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT p.id, r.basis, r.granted_seconds, r.fee_minor, r.rollover, r.rollover_cap_seconds, r.overage, "
            "r.overage_rate, p.rolled_in_seconds, p.rolled_out_seconds "
            "FROM retainer_period p JOIN retainer r ON r.id = p.retainer_id WHERE p.closed_at IS NOT NULL"
        )
    ).all()
    for period_id, basis, granted, fee, rollover, cap, overage, overage_rate, rolled_in, rolled_out in rows:
        terms = {
            "anchor_on": "2001-01-01",
            "basis": basis,
            "cap": cap if rollover == "capped" else None,
            "cap_share": None,
            "carry_deficit": False,
            "cycle_every": 1,
            "cycle_unit": "month",
            "expires_after": None,
            "fee_minor": fee,
            "granted": granted,
            "overage": overage,
            "overage_rate": overage_rate,
            "proration": "none",
            "rollover": rollover,
        }
        connection.execute(
            sa.text(
                "UPDATE retainer_period SET terms = :terms, fee_minor = :fee, lots_in = :lots_in, "
                "lots_out = :lots_out WHERE id = :id"
            ),
            {
                "id": period_id,
                "terms": json.dumps(terms, sort_keys=True, separators=(",", ":")),
                "fee": fee,
                "lots_in": f"[[1,{rolled_in}]]" if rolled_in else "[]",
                "lots_out": f"[[1,{rolled_out}]]" if rolled_out else "[]",
            },
        )
