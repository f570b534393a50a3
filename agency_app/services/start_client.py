"""Start with one retainer client: the client, its retainer and its rate, in one gesture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlmodel import Session

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.domain.money import exponent
from agency_app.domain.vat import category_at
from agency_app.services.actor import Actor, acting, record
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import Refused
from agency_app.services.typed_amount import typed_amount, typed_percent
from agency_app.services.typed_identity import typed_email, typed_vat_id
from agency_app.services.typed_text import typed_address, typed_line
from agency_app.store import people
from agency_app.store.imports import every_client
from agency_app.tables import Client, Rate, Retainer, Workspace

MAY_START_CLIENTS = ("owner", "lead", "finance")
MOST_SECONDS_A_MONTH = 10_000 * 3600
HIGHEST_AMOUNT = 1_000_000_000 * 10_000
COLOURS = 4
_MEANS_NOTHING = {
    "hours": ("fee", "budget"),
    "fee": ("rate", "budget"),
    "hybrid": ("budget",),
    "budget": ("hours", "fee", "overage_rate"),
}
"""The fields of the form that mean nothing beside a basis: the page does not show them."""


@dataclass(frozen=True)
class StartClient:
    """A client and its agreement. `fee`, `budget`, `rate` and `overage_rate` in 1/10000 of the workspace's currency unit
    (a month, a month, an hour, an hour), `granted_seconds` a month, `vat_rate` in basis points, the workspace's when None.

    An overage rate of 0 means that work beyond the agreement is absorbed.
    """

    name: str
    retainer_name: str
    basis: str
    starts_on: date
    granted_seconds: int = 0
    fee: int = 0
    rate: int = 0
    overage_rate: int = 0
    address: str = ""
    vat_id: str = ""
    vat_rate: int | None = None
    email: str = ""
    reference: str = ""
    budget: int = 0

    @classmethod
    def of_form(cls, typed: Mapping[str, str], today: date) -> Self:
        """Read a form: name, retainer_name, basis, hours, fee, budget, rate, overage_rate, starts_on, vat_percent and so on.

        What means nothing beside the basis is passed over. An empty start is the first of this month; an empty overage
        rate is the rate itself; without a VAT percentage the workspace's holds. Raises Refused naming the field that
        cannot be read.
        """
        basis = typed.get("basis", "hours")
        typed = {name: text for name, text in typed.items() if name not in _MEANS_NOTHING.get(basis, ())}
        rate = typed_amount(typed.get("rate", ""), "rate", "The rate")
        percent = typed.get("vat_percent", "").strip()
        overage = typed.get("overage_rate", "").strip()
        return cls(
            name=typed.get("name", ""),
            retainer_name=typed.get("retainer_name", ""),
            basis=basis,
            starts_on=_day(typed.get("starts_on", ""), today),
            granted_seconds=_hours(typed.get("hours", "")),
            fee=typed_amount(typed.get("fee", ""), "fee", "The fee"),
            rate=rate,
            overage_rate=typed_amount(overage, "overage_rate", "The overage rate") if overage else rate,
            address=typed.get("address", ""),
            vat_id=typed.get("vat_id", ""),
            vat_rate=typed_percent(percent, "vat_percent", "VAT") if percent else None,
            email=typed.get("email", ""),
            reference=typed.get("reference", ""),
            budget=typed_amount(typed.get("budget", ""), "budget", "The budget"),
        )


def start_client(actor: Actor, command: StartClient) -> str:
    """Create a client with its retainer and its rate, valid from the retainer's start, and return the client's id.

    Raises NotAllowed by role, and Refused naming the field to mend. Nothing is saved then.
    """
    name = typed_line(command.name, "name", "Give the client a name.")
    retainer_name = typed_line(command.retainer_name, "retainer_name", "Give the retainer a name.")
    address = typed_address(command.address)
    vat_id, email = typed_vat_id(command.vat_id, "vat_id"), typed_email(command.email, "email")
    reference = typed_line(command.reference, "reference")
    _check_terms(command)
    with acting(actor, *MAY_START_CLIENTS) as session:
        workspace = people.workspace(session, actor.workspace_id)
        vat_category, vat_rate = category_at(workspace.vat_rate if command.vat_rate is None else command.vat_rate)
        known = every_client(session, actor.workspace_id)
        if any(client.name.casefold() == name.casefold() for client in known):
            raise Refused(f"There is a client called {name} already. Choose another name.", "name")
        client = Client(
            workspace_id=actor.workspace_id,
            name=name,
            short_name=name,
            legal_name=name,
            address=address,
            email=email,
            vat_id=vat_id,
            reference=reference,
            currency=workspace.currency,
            payment_terms_days=workspace.payment_terms_days,
            vat_category=vat_category,
            vat_rate=vat_rate,
            colour=len(known) % COLOURS + 1,
        )
        session.add(client)
        session.flush()
        retainer = _add_agreement(session, workspace, client, command, retainer_name)
        record(session, actor, "start_client", client.id, after=client, retainer=retainer)
        return client.id


def _add_agreement(session: Session, workspace: Workspace, client: Client, command: StartClient, name: str) -> Retainer:
    retainer = Retainer(
        workspace_id=workspace.id,
        client_id=client.id,
        name=name,
        basis=command.basis,
        starts_on=command.starts_on,
        fee_minor=_minor(command.fee, workspace.currency, "fee"),
        budget_minor=_minor(command.budget, workspace.currency, "budget"),
        granted_seconds=command.granted_seconds,
        overage="bill" if command.overage_rate else "absorb",
        overage_rate=command.overage_rate,
    )
    session.add(retainer)
    if command.rate:
        session.add(
            Rate(workspace_id=workspace.id, client_id=client.id, starts_on=command.starts_on, rate=command.rate)
        )
    session.flush()
    return retainer


def _check_terms(command: StartClient) -> None:
    if command.basis not in _MEANS_NOTHING:
        raise Refused("The basis is hours, fee, both (hybrid), or a budget.", "basis")
    for field in ("fee", "budget", "rate", "overage_rate"):
        amount = getattr(command, field)
        if not 0 <= amount <= HIGHEST_AMOUNT:
            raise Refused("An amount is zero or more, and below a thousand million.", field)
    if not 0 <= command.granted_seconds <= MOST_SECONDS_A_MONTH:
        raise Refused("The hours a month are between 0 and 10,000.", "hours")
    if command.basis in ("hours", "hybrid") and not command.granted_seconds:
        raise Refused("How many hours a month does the retainer hold?", "hours")
    if command.basis != "fee" and not command.rate:
        raise Refused("Give the rate an hour is billed at.", "rate")
    if command.basis in ("fee", "hybrid") and not command.fee:
        raise Refused("Give the fee a month.", "fee")
    if command.basis == "budget" and not command.budget:
        raise Refused("Give the budget a month.", "budget")
    if command.basis == "hours" and command.fee:
        raise Refused("A retainer by the hour has no fee. Choose fee plus hours, or set the fee to 0.", "fee")
    if not 0 <= (command.vat_rate or 0) <= 10_000:
        raise Refused("VAT is between 0 and 100 %.", "vat_percent")
    in_kept_days(command.starts_on, "starts_on", "a first day")


def _minor(amount: int, currency: str, field: str) -> int:
    """Return a fee or a budget of 1/10000 units in minor units, exactly."""
    minor, rest = divmod(amount, 10 ** (4 - exponent(currency)))
    if rest:
        raise Refused(f"A {field} in {currency} has at most {exponent(currency)} decimals.", field)
    return minor


def _hours(typed: str) -> int:
    if not typed.strip().strip("0.,:"):
        return 0
    try:
        return parse_duration(typed, longest_seconds=None)
    except DurationError as error:
        raise Refused(str(error), "hours") from None


def _day(typed: str, today: date) -> date:
    if not typed.strip():
        return today.replace(day=1)
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused(f"“{typed[:40]}” is not a date. Write it as {today.isoformat()}.", "starts_on") from None
