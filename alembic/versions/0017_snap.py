"""What the week calendar rounds a member's gestures to."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("member", sa.Column("snap_minutes", sa.Integer(), nullable=False, server_default=sa.text("15")))


def downgrade() -> None:
    """Undo."""
    op.drop_column("member", "snap_minutes")
