"""The work: activity, task template, task, time entry, and the rows that imports brought in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id, now


class Activity(SQLModel, table=True):
    """The kind of work: optimisation, audience testing, creative, reporting, strategy call, build …"""

    __tablename__ = "activity"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    name: str
    position: int = 0
    archived: bool = False


class TaskTemplate(SQLModel, table=True):
    """A touch that comes up again and again, ready to be dragged onto the week."""

    __tablename__ = "task_template"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    name: str
    activity_id: str = Field(foreign_key="activity.id")
    platform: str = ""
    default_seconds: int = Field(sa_type=Amount)
    position: int = 0
    client_id: str | None = Field(
        default=None, foreign_key="client.id", sa_column_kwargs={"server_default": text("NULL")}
    )
    """Whom it is always for; none where it is for the client in focus."""
    campaign_id: str | None = Field(
        default=None, foreign_key="campaign.id", sa_column_kwargs={"server_default": text("NULL")}
    )
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class Task(SQLModel, table=True):
    """One loggable touch of work. With planned seconds and no entry yet it waits in the Inbox."""

    __tablename__ = "task"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index(None, "workspace_id", "planned_seconds"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    client_id: str = Field(foreign_key="client.id", index=True)
    retainer_id: str | None = Field(default=None, foreign_key="retainer.id")
    campaign_id: str | None = Field(default=None, foreign_key="campaign.id")
    activity_id: str = Field(foreign_key="activity.id")
    title: str = ""
    platform: str = ""
    """Where the work happens when no campaign says so: Meta, Google Ads, Call, Report …"""
    planned_seconds: int | None = Field(default=None, sa_type=Amount)
    done: bool = False
    created_at: datetime = Field(default_factory=now)
    version: int = 1


class TimeEntry(SQLModel, table=True):
    """Time a member put on a task. `seconds` is the raw time and never changes when billing rounds.

    The client and the retainer repeat those of the task, so that a period's hours are one indexed read.
    """

    __tablename__ = "time_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(None, "workspace_id", "member_id", "work_date"),
        Index(None, "workspace_id", "work_date"),
        Index(None, "client_id", "work_date"),
        # What retainers used is read from this index alone; its name spelt out would be too long for PostgreSQL.
        Index("ix_time_entry_retainer_use", "workspace_id", "retainer_id", "work_date", "billable", "seconds"),
        CheckConstraint("seconds > 0 and seconds <= 86400", name="seconds"),
        CheckConstraint("(started_at is null) = (ended_at is null)", name="both_ends"),
        CheckConstraint("rate >= 0", name="rate"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    task_id: str = Field(foreign_key="task.id", index=True)
    client_id: str = Field(foreign_key="client.id")
    retainer_id: str | None = Field(default=None, foreign_key="retainer.id")
    member_id: str = Field(foreign_key="member.id")
    started_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    work_date: date
    zone: str
    seconds: int = Field(sa_type=Amount)
    billable: bool = True
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    tags: str = Field(default="", sa_column=Column(Text, nullable=False))
    """As `domain.tags.tags_text` writes them: each once, sorted, a space between."""
    rate: int = Field(default=0, sa_type=Amount)
    rate_source: str = ""
    """The words that answer "why this rate?", frozen when the entry was logged."""
    invoice_id: str | None = Field(default=None, foreign_key="invoice.id", index=True)
    """The final invoice that locked the entry."""
    created_at: datetime = Field(default_factory=now)
    version: int = 1


class ImportedEntry(SQLModel, table=True):
    """A row of an imported file, remembered by its key so that a second import adds nothing."""

    __tablename__ = "imported_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    key: str
    format: str
    line: int
    entry_id: str | None = None
    """The entry made of it; not a foreign key, because the entry may be deleted and the row stays known."""
    imported_at: datetime = Field(default_factory=now)
