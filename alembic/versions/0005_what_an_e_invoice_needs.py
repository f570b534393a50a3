"""What an e-invoice needs and an invoice on paper can do without: countries, electronic addresses, a contact."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ADDED = {
    "workspace": ("country", "tax_number", "contact", "phone", "electronic_scheme", "electronic_address"),
    "client": ("country", "purchase_order", "vat_reason", "electronic_scheme", "electronic_address"),
}


def upgrade() -> None:
    """Add the columns in place, empty: rebuilding a table would break the rows that refer to it."""
    for table, columns in _ADDED.items():
        for column in columns:
            kind = sqlmodel.sql.sqltypes.AutoString()
            op.add_column(table, sa.Column(column, kind, nullable=False, server_default=""))


def downgrade() -> None:
    """Take the columns away."""
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)
