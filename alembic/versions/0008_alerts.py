"""Alerts about retainer periods, who has seen them, and when they are raised."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alert",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("retainer_id", _TEXT(), nullable=False),
        sa.Column("period_first", sa.Date(), nullable=False),
        sa.Column("period_last", sa.Date(), nullable=False),
        sa.Column("kind", _TEXT(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("in_money", sa.Boolean(), nullable=False),
        sa.Column("raised_at", _INSTANT(), nullable=False),
        sa.Column("withdrawn_at", _INSTANT(), nullable=True),
        sa.Column("mailed_at", _INSTANT(), nullable=True),
        sa.CheckConstraint("kind in ('used', 'under_serviced')", name=op.f("ck_alert_kind")),
        sa.ForeignKeyConstraint(["retainer_id"], ["retainer.id"], name=op.f("fk_alert_retainer_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alert_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "retainer_id",
            "period_first",
            "kind",
            "threshold",
            name=op.f("uq_alert_retainer_id_period_first_kind_threshold"),
        ),
    )
    op.create_index(op.f("ix_alert_workspace_id_raised_at"), "alert", ["workspace_id", "raised_at"])
    op.create_table(
        "alert_seen",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("alert_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("seen_at", _INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_seen_alert_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_alert_seen_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alert_seen_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_seen")),
        sa.UniqueConstraint("alert_id", "member_id", name=op.f("uq_alert_seen_alert_id_member_id")),
    )
    op.create_index(op.f("ix_alert_seen_workspace_id"), "alert_seen", ["workspace_id"])
    op.add_column("workspace", sa.Column("alert_thresholds", _TEXT(), nullable=False, server_default="50 75 90 100"))
    op.add_column(
        "workspace", sa.Column("alert_under_serviced", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("workspace", "alert_under_serviced")
    op.drop_column("workspace", "alert_thresholds")
    op.drop_table("alert_seen")
    op.drop_table("alert")
