"""Read a document of a final invoice for a download."""

import re

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import document_bytes
from agency_app.services.refusal import NotFound
from agency_app.store import invoices
from agency_app.store.engine import reading


def read_document(actor: Actor, invoice_id: str, kind: str) -> tuple[str, bytes]:
    """Return the document's file name, without its ending, and its bytes.

    Raises NotFound for an invoice that is not in the actor's workspace, Refused for a draft.
    """
    with reading() as session:
        invoice = invoices.invoice(session, actor.workspace_id, invoice_id)
        if invoice is None:
            raise NotFound("That invoice is not in this workspace.")
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", invoice.number or "draft")
    return name, document_bytes(actor, invoice_id, kind)
