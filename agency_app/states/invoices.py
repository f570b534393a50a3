"""The invoice list, and the builder: a live draft or a final invoice, every line open to the work behind it."""

import asyncio
from datetime import date
from typing import TypedDict

import reflex as rx

from agency_app.documents import wording
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.domain.durations import hours_minutes
from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.finalise_notes import finalise_notes
from agency_app.services.read_entry import entry_choices
from agency_app.services.read_invoice import InvoiceListed, InvoiceRead, list_invoices, read_invoice
from agency_app.services.refusal import NotReady, Refused
from agency_app.states.checks import Check, checks_of
from agency_app.states.focus_view import trimmed_quantity
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.pulse import Pulse, bump, join
from agency_app.states.readings import shared_reading
from agency_app.states.views import Choice, Fact


class ListedRow(TypedDict):
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
    state: str
    """In a word where it stands: Draft, Void, Open, or what of it is credited."""
    tone: str
    """The class of that chip."""
    open: str


class PaperLine(TypedDict):
    """A line on the paper."""

    position: str
    description: str
    detail: str
    quantity: str
    price: str
    amount: str
    entries: int


class WorkRow(TypedDict):
    """An entry under a line."""

    id: str
    date: str
    task: str
    member: str
    platform: str
    time: str
    billed: str
    amount: str
    href: str


class Paper(TypedDict):
    """Everything on the builder's paper and beside it."""

    id: str
    found: bool
    final: bool
    title: str
    number: str
    client_id: str
    colour: str
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
    subtotal: str
    vat: list[Fact]
    total: str
    retainers: list[Fact]
    iban: str
    bic: str
    footer: str
    checks: list[Check]
    einvoice: list[str]
    ubl: str
    entries: str
    logged: str
    pdf: str


class Invoices(rx.State):
    """State of `/invoices` and `/invoices/[invoice_id]`."""

    selected: int = 1
    error: str = ""
    reasons: list[Check] = []
    notes: list[str] = []
    notice: str = ""
    busy: bool = False

    @rx.var
    async def listed(self) -> list[ListedRow]:
        """The drafts and invoices; nothing while another page is on screen, which must not pay for this one."""
        actor = await self._actor_at_pulse()
        if actor is None or self.router.url.path.rstrip("/") != "/invoices":
            return []
        rows = await shared_reading(list_invoices, actor)
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
                "state": _standing(row)[0],
                "tone": _standing(row)[1],
                "open": "–" if row.open_minor is None else wording.money(row.open_minor, row.currency),
            }
            for row in rows
        ]

    @rx.var
    async def paper(self) -> Paper:
        """The invoice in the address."""
        read = await self._read()
        return _paper(read) if read else _no_paper()

    @rx.var
    async def work(self) -> list[WorkRow]:
        """The entries under the selected line."""
        read = await self._read()
        if read is None:
            return []
        chosen = next(
            (line for line in read.snapshot["lines"] if line["position"] == self.selected),
            None,
        )
        return [_work_row(read, row) for row in chosen["work"]] if chosen else []

    @rx.var
    async def me(self) -> Choice:
        """The signed-in member: initials and name."""
        actor = await actor_of(self)
        return {"id": actor.initials, "name": actor.name} if actor else {"id": "", "name": ""}

    @rx.event
    async def load_list(self):
        """Make sure every billed client has its draft of this month in the list."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        choices = await asyncio.to_thread(entry_choices, actor)
        for client in choices.clients:
            if not client.internal:
                await asyncio.to_thread(open_draft, actor, client.id, date.today())
        await join(self, actor.workspace_id)
        return None

    @rx.event
    async def load(self):
        """Open the invoice in the address at its first line."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        self.selected, self.error, self.reasons, self.notice = 1, "", [], ""
        return None

    @rx.event
    async def select(self, position: str):
        """Show the work behind a line."""
        self.selected = int(position) if str(position).isdigit() else 1

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
        self.error, self.reasons = "", []
        self.notes = await asyncio.to_thread(finalise_notes, actor, read.client.id, read.invoice.period_start)
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
            self.reasons = checks_of(refused.reasons, read.client.id, f"/invoices/{read.invoice.id}")
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

    async def _actor_at_pulse(self) -> Actor | None:
        pulse = await self.get_state(Pulse)
        _ = pulse.revision
        return await actor_of(self)

    async def _read(self) -> InvoiceRead | None:
        actor = await self._actor_at_pulse()
        _, _, invoice_id = self.router.url.path.partition("/invoices/")
        if actor is None or not invoice_id:
            return None
        try:
            return await shared_reading(read_invoice, actor, invoice_id)
        except Refused:
            return None


def _standing(row: InvoiceListed) -> tuple[str, str]:
    """Return where a document of the list stands, as a word and the class of its chip."""
    if row.open_minor is None:
        return ("Credit note" if row.kind == "credit_note" else row.status.capitalize()), "chip chip-line"
    if not row.credited_minor:
        return "Final", "chip st-ok"
    if row.open_minor == 0:
        return "Credited", "chip chip-line"
    return f"{wording.money(row.credited_minor, row.currency)} credited", "chip st-warn"


def _paper(read: InvoiceRead) -> Paper:
    snapshot = read.snapshot
    missing = read.missing_for_einvoice
    currency = snapshot["currency"]
    seller, buyer = snapshot["seller"], snapshot["buyer"]
    start, end = (date.fromisoformat(snapshot["period"][name]) for name in ("start", "end"))
    work = [row for line in snapshot["lines"] for row in line["work"]]
    entries = len({row["entry_id"] for row in work})
    return {
        "id": read.invoice.id,
        "found": True,
        "final": read.invoice.status == "final",
        "title": f"{read.client.name}, {start:%B}",
        "number": snapshot["number"] or "",
        "client_id": read.client.id,
        "colour": f"c{read.client.colour}",
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
                "position": str(line["position"]),
                "description": line["description"],
                "detail": line["detail"] or (f"{start:%B %Y}" if line["unit"] == "month" else ""),
                "quantity": f"{wording.quantity(line['quantity'])} h"
                if line["unit"] == "h"
                else f"{trimmed_quantity(line['quantity'])} month",
                "price": wording.rate(line["price"], currency),
                "amount": wording.money(line["net_minor"], currency),
                "entries": len(line["work"]),
            }
            for line in snapshot["lines"]
        ],
        "subtotal": wording.money(snapshot["subtotal_minor"], currency),
        "vat": [
            {
                "name": f"VAT {wording.vat_percent(row['rate'])}",
                "value": wording.money(row["amount_minor"], currency),
            }
            for row in snapshot["vat"]
        ],
        "total": wording.money(stated_due_minor(snapshot), currency),
        "retainers": [
            {
                "name": f"{wording.hours(row['used'])} of {wording.hours(row['granted'] + row['rolled_in'])} h used",
                "value": f"{row['name']}. Granted {wording.hours(row['granted'])} h + "
                f"{wording.hours(row['rolled_in'])} h rolled in. "
                + (f"{wording.hours(row['overage'])} h overage." if row["overage"] else "No overage."),
            }
            for row in snapshot["retainers"]
        ],
        "iban": seller["iban"],
        "bic": seller["bic"],
        "footer": seller["registration"],
        "checks": checks_of(read.faults, read.client.id, f"/invoices/{read.invoice.id}"),
        "einvoice": missing if read.invoice.status == "draft" else [],
        "ubl": f"/invoices/{read.invoice.id}/ubl" if read.invoice.status == "final" and not missing else "",
        "entries": "1 entry" if entries == 1 else f"{entries} entries",
        "logged": f"{hours_minutes(sum(row['seconds'] for row in work))} h",
        "pdf": f"/invoices/{read.invoice.id}/pdf",
    }


def _no_paper() -> Paper:
    return {
        "id": "",
        "found": False,
        "final": False,
        "title": "",
        "number": "",
        "client_id": "",
        "colour": "c1",
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
        "subtotal": "",
        "vat": [],
        "total": "",
        "retainers": [],
        "iban": "",
        "bic": "",
        "footer": "",
        "checks": [],
        "einvoice": [],
        "ubl": "",
        "entries": "",
        "logged": "",
        "pdf": "",
    }


def _work_row(read: InvoiceRead, row: dict) -> WorkRow:
    day = date.fromisoformat(row["date"])
    currency = read.snapshot["currency"]
    return {
        "id": row["entry_id"],
        "date": f"{day:%a} {wording.short_date(day)}",
        "task": row["task"],
        "member": row["member"],
        "platform": row["platform"] or "–",
        "time": hours_minutes(row["seconds"]),
        "billed": hours_minutes(row["billed_seconds"]),
        "amount": wording.money(row["amount_minor"], currency),
        "href": f"/?week={day.isoformat()}&client={read.client.id}&entry={row['entry_id']}",
    }
