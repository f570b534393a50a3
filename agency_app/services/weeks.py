"""The weeks of a workspace, which begin on Monday or on Sunday."""

from datetime import date

from sqlmodel import Session

from agency_app.domain.weeks import first_of_week
from agency_app.services.actor import Actor
from agency_app.store import people
from agency_app.store.engine import reading


def week_of(session: Session, workspace_id: str, day: date) -> date:
    """Return the first day of the workspace's week that holds a day."""
    return first_of_week(day, people.workspace(session, workspace_id).first_weekday)


def first_weekday_of(actor: Actor) -> int:
    """Return the day that weeks of the actor's workspace begin with, as `date.weekday` counts it."""
    with reading() as session:
        return people.workspace(session, actor.workspace_id).first_weekday
