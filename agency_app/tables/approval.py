"""Weeks that members submit, and what the client's lead said of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id, now


class WeekSubmission(SQLModel, table=True):
    """A member's work for one client in one week, handed in to be approved. Approved, it is locked."""

    __tablename__ = "week_submission"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("member_id", "client_id", "monday"),
        CheckConstraint("status in ('submitted', 'approved', 'returned')", name="status"),
        Index(None, "workspace_id", "status"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: str = Field(foreign_key="member.id")
    client_id: str = Field(foreign_key="client.id")
    monday: date
    """The first day of the week."""
    status: str = "submitted"
    submitted_at: datetime = Field(default_factory=now)
    decided_at: datetime | None = Field(default=None)
    decided_by: str | None = Field(default=None, foreign_key="member.id")
    word: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Why it was returned."""
    version: int = 1
