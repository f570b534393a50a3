"""Change an agreement from a date on: its terms, its end, its pauses, what it is for. Closed periods never change."""

from datetime import date

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreed_terms import NewTerms, check_terms, put_terms
from agency_app.services.close_period import known_retainer
from agency_app.services.refusal import Locked, NotFound, Refused, Stale
from agency_app.services.retainer_scope import Scope, put_scope
from agency_app.services.retainer_terms import terms_of
from agency_app.store import clients, retainers
from agency_app.tables import Retainer, RetainerPause, RetainerTerms

MAY_CHANGE = ("owner", "lead", "finance")


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
        check_terms(terms)
        before = _terms_before(session, retainer, starts_on)
        row = _amendment(session, retainer, starts_on)
        put_terms(row, terms, starts_on)
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


def resume_agreement(actor: Actor, retainer_id: str, version: int, pause_id: str, day: date) -> int:
    """Take an agreement up again on a day within a pause, or before it: then the pause falls away. Return the
    retainer's new version.

    Work that was logged in the meantime stays where it is. Raises as `change_agreement` does.
    """
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        row = next((one for one in retainers.pauses(session, [retainer.id]) if one.id == pause_id), None)
        if row is None:
            raise NotFound("That pause is gone already.", "day")
        if row.ends_on is not None and day > row.ends_on:
            raise Refused(f"The pause ends on {row.ends_on:%d %b %Y} by itself.", "day")
        _refuse_closed(session, retainer, max(day, row.starts_on))
        before = row.model_copy()
        if day <= row.starts_on:
            session.delete(row)
        else:
            row.ends_on = date.fromordinal(day.toordinal() - 1)
            session.add(row)
        return _saved(session, actor, "resume_agreement", retainer, before=before, day=day)


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


def set_scope(actor: Actor, retainer_id: str, version: int, scope: Scope) -> int:
    """Say which work a retainer is for: pairs of (campaign, activity), None for any; no pair for all of the client's.

    It decides where new and changed work falls; what is logged stays where it is. Raises as `change_agreement` does.
    """
    with acting(actor, *MAY_CHANGE) as session:
        retainer = _changeable(session, actor, retainer_id, version)
        put_scope(session, retainer, scope)
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


def _saved(session: Session, actor: Actor, verb: str, retainer: Retainer, **detail: object) -> int:
    retainer.version += 1
    session.add(retainer)
    session.flush()
    record(session, actor, verb, retainer.id, **detail)
    return retainer.version
