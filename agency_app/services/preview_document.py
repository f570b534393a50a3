"""The PDF of a draft as finalising now would draw it: the same snapshot, the same drawing, without a number."""

from agency_app.services.actor import Actor
from agency_app.services.draw_apart import drawn_apart
from agency_app.services.finalise_invoice import document_bytes, logo_of_snapshot
from agency_app.services.read_invoice import read_invoice
from agency_app.store.engine import reading
from agency_app.tables.base import now


def preview_document(actor: Actor, invoice_id: str, marked: bool = False) -> bytes:
    """Return the PDF of an invoice: of a final one the stored document, of a draft what it would be.

    A draft's has the word for a draft where the number will stand, and carries no e-invoice, which needs the number;
    nothing else differs from what finalising makes of it on the same day. When `marked` it says on every page that it
    is a draft and asks for nothing, for whoever looks at the file alone. Raises NotFound for an unknown invoice,
    DrawingFailed where it cannot be drawn.
    """
    read = read_invoice(actor, invoice_id)
    if read.snapshot["number"] is not None:
        return document_bytes(actor, invoice_id, "pdf")
    with reading() as session:
        logo = logo_of_snapshot(session, actor.workspace_id, read.snapshot)
    return drawn_apart("pdf" if marked else "preview", read.snapshot, now(), logo)
