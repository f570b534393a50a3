"""What was changed is found by the kind of change and by the member, however long the record is."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_INDEXES = (("workspace_id", "verb", "at"), ("workspace_id", "member_id", "at"))


def upgrade() -> None:
    """Apply."""
    for columns in _INDEXES:
        op.create_index(op.f(f"ix_audit_event_{'_'.join(columns)}"), "audit_event", list(columns))


def downgrade() -> None:
    """Take back."""
    for columns in _INDEXES:
        op.drop_index(op.f(f"ix_audit_event_{'_'.join(columns)}"), "audit_event")
