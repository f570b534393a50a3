"""The rows that members keep on the week grid."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "grid_row",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("member_id", _TEXT(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("client_id", _TEXT(), nullable=False),
        sa.Column("campaign_id", _TEXT(), nullable=True),
        sa.Column("activity_id", _TEXT(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_grid_row_workspace_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_grid_row_member_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_grid_row_client_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_grid_row_campaign_id")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_grid_row_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_row")),
    )
    op.create_index(
        op.f("ix_grid_row_workspace_id_member_id_first_day"), "grid_row", ["workspace_id", "member_id", "first_day"]
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("grid_row")
