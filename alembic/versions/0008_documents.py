"""The language of a client's documents."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008_documents"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.add_column("client", sa.Column("language", _TEXT(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Take back."""
    op.drop_column("client", "language")
