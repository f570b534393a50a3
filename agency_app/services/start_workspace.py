"""The first visit: create the workspace, its owner, and the words of the trade to start with."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agency_app.domain.money import MoneyError, exponent
from agency_app.services.refusal import Refused
from agency_app.services.sign_in import hash_password, open_session
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
    ("Daily optimisation", "Optimisation", "", 1800),
    ("Weekly report", "Reporting", "Report", 3600),
    ("Strategy call", "Strategy call", "Call", 2700),
    ("Creative swap", "Creative", "", 3600),
)
"""Name, activity, platform, seconds."""


@dataclass(frozen=True)
class StartWorkspace:
    """The agency and its first member."""

    agency_name: str
    owner_name: str
    email: str
    password: str
    address: str = ""
    vat_id: str = ""
    iban: str = ""
    currency: str = "EUR"
    zone: str = "Europe/Amsterdam"


def workspace_exists() -> bool:
    """Tell whether this installation has its workspace already."""
    with reading() as session:
        return people.any_workspace(session) is not None


def start_workspace(command: StartWorkspace) -> str:
    """Create the workspace and its owner, and return a session token for the owner.

    Raises Refused naming the field, or when there is a workspace already; nothing is created then.
    """
    _check(command)
    password_hash = hash_password(command.password)
    with transaction() as session:
        if people.any_workspace(session) is not None:
            raise Refused("This installation has its workspace already. Sign in.")
        workspace = Workspace(
            name=command.agency_name.strip(),
            legal_name=command.agency_name.strip(),
            address=command.address.strip(),
            vat_id=command.vat_id.strip(),
            iban=command.iban.replace(" ", ""),
            currency=command.currency.upper(),
            zone=command.zone,
            email=command.email.strip(),
        )
        session.add(workspace)
        session.flush()
        owner = Member(
            workspace_id=workspace.id,
            email=command.email.strip().lower(),
            name=command.owner_name.strip(),
            role="owner",
            password_hash=password_hash,
            zone=command.zone,
        )
        activities = {
            name: Activity(workspace_id=workspace.id, name=name, position=position)
            for position, name in enumerate(ACTIVITIES)
        }
        session.add_all([owner, *activities.values()])
        session.flush()
        session.add_all(
            TaskTemplate(
                workspace_id=workspace.id,
                name=name,
                activity_id=activities[activity].id,
                platform=platform,
                default_seconds=seconds,
                position=position,
            )
            for position, (name, activity, platform, seconds) in enumerate(TEMPLATES)
        )
        return open_session(session, owner.id)


def _check(command: StartWorkspace) -> None:
    if not command.agency_name.strip():
        raise Refused("Give the agency a name.", "agency_name")
    if not command.owner_name.strip():
        raise Refused("Give your name.", "owner_name")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", command.email.strip()):
        raise Refused("Give an e-mail address to sign in with.", "email")
    if len(command.password) < SHORTEST_PASSWORD:
        raise Refused(f"Choose a password of at least {SHORTEST_PASSWORD} characters.", "password")
    if len(command.password) > 512:
        raise Refused("Choose a password of at most 512 characters.", "password")
    try:
        exponent(command.currency.upper())
    except MoneyError as error:
        raise Refused(str(error), "currency") from error
    try:
        ZoneInfo(command.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(f"{command.zone} is not a time zone; for example Europe/Amsterdam.", "zone") from error
