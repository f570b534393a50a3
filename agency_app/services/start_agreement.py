"""Start a retainer with a client that there is already: the agreement, what it is for, and its rate."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreed_terms import HIGHEST_RATE, NewTerms, check_terms, put_terms
from agency_app.services.change_agreement import MAY_CHANGE
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.services.retainer_scope import Scope, put_scope
from agency_app.services.typed_text import typed_line
from agency_app.store import clients, invoices, people
from agency_app.tables import Client, Rate, Retainer


@dataclass(frozen=True)
class NewAgreement:
    """What is signed with a client. `rate` is the client's from the first day on, in 1/10000 an hour; 0 leaves the rate
    card as it is.
    """

    client_id: str
    name: str
    starts_on: date
    ends_on: date | None
    terms: NewTerms
    scope: Scope = ()
    rate: int = 0


def start_agreement(actor: Actor, signed: NewAgreement) -> str:
    """Start a retainer and return its id. Work that is logged already stays where it is.

    Raises NotAllowed by role, NotFound for an unknown client, Locked when a final invoice or the lock date covers the
    first day or a day after it, and Refused naming the field to mend. Nothing is saved then.
    """
    name = typed_line(signed.name, "name", "Give the retainer a name.")
    check_terms(signed.terms)
    in_kept_days(signed.starts_on, "starts_on", "a first day")
    if signed.ends_on is not None and in_kept_days(signed.ends_on, "ends_on", "a last day") < signed.starts_on:
        raise Refused("A retainer cannot end before it starts.", "ends_on")
    if not 0 <= signed.rate <= HIGHEST_RATE:
        raise Refused("The rate cannot be negative, nor that large.", "rate")
    with acting(actor, *MAY_CHANGE) as session:
        client = clients.client(session, actor.workspace_id, signed.client_id)
        if client is None or client.archived:
            raise NotFound("Choose a client of this workspace.", "client")
        if client.internal:
            raise Refused("The agency's own work is never billed: it needs no retainer.", "client")
        if any(one.name.casefold() == name.casefold() for one in _of(session, client)):
            raise Refused(f"{client.name} has a retainer called {name} already. Choose another name.", "name")
        _refuse_invoiced(session, client, signed.starts_on)
        retainer = Retainer(
            workspace_id=actor.workspace_id,
            client_id=client.id,
            name=name,
            starts_on=signed.starts_on,
            ends_on=signed.ends_on,
        )
        put_terms(retainer, signed.terms, signed.starts_on)
        session.add(retainer)
        session.flush()
        put_scope(session, retainer, signed.scope)
        if signed.rate:
            _put_rate(session, client, signed.starts_on, signed.rate)
        record(
            session, actor, "start_agreement", retainer.id, after=retainer, scope=[list(one) for one in signed.scope]
        )
        return retainer.id


def _of(session: Session, client: Client) -> list[Retainer]:
    return clients.retainers(session, client.workspace_id, client.id)


def _refuse_invoiced(session: Session, client: Client, starts_on: date) -> None:
    """A month that is invoiced would never charge the fee of a period that starts in it."""
    latest = invoices.latest_in_force(session, client.workspace_id, client.id)
    if latest is not None and starts_on <= latest.period_end:
        raise Locked(
            f"{client.name} is invoiced up to {latest.period_end:%d %b %Y} on {latest.number}. "
            "Start the retainer after that.",
            "starts_on",
        )
    locked_until = people.workspace(session, client.workspace_id).locked_until
    if locked_until is not None and starts_on <= locked_until:
        raise Locked(f"The books are closed up to {locked_until:%d %b %Y}. Start the retainer after that.", "starts_on")


def _put_rate(session: Session, client: Client, starts_on: date, rate: int) -> None:
    """Give the client a rate of its own from a day on, in place of one that starts on the same day."""
    same = [
        row
        for row in clients.rates(session, client.workspace_id)
        if (row.client_id, row.activity_id, row.member_id, row.starts_on) == (client.id, None, None, starts_on)
    ]
    row = (
        same[0] if same else Rate(workspace_id=client.workspace_id, client_id=client.id, starts_on=starts_on, rate=rate)
    )
    row.rate = rate
    session.add(row)
