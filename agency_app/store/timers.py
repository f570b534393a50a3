"""Queries about running timers."""

from sqlmodel import Session, select

from agency_app.tables import Activity, Campaign, Client, RunningTimer


def timer_of(session: Session, workspace_id: str, member_id: str) -> RunningTimer | None:
    """Return the timer that a member has running."""
    query = select(RunningTimer).where(RunningTimer.workspace_id == workspace_id, RunningTimer.member_id == member_id)
    return session.exec(query).first()


def timer_with_words(
    session: Session, workspace_id: str, member_id: str
) -> tuple[RunningTimer, Client, Activity, Campaign | None] | None:
    """Return the timer that a member has running with what it is for."""
    timer = timer_of(session, workspace_id, member_id)
    if timer is None:
        return None
    campaign = session.get(Campaign, timer.campaign_id) if timer.campaign_id else None
    return timer, session.get_one(Client, timer.client_id), session.get_one(Activity, timer.activity_id), campaign
