"""How members look at their entries: the filters they saved."""

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id


class SavedFilter(SQLModel, table=True):
    """A filter of the list of entries that a member gave a name."""

    __tablename__ = "saved_filter"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("member_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    name: str
    query: str = Field(sa_column=Column(Text, nullable=False))
    """As the address of the list holds it, without the page."""
