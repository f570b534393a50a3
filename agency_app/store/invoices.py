"""Queries about invoices, their lines, their work, their documents and their number series."""

from datetime import date

from sqlmodel import Session, col, select, update

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


def invoice_of_period(session: Session, workspace_id: str, client_id: str, first: date) -> Invoice | None:
    """Return the invoice or draft of a client's period that starts on a day."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.period_start == first,
    )
    return session.exec(query).first()


def final_invoice_on(session: Session, workspace_id: str, client_id: str, day: date) -> Invoice | None:
    """Return the final invoice whose period holds a day: that day is locked for the client."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.status == "final",
        Invoice.period_start <= day,
        Invoice.period_end >= day,
    )
    return session.exec(query).first()


def final_periods(session: Session, workspace_id: str, client_id: str) -> list[tuple[date, date, str]]:
    """Return (first day, last day, number) of a client's final invoices."""
    query = select(col(Invoice.period_start), col(Invoice.period_end), col(Invoice.number)).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.status == "final",
    )
    return [(first, last, str(number)) for first, last, number in session.exec(query).all()]


def invoices(session: Session, workspace_id: str, limit: int = 200) -> list[tuple[Invoice, Client]]:
    """Return invoices and drafts with their clients: drafts first, then the newest numbers."""
    query = (
        select(Invoice, Client)
        .join(Client, col(Client.id) == Invoice.client_id)
        .where(Invoice.workspace_id == workspace_id)
        .order_by(col(Invoice.status), col(Invoice.number).desc(), Client.name)
        .limit(limit)
    )
    return list(session.exec(query).all())


def final_invoices(session: Session, workspace_id: str, client_id: str) -> list[Invoice]:
    """Return a client's final invoices, the newest first."""
    query = select(Invoice).where(
        Invoice.workspace_id == workspace_id,
        Invoice.client_id == client_id,
        Invoice.status == "final",
    )
    return list(session.exec(query.order_by(col(Invoice.issue_date).desc(), col(Invoice.number).desc())))


def series_for_update(session: Session, workspace_id: str, kind: str, year: int) -> InvoiceSeries | None:
    """Return the counter row of a series and keep others from it until the transaction ends."""
    query = select(InvoiceSeries).where(
        InvoiceSeries.workspace_id == workspace_id,
        InvoiceSeries.kind == kind,
        InvoiceSeries.year == year,
    )
    return session.exec(query.with_for_update()).first()


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
        session.execute(update(TimeEntry).where(chosen).values(invoice_id=invoice_id))
