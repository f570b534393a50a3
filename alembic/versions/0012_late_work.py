"""Work of closed periods that waits for a lead."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_TIES = ("workspace", "member", "client", "retainer", "activity", "campaign")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "late_work",
        sa.Column("id", _TEXT(), nullable=False),
        *(sa.Column(f"{name}_id", _TEXT(), nullable=name == "campaign") for name in _TIES),
        sa.Column("started_at", _INSTANT(), nullable=True),
        sa.Column("ended_at", _INSTANT(), nullable=True),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("zone", _TEXT(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("title", _TEXT(), nullable=False),
        sa.Column("platform", _TEXT(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT(), nullable=False),
        sa.CheckConstraint("seconds > 0 and seconds <= 86400", name=op.f("ck_late_work_seconds")),
        sa.CheckConstraint("(started_at is null) = (ended_at is null)", name=op.f("ck_late_work_both_ends")),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_late_work_{name}_id"))
            for name in _TIES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_work")),
    )
    op.create_index(op.f("ix_late_work_workspace_id"), "late_work", ["workspace_id"])
    op.create_index(op.f("ix_late_work_retainer_id"), "late_work", ["retainer_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("late_work")
