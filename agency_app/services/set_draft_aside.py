"""Put a draft aside: a void draft keeps its address, is not finalised, and its month gets no other draft until it is
restored. The work of the month stays as it is."""

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.finalise_invoice import MAY_FINALISE
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.store import invoices
from agency_app.tables import Invoice


def void_draft(actor: Actor, invoice_id: str) -> None:
    """Make a draft void. Raises NotAllowed by role, NotFound, and Locked for what is final: that is credited instead."""
    with acting(actor, *MAY_FINALISE) as session:
        draft = _draft(session, actor, invoice_id)
        if draft.status == "void":
            raise Refused("This draft is void already.")
        _put(session, actor, draft, "void")


def restore_draft(actor: Actor, invoice_id: str) -> None:
    """Make a void draft live again. Raises NotAllowed by role, NotFound, Locked for what is final, and Refused when its
    month has another open draft."""
    with acting(actor, *MAY_FINALISE) as session:
        draft = _draft(session, actor, invoice_id)
        if draft.status == "draft":
            raise Refused("This draft is not void.")
        known = invoices.drafts_of_period(session, actor.workspace_id, draft.client_id, draft.period_start)
        if known[0].status == "draft":
            raise Refused(f"There is another draft of {draft.period_start:%B %Y}: make that one void first.")
        _put(session, actor, draft, "draft")


def _draft(session: Session, actor: Actor, invoice_id: str) -> Invoice:
    draft = invoices.invoice(session, actor.workspace_id, invoice_id)
    if draft is None:
        raise NotFound("That invoice is not in this workspace.")
    if draft.status == "final":
        raise Locked(f"{draft.number} is final. Credit it instead.")
    return draft


def _put(session: Session, actor: Actor, draft: Invoice, status: str) -> None:
    before, draft.status = draft.status, status
    session.add(draft)
    record(session, actor, "void_draft" if status == "void" else "restore_draft", draft.id, before=before)
