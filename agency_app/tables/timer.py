"""The timer that a member has running."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id, now


class RunningTimer(SQLModel, table=True):
    """A touch that is being worked on: since when, and what it will be logged as. One a member, no more."""

    __tablename__ = "running_timer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("member_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    started_at: datetime = Field(default_factory=now)
    client_id: str = Field(foreign_key="client.id")
    activity_id: str = Field(foreign_key="activity.id")
    campaign_id: str | None = Field(default=None, foreign_key="campaign.id")
    title: str = ""
    platform: str = ""
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    tags: str = Field(default="", sa_column=Column(Text, nullable=False))
    billable: bool = True
    version: int = 1
