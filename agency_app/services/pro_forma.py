"""A pro forma of a draft: what it would say now, marked on every page. It has no number and is never stored."""

from agency_app.domain.vat import is_untold
from agency_app.services.actor import Actor
from agency_app.services.draw_apart import drawn_apart
from agency_app.services.finalise_invoice import logo_of_snapshot
from agency_app.services.read_invoice import read_invoice
from agency_app.services.refusal import Refused
from agency_app.store.engine import reading
from agency_app.tables.base import now


def pro_forma(actor: Actor, invoice_id: str) -> tuple[str, bytes]:
    """Return the name of a file and the PDF of a draft as a pro forma.

    Raises NotFound for an unknown invoice, Refused for a final one, which has its own PDF, for an empty or void draft,
    and for one whose VAT rate nobody has said yet.
    """
    read = read_invoice(actor, invoice_id)
    if read.invoice.status != "draft":
        raise Refused(f"{read.invoice.number or 'This draft'} is {read.invoice.status}: only a draft has a pro forma.")
    if not read.snapshot["lines"]:
        raise Refused("The draft has no line yet.")
    if any(is_untold(line["vat_category"], line["vat_rate"]) for line in read.snapshot["lines"]):
        raise Refused(f"{read.client.name} has no VAT rate yet: add it to the client, then the pro forma can say it.")
    name = f"Pro forma {read.client.name} {read.invoice.period_start:%Y-%m}"
    with reading() as session:
        logo = logo_of_snapshot(session, actor.workspace_id, read.snapshot)
    return name, drawn_apart("pdf", {**read.snapshot, "pro_forma": True}, now(), logo)
