"""What the preview on an invoice's page shows: lines or the PDF, as the address says, and which PDF."""

from typing import TypedDict

import reflex as rx

from agency_app.services.read_invoice import read_invoice
from agency_app.services.refusal import Refused
from agency_app.states.pulse import OnScreen, shown_on
from agency_app.states.readings import shared_reading


class PreviewView(TypedDict):
    """Whether the PDF is shown, its address (another one with each change of what it says), and where the two views
    and the marked file are."""

    shown: bool
    draft: bool
    source: str
    lines: str
    pdf: str
    file: str


@shown_on("/invoices/*")
class DocumentPreview(OnScreen, rx.State):
    """State of the preview on `/invoices/[invoice_id]`."""

    @rx.var
    async def view(self) -> PreviewView:
        """The preview of the invoice in the address; empty while another page is on screen."""
        actor = await self._reader()
        _, _, invoice_id = self.router.url.path.partition("/invoices/")
        nothing: PreviewView = {"shown": False, "draft": True, "source": "", "lines": "", "pdf": "", "file": ""}
        if actor is None or not invoice_id:
            return nothing
        try:
            read = await shared_reading(read_invoice, actor, invoice_id)
        except Refused:
            return nothing
        address, final = f"/invoices/{read.invoice.id}", read.invoice.status == "final"
        says = read.invoice.sha256 if final else f"{read.version}-{read.snapshot['issue_date']}"
        return {
            "shown": self.router.url.query_parameters.get("view") == "pdf",
            "draft": not final,
            "source": f"{address}/preview?v={says}",
            "lines": address,
            "pdf": f"{address}?view=pdf",
            "file": f"{address}/preview" if final else f"{address}/preview?marked=1",
        }
