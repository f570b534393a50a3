"""What people add to a draft, what they decide about its work, and the exemption of a small business."""

from collections.abc import Iterator

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_ADDED = ("draft_plan", "draft_item", "draft_line")
_FINAL = "EXISTS (SELECT 1 FROM invoice i WHERE i.id = {row}.invoice_id AND i.status = 'final')"
_INVOICED = "EXISTS (SELECT 1 FROM time_entry e WHERE e.id = OLD.entry_id AND e.invoice_id IS NOT NULL)"
_FINAL_MESSAGE = "what was added to a final invoice never changes"
_INVOICED_MESSAGE = "what was decided about an invoiced entry never changes"
_OVER_MESSAGE = "more seconds billed and written off than the entry has"
_SECONDS = "(SELECT e.seconds FROM time_entry e WHERE e.id = NEW.entry_id)"
_HELD = (
    "(SELECT d.less_seconds + d.written_off_seconds FROM entry_decision d "
    "WHERE d.entry_id = {entry} AND d.less_seconds + d.written_off_seconds > 0)"
)


def upgrade() -> None:
    """Apply."""
    op.add_column("workspace", sa.Column("vat_exemption", _TEXT(), nullable=False, server_default=""))
    op.create_table(
        "draft_plan",
        *_of_invoice("draft_plan"),
        sa.Column("grouping", _TEXT(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("purchase_order", _TEXT(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("line_order", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "grouping in ('activity', 'campaign', 'task', 'member', 'day', 'one')",
            name=op.f("ck_draft_plan_grouping"),
        ),
        sa.CheckConstraint("exchange_rate > 0", name=op.f("ck_draft_plan_exchange_rate")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_draft_plan_invoice_id")),
    )
    op.create_table(
        "draft_item",
        *_of_invoice("draft_item"),
        sa.Column("kind", _TEXT(), nullable=False),
        sa.Column("description", _TEXT(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("markup", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("vat_category", _TEXT(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("vat_reason", _TEXT(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("created_at", _INSTANT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('fixed', 'expense', 'media', 'discount', 'surcharge', 'prepayment')",
            name=op.f("ck_draft_item_kind"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_draft_item_quantity")),
        sa.CheckConstraint("price >= 0 and markup >= 0 and amount_minor >= 0", name=op.f("ck_draft_item_not_negative")),
        sa.CheckConstraint("percent between 1 and 100000", name=op.f("ck_draft_item_percent")),
        sa.CheckConstraint("vat_rate between 0 and 10000", name=op.f("ck_draft_item_vat_rate")),
    )
    op.create_table(
        "draft_line",
        *_of_invoice("draft_line"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("description", _TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("invoice_id", "key", name=op.f("uq_draft_line_invoice_id_key")),
    )
    op.create_table(
        "entry_decision",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("less_seconds", sa.BigInteger(), nullable=False),
        sa.Column("written_off_seconds", sa.BigInteger(), nullable=False),
        sa.Column("reason", _TEXT(), nullable=False),
        sa.Column("bill_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "less_seconds >= 0 and written_off_seconds >= 0", name=op.f("ck_entry_decision_not_negative")
        ),
        sa.CheckConstraint("written_off_seconds = 0 or reason <> ''", name=op.f("ck_entry_decision_reason")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["time_entry.id"], name=op.f("fk_entry_decision_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_entry_decision_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_decision")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_entry_decision_entry_id")),
    )
    for table in (*_ADDED, "entry_decision"):
        op.create_index(op.f(f"ix_{table}_workspace_id"), table, ["workspace_id"])
    for table in _ADDED:
        op.create_index(op.f(f"ix_{table}_invoice_id"), table, ["invoice_id"])
    for name, event, table, condition, message in _triggers():
        _make_trigger(name, event, table, condition, message)


def downgrade() -> None:
    """Undo."""
    for name, _, table, *_ in _triggers():
        if _on_sqlite():
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("entry_decision", *reversed(_ADDED)):
        op.drop_table(table)
    op.drop_column("workspace", "vat_exemption")


def _of_invoice(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Return the columns that everything added to a draft has, and what ties them."""
    return (
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("invoice_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f(f"fk_{table}_invoice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _triggers() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (name, event, table, condition for a refusal, message)."""
    for table in _ADDED:
        for event in ("INSERT", "UPDATE", "DELETE"):
            row = "NEW" if event == "INSERT" else "OLD"
            yield f"{table}_no_{event.lower()}", event, table, _FINAL.format(row=row), _FINAL_MESSAGE
    for event in ("UPDATE", "DELETE"):
        yield f"decision_no_{event.lower()}", event, "entry_decision", _INVOICED, _INVOICED_MESSAGE
    billed = _billed("NEW.entry_id")
    held = "NEW.less_seconds + NEW.written_off_seconds"
    for event in ("INSERT", "UPDATE"):
        yield (
            f"decision_within_entry_{event.lower()}",
            event,
            "entry_decision",
            f"{held} > 0 AND {billed} + {held} > {_SECONDS}",
            _OVER_MESSAGE,
        )
        others = _billed("NEW.entry_id", " AND w.id <> NEW.id")
        yield (
            f"bill_within_decision_{event.lower()}",
            event,
            "line_work",
            f"{_credits_nothing()}{others} + NEW.seconds + {_HELD.format(entry='NEW.entry_id')} > {_SECONDS}",
            _OVER_MESSAGE,
        )
    yield (
        "entry_within_decision",
        "UPDATE",
        "time_entry",
        f"NEW.seconds < OLD.seconds AND {_billed('NEW.id')} + {_HELD.format(entry='NEW.id')} > NEW.seconds",
        _OVER_MESSAGE,
    )


def _billed(entry: str, rest: str = "") -> str:
    """Return the seconds of an entry that lines bill, less what credit notes gave back where there are any."""
    seconds = "CASE WHEN w.credits_id IS NULL THEN w.seconds ELSE -w.seconds END" if _has_credits() else "w.seconds"
    return f"(SELECT coalesce(sum({seconds}), 0) FROM line_work w WHERE w.entry_id = {entry}{rest})"


def _credits_nothing() -> str:
    return "NEW.credits_id IS NULL AND " if _has_credits() else ""


def _has_credits() -> bool:
    return "credits_id" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("line_work")}


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _make_trigger(name: str, event: str, table: str, condition: str, message: str) -> None:
    if _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    row = "OLD" if event == "DELETE" else "NEW"
    # Two that bill or hold back the same entry at once come one after the other: both lock its row first.
    lock = ""
    if message == _OVER_MESSAGE and table != "time_entry":
        lock = "PERFORM 1 FROM time_entry e WHERE e.id = NEW.entry_id FOR UPDATE; "
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock}"
        f"IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
