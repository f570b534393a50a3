"""When members work: target hours by weekday, and days off."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "target_week",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *(sa.Column(weekday, sa.BigInteger(), nullable=False) for weekday in _WEEKDAYS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            " and ".join(f"{weekday} between 0 and 86400" for weekday in _WEEKDAYS), name=op.f("ck_target_week_a_day")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_target_week_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_target_week_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_week")),
        sa.UniqueConstraint("member_id", "starts_on", name=op.f("uq_target_week_member_id_starts_on")),
    )
    op.create_index(op.f("ix_target_week_workspace_id"), "target_week", ["workspace_id"])
    op.create_table(
        "day_off",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("half", sa.Boolean(), nullable=False),
        sa.Column("name", _TEXT(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_day_off_order")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_day_off_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_day_off_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
    )
    op.create_index(op.f("ix_day_off_workspace_id"), "day_off", ["workspace_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("day_off")
    op.drop_table("target_week")
