"""Work of a closed period: a member hands it in, and a lead says where it goes."""

from datetime import date

from sqlmodel import Session

from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.locks import refuse_before_lock_date
from agency_app.services.log_time import (
    Logged,
    LogTime,
    known_activity,
    known_campaign,
    known_client,
    when_of,
)
from agency_app.services.place_late_entry import MAY_PLACE, check_placement, late_retainer, placed_late
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.store import retainers
from agency_app.store.engine import reading
from agency_app.tables import LateWork


def is_late_work(actor: Actor, command: LogTime, day: date) -> bool:
    """Tell whether a touch of billable work is late: the period of the retainer that it falls to is closed."""
    if not command.billable:
        return False
    with reading() as session:
        try:
            late_retainer(session, known_client(session, actor, command.client_id), command, day)
        except Refused:
            return False
    return True


def hand_in_late_work(actor: Actor, command: LogTime) -> str:
    """Keep the actor's late work until a lead says where it goes, and return its id. It counts nowhere until then.

    Raises NotFound and Refused naming the field, among others when the period is open, and Locked behind the lock date.
    """
    with acting(actor) as session:
        client = known_client(session, actor, command.client_id)
        known_activity(session, actor, command.activity_id)
        campaign = known_campaign(session, client, command.campaign_id)
        when = when_of(command, actor.zone)
        retainer = late_retainer(session, client, command, when.work_date)
        refuse_before_lock_date(session, actor.workspace_id, when.work_date)
        row = LateWork(
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            client_id=client.id,
            retainer_id=retainer.id,
            activity_id=command.activity_id,
            campaign_id=campaign.id if campaign else None,
            started_at=when.start,
            ended_at=when.end,
            work_date=when.work_date,
            zone=actor.zone,
            seconds=when.seconds,
            title=command.title.strip(),
            platform=command.platform,
            note=command.note.strip(),
            tags=tags_text(command.tags),
        )
        session.add(row)
        session.flush()
        record(session, actor, "hand_in_late_work", retainer.id, after=row)
        return row.id


def decide_late_work(actor: Actor, late_id: str, placement: str, reason: str = "") -> Logged:
    """Say where late work goes: it becomes its member's entry, placed as `place_late_entry` does.

    Raises as that does, and NotFound when somebody decided before. Nothing changes then.
    """
    check_placement(placement, reason)
    with acting(actor, *MAY_PLACE) as session:
        row = _waiting(session, actor, late_id)
        command = LogTime(
            client_id=row.client_id,
            activity_id=row.activity_id,
            start=row.started_at,
            end=row.ended_at,
            day=row.work_date,
            seconds=row.seconds,
            campaign_id=row.campaign_id,
            retainer_id=row.retainer_id,
            note=row.note,
            tags=tuple(row.tags.split()),
            platform=row.platform,
            title=row.title,
        )
        record(session, actor, "decide_late_work", row.retainer_id, before=row, placement=placement, reason=reason)
        session.delete(row)
        session.flush()
        return placed_late(session, actor, row.member_id, row.zone, command, placement, reason)


def withdraw_late_work(actor: Actor, late_id: str) -> None:
    """Take late work back. Raises NotFound when it is decided, NotAllowed for another's unless by who may decide."""
    with acting(actor) as session:
        row = _waiting(session, actor, late_id)
        if row.member_id != actor.member_id and actor.role not in MAY_PLACE:
            raise NotAllowed("Only who handed it in, an owner, a lead or finance may withdraw late work.")
        record(session, actor, "withdraw_late_work", row.retainer_id, before=row)
        session.delete(row)


def _waiting(session: Session, actor: Actor, late_id: str) -> LateWork:
    row = retainers.late_work(session, actor.workspace_id, late_id)
    if row is None:
        raise NotFound("This late work is decided or withdrawn already.")
    return row
