"""Draw a final invoice's documents from its snapshot alone, so that each can be drawn again to the same bytes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agency_app.documents.einvoice.check import Lack, customisation_of, einvoice_faults, einvoice_lacks
from agency_app.documents.einvoice.reading import einvoice_of
from agency_app.documents.einvoice.ubl import write_ubl
from agency_app.services.refusal import NotFound, Refused


class NotAnEInvoice(Refused):
    """The invoice lacks something that EN 16931 asks for; the message says what."""


def draw(kind: str, snapshot: Mapping[str, Any], rendered_at: datetime, logo: bytes | None = None) -> bytes:
    """Return a document of an invoice: "pdf", or "ubl", which promises as much as it can keep; or of a draft "preview",
    as finalising now would draw it. `logo` is the picture whose hash the snapshot names.

    Raises NotFound for another kind, NotAnEInvoice where the snapshot does not say enough for a UBL file.
    """
    if kind == "ubl":
        invoice = einvoice_of(snapshot)
        faults = einvoice_faults(invoice)
        if faults:
            raise NotAnEInvoice(" ".join(faults))
        return write_ubl(invoice, customisation_of(invoice))
    if kind not in ("pdf", "preview"):
        raise NotFound("There is no such document.")
    from agency_app.documents.invoice_pdf import render_invoice  # seconds to import, and most commands never draw

    return render_invoice(snapshot, rendered_at, preview=kind == "preview", logo=logo)


def missing_for_einvoice(snapshot: Mapping[str, Any]) -> list[Lack]:
    """Return what an invoice, or a draft that were finalised now, would lack as an e-invoice; see `einvoice_lacks`."""
    if not snapshot["lines"]:
        return []
    return einvoice_lacks(einvoice_of({**snapshot, "number": snapshot["number"] or "draft"}))
