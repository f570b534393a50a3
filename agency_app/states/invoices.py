"""The invoice list, and the builder: a live draft or a final invoice, every line open to the work behind it."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx

from agency_app.documents import wording
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.documents.payment_box import grouped
from agency_app.documents.translation import words_in
from agency_app.documents.work_log import rounding_words
from agency_app.domain.vat import CATEGORIES
from agency_app.services.actor import revision_of
from agency_app.services.before_finalising import before_finalising
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.read_entry import entry_choices
from agency_app.services.read_invoice import InvoiceListed, InvoiceRead, list_invoices, read_invoice
from agency_app.services.refusal import NotReady, Refused
from agency_app.states.checks import Check, checks_of
from agency_app.states.focus_view import trimmed_quantity
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import SignedIn
from agency_app.states.pulse import OnScreen, bump, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import number_of
from agency_app.states.views import Fact


class Standing(TypedDict):
    """Where a document of the list stands: a word (Draft, Void, Due, Past due, Credited, Credit note), for an invoice the
    same with its due date, the class of its chip, and what of it is credited."""

    state: str
    until: str
    tone: str
    credited: str


class ListedRow(Standing):
    """A row of the list of invoices."""

    href: str
    pdf: str
    number: str
    client: str
    colour: str
    period: str
    issued: str
    due: str
    total: str
    final: bool
    kind: str
    about: str
    """Below the number: the invoice that a credit note corrects."""
    open: str


class PaperLine(TypedDict):
    """A line on the paper."""

    key: str
    position: str
    description: str
    detail: str
    quantity: str
    price: str
    amount: str
    entries: int


PAST_DUE = "Past due"


class Paper(TypedDict):
    """Everything on the builder's paper and beside it."""

    found: bool
    final: bool
    title: str
    number: str
    seller: list[str]
    seller_name: str
    buyer: list[str]
    buyer_name: str
    issued: str
    due: str
    kind: str
    note: str
    period: str
    reference: str
    lines: list[PaperLine]
    sums: list[Fact]
    subtotal: str
    vat: list[Fact]
    total: str
    paid: list[Fact]
    due_total: str
    order: str
    notes: list[str]
    retainers: list[Fact]
    iban: str
    bic: str
    footer: str
    ubl: str
    pdf: str


@shown_on("/invoices", "/invoices/*")
class Invoices(OnScreen, SignedIn, rx.State):
    """State of `/invoices` and `/invoices/[invoice_id]`."""

    selected: int = 1
    error: str = ""
    reasons: list[Check] = []
    notes: list[Check] = []
    notice: str = ""
    busy: bool = False

    @rx.var
    async def listed(self) -> list[ListedRow]:
        """The drafts and invoices; nothing while another page is on screen, which must not pay for this one."""
        actor = await self._reader("/invoices")
        if actor is None:
            return []
        rows = await shared_reading(list_invoices, actor)
        today = datetime.now(ZoneInfo(actor.zone)).date()
        return [
            {
                "href": f"/invoices/{row.invoice_id}",
                "pdf": f"/invoices/{row.invoice_id}/pdf" if row.number else "",
                "number": row.number or row.status.capitalize(),
                "client": row.client.name,
                "colour": f"c{row.client.colour}",
                "period": f"{row.first_day:%B %Y}",
                "issued": wording.short_date(row.issue_date) if row.issue_date else "–",
                "due": wording.short_date(row.due_date) if row.due_date else "–",
                "total": wording.money(
                    -row.total_minor if row.kind == "credit_note" else row.total_minor, row.currency
                ),
                "final": bool(row.number),
                "kind": row.kind,
                "about": f"Credit note for {row.corrects}" if row.corrects else "",
                **standing_of(row, today),
                "open": "–" if row.open_minor is None else wording.money(row.open_minor, row.currency),
            }
            for row in rows
        ]

    @rx.var
    async def past_due(self) -> bool:
        """Whether the due date of any invoice in the list has passed."""
        return any(row["state"] == PAST_DUE for row in await self.listed)  # pyright: ignore[reportGeneralTypeIssues]

    @rx.var
    async def paper(self) -> Paper:
        """The invoice in the address."""
        read = await self._read()
        return _paper(read) if read else _no_paper()

    @rx.event
    async def load_list(self):
        """Make sure every billed client has its draft of this month in the list."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        choices, today = await asyncio.to_thread(entry_choices, actor), datetime.now(ZoneInfo(actor.zone)).date()
        before = await asyncio.to_thread(revision_of, actor.workspace_id)
        for client in choices.clients:
            if not client.internal:
                await asyncio.to_thread(open_draft, actor, client.id, today)
        if await asyncio.to_thread(revision_of, actor.workspace_id) != before:
            await bump(self, actor.workspace_id)  # a draft was made: the list that was read meanwhile lacks it
        return None

    @rx.event
    async def load(self):
        """Open the invoice in the address at its first line."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        self.selected, self.error, self.reasons, self.notice = 1, "", [], ""
        read = await self._read() if self.router.url.query_parameters.get("finalise") == "1" else None
        return await self.ask() if read is not None and read.invoice.status == "draft" else None

    @rx.event
    async def select(self, position: str):
        """Show the work behind a line."""
        self.selected = max(number_of(str(position)), 1)

    @rx.event
    async def step(self, by: int):
        """Go to the next or the previous line."""
        read = await self._read()
        count = len(read.snapshot["lines"]) if read else 0
        if count and isinstance(by, int):
            self.selected = min(max(self.selected + by, 1), count)

    @rx.event
    async def ask(self):
        """Open the one question that is asked."""
        actor = await actor_of(self)
        read = await self._read()
        if actor is None or read is None:
            return to_sign_in()
        known = await asyncio.to_thread(before_finalising, actor, read.client.id, read.invoice.period_start)
        back = _finalising_address(read)
        self.error = ""
        self.reasons, self.notes = (checks_of(faults, read.client.id, back) for faults in (known.stops, known.notes))
        return rx.call_script("window.agency.open('finalise-dialog')")

    @rx.event
    async def finalise(self):
        """Finalise the draft as it is on screen, and download its PDF."""
        actor = await actor_of(self)
        read = await self._read()
        if actor is None or read is None:
            return
        self.busy, self.reasons = True, []
        yield
        try:
            done = await asyncio.to_thread(
                finalise_invoice,
                actor,
                read.client.id,
                read.invoice.period_start,
                read.version,
            )
        except NotReady as refused:
            self.reasons = checks_of(refused.reasons, read.client.id, _finalising_address(read))
            self.error, self.busy = "", False
            return
        except Refused as refused:
            self.error, self.busy = refused.message, False
            return
        self.busy, self.error, self.notice = (
            False,
            "",
            f"{done.number} is final. Its PDF is downloading.",
        )
        await bump(self, actor.workspace_id)
        yield rx.call_script(
            f"window.agency.close('finalise-dialog'); window.agency.download('/invoices/{done.invoice_id}/pdf')"
        )

    async def _read(self) -> InvoiceRead | None:
        actor = await self._reader()
        _, _, invoice_id = self.router.url.path.partition("/invoices/")
        if actor is None or not invoice_id:
            return None
        try:
            return await shared_reading(read_invoice, actor, invoice_id)
        except Refused:
            return None


def _finalising_address(read: InvoiceRead) -> str:
    """Return the address that asks at once whether the draft becomes final."""
    return f"/invoices/{read.invoice.id}?finalise=1"


def standing_of(row: InvoiceListed, today: date) -> Standing:
    """Return where a document stands on a day. Payments are not kept: a due date that has passed is all that is known."""
    if row.open_minor is None:
        said = "Credit note" if row.kind == "credit_note" else row.status.capitalize()
        return {"state": said, "until": "", "tone": "chip chip-line", "credited": ""}
    if row.open_minor == 0 and row.credited_minor:
        return {"state": "Credited", "until": "Credited", "tone": "chip chip-line", "credited": ""}
    late = row.due_date is not None and row.due_date < today
    state = PAST_DUE if late else "Due"
    return {
        "state": state,
        "until": f"{state} {wording.short_date(row.due_date)}" if row.due_date else state,
        "tone": "chip st-warn" if late else "chip st-ok",
        "credited": f"{wording.money(row.credited_minor, row.currency)} credited" if row.credited_minor else "",
    }


def _paper(read: InvoiceRead) -> Paper:
    snapshot = read.snapshot
    missing = read.missing_for_einvoice
    currency = snapshot["currency"]
    seller, buyer = snapshot["seller"], snapshot["buyer"]
    start, end = (date.fromisoformat(snapshot["period"][name]) for name in ("start", "end"))
    return {
        "found": True,
        "final": read.invoice.status == "final",
        "title": f"{read.client.name}, {wording.month_name(start)}",
        "number": snapshot["number"] or "",
        "seller": [
            *seller["address"],
            *([f"VAT {seller['vat_id']}"] if seller["vat_id"] else []),
        ],
        "seller_name": seller["name"],
        "buyer": [
            *([buyer["attention"]] if buyer["attention"] else []),
            *buyer["address"],
            *([f"VAT {buyer['vat_id']}"] if buyer["vat_id"] else []),
        ],
        "buyer_name": buyer["name"],
        "issued": wording.long_date(date.fromisoformat(snapshot["issue_date"])),
        "due": wording.long_date(date.fromisoformat(snapshot["due_date"])) if snapshot["due_date"] else "–",
        "kind": snapshot["kind"],
        "note": snapshot["note"],
        "period": wording.day_span(start, end),
        "reference": buyer["reference"] or "–",
        "lines": [
            {
                "key": line.get("key") or str(line["position"]),
                "position": str(line["position"]),
                "description": line["description"],
                "detail": _line_detail(line, currency, f"{start:%B %Y}"),
                "quantity": f"{wording.quantity(line['quantity'], least=2)} h"
                if line["unit"] == "h"
                else f"{trimmed_quantity(line['quantity'])}{' month' if line['unit'] == 'month' else ''}",
                "price": wording.rate(line["price"], currency),
                "amount": wording.money(line["net_minor"], currency),
                "entries": len(line["work"]),
            }
            for line in snapshot["lines"]
        ],
        "sums": _adjustment_sums(snapshot),
        "subtotal": wording.money(snapshot["subtotal_minor"], currency),
        "vat": [
            {
                "name": wording.vat_name(row["category"], row["rate"]),
                "value": wording.money(row["amount_minor"], currency),
            }
            for row in snapshot["vat"]
        ],
        "total": wording.money(snapshot["total_minor"], currency),
        "paid": [
            {"name": f"Paid before: {row['description']}", "value": wording.money(-row["amount_minor"], currency)}
            for row in snapshot.get("prepayments", [])
        ],
        "due_total": wording.money(stated_due_minor(snapshot), currency),
        "order": buyer.get("order") or "",
        "notes": _notes(snapshot),
        "retainers": [_retainer(row, currency) for row in snapshot["retainers"]],
        "iban": grouped(seller["iban"]),
        "bic": seller["bic"],
        "footer": seller["registration"],
        "ubl": f"/invoices/{read.invoice.id}/ubl" if read.invoice.status == "final" and not missing else "",
        "pdf": f"/invoices/{read.invoice.id}/pdf",
    }


def _line_detail(line: dict, currency: str, month: str) -> str:
    """Return what stands under a line: its discounts and surcharges, then how many entries it bills."""
    said = [f"{one['reason']} {_signed(one, currency)}" for one in line.get("adjustments", [])]
    return ". ".join([*said, *filter(None, [line["detail"] or (month if line["unit"] == "month" else "")])])


def _adjustment_sums(snapshot: dict) -> list[Fact]:
    """Return the sum of the lines and the document's discounts and surcharges, where there are any."""
    adjustments, currency = snapshot.get("adjustments", []), snapshot["currency"]
    if not adjustments:
        return []
    lines = sum(line["net_minor"] for line in snapshot["lines"])
    return [
        {"name": "Lines", "value": wording.money(lines, currency)},
        *({"name": _reason(one), "value": _signed(one, currency)} for one in adjustments),
    ]


def _reason(adjustment: dict) -> str:
    percent = adjustment.get("percent")
    rate = f" on VAT {wording.vat_percent(adjustment['vat_rate'])}" if "vat_rate" in adjustment else ""
    return f"{adjustment['reason']}{f' {wording.vat_percent(percent)}' if percent else ''}{rate}"


def _signed(adjustment: dict, currency: str) -> str:
    sign = 1 if adjustment["kind"] == "charge" else -1
    return wording.money(sign * adjustment["amount_minor"], currency)


def _notes(snapshot: dict) -> list[str]:
    """Return what is printed under the sums: why there is no VAT, the VAT in another currency, rounding, the note."""
    known = {group["category"]: CATEGORIES.get(group["category"]) for group in snapshot["vat"]}
    said = [group["reason"] or (one.reason if (one := known[group["category"]]) else "") for group in snapshot["vat"]]
    accounting = snapshot.get("accounting")
    if accounting:
        vat = wording.money(accounting["vat_minor"], accounting["currency"])
        said.append(f"VAT in {accounting['currency']}: {vat}")
    if snapshot["rounding"]["mode"] != "none":
        said.append(rounding_words(snapshot["rounding"], words_in("en")))
    said += snapshot["note"].splitlines() if snapshot["kind"] == "invoice" else []
    return list(dict.fromkeys(filter(None, said)))


def _no_paper() -> Paper:
    return {
        "found": False,
        "final": False,
        "title": "",
        "number": "",
        "seller": [],
        "seller_name": "",
        "buyer": [],
        "buyer_name": "",
        "issued": "",
        "due": "",
        "kind": "invoice",
        "note": "",
        "period": "",
        "reference": "",
        "lines": [],
        "sums": [],
        "subtotal": "",
        "vat": [],
        "total": "",
        "paid": [],
        "due_total": "",
        "order": "",
        "notes": [],
        "retainers": [],
        "iban": "",
        "bic": "",
        "footer": "",
        "ubl": "",
        "pdf": "",
    }


def _retainer(row: Mapping[str, Any], currency: str) -> Fact:
    """Return what an invoice says of a retainer: what was used, and where it came from and went."""

    def figure(value: int) -> str:
        return wording.retainer_amount(value, row.get("unit", ""), currency)

    rolled, remaining = row["rolled_in"], row["remaining"]
    rolled_words = f" {'+' if rolled >= 0 else '−'} {figure(abs(rolled))} rolled in" if rolled else ""
    left = f"{figure(remaining)} left. " if remaining > 0 else ""
    over = f"{figure(row['overage'])} overage." if row["overage"] else "No overage."
    return {
        "name": f"{figure(row['used']).removesuffix(' h')} of {figure(row['granted'] + rolled)} used",
        "value": f"{row['name']}. Granted {figure(row['granted'])}{rolled_words}. {left}{over}",
    }
