"""What closes a day or a week for changes besides invoices and closed periods: the lock date, and an approval."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from agency_app.services.refusal import Locked
from agency_app.store import approvals, people, retainers
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Member, TimeEntry


def refuse_before_lock_date(session: Session, workspace_id: str, day: date) -> None:
    """Raise Locked when the workspace's lock date covers the day."""
    locked_until = people.workspace(session, workspace_id).locked_until
    if locked_until is not None and day <= locked_until:
        raise Locked(
            f"The books are closed up to {locked_until:%d %b %Y}. "
            "Log the work on a later day, or let the owner or finance move the lock date in the settings.",
            "start",
        )


def refuse_approved_week(session: Session, entry: TimeEntry) -> None:
    """Raise Locked when an entry is, or would be, part of a week that a lead approved."""
    given = approvals.approved_on(session, entry.member_id, entry.client_id, entry.work_date)
    if given is None:
        return
    lead = session.get(Member, given.decided_by or "")
    client = session.get(Client, entry.client_id)
    raise Locked(
        f"The week of {given.monday:%d %b} for {client.name if client else 'this client'} is approved"
        f"{f' by {lead.name}' if lead else ''}. Let a lead reopen it, or log the work in another week.",
        "start",
    )


def lock_notes(session: Session, workspace_id: str, rows: Iterable[EntryRow]) -> dict[str, str]:
    """Return why entries cannot change, in a few words, by the id of each that cannot."""
    rows = list(rows)
    if not rows:
        return {}
    locked_until = people.workspace(session, workspace_id).locked_until
    days = [row.work_date for row in rows]
    given = approvals.approved(session, workspace_id, min(days), max(days))
    closed = retainers.closed_periods(session, workspace_id)
    notes: dict[str, str] = {}
    for row in rows:
        if row.invoice_number is not None:
            notes[row.id] = f"On {row.invoice_number}"
        elif locked_until is not None and row.work_date <= locked_until:
            notes[row.id] = f"Closed up to {locked_until:%d %b}"
        elif (row.member_id, row.client_id, row.work_date) in given:
            notes[row.id] = "Approved"
        elif row.billable and any(
            retainer_id == row.retainer_id and first <= row.work_date <= last for retainer_id, first, last in closed
        ):
            notes[row.id] = "Period closed"
    return notes
