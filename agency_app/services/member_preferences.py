"""What a member prefers for themselves."""

from agency_app.services.actor import Actor, acting
from agency_app.store.engine import reading
from agency_app.tables import Member


def single_keys(actor: Actor) -> bool:
    """Tell whether keys without a modifier are shortcuts for the actor."""
    with reading() as session:
        member = session.get(Member, actor.member_id)
        return member is None or member.single_keys


def set_single_keys(actor: Actor, on: bool) -> None:
    """Switch the actor's single-key shortcuts on or off, on every device."""
    with acting(actor) as session:
        member = session.get_one(Member, actor.member_id)
        member.single_keys = on
        session.add(member)
