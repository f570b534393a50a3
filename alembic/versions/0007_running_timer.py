"""The timer that a member has running."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_TIES = ("workspace", "member", "client", "activity", "campaign")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "running_timer",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("client_id", _TEXT(), nullable=False),
        sa.Column("activity_id", _TEXT(), nullable=False),
        sa.Column("campaign_id", _TEXT(), nullable=True),
        sa.Column("title", _TEXT(), nullable=False),
        sa.Column("platform", _TEXT(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_running_timer_{name}_id"))
            for name in _TIES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_running_timer")),
        sa.UniqueConstraint("member_id", name=op.f("uq_running_timer_member_id")),
    )
    op.create_index(op.f("ix_running_timer_workspace_id"), "running_timer", ["workspace_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("running_timer")
