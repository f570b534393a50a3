"""Change what a member prefers for themselves."""

from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import Refused
from agency_app.tables import Member

SNAPS = (5, 15, 30)


def set_snap(actor: Actor, minutes: int) -> None:
    """Round the actor's gestures on the week to so many minutes. Raises Refused for other than 5, 15 and 30."""
    if minutes not in SNAPS:
        raise Refused("Choose 5, 15 or 30 minutes.", "snap")
    with acting(actor) as session:
        member = session.get_one(Member, actor.member_id)
        before = member.snap_minutes
        member.snap_minutes = minutes
        session.add(member)
        record(session, actor, "set_snap", member.id, before=before, after=minutes)
