"""The filters of the list of entries that members saved."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "saved_filter",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("name", _TEXT(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_saved_filter_workspace_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_saved_filter_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("member_id", "name", name=op.f("uq_saved_filter_member_id_name")),
    )
    op.create_index(op.f("ix_saved_filter_workspace_id"), "saved_filter", ["workspace_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("saved_filter")
