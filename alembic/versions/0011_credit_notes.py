"""Credit notes, several invoices of a client's period, drafts that are void, number series by kind; what is credited is
released, and never more than was billed."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
_CHECKS = {
    "kind": "kind in ('invoice', 'credit_note')",
    "corrects": "(kind = 'credit_note') = (corrects_id is not null)",
    "status": "status in ('draft', 'void', 'final')",
    "number_when_final": "(status = 'final') = (number is not null)",
}
_CHECKS_BEFORE = {
    "status": "status in ('draft', 'final')",
    "number_when_final": "(status = 'draft') = (number is null)",
}
_COLUMNS_BEFORE = (
    "id, workspace_id, client_id, period_start, period_end, status, series_id, sequence, number, issue_date, due_date, "
    "currency, subtotal_minor, vat_minor, total_minor, snapshot, previous_sha256, sha256, finalised_at, finalised_by"
)

_FINAL = "EXISTS (SELECT 1 FROM invoice i WHERE i.id IN (OLD.invoice_id, NEW.invoice_id) AND i.status = 'final')"
_SIGNED = "CASE WHEN w.credits_id IS NULL THEN w.seconds ELSE -w.seconds END"
_SUM = f"(SELECT coalesce(sum({_SIGNED}), 0) FROM line_work w WHERE w.entry_id = NEW.entry_id AND w.id <> NEW.id)"
_OVER = (
    f"NEW.credits_id IS NULL AND {_SUM} + NEW.seconds > (SELECT e.seconds FROM time_entry e WHERE e.id = NEW.entry_id)"
)
_OVER_MESSAGE = "more seconds billed than the entry has"
_GIVEN = (
    "(SELECT coalesce(sum(w.seconds), 0) FROM line_work w WHERE w.credits_id = NEW.credits_id AND w.id <> NEW.id) + "
    "NEW.seconds > coalesce((SELECT w.seconds FROM line_work w WHERE w.id = NEW.credits_id "
    "AND w.entry_id = NEW.entry_id), 0)"
)
_OVERCREDITED = f"NEW.credits_id IS NOT NULL AND {_GIVEN}"
_OVERCREDITED_MESSAGE = "more seconds credited than were billed"
_BILLED = (
    "(SELECT coalesce(sum(w.seconds - (SELECT coalesce(sum(c.seconds), 0) FROM line_work c WHERE c.credits_id = w.id)), "
    "0) FROM line_work w WHERE w.entry_id = OLD.id AND w.invoice_id = OLD.invoice_id)"
)
_CREDITED = (
    "(SELECT coalesce(sum(coalesce(c.due_minor, c.total_minor)), 0) FROM invoice c "
    "WHERE c.corrects_id = NEW.corrects_id AND c.id <> NEW.id AND c.status = 'final')"
)
_TOO_MUCH = (
    "NEW.kind = 'credit_note' AND NEW.status = 'final' AND OLD.status <> 'final' AND "
    f"{_CREDITED} + coalesce(NEW.due_minor, NEW.total_minor) > "
    "coalesce((SELECT i.total_minor FROM invoice i WHERE i.id = NEW.corrects_id AND i.kind = 'invoice' "
    "AND i.status = 'final'), -1)"
)

# (name, event, table, condition for a refusal, message): those of before that change, and new ones
_RULES = [
    ("line_no_update", "UPDATE", "invoice_line", _FINAL, "a line of a final invoice never changes"),
    ("work_no_update", "UPDATE", "line_work", _FINAL, "the work of a final invoice never changes"),
    ("credit_within_invoice", "UPDATE", "invoice", _TOO_MUCH, "more credited than the invoice says"),
    ("invoice_not_born_final", "INSERT", "invoice", "NEW.status = 'final'", "an invoice starts as a draft"),
]
_RULES_BEFORE = [
    (name, event, table, _FINAL.replace("IN (OLD.invoice_id, NEW.invoice_id)", "= OLD.invoice_id"), message)
    for name, event, table, _, message in _RULES[:2]
]
_ENTRY_MESSAGE = "an invoiced entry never changes"


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "workspace", sa.Column("credit_pattern", _TEXT(), nullable=False, server_default="CN-{year}-{number:04}")
    )
    for column in ("invoice_yearly", "credit_yearly"):
        op.add_column("workspace", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("invoice_series", sa.Column("yearly", sa.Boolean(), nullable=False, server_default=sa.true()))
    with _without_triggers("line_no_update", "work_no_update", "entry_no_update", "work_within_entry"):
        if _on_sqlite():
            _rebuild_invoice(_CHECKS, unique_period=False)
            op.execute(
                "ALTER TABLE invoice_line ADD COLUMN credits_id VARCHAR DEFAULT NULL REFERENCES invoice_line (id)"
            )
            op.execute("ALTER TABLE line_work ADD COLUMN credits_id VARCHAR DEFAULT NULL REFERENCES line_work (id)")
        else:
            _alter_invoice()
            for table in ("invoice_line", "line_work"):
                op.add_column(table, sa.Column("credits_id", _TEXT(), nullable=True, server_default=sa.text("NULL")))
                op.create_foreign_key(op.f(f"fk_{table}_credits_id"), table, table, ["credits_id"], ["id"])
        op.add_column("invoice_line", sa.Column("period_key", _TEXT(), nullable=False, server_default=""))
        for table in ("invoice_line", "line_work"):
            op.create_index(op.f(f"ix_{table}_credits_id"), table, ["credits_id"])
        op.create_index(op.f("ix_invoice_corrects_id"), "invoice", ["corrects_id"])
        op.create_index(
            op.f("ix_invoice_open_draft"),
            "invoice",
            ["client_id", "period_start"],
            unique=True,
            sqlite_where=sa.text("status = 'draft' and kind = 'invoice'"),
            postgresql_where=sa.text("status = 'draft' and kind = 'invoice'"),
        )
    for rule in _RULES:
        _make_trigger(*rule)
    _make_trigger("entry_no_update", "UPDATE", "time_entry", _changes_a_billed_entry(), _ENTRY_MESSAGE)
    _make_within_entry(((_OVER, _OVER_MESSAGE), (_OVERCREDITED, _OVERCREDITED_MESSAGE)))


def downgrade() -> None:
    """Undo. Refuses where there are credit notes, or several invoices of a period: what was issued is never deleted."""
    gone = "SELECT count(*) FROM invoice WHERE kind = 'credit_note' OR status = 'void'"
    twice = "SELECT count(*) FROM (SELECT 1 FROM invoice GROUP BY client_id, period_start HAVING count(*) > 1) t"
    if any(op.get_bind().execute(sa.text(query)).scalar_one() for query in (gone, twice)):
        raise RuntimeError(
            "There are credit notes, void drafts, or several invoices of a period: they cannot be taken back."
        )
    for name, _, table, *_ in _RULES:
        _drop_trigger(name, table)
    _drop_trigger("entry_no_update", "time_entry")
    with _without_triggers("work_within_entry"):
        for name in ("ix_invoice_open_draft", "ix_invoice_corrects_id"):
            op.drop_index(op.f(name), "invoice")
        for table in ("invoice_line", "line_work"):
            op.drop_index(op.f(f"ix_{table}_credits_id"), table)
            if not _on_sqlite():
                op.drop_constraint(op.f(f"fk_{table}_credits_id"), table)
        if _on_sqlite():
            _rebuild_invoice(_CHECKS_BEFORE, unique_period=True)
            for table in ("invoice_line", "line_work"):
                with op.batch_alter_table(table) as batch:
                    batch.drop_column("credits_id")
        else:
            for name in _CHECKS:
                op.drop_constraint(op.f(f"ck_invoice_{name}"), "invoice")
            op.drop_constraint(op.f("fk_invoice_corrects_id"), "invoice")
            for column in ("kind", "corrects_id", "closing", "due_minor"):
                op.drop_column("invoice", column)
            for name, rule in _CHECKS_BEFORE.items():
                op.create_check_constraint(op.f(f"ck_invoice_{name}"), "invoice", rule)
            op.create_unique_constraint(
                op.f("uq_invoice_client_id_period_start"), "invoice", ["client_id", "period_start"]
            )
            for table in ("invoice_line", "line_work"):
                op.drop_column(table, "credits_id")
        op.drop_column("invoice_line", "period_key")
    for rule in _RULES_BEFORE:
        _make_trigger(*rule)
    _make_trigger("entry_no_update", "UPDATE", "time_entry", "OLD.invoice_id IS NOT NULL", _ENTRY_MESSAGE)
    whole = _SUM.replace(_SIGNED, "w.seconds")
    over = f"{whole} + NEW.seconds > (SELECT e.seconds FROM time_entry e WHERE e.id = NEW.entry_id)"
    _make_within_entry(((over, _OVER_MESSAGE),))
    op.drop_column("invoice_series", "yearly")
    for column in ("credit_yearly", "invoice_yearly", "credit_pattern"):
        op.drop_column("workspace", column)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _changes_a_billed_entry() -> str:
    """Return when a change of a locked entry is refused: always, but for the lock itself once its invoice bills none of
    it any more."""
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("time_entry")]
    if _on_sqlite():
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name != "invoice_id")
    else:
        same = "to_jsonb(NEW) - 'invoice_id' = to_jsonb(OLD) - 'invoice_id'"
    return f"OLD.invoice_id IS NOT NULL AND NOT ({same} AND {_BILLED} = 0)"


@contextmanager
def _without_triggers(*replaced: str) -> Iterator[None]:
    """Take the triggers away and put them back afterwards but for those that are replaced. SQLite cannot rename a table
    that a trigger names; PostgreSQL's stay where they are."""
    if not _on_sqlite():
        for name in replaced:
            _drop_trigger(name, "line_work" if name.startswith("work") else "")
        yield
        return
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = [(str(name), str(sql)) for name, sql in op.get_bind().execute(query)]
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for name, sql in triggers:
        if not name.startswith(replaced):
            op.get_bind().exec_driver_sql(sql)


def _drop_trigger(name: str, table: str) -> None:
    if _on_sqlite():
        op.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        op.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def _make_trigger(name: str, event: str, table: str, condition: str, message: str) -> None:
    if _on_sqlite():
        body = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        op.get_bind().exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} {body}")
        return
    op.get_bind().exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _make_within_entry(rules: tuple[tuple[str, str], ...]) -> None:
    """Make the triggers that keep the billed seconds of an entry, and the credited seconds of what bills them, within
    what there is."""
    if _on_sqlite():
        for event in ("INSERT", "UPDATE"):
            for place, (condition, message) in enumerate(rules):
                name = f"work_within_{('entry', 'bill')[place]}_{event.lower()}"
                _make_trigger(name, event, "line_work", condition, message)
        return
    checks = " ".join(f"IF {condition} THEN RAISE EXCEPTION '{message}'; END IF;" for condition, message in rules)
    op.get_bind().exec_driver_sql(
        "CREATE FUNCTION work_within_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM 1 FROM time_entry e WHERE e.id = NEW.entry_id FOR UPDATE; {checks} RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER work_within_entry BEFORE INSERT OR UPDATE ON line_work "
        "FOR EACH ROW EXECUTE FUNCTION work_within_entry()"
    )


def _alter_invoice() -> None:
    op.drop_constraint(op.f("uq_invoice_client_id_period_start"), "invoice")
    for name in _CHECKS_BEFORE:
        op.drop_constraint(op.f(f"ck_invoice_{name}"), "invoice")
    for column in _new_columns():
        op.add_column("invoice", column)
    op.create_foreign_key(op.f("fk_invoice_corrects_id"), "invoice", "invoice", ["corrects_id"], ["id"])
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_invoice_{name}"), "invoice", rule)


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", _TEXT(), nullable=False, server_default="invoice"),
        sa.Column("corrects_id", _TEXT(), nullable=True, server_default=sa.text("NULL")),
        sa.Column("closing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("due_minor", sa.BigInteger(), nullable=True, server_default=sa.text("NULL")),
    ]


def _rebuild_invoice(checks: dict[str, str], unique_period: bool) -> None:
    """Make the table anew beside the old one, which SQLite needs to lose a constraint, and put it in its place. What
    refers to it refers to its name; the migrations run with foreign keys off and are checked at their end."""
    op.drop_index(op.f("ix_invoice_workspace_id_status"), "invoice")
    later = [] if unique_period else [*_new_columns(), _foreign_key("corrects_id", "invoice")]
    period = [sa.UniqueConstraint("client_id", "period_start", name=op.f("uq_invoice_client_id_period_start"))]
    op.create_table(
        "invoice_made_anew",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("workspace_id", _TEXT(), nullable=False),
        sa.Column("client_id", _TEXT(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("status", _TEXT(), nullable=False),
        sa.Column("series_id", _TEXT(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("number", _TEXT(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency", _TEXT(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=True),
        sa.Column("vat_minor", sa.BigInteger(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("previous_sha256", _TEXT(), nullable=True),
        sa.Column("sha256", _TEXT(), nullable=True),
        sa.Column("finalised_at", _INSTANT(), nullable=True),
        sa.Column("finalised_by", _TEXT(), nullable=True),
        *later,
        *(sa.CheckConstraint(rule, name=op.f(f"ck_invoice_{name}")) for name, rule in checks.items()),
        _foreign_key("client_id", "client"),
        _foreign_key("finalised_by", "member"),
        _foreign_key("series_id", "invoice_series"),
        _foreign_key("workspace_id", "workspace"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        *(period if unique_period else []),
        sa.UniqueConstraint("series_id", "sequence", name=op.f("uq_invoice_series_id_sequence")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_invoice_workspace_id_number")),
    )
    op.execute(f"INSERT INTO invoice_made_anew ({_COLUMNS_BEFORE}) SELECT {_COLUMNS_BEFORE} FROM invoice")
    op.drop_table("invoice")
    op.rename_table("invoice_made_anew", "invoice")
    op.create_index(op.f("ix_invoice_workspace_id_status"), "invoice", ["workspace_id", "status"])


def _foreign_key(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_invoice_{column}"))
