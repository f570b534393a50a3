"""What an hour of a member costs the agency."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id


class CostRate(SQLModel, table=True):
    """What an hour of a member costs from a date until the next such row. For owner and finance alone."""

    __tablename__ = "cost_rate"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("member_id", "starts_on"), CheckConstraint("rate >= 0", name="not_negative"))

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    starts_on: date
    rate: int = Field(sa_type=Amount)
    """1/10000 of the workspace's currency unit per hour."""
    version: int = 1
