"""An agency may not have said its VAT rate yet."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("vat_rate", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take back: a rate that was never said is 0 again."""
    op.execute("UPDATE workspace SET vat_rate = 0 WHERE vat_rate IS NULL")
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("vat_rate", existing_type=sa.Integer(), nullable=False)
