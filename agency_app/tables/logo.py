"""The agency's logos: the one on new invoices, and those of before, which earlier invoices are drawn with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id, now


class Logo(SQLModel, table=True):
    """A picture as it is drawn. Rows are only added: a snapshot names its logo by the hash of these bytes."""

    __tablename__ = "logo"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("workspace_id", "sha256"),
        CheckConstraint("media_type in ('image/png', 'image/svg+xml')", name="media_type"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    sha256: str
    media_type: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(default_factory=now)
