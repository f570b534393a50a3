"""Task templates with a client, a campaign and an archive; routines, and what was said of their days."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_TIES = {"workspace": "workspace", "template": "task_template", "member": "member", "client": "client"}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("task_template") as template:
        for name in ("client", "campaign"):
            template.add_column(sa.Column(f"{name}_id", _TEXT(), nullable=True, server_default=sa.text("NULL")))
            template.create_foreign_key(op.f(f"fk_task_template_{name}_id"), name, [f"{name}_id"], ["id"])
        template.add_column(sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()))
        template.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.create_table(
        "routine",
        sa.Column("id", _TEXT(), nullable=False),
        *(sa.Column(f"{name}_id", _TEXT(), nullable=False) for name in _TIES),
        sa.Column("weekdays", _TEXT(), nullable=False),
        sa.Column("starts_at", _TEXT(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_routine_{name}_id"))
            for name, table in _TIES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routine")),
    )
    op.create_index(op.f("ix_routine_workspace_id"), "routine", ["workspace_id"])
    op.create_table(
        "routine_day",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("routine_id", _TEXT(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entry_id", _TEXT(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_routine_day_workspace_id")),
        sa.ForeignKeyConstraint(["routine_id"], ["routine.id"], name=op.f("fk_routine_day_routine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routine_day")),
        sa.UniqueConstraint("routine_id", "day", name=op.f("uq_routine_day_routine_id_day")),
    )
    op.create_index(op.f("ix_routine_day_workspace_id"), "routine_day", ["workspace_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("routine_day")
    op.drop_table("routine")
    with op.batch_alter_table("task_template") as template:
        for name in ("client", "campaign"):
            template.drop_constraint(op.f(f"fk_task_template_{name}_id"), type_="foreignkey")
        for name in ("client_id", "campaign_id", "archived", "version"):
            template.drop_column(name)
