"""Add, change and remove what a draft says besides its work: items, expenses, media spend, discounts, prepayments."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agency_app.domain.additions import LINE_KINDS
from agency_app.domain.kept_days import kept_day
from agency_app.domain.money import exponent
from agency_app.domain.vat import CATEGORIES
from agency_app.services.actor import Actor, acting
from agency_app.services.draft_edits import ITEM, MAY_BUILD, Edited, keep, open_invoice, refuse_stale
from agency_app.services.refusal import FieldsRefused, NotFound, Refused
from agency_app.services.typed_amount import typed_amount, typed_percent
from agency_app.services.typed_text import typed_line
from agency_app.store import builder, clients
from agency_app.tables import Client, DraftItem

KINDS = {
    "fixed": "Fixed item",
    "expense": "Expense",
    "media": "Media spend",
    "discount": "Discount",
    "surcharge": "Surcharge",
    "prepayment": "Prepayment",
}
MOST_ITEMS = 200
LARGEST_MINOR = 10**14


def save_item(actor: Actor, invoice_id: str, item_id: str, version: int, typed: Mapping[str, str]) -> Edited:
    """Add an item to a draft (an empty id), or save the one that a form opened at a version holds.

    `typed` holds kind, description, quantity, price, markup, amount, percent, line_key, vat_category, vat_rate,
    vat_reason and happened_on as they were typed; what a kind does not have is ignored. Raises NotAllowed by role,
    Locked for a final invoice, Stale when somebody saved since, FieldsRefused with what to do in each field. Nothing
    changes then.
    """
    with acting(actor, *MAY_BUILD) as session:
        invoice = open_invoice(session, actor, invoice_id)
        client = clients.client(session, actor.workspace_id, invoice.client_id)
        assert client is not None
        row = builder.item(session, actor.workspace_id, item_id) if item_id else None
        if item_id:
            refuse_stale(session, actor, ITEM, row, version, item_id)
        elif len(builder.items(session, invoice_id)) >= MOST_ITEMS:
            raise Refused(f"A draft holds at most {MOST_ITEMS} added items.", "kind")
        before = row.model_copy() if row is not None else None
        columns = _columns(client, typed)
        if row is None:
            row = DraftItem(workspace_id=actor.workspace_id, invoice_id=invoice_id, **columns)
        else:
            if row.invoice_id != invoice_id:
                raise NotFound("That item is on another invoice.")
            for name, value in columns.items():
                setattr(row, name, value)
        return keep(session, actor, ITEM, before, row)


def remove_item(actor: Actor, item_id: str, version: int) -> Edited:
    """Take an item off its draft. Raises as `save_item` does, and NotFound for an item that is gone."""
    with acting(actor, *MAY_BUILD) as session:
        row = builder.item(session, actor.workspace_id, item_id)
        if row is None:
            raise NotFound("That item is gone: somebody removed it.")
        open_invoice(session, actor, row.invoice_id)
        refuse_stale(session, actor, ITEM, row, version)
        return keep(session, actor, ITEM, row.model_copy(), None)


def _columns(client: Client, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of an item from what was typed, each field read by itself so that all faults are named."""
    kind = typed.get("kind", "")
    if kind not in KINDS:
        raise Refused("Choose what to add.", "kind")
    values: dict[str, Any] = {
        "kind": kind,
        "quantity": 10_000,
        "price": 0,
        "markup": 0,
        "amount_minor": 0,
        "percent": None,
        "line_key": "",
        "vat_category": "",
        "vat_rate": 0,
        "vat_reason": "",
    }
    errors: dict[str, str] = {}

    def read(name: str, reading: Any) -> None:
        try:
            values[name] = reading()
        except Refused as refused:
            errors[refused.field or name] = refused.message

    read(
        "description",
        lambda: typed_line(typed.get("description", ""), "description", "Say what it is, as the client will read it."),
    )
    read("happened_on", lambda: _day(typed.get("happened_on", "")))
    if kind in LINE_KINDS:
        read("quantity", lambda: _some(typed.get("quantity") or "1", "quantity", "The quantity"))
        read("price", lambda: _some(typed.get("price", ""), "price", "The price"))
        if kind != "fixed":
            read("markup", lambda: typed_percent(typed.get("markup", ""), "markup", "The markup"))
    elif kind == "prepayment":
        read("amount_minor", lambda: _minor(typed.get("amount", ""), client.currency))
    else:
        values["line_key"] = typed.get("line_key", "")[:500]
        if typed.get("percent", "").strip():
            read("percent", lambda: _percent(typed["percent"]))
        else:
            read("amount_minor", lambda: _minor(typed.get("amount", ""), client.currency))
    if kind != "prepayment" and not values["line_key"] and typed.get("vat_category"):
        read("vat_category", lambda: _category(typed["vat_category"]))
        read("vat_rate", lambda: _rate(values["vat_category"], typed.get("vat_rate", ""), client))
        read("vat_reason", lambda: typed_line(typed.get("vat_reason", ""), "vat_reason"))
    if errors:
        raise FieldsRefused(errors)
    if values["quantity"] * values["price"] * (10_000 + values["markup"]) // 10**10 > LARGEST_MINOR:
        raise FieldsRefused({"price": "This is more than an invoice can say."})
    return values


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return kept_day(typed.strip())
    except ValueError:
        raise Refused("Give the day as 2026-11-30, or leave it empty.", "happened_on") from None


def _some(typed: str, field: str, what: str) -> int:
    value = typed_amount(typed, field, what)
    if not value:
        raise Refused(f"{what} is more than zero.", field)
    return value


def _minor(typed: str, currency: str) -> int:
    """Return a typed amount in minor units of a currency, no more precise than it has them."""
    unit = 10 ** (4 - exponent(currency))
    value = _some(typed, "amount", "The amount")
    if value % unit:
        raise Refused(f"{currency} has {exponent(currency)} decimals: round the amount to them.", "amount")
    return value // unit


def _percent(typed: str) -> int:
    basis_points = typed_percent(typed, "percent", "The percentage")
    if not 0 < basis_points <= 100_000:
        raise Refused("The percentage is more than 0.", "percent")
    return basis_points


def _category(typed: str) -> str:
    if typed not in CATEGORIES:
        raise Refused(f"Choose one of: {', '.join(CATEGORIES)}.", "vat_category")
    return typed


def _rate(category: str, typed: str, client: Client) -> int:
    if category not in CATEGORIES or not CATEGORIES[category].taxed:
        return 0
    rate = typed_percent(typed, "vat_rate", "The VAT rate") if typed.strip() else client.vat_rate
    if not 0 < rate <= 10_000:
        raise Refused("Where VAT is charged it has a rate, such as 21. Choose zero rated for 0 %.", "vat_rate")
    return rate
