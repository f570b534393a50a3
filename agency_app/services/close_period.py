"""Close a retainer period: its figures, its terms and what it hands on are frozen and never change again."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.retainer import Balance, Period, settle
from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.services.retainer_books import Book, book_on
from agency_app.services.retainer_terms import lots_text, terms_text
from agency_app.store import clients, people
from agency_app.store.engine import reading
from agency_app.tables import Retainer, RetainerPeriod
from agency_app.tables.base import now

MAY_CLOSE = ("owner", "lead", "finance")


def close_period(actor: Actor, retainer_id: str, day: date) -> list[date]:
    """Close the period of a retainer that holds a day, and return the first days of the periods that were closed.

    Those before it are closed with it when what it starts with depends on them. Raises NotAllowed by role, NotFound
    for an unknown retainer or a day without a period, Locked when it is closed already, and Refused while it runs or
    while its overage waits for approval. Nothing changes then.
    """
    with acting(actor, *MAY_CLOSE) as session:
        retainer, first_day = _closable(session, actor, retainer_id, day)
        closed = close_up_to(session, retainer, first_day)
        record(session, actor, "close_period", retainer.id, periods=[one.isoformat() for one in closed])
        return closed


def preview_close(actor: Actor, retainer_id: str, day: date) -> list[tuple[Period, Balance]]:
    """Return what `close_period` would freeze: each period with its figures at the close, the earliest first.

    Raises as that does, besides NotAllowed. Writes nothing.
    """
    with reading() as session:
        retainer, first_day = _closable(session, actor, retainer_id, day)
        return [
            (one, settle(one.balance.granted, one.lots_in, one.balance.used, one.terms.rule)[0])
            for one in _chain(book_on(session, retainer, first_day)[0], first_day)
        ]


def _closable(session: Session, actor: Actor, retainer_id: str, day: date) -> tuple[Retainer, date]:
    """Return a retainer and the first day of its period that holds a day, which has ended and is not closed."""
    retainer = known_retainer(session, actor, retainer_id)
    book, period = book_on(session, retainer, day)
    if period is None:
        raise NotFound(f"{retainer.name} has no period on {day:%d %b %Y}.", "day")
    if period.closed:
        raise Locked(f"This period of {retainer.name} is closed already.")
    zone = ZoneInfo(people.workspace(session, actor.workspace_id).zone)
    if period.last >= now().astimezone(zone).date():
        raise Refused(f"This period of {retainer.name} runs until {period.last:%d %b %Y}. Close it after that.", "day")
    if period.terms.overage == "approval" and period.balance.overage and not book.decision(period):
        raise Refused("Decide first whether the overage is billed or absorbed.", "overage")
    return retainer, period.first


def close_up_to(session: Session, retainer: Retainer, first_day: date) -> list[date]:
    """Close the open period that starts on a day, within a transaction, and return the first days of those closed.

    The periods before it that are open are closed first as far as something can roll from one into the next.
    """
    session.flush()
    book, _ = book_on(session, retainer, first_day)
    chain = _chain(book, first_day)
    for period in chain:
        _freeze(session, book, period)
    session.flush()
    return [period.first for period in chain]


def _chain(book: Book, first_day: date) -> list[Period]:
    """Return the period that starts on a day, after the open ones before it whose rest rolls into it."""
    found = book.periods(first_day)
    chain = [found[-1]]
    for period in reversed(found[:-1]):
        if period.closed or not (period.terms.rule.rollover != "expire" or period.terms.rule.carry_deficit):
            break
        chain.insert(0, period)
    return chain


def _freeze(session: Session, book: Book, period: Period) -> None:
    balance, lots_out = settle(period.balance.granted, period.lots_in, period.balance.used, period.terms.rule)
    row = next((row for row in book.stored if row.starts_on == period.first), None) or RetainerPeriod(
        workspace_id=book.retainer.workspace_id,
        retainer_id=book.retainer.id,
        starts_on=period.first,
        ends_on=period.last,
        granted_seconds=balance.granted,
    )
    row.ends_on, row.granted_seconds, row.fee_minor = period.last, balance.granted, period.fee_minor
    row.rolled_in_seconds, row.used_seconds, row.overage_seconds = balance.rolled_in, balance.used, balance.overage
    row.remaining_seconds, row.expired_seconds = balance.remaining, balance.expired
    row.rolled_out_seconds, row.closed_at = balance.rolled_out, now()
    row.terms = terms_text(period.terms)
    row.lots_in, row.lots_out = lots_text(period.lots_in), lots_text(lots_out)
    session.add(row)


def known_retainer(session: Session, actor: Actor, retainer_id: str) -> Retainer:
    """Return the retainer of the actor's workspace, or raise NotFound."""
    retainer = clients.retainer(session, actor.workspace_id, retainer_id)
    if retainer is None:
        raise NotFound("That retainer is not in this workspace.", "retainer")
    return retainer
