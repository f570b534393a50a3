"""The chain of stored documents: each continues the one before, and the workspace holds its end.

What was stored before has no place in it; the chain begins with the next document.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "invoice_document", sa.Column("sequence", sa.Integer(), nullable=True, server_default=sa.text("NULL"))
    )
    op.add_column("invoice_document", sa.Column("chain", _TEXT(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_invoice_document_sequence", "invoice_document", ["workspace_id", "sequence"], unique=True)
    op.add_column("workspace", sa.Column("document_head", _TEXT(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Take back."""
    op.drop_column("workspace", "document_head")
    op.drop_index("ix_invoice_document_sequence", "invoice_document")
    op.drop_column("invoice_document", "chain")
    op.drop_column("invoice_document", "sequence")
