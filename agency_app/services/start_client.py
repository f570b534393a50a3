"""Start with a client: its billing data, its retainer and its rate in one step."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.domain.money import exponent
from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import Refused
from agency_app.store import clients, people
from agency_app.tables import Client, Rate, Retainer


@dataclass(frozen=True)
class StartClient:
    """Rates in 1/10000 an hour, the fee in minor units, hours in seconds, VAT in basis points."""

    name: str
    retainer_name: str
    basis: str
    granted_seconds: int
    rate: int
    fee_minor: int
    overage_rate: int
    vat_rate: int
    starts_on: date
    address: str = ""
    vat_id: str = ""
    reference: str = ""

    @classmethod
    def of_form(cls, form: dict[str, str], today: date) -> "StartClient":
        """Read the fields of a form. Raises Refused naming the field that cannot be read."""
        try:
            starts_on = date.fromisoformat(form["starts_on"]) if form.get("starts_on") else today.replace(day=1)
        except ValueError as error:
            raise Refused("Give the start as a date.", "starts_on") from error
        try:
            granted = parse_duration(form.get("hours", ""), longest_seconds=None)
        except DurationError as error:
            raise Refused(f"Hours a month: {error}", "hours") from error
        return cls(
            name=form.get("name", "").strip(),
            retainer_name=form.get("retainer_name", "").strip() or "Retainer",
            basis=form.get("basis", "hours"),
            granted_seconds=granted,
            rate=_scaled(form.get("rate", ""), 10000, "rate", "Rate per hour"),
            fee_minor=_scaled(form.get("fee", "") or "0", 100, "fee", "Fee a month"),
            overage_rate=_scaled(form.get("overage_rate", "") or "0", 10000, "overage_rate", "Overage rate"),
            vat_rate=_scaled(form.get("vat_percent", "") or "0", 100, "vat_percent", "VAT"),
            starts_on=starts_on,
            address=form.get("address", "").strip(),
            vat_id=form.get("vat_id", "").strip(),
            reference=form.get("reference", "").strip(),
        )


def start_client(actor: Actor, command: StartClient) -> str:
    """Create the client, its retainer and its rate, and return the client's id.

    Raises Refused naming the field; NotAllowed unless the actor is owner, lead or finance. Nothing is created then.
    """
    with acting(actor, "owner", "lead", "finance") as session:
        if not command.name:
            raise Refused("Give the client a name.", "name")
        known = clients.clients(session, actor.workspace_id)
        if any(client.name.casefold() == command.name.casefold() for client in known):
            raise Refused(f"{command.name} is a client already.", "name")
        if command.basis not in {"hours", "fee", "hybrid"}:
            raise Refused("Choose hours, a fee, or both.", "basis")
        if command.basis != "hours" and command.fee_minor == 0:
            raise Refused("A retainer with a fee needs the fee a month.", "fee")
        if command.vat_rate > 10000:
            raise Refused("VAT is at most 100 %.", "vat_percent")
        workspace = people.workspace(session, actor.workspace_id)
        if exponent(workspace.currency) != 2 and command.fee_minor:
            raise Refused(f"Enter the fee of a {workspace.currency} retainer from the command line.", "fee")
        client = Client(
            workspace_id=actor.workspace_id,
            name=command.name,
            short_name=command.name.split()[0],
            legal_name=command.name,
            address=command.address,
            vat_id=command.vat_id,
            reference=command.reference,
            currency=workspace.currency,
            payment_terms_days=workspace.payment_terms_days,
            vat_rate=command.vat_rate,
            colour=len(known) % 4 + 1,
        )
        session.add(client)
        session.flush()
        session.add(
            Retainer(
                workspace_id=actor.workspace_id,
                client_id=client.id,
                name=command.retainer_name,
                basis=command.basis,
                starts_on=command.starts_on,
                fee_minor=command.fee_minor if command.basis != "hours" else 0,
                granted_seconds=command.granted_seconds,
                overage_rate=command.overage_rate,
            )
        )
        session.add(
            Rate(
                workspace_id=actor.workspace_id,
                client_id=client.id,
                starts_on=command.starts_on,
                rate=command.rate,
            )
        )
        record(session, actor, "start_client", client.id, name=client.name)
        return client.id


def _scaled(text: str, scale: int, field: str, label: str) -> int:
    """Return a decimal number of a form as a whole number of 1/scale. Raises Refused naming the field."""
    try:
        value = Decimal(text.strip().replace(",", ".")) * scale
    except InvalidOperation as error:
        raise Refused(f"{label}: {text or 'nothing'} is not a number.", field) from error
    if not value.is_finite() or value < 0 or value != value.to_integral_value() or value > 10**15:
        raise Refused(f"{label}: give a number of at least 0, with fewer decimals.", field)
    return int(value)
