"""Notes of a retainer."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_TIES = ("workspace", "retainer", "member")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retainer_note",
        sa.Column("id", _TEXT(), nullable=False),
        *(sa.Column(f"{name}_id", _TEXT(), nullable=False) for name in _TIES),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_retainer_note_{name}_id"))
            for name in _TIES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retainer_note")),
    )
    op.create_index(op.f("ix_retainer_note_workspace_id"), "retainer_note", ["workspace_id"])
    op.create_index(op.f("ix_retainer_note_retainer_id"), "retainer_note", ["retainer_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("retainer_note")
