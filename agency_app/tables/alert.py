"""What people are told about a retainer period, and who has seen it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id, now


class Alert(SQLModel, table=True):
    """One thing to tell about one period, once: a share of it is used up, or too little is done for the client.

    The row stays when its cause goes away, so that the same thing is never told twice; `withdrawn_at` says that it went
    away before anybody had seen it.
    """

    __tablename__ = "alert"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("retainer_id", "period_first", "kind", "threshold"),
        CheckConstraint("kind in ('used', 'under_serviced')", name="kind"),
        Index(None, "workspace_id", "raised_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    retainer_id: str = Field(foreign_key="retainer.id")
    period_first: date
    period_last: date
    kind: str
    threshold: int = 0
    """Percent of what the period had available."""
    used: int = Field(sa_type=Amount)
    """When it was raised: seconds, or minor units of a budget; so is `available`."""
    available: int = Field(sa_type=Amount)
    in_money: bool = False
    raised_at: datetime = Field(default_factory=now)
    withdrawn_at: datetime | None = Field(default=None)
    mailed_at: datetime | None = Field(default=None)


class AlertSeen(SQLModel, table=True):
    """A member has seen an alert."""

    __tablename__ = "alert_seen"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("alert_id", "member_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    alert_id: str = Field(foreign_key="alert.id")
    member_id: str = Field(foreign_key="member.id")
    seen_at: datetime = Field(default_factory=now)
