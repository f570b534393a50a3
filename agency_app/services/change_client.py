"""Change who is billed and how: a client's legal data, terms, VAT and rounding."""

import re
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from agency_app.documents.translation import LANGUAGES
from agency_app.domain.money import exponent
from agency_app.services.actor import Actor, acting
from agency_app.services.change_workspace import typed_currency
from agency_app.services.refusal import FieldsRefused, NotFound, Refused
from agency_app.services.row_form import (
    FormField,
    Saved,
    choice_field,
    days_field,
    line_field,
    percent_field,
    read_form,
    refuse_outdated,
    save_form,
)
from agency_app.services.start_client import MAY_START_CLIENTS
from agency_app.services.typed_identity import typed_country, typed_email, typed_scheme, typed_vat_id
from agency_app.services.typed_text import typed_address
from agency_app.store import clients, imports, people
from agency_app.tables import Client, Member

MAY_CHANGE_CLIENTS = MAY_START_CLIENTS
VERB = "change_client"
VAT_CATEGORIES = ("S", "AE", "E", "Z", "G", "O", "K")
ROUNDING_MODES = ("none", "up", "down", "nearest")
ROUNDING_SCOPES = ("line", "entry")

_STEP = re.compile(r"(\d{1,3})(?::([0-5]\d))?", re.ASCII)


def change_client(actor: Actor, client_id: str, version: int, typed: Mapping[str, str]) -> Saved:
    """Save the client that a form opened at a version holds; fields that are not in it stay as they are.

    The client's drafts say it at once, its final invoices keep what they said. Raises NotAllowed by role, NotFound for
    an unknown client, Outdated when somebody saved since that version, FieldsRefused with what to do in each field.
    Nothing changes then.
    """
    with acting(actor, *MAY_CHANGE_CLIENTS) as session:
        client = clients.client(session, actor.workspace_id, client_id)
        if client is None:
            raise NotFound("That client is not in this workspace.", "client")
        session.refresh(client, with_for_update={"key_share": True})
        refuse_outdated(session, VERB, client, actor.workspace_id, version, FIELDS)
        values = read_form(FIELDS, client, typed)
        _make_whole(values)
        _refuse_what_does_not_fit(session, client, values)
        return save_form(session, actor, VERB, client, FIELDS, values)


def _make_whole(values: dict[str, Any]) -> None:
    """Fill in what follows from the rest: a short name, and no rate where no VAT is charged."""
    values["short_name"] = values["short_name"] or values["name"]
    if values["vat_category"] != "S":
        values["vat_rate"] = 0


def _refuse_what_does_not_fit(session: Session, client: Client, values: Mapping[str, Any]) -> None:
    errors: dict[str, str] = {}
    for other in imports.every_client(session, client.workspace_id):
        if other.id != client.id and other.name.casefold() == values["name"].casefold():
            errors["name"] = f"There is a client called {other.name} already. Choose another name."
    if values["vat_category"] == "S" and not values["vat_rate"]:
        errors["vat_rate"] = "Where VAT is charged it has a rate, such as 21. Choose zero rated for 0 %."
    if values["vat_category"] in ("AE", "K") and not values["vat_id"]:
        errors["vat_id"] = "Without VAT on the invoice the client accounts for it: add the client's VAT number."
    if values["rounding_mode"] != "none" and not values["rounding_step_seconds"]:
        errors["rounding_step_seconds"] = "Say to how many minutes the time is rounded, such as 15."
    if values["electronic_scheme"] and not values["electronic_address"]:
        errors["electronic_address"] = "Add the electronic address of this kind, or leave the kind empty."
    if values["lead_id"] and values["lead_id"] not in {lead.id for lead in leads(session, client.workspace_id)}:
        errors["lead_id"] = "Choose a lead or an owner of this agency."
    if values["currency"] != client.currency:
        errors |= _currency_errors(session, client, values["currency"])
    if errors:
        raise FieldsRefused(errors)


def leads(session: Session, workspace_id: str) -> list[Member]:
    """Return the members who may answer for a client, by name."""
    return [one for one in people.members(session, workspace_id) if one.active and one.role in ("owner", "lead")]


def _currency_errors(session: Session, client: Client, currency: str) -> dict[str, str]:
    """Rates and fees are bare figures in the client's currency: it may change only while nothing counts on them."""
    if clients.has_entries(session, client.workspace_id, client.id):
        return {"currency": f"{client.name} has time logged in {client.currency}: its currency cannot change any more."}
    fees = any(retainer.fee_minor for retainer in clients.retainers(session, client.workspace_id, client.id))
    if fees and exponent(currency) != exponent(client.currency):
        return {"currency": f"{client.name} has a fee agreed in {client.currency}, which {currency} cannot hold."}
    return {}


def _step_text(seconds: int) -> str:
    return "" if not seconds else str(seconds // 60) if seconds % 60 == 0 else f"{seconds // 60}:{seconds % 60:02d}"


def typed_step(typed: str) -> int:
    """Return a rounding step typed in minutes as seconds, 0 for none. Raises Refused naming the field."""
    step = typed.strip().lower().removesuffix("minutes").removesuffix("min").strip()
    if not step:
        return 0
    found = _STEP.fullmatch(step)
    if found is None or int(found.group(1)) > 480:
        raise Refused("A number of minutes, such as 6 or 15.", "rounding_step_seconds")
    return int(found.group(1)) * 60 + int(found.group(2) or 0)


FIELDS: tuple[FormField, ...] = (
    line_field("name", "Client", "Give the client a name."),
    line_field("short_name", "Short name"),
    line_field("legal_name", "Legal name"),
    line_field("attention", "Attention"),
    FormField("address", "Billing address", typed_address),
    FormField("country", "Country", lambda typed: typed_country(typed, "country")),
    FormField("email", "E-mail", lambda typed: typed_email(typed, "email")),
    FormField("vat_id", "VAT number", lambda typed: typed_vat_id(typed, "vat_id")),
    line_field("reference", "Reference"),
    line_field("purchase_order", "Order number"),
    FormField(
        "electronic_scheme", "Kind of electronic address", lambda typed: typed_scheme(typed, "electronic_scheme")
    ),
    line_field("electronic_address", "Electronic address"),
    choice_field("language", "Language of invoices", ("", *LANGUAGES)),
    days_field("payment_terms_days", "Payment terms"),
    FormField("currency", "Currency", typed_currency),
    choice_field("vat_category", "VAT", VAT_CATEGORIES),
    percent_field("vat_rate", "VAT rate"),
    line_field("vat_reason", "Why there is no VAT"),
    choice_field("rounding_mode", "Rounding", ROUNDING_MODES),
    FormField("rounding_step_seconds", "Rounded to", typed_step, _step_text),
    choice_field("rounding_scope", "What is rounded", ROUNDING_SCOPES),
    FormField("lead_id", "Lead", lambda typed: typed[:64] or None, lambda lead_id: lead_id or ""),
)
"""The client's data, in the order of the form."""
