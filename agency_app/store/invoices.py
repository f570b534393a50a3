"""Queries about invoices, their lines, their work, their documents and their number series."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import case, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from agency_app.tables import (
    Client,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceSeries,
    LineWork,
    TimeEntry,
)


def invoice(session: Session, workspace_id: str, invoice_id: str) -> Invoice | None:
    """Return one invoice or draft of the workspace."""
    query = select(Invoice).where(Invoice.workspace_id == workspace_id, Invoice.id == invoice_id)
    return session.exec(query).first()


def by_number(session: Session, workspace_id: str, number: str) -> Invoice | None:
    """Return the invoice or credit note with a number."""
    return session.exec(select(Invoice).where(Invoice.workspace_id == workspace_id, Invoice.number == number)).first()


def drafts_of_period(session: Session, workspace_id: str, client_id: str, first: date) -> list[Invoice]:
    """Return the drafts of a client's period that starts on a day: the open one first, then those that are void."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.period_start == first,
        Invoice.kind == "invoice",
        Invoice.status != "final",
    )
    return list(session.exec(query.order_by(col(Invoice.status), col(Invoice.id).desc())))


def final_invoice_on(session: Session, workspace_id: str, client_id: str, day: date) -> Invoice | None:
    """Return the newest final invoice in force whose period holds a day: that day is locked for the client."""
    query = in_force(workspace_id).where(
        Invoice.client_id == client_id, Invoice.period_start <= day, Invoice.period_end >= day
    )
    return session.exec(query.order_by(col(Invoice.finalised_at).desc())).first()


def latest_in_force(session: Session, workspace_id: str, client_id: str) -> Invoice | None:
    """Return the client's invoice of the latest period that no credit note has taken back whole."""
    query = (
        in_force(workspace_id).where(Invoice.client_id == client_id).order_by(col(Invoice.period_end).desc()).limit(1)
    )
    return session.exec(query).first()


_credit = aliased(Invoice)
_IN_FORCE = select(Invoice).where(
    Invoice.status == "final",
    Invoice.kind == "invoice",
    ~select(_credit.id)
    .where(_credit.corrects_id == Invoice.id, _credit.closing, _credit.status == "final")
    .correlate(Invoice)
    .exists(),
)
"""Made once: an alias costs more to make than the whole query to run."""


def in_force(workspace_id: str) -> SelectOfScalar[Invoice]:
    """Select the final invoices of a workspace of which something is left: those that no credit note closes."""
    return _IN_FORCE.where(Invoice.workspace_id == workspace_id)


def credit_notes(session: Session, workspace_id: str, invoice_ids: Sequence[str]) -> list[Invoice]:
    """Return the credit notes of some invoices, oldest first."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        col(Invoice.corrects_id).in_(invoice_ids),
        Invoice.status == "final",
    )
    return list(session.exec(query.order_by(col(Invoice.finalised_at), Invoice.id)))


def billed_seconds(session: Session, entry_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return (entry, kind of line, raw seconds) that final invoices bill of some entries, less what is credited."""
    found: list[tuple[str, str, int]] = []
    for begin in range(0, len(entry_ids), 500):
        signed = case((col(LineWork.credits_id).is_(None), LineWork.seconds), else_=-LineWork.seconds)
        query = (
            select(LineWork.entry_id, InvoiceLine.kind, func.sum(signed))
            .join(InvoiceLine, col(InvoiceLine.id) == LineWork.line_id)
            .where(col(LineWork.entry_id).in_(entry_ids[begin : begin + 500]))
            .group_by(LineWork.entry_id, InvoiceLine.kind)
        )
        found += [(entry_id, kind, int(seconds)) for entry_id, kind, seconds in session.exec(query).all()]
    return found


_credit_line = aliased(InvoiceLine)
_FEES = (
    select(InvoiceLine.period_key, InvoiceLine.description)
    .join(Invoice, col(Invoice.id) == InvoiceLine.invoice_id)
    .where(
        Invoice.status == "final",
        Invoice.kind == "invoice",
        InvoiceLine.kind == "fee",
        InvoiceLine.net_minor != 0,
        ~select(_credit_line.id).where(_credit_line.credits_id == InvoiceLine.id).correlate(InvoiceLine).exists(),
    )
)


def billed_fees(session: Session, workspace_id: str, client_id: str, first: date) -> list[tuple[str, str]]:
    """Return (retainer period, description) of the fees that final invoices charge a client and that are not credited.

    Lines of before the period was kept have no key: of those the ones of the period that starts on a day.
    """
    query = _FEES.where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        or_(col(InvoiceLine.period_key) != "", col(Invoice.period_start) == first),
    )
    return list(session.exec(query).all())


def invoices(session: Session, workspace_id: str, limit: int = 200) -> list[tuple[Invoice, Client]]:
    """Return invoices, credit notes and drafts with their clients: drafts first, then the newest, void ones last."""
    query = (
        select(Invoice, Client)
        .join(Client, col(Client.id) == Invoice.client_id)
        .where(Invoice.workspace_id == workspace_id)
        .order_by(
            case({"draft": 0, "final": 1}, value=Invoice.status, else_=2),
            col(Invoice.finalised_at).desc(),
            col(Invoice.number).desc(),
            Client.name,
        )
        .limit(limit)
    )
    return list(session.exec(query).all())


def final_invoices(session: Session, workspace_id: str, client_id: str) -> list[Invoice]:
    """Return a client's final invoices and credit notes, the newest first."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.status == "final",
    )
    return list(session.exec(query.order_by(col(Invoice.issue_date).desc(), col(Invoice.finalised_at).desc())))


def all_series(session: Session, workspace_id: str) -> list[InvoiceSeries]:
    """Return every number series, oldest year first."""
    query = select(InvoiceSeries).where(InvoiceSeries.workspace_id == workspace_id)
    return list(session.exec(query.order_by(col(InvoiceSeries.year))))


def invoices_of_series(session: Session, series_id: str) -> list[Invoice]:
    """Return the invoices of a series in the order of their numbers."""
    query = select(Invoice).where(Invoice.series_id == series_id).order_by(col(Invoice.sequence))
    return list(session.exec(query))


def lines(session: Session, invoice_id: str) -> list[InvoiceLine]:
    """Return the lines of a final invoice."""
    query = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id)
    return list(session.exec(query.order_by(col(InvoiceLine.position))))


def line_work(session: Session, invoice_id: str) -> list[LineWork]:
    """Return what ties the lines of an invoice to the entries."""
    return list(session.exec(select(LineWork).where(LineWork.invoice_id == invoice_id).order_by(LineWork.id)))


def last_document(session: Session, workspace_id: str) -> int:
    """Return the place of the newest document in the chain, 0 where there is none yet."""
    query = select(func.max(InvoiceDocument.sequence)).where(InvoiceDocument.workspace_id == workspace_id)
    return session.exec(query).one() or 0


def document(session: Session, workspace_id: str, invoice_id: str, kind: str) -> InvoiceDocument | None:
    """Return a stored document of an invoice."""
    query = select(InvoiceDocument).where(
        InvoiceDocument.workspace_id == workspace_id,
        InvoiceDocument.invoice_id == invoice_id,
        InvoiceDocument.kind == kind,
    )
    return session.exec(query).first()


def lock_entries(session: Session, invoice_id: str, entry_ids: list[str]) -> None:
    """Tie entries to the final invoice that bills them; triggers refuse every later change of theirs."""
    for begin in range(0, len(entry_ids), 500):
        chosen = col(TimeEntry.id).in_(entry_ids[begin : begin + 500])
        free = col(TimeEntry.invoice_id).is_(None)  # what another invoice still bills in part stays locked by that one
        session.execute(update(TimeEntry).where(chosen, free).values(invoice_id=invoice_id))


def release_entries(session: Session, entry_ids: Sequence[str]) -> list[str]:
    """Untie entries from invoices that bill none of them any more, or tie them to another that does; return those that
    no invoice bills now."""
    released: list[str] = []
    for entry in session.exec(select(TimeEntry).where(col(TimeEntry.id).in_(entry_ids))).all():
        billing = [invoice_id for invoice_id, seconds in _billed_by_invoice(session, entry.id).items() if seconds > 0]
        if entry.invoice_id is None or entry.invoice_id in billing:
            continue
        entry.invoice_id = min(billing, default=None)
        session.add(entry)
        if entry.invoice_id is None:
            released.append(entry.id)
    session.flush()
    return released


def _billed_by_invoice(session: Session, entry_id: str) -> dict[str, int]:
    """Return the raw seconds of an entry that each invoice bills, less what its credit notes released."""
    seconds: dict[str, int] = {}
    rows = session.exec(select(LineWork).where(LineWork.entry_id == entry_id)).all()
    by_id = {row.id: row for row in rows}
    for row in rows:
        billed = by_id[row.credits_id] if row.credits_id else row
        seconds[billed.invoice_id] = seconds.get(billed.invoice_id, 0) + (
            row.seconds if billed is row else -row.seconds
        )
    return seconds


def was_billed(session: Session, entry_id: str) -> bool:
    """Tell whether an invoice ever billed some of an entry, credited or not."""
    return session.exec(select(LineWork.id).where(LineWork.entry_id == entry_id)).first() is not None
