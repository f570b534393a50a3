"""Change an agreement from a date on: its terms, its end, its pauses, what it is for. Closed periods never change."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session

from agency_app.domain.retainer import CycleUnit, calendar_anchor
from agency_app.services.actor import Actor, acting, record
from agency_app.services.close_period import known_retainer
from agency_app.services.refusal import Locked, NotFound, Refused, Stale
from agency_app.services.retainer_terms import terms_of
from agency_app.store import clients, retainers
from agency_app.tables import Activity, Campaign, Retainer, RetainerPause, RetainerScope, RetainerTerms

MAY_CHANGE = ("owner", "lead", "finance")
MOST_SECONDS = 100_000 * 3600
HIGHEST_RATE = 1_000_000_000 * 10_000
HIGHEST_MINOR = 1_000_000_000_000


@dataclass(frozen=True)
class NewTerms:
    """What is agreed from a date on. Time in seconds, money in minor units, the overage rate in 1/10000 an hour, shares
    in basis points. `anchor_on` None follows the calendar: Mondays, firsts of the month, quarters.
    """

    basis: str
    granted_seconds: int = 0
    fee_minor: int = 0
    budget_minor: int = 0
    cycle_unit: str = "month"
    cycle_every: int = 1
    anchor_on: date | None = None
    proration: str = "none"
    rollover: str = "expire"
    rollover_cap_seconds: int = 0
    rollover_cap_share: int | None = None
    rollover_expires_after: int | None = None
    carry_deficit: bool = False
    overage: str = "bill"
    overage_rate: int = 0


def change_agreement(
    actor: Actor, retainer_id: str, version: int, starts_on: date, terms: NewTerms, note: str = ""
) -> int:
    """Amend an agreement for the periods that start on a date or later; return the retainer's new version.

    A second change from the same date replaces the first. Raises NotAllowed by role, NotFound, Stale when somebody
    changed the agreement since `version`, Locked when the date lies in or before a closed period, and Refused naming
    the field to mend. Nothing changes then.
    """
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        _refuse_closed(session, retainer, starts_on)
        if starts_on < retainer.starts_on or (retainer.ends_on is not None and starts_on > retainer.ends_on):
            raise Refused(f"{retainer.name} does not run on {starts_on:%d %b %Y}.", "starts_on")
        if (terms.basis == "budget") != (retainer.basis == "budget"):
            raise Refused(
                "Hours and money cannot be carried into each other. End this retainer and start another.", "basis"
            )
        _check(terms)
        before = _terms_before(session, retainer, starts_on)
        row = _amendment(session, retainer, starts_on)
        anchor = terms.anchor_on or calendar_anchor(_unit(terms), terms.cycle_every, starts_on)
        for name, value in {**asdict(terms), "anchor_on": anchor}.items():
            setattr(row, name, value)
        row.note = " ".join(note.split())[:500]
        same_cycle = (row.cycle_unit, row.cycle_every) == (before.cycle_unit, before.cycle_every)
        if same_cycle and terms_of(row).cycle.period_of(starts_on) == terms_of(before).cycle.period_of(starts_on):
            row.anchor_on = before.anchor_on  # the same days: a period is not cut for another way to count them
        session.add(row)
        return _saved(session, actor, "change_agreement", retainer, terms=row)


def pause_agreement(
    actor: Actor, retainer_id: str, version: int, first: date, last: date | None, note: str = ""
) -> int:
    """Rest an agreement from a day to another (None: until further notice); return the retainer's new version.

    Work of those days falls to no period of it. Raises as `change_agreement` does.
    """
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        _refuse_closed(session, retainer, first)
        if last is not None and last < first:
            raise Refused("A pause cannot end before it starts.", "ends_on")
        for other in retainers.pauses(session, [retainer.id]):
            if (other.ends_on is None or first <= other.ends_on) and (last is None or other.starts_on <= last):
                raise Refused(f"There is a pause from {other.starts_on:%d %b %Y} already.", "starts_on")
        row = RetainerPause(
            workspace_id=retainer.workspace_id, retainer_id=retainer.id, starts_on=first, ends_on=last, note=note
        )
        session.add(row)
        return _saved(session, actor, "pause_agreement", retainer, pause=row)


def end_agreement(actor: Actor, retainer_id: str, version: int, last: date | None) -> int:
    """Set the last day of an agreement (None: open end); return its new version. Raises as `change_agreement` does."""
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        if last is not None and last < retainer.starts_on:
            raise Refused("An agreement cannot end before it starts.", "ends_on")
        changes_from = min(day for day in (last, retainer.ends_on, date.max) if day is not None)
        if changes_from != date.max:
            _refuse_closed(session, retainer, date.fromordinal(changes_from.toordinal() + 1))
        retainer.ends_on = last
        return _saved(session, actor, "end_agreement", retainer, ends_on=last)


def set_scope(actor: Actor, retainer_id: str, version: int, scope: list[tuple[str | None, str | None]]) -> int:
    """Say which work a retainer is for: pairs of (campaign, activity), None for any; no pair for all of the client's.

    It decides where new and changed work falls; what is logged stays where it is. Raises as `change_agreement` does.
    """
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        for row in retainers.scopes(session, actor.workspace_id):
            if row.retainer_id == retainer.id:
                session.delete(row)
        session.flush()
        for campaign_id, activity_id in dict.fromkeys(scope):
            campaign = session.get(Campaign, campaign_id) if campaign_id else None
            activity = session.get(Activity, activity_id) if activity_id else None
            if campaign_id and (campaign is None or campaign.client_id != retainer.client_id):
                raise NotFound("That campaign does not belong to the retainer's client.", "campaign")
            if activity_id and (activity is None or activity.workspace_id != actor.workspace_id):
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
        return _saved(session, actor, "set_scope", retainer, scope=[list(pair) for pair in scope])


def _changeable(session: Session, actor: Actor, retainer_id: str, version: int) -> Retainer:
    retainer = known_retainer(session, actor, retainer_id)
    if retainer.version != version:
        raise Stale(
            "Somebody changed this agreement in the meantime. You now see how it is; try again if still needed."
        )
    return retainer


def _refuse_closed(session: Session, retainer: Retainer, day: date) -> None:
    closed = [row for row in clients.periods(session, [retainer.id], date.max) if row.closed_at is not None]
    last = max((row.ends_on for row in closed), default=None)
    if last is not None and day <= last:
        raise Locked(f"{retainer.name} is closed up to {last:%d %b %Y}. Choose a later day.", "starts_on")


def _terms_before(session: Session, retainer: Retainer, day: date) -> Retainer | RetainerTerms:
    earlier = [row for row in retainers.amendments(session, [retainer.id]) if row.starts_on < day]
    return earlier[-1] if earlier else retainer


def _amendment(session: Session, retainer: Retainer, day: date) -> RetainerTerms:
    rows = retainers.amendments(session, [retainer.id])
    return next((row for row in rows if row.starts_on == day), None) or RetainerTerms(
        workspace_id=retainer.workspace_id, retainer_id=retainer.id, starts_on=day
    )


def _unit(terms: NewTerms) -> CycleUnit:
    return "week" if terms.cycle_unit == "week" else "month"


def _check(terms: NewTerms) -> None:
    """Raise Refused naming the first field that makes no sense."""
    words = (
        (terms.basis, ("hours", "fee", "budget", "hybrid"), "basis"),
        (terms.cycle_unit, ("month", "week"), "cycle_unit"),
        (terms.proration, ("none", "day", "working_day"), "proration"),
        (terms.rollover, ("expire", "all", "capped"), "rollover"),
        (terms.overage, ("bill", "approval", "absorb", "stop"), "overage"),
    )
    for word, known, field in words:
        if word not in known:
            raise Refused(f"Choose one of {', '.join(known)}.", field)
    limits = (
        (terms.granted_seconds, MOST_SECONDS, "granted_seconds", "The hours a period"),
        (terms.rollover_cap_seconds, MOST_SECONDS, "rollover_cap_seconds", "The cap"),
        (terms.fee_minor, HIGHEST_MINOR, "fee_minor", "The fee"),
        (terms.budget_minor, HIGHEST_MINOR, "budget_minor", "The budget"),
        (terms.overage_rate, HIGHEST_RATE, "overage_rate", "The overage rate"),
        (terms.rollover_cap_share or 0, 1_000_000, "rollover_cap_share", "The cap"),
    )
    for value, highest, field, what in limits:
        if not 0 <= value <= highest:
            raise Refused(f"{what} cannot be negative, nor that large.", field)
    if not 1 <= terms.cycle_every <= 120:
        raise Refused("A cycle takes from 1 to 120 months or weeks.", "cycle_every")
    if terms.rollover_expires_after is not None and not 1 <= terms.rollover_expires_after <= 1_000:
        raise Refused("What rolls over expires after one period or more.", "rollover_expires_after")
    if terms.basis in ("hours", "hybrid") and not terms.granted_seconds:
        raise Refused("How many hours does a period hold?", "granted_seconds")
    if terms.basis in ("fee", "hybrid") and not terms.fee_minor:
        raise Refused("Give the fee of a period.", "fee_minor")
    if terms.basis == "budget" and not terms.budget_minor:
        raise Refused("Give the budget of a period.", "budget_minor")
    if terms.basis == "budget" and terms.rollover == "capped" and terms.rollover_cap_share is None:
        raise Refused("A budget's rollover is capped by a share of it.", "rollover_cap_share")
    if terms.carry_deficit and terms.overage in ("bill", "approval"):
        raise Refused("An overrun is either billed or carried into the next period, not both.", "carry_deficit")


def _saved(session: Session, actor: Actor, verb: str, retainer: Retainer, **detail: object) -> int:
    retainer.version += 1
    session.add(retainer)
    session.flush()
    record(session, actor, verb, retainer.id, **detail)
    return retainer.version
