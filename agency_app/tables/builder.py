"""What people add to a draft and decide about its work: the rest of a draft is derived each time it is read."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id, now


def _invoice_id() -> Column[str]:
    """Return the tie to the draft; what was added to a draft goes with it."""
    return Column(String, ForeignKey("invoice.id", ondelete="CASCADE"), nullable=False, index=True)


class DraftPlan(SQLModel, table=True):
    """How one draft is laid out and what its head says; a draft without a row is laid out as by default."""

    __tablename__ = "draft_plan"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("invoice_id"),
        CheckConstraint("grouping in ('activity', 'campaign', 'task', 'member', 'day', 'one')", name="grouping"),
        CheckConstraint("exchange_rate > 0", name="exchange_rate"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    invoice_id: str = Field(sa_column=_invoice_id())
    grouping: str = "activity"
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    purchase_order: str | None = None
    """The order this invoice is for (BT-13); None for the client's usual one."""
    due_on: date | None = None
    """None for the client's terms, counted from the day of issue."""
    exchange_rate: int | None = Field(default=None, sa_type=Amount)
    """1/1000000 units of the workspace's currency for one of the invoice's."""
    line_order: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    """JSON list of the keys of lines, in the order a person gave them."""
    version: int = 1


class DraftItem(SQLModel, table=True):
    """Something a person added to a draft: a line that is not time, a discount or surcharge, or a prepayment."""

    __tablename__ = "draft_item"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "kind in ('fixed', 'expense', 'media', 'discount', 'surcharge', 'prepayment')",
            name="kind",
        ),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("price >= 0 and markup >= 0 and amount_minor >= 0", name="not_negative"),
        CheckConstraint("percent between 1 and 100000", name="percent"),
        CheckConstraint("vat_rate between 0 and 10000", name="vat_rate"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    invoice_id: str = Field(sa_column=_invoice_id())
    kind: str
    description: str
    quantity: int = Field(default=10_000, sa_type=Amount)
    """1/10000 of a unit, of a line."""
    price: int = Field(default=0, sa_type=Amount)
    """1/10000 of the currency unit, of a line: what one costs before the markup."""
    markup: int = 0
    """Basis points on top of the price of an expense or of media spend."""
    amount_minor: int = Field(default=0, sa_type=Amount)
    """Of a prepayment, and of a discount or surcharge that is not a percentage."""
    percent: int | None = None
    """Basis points, of a discount or surcharge."""
    line_key: str = Field(default="", sa_column=Column(Text, nullable=False))
    """The line that a discount or surcharge is on; empty for the whole document."""
    vat_category: str = ""
    """Empty: as the client's. For a discount or surcharge of the document: shared over all there are."""
    vat_rate: int = 0
    vat_reason: str = ""
    """Why no VAT is charged (BT-120), where the category's usual words do not do."""
    happened_on: date | None = None
    """When an expense was made, or a prepayment received."""
    created_at: datetime = Field(default_factory=now)
    version: int = 1


class DraftLine(SQLModel, table=True):
    """The words a person gave a line of a draft, kept under the line's key: they come back when the line does."""

    __tablename__ = "draft_line"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("invoice_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    invoice_id: str = Field(sa_column=_invoice_id())
    key: str = Field(sa_column=Column(Text, nullable=False))
    description: str
    version: int = 1


class EntryDecision(SQLModel, table=True):
    """What of an entry is not billed, and on which period's invoice the rest is. An entry without a row is billed whole.

    Billed, billed less and written off together never exceed the entry's seconds: triggers see to it.
    """

    __tablename__ = "entry_decision"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint("less_seconds >= 0 and written_off_seconds >= 0", name="not_negative"),
        CheckConstraint("written_off_seconds = 0 or reason <> ''", name="reason"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    entry_id: str = Field(sa_column=Column(String, ForeignKey("time_entry.id", ondelete="CASCADE"), nullable=False))
    less_seconds: int = Field(default=0, sa_type=Amount)
    """Logged, and not billed."""
    written_off_seconds: int = Field(default=0, sa_type=Amount)
    reason: str = ""
    bill_on: date | None = None
    """A day of the period whose invoice bills it; None for the period it was worked in."""
    version: int = 1
