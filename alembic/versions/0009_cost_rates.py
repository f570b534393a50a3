"""What an hour of a member costs."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "cost_rate",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_cost_rate_not_negative")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_cost_rate_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_cost_rate_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_rate")),
        sa.UniqueConstraint("member_id", "starts_on", name=op.f("uq_cost_rate_member_id_starts_on")),
    )
    op.create_index(op.f("ix_cost_rate_workspace_id"), "cost_rate", ["workspace_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("cost_rate")
