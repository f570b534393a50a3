"""`/clients` and `/clients/[client_id]`: who is billed and how, with what was agreed, where the work is, and invoices."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypedDict

import reflex as rx
from babel import Locale

from agency_app.documents import wording
from agency_app.documents.translation import LANGUAGES
from agency_app.services.actor import Actor
from agency_app.services.change_client import change_client
from agency_app.services.read_clients import ClientListed, ClientRead, list_clients, read_client
from agency_app.services.read_retainers import PeriodRead
from agency_app.services.refusal import Refused
from agency_app.services.row_form import Saved
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import SignedIn
from agency_app.states.pulse import OnScreen, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.retainer_words import amount, left_words
from agency_app.states.row_form import RowForm
from agency_app.states.status_classes import FILL_CLASS, STATUS_CLASS
from agency_app.states.views import Choice
from agency_app.tables import Campaign, Retainer
from agency_app.tables.client import NO_PLATFORM

VAT_CHOICES: list[Choice] = [
    {"id": "S", "name": "VAT is charged"},
    {"id": "AE", "name": "Reverse charge"},
    {"id": "E", "name": "Exempt"},
    {"id": "Z", "name": "Zero rated"},
    {"id": "G", "name": "Export outside the EU"},
    {"id": "O", "name": "Not subject to VAT"},
    {"id": "K", "name": "Intra-Community supply"},
]
LANGUAGE_CHOICES: list[Choice] = [
    {"id": "", "name": "As in the settings"},
    *({"id": language, "name": Locale.parse(language).get_display_name("en") or language} for language in LANGUAGES),
]
ROUNDING_CHOICES: list[Choice] = [
    {"id": "none", "name": "Not rounded"},
    {"id": "up", "name": "Always up"},
    {"id": "nearest", "name": "To the nearest"},
    {"id": "down", "name": "Always down"},
]
SCOPE_CHOICES: list[Choice] = [
    {"id": "line", "name": "The sum of each line"},
    {"id": "entry", "name": "Each entry"},
]


class ClientRow(TypedDict):
    """A row of the list."""

    href: str
    name: str
    colour: str
    billed_to: str
    retainers: str
    terms: str
    missing: str


class RetainerRow(TypedDict):
    """An agreement with what this month took of it; without figures when it does not run this month."""

    href: str
    name: str
    since: str
    used: str
    left: str
    share: str
    fill: str


class CampaignRow(TypedDict):
    """A campaign and where it is."""

    key: str
    platform: str
    name: str
    account: str


class InvoiceRow(TypedDict):
    """A final invoice."""

    href: str
    number: str
    period: str
    total: str


ANY_LEAD: Choice = {"id": "", "name": "Any lead or owner"}


class ClientView(TypedDict):
    """The page of a client besides the form's own inputs; `facts` are the fields in words, for those who only look."""

    ready: bool
    found: bool
    may_change: bool
    facts: dict[str, str]
    id: str
    name: str
    colour: str
    summary: str
    draft: str
    week: str
    month: str
    retainers: list[RetainerRow]
    campaigns: list[CampaignRow]
    archived_campaigns: list[CampaignRow]
    invoices: list[InvoiceRow]
    newer: bool
    back: str


@shown_on("/clients", "/clients/*")
class Clients(OnScreen, RowForm, SignedIn, rx.State):
    """State of the list and of a client's page."""

    @rx.var
    async def listed(self) -> list[ClientRow]:
        """The clients; nothing while another page is on screen, which must not pay for this one."""
        actor = await self._reader("/clients")
        if actor is None:
            return []
        return [_row(row) for row in await shared_reading(list_clients, actor)]

    @rx.var
    async def view(self) -> ClientView:
        """The client in the address as it is now, and whether the form on screen is older."""
        actor = await self._reader()
        client_id = self._client_in_address()
        if actor is None or not client_id:
            return _no_view(ready=actor is not None)
        try:
            read = await shared_reading(read_client, actor, client_id)
        except Refused:
            return _no_view(ready=True)
        newer = bool(self.form_version) and self.form_version != read.version
        return _view(read) | {"newer": newer, "back": self._back()}  # pyright: ignore[reportReturnType]

    @rx.var
    async def lead_choices(self) -> list[Choice]:
        """Who may answer for the client in the address."""
        actor = await self._reader()
        client_id = self._client_in_address()
        if actor is None or not client_id:
            return [ANY_LEAD]
        try:
            read = await shared_reading(read_client, actor, client_id)
        except Refused:
            return [ANY_LEAD]
        return [ANY_LEAD, *({"id": lead_id, "name": name} for lead_id, name in read.leads)]  # pyright: ignore[reportReturnType]

    @rx.var
    async def keep_as(self) -> str:
        """The name under which the tab keeps what this member typed here."""
        actor = await actor_of(self)
        return f"{actor.member_id}:client:{self._client_in_address()}" if actor else ""

    @rx.event
    async def load_list(self):
        """Follow the workspace."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        return None

    @rx.event
    async def load(self):
        """Fill the form with the client in the address; the field named there gets the focus."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        return await self._open("restore")

    def _saving(self, actor: Actor) -> Callable[[int, Mapping[str, str]], Saved]:
        client_id = self._client_in_address()
        return lambda version, typed: change_client(actor, client_id, version, typed)

    def _reading(self, actor: Actor) -> Callable[[], tuple[dict[str, str], int]]:
        client_id = self._client_in_address()

        def read() -> tuple[dict[str, str], int]:
            client = read_client(actor, client_id)
            return client.values, client.version if client.may_change else 0

        return read

    def _client_in_address(self) -> str:
        page, _, client_id = self.router.url.path.strip("/").partition("/")
        return client_id if page == "clients" else ""


def _row(row: ClientListed) -> ClientRow:
    client = row.client
    return {
        "href": f"/clients/{client.id}",
        "name": client.name,
        "colour": f"c{client.colour}",
        "billed_to": "The agency's own work" if client.internal else client.legal_name or client.name,
        "retainers": ", ".join(retainer.name for retainer in row.retainers) or "–",
        "terms": "–" if client.internal else f"{client.payment_terms_days} days",
        "missing": "" if client.address or client.internal else "No billing address",
    }


def _view(read: ClientRead) -> dict[str, Any]:
    client, month = read.client, read.month
    return {
        "ready": True,
        "found": True,
        "may_change": read.may_change,
        "facts": _facts(read),
        "id": client.id,
        "name": client.name,
        "colour": f"c{client.colour}",
        "summary": _summary(read),
        "draft": wording.money(month["total_minor"], month["currency"]),
        "week": f"/?week={read.today.isoformat()}&client={client.id}",
        "month": f"{read.today:%B}",
        "retainers": _retainers(read),
        "campaigns": [_campaign(one) for one in read.campaigns if not one.archived],
        "archived_campaigns": [_campaign(one) for one in read.campaigns if one.archived],
        "invoices": [
            {
                "href": f"/invoices/{one.id}",
                "number": one.number or "",
                "period": wording.period_name(one.period_start, one.period_end),
                "total": wording.money((one.total_minor or 0) * (-1 if one.kind == "credit_note" else 1), one.currency),
            }
            for one in read.invoices
        ],
    }


def _campaign(campaign: Campaign) -> CampaignRow:
    platform = "" if campaign.platform == NO_PLATFORM else campaign.platform
    return {"key": campaign.id, "platform": platform, "name": campaign.name, "account": campaign.account}


def _summary(read: ClientRead) -> str:
    """Return what is used of the retainers counted in hours, this period; money is told a retainer at a time."""
    if read.client.internal:
        return "The agency's own work: it is logged, never billed."
    hours = [one.periods[-1] for one in read.running if one.periods[-1].period.terms.basis != "budget"]
    used = sum(one.used for one in hours)
    available = sum(one.period.balance.available for one in hours)
    if available <= 0:
        return f"{wording.hours(used)} h of the running retainers used." if used else ""
    left = available - used
    rest = f"{wording.hours(-left)} h over" if left < 0 else f"{wording.hours(left)} h left"
    return f"{wording.hours(used)} of {wording.hours(available)} h of the running retainers used, {rest}."


def _retainers(read: ClientRead) -> list[RetainerRow]:
    running = {one.retainer.id: one.periods[-1] for one in read.running}
    return [_retainer(one, running.get(one.id), read.client.currency) for one in read.retainers]


def _retainer(retainer: Retainer, one: PeriodRead | None, currency: str) -> RetainerRow:
    row: RetainerRow = {
        "href": f"/retainers/{retainer.id}",
        "name": retainer.name,
        "since": _since(retainer.starts_on, retainer.ends_on),
        "used": "",
        "left": "",
        "share": "0%",
        "fill": "f-ok",
    }
    if one is None:
        return row
    terms, available = one.period.terms, one.period.balance.available
    used = amount(one.used, terms, currency)
    row["used"] = (
        f"{used.removesuffix(' h')} of {amount(available, terms, currency)} used" if available else f"{used} used"
    )
    if available > 0:
        row["left"] = left_words(one, currency)
        row["share"] = f"{min(100, one.used * 100 // available)}%"
        row["fill"] = FILL_CLASS[STATUS_CLASS[one.pace.status]]
    return row


def _since(starts_on: date, ends_on: date | None) -> str:
    until = f" until {wording.long_date(ends_on)}" if ends_on else ""
    return f"since {wording.long_date(starts_on)}{until}"


def _facts(read: ClientRead) -> dict[str, str]:
    """Return the fields in words."""
    values = read.values
    words = {
        choice["id"]: choice["name"] for choice in (*VAT_CHOICES, *LANGUAGE_CHOICES, *ROUNDING_CHOICES, *SCOPE_CHOICES)
    }
    step = values["rounding_step_seconds"]
    return {
        **values,
        "payment_terms_days": f"{values['payment_terms_days']} days",
        "vat_category": words[values["vat_category"]],
        "vat_rate": f"{values['vat_rate']} %",
        "language": words[values["language"]],
        "rounding_mode": words[values["rounding_mode"]],
        "rounding_step_seconds": f"{step} minutes" if step else "",
        "rounding_scope": words[values["rounding_scope"]],
        "lead_id": dict(read.leads).get(values["lead_id"], ANY_LEAD["name"]),
    }


def _no_view(ready: bool) -> ClientView:
    return {
        "ready": ready,
        "found": False,
        "may_change": False,
        "facts": {},
        "id": "",
        "name": "",
        "colour": "c1",
        "summary": "",
        "draft": "",
        "week": "/",
        "month": "",
        "retainers": [],
        "campaigns": [],
        "archived_campaigns": [],
        "invoices": [],
        "newer": False,
        "back": "",
    }
