"""The week grid: the rows that members put there before there is time in them."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id


class GridRow(SQLModel, table=True):
    """A row that stands on a member's grid of one week, whether or not an entry is in it."""

    __tablename__ = "grid_row"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index(None, "workspace_id", "member_id", "first_day"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: str = Field(foreign_key="member.id")
    first_day: date
    """The first day of the week."""
    client_id: str = Field(foreign_key="client.id")
    campaign_id: str | None = Field(default=None, foreign_key="campaign.id")
    activity_id: str = Field(foreign_key="activity.id")
    billable: bool = True
