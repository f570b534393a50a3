"""Every stored document has a place in the chain: those of before there was one join it at its end, as they are now.

From here on a document without a place was put there past the program. Nothing else of a document changes: the trigger
that refuses it is off for these rows alone.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_UNCHAINED = """
    SELECT d.id, d.workspace_id, d.kind, d.sha256, coalesce(i.sha256, '') AS invoice_sha256
    FROM invoice_document d JOIN invoice i ON i.id = d.invoice_id
    WHERE d.sequence IS NULL ORDER BY d.workspace_id, d.created_at, d.id
"""
_END = """
    SELECT w.document_head AS head, coalesce(max(d.sequence), 0) AS last
    FROM workspace w LEFT JOIN invoice_document d ON d.workspace_id = w.id
    WHERE w.id = :workspace_id GROUP BY w.id, w.document_head
"""


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    unchained = connection.execute(sa.text(_UNCHAINED)).all()
    if not unchained:
        return
    with _documents_may_change(connection):
        for one in unchained:
            end = connection.execute(sa.text(_END), {"workspace_id": one.workspace_id}).one()
            link = f"{end.head}\n{one.invoice_sha256}\n{one.kind}\n{one.sha256}\n"
            head = hashlib.sha256(link.encode()).hexdigest()
            connection.execute(
                sa.text("UPDATE invoice_document SET sequence = :sequence, chain = :chain WHERE id = :id"),
                {"sequence": end.last + 1, "chain": head, "id": one.id},
            )
            connection.execute(
                sa.text("UPDATE workspace SET document_head = :head WHERE id = :id"),
                {"head": head, "id": one.workspace_id},
            )


def downgrade() -> None:
    """Nothing to take back: the places stay, and an older program reads them as it reads all others."""


@contextmanager
def _documents_may_change(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'document_no_update'"
        trigger = connection.execute(sa.text(query)).scalar_one()
        connection.execute(sa.text("DROP TRIGGER document_no_update"))
        yield
        connection.exec_driver_sql(trigger)
        return
    connection.execute(sa.text("ALTER TABLE invoice_document DISABLE TRIGGER document_no_update"))
    yield
    connection.execute(sa.text("ALTER TABLE invoice_document ENABLE TRIGGER document_no_update"))
