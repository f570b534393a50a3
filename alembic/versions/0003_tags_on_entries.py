"""Tags on time entries. The column is added in place: SQLite would lose the table's triggers if it were made anew."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every entry an empty text of tags."""
    op.execute("ALTER TABLE time_entry ADD COLUMN tags TEXT DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take the tags away."""
    op.execute("ALTER TABLE time_entry DROP COLUMN tags")
