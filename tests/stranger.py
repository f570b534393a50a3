"""Somebody of another agency on the same installation, who must find nothing of ours."""

from agency_app.services.actor import Actor, actor_of
from agency_app.store.engine import transaction
from agency_app.tables import Member, Workspace


def add_stranger() -> Actor:
    """Add a second workspace and return its owner."""
    with transaction() as session:
        workspace = Workspace(name="Elsewhere")
        session.add(workspace)
        session.flush()
        member = Member(workspace_id=workspace.id, email="eve@elsewhere.example", name="Eve", role="owner")
        session.add(member)
    return actor_of(member)
