"""What keeps a draft from being final, each with the address of the field that mends it."""

from collections.abc import Iterable
from typing import TypedDict
from urllib.parse import quote

from agency_app.services.refusal import Fault


class Check(TypedDict):
    """A reason, and the link to where it is mended; both of the link's parts are empty where nothing mends it."""

    text: str
    href: str
    link: str


def checks_of(faults: Iterable[Fault], client_id: str, back: str) -> list[Check]:
    """Return the reasons with their links; `back` is where the person goes on once a field is filled in."""
    checks: list[Check] = []
    for fault in faults:
        href, link = _way(fault, client_id, back)
        checks.append({"text": fault.message, "href": href, "link": link})
    return checks


def fix_words(fix: str) -> str:
    """Return what a button says that opens something of the builder (see `Fault.fix`)."""
    return {"head": "Change it", "items": "See what was added"}.get(fix, "Open it") if fix else ""


def _way(fault: Fault, client_id: str, back: str) -> tuple[str, str]:
    if fault.weeks:
        return "/approvals", "See the weeks"
    if fault.log:
        return f"/?week={fault.day}&client={client_id}", "Log work"
    if fault.fix and fault.draft_id:
        return f"/invoices/{fault.draft_id}?open={fault.fix}", fix_words(fault.fix)
    if fault.retainer_id:
        return f"/retainers/{fault.retainer_id}" + (f"?day={fault.day.isoformat()}" if fault.day else ""), "Decide"
    if not fault.field:
        return "", ""
    page = f"/clients/{client_id}" if fault.of_client else "/settings"
    return f"{page}?back={quote(back, safe='/')}#{fault.field}", "Fill it in"
