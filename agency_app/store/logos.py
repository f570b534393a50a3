"""Queries about the agency's logos."""

from sqlmodel import Session, select

from agency_app.tables import Logo


def logo(session: Session, workspace_id: str, sha256: str) -> Logo | None:
    """Return a logo by its hash; None where there is none of it."""
    if not sha256:
        return None
    return session.exec(select(Logo).where(Logo.workspace_id == workspace_id, Logo.sha256 == sha256)).first()
