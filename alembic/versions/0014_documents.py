"""The language of a client's documents, and the agency's logo on them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.add_column("client", sa.Column("language", _TEXT(), nullable=False, server_default=sa.text("''")))
    op.add_column("workspace", sa.Column("logo_sha256", _TEXT(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "logo",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("sha256", _TEXT(), nullable=False),
        sa.Column("media_type", _TEXT(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("media_type in ('image/png', 'image/svg+xml')", name=op.f("ck_logo_media_type")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_logo_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
        sa.UniqueConstraint("workspace_id", "sha256", name=op.f("uq_logo_workspace_id_sha256")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("logo")
    op.drop_column("workspace", "logo_sha256")
    op.drop_column("client", "language")
