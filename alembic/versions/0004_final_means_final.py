"""Triggers: a final invoice never changes, an invoiced entry is locked, and no second of work is billed twice."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# (name, event, table, condition for a refusal, message)
_RULES = [
    (
        "invoice_no_update",
        "UPDATE",
        "invoice",
        "OLD.status = 'final'",
        "a final invoice never changes",
    ),
    (
        "invoice_no_delete",
        "DELETE",
        "invoice",
        "OLD.status = 'final'",
        "a final invoice is never deleted",
    ),
    (
        "line_no_insert",
        "INSERT",
        "invoice_line",
        "{final}(NEW.invoice_id)",
        "a final invoice takes no more lines",
    ),
    (
        "line_no_update",
        "UPDATE",
        "invoice_line",
        "{final}(OLD.invoice_id)",
        "a line of a final invoice never changes",
    ),
    (
        "line_no_delete",
        "DELETE",
        "invoice_line",
        "{final}(OLD.invoice_id)",
        "a line of a final invoice stays",
    ),
    (
        "work_no_insert",
        "INSERT",
        "line_work",
        "{final}(NEW.invoice_id)",
        "a final invoice takes no more work",
    ),
    (
        "work_no_update",
        "UPDATE",
        "line_work",
        "{final}(OLD.invoice_id)",
        "the work of a final invoice never changes",
    ),
    (
        "work_no_delete",
        "DELETE",
        "line_work",
        "{final}(OLD.invoice_id)",
        "the work of a final invoice stays",
    ),
    (
        "document_no_update",
        "UPDATE",
        "invoice_document",
        "1 = 1",
        "a document that was issued never changes",
    ),
    (
        "document_no_delete",
        "DELETE",
        "invoice_document",
        "1 = 1",
        "a document that was issued stays",
    ),
    (
        "entry_no_update",
        "UPDATE",
        "time_entry",
        "OLD.invoice_id IS NOT NULL",
        "an invoiced entry never changes",
    ),
    (
        "entry_no_delete",
        "DELETE",
        "time_entry",
        "OLD.invoice_id IS NOT NULL",
        "an invoiced entry stays",
    ),
]
_SUM = "(SELECT coalesce(sum(w.seconds), 0) FROM line_work w WHERE w.entry_id = NEW.entry_id AND w.id <> NEW.id)"
_OVER = _SUM + " + NEW.seconds > (SELECT e.seconds FROM time_entry e WHERE e.id = NEW.entry_id)"
_OVER_MESSAGE = "more seconds billed than the entry has"
_TRUNCATED = ("invoice", "invoice_line", "line_work", "invoice_document")


def _is_final(sql: str) -> str:
    """Spell `{final}(X)` out as a look at the invoice."""
    head, marker, rest = sql.partition("{final}(")
    if not marker:
        return sql
    return f"{head}EXISTS (SELECT 1 FROM invoice i WHERE i.id = {rest[:-1]} AND i.status = 'final')"


def upgrade() -> None:
    """Make the triggers of the database at hand."""
    if op.get_bind().dialect.name == "sqlite":
        for name, event, table, condition, message in _RULES:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {_is_final(condition)} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER work_within_entry_{event.lower()} BEFORE {event} ON line_work WHEN {_OVER} "
                f"BEGIN SELECT RAISE(ABORT, '{_OVER_MESSAGE}'); END"
            )
        return
    for name, event, table, condition, message in _RULES:
        row = "OLD" if event == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_is_final(condition)} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    op.execute(
        "CREATE FUNCTION work_within_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM time_entry e WHERE e.id = NEW.entry_id FOR UPDATE; "
        f"IF {_OVER} THEN RAISE EXCEPTION '{_OVER_MESSAGE}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER work_within_entry BEFORE INSERT OR UPDATE ON line_work "
        "FOR EACH ROW EXECUTE FUNCTION work_within_entry()"
    )
    op.execute(
        "CREATE FUNCTION no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'invoices are never truncated'; END $$"
    )
    for table in _TRUNCATED:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION no_truncate()"
        )


def downgrade() -> None:
    """Take the triggers away."""
    if op.get_bind().dialect.name == "sqlite":
        for name, *_ in _RULES:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TRIGGER work_within_entry_insert")
        op.execute("DROP TRIGGER work_within_entry_update")
        return
    for name, _, table, *_ in _RULES:
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP TRIGGER work_within_entry ON line_work")
    op.execute("DROP FUNCTION work_within_entry()")
    for table in _TRUNCATED:
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP FUNCTION no_truncate()")
