"""What keeps a draft from being final, each with the address of the field that mends it."""

from collections.abc import Iterable
from typing import TypedDict
from urllib.parse import quote

from agency_app.services.refusal import Fault


class Check(TypedDict):
    """A reason; `href` is empty where no field mends it."""

    text: str
    href: str


def checks_of(faults: Iterable[Fault], client_id: str, back: str) -> list[Check]:
    """Return the reasons with their addresses; `back` is where the person goes on once a field is filled in."""
    return [{"text": fault.message, "href": _address(fault, client_id, back)} for fault in faults]


def _address(fault: Fault, client_id: str, back: str) -> str:
    if not fault.field:
        return ""
    page = f"/clients/{client_id}" if fault.of_client else "/settings"
    return f"{page}?back={quote(back, safe='/')}#{fault.field}"
