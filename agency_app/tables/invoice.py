"""What is billed: number series, invoice, invoice line, line work, and the documents that were sent."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id, now


class InvoiceSeries(SQLModel, table=True):
    """The counter row of a number series: taken and raised inside the finalising transaction alone."""

    __tablename__ = "invoice_series"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "year"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    kind: str = "invoice"
    year: int
    """The year it counts for, or in which it began to count when it is not yearly."""
    pattern: str
    yearly: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether the next year starts at 1 again."""
    last_number: int = 0
    last_issue_date: date | None = None
    head: str = ""
    """SHA-256 of the newest invoice of the series: the end of the hash chain."""


class Invoice(SQLModel, table=True):
    """An invoice or a credit note. A draft has no number and stays live, a void one is put aside; what is final never
    changes again (database triggers see to it).
    """

    __tablename__ = "invoice"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("series_id", "sequence"),
        UniqueConstraint("workspace_id", "number"),
        CheckConstraint("kind in ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("(kind = 'credit_note') = (corrects_id is not null)", name="corrects"),
        CheckConstraint("status in ('draft', 'void', 'final')", name="status"),
        CheckConstraint("(status = 'final') = (number is not null)", name="number_when_final"),
        Index(None, "workspace_id", "status"),
        Index(
            "ix_invoice_open_draft",
            "client_id",
            "period_start",
            unique=True,
            sqlite_where=text("status = 'draft' and kind = 'invoice'"),
            postgresql_where=text("status = 'draft' and kind = 'invoice'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    client_id: str = Field(foreign_key="client.id")
    period_start: date
    period_end: date
    status: str = "draft"
    series_id: str | None = Field(default=None, foreign_key="invoice_series.id")
    sequence: int | None = None
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str = "EUR"
    subtotal_minor: int | None = Field(default=None, sa_type=Amount)
    vat_minor: int | None = Field(default=None, sa_type=Amount)
    total_minor: int | None = Field(default=None, sa_type=Amount)
    snapshot: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """Canonical JSON of everything the documents are drawn from."""
    previous_sha256: str | None = None
    sha256: str | None = None
    finalised_at: datetime | None = Field(default=None)
    finalised_by: str | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(default="invoice", sa_column_kwargs={"server_default": "invoice"})
    corrects_id: str | None = Field(
        default=None, foreign_key="invoice.id", index=True, sa_column_kwargs={"server_default": text("NULL")}
    )
    """The invoice that a credit note corrects (BT-25)."""
    closing: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether nothing is left of its invoice after this credit note."""
    due_minor: int | None = Field(default=None, sa_type=Amount, sa_column_kwargs={"server_default": text("NULL")})
    """What a credit note gives back, its rounding included (BT-115); None means its total."""


class InvoiceLine(SQLModel, table=True):
    """A line of a final invoice; the lines of a draft are derived from the entries each time it is read."""

    __tablename__ = "invoice_line"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    invoice_id: str = Field(foreign_key="invoice.id")
    position: int
    kind: str
    description: str
    quantity: int = Field(sa_type=Amount)
    unit: str
    price: int = Field(sa_type=Amount)
    net_minor: int = Field(sa_type=Amount)
    vat_category: str
    vat_rate: int
    credits_id: str | None = Field(
        default=None, foreign_key="invoice_line.id", index=True, sa_column_kwargs={"server_default": text("NULL")}
    )
    """The line of an invoice that a line of a credit note gives back, or a part of it."""
    period_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The retainer period whose fee it charges, as `read_draft.period_key` names it; else empty."""


class LineWork(SQLModel, table=True):
    """Ties a line to the work: the raw seconds of an entry that it bills, what they count for, and their amount."""

    __tablename__ = "line_work"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("line_id", "entry_id"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("billed_seconds >= 0", name="billed_seconds"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    invoice_id: str = Field(foreign_key="invoice.id", index=True)
    line_id: str = Field(foreign_key="invoice_line.id")
    entry_id: str = Field(foreign_key="time_entry.id", index=True)
    seconds: int = Field(sa_type=Amount)
    billed_seconds: int = Field(sa_type=Amount)
    amount_minor: int = Field(sa_type=Amount)
    credits_id: str | None = Field(
        default=None, foreign_key="line_work.id", index=True, sa_column_kwargs={"server_default": text("NULL")}
    )
    """What a credit note releases: the billed work of which it gives back so many seconds."""


class InvoiceDocument(SQLModel, table=True):
    """The bytes that left the house, with their hash; append-only, and chained in the order in which they were stored."""

    __tablename__ = "invoice_document"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("invoice_id", "kind"),
        Index("ix_invoice_document_sequence", "workspace_id", "sequence", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    invoice_id: str = Field(foreign_key="invoice.id")
    kind: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str
    created_at: datetime = Field(default_factory=now)
    sequence: int | None = Field(default=None, sa_column_kwargs={"server_default": text("NULL")})
    """Its place in the chain, from 1; every document has one (services/document_chain.py)."""
    chain: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """SHA-256 over the chain before it, the hash of its invoice, its kind and its own hash."""
