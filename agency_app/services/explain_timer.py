"""What stopping the running timer now would log, as a touch that is explained before it is done."""

from agency_app.domain.durations import local_work_date
from agency_app.services.actor import Actor
from agency_app.services.explain_entry import Planned
from agency_app.store import timers
from agency_app.store.engine import reading
from agency_app.tables.base import now


def planned_by_timer(actor: Actor) -> Planned | None:
    """Return the touch that the actor's timer would be if it stopped now; None while none runs."""
    with reading() as session:
        timer = timers.timer_of(session, actor.workspace_id, actor.member_id)
    if timer is None:
        return None
    end = now().replace(microsecond=0)
    return Planned(
        timer.client_id,
        timer.activity_id,
        timer.campaign_id or "",
        "",
        local_work_date(timer.started_at, actor.zone),
        max(1, int((end - timer.started_at).total_seconds())),
        timer.billable,
        start=timer.started_at,
        end=end,
    )
