"""Who is billed and what was agreed: client, retainer with its terms, pauses, scope and periods, rate, campaign."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id, now


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
    language: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """ISO 639-1 code of the language its documents speak; empty means that of the workspace."""
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
    lead_id: str | None = Field(
        default=None, foreign_key="member.id", sa_column_kwargs={"server_default": text("NULL")}
    )
    """Who answers for the client and approves its weeks; without one every lead and owner does."""
    version: int = 1


class AgreedTerms(SQLModel):
    """The columns of what was agreed: on the retainer as it was signed, and on each of its amendments."""

    basis: str = "hours"
    fee_minor: int = Field(default=0, sa_type=Amount)
    granted_seconds: int = Field(default=0, sa_type=Amount)
    budget_minor: int = Field(default=0, sa_type=Amount)
    """What a period may cost, when the basis is a budget of money."""
    cycle_unit: str = "month"
    cycle_every: int = 1
    anchor_on: date = date(2001, 1, 1)
    """A day on which a period starts; this default is a Monday and the first of a year."""
    proration: str = "none"
    rollover: str = "expire"
    rollover_cap_seconds: int = Field(default=0, sa_type=Amount)
    rollover_cap_share: int | None = None
    """Basis points of the grant. With a cap in seconds too the lower one holds, with 0 seconds this one alone."""
    rollover_expires_after: int | None = None
    """Periods after which what rolled over is lost; None for never."""
    carry_deficit: bool = False
    overage: str = "bill"
    overage_rate: int = Field(default=0, sa_type=Amount)


def _terms_hold() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("basis in ('hours', 'fee', 'budget', 'hybrid')", name="basis"),
        CheckConstraint("rollover in ('expire', 'all', 'capped')", name="rollover"),
        CheckConstraint("overage in ('bill', 'approval', 'absorb', 'stop')", name="overage"),
        CheckConstraint("fee_minor >= 0 and granted_seconds >= 0 and overage_rate >= 0", name="not_negative"),
        CheckConstraint("budget_minor >= 0", name="budget"),
        CheckConstraint("cycle_unit in ('month', 'week')", name="cycle_unit"),
        CheckConstraint("cycle_every between 1 and 120", name="cycle_every"),
        CheckConstraint("proration in ('none', 'day', 'working_day')", name="proration"),
        CheckConstraint("rollover_cap_share >= 0", name="cap_share"),
        CheckConstraint("rollover_expires_after >= 1", name="expires_after"),
    )


class Retainer(AgreedTerms, table=True):
    """The agreement with a client as it was signed; `retainer_terms` holds what was changed later."""

    __tablename__ = "retainer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("client_id", "name"), *_terms_hold())

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    client_id: str = Field(foreign_key="client.id")
    name: str
    starts_on: date
    ends_on: date | None = None
    version: int = 1


class RetainerTerms(AgreedTerms, table=True):
    """An amendment: the terms of the periods that start on its date or later, until the next amendment."""

    __tablename__ = "retainer_terms"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("retainer_id", "starts_on"), *_terms_hold())

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id")
    starts_on: date
    note: str = ""
    created_at: datetime = Field(default_factory=now)


class RetainerPause(SQLModel, table=True):
    """Days on which an agreement rests: nothing is granted, charged or drawn. Without an end: until further notice."""

    __tablename__ = "retainer_pause"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("retainer_id", "starts_on"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="order"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id")
    starts_on: date
    ends_on: date | None = None
    note: str = ""


class RetainerScope(SQLModel, table=True):
    """Work that a retainer is for: of a campaign, of an activity, or of both at once. Without rows: all of it."""

    __tablename__ = "retainer_scope"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("retainer_id", "campaign_id", "activity_id"),
        CheckConstraint("campaign_id is not null or activity_id is not null", name="named"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id")
    campaign_id: str | None = Field(default=None, foreign_key="campaign.id")
    activity_id: str | None = Field(default=None, foreign_key="activity.id")


class RetainerNote(SQLModel, table=True):
    """What a member wants the others to know about an agreement."""

    __tablename__ = "retainer_note"  # pyright: ignore[reportAssignmentType]

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(default_factory=now)


class RetainerPeriod(SQLModel, table=True):
    """One billing cycle of a retainer. Closing freezes it: its figures, its terms, and the lots it began and ended with.

    The figures are in seconds, in minor units when its terms are a budget. A row that is not closed holds only what
    was decided about its overage; its figures follow from the agreement and the entries.
    """

    __tablename__ = "retainer_period"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("retainer_id", "starts_on"),
        CheckConstraint("overage_decision in ('', 'bill', 'absorb')", name="overage_decision"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    retainer_id: str = Field(foreign_key="retainer.id")
    starts_on: date
    ends_on: date
    granted_seconds: int = Field(sa_type=Amount)
    fee_minor: int = Field(default=0, sa_type=Amount)
    rolled_in_seconds: int = Field(default=0, sa_type=Amount)
    used_seconds: int | None = Field(default=None, sa_type=Amount)
    overage_seconds: int | None = Field(default=None, sa_type=Amount)
    remaining_seconds: int | None = Field(default=None, sa_type=Amount)
    expired_seconds: int | None = Field(default=None, sa_type=Amount)
    rolled_out_seconds: int | None = Field(default=None, sa_type=Amount)
    terms: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON of the terms that the period was closed on."""
    lots_in: str = "[]"
    lots_out: str = "[]"
    """JSON lists of [periods carried, amount]: what it started with and what it handed on, oldest first."""
    overage_decision: str = ""
    """What was decided where overage needs approval: bill it, absorb it, or (empty) nothing yet."""
    closed_at: datetime | None = Field(default=None)


class LateEntry(SQLModel, table=True):
    """Where an entry of a closed period went: to that period's overage, to a later period, or written off."""

    __tablename__ = "late_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint("placement in ('overage', 'next', 'written_off')", name="placement"),
        CheckConstraint("placement <> 'written_off' or reason <> ''", name="reason"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    entry_id: str = Field(foreign_key="time_entry.id")
    retainer_id: str = Field(foreign_key="retainer.id", index=True)
    placement: str
    counts_on: date
    """The day whose invoice bills it and, for the next period, whose period it draws on."""
    reason: str = ""
    created_at: datetime = Field(default_factory=now)


class LateWork(SQLModel, table=True):
    """Work of a closed period that a member handed in, until a lead says where it goes. It counts nowhere until then."""

    __tablename__ = "late_work"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("seconds > 0 and seconds <= 86400", name="seconds"),
        CheckConstraint("(started_at is null) = (ended_at is null)", name="both_ends"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    client_id: str = Field(foreign_key="client.id")
    retainer_id: str = Field(foreign_key="retainer.id", index=True)
    activity_id: str = Field(foreign_key="activity.id")
    campaign_id: str | None = Field(default=None, foreign_key="campaign.id")
    started_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    work_date: date
    zone: str
    seconds: int = Field(sa_type=Amount)
    title: str = ""
    platform: str = ""
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    tags: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(default_factory=now)


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


NO_PLATFORM = "Other"
"""The platform of a campaign that is on none, such as a project of another tool."""


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
