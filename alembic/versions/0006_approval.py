"""A lock date, weeks that are submitted and approved, and who answers for a client."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Apply."""
    op.add_column("workspace", sa.Column("locked_until", sa.Date(), nullable=True, server_default=sa.text("NULL")))
    op.add_column("workspace", sa.Column("approval", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "sqlite":  # in place: rebuilding the table would break what refers to it
        op.execute("ALTER TABLE client ADD COLUMN lead_id VARCHAR DEFAULT NULL REFERENCES member (id)")
    else:
        op.add_column("client", sa.Column("lead_id", _TEXT(), nullable=True, server_default=sa.text("NULL")))
        op.create_foreign_key(op.f("fk_client_lead_id"), "client", "member", ["lead_id"], ["id"])
    op.create_table(
        "week_submission",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("client_id", _TEXT(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("status", _TEXT(), nullable=False),
        sa.Column("submitted_at", _INSTANT(), nullable=False),
        sa.Column("decided_at", _INSTANT(), nullable=True),
        sa.Column("decided_by", _TEXT(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status in ('submitted', 'approved', 'returned')", name=op.f("ck_week_submission_status")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_week_submission_client_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_week_submission_decided_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_week_submission_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_week_submission_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_submission")),
        sa.UniqueConstraint(
            "member_id", "client_id", "monday", name=op.f("uq_week_submission_member_id_client_id_monday")
        ),
    )
    op.create_index(op.f("ix_week_submission_workspace_id_status"), "week_submission", ["workspace_id", "status"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("week_submission")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("client") as client:
            client.drop_column("lead_id")
    else:
        op.drop_column("client", "lead_id")
    op.drop_column("workspace", "approval")
    op.drop_column("workspace", "locked_until")
