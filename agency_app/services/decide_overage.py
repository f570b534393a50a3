"""Decide about the overage of a period whose agreement asks for approval: bill it, or absorb it."""

from datetime import date

from agency_app.services.actor import Actor, acting, record
from agency_app.services.close_period import known_retainer
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.services.retainer_books import book_on

MAY_DECIDE = ("owner", "lead", "finance")


def decide_overage(actor: Actor, retainer_id: str, day: date, decision: str) -> None:
    """Bill or absorb ("bill", "absorb") the overage of the open period that holds a day; it may be decided again.

    Raises NotAllowed by role, NotFound for an unknown retainer or a day without a period, Locked when the period is
    closed, Refused for another word or when the agreement asks for no approval. Nothing changes then.
    """
    if decision not in ("bill", "absorb"):
        raise Refused("Choose whether the overage is billed or absorbed.", "decision")
    with acting(actor, *MAY_DECIDE) as session:
        retainer = known_retainer(session, actor, retainer_id)
        book, period = book_on(session, retainer, day)
        if period is None:
            raise NotFound(f"{retainer.name} has no period on {day:%d %b %Y}.", "day")
        if period.closed:
            raise Locked(f"This period of {retainer.name} is closed: its overage is decided.")
        if period.terms.overage != "approval":
            raise Refused(f"The agreement of {retainer.name} asks for no approval of overage.", "decision")
        stored = next((row for row in book.stored if row.starts_on == period.first), None)
        row = stored or book.row(period)
        row.overage_decision = decision
        session.add(row)
        session.flush()
        record(session, actor, "decide_overage", retainer.id, period=period.first, decision=decision)
