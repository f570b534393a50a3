"""When members work: the hours they mean to work a week, from a date on, and the days they are off."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import Amount, new_id


class TargetWeek(SQLModel, table=True):
    """The hours a member means to work on each day of the week, from a date until the next such row."""

    __tablename__ = "target_week"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("member_id", "starts_on"),
        CheckConstraint(
            "monday between 0 and 86400 and tuesday between 0 and 86400 and wednesday between 0 and 86400 "
            "and thursday between 0 and 86400 and friday between 0 and 86400 and saturday between 0 and 86400 "
            "and sunday between 0 and 86400",
            name="a_day",
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str = Field(foreign_key="member.id")
    starts_on: date
    monday: int = Field(default=0, sa_type=Amount)
    """Seconds, here and on the days that follow."""
    tuesday: int = Field(default=0, sa_type=Amount)
    wednesday: int = Field(default=0, sa_type=Amount)
    thursday: int = Field(default=0, sa_type=Amount)
    friday: int = Field(default=0, sa_type=Amount)
    saturday: int = Field(default=0, sa_type=Amount)
    sunday: int = Field(default=0, sa_type=Amount)
    version: int = 1


class DayOff(SQLModel, table=True):
    """Days on which a member does not work, or half of them; without a member, on which nobody does."""

    __tablename__ = "day_off"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("last_on >= first_on", name="order"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    member_id: str | None = Field(default=None, foreign_key="member.id")
    first_on: date
    last_on: date
    half: bool = False
    name: str = ""
