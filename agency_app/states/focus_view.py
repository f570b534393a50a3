"""Turn a live draft into the focused client's burn-down and draft card. Pure: values in, small values out."""

from datetime import date

from agency_app.documents import wording
from agency_app.domain.invoice import Line
from agency_app.domain.money import exponent
from agency_app.services.read_draft import LiveDraft
from agency_app.services.read_retainers import RetainerRead
from agency_app.states.burn_down import no_curve
from agency_app.states.focus_balance import put_balance
from agency_app.states.views import DraftLine, Focus


def focus_view(live: LiveDraft, held: list[RetainerRead], day: date, today: date, number: str) -> Focus:
    """Return the card of a client: the month's draft, and the periods of its retainers that hold the day.

    `number` is that of the month's final invoice, or empty while it is a draft. The oldest retainer is drawn, the
    others are told in a line each.
    """
    view = no_focus()
    view.update(
        client_id=live.client.id,
        client=live.client.name,
        colour=f"c{live.client.colour}",
        month=wording.month_seen_from(live.first_day, today),
        has_client=True,
        version=live.version,
        day=day.isoformat(),
        final=bool(number),
        number=number,
    )
    _put_draft(view, live, number)
    if held:
        put_balance(view, held, today, number)
    return view


def no_focus() -> Focus:
    """Return the card before any client exists, or when signed out."""
    return {
        "client_id": "",
        "client": "",
        "colour": "c1",
        "month": "",
        "has_client": False,
        "has_retainer": False,
        "retainer": "",
        "href": "/retainers",
        "used": "",
        "available": "",
        "left": "",
        "status": "",
        "status_class": "",
        "fill_class": "f-ok",
        "forecast": "",
        "facts": [],
        "curve": no_curve(),
        "lines": [],
        "subtotal": "",
        "net": {"of": "", "minor": 0, "prefix": "", "decimals": 2},
        "vat": [],
        "total": "",
        "version": "",
        "day": "",
        "hint": "",
        "final": False,
        "number": "",
    }


def _put_draft(view: Focus, live: LiveDraft, number: str) -> None:
    currency = live.draft.currency
    totals = live.draft.totals
    view["lines"] = [_draft_line(line, currency, live.first_day) for line in live.draft.lines]
    view["subtotal"] = wording.money(totals.subtotal_minor, currency)
    view["net"] = {
        "of": "" if number else f"{live.client.id} {live.first_day}",
        "minor": totals.subtotal_minor,
        "prefix": wording.currency_prefix(currency),
        "decimals": exponent(currency),
    }
    view["vat"] = [
        {
            "name": wording.vat_name(group.category, group.rate),
            "value": wording.money(group.amount_minor, currency),
        }
        for group in totals.vat
    ]
    view["total"] = wording.money(totals.total_minor, currency)
    count = len(live.entries)
    entries = "1 entry" if count == 1 else f"{count} entries"
    if number:
        view["hint"] = f"{entries}, invoiced on {number}."
    elif not live.draft.lines:
        view["hint"] = f"No billable time in {view['month']} yet. The first entry starts the invoice."
    else:
        counted = entries if count else "No entry yet"
        view["hint"] = f"{counted}. Gets its number when you finalise. Nothing is sent until you choose to."


def _draft_line(line: Line, currency: str, month: date) -> DraftLine:
    price = wording.rate(line.price, currency)
    quantity = f"{month:%B}" if line.unit == "month" else f"{trimmed_quantity(line.quantity)} h × {price}"
    return {
        "description": line.description,
        "quantity": quantity,
        "amount": wording.money(line.net_minor, currency),
        "faint": line.net_minor == 0,
    }


def trimmed_quantity(quantity_e4: int) -> str:
    """Return a quantity without the zeros after its decimals: 11.7500 as 11.75, all four digits where they matter."""
    return wording.quantity(quantity_e4).rstrip("0").rstrip(".")
