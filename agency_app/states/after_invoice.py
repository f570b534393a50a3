"""What follows an invoice: the credit notes over it, the way back from them, and drafts that are put aside."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TypedDict

import reflex as rx
from dateutil.relativedelta import relativedelta

from agency_app.documents import wording
from agency_app.domain.kept_days import kept_day
from agency_app.services.actor import Actor
from agency_app.services.credit_invoice import credited_minor
from agency_app.services.draft_edits import MAY_BUILD
from agency_app.services.duplicate_invoice import duplicate_invoice
from agency_app.services.finalise_invoice import MAY_FINALISE
from agency_app.services.read_invoice import InvoiceRead, read_invoice
from agency_app.services.refusal import Refused
from agency_app.services.set_draft_aside import restore_draft, void_draft
from agency_app.states.builder import Builder
from agency_app.states.guard import actor_of
from agency_app.states.pulse import OnScreen, bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.views import Choice
from agency_app.tables import Invoice

MONTHS_OFFERED = 4


class NoteRow(TypedDict):
    """A credit note over the invoice."""

    href: str
    number: str
    issued: str
    amount: str


class AfterView(TypedDict):
    """What the page of an invoice says besides its paper. `kind` is invoice or credit_note, `status` draft, void or
    final; addresses are empty where there is no such thing."""

    kind: str
    status: str
    notes: list[NoteRow]
    credited: str
    left: str
    corrects: str
    corrects_href: str
    credit_href: str
    pro_forma: str
    may: bool
    months: list[Choice]


@shown_on("/invoices/*")
class AfterInvoice(OnScreen, rx.State):
    """State of that part of `/invoices/[invoice_id]`."""

    error: str = ""

    @rx.var
    async def view(self) -> AfterView:
        """What follows the invoice in the address."""
        actor, invoice_id = await self._reader(), self._invoice_id()
        if actor is None or not invoice_id:
            return _nothing()
        try:
            return _view(await shared_reading(read_invoice, actor, invoice_id), actor)
        except Refused:
            return _nothing()

    @rx.event
    async def void(self):
        """Put the draft aside."""
        await self._put(void_draft)

    @rx.event
    async def restore(self):
        """Make the void draft live again."""
        await self._put(restore_draft)

    @rx.event
    async def duplicate(self, month: str):
        """Copy what was added to this invoice to the draft of another month, and go there."""
        actor, invoice_id = await actor_of(self), self._invoice_id()
        if actor is None or not invoice_id:
            return None
        self.error = ""
        try:
            made = await asyncio.to_thread(duplicate_invoice, actor, invoice_id, _month_chosen(str(month)))
        except Refused as refused:
            self.error = refused.message
            return None
        builder = await self.get_state(Builder)
        items = "1 item is" if made.items == 1 else f"{made.items} items are"
        said = f"{items} copied to {made.first_day:%B %Y}. Time and prepayments are not: check the amounts."
        builder.toast = {"text": said, "undo_id": "", "bad": False, "serial": builder.toast["serial"] + 1}
        await bump(self, actor.workspace_id)
        return rx.redirect(f"/invoices/{made.invoice_id}")

    async def _put(self, verb: Callable[[Actor, str], None]) -> None:
        actor, invoice_id = await actor_of(self), self._invoice_id()
        if actor is None or not invoice_id:
            return
        self.error = ""
        try:
            await asyncio.to_thread(verb, actor, invoice_id)
        except Refused as refused:
            self.error = refused.message
            return
        await bump(self, actor.workspace_id)

    def _invoice_id(self) -> str:
        _, _, invoice_id = self.router.url.path.partition("/invoices/")
        return "" if "/" in invoice_id.rstrip("/") else invoice_id.rstrip("/")


def _view(read: InvoiceRead, actor: Actor) -> AfterView:
    invoice, may = read.invoice, actor.role in MAY_FINALISE
    currency, left = invoice.currency, (invoice.total_minor or 0) - read.credited_minor
    gone = any(note.closing for note in read.credit_notes)
    creditable = may and invoice.status == "final" and invoice.kind == "invoice" and not gone
    return {
        "kind": invoice.kind,
        "status": invoice.status,
        "notes": [
            {
                "href": f"/invoices/{note.id}",
                "number": note.number or "",
                "issued": wording.short_date(note.issue_date) if note.issue_date else "",
                "amount": wording.money(credited_minor(note), currency),
            }
            for note in read.credit_notes
        ],
        "credited": "Credited in full" if gone else f"{wording.money(read.credited_minor, currency)} credited",
        "left": wording.money(left, currency),
        "corrects": read.corrects.number or "" if read.corrects else "",
        "corrects_href": f"/invoices/{read.corrects.id}" if read.corrects else "",
        "credit_href": f"/invoices/{invoice.id}/credit" if creditable else "",
        "pro_forma": f"/invoices/{invoice.id}/pro-forma"
        if invoice.status == "draft" and read.snapshot["lines"]
        else "",
        "may": may,
        "months": _months(invoice) if actor.role in MAY_BUILD and invoice.kind == "invoice" else [],
    }


def _month_chosen(day: str) -> date:
    try:
        return kept_day(day)
    except ValueError:
        raise Refused("Choose the month to copy to.") from None


def _months(invoice: Invoice) -> list[Choice]:
    """Return the months an invoice can be duplicated into: the next ones, and its own where it is final."""
    first = 0 if invoice.status == "final" else 1
    starts = [invoice.period_start + relativedelta(months=number) for number in range(first, first + MONTHS_OFFERED)]
    return [{"id": start.isoformat(), "name": f"{start:%B %Y}"} for start in starts]


def _nothing() -> AfterView:
    return {
        "kind": "invoice",
        "status": "",
        "notes": [],
        "credited": "",
        "left": "",
        "corrects": "",
        "corrects_href": "",
        "credit_href": "",
        "pro_forma": "",
        "may": False,
        "months": [],
    }
