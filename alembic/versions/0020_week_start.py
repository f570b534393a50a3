"""Whether the weeks of a workspace begin on Monday or on Sunday."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("workspace", sa.Column("first_weekday", sa.Integer(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Undo."""
    op.drop_column("workspace", "first_weekday")
