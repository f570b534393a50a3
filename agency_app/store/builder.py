"""Queries about what people added to drafts and decided about the billing of entries."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from agency_app.tables import (
    DraftItem,
    DraftLine,
    DraftPlan,
    EntryDecision,
    Invoice,
    InvoiceLine,
    LineWork,
    TimeEntry,
)


def plan(session: Session, invoice_id: str) -> DraftPlan | None:
    """Return how a draft is laid out, None where nobody changed it."""
    return session.exec(select(DraftPlan).where(DraftPlan.invoice_id == invoice_id)).first()


def items(session: Session, invoice_id: str) -> list[DraftItem]:
    """Return what was added to a draft, in the order in which it was added."""
    query = select(DraftItem).where(DraftItem.invoice_id == invoice_id)
    return list(session.exec(query.order_by(col(DraftItem.created_at), DraftItem.id)))


def item(session: Session, workspace_id: str, item_id: str) -> DraftItem | None:
    """Return one added item of the workspace."""
    query = select(DraftItem).where(DraftItem.workspace_id == workspace_id, DraftItem.id == item_id)
    return session.exec(query).first()


def line_words(session: Session, invoice_id: str) -> list[DraftLine]:
    """Return the words that people gave the lines of a draft, of every grouping."""
    return list(session.exec(select(DraftLine).where(DraftLine.invoice_id == invoice_id)))


def line(session: Session, invoice_id: str, key: str) -> DraftLine | None:
    """Return the words of one line of a draft."""
    query = select(DraftLine).where(DraftLine.invoice_id == invoice_id, DraftLine.key == key)
    return session.exec(query).first()


def decision(session: Session, entry_id: str) -> EntryDecision | None:
    """Return what was decided about an entry."""
    return session.exec(select(EntryDecision).where(EntryDecision.entry_id == entry_id)).first()


@dataclass(frozen=True)
class DecidedEntry:
    """What was decided about an entry, with what it is worth: seconds, rate in 1/10000 an hour."""

    entry_id: str
    version: int
    less_seconds: int
    written_off_seconds: int
    reason: str
    bill_on: date | None
    retainer_id: str | None
    work_date: date
    seconds: int
    rate: int
    billable: bool

    @property
    def held_back(self) -> int:
        """The seconds that are not billed."""
        return self.less_seconds + self.written_off_seconds

    @property
    def counts_on(self) -> date:
        """The day whose period it draws on and whose invoice bills it."""
        return self.bill_on or self.work_date


_DECIDED = (
    EntryDecision.entry_id,
    EntryDecision.version,
    EntryDecision.less_seconds,
    EntryDecision.written_off_seconds,
    EntryDecision.reason,
    EntryDecision.bill_on,
    TimeEntry.retainer_id,
    TimeEntry.work_date,
    TimeEntry.seconds,
    TimeEntry.rate,
    TimeEntry.billable,
)


def decided_between(
    session: Session, workspace_id: str, client_id: str, first: date, last: date
) -> dict[str, DecidedEntry]:
    """Return by entry what was decided about a client's work that was done, or is billed, from first to last."""
    query = (
        select(*_DECIDED)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(TimeEntry, col(TimeEntry.id) == EntryDecision.entry_id)
        .where(
            col(EntryDecision.workspace_id) == workspace_id,
            col(TimeEntry.client_id) == client_id,
            or_(
                col(TimeEntry.work_date).between(first, last),
                col(EntryDecision.bill_on).between(first, last),
            ),
        )
        .order_by(col(TimeEntry.work_date), col(EntryDecision.entry_id))
    )
    found = (DecidedEntry(*row) for row in session.execute(query).all())  # pyright: ignore[reportArgumentType]
    return {one.entry_id: one for one in found}


@dataclass(frozen=True)
class BillingLine:
    """A line of an invoice that bills an entry: seconds raw and after rounding, amount in minor units."""

    invoice_id: str
    number: str
    position: int
    description: str
    seconds: int
    billed_seconds: int
    amount_minor: int
    currency: str


def lines_billing(session: Session, workspace_id: str, entry_id: str) -> list[BillingLine]:
    """Return the lines of final invoices that bill an entry, by number and position."""
    query = (
        select(  # pyright: ignore[reportCallIssue]
            Invoice.id,
            Invoice.number,
            InvoiceLine.position,
            InvoiceLine.description,
            LineWork.seconds,
            LineWork.billed_seconds,
            LineWork.amount_minor,
            Invoice.currency,
        )
        .join(InvoiceLine, col(InvoiceLine.id) == LineWork.line_id)
        .join(Invoice, col(Invoice.id) == LineWork.invoice_id)
        .where(LineWork.workspace_id == workspace_id, LineWork.entry_id == entry_id)
        .order_by(col(Invoice.number), col(InvoiceLine.position))
    )
    return [BillingLine(*row) for row in session.execute(query).all()]  # pyright: ignore[reportArgumentType]
