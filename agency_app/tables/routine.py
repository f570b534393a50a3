"""Work that comes up every working day: the routine, and what its member said of each day."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id


class Routine(SQLModel, table=True):
    """A task template that a member means to do on some days of the week. It is no time entry: it only asks."""

    __tablename__ = "routine"  # pyright: ignore[reportAssignmentType]

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    template_id: str = Field(foreign_key="task_template.id")
    member_id: str = Field(foreign_key="member.id")
    client_id: str = Field(foreign_key="client.id")
    weekdays: str
    """As `domain.routines.weekdays_text` writes them: "mon tue wed"."""
    starts_at: str = ""
    """The member's wall time, "09:00"; empty for no time of day in particular."""
    starts_on: date
    """The first day on which it is asked for."""
    stopped: bool = False
    version: int = 1


class RoutineDay(SQLModel, table=True):
    """A day of a routine that was decided: it happened (and is the entry), or it did not."""

    __tablename__ = "routine_day"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("routine_id", "day"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    routine_id: str = Field(foreign_key="routine.id")
    day: date
    entry_id: str | None = None
    """The entry made of it, none where it did not happen. No foreign key: an entry may be deleted later."""
