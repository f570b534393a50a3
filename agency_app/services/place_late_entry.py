"""Log work of a closed period, and say where it goes: that period's overage, the next period, or written off."""

from datetime import date

from sqlmodel import Session

from agency_app.domain.retainer import period_of
from agency_app.domain.tags import tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import chosen_retainer, rate_for, refuse_past_the_cap, runs_on
from agency_app.services.locks import refuse_approved_week, refuse_before_lock_date
from agency_app.services.log_time import (
    Logged,
    LogTime,
    known_activity,
    known_campaign,
    known_client,
    when_of,
)
from agency_app.services.refusal import Refused
from agency_app.store import clients, invoices, retainers
from agency_app.tables import Client, LateEntry, Retainer, Task, TimeEntry

MAY_PLACE = ("owner", "lead", "finance")


def place_late_entry(actor: Actor, command: LogTime, placement: str, reason: str = "") -> Logged:
    """Log work on a day whose retainer period is closed.

    "overage" adds it to that period's overage, billed on the next open invoice if its terms bill overage; "next" lets
    it draw on the next open period; "written_off" keeps it out of both and needs a reason. The closed period's frozen
    figures stay as they are. Raises NotAllowed by role, and Refused naming the field: among others when the period is
    open, for then the work is simply logged. Nothing is saved then.
    """
    check_placement(placement, reason)
    with acting(actor, *MAY_PLACE) as session:
        return placed_late(session, actor, actor.member_id, actor.zone, command, placement, reason)


def check_placement(placement: str, reason: str) -> None:
    """Raise Refused for a place there is not, and for a write-off without a reason."""
    if placement not in ("overage", "next", "written_off"):
        raise Refused("Late work goes to the overage, to the next period, or is written off.", "placement")
    if placement == "written_off" and not reason.strip():
        raise Refused("Say why the work is written off.", "reason")


def late_retainer(session: Session, client: Client, command: LogTime, day: date) -> Retainer:
    """Return the retainer whose closed period a touch of work is late for. Raises Refused when that period is open."""
    retainer = chosen_retainer(session, client, command.retainer_id, day, command.activity_id, command.campaign_id)
    if retainer is None or retainers.period_on(session, retainer.id, day) is None:
        raise Refused("The period of that day is open: log the work as usual.", "start")
    return retainer


def placed_late(
    session: Session, actor: Actor, member_id: str, zone: str, command: LogTime, placement: str, reason: str
) -> Logged:
    """Place a member's late work, within a transaction of a caller; see `place_late_entry`."""
    client = known_client(session, actor, command.client_id)
    activity = known_activity(session, actor, command.activity_id)
    campaign = known_campaign(session, client, command.campaign_id)
    when = when_of(command, zone)
    day = when.work_date
    retainer = late_retainer(session, client, command, day)
    counts_on = _first_open_day(session, retainer, day, placement)
    task = Task(
        workspace_id=actor.workspace_id,
        client_id=client.id,
        retainer_id=retainer.id,
        campaign_id=campaign.id if campaign else None,
        activity_id=activity.id,
        title=command.title.strip(),
        platform=command.platform,
    )
    session.add(task)
    session.flush()
    frozen = rate_for(session, actor.workspace_id, client.id, activity.id, member_id, day)
    entry = TimeEntry(
        workspace_id=actor.workspace_id,
        task_id=task.id,
        client_id=client.id,
        retainer_id=retainer.id,
        member_id=member_id,
        started_at=when.start,
        ended_at=when.end,
        work_date=day,
        zone=zone,
        seconds=when.seconds,
        billable=placement != "written_off",
        note=command.note.strip(),
        tags=tags_text(command.tags),
        rate=frozen.rate,
        rate_source=frozen.source,
    )
    refuse_before_lock_date(session, actor.workspace_id, day)
    refuse_approved_week(session, entry)
    session.add(entry)
    session.flush()
    late = LateEntry(
        workspace_id=actor.workspace_id,
        entry_id=entry.id,
        retainer_id=retainer.id,
        placement=placement,
        counts_on=counts_on,
        reason=" ".join(reason.split())[:500],
    )
    session.add(late)
    session.flush()
    if placement == "next":
        refuse_past_the_cap(session, entry, counts_on=counts_on)
    return Logged(entry.id, entry.version, record(session, actor, "place_late_entry", entry.id, after=entry, late=late))


def _first_open_day(session: Session, retainer: Retainer, day: date, placement: str) -> date:
    """Return the first day from which late work can count: its month is not invoiced and, for the next period, the
    retainer runs then and its period is open."""
    counts_on = day
    while True:
        invoice = invoices.final_invoice_on(session, retainer.workspace_id, retainer.client_id, counts_on)
        period = retainers.period_on(session, retainer.id, counts_on) if placement == "next" else None
        if invoice is not None:
            counts_on = _day_after(max(invoice.period_end, period_of(counts_on)[1]))
        elif period is not None:
            counts_on = _day_after(period.ends_on)
        elif placement == "next" and not runs_on(session, retainer, counts_on):
            rests = [pause for pause in retainers.pauses(session, [retainer.id]) if pause.starts_on <= counts_on]
            back = max((pause.ends_on for pause in rests if pause.ends_on), default=counts_on)
            if back < counts_on or not clients.runs_on(retainer, counts_on) or not all(one.ends_on for one in rests):
                raise Refused(f"{retainer.name} has no open period after this one.", "placement")
            counts_on = _day_after(back)
        else:
            return counts_on


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
