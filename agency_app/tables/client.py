"""Who is billed and what was agreed: client, retainer, retainer period, rate, campaign."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id


class Client(SQLModel, table=True):
    """Who is billed: legal data, currency, terms, VAT and the rounding policy of its invoices."""

    __tablename__ = "client"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("colour between 1 and 4", name="colour"),
        CheckConstraint("rounding_mode in ('none', 'up', 'down', 'nearest')", name="rounding_mode"),
        CheckConstraint("rounding_scope in ('entry', 'line')", name="rounding_scope"),
        CheckConstraint("vat_rate between 0 and 10000", name="vat_rate"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    name: str
    short_name: str
    legal_name: str = ""
    attention: str = ""
    address: str = Field(default="", sa_column=Column(Text, nullable=False))
    country: str = ""
    """ISO 3166-1 code for the e-invoice; empty where the last line of the address names the country."""
    email: str = ""
    electronic_scheme: str = ""
    """EAS code of the electronic address (BT-49), such as 0204; empty means e-mail."""
    electronic_address: str = ""
    vat_id: str = ""
    reference: str = ""
    """What the client wants to find its invoices by (BT-10); for German authorities the Leitweg-ID."""
    purchase_order: str = ""
    """The number of the client's order (BT-13)."""
    currency: str = "EUR"
    payment_terms_days: int = 14
    vat_category: str = "S"
    vat_rate: int = 2100
    vat_reason: str = ""
    """Why no VAT is charged (BT-120), where the category's usual words do not do."""
    rounding_mode: str = "none"
    rounding_step_seconds: int = 0
    rounding_scope: str = "line"
    colour: int = 1
    internal: bool = False
    """The agency's own work: it is logged, never billed."""
    archived: bool = False
    version: int = 1


class Retainer(SQLModel, table=True):
    """The agreement with a client; every calendar month of it is a retainer period."""

    __tablename__ = "retainer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("client_id", "name"),
        CheckConstraint("basis in ('hours', 'fee', 'hybrid')", name="basis"),
        CheckConstraint("rollover in ('expire', 'all', 'capped')", name="rollover"),
        CheckConstraint("overage in ('bill', 'absorb')", name="overage"),
        CheckConstraint(
            "fee_minor >= 0 and granted_seconds >= 0 and overage_rate >= 0",
            name="not_negative",
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    client_id: str = Field(foreign_key="client.id")
    name: str
    basis: str = "hours"
    starts_on: date
    ends_on: date | None = None
    fee_minor: int = Field(default=0, sa_type=Amount)
    granted_seconds: int = Field(default=0, sa_type=Amount)
    rollover: str = "expire"
    rollover_cap_seconds: int = Field(default=0, sa_type=Amount)
    overage: str = "bill"
    overage_rate: int = Field(default=0, sa_type=Amount)
    version: int = 1


class RetainerPeriod(SQLModel, table=True):
    """One billing cycle of a retainer. While open only granted and rolled in are set; closing freezes the rest."""

    __tablename__ = "retainer_period"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("retainer_id", "starts_on"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id")
    starts_on: date
    ends_on: date
    granted_seconds: int = Field(sa_type=Amount)
    rolled_in_seconds: int = Field(default=0, sa_type=Amount)
    used_seconds: int | None = Field(default=None, sa_type=Amount)
    overage_seconds: int | None = Field(default=None, sa_type=Amount)
    remaining_seconds: int | None = Field(default=None, sa_type=Amount)
    expired_seconds: int | None = Field(default=None, sa_type=Amount)
    rolled_out_seconds: int | None = Field(default=None, sa_type=Amount)
    closed_at: datetime | None = Field(default=None)


class Rate(SQLModel, table=True):
    """A row of the rate card, valid from a date; the most specific row wins, then the latest."""

    __tablename__ = "rate"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(None, "workspace_id", "client_id"),
        CheckConstraint("rate >= 0", name="not_negative"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    client_id: str | None = Field(default=None, foreign_key="client.id")
    activity_id: str | None = Field(default=None, foreign_key="activity.id")
    member_id: str | None = Field(default=None, foreign_key="member.id")
    starts_on: date
    rate: int = Field(sa_type=Amount)
    """1/10000 of the currency unit per hour."""


class Campaign(SQLModel, table=True):
    """Where the work happens: a platform, an account there, and a name."""

    __tablename__ = "campaign"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("client_id", "platform", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    client_id: str = Field(foreign_key="client.id")
    platform: str
    account: str = ""
    name: str
    archived: bool = False
