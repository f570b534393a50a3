"""Queries about the filters that members saved."""

from sqlmodel import Session, select

from agency_app.tables import SavedFilter


def saved_filters(session: Session, workspace_id: str, member_id: str) -> list[SavedFilter]:
    """Return a member's saved filters by name."""
    query = select(SavedFilter).where(SavedFilter.workspace_id == workspace_id, SavedFilter.member_id == member_id)
    return list(session.exec(query.order_by(SavedFilter.name)))


def saved_filter(session: Session, workspace_id: str, member_id: str, filter_id: str) -> SavedFilter | None:
    """Return one of a member's saved filters."""
    query = select(SavedFilter).where(
        SavedFilter.workspace_id == workspace_id, SavedFilter.member_id == member_id, SavedFilter.id == filter_id
    )
    return session.exec(query).first()
