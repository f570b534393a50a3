"""Which work a retainer is for: the rows that say so, checked."""

from collections.abc import Sequence

from sqlmodel import Session

from agency_app.services.refusal import NotFound, Refused
from agency_app.store import retainers
from agency_app.tables import Activity, Campaign, Retainer, RetainerScope

Scope = Sequence[tuple[str | None, str | None]]
"""Pairs of (campaign, activity), None for any; no pair for all of the client's work."""

MOST_PAIRS = 100


def put_scope(session: Session, retainer: Retainer, scope: Scope) -> None:
    """Replace what a retainer is for, within a transaction. Raises NotFound and Refused naming the field."""
    for row in retainers.scopes(session, retainer.workspace_id):
        if row.retainer_id == retainer.id:
            session.delete(row)
    session.flush()
    if len(scope) > MOST_PAIRS:
        raise Refused(f"Name at most {MOST_PAIRS} campaigns and activities.", "scope")
    for campaign_id, activity_id in dict.fromkeys(scope):
        campaign = session.get(Campaign, campaign_id) if campaign_id else None
        activity = session.get(Activity, activity_id) if activity_id else None
        if campaign_id and (campaign is None or campaign.client_id != retainer.client_id):
            raise NotFound("That campaign does not belong to the retainer's client.", "campaign")
        if activity_id and (activity is None or activity.workspace_id != retainer.workspace_id):
            raise NotFound("Choose an activity of this workspace.", "activity")
        if not campaign and not activity:
            raise Refused("Name a campaign or an activity, or leave the list empty for all work.", "scope")
        session.add(
            RetainerScope(
                workspace_id=retainer.workspace_id,
                retainer_id=retainer.id,
                campaign_id=campaign_id or None,
                activity_id=activity_id or None,
            )
        )
