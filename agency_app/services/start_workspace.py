"""The first visit: create the workspace, its owner, and what a media agency needs to log its first touch of work."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import text
from sqlmodel import Session

from agency_app.documents.einvoice.places import country_of
from agency_app.domain.money import MoneyError, exponent
from agency_app.domain.vat_rates import standard_rate
from agency_app.services.actor import Actor, actor_of, record
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.sign_in import LONGEST_PASSWORD, hash_password
from agency_app.services.typed_identity import typed_country, typed_email, typed_iban, typed_vat_id
from agency_app.services.typed_text import typed_address, typed_line
from agency_app.store import people
from agency_app.store.engine import reading, transaction
from agency_app.tables import Activity, Member, TaskTemplate, Workspace

SHORTEST_PASSWORD = 10

ACTIVITIES = (
    "Optimisation",
    "Campaign build",
    "Creative",
    "Audience testing",
    "Strategy call",
    "Reporting",
    "Admin",
)
TEMPLATES = (
    ("Daily optimisation", "Optimisation", "Meta", 30),
    ("Weekly report", "Reporting", "Report", 60),
    ("Strategy call", "Strategy call", "Call", 45),
    ("Creative swap", "Creative", "Meta", 60),
)
"""Name, activity, platform, minutes."""


@dataclass(frozen=True)
class StartWorkspace:
    """What the first visitor says about the agency and about themselves."""

    agency_name: str
    owner_name: str
    email: str
    password: str
    currency: str = "EUR"
    zone: str = "Europe/Amsterdam"
    address: str = ""
    """Street, postcode and city, a line each; needed before the first invoice."""
    country: str = ""
    vat_id: str = ""
    iban: str = ""
    vat_rate: int | None = None
    """Basis points; None for the standard rate of the country, as far as one is named."""


def workspace_exists() -> bool:
    """Tell whether the first visit is over."""
    with reading() as session:
        return people.any_workspace(session) is not None


def start_workspace(command: StartWorkspace) -> Actor:
    """Create the workspace with its owner, activities and task templates, and return the owner as an actor.

    Raises FieldsRefused naming every field to mend, or Refused when there is a workspace already. Nothing is saved then;
    of two first visitors at the same moment one is refused.
    """
    workspace, owner = _read(command)
    if workspace_exists():
        raise _exists()
    owner.password_hash = hash_password(command.password)
    with transaction() as session:
        _keep_others_out(session)
        if people.any_workspace(session) is not None:
            raise _exists()
        session.add(workspace)
        session.flush()
        session.add(owner)
        session.flush()
        _add_ways_of_work(session, workspace.id)
        actor = actor_of(owner)
        record(session, actor, "start_workspace", workspace.id)
    return actor


def _exists() -> Refused:
    return Refused("This agency is set up already. Sign in instead.")


def _read(command: StartWorkspace) -> tuple[Workspace, Member]:
    """Return the workspace and its owner, still without a password. Raises FieldsRefused in the order of the form."""
    errors: dict[str, str] = {}

    def read(typed: Callable[[], str]) -> str:
        try:
            return typed()
        except Refused as refused:
            errors[refused.field] = refused.message
            return ""

    name = read(lambda: typed_line(command.agency_name, "agency_name", "Give the agency its name."))
    currency, zone = read(lambda: _currency(command.currency)), read(lambda: _zone(command.zone))
    address = read(lambda: typed_address(command.address, command.country))
    country = "" if address else read(lambda: typed_country(command.country, "country"))
    vat_id = read(lambda: typed_vat_id(command.vat_id, "vat_id"))
    workspace = Workspace(
        name=name,
        legal_name=name,
        address=address,
        country=country,
        vat_id=vat_id,
        iban=read(lambda: typed_iban(command.iban, "iban")),
        currency=currency,
        zone=zone,
        vat_rate=standard_rate(country or country_of(address.splitlines()) or vat_id[:2])
        if command.vat_rate is None
        else command.vat_rate,
    )
    owner = Member(
        workspace_id=workspace.id,
        name=read(lambda: typed_line(command.owner_name, "owner_name", "Say who you are.")),
        email=read(lambda: _email(command.email)),
        role="owner",
        zone=zone,
    )
    workspace.email = owner.email
    read(lambda: _password(command.password))
    if not 0 <= (command.vat_rate or 0) <= 10_000:
        errors["vat_rate"] = "VAT is between 0 and 100 %."
    if errors:
        raise FieldsRefused(errors)
    return workspace, owner


def _currency(typed: str) -> str:
    currency = typed.strip().upper()
    try:
        exponent(currency)
    except MoneyError as error:
        raise Refused(str(error), "currency") from None
    return currency


def _zone(typed: str) -> str:
    zone = typed.strip()
    if zone not in available_timezones():
        raise Refused(f"“{zone[:60]}” is not a time zone, such as Europe/Paris.", "zone")
    return zone


def _email(typed: str) -> str:
    email = typed_email(typed, "email")
    if not email:
        raise Refused("Write an e-mail address, such as mara@agency.example.", "email")
    return email


def _password(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Choose a password of at least {SHORTEST_PASSWORD} characters.", "password")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"Choose a password of at most {LONGEST_PASSWORD} characters.", "password")
    return password


def _keep_others_out(session: Session) -> None:
    """Let one transaction at a time ask whether there is a workspace; SQLite's write transactions do so by nature."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE workspace IN SHARE ROW EXCLUSIVE MODE"))


def _add_ways_of_work(session: Session, workspace_id: str) -> None:
    activities = {
        name: Activity(workspace_id=workspace_id, name=name, position=position)
        for position, name in enumerate(ACTIVITIES)
    }
    session.add_all(activities.values())
    session.flush()
    session.add_all(
        TaskTemplate(
            workspace_id=workspace_id,
            name=name,
            activity_id=activities[activity].id,
            platform=platform,
            default_seconds=minutes * 60,
            position=position,
        )
        for position, (name, activity, platform, minutes) in enumerate(TEMPLATES)
    )
